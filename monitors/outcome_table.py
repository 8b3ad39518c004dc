"""What a person may have seen who looks a list up by hand, as its entry writes it down; read from TOML or refused."""

import re

from monitors.fields import Fields
from monitors.probes.entry import Code, Kind
from monitors.probes.reading import Severity

NAME = re.compile(r"[a-z0-9]([a-z0-9_]{0,38}[a-z0-9])?")
NOT_CHECKED = "not_checked"  # what a word that is too old leaves: no outcome may be called so
USUAL = {
    Kind.DNS: (("none", "not listed"), ("listed", "listed")),
    Kind.ATTESTED: (("none", "nothing negative stands there"), ("negative", "in negative standing there")),
}


def read_outcomes(fields: Fields, kind: Kind) -> dict[str, Code]:
    """Outcome -> what it means and how grave it is; `severity` none is the outcome that clears. Without a table there
    are two: nothing, and what the entry's `severity` says."""
    table = fields.table("outcomes")
    severity = fields.choice("severity", Severity.HALT)
    if not table:
        (clear, nothing), (adverse, something) = USUAL[kind]
        return {clear: Code(nothing, Severity.NONE), adverse: Code(something, severity)}
    outcomes = {}
    for name, told in table.items():
        if not NAME.fullmatch(name) or name == NOT_CHECKED:
            fields.refuse("outcomes", f'"{name}" is no name of an outcome. Write small letters, digits and _.')
        one = Fields(f"{fields.place}, outcomes, {name}", told if isinstance(told, dict) else {"meaning": told})
        one.only(("meaning", "severity"))
        outcomes[name] = Code(one.text("meaning"), one.choice("severity", severity))
        if not outcomes[name].meaning:
            one.refuse("meaning", "it is empty. Write in a few words what a person saw.")
    grave = [one.severity is not Severity.NONE for one in outcomes.values()]
    if all(grave) or not any(grave):
        fields.refuse("outcomes", 'one at least must clear (severity = "none"), and one at least must not.')
    return outcomes
