"""What the documents point at is there: paths in the architecture, links, headings, decisions' numbers."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(document: Path) -> set[str]:
    """The headings, as GitHub and others name them in an address."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", document.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", document.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        assert not heading or heading in anchors(file), target


@pytest.mark.parametrize("name", ["architecture", "exhibits", "reviewers", "vendors", "policy"])
def test_every_path_that_is_named_exists(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text()
    for path in re.findall(r"`((?!/)[\w./-]+/[\w./-]*)`", text):
        if path.startswith("http"):
            continue
        assert (ROOT / path).exists(), path


def test_decisions_are_numbered_without_gaps_and_named_by_what_they_decide() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
