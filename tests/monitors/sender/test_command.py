"""`check-sender` against the lab: resolvers, registries and websites over real sockets, and no database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.run import Lab
from tests.monitors.sender.lab import ALL, DOMAIN, HOLDER, HOST, SENDER, of, opened, run, seen

COP, ZEN = "bl.spamcop.net", "zen.spamhaus.org"


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    with opened(monkeypatch) as lab:
        yield lab


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """The same with websites that can be read."""
    with opened(monkeypatch, sites=True) as lab:
        yield lab


@pytest.mark.usefixtures("sites")
def test_a_sender_in_good_order_is_clear_in_all_that_can_be_asked() -> None:
    status, found = seen(*ALL, "--strict")
    every = [*found["checks"], *found["further"], *(one for domain in found["domains"] for one in domain["checks"])]
    assert {one["word"] for one in every} == {"Clear", "Not covered", "Not configured"}
    unasked = {one["id"] for one in every if one["word"] != "Clear"}
    assert unasked == {"spamhaus-rokso", "trendmicro-ers-standard", "yahoo-aol"}  # by hand, by key, by hand
    assert (status, found["verdict"], found["overall"], found["suspicions"]) == (0, "clear", "clear", [])
    assert [one["kind"] for one in found["resolvers"]] == ["fine", "fine"]


@pytest.mark.usefixtures("lab")
def test_domains_are_met_in_the_names_and_looked_at_without_being_named() -> None:
    _, found = seen()
    assert [(one["domain"], one["given"], one["origins"]) for one in found["domains"]] == [
        (DOMAIN, False, [f"reverse name {HOST}"])
    ]
    checks = [one["id"] for one in found["domains"][0]["checks"]]
    assert checks[-6:] == ["mx", "spf", "dkim", "dmarc", "registration", "website"]
    assert "spamhaus-dbl" in checks
    assert not any(one["id"] == "spamhaus-dbl" for one in found["checks"])  # it stands with the domain


def test_a_listing_that_both_resolvers_show_is_told_with_both_answers(lab: Lab) -> None:
    lab.world.list(COP, SENDER, text="mailed a trap")
    status, found = seen()
    check = of(found, "spamcop")
    assert (status, check["word"], check["verdict"]) == (1, "Listed", "adverse")
    assert [(one["path"], one["verdict"], one["health"]["healthy"]) for one in check["paths"]] == [
        (resolver, "adverse", True) for resolver in lab.resolvers
    ]
    assert {part["server"] for part in check["evidence"]} == set(lab.resolvers)
    assert found["summary"].startswith("Listed on SpamCop.")


@pytest.mark.parametrize("mood", ["refused", "servfail", "nxdomain_everything", "strip_loopback"])
def test_a_listing_that_the_other_resolver_cannot_show_is_a_suspicion(lab: Lab, mood: str) -> None:
    lab.world.list(COP, SENDER)
    lab.paths[1].set_mood(mood)
    status, found = seen()
    check = of(found, "spamcop")
    assert (status, check["word"], check["verdict"], check["result"]) == (3, "Suspected", "unknown", "suspected")
    assert [one["verdict"] for one in check["paths"]] == ["adverse", "unknown"]
    assert of(found, "spamhaus-zen")["word"] == "Unknown"  # clear on one, and not seen on the other
    assert found["resolvers"][1]["kind"] != "fine"
    assert found["resolvers"][1]["cure"]


def test_a_list_that_lists_the_world_says_nothing(lab: Lab) -> None:
    lab.world.set_mood(COP, "wildcard")
    status, found = seen()
    assert (status, of(found, "spamcop")["word"]) == (3, "Unknown")
    assert not of(found, "spamcop")["health"]["healthy"]


def test_a_domain_that_was_met_and_is_listed_decides_too(lab: Lab) -> None:
    lab.world.list("dbl.spamhaus.org", DOMAIN, codes=("127.0.1.2",))
    status, found = seen()
    assert (status, of(found, "spamhaus-dbl", DOMAIN)["word"]) == (1, "Listed")
    assert found["summary"].startswith(f"Listed on Spamhaus DBL ({DOMAIN}).")


def test_a_home_computer_takes_two_witnesses(lab: Lab) -> None:
    lab.world.list(ZEN, SENDER, codes=("127.0.0.10",))
    assert [one["borne_out"] for one in seen()[1]["suspicions"]] == [False]
    lab.world.add_host("host-203-0-113-5.dyn.acme.example", SENDER)
    lab.world.set_reverse(SENDER, "host-203-0-113-5.dyn.acme.example")
    (suspicion,) = seen()[1]["suspicions"]
    assert (suspicion["kind"], suspicion["borne_out"], len(suspicion["witnesses"])) == ("home", True, 2)
    assert f"\n{'Suspected'}\tHome\t{SENDER} looks like a home computer" in run(SENDER)[1]


# ── registrations ───────────────────────────────────────────────────────────
@pytest.mark.usefixtures("lab")
def test_another_companys_name_in_the_registration_fails_and_without_a_name_nothing_is_held_against_it() -> None:
    status, found = seen("--name", "Thistle Post Ltd")
    check = of(found, "registration", DOMAIN)
    assert (status, check["word"], check["facts"]["rule"]) == (0, "Failed", "not_met")
    assert check["facts"]["elements"][0]["state"] == "invalid"
    assert seen("--name", "Thistle Post Ltd", "--strict")[0] == 1

    check = of(seen()[1], "registration", DOMAIN)
    assert (check["word"], check["facts"]["rule"]) == ("Unknown", "not_shown")
    states = {one["element"]: one["state"] for one in check["facts"]["elements"]}
    assert states == {"name": "not_compared", "email": "valid", "phone": "valid", "address": "valid"}
    assert check["facts"]["elements"][0]["value"] == HOLDER.organisation
    assert check["lookup"].endswith(f"/rdap/domain/{DOMAIN}")


def test_where_rdap_will_not_answer_port_43_is_asked(lab: Lab) -> None:
    lab.rdap.set_mood("denied")
    check = of(seen(*ALL)[1], "registration", DOMAIN)
    assert (check["word"], check["facts"]["source"]["kind"]) == ("Clear", "registry_whois")
    assert check["command"].startswith("whois -h 127.0.0.1 -p ")


def test_a_dead_registry_is_unknown_and_leaves_the_rest_alone(sites: Lab) -> None:
    sites.rdap.set_mood("broken")
    sites.whois.set_mood("limited")
    status, found = seen(*ALL)
    check = of(found, "registration", DOMAIN)
    assert (status, check["word"], check["facts"]["rule"]) == (0, "Unknown", "not_checked")
    assert of(found, "network")["word"] == "Unknown"
    assert of(found, "website", DOMAIN)["word"] == "Clear"


# ── websites ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("mood", "word"), [("parked", "Failed"), ("missing", "Failed"), ("blocked", "Unknown")])
def test_the_website_is_told_and_does_not_decide_unless_asked_to(sites: Lab, mood: str, word: str) -> None:
    sites.web.set_mood(DOMAIN, mood)
    status, found = seen(*ALL)
    assert (status, of(found, "website", DOMAIN)["word"]) == (0, word)
    assert found["overall"] != "clear"


# ── mail ────────────────────────────────────────────────────────────────────
def test_the_mail_records_are_evaluated_for_the_address(lab: Lab) -> None:
    lab.world.add_host("203.elsewhere.example", "203.0.113.77")
    lab.world.set_reverse("203.0.113.77", "203.elsewhere.example")
    status, printed = run("203.0.113.77", "--domain", DOMAIN, "--helo", HOST)
    assert status == 0
    lines = {line.split("\t")[1]: line.split("\t") for line in printed.splitlines() if "\t" in line}
    assert lines[f"SPF of {DOMAIN}"][0] == "Failed"
    assert lines[f"SPF of {DOMAIN}"][3] == f"dig TXT {DOMAIN}"
    assert lines["HELO"][0] == "Failed"
    assert lines[f"DKIM of {DOMAIN}"][0] == "Not covered"
    assert "--selector" in lines[f"DKIM of {DOMAIN}"][2]


def test_no_key_is_in_anything_that_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = "sfdsfdxyzzy42"
    lists = tmp_path / "lists.toml"
    lists.write_text(
        'only = true\n[[blocklist]]\nid = "house"\nkey_zone = "{key}.house.test"\n'
        '[[blocklist]]\nid = "names"\nkey_zone = "{key}.names.test"\ntargets = ["domain"]\n'
    )
    with opened(monkeypatch, BLOCKLISTS=lists, BLOCKLIST_KEYS={"house": key, "names": key}) as lab:
        lab.world.add_blocklist(f"{key}.house.test")
        lab.world.add_blocklist(f"{key}.names.test", test_points=("test",))
        lab.world.list(f"{key}.house.test", SENDER, text=f"see {key.upper()}")
        lab.world.list(f"{key}.names.test", DOMAIN, text=f"see {key}")
        for mood in ("normal", "refused"):
            lab.paths[1].set_mood(mood)
            for words in ((), ("--json",)):
                status, printed = run(SENDER, *ALL, *words)
                assert status == (1 if mood == "normal" else 3)
                assert key not in printed.lower()
                assert "…" in printed or not words
