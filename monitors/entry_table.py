"""One [[blocklist]] table becomes a `Blocklist`, or is refused with a sentence.

The fields are documented in `monitors.catalogue`; the codes and errors are read by `monitors.code_table`.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address

from monitors.code_table import read_codes, read_errors
from monitors.fields import Fields
from monitors.outcome_table import read_outcomes
from monitors.probes.entry import ATTEST_FOR, COOL_DOWN, LONGEST_NAME, About, Blocklist, Kind, Mode

FIELDS = (
    *("id", "enabled", "name", "policy_name", "family", "clause", "kind", "zone", "key_zone", "targets", "registrable"),
    *("mode", "codes", "severity", "errors", "refused", "positive", "negative"),
    *("lookup", "delisting", "usage", "interval_seconds", "per_second", "daily_cap", "cool_down_hours"),
    *("about", "outcomes", "attest_days", "measure"),
)
TEST_ENTRIES = {  # RFC 5782 section 5: (must be listed, must not be listed)
    "ipv4": ("127.0.0.2", "127.0.0.1"),
    "ipv6": ("::ffff:127.0.0.2", "::ffff:127.0.0.1"),
    "domain": ("test", "invalid"),
}
LONGEST_ZONE = LONGEST_NAME - 64  # an IPv6 address in front of it takes 64 characters
LONGEST_INTERVAL = 30 * 86_400
LONGEST_ATTEST = 90  # days
LONGEST_COOL_DOWN = 30 * 24  # h
SLOWEST, FASTEST = 0.001, 1_000  # questions a second
LARGEST_CAP = 100_000_000  # questions a day
ZONE = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
KEY = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")


def read_id(fields: Fields) -> str:
    name = fields.text("id")
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name):
        fields.refuse("id", f'"{name}" is not an id. Give each entry one: small letters, digits, hyphens.')
    return name


def read_entry(fields: Fields, key: str, *, retired: Mapping[str, str], mixed: Mapping[str, str]) -> Blocklist:
    """The entry, with the operator's key for it ("" for none).

    `retired` and `mixed` are the zones that must never be asked, and those that must not be asked without
    codes, each with the reason.
    """
    fields.only(FIELDS)
    name = read_id(fields)
    targets = _targets(fields)
    mode, codes = read_codes(fields)
    zone = _zone(fields, "zone", retired)
    if mode is Mode.ANY_127 and (reason := _reason(zone, mixed)):
        fields.refuse("codes", f"{zone} must not be asked without: {reason}. Name the codes that are listings.")
    refused = fields.number("refused", 0, least=0, most=255)
    if refused and mode is not Mode.BITS:
        fields.refuse("refused", 'it goes with mode = "bits" only. Name such answers under errors.')
    kind = fields.choice("kind", Kind.DNS)
    seconds = fields.number("interval_seconds", 0, least=0, most=LONGEST_INTERVAL)
    title, policy_name = fields.text("name") or name, fields.text("policy_name")
    entry = Blocklist(
        id=name,
        name=title,
        policy_name=policy_name,
        family=fields.text("family") or policy_name or title,
        is_enabled=fields.flag("enabled", default=True),
        kind=kind,
        zone=zone,
        key_zone=_zone(fields, "key_zone", retired, key.strip().lower()),
        key=key.strip().lower(),
        targets=targets,
        registrable=fields.flag("registrable", default=False),
        mode=mode,
        codes=codes,
        errors=read_errors(fields),
        refused=refused,
        positive=_test_entries(fields, "positive", targets),
        negative=_test_entries(fields, "negative", targets),
        lookup=fields.text("lookup"),
        delisting=fields.text("delisting"),
        usage=fields.text("usage"),
        interval=timedelta(seconds=seconds) if seconds else None,
        per_second=fields.decimal("per_second", least=SLOWEST, most=FASTEST) if fields.has("per_second") else None,
        daily_cap=fields.number("daily_cap", 0, least=1, most=LARGEST_CAP) if fields.has("daily_cap") else None,
        cool_down=_cool_down(fields),
        clause=fields.text("clause") or "R5",
        about=fields.choice("about", About.NAMES if kind is Kind.ATTESTED else About.ADDRESS),
        outcomes=read_outcomes(fields, kind),
        attest_for=timedelta(days=fields.number("attest_days", ATTEST_FOR.days, least=1, most=LONGEST_ATTEST)),
        measure=fields.text("measure"),
    )
    _refuse_misfit(fields, entry)
    return entry


def _refuse_misfit(fields: Fields, entry: Blocklist) -> None:
    has_zone = bool(entry.zone or entry.key_zone)
    if entry.kind is Kind.DNS and not has_zone:
        fields.refuse("zone", "it is missing. Name the zone to ask, or correct the id if a built-in list is meant.")
    if entry.kind is Kind.ATTESTED and has_zone:
        fields.refuse("kind", 'an attested list has no zone. Take the zone away, or write kind = "dns".')
    if entry.kind is Kind.DNS and entry.about is not About.ADDRESS:
        fields.refuse("about", "a list that is asked over DNS is looked up by address. Leave it out.")
    if entry.registrable and entry.targets != ("domain",):
        fields.refuse("registrable", 'it goes with targets = ["domain"] only.')
    if entry.key and not entry.key_zone:
        fields.refuse("key_zone", "SLUICE_BLOCKLIST_KEYS has a key for this list, and it has no key_zone to use it in.")


def _cool_down(fields: Fields) -> timedelta:
    if not fields.has("cool_down_hours"):
        return COOL_DOWN
    return timedelta(hours=fields.decimal("cool_down_hours", least=0, most=LONGEST_COOL_DOWN))


def _zone(fields: Fields, field: str, retired: Mapping[str, str], key: str = "") -> str:
    zone = fields.text(field).rstrip(".").lower()
    if not zone:
        return ""
    if field == "zone" and "{key}" in zone:
        fields.refuse(field, "a zone with {key} in it goes under key_zone.")
    if field == "key_zone" and f".{zone}".count(".{key}.") != 1:
        fields.refuse(field, f'"{zone}" does not say where the key goes. Write it like "{{key}}.zen.example.net".')
    if key and not KEY.fullmatch(key):
        fields.refuse(field, "its key in SLUICE_BLOCKLIST_KEYS is not one: 1 to 63 letters, digits and hyphens.")
    plain = zone.replace("{key}", key or "key")
    if not ZONE.fullmatch(plain) or len(plain) > LONGEST_ZONE:
        fields.refuse(field, f'"{zone}" is not a zone. Write a DNS name of at most {LONGEST_ZONE} characters.')
    if reason := _reason(plain, retired):
        fields.refuse(field, f"{zone} must not be asked any more: {reason}. Take the entry away.")
    return zone


def _reason(zone: str, zones: Mapping[str, str]) -> str | None:
    """What is said of the zone, or of one that it lies in."""
    return next((reason for named, reason in zones.items() if f".{zone}".endswith(f".{named}")), None)


def _targets(fields: Fields) -> tuple[str, ...]:
    targets = fields.texts("targets", ("ipv4",))
    if targets != ("domain",) and not (targets and {*targets} <= {"ipv4", "ipv6"}):
        fields.refuse("targets", f'{list(targets)} is not known. Write "ipv4", "ipv6" or both, or "domain" alone.')
    return tuple(dict.fromkeys(targets))


def _test_entries(fields: Fields, field: str, targets: tuple[str, ...]) -> tuple[str, ...]:
    standard = TEST_ENTRIES["ipv4" if "ipv4" in targets else targets[0]]
    entries = fields.texts(field, (standard[field == "negative"],))
    for entry in entries:
        if _is_address(entry) == (targets == ("domain",)) or not (
            _is_address(entry) or ZONE.fullmatch(f"{entry.lower()}.zone")
        ):
            what = "the name of a domain" if targets == ("domain",) else "an address"
            fields.refuse(field, f'"{entry}" is not {what}, and that is what this list is asked about.')
    if field == "positive" and not entries:
        fields.refuse(field, "a list without a test entry can never be called clear. Name one that it always lists.")
    return entries


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
