"""Six-digit codes that show that somebody reads the mail to an address: send one, check what was typed.

For any address of a vendor's: a contact's, or the one designated for written acceptance; `purpose` keeps them apart.
What a confirmed address is good for is decided by who asks. The digits are stored nowhere: they follow from a random
seed and the secret key, each time the letter leaves and each time somebody types a code.

Three layers stand against guessing and against mailing strangers, all counted in rows. A counter in the cache
(accounts.throttle) knows the present minute only and may be dropped, which is enough to slow a stranger down and not
enough for a million codes. A code takes five guesses, whoever makes them. An address gets a code a minute and six an
hour: 30 guesses an hour, so a guesser has one chance in 1,400 a day, and the owner of the mailbox gets 144 letters that
day. A vendor gets 20 codes an hour, whatever the addresses, so our letters are not for its mailings.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from journal.actor import Actor
from journal.record import note, turn
from notices import outbox
from notices.clockface import write_moment
from notices.outbox import Recipient
from vendors.models import AddressCode, Vendor

LETTER = "address_code"
LIFETIME = timedelta(minutes=30)
AGAIN_AFTER = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 6  # codes to one address for one purpose
MOST_OF_VENDOR = 20  # codes of one vendor in an hour
WAYS_OUT = "Have a new one sent."


class CodeRefused(Exception):
    """No code can be sent, or the one that was typed does not count; the sentence says why and what to do."""


def send_code(vendor: Vendor, email: str, purpose: str, *, by: Actor, at: datetime, name: str = "") -> AddressCode:
    """Mail a new code to `email`; earlier ones for the same purpose count no more.

    Raises CodeRefused when one was sent within a minute, or too many within an hour.
    """
    with turn():  # two at the same moment count one after the other
        _refuse_too_many(vendor, email, purpose, at)
        for earlier in AddressCode.objects.of(vendor, email, purpose).usable(at):
            AddressCode.objects.filter(pk=earlier.pk).update(expires_at=at)
            outbox.cancel(earlier.about, LETTER, at=at, why="A newer code takes its place.", by=by)
        code = AddressCode.objects.create(
            vendor=vendor,
            email=email.strip(),
            purpose=purpose,
            seed=secrets.token_hex(16),
            sent_at=at,
            expires_at=at + LIFETIME,
        )
        outbox.write(
            LETTER,
            Recipient(name, code.email),
            key=code.about,
            about=code.about,
            facts={"vendor": vendor.name, "expires_at": write_moment(code.expires_at, "minute")},
            at=at,
        )
        note(vendor, "code sent", by=by, at=at, purpose=purpose)
    return code


def check_code(vendor: Vendor, email: str, purpose: str, typed: str, *, by: Actor, at: datetime) -> AddressCode:
    """The code that `typed` confirms, now marked so. Raises CodeRefused, with the sentence for who typed it.

    Only the newest code counts. The try is counted before it is compared, in a transaction of its own: a caller that
    fails, or many at the same moment, gains no guess. So this is not called inside another transaction (a RuntimeError
    says so); one code confirms once.
    """
    digits = "".join(typed.split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        raise CodeRefused(f"“{typed.strip()[:20]}” is not a code. It has six digits; they stand in the letter.")
    code = AddressCode.objects.of(vendor, email, purpose).first()
    if code is None:
        raise CodeRefused(f"No code was sent to {email} yet. Have one sent first.")
    if code.confirmed_at:
        raise CodeRefused("This code was used already. The address is confirmed.")
    with transaction.atomic(durable=True):
        is_counted = AddressCode.objects.usable(at).filter(pk=code.pk).update(tries=F("tries") + 1)
    code.refresh_from_db()
    if not is_counted:
        raise CodeRefused(_why_ended(code))
    if not hmac.compare_digest(digits, digits_of(code)):
        raise CodeRefused(_why_wrong(code))
    with turn():
        if not AddressCode.objects.filter(pk=code.pk, confirmed_at=None).update(confirmed_at=at):
            raise CodeRefused("This code was used already. The address is confirmed.")
        note(vendor, "code confirmed", by=by, at=at, purpose=purpose)
    code.confirmed_at = at
    return code


def confirmed_at(vendor: Vendor, email: str, purpose: str) -> datetime | None:
    """When the address was last confirmed by a code for this purpose; None when it never was."""
    newest = AddressCode.objects.of(vendor, email, purpose).filter(confirmed_at__isnull=False).first()
    return newest.confirmed_at if newest else None


def forget(before: datetime) -> int:
    """Delete codes that ended before then and confirmed nothing; how many. One that confirmed an address stays: it is
    what shows that the address was confirmed."""
    return AddressCode.objects.filter(confirmed_at=None, expires_at__lte=before).delete()[0]


def digits_of(code: AddressCode) -> str:
    """The six digits, for the letter. Not to be shown on a page, stored or logged."""
    drawn = salted_hmac("notices.codes", f"{code.pk}:{code.seed}", algorithm="sha256").digest()
    return f"{int.from_bytes(drawn, 'big') % 1_000_000:06d}"


def _refuse_too_many(vendor: Vendor, email: str, purpose: str, at: datetime) -> None:
    recent = AddressCode.objects.filter(vendor=vendor, sent_at__gt=at - HOUR)
    same = [one.sent_at for one in recent.of(vendor, email, purpose)]
    if same and same[0] > at - AGAIN_AFTER:
        raise CodeRefused(f"A code was sent to {email} less than a minute ago. Look for it, or wait a minute.")
    if len(same) >= MOST_AN_HOUR:
        again = write_moment(same[MOST_AN_HOUR - 1] + HOUR, "minute")
        raise CodeRefused(
            f"{MOST_AN_HOUR} codes were sent to {email} within an hour. The next one can be sent at {again}."
        )
    if recent.count() >= MOST_OF_VENDOR:
        raise CodeRefused(f"{MOST_OF_VENDOR} codes of {vendor} were sent within an hour. Try again in an hour.")


def _why_ended(code: AddressCode) -> str:
    if code.tries >= AddressCode.MOST_TRIES:
        return f"This code was typed wrongly {AddressCode.MOST_TRIES} times, so it counts no more. {WAYS_OUT}"
    return f"This code ended at {write_moment(code.expires_at, 'minute')}. {WAYS_OUT}"


def _why_wrong(code: AddressCode) -> str:
    left = AddressCode.MOST_TRIES - code.tries
    if not left:
        return _why_ended(code)
    many = "one more try" if left == 1 else f"{left} more tries"
    return f"This is not the code in the newest letter to {code.email}. You have {many}."
