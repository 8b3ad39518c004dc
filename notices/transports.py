"""Getting a message to the other side. Mail goes through Django's backend; 'accepted' means that the server said
250."""

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from notices.files import Enclosure, content_of
from notices.letters import Letter, one_line

NAME_LIMIT = 100  # characters; without a blank to fold at, a line of the header ends at 998 octets (RFC 5322, 2.1.1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`permanent` means that trying again with the same address cannot help (a 5xx answer, a header that cannot be)."""

    accepted: bool
    answer: str
    permanent: bool = False


def send_mail(
    letter: Letter,
    *,
    to_name: str,
    to_email: str,
    message_id: str,
    about: str,
    enclosures: Sequence[Enclosure] = (),
) -> Outcome:
    """Send one letter to one address; never raises, and takes at most about EMAIL_TIMEOUT (`notices.punctual`)."""
    thread = f"<{about.replace(':', '.')}@{settings.MAIL_DOMAIN}>"
    headers = {
        "Message-ID": message_id,
        "References": thread,
        "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation notices back
        "X-Auto-Response-Suppress": "All",
    }
    try:
        validate_email(to_email)
        name = one_line(to_name)[:NAME_LIMIT]
        message = EmailMultiAlternatives(
            letter.subject,
            letter.text,
            formataddr((settings.ADVERTISER_NAME, settings.DEFAULT_FROM_EMAIL)),
            [formataddr((name, to_email)) if name else to_email],
            headers=headers,
            connection=get_connection(timeout=settings.EMAIL_TIMEOUT),
        )
        message.attach_alternative(letter.html, "text/html")
        for enclosure in enclosures:
            message.attach(enclosure.name, content_of(enclosure.place), enclosure.media_type)
        message.send()
    except ValidationError:
        return Outcome(False, f"{to_email!r} is not an email address.", permanent=True)
    except ValueError as error:  # BadHeaderError among others: what cannot be written today cannot be tomorrow
        return Outcome(False, f"This message cannot be written: {error}", permanent=True)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (550, b"refused"))
        return _refusal(code, said)
    except smtplib.SMTPResponseException as error:
        return _refusal(error.smtp_code, error.smtp_error, all_recipients=not isinstance(error, smtplib.SMTPDataError))
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(False, f"{type(error).__name__}: {error}")
    except Exception as error:  # an error of ours costs a try like any other, so that it is tried less and less often
        log.exception("mail could not be sent by our own fault")
        return Outcome(False, f"Our own fault: {type(error).__name__}: {error}")
    return Outcome(True, "250")


def _refusal(code: int, said: bytes | str, *, all_recipients: bool = False) -> Outcome:
    """A 5xx about this recipient or message is permanent; one about us (greeting, login) is not: we may be mended."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return Outcome(False, f"{code} {one_line(words)}", permanent=500 <= code < 600 and not all_recipients)
