"""Which letters are about one matter, by their signatures alone."""

from __future__ import annotations

import unicodedata

import pytest

from trongdan.core.agencies.places import place_names
from trongdan.law.classify.alike import Kept, Signature, keyed, same_words, share, signature, why_alike

HASH = keyed(b"k" * 32)
DRAIN = (
    "Tôi là Bùi Thị Mận, xóm Mớ, xã Kim Bôi. Cống thoát nước đầu xóm Mớ bị tắc từ tháng 6 đến nay, mỗi trận mưa nước tràn vào nhà và "
    "ngập ruộng lúa của mấy hộ. Đề nghị xã cho nạo vét cống thoát nước."
)
DRAIN_TOO = (
    "Gia đình tôi ở xóm Mớ, xã Kim Bôi. Hai tháng nay cống thoát nước đầu xóm tắc, trời mưa là nước tràn vào sân, ruộng lúa bị ngập hết. "
    "Mong xã sớm nạo vét cống thoát nước cho bà con đỡ khổ. Đinh Văn Lực."
)
TEACHER = "Tôi ở xóm Mớ, xã Kim Bôi. Trường tiểu học thu tiền áo đồng phục quá cao, phụ huynh không được bàn. Đề nghị trả lại tiền."
TAKEN_1 = "Tôi bị thu hồi đất theo Quyết định số 1123/QĐ-UBND ngày 4/5/2026 của xã Kim Bôi. Giá đền bù quá thấp so với thị trường."
TAKEN_2 = "Quyết định 1123/QĐ-UBND của UBND xã Kim Bôi không nêu tài sản trên đất nhà tôi: ba mươi cây bưởi và cái giếng. Xin xem lại."


def signed(text: str, commune: str = "") -> Signature:
    return signature(text, HASH, commune, place_names())


def kept(one: Signature) -> Kept:
    return Kept(one.whole, one.length, one.sketch, one.sense, frozenset(one.marks), one.commune)


def kinds(new: str, old: str, at: tuple[str, str] = ("", "")) -> list[str]:
    return [w.kind for w in why_alike(signed(new, at[0]), kept(signed(old, at[1])))]


def test_the_same_text_is_the_same_whatever_its_marks_blanks_and_composition() -> None:
    first = signed(DRAIN)
    for other in (unicodedata.normalize("NFD", DRAIN), DRAIN.upper(), "  ".join(DRAIN.split()), DRAIN.replace("à", "a").replace("ố", "o"),
                  DRAIN.replace("thoát", "thoat").replace(". ", ".\n\n")):  # fmt: skip
        assert same_words(signed(other), kept(first))
    assert not same_words(signed(DRAIN + " Xin cảm ơn nhiều lắm."), kept(first))


def test_a_letter_with_a_few_words_changed_is_nearly_the_same() -> None:
    changed = DRAIN.replace("từ tháng 6 đến nay", "từ tháng 7")
    why = why_alike(signed(changed), kept(signed(DRAIN)))
    assert why[0].kind == "words"
    assert 60 <= why[0].percent < 100
    assert set(why[0].words.replace(";", " ").split()) <= set(" ".join(signed(DRAIN).said).split())


def test_one_matter_told_in_other_words_is_found_by_what_it_means_and_where() -> None:
    assert set(kinds(DRAIN_TOO, DRAIN)) >= {"sense", "place"}


def test_two_letters_from_one_hamlet_about_different_things_are_not_alike() -> None:
    assert kinds(TEACHER, DRAIN) == []


def test_a_decision_named_by_both_makes_them_alike_and_is_the_reason() -> None:
    assert kinds(TAKEN_2, TAKEN_1)[0] == "decision"
    assert "1123" in why_alike(signed(TAKEN_2), kept(signed(TAKEN_1)))[0].words


def test_the_same_number_in_another_commune_is_another_decision() -> None:
    assert kinds(TAKEN_2.replace("Kim Bôi", "Mường Thàng"), TAKEN_1) == []


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("Quyết định 1123 lấy đất vườn nhà tôi.", "Theo QĐ số 1123/QĐ-UBND tôi mất cả ao.", True),
    ("Thông báo số 56/TB-UBND bắt dỡ quán.", "Quyết định số 56/QĐ-UBND về phụ cấp.", False),
    ("Quyết định số 118/QĐ-UBND về bầu trưởng xóm.", "Quyết định xử phạt số 118/QĐ-XPHC là sai.", False),
    ("Nhà bên đổ móng trên thửa 87 tờ 14 của tôi.", "Giáp thửa đất số 87, tờ bản đồ số 14 có bức tường.", True),
    ("Nhà bên đổ móng trên thửa 87 tờ 15 của tôi.", "Giáp thửa đất số 87, tờ bản đồ số 14 có bức tường.", False),
    ("Dự án khu dân cư Đồi Chè nổ mìn.", "Tôi ho vì bụi của dự án khu dân cư Đồi Chè chạy suốt ngày.", True),
])  # fmt: skip
def test_a_paper_a_parcel_and_a_project_are_known_however_people_write_them(one: str, other: str, *, alike: bool) -> None:
    assert bool(kinds(other, one, ("c04978", "c04978"))) is alike


def test_a_law_that_both_cite_says_nothing_of_the_matter() -> None:
    one = "Theo Nghị định 154/2026/NĐ-CP, đề nghị xã Kim Bôi công khai lịch tiếp công dân ở hội trường."
    other = "Căn cứ Nghị định 154/2026/NĐ-CP, tôi hỏi khi nào nhà văn hóa thôn ở xã Kim Bôi được sửa mái tôn?"
    assert kinds(other, one) == []


@pytest.mark.parametrize(("one", "other"), [
    ("Thửa đất số 45, tờ bản đồ 12 ở xã Kim Bôi bị lấn chiếm.", "Nhà tôi có thửa 45 tờ bản đồ số 12, xã Kim Bôi chưa được cấp sổ."),
    ("Dự án khu công nghiệp Thanh Bình tại xã Kim Bôi làm nứt nhà.", "Bụi từ dự án khu công nghiệp Thanh Bình của công ty bay vào nhà."),
])  # fmt: skip
def test_a_parcel_or_a_project_named_by_both_makes_them_alike(one: str, other: str) -> None:
    assert kinds(other, one)[0] in ("parcel", "project")


def test_a_form_that_goes_round_the_province_is_not_one_matter() -> None:
    assert kinds(DRAIN, DRAIN, ("c05116", "c04978")) == []
    assert kinds(DRAIN, DRAIN, ("c04978", "c04978"))[0] == "words"


def test_a_person_alone_is_never_a_reason_nor_looked_up_by() -> None:
    one = signed("Ông Hoàng Đình Mẫu ở xã Kim Bôi xây nhà lấn ra lối đi chung, ô tô không vào được ngõ.")
    other = signed("Xã Kim Bôi: đề nghị khen ông Hoàng Đình Mẫu đã hiến đất làm sân bóng cho thanh niên trong vùng.")
    shared = set(one.marks) & set(other.marks)
    assert [one.marks[m].kind for m in shared] == ["person"]
    assert why_alike(other, kept(one)) == ()
    assert not shared & set(other.terms(HASH))


def test_nothing_can_be_read_or_tried_out_from_a_signature_without_its_key() -> None:
    other = signature(DRAIN, keyed(b"x" * 32), "", place_names())
    assert signed(DRAIN).whole != other.whole
    assert share(signed(DRAIN).sketch, other.sketch) == 0
    assert not set(signed(DRAIN).terms(HASH)) & set(other.terms(keyed(b"x" * 32)))


@pytest.mark.parametrize("text", ["", " ", ".", "đ", "a b", "1 2 3", "\n" * 500, "ư" * 3000, "Thửa", "dự án", "Quyết định số"])
def test_any_text_has_a_signature_and_an_empty_one_is_like_no_other(text: str) -> None:
    one = signed(text)
    assert (len(one.sketch), len(one.sense)) == (48, 32)
    assert all(-(2**31) <= v < 2**31 for v in (*one.sketch, *one.sense))
    if not one.length:
        assert not same_words(one, kept(one))
        assert why_alike(one, kept(one)) == ()
