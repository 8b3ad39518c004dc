"""What follows from answers to Exhibit A, and that its rules speak of it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import asking
from questionnaires.definition import Answers, Row
from questionnaires.definition_file import newest
from questionnaires.derived import derive
from tests.questionnaires.binding import TODAY
from tests.questionnaires.walking import ADVERTISER

EXHIBIT = newest("A")
NEWS = {"display": "News", "address": "news@fieldnote.example.net", "also": ["return_path"]}


def follows(
    values: Mapping[str, Any] | None = None, rows: Mapping[str, list[Any]] | None = None, **facts: Any
) -> tuple[dict[str, Any], set[str]]:
    """The facts, and the ids of the rules that speak. Rows have the uids step0, step1 ...; facts are written
    look_ptr__servers0."""
    given = {name.replace("__", "@").replace("_", ".", 1): fact for name, fact in facts.items()}
    answers = Answers(
        values or {},
        {step: [Row(f"{step}{n}", row) for n, row in enumerate(many)] for step, many in (rows or {}).items()},
        given,
    )
    found = derive(EXHIBIT, answers, advertiser_domains=ADVERTISER, today=TODAY)
    whole = Answers(answers.values, answers.rows, given | found)
    return found, {rule.id for rule, _ in asking.spoken(EXHIBIT, whole)}


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"A1.03": {"form": "sole_trader"}}, "legal_form", "sole_trader"),
        ({"A1.11": {"staff": 11, "for_us": 9}}, "staff", 11),
        ({"A1.11": {"staff": 11, "for_us": 9}}, "volume_for_us", 9),
        ({"A2.01": {"basis": "delegated"}}, "authority", "delegated"),
        ({"A2.01": {"name": "Mara Lindqvist"}}, "signatory", "Mara Lindqvist"),
        ({"A1.08": "fieldnote@gmail.com"}, "company_free_mail", True),
        ({"A1.08": "office@fieldnote.example.net"}, "company_free_mail", False),
        ({"A3.01": "Abuse desk"}, "contact_is_team", True),
        ({"A3.01": "Jonas Aker"}, "contact_is_team", False),
        ({"A6.01": [NEWS]}, "other_headers", []),
        ({"A6.01": [NEWS | {"also": []}]}, "other_headers", ["return_path"]),
        ({"A6.01": [NEWS, {"address": "b@c.com", "also": ["other_reply_to"]}]}, "other_headers",
         ["reply_to", "return_path"]),
        ({"A6.01": [NEWS]}, "advertiser_header", False),
        ({"A6.01": [NEWS | {"address": "a@mail.harrow.example.com"}]}, "advertiser_header", True),
        ({"A6.01": [NEWS | {"also": []}], "A6.03": [{"address": "b@harrow.example.com"}]}, "advertiser_header", True),
        ({"A6.01": [NEWS], "A6.03": [{"address": "b@harrow.example.com"}]}, "advertiser_header", False),
        ({"A8.01": [{"per_hour": 90}, {"per_hour": 10}]}, "peak", 100),
        ({"A8.01": [{"per_hour": 90}], "A8.04": 50}, "peak", 50),
        ({"A8.01": [{"per_hour": 90}], "A8.04": 50}, "peak_excess", False),
        ({"A8.01": [{"per_hour": 90}], "A8.04": 91}, "peak_excess", True),
        ({"A8.01": [{"per_hour": 90, "from": "measured"}]}, "measured", True),
        ({"A8.01": [{"per_hour": 60000}], "A12.04": 999}, "bounces_short", True),
        ({"A8.01": [{"per_hour": 60000}], "A12.04": 1000}, "bounces_short", False),
        ({"A7.05": [{"rate": 8}, {"rate": 31}]}, "complaint_rate", 31),
        ({"A13.03": [{"hours": 1}, {"hours": 25}]}, "proof_hours", 25),
        ({"A11.04": "api"}, "forwarding", "api"),
        ({"A11.04": "api"}, "by_file", False),
        ({"A11.04": "api", "A11.07": "file"}, "by_file", True),
        ({"A11.04": "by_hand"}, "by_hand", True),
        ({"A1.10": ["initiator"]}, "other_parties", False),
        ({"A1.10": ["procures"]}, "other_parties", True),
    ],
)  # fmt: skip
def test_a_fact_follows_from_answers(values: dict[str, Any], name: str, expected: Any) -> None:
    assert follows(values)[0][f"derived.{name}"] == expected


def test_nothing_follows_from_nothing() -> None:
    assert follows()[0] == {"derived.servers": 0, "derived.sampled": False, "derived.all_looked": False}


def test_a_domain_of_the_company_needs_no_second_site_or_page() -> None:
    values = {
        "A1.09": "https://www.fieldnote.example.net/", "A11.01": "https://fieldnote.example.net/leave", "A6.01": [NEWS],
    }  # fmt: skip
    rows = {"domains": [{"A4.01": "fieldnote.example.net"}, {"A4.01": "other.example.org"}],
            "servers": [{"A5.04": "out1.fieldnote.example.net"}]}  # fmt: skip
    found, rules = follows(values, rows, look_ptr__servers0="Out1.Fieldnote.example.net.")
    assert found["derived.company_domain@domains0"] is True
    assert found["derived.company_domain@domains1"] is False
    assert found["derived.site@domains0"] == "https://www.fieldnote.example.net/"
    assert "derived.site@domains1" not in found
    assert found["derived.opt_out_page@domains0"] == "https://fieldnote.example.net/leave"
    assert found["derived.opt_out_elsewhere@domains1"] is True
    assert found["derived.uses@domains0"] == ["rdns", "helo", "from", "return_path", "links"]
    assert found["derived.unused@domains1"] is True
    assert found["derived.undeclared"] is False
    assert "undeclared-domain" not in rules


def test_domains_that_stand_elsewhere_and_were_not_declared_are_named() -> None:
    values = {"A1.08": "office@abroad.example.org", "A6.01": [NEWS, {"address": "x@harrow.example.com", "also": []}]}
    rows = {"domains": [{"A4.01": "example.com"}], "servers": [{"A5.04": "out1.rack.example.co.uk"}]}
    found, rules = follows(values, rows)
    assert found["derived.undeclared_domains"] == ["example.co.uk", "example.net"], "the advertiser's own are R11's"
    assert {"undeclared-domain", "helo-off-domain", "mail-off-domain", "advertiser-header"} <= rules


def test_tracking_domains_count_only_while_clicks_are_measured() -> None:
    rows = {"domains": [{"A4.01": "example.com"}]}
    tracked = {"A14.03": [{"domain": "click.example.org"}], "A14.14": ["clicks"]}
    assert follows(tracked, rows)[0]["derived.undeclared"] is True
    assert follows(tracked | {"A14.14": ["none"]}, rows)[0]["derived.undeclared"] is False


def test_mail_policy_is_taken_from_what_was_seen_else_from_what_was_said() -> None:
    rows = {"domains": [{"A4.01": "a.example.com", "A4.09": {"dmarc": "v=DMARC1; p=reject"}}]}
    seen = {
        "look_spf__domains0": "v=spf1 -all",
        "look_dmarc__domains0": "v=DMARC1;p=none",
        "sample_dkim": ["example.com"],
    }
    found, rules = follows({}, rows, **seen)
    assert found["derived.authentication@domains0"] == {
        "spf": "v=spf1 -all", "dkim": "example.com", "dmarc": "v=DMARC1;p=none",
    }  # fmt: skip
    assert found["derived.dmarc@domains0"] == "none"
    assert "dmarc-none" in rules
    assert follows({}, rows)[0]["derived.dmarc@domains0"] == "reject"
    missing, rules = follows({}, rows, look_spf__domains0="", look_dmarc__domains0="")
    assert missing["derived.dmarc@domains0"] == "missing"
    assert {"dmarc-none", "spf-missing"} <= rules


def test_bulk_rules_follow_once_all_was_looked_at() -> None:
    rows: dict[str, list[Any]] = {"domains": [{"A4.01": "a.com"}], "servers": [{"A5.01": "93.184.215.14"}]}
    seen: dict[str, Any] = {
        "look_spf__domains0": "v=spf1 -all", "look_dmarc__domains0": "", "look_fcrdns__servers0": True,
        "sample_tls": True, "sample_dkim": [], "sample_one_click": False,
    }  # fmt: skip
    found = follows({"A6.10": ["file"]}, rows, **seen)[0]
    assert found["derived.bulk_rules"] == ["spf", "ptr", "tls"]
    assert found["derived.transport@servers0"] == ["tls"]
    assert found["derived.sampled"] is True
    assert found["derived.all_looked"] is True
    del seen["look_fcrdns__servers0"]
    assert "derived.bulk_rules" not in follows({}, rows, **seen)[0]


def test_a_server_is_young_for_sixty_days() -> None:
    rows = {"servers": [{"A5.10": "2026-09-22"}, {"A5.10": "2026-09-23"}, {"A5.10": "soon"}]}
    found, rules = follows({}, rows)
    assert found["derived.young@servers0"] is False
    assert found["derived.young@servers1"] is True
    assert "derived.young@servers2" not in found
    assert "server-young" in rules


def test_a_drill_is_old_after_a_year() -> None:
    assert "drill-old" not in follows(record_last_drill="2025-11-21T10:00:00Z")[1]
    assert "drill-old" in follows(record_last_drill="2025-11-20")[1]
    assert "drill-old" in follows()[1], "there was none"


def test_a_bought_list_brings_other_parties_in() -> None:
    found, rules = follows(
        {"A1.10": ["owner"]}, {"lists": [{"A9.03": ["web"]}, {"A9.03": ["bought"], "A9.24": "none"}]}
    )
    assert found["derived.other_parties"] is True
    assert found["derived.list_owner@lists0"] == "own"
    assert "no-proof-of-consent" in rules
    assert "derived.list_owner@lists0" not in follows({"A1.10": ["others_lists"]}, {"lists": [{}]})[0]


def test_words_about_partners_are_noticed() -> None:
    rows = {"lists": [{"A9.10": "Yes, send me offers of your Partners."}, {"A9.10": "Yes, send me the newsletter."}]}
    found, rules = follows({}, rows)
    assert [found[f"derived.partners_wording@lists{n}"] for n in (0, 1)] == [True, False]
    assert "partners-wording" in rules


def test_hours_to_fetch_paper_count_only_where_there_is_paper() -> None:
    paper = {"A9.03": ["print"], "A9.22": {"hours": 25}}
    assert "paper-slow" in follows({}, {"lists": [paper]})[1]
    assert "paper-slow" not in follows({}, {"lists": [paper | {"A9.03": ["web"]}]})[1]


def test_who_sends_in_turn_needs_an_exhibit_of_their_own() -> None:
    found = follows({}, {"parties": [{"A15.05": "sub_initiator"}, {"A15.05": "provider"}]})[0]
    assert [found[f"derived.needs_own_exhibit@parties{n}"] for n in (0, 1)] == [True, False]


SPEAKING: list[tuple[str, dict[str, Any], dict[str, list[Any]], dict[str, Any]]] = [
    ("company-free-mail", {"A1.08": "a@gmail.com"}, {}, {}),
    ("notices-unconfirmed", {}, {}, {"notices_is_read": False}),
    ("signed-from-another-account", {}, {}, {"signature_of_signatory": False}),
    ("contact-unproven", {}, {}, {}),
    ("contact-unproven", {}, {}, {"contact_authority": False}),
    ("registrant", {}, {"domains": [{}]}, {"look_registrant__domains0": "nobody"}),
    ("registrant-shielded", {}, {"domains": [{}]}, {"look_registrant__domains0": "shielded"}),
    ("site-silent", {}, {"domains": [{}]}, {"look_site__domains0": False}),
    ("opt-out-page-silent", {}, {"domains": [{}]}, {"look_opt_out__domains0": False}),
    ("abuse-unread", {}, {"domains": [{"A4.10": False}]}, {}),
    ("server-dynamic", {}, {"servers": [{}]}, {"look_dynamic__servers0": True}),
    ("server-reverse-dns", {}, {"servers": [{}]}, {"look_fcrdns__servers0": False}),
    ("headers-unanswered", {}, {}, {"headers_answered": False}),
    ("listed", {"A7.01": "now"}, {}, {}),
    ("listing-unknown", {"A7.01": "unknown"}, {}, {}),
    ("peak-above-ceilings", {"A8.01": [{"per_hour": 5}], "A8.04": 6}, {}, {}),
    ("proof-incomplete", {}, {"lists": [{"A9.05": ["page", "ip", "date", "time"]}]}, {}),
    ("no-postal-address", {"A10.02": False}, {}, {}),
    ("opt-out-silent", {}, {}, {"look_opt_out_page": False}),
    ("links-missing", {}, {}, {"sample_both_links": False}),
    ("opt-out-slow", {"A11.03": 49}, {}, {}),
    ("suppression-lists", {"A11.06": ["advertiser", "own"]}, {}, {}),
    ("opt-out-file", {"A11.04": "by_hand", "A11.07": "file"}, {}, {"optouts_sample_ok": False}),
    ("replies-ignored", {"A11.10": "ignored"}, {}, {}),
    ("bounces-ignored", {"A12.01": "no"}, {}, {}),
    ("bounces-slow", {"A8.01": [{"per_hour": 90000}], "A12.04": 3}, {}, {}),
    ("proof-slow", {"A13.03": [{"hours": 25}]}, {}, {}),
    ("party-unbound", {"A1.10": ["procures"]}, {"parties": [{"A15.02": False}]}, {}),
    ("site-without-name", {}, {}, {"look_company_name": False}),
    ("past-trouble", {"A1.12": True}, {}, {}),
    ("contact-is-team", {"A3.01": "Support team"}, {}, {}),
    ("halt-slow", {"A3.06": 31}, {}, {}),
    ("server-shared", {}, {"servers": [{"A5.05": "shared"}]}, {}),
    ("no-tls", {}, {"servers": [{}]}, {"sample_tls": True, "sample_dkim": []}),
    ("private-hop", {}, {}, {"sample_private_hop": True}),
    ("no-one-click", {}, {}, {"sample_one_click": False}),
    ("headers-elsewhere", {"A6.08": False}, {}, {"look_headers_hosted": False}),
    ("listed-before", {"A7.01": "past"}, {}, {}),
    ("complaints-many", {"A1.11": {"for_us": 10000}, "A7.05": [{"rate": 30}]}, {}, {}),
    ("complaints-too-many", {"A1.11": {"for_us": 10000}, "A7.05": [{"rate": 31}]}, {}, {}),
    ("preset-box", {}, {"lists": [{"A9.03": ["web"], "A9.06": "preset"}]}, {}),
    ("proof-of-some", {}, {"lists": [{"A9.03": ["bought"], "A9.24": "some"}]}, {}),
    ("consent-buried", {}, {"lists": [{"A9.13": False}]}, {}),
    ("dormant", {}, {"lists": [{"A9.14": ["role", "withdrawn", "minors"]}]}, {}),
    ("not-left-out", {}, {"lists": [{"A9.14": ["inactive", "role"]}]}, {}),
    ("not-each-mailing", {}, {"lists": [{"A9.16": False}]}, {}),
    ("no-approval-link", {"A10.05": False}, {}, {"sample_approval_link": False}),
    ("proof-kept-short", {"A13.06": 35}, {}, {}),
    ("no-law-checked", {"A16.01": ["gdpr"]}, {}, {}),
]
ELSEWHERE = {  # rules that the tests above make speak
    "undeclared-domain", "advertiser-header", "paper-slow", "no-proof-of-consent", "mail-off-domain", "drill-old",
    "dmarc-none", "spf-missing", "helo-off-domain", "server-young", "partners-wording",
}  # fmt: skip


@pytest.mark.parametrize(("rule", "values", "rows", "facts"), SPEAKING, ids=[one[0] for one in SPEAKING])
def test_a_rule_speaks(rule: str, values: dict[str, Any], rows: dict[str, list[Any]], facts: dict[str, Any]) -> None:
    assert rule in follows(values, rows, **facts)[1]


def test_every_rule_has_a_line_here() -> None:
    assert {rule.id for rule in EXHIBIT.rules} == {one[0] for one in SPEAKING} | ELSEWHERE


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=12)
    | st.lists(st.text(max_size=6), max_size=3)
    | st.lists(st.dictionaries(st.sampled_from(["address", "also", "domain", "per_hour", "rate", "hours", "from"]),
                               st.none() | st.integers() | st.text(max_size=9), max_size=3), max_size=3)
    | st.dictionaries(st.sampled_from(["form", "staff", "email", "dmarc", "hours", "basis"]), st.text(max_size=9))
)  # fmt: skip
VALUES = st.dictionaries(st.sampled_from(sorted(EXHIBIT.questions)), ANYTHING, max_size=25)


@given(values=VALUES, row=VALUES)
def test_whatever_is_kept_facts_follow_and_nothing_breaks(values: dict[str, Any], row: dict[str, Any]) -> None:
    rows = {step: [row] for step, page in EXHIBIT.pages.items() if page.rows}
    found, _ = follows(values, rows)
    assert all(name.startswith("derived.") and fact is not None for name, fact in found.items())
