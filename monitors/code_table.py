"""The answers of a list as its entry writes them down, read from TOML or refused.

`codes` say something about the target, `errors` say that the list will not tell. Matching an answer against
them is the business of `monitors.probes.entry`.
"""

import re
from ipaddress import AddressValueError, IPv4Address

from monitors.fields import Fields
from monitors.probes.entry import LISTING_RANGE, REFUSAL_RANGE, Code, Mode, Sign
from monitors.probes.reading import Severity

BITS = tuple(str(1 << place) for place in range(8))
EXAMPLE = {
    Mode.EXACT: 'Write codes like "127.0.0.2".',
    Mode.RANGE: 'Write codes like "127.0.0.2", or "127.0.2.2-127.0.2.24" for a span.',
    Mode.SPECIAL: 'Write codes like "127.0.x.1", with x for any number.',
    Mode.BITS: f"Write codes as bits: {', '.join(BITS)}.",
    Mode.ANY_127: 'Its one code is: any. To tell answers apart write another mode, such as mode = "exact".',
}


def read_codes(fields: Fields) -> tuple[Mode, dict[str, Code]]:
    """(how answers are read, what each code means). Without codes any answer in 127.0.0.0/8 is a listing."""
    table = fields.table("codes")
    mode = fields.choice("mode", Mode.ANY_127 if table.keys() <= {"any"} else Mode.EXACT)
    severity = fields.choice("severity", Severity.HALT)
    if not table and mode is not Mode.ANY_127:
        fields.refuse("codes", f"mode {mode} needs a table of codes. {EXAMPLE[mode]}")
    codes = {}
    for code, told in (table or {"any": "listed"}).items():
        if not _fits(code, mode):
            fields.refuse("codes", f'"{code}" is not a code of mode {mode}. {EXAMPLE[mode]}')
        one = Fields(f"{fields.place}, codes, {code}", told if isinstance(told, dict) else {"meaning": told})
        one.only(("meaning", "severity", "sign"))
        sign = one.choice("sign", Sign.HOME) if one.has("sign") else ""
        codes[code] = Code(one.text("meaning"), one.choice("severity", severity), sign)
        if not codes[code].meaning:
            one.refuse("meaning", "it is empty. Write in a few words what the list says with this code.")
    return mode, codes


def read_errors(fields: Fields) -> dict[str, str]:
    """Answer -> why the list will not say; from a list of answers, or from a table with a reason for each."""
    if fields.is_list("errors"):
        errors = dict.fromkeys(fields.texts("errors", ()), "an answer by which it refuses to be asked")
    else:
        table = fields.table("errors")
        reasons = Fields(f"{fields.place}, errors", table)
        errors = {code: reasons.text(code) for code in table}
    for code in errors:
        if not any(_fits(code, mode, refusals=True) for mode in (Mode.EXACT, Mode.RANGE, Mode.SPECIAL)):
            fields.refuse(
                "errors", f'"{code}" is not an answer of a list. Write it like "127.0.1.255" or "127.0.10.x".'
            )
    return errors


def _fits(code: str, mode: Mode, *, refusals: bool = False) -> bool:
    match mode:
        case Mode.ANY_127:
            return code == "any"
        case Mode.BITS:
            return code in BITS
        case Mode.RANGE if "-" in code:
            first, _, last = code.partition("-")
            ends = [_fits(end, Mode.EXACT, refusals=refusals) for end in (first, last)]
            return all(ends) and IPv4Address(first) < IPv4Address(last)
        case Mode.SPECIAL:
            code = re.sub(r"(?<=\.)x(?=\.|$)", "0", code)
    try:
        answer = IPv4Address(code)
    except AddressValueError:
        return False
    return answer in LISTING_RANGE and (refusals or answer not in REFUSAL_RANGE)
