"""Which questions an amended policy asks anew: those that cite a clause that changed. Pure.

It looks at the newest definitions. What a vendor answered, and whether it has to answer again, is not known here.
"""

from collections.abc import Collection

from questionnaires.definition import Definition, Question
from questionnaires.definition_file import newest, versions

EXHIBITS = ("A", "B")


def reopened_by(changed: Collection[str]) -> list[Question]:
    """The questions that cite any of these clauses, Exhibit A before B, in the order of their forms; none while there
    is no definition."""
    return [
        question
        for exhibit in EXHIBITS
        if versions(exhibit)
        for question in newest(exhibit).questions.values()
        if not set(question.clauses).isdisjoint(changed)
    ]


def cites(definition: Definition, changed: Collection[str]) -> frozenset[str]:
    """The codes of one definition's questions that cite any of these clauses."""
    return frozenset(
        question.code for question in definition.questions.values() if not set(question.clauses).isdisjoint(changed)
    )
