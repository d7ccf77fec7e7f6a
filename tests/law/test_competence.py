"""Who settles: administration and the vertical bodies, two levels and three, and what the receiving agency does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trongdan.kernel.errors import LawError, Refusal
from trongdan.law import load_law
from trongdan.law.competence import DOES, About, Question, route_of, who_settles
from trongdan.law.competence.answer import HISTORIES, LEVELS, NATURES, POSTS
from trongdan.law.competence.tables import acts, bodies, read_bodies, routes, step_of

NOW, BEFORE = date(2026, 7, 6), date(2025, 3, 10)
COMMUNE, PROVINCE = About("xa", "ubnd"), About("tinh", "ubnd")
RECEPTION = About("tinh", "ban_tiep_cong_dan")


def ask(nature: str, about: About, at: About = COMMUNE, on: date = NOW, **more: object) -> Question:
    signs = frozenset(str(more.pop("signs", "")).split())
    return Question(nature, about, on, at, signs=signs, **more)  # type: ignore[arg-type]


# --- administration --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("about", "first", "second"), [
    (About("xa", "ubnd", "head"), "Chủ tịch UBND cấp xã", "Chủ tịch UBND tỉnh"),
    (About("xa", "phong", "staff"), "Chủ tịch UBND cấp xã", "Chủ tịch UBND tỉnh"),
    (About("xa", "ttpvhcc", "staff"), "Chủ tịch UBND cấp xã", "Chủ tịch UBND tỉnh"),
    (About("xa", "don_vi", "head"), "Thủ trưởng đơn vị sự nghiệp", "Chủ tịch UBND cấp xã"),
    (About("xa", "don_vi_so", "staff"), "Thủ trưởng đơn vị thuộc sở", "Giám đốc sở"),
    (About("tinh", "so", "staff"), "Giám đốc sở", "Chủ tịch UBND tỉnh"),
    (About("tinh", "thanh_tra", "head"), "Chánh Thanh tra tỉnh", "Chủ tịch UBND tỉnh"),
    (About("tinh", "ubnd", "head"), "Chủ tịch UBND tỉnh", "Bộ trưởng Bộ Nông nghiệp và Môi trường"),
    (About("trung_uong", "bo", "head"), "Bộ trưởng quản lý ngành, lĩnh vực", "Tòa án nhân dân (khởi kiện)"),
])  # fmt: skip
def test_a_complaint_goes_first_to_who_decided_then_to_the_direct_superior(about: About, first: str, second: str) -> None:
    assert who_settles(ask("khieu_nai", about, field="đất đai")).settler == first
    assert who_settles(ask("khieu_nai", about, field="đất đai", history="second")).settler == second


@pytest.mark.parametrize(("about", "first", "second"), [
    (About("xa", "ubnd", "head"), "Chủ tịch UBND cấp xã", "Chủ tịch UBND cấp huyện"),
    (About("huyen", "phong", "head"), "Trưởng phòng thuộc UBND cấp huyện", "Chủ tịch UBND cấp huyện"),
    (About("huyen", "ubnd", "head"), "Chủ tịch UBND cấp huyện", "Chủ tịch UBND tỉnh"),
])  # fmt: skip
def test_before_july_2025_there_were_three_levels(about: About, first: str, second: str) -> None:
    found = [who_settles(ask("khieu_nai", about, on=BEFORE, history=h)) for h in ("first", "second")]
    assert [f.settler for f in found] == [first, second]
    assert "NĐ 141/2025" not in found[0].basis


def test_a_district_body_after_july_2025_is_for_a_person_to_trace_to_its_successor() -> None:
    complaint = who_settles(ask("khieu_nai", About("huyen", "ubnd", "head")))
    assert (complaint.does, complaint.verified) == ("xem_xet", "unread")
    assert "kế thừa" in complaint.settler
    denunciation = who_settles(ask("to_cao", About("huyen", "ubnd", "staff")))
    assert (denunciation.does, denunciation.body) == ("xem_xet", None)
    assert "Luật Tố cáo Đ12 k4" in denunciation.basis


def test_a_denunciation_of_a_former_districts_head_goes_to_who_was_above_the_district() -> None:
    for post in ("head", "deputy", "body", "former_head"):
        found = who_settles(ask("to_cao", About("huyen", "ubnd", post)))
        assert found.settler == "Chủ tịch UBND tỉnh"
        assert "Luật Tố cáo Đ12 k3, k5" in found.basis


def test_a_line_body_of_a_former_district_ended_on_its_own_day_and_its_own_line_took_over() -> None:
    police = who_settles(ask("khieu_nai", About("huyen", "cong_an")))
    assert "cùng ngành" in police.settler
    assert any("01/03/2025" in s for s in police.why)
    assert "NĐ 141" not in police.basis


@pytest.mark.parametrize(("about", "settler"), [
    (About("xa", "ubnd", "staff"), "Chủ tịch UBND cấp xã"),
    (About("xa", "ubnd", "head"), "Chủ tịch UBND tỉnh"),
    (About("xa", "ubnd", "deputy"), "Chủ tịch UBND tỉnh"),
    (About("xa", "ubnd", "body"), "Chủ tịch UBND tỉnh"),
    (About("xa", "phong", "head"), "Chủ tịch UBND cấp xã"),
    (About("xa", "don_vi", "head"), "Chủ tịch UBND cấp xã"),
    (About("xa", "don_vi", "staff"), "Thủ trưởng đơn vị sự nghiệp"),
    (About("tinh", "so", "head"), "Chủ tịch UBND tỉnh"),
    (About("tinh", "so", "staff"), "Giám đốc sở"),
    (About("tinh", "ubnd", "head"), "Thủ tướng Chính phủ"),
    (About("trung_uong", "bo", "head"), "Thủ tướng Chính phủ"),
    (About("xa", "hdnd", "staff"), "Thường trực HĐND cấp xã"),
    (About("xa", "ubnd", "former"), "Chủ tịch UBND cấp xã"),
])  # fmt: skip
def test_a_denunciation_of_staff_goes_to_their_head_and_of_heads_one_above(about: About, settler: str) -> None:
    found = who_settles(ask("to_cao", about))
    assert found.settler == settler
    assert "Luật Tố cáo" in found.basis
    assert any("không để lộ người tố cáo" in s for s in found.shut_out)


def test_a_village_head_is_no_official_but_answers_for_the_task_given_to_the_chair_who_gave_it() -> None:
    for post in ("head", "staff"):
        found = who_settles(ask("to_cao", About("xa", "thon", post)))
        assert (found.settler, found.does) == ("Chủ tịch UBND cấp xã", "thu_ly")
        assert "Luật Tố cáo Đ21" in found.basis


def test_a_denunciation_of_one_who_left_cites_the_clause_for_those_who_left() -> None:
    left, chair = (who_settles(ask("to_cao", About("xa", "ubnd", post))) for post in ("former", "former_head"))
    assert "Đ12 k3 đ.c, đ.d" in left.basis
    assert (left.settler, chair.settler) == ("Chủ tịch UBND cấp xã", "Chủ tịch UBND tỉnh"), "nobody judges the one before"
    assert all(any("chức vụ cao hơn" in s for s in found.why) for found in (left, chair))


def test_the_settlement_of_the_second_instance_is_reviewed_by_who_is_above_it() -> None:
    """NĐ 124/2020 Đ38 as amended: of the provincial chair by the Prime Minister, of a director by the provincial chair."""
    for about, above in ((About("xa", "ubnd"), "Thủ tướng Chính phủ"), (About("tinh", "so"), "Thủ tướng Chính phủ"),
                         (About("xa", "don_vi_so"), "Chủ tịch UBND tỉnh"), (About("xa", "cong_an"), "Bộ trưởng Bộ Công an")):  # fmt: skip
        found = who_settles(ask("khieu_nai", about, history="decided", signs="unlawful_settlement"))
        assert (found.settler, found.does) == (above, "bao_cao_chi_dao")


def test_civil_enforcement_has_its_own_stages_and_no_administrative_court() -> None:
    found = who_settles(ask("khieu_nai", About("xa", "thi_hanh_an")))
    assert found.choices == ("Khiếu nại tiếp theo Luật Thi hành án dân sự Đ140–142",)


@pytest.mark.parametrize("nature", ["khieu_nai", "to_cao", "kien_nghi", "phan_anh", "hoi_dap", "khac"])
@pytest.mark.parametrize("history", HISTORIES)
def test_nothing_of_before_july_2026_rests_on_the_decrees_of_july_2026(nature: str, history: str) -> None:
    for about in (About("xa", "ubnd", "head"), About("xa", "cong_an"), About()):
        found = who_settles(Question(nature, about, date(2026, 6, 30), About("xa", "ubnd"), history=history))
        assert not [s for s in (found.basis, found.paper, *found.why) if "154/2026" in s or "155/2026" in s]


def test_when_the_post_is_not_known_the_answer_says_what_it_would_change() -> None:
    found = who_settles(ask("to_cao", About("xa", "ubnd")))
    assert found.settler == "Chủ tịch UBND cấp xã"
    assert any("người đứng đầu hoặc cấp phó" in s for s in found.why)


# --- vertical bodies in a commune ------------------------------------------------------------------------------------

VERTICAL = {
    "cong_an": ("Trưởng Công an cấp xã", "Giám đốc Công an tỉnh"),
    "quan_su": ("Chỉ huy trưởng Ban Chỉ huy quân sự cấp xã", "Chỉ huy trưởng Bộ Chỉ huy quân sự tỉnh"),
    "thue": ("Trưởng Thuế cơ sở", "Trưởng Thuế tỉnh"),
    "hai_quan": ("Đội trưởng Hải quan", "Chi cục trưởng Chi cục Hải quan khu vực"),
    "bhxh": ("Giám đốc Bảo hiểm xã hội cơ sở", "Giám đốc Bảo hiểm xã hội tỉnh"),
    "thi_hanh_an": ("Trưởng phòng Thi hành án dân sự khu vực", "Trưởng Thi hành án dân sự tỉnh"),
    "toa_an": ("Chánh án Tòa án nhân dân khu vực", "Chánh án Tòa án nhân dân tỉnh"),
    "vien_kiem_sat": ("Viện trưởng Viện kiểm sát nhân dân khu vực", "Viện trưởng Viện kiểm sát nhân dân tỉnh"),
    "kho_bac": ("Trưởng phòng giao dịch, Trưởng Thống kê cơ sở", "Giám đốc Kho bạc khu vực, Trưởng Thống kê tỉnh"),
    "ngan_hang": ("Giám đốc chi nhánh ngân hàng", "Tổng giám đốc ngân hàng"),
    "dien_luc": ("Đội trưởng Đội quản lý điện khu vực", "Giám đốc Công ty Điện lực tỉnh"),
    "dich_vu": ("Người đứng đầu đơn vị của doanh nghiệp", "Người đứng đầu doanh nghiệp"),
    "dang": ("Đảng ủy, Ủy ban Kiểm tra Đảng ủy cấp xã", "Ủy ban Kiểm tra Tỉnh ủy"),
    "mttq": ("Chủ tịch Ủy ban MTTQ cấp xã", "Chủ tịch Ủy ban MTTQ tỉnh"),
}


def test_the_list_of_vertical_bodies_in_a_commune_is_whole() -> None:
    assert set(VERTICAL) == {b.kind for b in bodies().values() if b.relation == "line" and step_of("xa", b.kind, NOW)}


@pytest.mark.parametrize("kind", sorted(VERTICAL))
@pytest.mark.parametrize("at", [COMMUNE, RECEPTION], ids=["commune", "province"])
def test_no_denunciation_of_a_vertical_body_is_settled_by_the_administration(kind: str, at: About) -> None:
    own, above = VERTICAL[kind]
    staff = who_settles(ask("to_cao", About("xa", kind, "staff"), at=at))
    heads = [who_settles(ask("to_cao", About("xa", kind, post), at=at)) for post in ("head", "deputy", "body")]
    assert staff.settler == own
    assert {h.settler for h in heads} == {above}
    for found in (staff, *heads):
        assert (found.does, found.clock) == ("chuyen", "TC-02")
        assert "ngành dọc" in found.why[0]
        assert found.body is not None
        assert found.body.kind == kind


@pytest.mark.parametrize("kind", sorted(VERTICAL))
def test_no_complaint_about_a_vertical_body_is_accepted_or_passed_on_by_the_commune(kind: str) -> None:
    found = who_settles(ask("khieu_nai", About("xa", kind, "staff")))
    assert found.settler == VERTICAL[kind][0]
    assert found.does in ("huong_dan", "chuyen")
    assert found.does == "huong_dan" or bodies()[kind].is_ & {"party", "internal"}


@pytest.mark.parametrize("kind", ["cong_an", "quan_su", "thue", "hai_quan", "bhxh", "thi_hanh_an", "kho_bac"])
def test_a_second_complaint_about_a_vertical_body_climbs_its_own_line(kind: str) -> None:
    found = who_settles(ask("khieu_nai", About("xa", kind, "head"), at=RECEPTION, history="second"))
    assert found.settler == VERTICAL[kind][1]
    assert found.does == "huong_dan"


@pytest.mark.parametrize(("kind", "route", "words"), [
    ("toa_an", "proceedings", "tố tụng"), ("vien_kiem_sat", "proceedings", "tố tụng"),
    ("dien_luc", "consumer", "hợp đồng"), ("ngan_hang", "consumer", "hợp đồng"), ("dich_vu", "consumer", "hợp đồng"),
    ("dang", "party", ""), ("mttq", "internal", ""),
])  # fmt: skip
def test_a_complaint_about_a_court_an_enterprise_or_a_party_body_goes_another_way(kind: str, route: str, words: str) -> None:
    found = who_settles(ask("khieu_nai", About("xa", kind)))
    assert found.route is not None
    assert found.route.id == route
    assert words in found.does_words


def test_the_law_of_social_insurance_and_of_enforcement_have_their_own_articles() -> None:
    assert "Luật Bảo hiểm xã hội 41/2024/QH15 Đ129" in who_settles(ask("khieu_nai", About("xa", "bhxh"))).basis
    assert "Luật Thi hành án dân sự Đ142" in who_settles(ask("khieu_nai", About("xa", "thi_hanh_an"))).basis


def test_the_police_of_a_commune_answered_to_the_district_until_march_2025() -> None:
    for day, head in ((date(2025, 2, 28), "Trưởng Công an cấp huyện"), (date(2025, 3, 1), "Giám đốc Công an tỉnh")):
        assert who_settles(ask("to_cao", About("xa", "cong_an", "head"), on=day)).settler == head


def test_a_petition_about_the_police_or_the_power_company_is_passed_to_them() -> None:
    for kind in ("cong_an", "dien_luc", "bhxh"):
        found = who_settles(ask("phan_anh", About("xa", kind)))
        assert (found.settler, found.does, found.pakn) == (VERTICAL[kind][0], "chuyen", "tiep_cong_dan")


# --- what the receiving agency does ----------------------------------------------------------------------------------

@pytest.mark.parametrize(("question", "does", "clock", "paper"), [
    (ask("khieu_nai", About("xa", "ubnd", "head")), "thu_ly", "KN-02", "Mẫu số 03 NĐ 155/2026"),
    (ask("khieu_nai", About("xa", "ubnd", "head"), at=RECEPTION, history="second"), "thu_ly", "KN-02", "Mẫu số 03"),
    (ask("khieu_nai", About("tinh", "so", "head")), "huong_dan", "XLD-01", "hướng dẫn"),
    (ask("khieu_nai", About("tinh", "so", "head"), signs="forwarded"), "tra_lai", "XLD-01", "trả lại đơn"),
    (ask("khieu_nai", About("xa", "ubnd", "head"), at=RECEPTION, history="overdue_below"), "bao_cao_chi_dao", "XLD-01", "chỉ đạo"),
    (ask("khieu_nai", About("xa", "ubnd", "head"), history="decided"), "huong_dan", "KN-02", "không thụ lý"),
    (ask("khieu_nai", About("xa", "ubnd", "head"), at=RECEPTION, history="decided", signs="unlawful_settlement"), "bao_cao_chi_dao", None, "xem xét lại"),
    (ask("khieu_nai", About("xa", "ubnd", "head"), history="in_court"), "huong_dan", "KN-02", "không thụ lý"),
    (ask("khieu_nai", About("xa", "ubnd", "head"), signs="duplicate"), "luu", None, "lưu"),
    (ask("khieu_nai", About()), "xem_xet", "XLD-01", "đề xuất"),
    (ask("to_cao", About("xa", "ubnd", "staff")), "thu_ly", "TC-01", "Mẫu số 04 NĐ 31/2019"),
    (ask("to_cao", About("xa", "ubnd", "head")), "chuyen", "TC-02", "Mẫu số 03 TT 05/2021"),
    (ask("to_cao", About("xa", "ubnd", "head"), signs="in_person"), "huong_dan", "TC-02", "hướng dẫn"),
    (ask("to_cao", About("xa", "ubnd", "head"), signs="also_sent_to_competent"), "luu", None, "lưu"),
    (ask("to_cao", About("xa", "ubnd", "staff"), signs="anonymous"), "luu", None, "lưu"),
    (ask("to_cao", About("xa", "ubnd", "staff"), signs="anonymous_clear"), "bao_cao_chi_dao", None, "thanh tra, kiểm tra"),
    (ask("to_cao", About("xa", "ubnd", "head"), signs="anonymous_clear"), "chuyen", None, "thông tin có nội dung tố cáo"),
    (ask("to_cao", About("xa", "ubnd", "head"), signs="crime"), "chuyen", None, "tội phạm"),
    (ask("to_cao", About("xa", "ubnd", "staff"), signs="party"), "chuyen", "TC-02", "Mẫu số 03 TT 05/2021"),
    (ask("to_cao", About("xa", "ubnd", "staff"), at=RECEPTION, history="decided"), "xem_xet", "TC-10", "giải quyết lại"),
    (ask("to_cao", About("xa", "ubnd", "staff"), at=RECEPTION, history="overdue_below"), "bao_cao_chi_dao", "TC-11", "báo cáo"),
    (ask("kien_nghi", About("xa", "ubnd")), "thu_ly", "TCD-10", "Mẫu số 01"),
    (ask("kien_nghi", About("tinh", "so")), "chuyen", "TCD-10", "chuyển đơn"),
    (ask("phan_anh", About("xa")), "thu_ly", "TCD-10", "Mẫu số 01"),
    (ask("phan_anh", About("ngoai")), "thu_ly", "TCD-10", "Mẫu số 01"),
    (ask("phan_anh", About("xa", "ubnd"), signs="answered_nothing_new"), "luu", None, "lưu"),
    (ask("hoi_dap", About("tinh", "so")), "huong_dan", "TCD-10", "trả lời"),
])  # fmt: skip
def test_the_receiving_agency_does_this_with_that_paper_by_that_clock(question: Question, does: str, clock: str | None, paper: str) -> None:
    found = who_settles(question)
    assert (found.does, found.clock) == (does, clock)
    assert paper in found.paper
    assert found.basis


def test_another_commune_of_the_same_level_is_not_the_one() -> None:
    about = About("xa", "ubnd", "head", key="c04978")
    assert who_settles(ask("khieu_nai", about, at=About("xa", "ubnd", key="c04978"))).does == "thu_ly"
    assert who_settles(ask("khieu_nai", about, at=About("xa", "ubnd", key="c07900"))).does == "huong_dan"


def test_a_person_may_go_to_court_at_each_stage_and_after_a_late_answer_to_the_superior() -> None:
    first = who_settles(ask("khieu_nai", About("xa", "ubnd", "head")))
    assert any("Tòa án" in c for c in first.choices)
    late = who_settles(ask("khieu_nai", About("xa", "ubnd", "head"), at=RECEPTION, history="overdue_below"))
    assert any("Tòa án" in c for c in late.choices)


def test_a_civil_servants_complaint_against_discipline_has_its_own_articles() -> None:
    about = About("tinh", "so", "head")
    first, second = (who_settles(ask("khieu_nai", about, history=h, signs="civil_servant_discipline")) for h in ("first", "second"))
    assert "Luật Khiếu nại Đ51 k1" in first.basis
    assert "Luật Khiếu nại Đ51 k2" in second.basis
    top = who_settles(ask("khieu_nai", PROVINCE, history="second", signs="civil_servant_discipline"))
    assert top.settler == "Bộ trưởng Bộ Nội vụ"


def test_breaches_by_anyone_go_to_the_agency_that_manages_the_field() -> None:
    found = who_settles(ask("to_cao", About("ngoai"), field="môi trường"))
    assert found.settler == "Sở Nông nghiệp và Môi trường"
    assert "Đ41 k1" in found.basis
    assert who_settles(ask("to_cao", About("ngoai"), field="an ninh trật tự")).settler == "Công an tỉnh"
    assert who_settles(ask("to_cao", About("ngoai"))).does == "xem_xet"


def test_original_papers_go_back_to_the_sender_when_the_letter_is_not_accepted() -> None:
    found = who_settles(ask("khieu_nai", About("tinh", "so"), signs="original_papers"))
    assert any("tài liệu gốc" in s for s in found.why)


def test_before_july_2026_the_acceptance_paper_was_the_old_form() -> None:
    assert "NĐ 124/2020" in who_settles(ask("khieu_nai", About("xa", "ubnd", "head"), on=date(2026, 6, 30))).paper


# --- three things called PAKN, and routes ----------------------------------------------------------------------------

def test_three_things_called_pakn_are_told_apart_and_have_their_own_clocks() -> None:
    petition = who_settles(ask("kien_nghi", About("xa", "ubnd")))
    rules = who_settles(ask("phan_anh", About("tinh", "so"), signs="administrative_rule"))
    field = who_settles(ask("phan_anh", About("xa", "ubnd"), signs="field_report"))
    assert [f.pakn for f in (petition, rules, field)] == ["tiep_cong_dan", "quy_dinh_hanh_chinh", "hien_truong"]
    assert [f.clock for f in (petition, rules, field)] == ["TCD-10", "PAKN-01", None]
    assert "NĐ 20/2008" in rules.basis
    assert field.verified == "unread"
    assert who_settles(ask("phan_anh", About(), at=PROVINCE, signs="administrative_rule")).does == "thu_ly"


@pytest.mark.parametrize(("sign", "where"), [
    ("land_dispute", "UBND cấp xã nơi có đất"), ("neighbours", "Tổ hòa giải"), ("crime", "Cơ quan điều tra"),
    ("court_pending", "Tòa án"), ("procedure", "Trung tâm Phục vụ hành chính công"), ("legal_aid", "Trợ giúp pháp lý"),
    ("party", "Ủy ban Kiểm tra"), ("elected", "HĐND"), ("civil_dispute", "Tòa án nhân dân"), ("labour", "Hòa giải viên"),
    ("consumer", "Doanh nghiệp"), ("proceedings", "thi hành án"), ("danger", "113"), ("internal", "nội bộ"), ("", "tiếp công dân"),
])  # fmt: skip
def test_what_is_none_of_these_always_has_a_route(sign: str, where: str) -> None:
    found = who_settles(ask("khac", About("ngoai"), signs=sign))
    assert found.route is not None
    assert where.lower() in f"{found.route.where} {found.route.name}".lower()
    assert found.does in ("huong_dan", "chuyen")
    assert found.settler == found.route.where


def test_a_question_without_a_sign_is_answered_by_who_manages_the_matter() -> None:
    route = route_of(ask("hoi_dap", About("tinh", "so")))
    assert route is not None
    assert route.id == "question"
    assert route_of(ask("khieu_nai", About("xa", "ubnd"))) is None


def test_danger_and_crime_come_before_any_other_route() -> None:
    both = route_of(ask("phan_anh", About("xa"), signs="procedure crime land_dispute"))
    assert both is not None
    assert both.id == "crime"


# --- the tables ------------------------------------------------------------------------------------------------------

@settings(max_examples=800, deadline=None)
@given(
    st.sampled_from(NATURES), st.sampled_from(LEVELS), st.sampled_from(["", *sorted(bodies())]), st.sampled_from(POSTS),
    st.sampled_from(HISTORIES), st.sampled_from(["", "xa", "tinh"]), st.sampled_from(["", "ubnd", "so", "cong_an", "ban_tiep_cong_dan"]),
    st.sampled_from([date(2022, 1, 1), BEFORE, date(2025, 7, 1), NOW]),
    st.sets(st.sampled_from([r.id for r in routes()] + ["anonymous", "anonymous_clear", "forwarded", "duplicate", "administrative_rule",
                             "field_report", "civil_servant_discipline", "in_person", "also_sent_to_competent"]), max_size=3),
)  # fmt: skip
def test_every_question_has_an_answer_with_an_article(
    nature: str, level: str, kind: str, post: str, history: str, at_level: str, at_kind: str, on: date, signs: set[str]
) -> None:
    found = who_settles(Question(nature, About(level, kind, post), on, About(at_level, at_kind), "đất đai", history, frozenset(signs)))
    assert found.does in DOES
    assert found.settler
    assert found.basis
    assert found.why
    assert all(s.endswith(".") for s in found.why)
    assert nature != "khac" or "duplicate" in signs or found.route is not None
    assert found.does != "thu_ly" or found.body is not None
    assert (found.pakn is not None) == (nature in ("kien_nghi", "phan_anh") and "duplicate" not in signs)


def test_every_clock_that_an_act_names_is_a_rule_of_the_law() -> None:
    law = load_law()
    for act in (a for versions in acts().values() for a in versions):
        if act.clock is not None:
            try:
                law.rule(act.clock)
            except Refusal:  # pragma: no cover
                pytest.fail(f"{act.id}: {act.clock}")


@pytest.mark.parametrize("change", [
    {"nature": "don_thu"}, {"history": "third"}, {"about": About("lang", "ubnd")}, {"about": About("xa", "ubnd", "queen")},
    {"about": About("xa", "hoi_dong")},
])  # fmt: skip
def test_a_word_that_is_none_is_an_error_and_not_a_guess(change: dict[str, object]) -> None:
    words: dict[str, object] = {"nature": "khieu_nai", "about": COMMUNE, "on": NOW, **change}
    with pytest.raises(LawError):
        who_settles(Question(**words))  # type: ignore[arg-type]


BODY = """
[[body]]
kind = "x"
name = "X"
relation = "line"
[[body.step]]
level = "xa"
name = "X cấp xã"
head = "Trưởng X"
first = "Luật X Đ1"
staff = "Luật X Đ2"
verified = "primary"
"""


@pytest.mark.parametrize("change", [
    ('relation = "line"', 'relation = "beside"'), ('level = "xa"', 'level = "thon"'), ('verified = "primary"', 'verified = "sure"'),
    ('verified = "primary"', 'verified = "secondary"'), ('head = ', 'boss = '),
])  # fmt: skip
def test_a_body_that_does_not_hold_together_is_refused(change: tuple[str, str]) -> None:
    assert read_bodies(BODY, "x.toml")
    with pytest.raises(LawError):
        read_bodies(BODY.replace(*change), "x.toml")
