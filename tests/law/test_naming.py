"""The names people use for agencies and officials: read to a body, a level and a post, or left unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.law.competence import About, Question, about_of, who_settles
from trongdan.law.competence.answer import LEVELS, POSTS
from trongdan.law.competence.naming import fold
from trongdan.law.competence.tables import bodies, step_of

NOW = date(2026, 7, 6)


@pytest.mark.parametrize(("agency", "official", "level", "expected"), [
    ("UBND xã Mường Lạc", "Chủ tịch UBND xã", "", About("xa", "ubnd", "head")),
    ("UBND xã Mường Lạc", "ông Nguyễn Văn Phó, Phó Chủ tịch UBND xã", "", About("xa", "ubnd", "deputy")),
    ("UBND xã Mường Lạc", "bà Nguyễn Thị Chủ, công chức địa chính", "", About("xa", "ubnd", "staff")),
    ("UBND xã Mường Lạc (cũ)", "nguyên Chủ tịch UBND xã", "", About("xa", "ubnd", "former_head")),
    ("ubnd xa muong lac", "can bo dia chinh xa", "", About("xa", "ubnd", "staff")),
    ("Công an xã Mường Lạc", "Trưởng Công an xã", "", About("xa", "cong_an", "head")),
    ("Phòng Cảnh sát giao thông, Công an tỉnh", "", "", About("tinh", "cong_an", "")),
    ("Ban Chỉ huy quân sự xã", "Chỉ huy trưởng", "", About("xa", "quan_su", "head")),
    ("Thuế cơ sở 5", "cán bộ thuế", "", About("xa", "thue", "staff")),
    ("Bảo hiểm xã hội cơ sở Lạc Sơn", "", "", About("xa", "bhxh", "")),
    ("Bảo hiểm xã hội tỉnh", "Giám đốc", "", About("tinh", "bhxh", "head")),
    ("Phòng Thi hành án dân sự khu vực 3", "chấp hành viên", "", About("xa", "thi_hanh_an", "staff")),
    ("Tòa án nhân dân khu vực 2", "thẩm phán", "", About("xa", "toa_an", "staff")),
    ("Viện kiểm sát nhân dân tỉnh", "Viện trưởng", "", About("tinh", "vien_kiem_sat", "head")),
    ("Điện lực Lạc Sơn", "", "", About("xa", "dien_luc", "")),
    ("Công ty Điện lực tỉnh", "Phó Giám đốc", "", About("tinh", "dien_luc", "deputy")),
    ("Ngân hàng Agribank chi nhánh Lạc Sơn", "Giám đốc chi nhánh", "", About("xa", "ngan_hang", "head")),
    ("Sở Xây dựng", "Giám đốc Sở", "", About("tinh", "so", "head")),
    ("Chi nhánh Văn phòng đăng ký đất đai", "", "", About("xa", "don_vi_so", "")),
    ("Trung tâm Phục vụ hành chính công xã", "nhân viên quầy số 3", "", About("xa", "ttpvhcc", "staff")),
    ("Trường Tiểu học Hoa Sen", "hiệu trưởng", "", About("xa", "don_vi", "head")),
    ("Bệnh viện đa khoa tỉnh", "bác sĩ trực", "", About("tinh", "don_vi", "staff")),
    ("Đảng ủy xã Mường Lạc", "Bí thư Đảng ủy", "", About("xa", "dang", "head")),
    ("xóm Mớ", "trưởng xóm, tổ trưởng", "xã", About("xa", "thon", "staff")),
    ("Bộ Nội vụ", "", "", About("trung_uong", "bo", "")),
    ("UBND huyện Lạc Sơn (cũ)", "", "", About("huyen", "ubnd", "")),
    ("UBND tỉnh; UBND xã Mường Lạc", "", "tỉnh", About("tinh", "ubnd", "")),
    ("Sở Y tế; Bệnh viện tỉnh", "Phó Giám đốc bệnh viện", "", About("tinh", "don_vi", "deputy")),
    ("Công ty TNHH Gạch Sông Đà", "giám đốc", "ngoài nhà nước", About("ngoai", "", "")),
    ("hàng xóm tên Lực", "", "ngoài nhà nước", About("ngoai", "", "")),
    ("", "một lãnh đạo", "xã", About("xa", "", "")),
    ("", "", "", About()),
])  # fmt: skip
def test_a_name_is_read_to_body_level_and_post(agency: str, official: str, level: str, expected: About) -> None:
    assert about_of(agency, official, level) == expected


def test_a_surname_is_not_a_post_left() -> None:
    """Without marks `nguyên` and `Nguyễn` are the same letters."""
    assert about_of("UBND xã", "Nguyễn Bá Chức, Chủ tịch").post == "head"
    assert about_of("UBND xã", "nguyen chu tich xa").post == "former_head"


def test_marks_capitals_and_decomposed_letters_do_not_matter() -> None:
    assert fold("CÔNG AN  Xã Đông-Hà") == "cong an xa dong ha"
    assert about_of("CÔNG AN PHƯỜNG") == about_of("cong an phuong") == about_of("Công an phường")


@given(st.text(max_size=60), st.text(max_size=40), st.sampled_from(["", "xã", "tỉnh", "sở ngành", "trung ương", "ngoài nhà nước", "huyện cũ"]))
def test_any_words_give_a_body_there_is_or_an_unknown_one_and_an_answer(agency: str, official: str, level: str) -> None:
    found = about_of(agency, official, level)
    assert found.level in LEVELS
    assert found.post in POSTS
    assert not found.kind or found.kind in bodies()
    assert who_settles(Question("to_cao", found, NOW)).settler


# Names that say no more than "a department", "a ministry", "a unit": nobody writes a letter about those.
GENERIC = {"chinh_phu", "bo", "so", "phong", "dich_vu", "don_vi_so"}


@pytest.mark.parametrize("kind", sorted(b.kind for b in bodies().values() if b.steps and b.kind not in GENERIC))
def test_a_body_is_found_by_its_own_name(kind: str) -> None:
    for step in bodies()[kind].steps:
        if step.until < NOW:
            continue
        found = about_of(step.name)
        assert found.kind == kind, step.name
        assert step_of(found.level, kind, NOW) is not None, step.name
