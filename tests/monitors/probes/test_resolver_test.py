"""Which setting of a resolver makes every listing invisible, told from the proofs of all lists on its path."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Outcome
from egress.resolver import Ask
from monitors.probes.entry import Blocklist
from monitors.probes.health import Fault, Proof, prove
from monitors.probes.resolver_test import Diagnosis, Kind, diagnose, zones_seen
from tests.monitors.probes.wire import BUILT_IN, KEYS, Wire

PATH = "192.0.2.53:53"
NAMES = ("spamhaus-zen", "spamhaus-dbl", "spamcop", "psbl", "dronebl", "sem-black", "surbl-multi", "uribl-multi")
LISTS = tuple(BUILT_IN[name] for name in NAMES)
FAMILIES = {entry.id: entry.family for entry in BUILT_IN.values()}
Trouble = Callable[[Wire], None]


def proofs_of(wire: Wire, lists: tuple[Blocklist, ...] = LISTS) -> tuple[Mapping[str, Proof], frozenset[str]]:
    """(each list's proof, the lists whose own zone is known), asked on one path."""

    async def main(ask: Ask) -> tuple[Mapping[str, Proof], frozenset[str]]:
        found = await asyncio.gather(*(prove(ask, entry, nonce="n") for entry in lists))
        return dict(zip((entry.id for entry in lists), found, strict=True)), await zones_seen(ask, lists)

    return wire.run(main)


def diagnosis_of(wire: Wire, lists: tuple[Blocklist, ...] = LISTS) -> Diagnosis:
    proofs, existing = proofs_of(wire, lists)
    found = diagnose(PATH, proofs, families=FAMILIES, existing=existing)
    assert PATH in found.sentence
    assert found.sentence.endswith(".")
    assert set(found.lists) <= {entry.id for entry in lists}
    return found


def path(mood: str, patience: float = 3.0) -> Trouble:
    def trouble(wire: Wire) -> None:
        wire.server.set_mood(mood)
        wire.patience = patience

    return trouble


def zones(mood: str, *names: str, code: str = "", patience: float = 3.0) -> Trouble:
    """The zones of these lists, or of all, are in this mood."""

    def trouble(wire: Wire) -> None:
        for name in names or NAMES:
            wire.world.set_mood(BUILT_IN[name].zone_asked, mood, code=code)
        wire.patience = patience

    return trouble


TROUBLES: dict[str, tuple[Trouble, Kind, str]] = {
    "in good order": (path("normal"), Kind.FINE, ""),
    "strict QNAME minimisation": (path("strict_qname"), Kind.STRICT_QNAME, "`qname-minimisation-strict: no`"),
    "rebinding protection": (path("strip_loopback"), Kind.REBINDING, "remove `private-address: 127.0.0.0/8`"),
    "answers rewritten": (path("rewrite_nxdomain"), Kind.REWRITTEN, "a resolver that leaves answers alone"),
    "every zone rewritten to one address": (zones("park", code="203.0.113.99"), Kind.REWRITTEN, "RPZ"),
    "everything in 127/8": (zones("wildcard", code="127.0.0.1"), Kind.REWRITTEN, "names that do not exist"),
    "cut off": (path("nxdomain_everything"), Kind.NO_NAMES, "root hints"),
    "the resolver refuses us": (path("refused"), Kind.REFUSED, "`access-control`"),
    "a public resolver": (
        zones("refuse_code", "spamhaus-zen", "spamhaus-dbl", "uribl-multi", code="127.255.255.254"),
        *(Kind.REFUSED, "a recursive resolver of your own"),
    ),
    "silent": (path("silent", patience=0.2), Kind.SILENT, "whether the resolver runs"),
    "SERVFAIL": (path("servfail"), Kind.SILENT, "port 53"),
    "noise": (path("garbage", patience=0.2), Kind.SILENT, "port 53"),
    "one list emptied": (zones("empty", "psbl"), Kind.LISTS, "Read what each of them says."),
    "one list parked": (zones("park", "spamcop"), Kind.LISTS, "Read what each of them says."),
    "one list refuses": (zones("refuse_code", "spamhaus-zen"), Kind.LISTS, "Read what each of them says."),
    "both lists of one operator refuse": (zones("refuse_code", "spamhaus-zen", "spamhaus-dbl"), Kind.LISTS, "Read"),
    "one list is silent": (zones("timeout", "dronebl", patience=0.2), Kind.LISTS, "Read what each of them says."),
}


@pytest.mark.parametrize(("trouble", "kind", "cure"), TROUBLES.values(), ids=TROUBLES)
def test_each_setting_is_told_with_its_cure(wire: Wire, trouble: Trouble, kind: Kind, cure: str) -> None:
    wire.keep(*LISTS)
    trouble(wire)
    found = diagnosis_of(wire)
    assert (found.kind, cure in found.cure) == (kind, True)
    if kind is Kind.FINE:
        assert (found.cure, found.lists) == ("", ())
        assert found.sentence == f"All 8 lists can be seen through the resolver {PATH}."
    elif kind is not Kind.LISTS:
        assert len({FAMILIES[name] for name in found.lists}) >= 2


def test_single_lists_at_fault_are_named_and_the_resolver_is_not_blamed(wire: Wire) -> None:
    wire.keep(*LISTS)
    zones("empty", "psbl")(wire)
    found = diagnosis_of(wire)
    assert found.lists == ("psbl",)
    assert found.sentence == (
        f"7 lists can be seen through the resolver {PATH}, so it does not hide listings in general. One list cannot."
    )


def test_several_that_fail_alike_leave_a_doubt_even_where_most_can_be_seen(wire: Wire) -> None:
    wire.keep(*LISTS)
    zones("empty", "psbl", "dronebl")(wire)
    found = diagnosis_of(wire)
    assert found.kind is Kind.LISTS
    assert "the resolver may have a part in it" in found.sentence


def test_one_list_alone_never_blames_the_resolver(wire: Wire) -> None:
    """Nor two lists of one operator: it may have emptied both."""
    zen, dbl = BUILT_IN["spamhaus-zen"], BUILT_IN["spamhaus-dbl"]
    wire.keep(zen, dbl)
    wire.server.set_mood("strict_qname")
    for lists in ((zen,), (zen, dbl)):
        found = diagnosis_of(wire, lists)
        assert found.kind is Kind.UNCLEAR
        assert "The list may be at fault, or the resolver." in found.sentence


def test_no_list_is_blamed_when_all_are_blind_in_different_ways(wire: Wire) -> None:
    lists = tuple(BUILT_IN[name] for name in ("spamhaus-zen", "spamcop", "psbl"))
    wire.keep(*lists)
    for entry, mood in zip(lists, ("empty", "servfail", "park"), strict=True):
        wire.world.set_mood(entry.zone, mood)
    found = diagnosis_of(wire, lists)
    assert (found.kind, found.lists) == (Kind.UNCLEAR, ("psbl", "spamcop", "spamhaus-zen"))
    assert "not the lists" in found.sentence


def test_two_parked_lists_at_two_addresses_are_two_parked_lists(wire: Wire) -> None:
    lists = tuple(BUILT_IN[name] for name in ("spamcop", "psbl", "dronebl"))
    wire.keep(*lists)
    wire.world.set_mood("bl.spamcop.net", "park", code="203.0.113.1")
    wire.world.set_mood("psbl.surriel.com", "park", code="203.0.113.2")
    assert diagnosis_of(wire, lists).kind is Kind.LISTS


def test_keys_that_are_not_accepted_do_not_look_like_a_resolver_at_fault(wire: Wire) -> None:
    """MAPS answers NXDOMAIN to a wrong activation code, Abusix an error: with SpamCop in sight that is all it is."""
    lists = tuple(BUILT_IN[name] for name in ("trendmicro-ers-standard", "abusix-combined", "spamcop"))
    wire.keep(*lists)
    for entry in lists[:2]:
        wire.world.set_mood(entry.zone_asked, "empty")
    found = diagnosis_of(wire, lists)
    assert (found.kind, len(found.lists)) == (Kind.LISTS, 2)
    assert not any(key in f"{found!r}" for key in KEYS.values())


def test_without_direct_questions_strict_minimisation_is_still_the_likely_cause(wire: Wire) -> None:
    wire.keep(*LISTS)
    wire.server.set_mood("strict_qname")
    proofs, existing = proofs_of(wire)
    assert existing == set(NAMES)
    found = diagnose(PATH, proofs)
    assert found.kind is Kind.STRICT_QNAME
    assert "Their zones exist" not in found.sentence
    assert "Their zones exist" in diagnose(PATH, proofs, existing=existing).sentence


def test_without_any_proof_nothing_is_said_of_the_resolver() -> None:
    ours = Proof(False, "own_fault", "Our own proof failed.")
    for proofs in ({}, {"spamcop": ours, "psbl": Proof(False, "gone", "It is no longer in the settings.")}):
        assert diagnose(PATH, proofs).kind is Kind.UNCLEAR
    assert diagnose(PATH, {"spamcop": ours, "psbl": Proof(True, None, "Well.")}).kind is Kind.FINE


def test_a_proof_whose_evidence_is_lost_blames_nobody() -> None:
    bare = {name: Proof(False, Fault.BLINDED, "It cannot be seen.") for name in NAMES}
    assert diagnose(PATH, bare).kind is Kind.UNCLEAR


PROOFS = st.builds(
    lambda fault, outcomes, record: Proof(
        fault is None,
        fault and str(fault),
        "So it is.",
        tuple(
            {"name": "n", "test": test, "outcome": str(outcome), "records": [record] if outcome == "answer" else []}
            for test, outcome in zip(("must be listed", "must not be listed"), outcomes, strict=True)
        ),
    ),
    st.none() | st.sampled_from(list(Fault)),
    st.tuples(st.sampled_from(list(Outcome)), st.sampled_from(list(Outcome))),
    st.sampled_from(["127.0.0.2", "203.0.113.9"]),
)


@given(st.dictionaries(st.sampled_from(NAMES), PROOFS, max_size=8))
def test_whatever_the_proofs_are_one_operator_never_blames_the_resolver_and_fine_means_all_can_be_seen(
    proofs: dict[str, Proof],
) -> None:
    found = diagnose(PATH, proofs, families=FAMILIES)
    blind = {name for name, proof in proofs.items() if not proof.healthy}
    assert set(found.lists) <= blind
    assert (found.kind is Kind.FINE) == (bool(proofs) and not blind)
    if found.kind not in {Kind.FINE, Kind.LISTS, Kind.UNCLEAR}:
        assert len({FAMILIES[name] for name in found.lists}) >= 2
        assert found.cure
    if found.kind is Kind.LISTS:
        assert len(blind) < len(proofs)
