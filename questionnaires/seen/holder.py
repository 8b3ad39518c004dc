"""Who holds a domain, as the registry says: what a vendor is told of it. Pure.

Withheld is not another's, and not seen is neither: only a name that is shown is held against the vendor's.
"""

from typing import Any

from egress import rdap
from monitors.probes import rdap_text
from monitors.probes.company_name import is_same
from monitors.probes.registered import Registered
from monitors.probes.registration import Registration, State
from questionnaires.seen import ADVERSE, ATTENTION, CLEAR, UNKNOWN, Check, unseen

OPEN_IT = (
    "Ask your registrar to switch off the privacy service and to show your company's name as the organisation, with "
    "mail, telephone and postal address of a role, not of a person."
)


def judge(registered: Registered, domain: str, company: str, exists: bool | None) -> tuple[Check, dict[str, Any]]:
    """(the line, the facts). `exists` is what the DNS says of the domain: that a name is not registered is said only
    when both say so. look.registrant is "clear", "shielded", "nobody" or "other"; absent when it was not seen."""
    answer = registered.registry
    if answer is None:
        sentence = f"{domain} is an ending under which others register, so nobody's name stands behind it."
        return Check("registrant", ATTENTION, sentence, "R7", "Name the domain below it that is yours."), {}
    if answer.outcome is rdap.Outcome.NOT_FOUND:
        if exists is not False:
            sentence = f"{answer.sentence} The DNS knows {domain}, so we cannot say who holds it."
            return unseen("registrant", sentence, "R7"), {}
        sentence = f"{registered.name} is not registered, says {answer.host}."
        return Check("registrant", ADVERSE, sentence, "R7", "Correct the name, or register it."), {
            "look.registrant": "nobody"
        }
    if answer.outcome is rdap.Outcome.NO_SERVER:
        sentence = f"{answer.sentence} So we cannot see by machine who holds {registered.name}."
        return Check("registrant", UNKNOWN, sentence, "R7", "You need do nothing. A person will look it up."), {}
    if answer.outcome is not rdap.Outcome.FOUND:
        return unseen("registrant", answer.sentence, "R7"), {}
    found, source = rdap_text.read(answer.answer or {}), answer.host
    if found.says_nothing and registered.registrar is not None:
        second = registered.registrar
        if second.outcome is not rdap.Outcome.FOUND:
            sentence = (
                f"The registry names {found.registrar or 'a registrar'} and leaves the holder to it. {second.sentence}"
            )
            return unseen("registrant", sentence, "R7"), _about(found)
        found, source = rdap_text.read(second.answer or {}), second.host
    return _holder(found, registered.name, source, company)


def _holder(found: Registration, name: str, source: str, company: str) -> tuple[Check, dict[str, Any]]:
    facts = _about(found)
    holder = found.holder
    if holder.state is State.PROXY:
        sentence = (
            f"The registration of {name} shows a privacy service, {holder.value}, in place of its holder ({source})."
        )
        return Check("registrant", ATTENTION, sentence, "R7", OPEN_IT), facts | {"look.registrant": "shielded"}
    if holder.state is State.REDACTED:
        sentence = f"The registration of {name} withholds who holds it ({source})."
        return Check("registrant", ATTENTION, sentence, "R7", OPEN_IT), facts | {"look.registrant": "shielded"}
    if holder.state is not State.PRESENT:
        sentence = f"The registration of {name} shows no holder ({source})."
        return Check("registrant", ATTENTION, sentence, "R7", OPEN_IT), facts | {"look.registrant": "nobody"}
    names = [one.value for one in (found.organisation, found.name) if one.state is State.PRESENT]
    if not any(is_same(one, company) for one in names):
        sentence = f"The registration of {name} names {holder.value} as its holder, not {company} ({source})."
        cure = "Have the registration show your company's name. If the holder belongs to you, say so in your answers."
        return Check("registrant", ATTENTION, sentence, "R7", cure), facts | {"look.registrant": "other"}
    hidden = [
        word
        for word, one in (("mail", found.email), ("telephone", found.phone), ("postal address", found.address))
        if one.state is not State.PRESENT
    ]
    facts |= {"look.registrant": "clear"}
    sentence = f"The registration of {name} names {holder.value} as its holder ({source})."
    if hidden:
        listed = " and ".join(filter(None, (", ".join(hidden[:-1]), hidden[-1])))
        return Check("registrant", ATTENTION, f"{sentence} It does not show {listed}.", "R7", OPEN_IT), facts
    return Check("registrant", CLEAR, sentence, "R7"), facts


def _about(found: Registration) -> dict[str, Any]:
    holder = found.holder
    facts: dict[str, Any] = {
        "look.registrant_name": holder.value or None,
        "look.registrant_email": found.email.value or None,
        "look.registrant_phone": found.phone.value or None,
        "look.registrant_country": found.country or None,
        "look.registrar": found.registrar or None,
        "look.registered_on": found.created_on or None,
        "look.registered_until": found.expires_on or None,
        "look.shielded": None if found.says_nothing else found.is_shielded,
    }
    return {name: value for name, value in facts.items() if value is not None}
