"""The journal's entries about versions of the policy, as sentences."""

from collections.abc import Mapping

from desk.sentences.sentence import Sentence
from journal.models import Entry


def _clause(entry: Entry) -> str:
    return f"Clause {entry.after.get('clause', '?')}"


POLICY: Mapping[tuple[str, str], Sentence] = {
    ("policies.policyversion", "begun"): ("pencil", "", lambda e, n: "A draft of the policy was begun."),
    ("policies.policyversion", "clause changed"): (
        "pencil",
        "",
        lambda e, n: f"{_clause(e)} of the draft was changed.",
    ),
    ("policies.policyversion", "clause added"): ("pencil", "", lambda e, n: f"{_clause(e)} was added to the draft."),
    ("policies.policyversion", "clause dropped"): (
        "pencil",
        "",
        lambda e, n: f"{_clause(e)} was taken out of the draft.",
    ),
    ("policies.policyversion", "thresholds changed"): (
        "pencil",
        "",
        lambda e, n: "Thresholds of the draft policy were changed.",
    ),
    ("policies.policyversion", "title changed"): ("pencil", "", lambda e, n: "The draft policy has another title."),
    ("policies.policyversion", "published"): ("scroll-text", "", lambda e, n: f"Published: {n}."),
    ("policies.policyversion", "discarded"): (
        "archive",
        "",
        lambda e, n: f"The draft of the policy was discarded. {e.why}".strip(),
    ),
}
