"""What of a dialogue is pure: a tenth of the voters, questions that look the same, phones that are one."""

from __future__ import annotations

from uuid import UUID

import pytest

from trongdan.kernel.errors import LawError, Refusal
from trongdan.kinds.dialogue.asking import mark_of, phone_mark
from trongdan.kinds.dialogue.grouping import suggested
from trongdan.kinds.dialogue.rules import enough_voters, too_few_voters
from trongdan.law.shares import read_shares, shares


@pytest.mark.parametrize(("asked", "voters", "enough"), [(500, 5000, True), (499, 5000, False), (1, 0, False), (501, 5001, True), (500, 5001, False)])
def test_a_tenth_of_the_voters_binds_and_one_less_does_not(asked: int, voters: int, enough: bool) -> None:
    assert enough_voters({"asked_by": asked, "voters": voters}, {}, "") is enough
    assert too_few_voters({"asked_by": asked, "voters": voters}, {}, "") is not enough


def test_unknown_numbers_of_voters_are_not_enough() -> None:
    assert not enough_voters({"asked_by": 500}, {}, "")


def test_each_share_says_where_it_was_read() -> None:
    assert all(s.basis and (s.where or s.verified == "unread") for s in shares().values())
    with pytest.raises(LawError):
        read_shares('[[share]]\nid = "X"\nper_cent = 10\n')


def test_questions_about_the_same_thing_are_suggested_together_and_others_are_not() -> None:
    texts = ["Bao giờ xã nạo vét cống thoát nước ở xóm Mớ?", "Đề nghị cho biết khi nào nạo vét cống thoát nước xóm Mớ, nước ngập vào nhà.",
             "Đường lên đồi chè hỏng, ai sửa?", "Cong thoat nuoc xom Mo bao gio duoc nao vet", "Vì sao xã chưa có sân bóng cho trẻ em?"]  # fmt: skip
    ids = {UUID(int=i): t for i, t in enumerate(texts)}
    assert [[u.int for u in g] for g in suggested(ids)] == [[0, 1, 3]]


def test_a_short_question_is_never_called_the_same() -> None:
    assert suggested({UUID(int=1): "Bao giờ?", UUID(int=2): "Bao giờ?"}) == []


def test_one_phone_is_one_phone_however_it_is_written_and_its_mark_tells_nothing() -> None:
    assert phone_mark("0912 345 678") == phone_mark("+84912345678") == phone_mark("0912.345.678")
    with pytest.raises(Refusal):
        phone_mark("12")
    one, other = UUID(int=1), UUID(int=2)
    assert mark_of(one, "phone:0912345678") != mark_of(other, "phone:0912345678")
    assert b"0912345678" not in mark_of(one, "phone:0912345678")
