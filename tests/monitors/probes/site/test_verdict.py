"""Every state of a website and the verdict that it ends in, over a fake fetch; what is certain and what is not."""

import pytest

from egress.fetch import Page, Why
from monitors.probes.reading import Severity, Verdict
from tests.monitors.fakes import FakeWorld
from tests.monitors.probes.site.sites import CONTACT, DOMAIN, HOME, PROSE, WAY_OUT, FakeSites, faults, look

WWW = f"https://www.{DOMAIN}/"
HTTP = f"http://{DOMAIN}/"
GOOD = PROSE + CONTACT + WAY_OUT
Pages = dict[str, str | bytes | Page | Why]


def page(body: bytes = b"", *, status: int = 200, kind: str = "text/html", url: str = HOME) -> Page:
    return Page(url, status, {"content-type": kind}, body)


CASES: dict[str, tuple[Pages, Verdict, str, str]] = {
    # name: (pages, verdict, result, what its first code says)
    "live": ({HOME: GOOD}, Verdict.CLEAR, "live", "site:live"),
    "live with www only": ({WWW: GOOD}, Verdict.CLEAR, "live", "site:live"),
    "live with www, failing without": ({HOME: page(status=500), WWW: GOOD}, Verdict.CLEAR, "live", "site:live"),
    "live with www, parked without": (
        {HOME: "<h1>x</h1><p>This domain is for sale.</p>", WWW: GOOD}, Verdict.CLEAR, "live", "site:live"),
    "http only": ({HOME: Why.UNREACHABLE, HTTP: page(GOOD.encode(), url=HTTP)}, Verdict.UNKNOWN, "review",
                  "site:http_only"),
    "https that sends on to http": ({HOME: Why.FORBIDDEN, HTTP: page(GOOD.encode(), url=HTTP)}, Verdict.UNKNOWN,
                                    "review", "site:http_only"),
    "http that leads to https": ({HOME: Why.TIMEOUT, HTTP: page(GOOD.encode(), url=HOME)}, Verdict.CLEAR, "live",
                                 "site:live"),
    "off the domain": ({HOME: page(GOOD.encode(), url="https://other.example/")}, Verdict.UNKNOWN, "review",
                       "site:redirects_offdomain"),
    "parked": ({HOME: "<h1>x</h1><p>This domain is for sale.</p>"}, Verdict.ADVERSE, "parked", "site:parked"),
    "parked over http": ({HOME: Why.UNREACHABLE, HTTP: "<p>Buy this domain.</p>"}, Verdict.ADVERSE, "parked",
                         "site:parked"),
    "gone over http, https not seen": ({HOME: Why.TIMEOUT, HTTP: page(status=404, url=HTTP)}, Verdict.UNKNOWN,
                                       "unreachable", "site:unreachable"),
    "gone over http, https refused by all": ({HOME: Why.TLS, HTTP: page(status=404, url=HTTP)}, Verdict.ADVERSE,
                                             "gone", "site:gone"),
    "default page": ({HOME: "<h1>It works!</h1>"}, Verdict.ADVERSE, "default_page", "site:default_page"),
    "no web page": ({HOME: page(b"%PDF", kind="application/pdf")}, Verdict.ADVERSE, "wrong_content",
                    "site:wrong_content"),
    "an empty page": ({HOME: page(b"")}, Verdict.ADVERSE, "wrong_content", "site:wrong_content"),
    "a picture alone": ({HOME: '<img src="x.png">'}, Verdict.UNKNOWN, "review", "site:wrong_content"),
    "frames alone": ({HOME: b'<frameset><frame src="a"></frameset>'}, Verdict.UNKNOWN, "review", "site:wrong_content"),
    "gone": ({HOME: page(status=404)}, Verdict.ADVERSE, "gone", "site:gone"),
    "gone, and www not seen": ({HOME: page(status=404), WWW: Why.TIMEOUT}, Verdict.UNKNOWN, "unreachable",
                               "site:unreachable"),
    "gone elsewhere": ({HOME: page(status=404, url=f"https://lists.{DOMAIN}/")}, Verdict.UNKNOWN, "error_status",
                       "site:error_status"),
    "no name": ({}, Verdict.ADVERSE, "no_name", "site:no_name"),
    "401": ({HOME: page(status=401)}, Verdict.UNKNOWN, "review", "site:blocked"),
    "403": ({HOME: page(status=403)}, Verdict.UNKNOWN, "review", "site:blocked"),
    "429": ({HOME: page(status=429)}, Verdict.UNKNOWN, "review", "site:blocked"),
    "a challenge": ({HOME: "<script>window._cf_chl_opt={}</script>"}, Verdict.UNKNOWN, "review", "site:blocked"),
    "drawn by a script": ({HOME: '<div id="root"></div><script src="/a.js"></script>'}, Verdict.UNKNOWN, "review",
                          "site:js_only"),
    "500": ({HOME: page(status=500)}, Verdict.UNKNOWN, "error_status", "site:error_status"),
    "timeout": ({HOME: Why.TIMEOUT, WWW: Why.TIMEOUT}, Verdict.UNKNOWN, "unreachable", "site:unreachable"),
    "refused": ({HOME: Why.UNREACHABLE}, Verdict.UNKNOWN, "unreachable", "site:unreachable"),
    "dns that fails": ({HOME: Why.UNRESOLVED}, Verdict.UNKNOWN, "unreachable", "site:unreachable"),
    "a network of ours": ({HOME: Why.FORBIDDEN}, Verdict.UNKNOWN, "unfetched", "site:unfetched"),
    "garbled or too long": ({HOME: Why.GARBLED}, Verdict.UNKNOWN, "unfetched", "site:unfetched"),
    "a circle of redirects": ({HOME: Why.REDIRECTS}, Verdict.UNKNOWN, "unfetched", "site:unfetched"),
    "tls, for an unknown reason": ({HOME: Why.TLS}, Verdict.UNKNOWN, "review", "site:tls_invalid"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_state_ends_in_its_verdict(name: str) -> None:
    pages, verdict, result, code = CASES[name]
    reading = look(pages)
    assert (reading.verdict, reading.result, reading.codes[0]) == (verdict, result, code)
    assert faults(reading) == ({code} if verdict is Verdict.ADVERSE else set())
    assert reading.severity is (Severity.WARN if verdict is Verdict.ADVERSE else Severity.NONE)
    assert reading.clause == "O8"
    assert reading.sentence.endswith(".")
    assert len(reading.codes) == len(reading.meanings)
    if result == "review":
        assert reading.sentence.startswith("A person has to ")
        assert DOMAIN in reading.sentence


def test_a_fault_of_the_site_is_narrowed_to_a_sentence() -> None:
    reading = look({HOME: "<h1>x</h1><p>This domain is for sale.</p>"})
    assert reading.about({"site:parked"}) == (Severity.WARN, "The website of acme.example: it is parked.")


def test_two_faults_are_two_grounds() -> None:
    reading = look({HOME: PROSE})
    assert (reading.verdict, reading.result) == (Verdict.ADVERSE, "incomplete")
    assert faults(reading) == {"opt_out:not_found", "contact:not_found"}
    assert reading.about({"opt_out:not_found"})[1] == "The website of acme.example: it offers no way to opt out."


def test_one_element_that_is_missing_for_certain_is_a_fault_beside_one_that_is_in_doubt() -> None:
    reading = look({HOME: PROSE + WAY_OUT + "<p>Write to acme@gmail.com in 10115 Berlin, or call 0301 234567.</p>"})
    assert (reading.verdict, reading.codes[1:3]) == (Verdict.UNKNOWN, ("opt_out:found", "contact:review"))
    assert "acme@gmail.com" in reading.sentence
    reading = look({HOME: PROSE + "<p>Write to acme@gmail.com in 10115 Berlin, or call 0301 234567.</p>"})
    assert (reading.verdict, faults(reading)) == (Verdict.ADVERSE, {"opt_out:not_found"})


def test_what_is_odd_beside_a_live_site_is_told() -> None:
    reading = look({HOME: Why.TLS, WWW: GOOD})
    assert (reading.verdict, reading.codes[-1]) == (Verdict.CLEAR, "beside:tls_invalid")
    assert reading.meanings[-1] == "acme.example: It did not come."
    plain = look({HOME: Why.TLS, HTTP: page(GOOD.encode(), url=HTTP)})
    assert plain.codes[-1] == "https:tls_invalid"


class Forgetful(FakeWorld):
    """Has no address for a name at first; later it has."""

    async def __call__(self, name: str, rdtype: str, *, path: int = 0):  # type: ignore[no-untyped-def]
        if path == 1:
            self.say(name, "93.184.215.14")
        return await super().__call__(name, rdtype, path=path)


def test_a_name_is_missing_only_when_two_paths_say_so() -> None:
    reading = look(FakeSites({}), ask=Forgetful())
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "unreachable")
    twice = FakeWorld()
    look(FakeSites({}), ask=twice)
    assert {(name, rdtype) for name, rdtype, path in twice.asked if path == 1} == {
        (DOMAIN, "A"), (DOMAIN, "AAAA"), (f"www.{DOMAIN}", "A"), (f"www.{DOMAIN}", "AAAA"),
    }  # fmt: skip


@pytest.mark.parametrize("domain", ["", "localhost", "1.2.3.4", "a b.example", "x" * 300, "ä.example"])
def test_what_is_no_host_name_is_not_looked_at(domain: str) -> None:
    sites = FakeSites({})
    reading = look(sites, domain)
    assert (reading.verdict, reading.result, sites.asked) == (Verdict.UNKNOWN, "unfetched", [])
