"""A vendor with one server, one domain, one header address and one web-form list is asked at most 75 questions."""

from questionnaires import asking
from questionnaires.definition import Kind
from questionnaires.definition_file import newest
from tests.questionnaires.walking import RECORD, SAMPLE, Walk

MOST = 75
EXHIBIT = newest("A")


def codes(walk: Walk) -> list[str]:
    answers = walk.to_the_end()
    return [place.key for place in asking.asked(EXHIBIT, answers)]


def test_the_short_way_is_short() -> None:
    walk = Walk()
    asked = codes(walk)
    assert len(asked) <= MOST, asked
    assert len(asked) == len(set(asked))
    assert set(walk.met) == set(asked), "nothing was asked on the way that is not needed in the end"
    assert len(walk.met) == len(set(walk.met))


def test_it_stays_short_when_the_list_is_downloaded() -> None:
    assert len(codes(Walk(said={"A11.04": "download", "A11.07": "api"}))) <= MOST


def test_it_stays_short_when_the_sample_hides_the_software() -> None:
    sample = {name: fact for name, fact in SAMPLE.items() if name != "sample.software"}
    assert len(codes(Walk(facts=RECORD | sample))) <= MOST


def test_a_clean_vendor_hears_no_rule() -> None:
    walk = Walk(facts=RECORD | SAMPLE | {"record.last_drill": "2026-06-01"})
    assert [rule.id for rule, _ in asking.spoken(EXHIBIT, walk.to_the_end())] == []


def test_nothing_is_asked_twice() -> None:
    labels = [question.label.casefold() for question in EXHIBIT.questions.values()]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []
    for question in EXHIBIT.questions.values():
        columns = [column.label.casefold() for column in question.columns]
        assert len(columns) == len(set(columns)), question.code


def test_what_the_record_and_the_machine_know_is_shown_and_not_asked() -> None:
    walk = Walk()
    answers = walk.to_the_end()
    asked = set(codes(walk))
    shown = {
        place.key: asking.value_at(place, answers)
        for page in asking.steps(EXHIBIT, answers)
        for place in asking.applying(page, answers)
        if place.key not in asked
    }
    assert shown["A1.01"] == "Fieldnote Digital Ltd"
    assert shown["A3.02"] == "+12125550199"
    assert shown["A4.02@domains0"] == ["rdns", "helo", "from", "return_path", "links"]
    assert shown["A4.06@domains0"] == "https://www.fieldnote.example.net/"
    assert shown["A4.07@domains0"] == "https://fieldnote.example.net/leave"
    assert shown["A4.09@domains0"]["dmarc"] == "v=DMARC1; p=reject"
    assert shown["A5.08@servers0"] == ["tls", "dkim"]
    assert shown["A8.04"] == 2500
    assert shown["A8.05"] == ["spf", "dkim", "dmarc", "one_click", "ptr", "tls"]
    assert shown["A9.19@lists0"] == "own"
    assert shown["A11.07"] == "api"


def test_what_the_machine_could_not_tell_is_asked() -> None:
    blind = Walk(facts={}, looks={"domains": {"look.site": True}, "servers": {"look.ptr": ""}})
    asked = set(codes(blind))
    assert {"A1.01", "A3.02", "A4.09@domains0", "A5.08@servers0", "A6.05", "A8.05", "A10.01", "A11.02"} <= asked


def test_the_long_way_asks_of_everything() -> None:
    walk = Walk(
        said={
            "A1.03": {"form": "sole_trader", "country": "Ireland"},
            "A1.10": ["initiator", "owner", "others_lists", "procures"],
            "A1.11": {"founded": "2011", "staff": "80", "all": "9000000", "for_us": "500000"},
            "A1.12": "yes",
            "A1.14": ["trading_names", "other_address", "small_mailings", "data_abroad", "insurance"],
            "A2.01": {
                "name": "Mara Lindqvist", "title": "Lawyer", "email": "mara@fieldnote.example.net",
                "phone": "+44 20 7946 0958", "basis": "delegated",
            },
            "A2.08": ["compliance", "technical", "privacy"],
            "A3.05": "hours",
            "A4.01": "other.example.org",
            "A5.05": "shared",
            "A5.10": "2026-11-01",
            "A6.01": [
                {
                    "display": "We", "address": "news@mail.harrow.example.com",
                    "also": ["other_reply_to", "other_errors_to"],
                }
            ],
            "A6.07": "yes",
            "A7.01": "now",
            "A8.01": [
                {
                    "domain": "other", "per_hour": "90000", "connections": "9", "per_connection": "9",
                    "from": "measured",
                }
            ],
            "A9.03": ["web", "print", "telephone", "event", "point_of_sale", "co_registration", "bought", "other"],
            "A9.06": "single",
            "A9.19": "other",
            "A11.04": "by_hand",
            "A11.07": "file",
            "A11.10": "auto_reply",
            "A12.01": "most",
            "A13.05": "none",
            "A14.14": ["opens", "clicks", "web_copy", "combine", "pass_on", "external"],
        },
        facts={"look.headers_hosted": False, "sample.approval_link": False, "sample.plain_text": False},
        looks={"domains": {"look.registrant": "shielded"}, "servers": {"look.ptr": ""}},
        rows={"domains": 1, "servers": 2, "lists": 1, "parties": 1},
    )  # fmt: skip
    asked = {place.question.code for place in asking.asked(EXHIBIT, walk.to_the_end())}
    never = {code for code, question in EXHIBIT.questions.items() if question.kind is not Kind.CALC} - asked
    assert never == {"A8.04"}, "it is the sum of the ceilings until the vendor lowers it"
