"""The worker's rounds: each function in its rhythm, an error stops one turn only."""

from __future__ import annotations

import logging

import pytest

from trongdan.platform.jobs import MAX_TURNS, Duplicate, Rounds


def test_a_function_is_called_in_its_rhythm() -> None:
    rounds, called = Rounds(), []
    rounds.add("một", 10, lambda: called.append(1))
    assert rounds.turn(100.0, lambda: 100.0) == 10.0
    assert rounds.turn(105.0, lambda: 105.0) == 5.0
    assert called == [1]
    rounds.turn(110.0, lambda: 110.0)
    assert called == [1, 1]


def test_while_there_is_work_a_function_is_called_again_but_not_for_ever() -> None:
    rounds, left, called = Rounds(), [3], []

    def some() -> bool:
        left[0] -= 1
        return left[0] > 0

    rounds.add("ít", 10, some)
    rounds.add("mãi", 10, lambda: bool(called.append(1)) or True)
    rounds.turn(0.0, lambda: 0.0)
    assert left == [0]
    assert len(called) == MAX_TURNS


def test_an_error_is_logged_without_its_words_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    rounds, called = Rounds(), []

    def broken() -> None:
        raise ValueError("lời của dân")

    rounds.add("hỏng", 1, broken)
    rounds.add("lành", 1, lambda: called.append(1))
    with caplog.at_level(logging.ERROR):
        rounds.turn(0.0, lambda: 0.0)
        rounds.turn(2.0, lambda: 2.0)
    assert called == [1, 1]
    assert [r.getMessage() for r in caplog.records] == ["việc định kỳ hỏng bị lỗi"] * 2


def test_two_functions_under_one_name_are_refused() -> None:
    rounds = Rounds()
    rounds.add("tên", 1, lambda: None)
    with pytest.raises(Duplicate):
        rounds.add("tên", 1, lambda: 1)


def test_with_much_to_do_the_functions_take_turns() -> None:
    rounds, order, left = Rounds(), [], {"một": MAX_TURNS + 1, "hai": 1}

    def work(name: str) -> bool:
        order.append(name)
        left[name] -= 1
        return left[name] > 0

    rounds.add("một", 10, lambda: work("một"))
    rounds.add("hai", 10, lambda: work("hai"))
    assert rounds.turn(0.0, lambda: 0.0) == 0.0  # the first has more to do
    assert rounds.turn(0.0, lambda: 0.0) == 10.0
    assert order == ["một"] * MAX_TURNS + ["hai", "một"]


def test_what_waits_for_others_goes_aside_and_holds_nothing_up() -> None:
    rounds, called = Rounds(), []
    rounds.add("đọc", 1, lambda: called.append("đọc"))
    rounds.add("gửi", 1, lambda: called.append("gửi"), aside=True)
    rounds.turn(0.0, lambda: 0.0, aside=False)
    assert called == ["đọc"]
    rounds.turn(0.0, lambda: 0.0, aside=True)
    assert called == ["đọc", "gửi"]
    rounds.turn(5.0, lambda: 5.0)
    assert called == ["đọc", "gửi"] * 2
