import pytest
from django.test import Client

from policies.clauses import clauses

RANGES = {"D": (1, 6), "L": (1, 3), "S": (1, 2), "O": (0, 9), "R": (1, 12), "C": (0, 3), "U": (1, 8), "M": (1, 8)}
WANTED = [f"{letter}{n}" for letter, (first, last) in RANGES.items() for n in range(first, last + 1)]


def test_every_clause_is_there_with_words_of_its_own() -> None:
    assert {*WANTED, "N1", "C2a", "C2b", "C2c"} == set(clauses())
    for clause in clauses().values():
        assert clause.title
        assert clause.text.endswith(".")
        assert "NYIP" not in clause.title + clause.text
    assert len({clause.text for clause in clauses().values()}) == len(clauses())


@pytest.mark.django_db
def test_each_clause_is_an_anchor_of_the_page(client: Client) -> None:
    text = client.get("/policy/").content.decode()
    for ident, clause in clauses().items():
        assert f'id="{ident}"' in text
        assert clause.title in text.replace("&#x27;", "'")
