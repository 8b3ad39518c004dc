"""Every error is problem details (RFC 9457) and tells nothing of our inside."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitors.models import Observation
from tests.api.caller import Answer, Caller, caller
from tests.monitored import make_watch
from tests.world import NOON, make_domain, make_server, make_vendor

pytestmark = pytest.mark.django_db
LISTS = {
    "/vendors": ("name", "state", "limit", "cursor"),
    "/watches": ("vendor", "server", "domain", "verdict"),
    "/observations": ("watch", "vendor", "domain"),
    "/findings": ("state", "server", "domain"),
    "/halts": ("vendor",),
    "/deliveries": ("about", "halt"),
}


def assert_problem(answer: Answer, status: int) -> None:
    assert answer.status == status == answer.body["status"]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.body) <= {"type", "title", "status", "detail", "errors"}
    assert answer.body["type"] == "about:blank" or answer.body["type"].startswith("urn:sluice:problem:")
    assert answer.body["title"]
    assert answer.body["detail"].endswith((".", ")"))


@pytest.mark.parametrize("path", ["/", "/nothing", "/vendors/", "/vendors/a/b/c", "/docs"])
def test_an_unknown_path_is_a_problem(path: str) -> None:
    assert_problem(Caller().get(path), 404)


def test_a_wrong_method_is_a_problem_that_names_the_right_ones() -> None:
    answer = caller().call("PUT", "/vendors", {"name": "x"})
    assert_problem(answer, 405)
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


@pytest.mark.parametrize("content", [b"{", b"", b"[1, 2", b'{"name": NaN', b"\xff"])
def test_a_body_that_is_not_json_is_a_problem(content: bytes) -> None:
    answer = caller().call("POST", "/vendors", content)
    assert answer.status in {400, 422}
    assert_problem(answer, answer.status)


@pytest.mark.parametrize("body", [[], 7, "text", None, {}, {"name": None}, {"name": 7}, {"name": ["x"]}, {"nom": "x"}])
def test_a_body_of_another_shape_is_a_problem_with_a_sentence(body: Any) -> None:
    answer = caller().post("/vendors", body)
    assert_problem(answer, 422)
    assert all(error["sentence"].endswith(".") for error in answer.body["errors"])


def test_fields_at_fault_are_named_with_what_to_do() -> None:
    make_vendor("Alder")
    one = caller()
    assert one.post("/vendors", {"nom": "x"}).faults == {
        "name": "This is required.",
        "nom": "This is not known here. Leave it out, or check its spelling.",
    }
    assert one.post("/vendors", {"name": " "}).faults == {"name": "Write a name."}
    assert one.post("/vendors", {"name": "alder"}).faults["name"].startswith("There is a vendor named “Alder” already")
    assert one.get("/vendors?limit=501").faults == {"limit": "This must be at most 500."}
    assert one.get("/vendors?limit=x").faults == {"limit": "This must be a whole number."}
    assert one.get("/vendors?state=gone").faults == {"state": "This must be one of 'active' or 'retired'."}
    assert one.get("/vendors?cursor=abc").faults == {
        "cursor": "This is no cursor of ours. Use `next` of the page before, unchanged."
    }
    assert one.get("/vendors?vendr=1").faults == {
        "vendr": "This is not known here. Choose from limit, cursor, state, name."
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    "name",
    "state",
    "reason",
    "address",
    "hostname",
    "helo",
    "email",
    "phone",
    "emergency",
    "rank",
    "vendor",
    "server",
    "uses",
    "selectors",
    "opt_out_url",
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
@example({"name": "x\x00y", "email": "a@example.com", "vendor": "V-0001", "reason": "x\x00y"})
@example({"name": "\ud800"})
@example(
    {"name": "alder.example", "uses": ["header"], "selectors": ["\x00", "\ud800"], "opt_out_url": "https://a\x00.b"}
)
@example({"uses": [["header"]], "selectors": {"k1": 1}})
def test_whatever_is_sent_is_taken_or_is_a_problem_and_never_a_failure(body: Any) -> None:
    vendor, machine = make_vendor(), caller()
    domain = make_domain(vendor)
    for path in (
        "/vendors",
        f"/vendors/{vendor.uid}/servers",
        f"/vendors/{vendor.uid}/domains",
        f"/vendors/{vendor.uid}/contacts",
        "/halts",
    ):
        answer = machine.post(path, body)
        assert answer.status in {201, 422}
        if answer.status == 422:
            assert_problem(answer, 422)
    for path in (f"/vendors/{vendor.uid}", f"/domains/{domain.uid}"):
        assert machine.patch(path, body).status in {200, 422}


@pytest.mark.parametrize("value", ["%00", "99999999999999999999", "-1", "%ff", "V-99999999999999999999", "halt:x", "'"])
def test_whatever_a_list_is_asked_it_is_shown_or_is_a_problem(value: str) -> None:
    machine = caller()
    for path, names in LISTS.items():
        for name in names:
            answer = machine.get(f"{path}?{name}={value}")
            assert answer.status in {200, 404, 422}
            if answer.status != 200:
                assert_problem(answer, answer.status)


def test_nobody_on_the_way_keeps_an_answer() -> None:
    assert caller().get("/vendors").headers["Cache-Control"] == "no-store"
    assert Caller().get("/vendors").headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_a_problem() -> None:
    assert_problem(caller().post("/vendors", {"name": "x" * 3_000_000}), 413)


def test_a_failure_inside_is_a_problem_that_leaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    watch = make_watch(make_server(make_vendor()))
    Observation.objects.create(
        watch=watch, first_at=NOON, last_at=NOON, is_proved=True, codes={"secret": "of the house"}
    )  # a row that cannot be shown: codes are a list
    answer = caller().get("/observations")
    assert_problem(answer, 500)
    assert "secret" not in str(answer.body)
    assert "GET /api/v1/observations failed" in caplog.text
