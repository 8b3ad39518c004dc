"""Further tests of a value that is already clean, by the names that definitions use in `checks`.

Each takes the value and today's date, and raises ValidationError with its own sentence. What needs other answers is
no check but a rule: derived.py finds the fact, the definition's rules speak of it.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from monitors.probes.holder_tables import POST_BOX
from monitors.probes.mailbox import is_anybodys
from monitors.probes.names import host_of, is_within
from questionnaires.derived import TEAM
from questionnaires.fields.reading import quote
from vendors.addresses import GLOBAL_UNICAST, SPECIAL

Check = Callable[[Any, date], None]

FRESH_DAYS = 7  # how old a look at a reputation source may be (A7.02)
WIDEST = {4: 24, 6: 48}  # prefix lengths: a wider range is not a set of servers that one company knows


def not_future(value: str, today: date) -> None:
    if date.fromisoformat(value) > today:
        raise ValidationError(f"{value} is still to come. Write a day up to today, {today.isoformat()}.")


def not_past(value: str, today: date) -> None:
    if date.fromisoformat(value) < today:
        raise ValidationError(f"{value} is over. Write today, {today.isoformat()}, or a later day.")


def within_a_week(value: str, today: date) -> None:
    not_future(value, today)
    if date.fromisoformat(value) < today - timedelta(days=FRESH_DAYS):
        raise ValidationError(f"{value} is more than {FRESH_DAYS} days ago. Check again, and write the day of that.")


def year_so_far(value: int, today: date) -> None:
    if value > today.year:
        raise ValidationError(f"{value} is still to come. Write a year up to {today.year}.")


def not_post_box(value: str, today: date) -> None:
    if POST_BOX.search(value):
        raise ValidationError(f"{quote(value)} is a post box. Write the street and number where you can be found.")


def no_free_mail(value: str, today: date) -> None:
    if is_anybodys(host_of(value)):
        raise ValidationError(
            f"{quote(value)} is at a provider that gives addresses to anybody. Write one in a domain of your company."
        )


def no_advertiser_domain(value: str, today: date) -> None:
    if is_within(host_of(value), settings.ADVERTISER_DOMAINS):
        raise ValidationError(
            f"{quote(value)} belongs to {settings.ADVERTISER_NAME}. Only domains of your own stand here (clause R11)."
        )


def public_network(value: str, today: date) -> None:
    wide = ip_network(value)
    if wide.num_addresses == 1:
        return  # vendors/addresses.py knows every single address
    if wide.prefixlen < WIDEST[wide.version]:
        raise ValidationError(
            f"{value} holds more addresses than a range may. The widest is /{WIDEST[wide.version]}: add the parts that "
            "you send from."
        )
    if any(wide.version == network.version and wide.subnet_of(network) for network in settings.EGRESS_ALLOW):  # type: ignore[arg-type]
        return
    what = next((what for network, what in SPECIAL if wide.version == network.version and wide.overlaps(network)), "")
    if what or (wide.version == 6 and not wide.subnet_of(GLOBAL_UNICAST)):  # type: ignore[arg-type]
        raise ValidationError(
            f"{value} is not public: it holds {what or 'reserved addresses'}. Write public addresses."
        )


def a_person(value: str, today: date) -> None:
    if TEAM.search(value):
        raise ValidationError(f"{quote(value)} looks like a team. Write the full name of one person.")


def has_digit(value: str, today: date) -> None:
    if not any(c.isdigit() for c in value):
        raise ValidationError(f"{quote(value)} has no digit. Write the number as the register or tax office gave it.")


def both_names(value: str, today: date) -> None:
    if len(value.split()) < 2:
        raise ValidationError(f"{quote(value)} is one name. Write first and last name.")


def has_other_line(value: list[Mapping[str, Any]], today: date) -> None:
    if not any(line.get("domain") == "other" for line in value):
        raise ValidationError("One line is missing: choose “Every other receiver” and give its ceiling.")


def no_line_twice(value: list[Mapping[str, Any]], today: date) -> None:
    """By the first column of its lines that names something: the domain or address."""
    seen: set[str] = set()
    for line in value:
        name = next((str(line[key]).casefold() for key in ("address", "domain", "url", "proof") if key in line), "")
        if name and name in seen:
            raise ValidationError(f"{quote(name)} stands in two lines. Keep one of them.")
        seen.add(name)


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        not_future, not_past, within_a_week, year_so_far, not_post_box, no_free_mail, no_advertiser_domain,
        public_network, a_person, has_digit, both_names, has_other_line, no_line_twice,
    )
}  # fmt: skip
