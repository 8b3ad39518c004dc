"""Contact, TestCall, AddressCode: a vendor's people, and what was proved of them."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from vendors.models.vendor import Vendor

NO_PHONE = "has no telephone: in an emergency nobody can be called."


class ContactQuerySet(models.QuerySet["Contact"]):
    def emergency(self) -> "ContactQuerySet":
        """Those who can stop the mail, in the order in which they are told."""
        return self.filter(is_emergency=True).order_by("rank", "pk")

    def proven(self) -> "ContactQuerySet":
        """Those who showed that the address is theirs, and said in their own name that they can stop the mail."""
        return self.filter(email_confirmed_at__isnull=False, authority_confirmed_at__isnull=False)

    def with_calls(self) -> "ContactQuerySet":
        """With their test calls, in one query for all of them."""
        return self.prefetch_related(models.Prefetch("test_calls", TestCall.objects.select_related("by")))


class Contact(models.Model):
    """A person of a vendor. An emergency abuse contact has the capability and the authority to stop the mail at any
    time (R12).

    What is stated is one thing (`has_authority`), what the person showed themselves another (`..._confirmed_at`). Each
    proof is of the name and address that stood here then: vendors.register voids it when those change.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=20, blank=True)  # E.164
    is_emergency = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=1)  # 1 is told first, 2 is the back-up, and so on
    has_authority = models.BooleanField(default=False)  # stated to us: may stop the mail without asking anybody
    created_at = models.DateTimeField()
    email_confirmed_at = models.DateTimeField(null=True, editable=False)  # by a code or by their own link
    authority_confirmed_at = models.DateTimeField(null=True, editable=False)  # by their own link only
    authority_words = models.TextField(blank=True, editable=False)  # the sentences they agreed to, one a line
    declined_at = models.DateTimeField(null=True, editable=False)  # said by their link: not me, or I cannot

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint("vendor", Lower("email"), name="contact_email_once_a_vendor")]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """The subject under which its letters and links stand."""
        return f"contact:{self.pk}"

    @property
    def is_proven(self) -> bool:
        """Address and authority are confirmed, by the person."""
        return bool(self.email_confirmed_at and self.authority_confirmed_at)

    @property
    def last_test_call(self) -> "TestCall | None":
        """The last call to this person at this number. One to an earlier number or person proves nothing now."""
        calls = self.test_calls.all()  # newest first; one query, or none after with_calls()
        return next((one for one in calls if (one.name, one.phone) == (self.name, self.phone)), None)

    @property
    def warnings(self) -> list[str]:
        """What somebody should see to, in sentences; it keeps nothing from working."""
        if not self.is_emergency:
            return []
        found = [] if self.phone else [f"{self.name} {NO_PHONE}"]
        if self.declined_at:
            found.append(f"{self.name} says that they are not the emergency contact, or cannot stop the mailings.")
        if (call := self.last_test_call) and not call.has_reached:
            found.append(f"{self.name} was not reached by the last test call: {call.get_outcome_display().lower()}.")
        return found


class TestCall(models.Model):
    """Somebody of the advertiser called a contact, to know that the telephone works before it must. Never changed."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached them"
        NO_ANSWER = "no_answer", "Nobody answered"
        WRONG_PERSON = "wrong_person", "Somebody else answered"
        WRONG_NUMBER = "wrong_number", "The number is wrong"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="test_calls")
    name = models.CharField(max_length=200)  # whom we asked for, and at which number, as they stood at the contact then
    phone = models.CharField(max_length=20)  # E.164
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    @property
    def has_reached(self) -> bool:
        return self.outcome == TestCall.Outcome.REACHED


class AddressCodeQuerySet(models.QuerySet["AddressCode"]):
    def of(self, vendor: Vendor, email: str, purpose: str) -> "AddressCodeQuerySet":
        return self.filter(vendor=vendor, email__iexact=email.strip(), purpose=purpose)

    def usable(self, now: datetime) -> "AddressCodeQuerySet":
        """Those that a right guess still confirms."""
        left = {"confirmed_at": None, "expires_at__gt": now, "tries__lt": AddressCode.MOST_TRIES}
        return self.filter(**left)

    def about(self, about: str) -> "AddressCodeQuerySet":
        """The code that a letter brings, when it brings one."""
        kind, _, number = about.partition(":")
        return self.filter(pk=int(number)) if kind == "code" and number.isdecimal() else self.none()


class AddressCode(models.Model):
    """Six digits that were mailed to an address of a vendor's, to be typed into a page of theirs.

    The digits are stored nowhere. notices.codes derives them from `seed` and the installation's secret key, so that who
    reads the database knows none of them, and a letter that is sent again carries the same.
    """

    MOST_TRIES = 5

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="address_codes")
    email = models.EmailField()
    purpose = models.CharField(max_length=30)  # what the address is for
    seed = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    objects = AddressCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["vendor", "-sent_at"], name="code_of_vendor")]

    @property
    def about(self) -> str:
        """The subject under which its letter stands."""
        return f"code:{self.pk}"
