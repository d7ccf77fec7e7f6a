"""Every worked case of every kind, walked: dates in, dates out."""

from __future__ import annotations

import pytest

from trongdan.core.cases.registry import kinds
from trongdan.kernel.walk import differences, walk
from trongdan.law import load_law

EXAMPLES = [(kind, example) for kind in kinds().values() for example in kind.examples]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[e["title"] for _, e in EXAMPLES])
def test_a_worked_case_ends_as_the_example_says(kind, example) -> None:
    assert differences(walk(kind, example, load_law()), example["expect"]) == []


def test_there_are_examples_of_each_kind() -> None:
    assert {k.id for k, _ in EXAMPLES} == set(kinds())
