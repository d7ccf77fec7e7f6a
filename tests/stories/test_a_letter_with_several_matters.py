"""Story: one letter, three matters. Nobody is told to write again: what is ours is opened, what is another's is ready to sign."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from tests.core.cases.people import AGENCY, SENDER, official, send
from tests.stories.test_a_complaint_to_the_end import act, state, through
from trongdan.core.cases.check import check
from trongdan.core.cases.once import Done
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import token_of
from trongdan.kinds.letters.tracking import view_for_sender

pytestmark = pytest.mark.django_db(transaction=True)
LETTER, PART = "letters.letter", "letters.part"
ROAD = "Đường tỉnh qua xóm sụt lún, đề nghị sửa."


def several(nature: str = "kien_nghi") -> tuple[Done, str]:
    """(letter, its part for Sở Xây dựng), the guidance sent."""
    letter = send("Tôi khiếu nại việc đo đất. Đèn xóm hỏng. " + ROAD, signed=True)
    clerk = official("reception")
    act(LETTER, letter.case, "open_matter", clerk, nature="khieu_nai", matter_kind="letters.complaint.first",
        matter_text="Tôi khiếu nại việc đo đất.")  # fmt: skip
    act(LETTER, letter.case, "open_matter", clerk, nature="phan_anh", matter_kind="letters.petition", matter_text="Đèn xóm hỏng.")
    done = act(LETTER, letter.case, "split_off", clerk, part_text=ROAD, part_nature=nature, part_agency="so-xd",
               part_guidance="Gửi Sở Xây dựng.")  # fmt: skip
    part = str(done.opened[0][0])
    act(PART, part, "guide", clerk, guidance="Gửi Sở Xây dựng.")
    through(PART, part)
    return letter, part


def test_the_sender_sees_all_parts_on_one_page_and_where_each_is() -> None:
    letter, _part = several()
    page = Client().get(f"/theo-doi/{letter.reference}/{token_of(letter.case)}/").content.decode()
    assert "Đơn của ông/bà có 3 việc" in page
    for words in ("Khiếu nại lần đầu", "Kiến nghị, phản ánh", "Phần đơn thuộc nơi khác", ROAD, "Phần đơn soạn sẵn, để ký và gửi"):
        assert words in page
    assert [v.reference.removeprefix(letter.reference) for v in view_for_sender(letter.case, today())] == ["", "/1", "/2", "/3"]


def test_each_matter_has_its_own_words_and_nothing_leaks_into_the_next() -> None:
    letter, part = several()
    texts = [v.texts.get("text") for v in view_for_sender(letter.case, today())]
    assert texts[1:] == ["Tôi khiếu nại việc đo đất.", "Đèn xóm hỏng.", ROAD]
    fourth = act(LETTER, letter.case, "open_matter", official("reception"), nature="phan_anh", matter_kind="letters.petition")
    whole = next(v for v in view_for_sender(letter.case, today()) if v.id == fourth.opened[0][0])
    assert whole.texts["text"].endswith(ROAD), "left empty: the whole letter, not the words of the matter before"
    assert state(part).fields["to_agency"] == "so-xd"


def test_a_proposal_goes_on_by_the_senders_word_with_the_day_of_the_first_receipt() -> None:
    letter, part = several()
    done = act(PART, part, "agree", SENDER)
    there = state(done.opened[0][0])
    assert (there.kind, there.agency, there.step) == (LETTER, "so-xd", "received")
    assert there.fields["first_receipt_on"] == state(letter.case).origin_on.isoformat()
    assert there.origin_on == today(), "its clock is its own: it did not hold the letter before"
    assert state(part).step == "passed"
    with scope(official("reception", "so-xd")):
        assert done.opened[0][0] in load([done.opened[0][0]])
    with scope(official("head", AGENCY)):
        assert done.opened[0][0] not in load([done.opened[0][0]]), "who split it off does not see what the other does with it"
    views = view_for_sender(letter.case, today())
    assert (views[0].agency, views[-1].agency) == ("UBND xã Kim Bôi", "Sở Xây dựng")
    assert list(check()) == []


def test_a_part_that_complains_goes_on_only_when_it_is_signed() -> None:
    _letter, part = several("khieu_nai")
    with pytest.raises(Refusal, match="chữ ký hoặc điểm chỉ"):
        act(PART, part, "agree", SENDER)
    done = act(PART, part, "sign", official("reception"), how_signed="paper")
    assert state(done.opened[0][0]).fields["signed"] is True


def test_an_official_does_not_cut_out_a_denunciation_and_the_sender_may_keep_a_part_back() -> None:
    letter, part = several()
    with pytest.raises(Refusal):
        act(LETTER, letter.case, "split_off", official("reception"), part_text="…", part_nature="to_cao", part_agency="so-xd")
    act(PART, part, "drop", SENDER, reason="Đã sửa rồi.")
    assert state(part).outcome == "dropped"
    assert UUID(part)
