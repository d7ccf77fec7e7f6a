"""Separate matters in one letter: found where they are, and one matter left whole. All letters invented."""

from __future__ import annotations

from datetime import date

import pytest

from trongdan.law.classify import UNDECIDED, classify
from trongdan.law.classify.cuts import chosen, cuts
from trongdan.law.classify.reading import SEVERAL, Part

ON = date(2026, 7, 6)


def parts(text: str) -> tuple[Part, ...]:
    found = classify(text, ON).parts
    assert (found[0].start, found[-1].end) == (0, len(text))
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    return found


def test_a_complaint_with_a_question_added_is_two_matters_and_the_second_begins_at_the_question() -> None:
    text = ("Ngày 3/4/2026 tôi nhận Quyết định số 88/QĐ-UBND của UBND xã thu hồi 210 m2 đất vườn của gia đình tôi mà không kiểm đếm cây. "
            "Tôi không đồng ý, đề nghị hủy quyết định này và đo lại. "
            "Ngoài ra cho tôi hỏi: cháu tôi mới sinh thì làm thẻ bảo hiểm y tế ở đâu, cần giấy tờ gì?")  # fmt: skip
    found = parts(text)
    assert [one.nature for one in found] == ["khieu_nai", "hoi_dap"]
    assert text[found[1].start :].startswith("Ngoài ra cho tôi hỏi")


def test_a_denunciation_with_a_proposal_added_is_two_matters() -> None:
    text = ("Tôi tố cáo ông Đinh Văn Mẫu, kế toán hợp tác xã, lập khống 40 phiếu chi lấy 120 triệu đồng của xã viên. Tôi có bản chụp sổ, "
            "đề nghị xác minh và xử lý nghiêm ông Mẫu.\n"
            "Nhân đây tôi cũng đề nghị tỉnh cho các hợp tác xã công khai thu chi mỗi quý tại nhà văn hóa.")  # fmt: skip
    assert [one.nature for one in parts(text)] == ["to_cao", "kien_nghi"]


def test_a_state_of_things_and_another_on_a_line_of_its_own_are_two_matters_of_two_fields() -> None:
    text = ("Bãi rác cuối xóm Mớ hai tháng nay không ai thu gom, ruồi bay vào tận mâm cơm, mùi hôi không chịu nổi.\n"
            "Còn đoạn đường bê tông trước cổng trường thì xe tải cày nát, ổ gà đầy nước, trẻ con đi học ngã suốt.")  # fmt: skip
    assert [(one.nature, one.field) for one in parts(text)] == [("phan_anh", "môi trường"), ("phan_anh", "giao thông")]


def test_typed_without_marks_a_second_matter_is_still_found() -> None:
    text = ("Toi yeu cau xa huy thong bao so 15 cat ten nha toi khoi danh sach ho ngheo, vi cham diem sai. "
            "Nhan tien cho toi hoi lam lai the can cuoc cho me toi 80 tuoi thi den dau, co mat phi khong?")  # fmt: skip
    assert [one.nature for one in parts(text)] == ["khieu_nai", "hoi_dap"]


def test_a_letter_with_matters_of_two_natures_is_left_to_a_person_and_says_why() -> None:
    text = ("Ngày 3/4/2026 tôi nhận Quyết định số 88/QĐ-UBND của UBND xã thu hồi 210 m2 đất vườn của gia đình tôi mà không kiểm đếm cây. "
            "Tôi không đồng ý, đề nghị hủy quyết định này và đo lại. ")  # fmt: skip
    one, two = classify(text, ON), classify(text + "Ngoài ra cho tôi hỏi: làm thẻ bảo hiểm y tế cho cháu ở đâu, cần giấy tờ gì?", ON)
    assert (one.nature, one.decided) == ("khieu_nai", True)
    assert (len({p.nature for p in two.parts}), two.decided) == (2, False)
    assert [b.reason for b in two.because if b.reason.startswith(UNDECIDED)] == [f"{UNDECIDED}: {SEVERAL}"]


def test_a_further_cut_must_be_surer_than_the_first() -> None:
    learned = cuts()
    sure, hardly = learned.threshold + learned.further + 0.1, learned.threshold + 0.1
    assert learned.further > 0 and learned.doubt < learned.threshold
    settled = learned.threshold, learned.further
    assert chosen([(hardly, 4)], *settled) == [4]
    assert chosen([(hardly, 4), (sure, 7)], *settled) == [7]
    assert sorted(chosen([(sure, 4), (sure, 7), (hardly, 9)], *settled)) == [4, 7]


def test_reasons_numbered_in_one_complaint_stay_one_matter() -> None:
    text = ("ĐƠN KHIẾU NẠI\nTôi khiếu nại Quyết định số 31/QĐ-UBND ngày 6/1/2026 của UBND xã thu hồi đất của gia đình tôi, vì:\n"
            "1. Quyết định không ghi rõ diện tích đất thu hồi của gia đình tôi.\n"
            "2. Đất của gia đình tôi sử dụng ổn định từ năm 1985 nhưng quyết định ghi là đất lấn chiếm.\n"
            "3. Giá bồi thường thấp hơn giá đất cùng khu vực.\n"
            "Đề nghị hủy quyết định, đo lại và bồi thường đủ cho gia đình tôi.")  # fmt: skip
    assert len(parts(text)) == 1


def test_a_denunciation_told_at_length_stays_one_matter() -> None:
    text = ("Tôi tố cáo bà Lò Thị Mẫu, cán bộ một cửa của xã. Ngày 2/3 bà Mẫu nhận của tôi 3 triệu đồng, nói là để làm nhanh hồ sơ. "
            "Ngày 9/3 bà Mẫu đòi thêm 2 triệu. Anh Bùi Văn Thử cũng phải đưa tiền như vậy. Tôi có tin nhắn và ghi âm. "
            "Đề nghị xác minh, xử lý bà Mẫu và trả lại tiền cho dân.")  # fmt: skip
    assert len(parts(text)) == 1


def test_greeting_thanks_and_signature_are_no_matters() -> None:
    text = ("Kính gửi: UBND xã Kim Bôi\nTôi là Bùi Thị Mẫu, xóm Mớ.\nĐề nghị xã sớm làm cây cầu qua suối thay cầu tạm, mùa mưa trẻ con "
            "không đi học được.\nXin trân trọng cảm ơn.\nKim Bôi, ngày 3/5/2026\nBùi Thị Mẫu")  # fmt: skip
    assert len(parts(text)) == 1


@pytest.mark.parametrize("text", ["", ".", "1", "1.\n2.\n3.", "a. b. c.", "?\n?\n?", "Ngoài ra. Ngoài ra. 1", "kinh gui. 5"])
def test_scraps_are_one_part_and_never_fail(text: str) -> None:
    assert len(classify(text, ON).parts) == 1


def test_what_was_learned_of_openings_holds_words_and_pairs_and_no_number() -> None:
    names = [name for slot in cuts().slots[:9] for name in slot]
    assert max(len(name.split()) for name in names) <= 2
    assert not [name for name in names if any(c.isdigit() for c in name)]
