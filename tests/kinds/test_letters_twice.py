"""Whether two typings are of one sheet."""

from __future__ import annotations

from trongdan.kinds.letters.twice import alike

LONG = "Đường trục thôn xuống cấp, xe không đi được khi mưa, đề nghị xã sửa. Đoạn này dài hơn hai trăm mét, có người ngã xe hôm mùng hai."


def test_a_slip_of_the_fingers_other_marks_and_other_blanks_make_no_other_letter() -> None:
    assert alike(LONG, LONG.replace("mùng hai", "mồng hai").replace(",", " ,").upper())
    assert alike("Cống tắc.", "cống  tắc")


def test_short_summaries_are_the_same_only_when_they_are_the_same() -> None:
    assert not alike("Giếng cạn ở xóm, đề nghị xã xem.", "Ao cạn ở xóm, đề nghị xã xem.")


def test_two_letters_about_two_things_are_two() -> None:
    assert not alike(LONG, "Kính gửi Ủy ban nhân dân xã. Cống thoát nước đầu xóm bị tắc từ sau trận mưa đầu tháng, đề nghị xã nạo vét.")
