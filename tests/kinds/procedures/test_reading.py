"""The published catalogue is messy: what is read out of it, and what is said not to be understood."""

from __future__ import annotations

import pytest

from tests.kinds.procedures.rows import HEAD, row
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures.in_words import duration_words, fee_words
from trongdan.kinds.procedures.read_row import read_row
from trongdan.kinds.procedures.typed import WHY, Case, Document, Duration, Fee


def why(**more: object) -> set[str]:
    return {note.why for note in read_row(row(**more)).notes}


def test_a_clean_row_becomes_typed_data_with_nothing_left_over() -> None:
    found = read_row(row())
    assert found.notes == ()
    assert found.levels == ("commune",)
    assert found.durations == (Duration(5, "working_day", "counter"),)
    assert found.fees == (Fee(0, "VND", "", "counter"),)
    assert found.documents == (Document("Đơn đề nghị", 1, 0),)
    assert found.applicants == ("Công dân Việt Nam", "Tổ chức (không bao gồm doanh nghiệp, HTX)")
    assert (found.legal, found.results) == (("118/2025/NĐ-CP", "12/2024/QH15"), ("Giấy phép",))
    assert found.conditions == "", "“Không có” is no condition"


@pytest.mark.parametrize(("text", "value", "unit"), [("30 Ngày", 30, "calendar_day"), ("8 Giờ", 8, "hour"), ("2 Tháng", 2, "month")])
def test_every_unit_is_read(text: str, value: int, unit: str) -> None:
    assert read_row(row(duration=text)).durations == (Duration(value, unit, "counter"),)


def test_a_number_without_unit_takes_it_from_the_description_then_from_the_steps_and_else_says_so() -> None:
    assert read_row(row(duration="7", note="07 ngày làm việc kể từ ngày nhận đủ hồ sơ")).durations[0] == Duration(7, "working_day", "counter", "note")
    assert read_row(row(duration="3")).durations[0] == Duration(3, "working_day", "counter", "steps")
    lonely = read_row(row(duration="9"))
    assert lonely.durations[0].unit is None
    assert {n.why for n in lonely.notes} == {"no_unit"}
    assert "không ghi đơn vị" in duration_words(lonely.as_body())


def test_a_day_and_a_fee_that_ran_together_are_cut_where_the_words_tell_and_else_reported() -> None:
    cut = read_row(row(duration="320", note="VNĐ(20.000 đồng/tờ khai) trong 03 ngày làm việc", fee="Không có thông tin"))
    assert (cut.durations[0].value, cut.durations[0].unit) == (3, "working_day")
    assert "glued" in why(duration="1200", note="VNĐ")


def test_two_places_that_give_two_units_are_reported_and_the_stated_one_stays() -> None:
    found = read_row(row(duration="7 Ngày", note="07 ngày làm việc, kể từ ngày nhận đủ hồ sơ"))
    assert found.durations[0].unit == "calendar_day"
    assert [n.why for n in found.notes] == ["contradiction"]


def test_times_of_special_cases_are_kept_with_their_words() -> None:
    found = read_row(row(note="05 ngày làm việc; trường hợp phải xác minh thì 15 ngày"))
    assert found.cases == (Case(15, "calendar_day", "trường hợp phải xác minh thì 15 ngày"),)


@pytest.mark.parametrize(("fee", "note", "amount", "mended", "noted"), [
    ("25,000 Việt Nam Đồng(/trang)", "", 25_000, False, set()),
    ("1.500.000 VNĐ", "", 1_500_000, False, set()),
    ("135 VNĐ(135.000 đồng/lần)", "", 135_000, True, {"fee_mended"}),
    ("100 VNĐ", "", None, False, {"fee_unit"}),
    ("500,000 VNĐ(Áp dụng mức 250.000 đồng)", "", 500_000, False, {"fee_disagrees"}),
    ("Không có thông tin", "25,000 Việt Nam Đồng(/giao dịch)", 25_000, False, set()),
    ("Phí : 0 Đồng", "", 0, False, set()),
    ("Phí : theo quy định của Bộ", "", None, False, {"fee_words"}),
])  # fmt: skip
def test_fees_are_read_mended_or_reported(fee: str, note: str, amount: int | None, mended: bool, noted: set[str]) -> None:
    found = read_row(row(fee=fee, note=note))
    assert [(f.amount, f.mended) for f in found.fees] == [(amount, mended)]
    assert {n.why for n in found.notes} == noted


def test_an_unpublished_fee_is_not_a_free_one() -> None:
    found = read_row(row(fee="Không có thông tin"))
    assert found.fees == ()
    assert fee_words(found.as_body()) == "Chưa công bố"
    assert fee_words(read_row(row()).as_body()) == "Miễn phí"


def test_a_flattened_table_gives_its_rows_copies_forms_and_groups_back() -> None:
    text = (f"a) Hồ sơ cấp mới:{HEAD}Đơn theo mẫu số 20.031 bản chínhSơ đồ tổMau so do.docx1 bản chính,2 bản saob) Hồ sơ gia hạn:{HEAD}"
            "Đơn gia hạn0 bản chính,1 bản sao")  # fmt: skip
    assert read_row(row(documents=text)).documents == (
        Document("Đơn theo mẫu số 20.03", 1, 0, group="a) Hồ sơ cấp mới"),
        Document("Sơ đồ tổ", 1, 2, "Mau so do.docx", "a) Hồ sơ cấp mới"),
        Document("Đơn gia hạn", 0, 1, group="b) Hồ sơ gia hạn"),
    )


def test_a_remark_among_the_papers_is_no_paper_and_words_may_say_how_many_copies() -> None:
    text = f"{HEAD}Trường hợp ủy quyền thì người nộp tự chịu trách nhiệm.0 bản chínhHợp đồng: 01 bản chụp.0 bản chínhBiên bản.0 bản chính"
    remark, contract, minutes = read_row(row(documents=text)).documents
    assert remark.remark and not contract.remark
    assert (contract.originals, contract.copies) == (0, 1)
    assert (minutes.originals, minutes.copies, minutes.remark) == (None, None, False)


def test_what_is_lost_in_the_table_is_reported() -> None:
    assert why(documents=f"{HEAD}Đơn1 bản chính1 bản chính") >= {"row_lost"}
    assert why(documents=f"{HEAD}Đơn đề nghị1 bản chínhCòn sót lại ở cuối") == {"tail"}
    assert why(documents="Đơn đề nghị; ảnh chụp") == {"documents_words"}
    assert why(documents="") == {"no_documents"}


def test_the_tables_of_the_ministry_of_defence_are_read_too() -> None:
    tables = {"hinh_thuc_nop": [{"hinh_thuc": "Trực tiếp", "thoi_han_giai_quyet": "07 Ngày làm việc", "phi_le_phi": "Phí : 0 Đồng", "mo_ta": ""}],
              "thanh_phan_ho_so": [{"ten_giay_to": "Bản khai", "so_luong": "mau.doc", "ghi_chu": "Bản chính: 1\nBản sao: 0"}],
              "can_cu_phap_ly": [{"so_ky_hieu": "131/2021/NĐ-CP"}]}  # fmt: skip
    found = read_row(row(channels=[], documents="", legal_basis="", tables=tables))
    assert found.durations == (Duration(7, "working_day", "counter"),)
    assert found.documents == (Document("Bản khai", 1, 0, "mau.doc"),)
    assert (found.legal, found.fees[0].amount, found.notes) == (("131/2021/NĐ-CP",), 0, ())


@pytest.mark.parametrize(("bad", "code"), [({"code": "x"}, "procedure.code"), ({"name": "  "}, "procedure.name")])
def test_a_row_that_nothing_can_be_kept_of_is_refused(bad: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_row(row(**bad))
    assert refusal.value.code == code
    with pytest.raises(Refusal):
        read_row(["no object"])


def test_a_link_that_is_no_link_is_dropped_and_every_reason_has_words() -> None:
    assert read_row(row(source_url="javascript:alert(1)")).source_url == ""
    assert all(len(words) > 10 for words in WHY.values())


def test_hostile_values_do_not_break_the_reader() -> None:
    found = read_row(row(channels=[{"channel": None, "duration": 5, "fee": None, "note": "\x00ngày"}], steps=None, tables="x", documents="(" * 3000))
    assert found.durations[0].value == 5
    assert "\x00" not in str(found)
