"""The worker's first reading of new letters, a batch at a time, in the worker's role."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.cases.people import official, open_petition, send, wait_until_readable
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform_many
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.cli._shell import as_role
from trongdan.kernel.case import SYSTEM, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.jobs import read_new

pytestmark = pytest.mark.django_db(transaction=True)


def read_all() -> None:
    wait_until_readable()
    while read_new():
        pass


def states(cases: list[Any]) -> list[Any]:
    with scope(JOB):
        found = load(cases)
    return [found[case].state for case in cases]


def test_every_new_letter_is_read_once_and_one_that_moved_on_is_left_alone() -> None:
    letters = [send(f"Đèn đường xóm {n} không sáng, đề nghị sửa.") for n in range(5)]
    open_petition(letters[4])
    with as_role("td_job"):
        read_all()
        read_all()
    read = states([one.case for one in letters])
    assert [state.fields.get("reading") is not None for state in read] == [True] * 4 + [False]
    assert [state.seq for state in read[:4]] == [1] * 4
    assert list(check()) == []


def test_more_letters_take_no_more_statements() -> None:
    counts = []
    for many in (2, 12):
        for n in range(many):
            send(f"Cống xóm {n} tắc.")
        wait_until_readable()
        with CaptureQueriesContext(connection) as queries, as_role("td_job"):
            read_new()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_batch_that_would_change_a_case_twice_is_an_error_and_writes_nothing() -> None:
    case = send().case
    twice = [(Command("letters.letter", str(case), "read", {"reading": "khac", "reading_field": "khác"}), None, None)] * 2
    with pytest.raises(ValueError, match="twice"):
        perform_many(twice, SYSTEM)
    assert states([case])[0].seq == 0


def test_a_refused_command_of_a_batch_does_not_stop_the_others() -> None:
    first, second = send(), send()
    open_petition(first)
    done = perform_many([(Command("letters.letter", str(one.case), "register", {"arrival_no": "7"}), None, None)
                         for one in (first, second)], official("reception"))  # fmt: skip
    assert isinstance(done[0], Refusal)
    assert not isinstance(done[1], Refusal)
    assert states([second.case])[0].fields["arrival_no"] == "7"
