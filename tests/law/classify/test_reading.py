"""What the reader makes of letters: total on any text, true to its spans, by content and not by title. All letters invented."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trongdan.law.classify import FIELDS, NATURES, as_row, classify
from trongdan.law.classify.fold import fold

ON = date(2026, 7, 6)
KEYS = ["id", "nature", "nature_p", "field", "field_p", "parts", "named", "admissible", "competent", "urgent", "because"]
COMPLAINT = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nĐƠN TỐ CÁO\nKính gửi: Chủ tịch UBND xã Kim Bôi\n"
    "Tôi là Bùi Thị Mẫu, xóm Mớ, xã Kim Bôi. Ngày 12/3/2026 tôi nhận Quyết định số 214/QĐ-UBND thu hồi 312 m2 đất của gia đình tôi, "
    "thửa số 45 tờ bản đồ số 12. Đo thiếu diện tích, gia đình tôi không đồng ý. Đề nghị hủy quyết định, đo lại và bồi thường đủ cho gia đình tôi.\n"
    "Kim Bôi, ngày 20 tháng 3 năm 2026\nBùi Thị Mẫu (đã ký)")
LETTERS = {
    "khieu_nai": COMPLAINT,
    "to_cao": "Tôi tố cáo ông Đinh Văn Mẫu, cán bộ địa chính xã, nhận 20 triệu đồng để làm sổ đỏ khống cho em trai. Tôi có ghi âm, "
              "đề nghị xác minh và xử lý nghiêm theo pháp luật.",
    "kien_nghi": "Cử tri xóm Mớ kiến nghị tỉnh sớm đầu tư cây cầu qua suối thay cầu tạm, bà con sẵn sàng góp ngày công.",
    "phan_anh": "Bãi rác đầu xóm mấy tháng nay không ai thu gom, ruồi bay khắp nhà, mùi hôi không chịu nổi.",
    "hoi_dap": "Cho tôi hỏi con mới sinh làm giấy khai sinh cần những giấy tờ gì, nộp ở đâu, bao lâu thì có?",
    "khac": "Nhà hàng xóm vay tôi 50 triệu có giấy viết tay, quá hẹn một năm không trả. Nhờ xã gọi lên bắt trả nợ cho tôi.",
}  # fmt: skip


@pytest.mark.parametrize("nature", LETTERS)
def test_a_plain_letter_of_each_nature_is_read_as_it_is(nature: str) -> None:
    found = classify(LETTERS[nature], ON)
    assert (found.nature, found.decided) == (nature, True)


@pytest.mark.parametrize("form", ["NFD", "no marks", "capitals", "one line"])
@pytest.mark.parametrize("nature", LETTERS)
def test_how_it_is_typed_changes_nothing_of_what_it_is(nature: str, form: str) -> None:
    text = LETTERS[nature]
    typed = {"NFD": unicodedata.normalize("NFD", text), "no marks": fold(text).plain, "capitals": text.upper(),
             "one line": " ".join(text.split())}[form]  # fmt: skip
    assert classify(typed, ON).nature == nature


def test_a_letter_headed_denunciation_that_asks_to_review_a_decision_about_ones_own_land_is_a_complaint() -> None:
    found = classify(COMPLAINT, ON)
    assert (found.nature, found.field) == ("khieu_nai", "đất đai")
    assert "Tiêu đề ghi tố cáo" in found.because[0].reason
    assert COMPLAINT[found.because[0].start : found.because[0].end] == "ĐƠN TỐ CÁO"


def test_what_a_letter_names_is_found_with_its_place_in_the_text() -> None:
    found = classify(COMPLAINT, ON, {"xa kim boi": "04978"})
    words = {(n.kind, COMPLAINT[n.start : n.end]) for n in found.named}
    for kind, text in (("decision", "Quyết định số 214/QĐ-UBND"), ("person", "Bùi Thị Mẫu"), ("date", "Ngày 12/3/2026"), ("post", "Chủ tịch UBND xã")):
        assert (kind, text) in words
    assert any(n.kind == "place" and n.code == "04978" for n in found.named)
    assert any(n.kind == "parcel" and "45" in n.text for n in found.named)
    assert {n.text for n in found.named if n.kind == "place"} == {"xã Kim Bôi", "xóm Mớ"}, "no heading, no TỐ of tố cáo"


def test_the_checklist_is_answered_as_far_as_the_text_tells_and_no_further() -> None:
    answers = {a.item.id: (a.answer, a.span) for a in classify(COMPLAINT, ON).admissible}
    assert answers["date"][0] == answers["name"][0] == answers["address"][0] == "yes"
    assert answers["incapable"] == ("unknown", None), "no text tells whether somebody is incapable"


def test_two_matters_in_one_letter_are_pointed_out_with_their_own_nature() -> None:
    text = ("Tôi xin trình bày hai việc:\n1. Bãi rác đầu xóm mấy tháng nay không ai thu gom, mùi hôi không chịu nổi.\n"
            "2. Cho tôi hỏi làm lại thẻ căn cước bị mất cần giấy tờ gì, nộp ở đâu, bao lâu có?")  # fmt: skip
    assert [p.nature for p in classify(text, ON).parts] == ["phan_anh", "hoi_dap"]


def test_danger_is_pointed_out_and_its_negation_is_not() -> None:
    assert classify("Cầu treo sắp sập, học sinh vẫn phải qua, nguy hiểm đến tính mạng, xin cho người đến ngay.", ON).urgent
    assert not classify("Đường đẹp, đi lại không nguy hiểm. Xin cảm ơn.", ON).urgent


def test_what_is_for_nobody_here_to_settle_always_has_a_route() -> None:
    found = classify(LETTERS["khac"], ON)
    assert found.competent.route is not None
    assert found.competent.basis


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400) | st.text(st.sampled_from("aàđơn tố cáo.,?\n1)(ấ\u0301\x00\u200b  "), max_size=300))
def test_any_text_gives_a_reading_whose_spans_lie_in_it(text: str) -> None:
    found = classify(text, ON)
    assert found.nature in NATURES and found.field in FIELDS
    assert 0 < found.nature_p <= 1 and 0 < found.field_p <= 1
    spans = [(n.start, n.end) for n in found.named] + [(p.start, p.end) for p in found.parts] + [(u.start, u.end) for u in found.urgent]
    spans += [(b.start, b.end) for b in found.because if b.start is not None] + [a.span for a in found.admissible if a.span]
    assert all(0 <= a <= b <= len(text) for a, b in spans)


@pytest.mark.parametrize("text", ["a" * 100_000, "A" * 100_000, "Aa " * 30_000, "đơn " * 25_000, "(1) " * 20_000, "ngày 1/1/2026 " * 7_000, "\n" * 50_000, "Ngoài ra " * 10_000])
def test_a_huge_letter_takes_less_than_a_few_seconds(text: str) -> None:
    classify(text, ON)  # the suite's time limit holds what would run away


def test_the_row_has_the_keys_of_the_interface_and_is_plain_json() -> None:
    row = as_row(classify(COMPLAINT, ON), "a-1")
    assert list(row) == KEYS
    assert json.loads(json.dumps(row, ensure_ascii=False)) == json.loads(json.dumps(row))
    assert {"settler", "does", "paper", "clock", "basis", "verified", "why", "route", "about"} <= set(row["competent"])
