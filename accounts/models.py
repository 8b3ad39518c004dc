"""User, Invitation, ApiToken: who signs in, who was asked to, and the machines that act for a role."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from journal.actor import Actor


class Role(models.TextChoices):
    """What somebody is at the desk; people of vendors have none."""

    REVIEWER = "reviewer", "Reviewer"
    IT = "it", "IT"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class Users(BaseUserManager["User"]):
    """Everybody who has an account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person; the email address is the name, compared in lower case."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Belongs to the advertiser: has any role at the desk."""
        return bool(self.role)

    def actor(self, ip: str = "") -> Actor:
        """This person, as rows and the journal name them."""
        return Actor("user", str(self), ip, key=f"{self.pk} ({self.role or 'vendor'})")

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, with the role in it: a change of role ends every session, as a change of password does."""
        salt = "accounts.models.User.session"
        return salted_hmac(salt, f"{self.role}:{self.password}", secret=secret, algorithm="sha256").hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(state=Invitation.State.OPEN, expires_at__gt=now)

    def about(self, about: str) -> "InvitationQuerySet":
        """The invitation that a letter or a link is about, when it is about one."""
        kind, _, number = about.partition(":")
        return self.filter(pk=int(number)) if kind == "invitation" and number.isdecimal() else self.none()


class Invitation(models.Model):
    """Somebody was asked to sign in: to the desk with a `role`, or for a vendor with a `member_role`.

    It holds no token. Each copy of the letter carries a Link of notices about this invitation; whoever has that link
    received the letter, which also proves the address.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting"
        USED = "used", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    MOVES = {State.OPEN: frozenset({State.USED, State.WITHDRAWN})}

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    vendor_uid = models.UUIDField(null=True)
    member_role = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="", vendor_uid__isnull=False) | ~models.Q(role="") & models.Q(vendor_uid=None),
                name="invitation_to_desk_or_vendor",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.email}"

    @property
    def about(self) -> str:
        """The subject under which its letters and links stand."""
        return f"invitation:{self.pk}"


class ApiToken(models.Model):
    """A machine's right to act: what its role may do, narrowed by its scopes. Of the secret only SHA-256 is kept."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        REVOKED = "revoked", "Revoked"

    MOVES = {State.ACTIVE: frozenset({State.REVOKED})}

    class Scope(models.TextChoices):
        READ = "read", "Read everything"
        WRITE = "write", "Add and edit vendors"
        HALT = "halt", "Issue and lift halt orders"

    public_id = models.CharField(max_length=8, unique=True)  # the readable part of the token
    secret_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=Role)
    scopes = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} (sluice_{self.public_id}_…)"

    def actor(self, ip: str = "") -> Actor:
        """This machine as the journal names it."""
        return Actor("token", f"{self.public_id} ({self.role})", ip)
