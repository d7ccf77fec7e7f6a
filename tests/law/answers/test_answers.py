"""A draft held against its letter: what it leaves out, names, evades and copies."""

from __future__ import annotations

import pytest
from bench.replies import altered, samples
from hypothesis import given
from hypothesis import strategies as st

from trongdan.law.answers import COPIED, check, copied, marks, requests

LETTER = "Cống đầu xóm tắc. Đề nghị xã nạo vét cống và lắp nắp cống. Xin hỏi bao giờ làm?"


def codes(answer: str, letter: str = LETTER, earlier: tuple[str, ...] = (), gives: tuple[str, ...] = ()) -> list[str]:
    return [f.code for f in check(letter, answer, earlier, gives).findings]


def test_each_request_is_found_with_its_place_in_the_letter() -> None:
    found = requests(LETTER)
    assert [r.text for r in found] == ["xã nạo vét cống", "lắp nắp cống", "bao giờ làm"]
    assert all(LETTER[r.start : r.end].strip() == r.text for r in found)
    assert [r.question for r in found] == [False, False, True]


@pytest.mark.parametrize("letter", ["", "Tôi gửi đơn này.", "Cán bộ yêu cầu tôi nộp thêm giấy tờ.", "???"])
def test_a_letter_that_asks_nothing_yields_no_request_to_hold_an_answer_against(letter: str) -> None:
    assert requests(letter) == ()
    assert "request" not in codes("Đã làm ngày 05/8/2026.", letter)


def test_several_requests_of_numbered_lines_are_told_apart() -> None:
    found = requests("Nay tôi:\n1. Đề nghị đo lại thửa đất.\n2) Kiến nghị trả lại tiền phạt;\n- Yêu cầu xin lỗi công khai")
    assert [r.text for r in found] == ["đo lại thửa đất", "trả lại tiền phạt", "xin lỗi công khai"]


def test_a_request_that_no_saying_sentence_speaks_of_is_shown_with_its_words() -> None:
    letter = LETTER.replace("lắp nắp cống", "trả tiền bồi thường hoa màu")
    report = check(letter, "Cống đầu xóm đã nạo vét ngày 05/8/2026 theo Quyết định số 12/QĐ-UBND; ông Bùi Văn Tư làm.")
    (left,) = [f for f in report.findings if f.code == "request"]
    assert letter[left.start : left.end] == "trả tiền bồi thường hoa màu"
    assert (report.requests, report.addressed, report.hollow) == (3, 2, False)


def test_who_asks_when_is_answered_by_a_day_alone() -> None:
    letter = "Xin hỏi bao giờ thôn có nước sạch?"
    assert check(letter, "Thôn sẽ có nước sạch, không được chậm.").addressed == 0
    assert check(letter, "Thôn có nước sạch trước ngày 05/8/2026.").addressed == 1


def test_telling_the_letter_over_addresses_nothing() -> None:
    report = check(LETTER, "Ngày 05/8/2026 xã nhận được đơn đề nghị nạo vét cống và lắp nắp cống.")
    assert (report.addressed, report.hollow) == (0, True)


@pytest.mark.parametrize(("answer", "kind"), [
    ("Theo Quyết định số 152/QĐ-UBND.", "decision"), ("Lập Biên bản số 07/BB-KT.", "decision"), ("Xong trước ngày 5/8/2026.", "day"),
    ("Làm trong tháng 9/2026.", "day"), ("Lắp trong quý III/2026.", "day"), ("Ông Bùi Văn Tư làm.", "person"),
    ("Đã giao Phòng Kinh tế.", "person"), ("Chủ tịch UBND xã chịu trách nhiệm.", "person"), ("Theo khoản 2 Điều 5.", "article"),
])  # fmt: skip
def test_what_binds_is_known_by_its_shape(answer: str, kind: str) -> None:
    assert kind in {m.kind for m in marks(answer)}


@pytest.mark.parametrize(("answer", "kind"), [
    ("Theo Quyết định số 25/2024/QĐ-UBND ngày 20/9/2024.", "decision"), ("Theo Nghị định 16/2022/NĐ-CP.", "decision"),
    ("Theo Quyết định số 12/QĐ-UBND ngày 20/9/2024.", "day"), ("Giao bộ phận chuyên môn.", "person"), ("Theo quy định.", "article"),
])  # fmt: skip
def test_what_only_looks_so_is_not(answer: str, kind: str) -> None:
    assert kind not in {m.kind for m in marks(answer)}


def test_a_number_that_the_letter_brought_itself_names_no_decision() -> None:
    letter = "Tôi kiến nghị về Quyết định số 152/QĐ-UBND."
    assert "decision" not in {m.kind for m in marks("Quyết định số 152/QĐ-UBND là đúng.", letter)}


def test_a_phrase_that_binds_nobody_is_quoted_unless_its_sentence_names_a_day() -> None:
    empty = [f for f in check(LETTER, "Xã sẽ xem xét.").findings if f.code == "empty"]
    assert [(f.quote, f.reason) for f in empty] == [("sẽ xem xét", "Hứa mà không nêu ai làm, khi nào xong")]
    assert "empty" not in codes("Xã sẽ xem xét trước ngày 5/8/2026.")


def test_a_decision_need_not_name_itself() -> None:
    assert "decision" in codes("Giữ nguyên.")
    assert "decision" not in codes("Giữ nguyên.", gives=("decision",))


def test_an_answer_used_again_with_another_figure_and_name_is_shown_with_the_run_it_shares() -> None:
    first = next(s.answer for s in samples("practice") if s.hollow)
    report = check(LETTER, altered(first), ("Việc khác hẳn, không liên quan gì.", first))
    assert report.copy is not None
    assert (report.copy.which, report.findings[0].code) == (1, "copied")
    assert altered(first)[report.copy.start : report.copy.end] in altered(first)
    assert report.copy.end - report.copy.start > 20


def test_quoting_the_letter_and_short_answers_are_no_copying() -> None:
    told = "Cống đầu xóm bị tắc từ sau trận mưa đầu tháng, nước tràn vào nhà ba hộ ở cuối ngõ và sân trường tiểu học."
    assert copied(told, told, [told]) is None
    assert copied("Đã làm xong.", LETTER, ["Đã làm xong."]) is None
    assert copied("Xã đã nạo vét cống vào sáng thứ Bảy, có mặt ba hộ dân và trưởng xóm cùng xem.", LETTER, []) is None


@pytest.mark.parametrize("half", ["practice", "held"])
def test_the_measured_halves_stay_as_good_as_the_page_says(half: str) -> None:
    found = [(s, check(s.letter, s.answer)) for s in samples(half)]
    assert sum(r.hollow for s, r in found if s.hollow) >= 0.85 * len(found) / 2
    assert sum(r.hollow for s, r in found if not s.hollow) <= 0.1 * len(found) / 2
    assert len(found) >= 30


def test_no_two_halves_share_a_letter_and_both_sorts_stand_in_each() -> None:
    letters = {half: {s.letter for s in samples(half)} for half in ("practice", "held")}
    assert not letters["practice"] & letters["held"]
    assert all(sum(s.hollow for s in samples(h)) * 2 == len(samples(h)) for h in letters)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_gets_a_report_with_places_inside_it(letter: str, answer: str) -> None:
    report = check(letter, answer, [letter, answer])
    for f in report.findings:
        where = letter if f.where == "letter" else answer
        assert f.start is None or 0 <= f.start <= (f.end or 0) <= len(where)
    assert 0 <= report.addressed <= report.requests
    assert report.copy is None or report.copy.share >= COPIED
