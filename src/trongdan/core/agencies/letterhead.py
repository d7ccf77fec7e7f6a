"""What an office's papers begin and end with (NĐ 30/2020 Đ8, Đ13): its name, whom it is under, its place, its mark, its head."""

from __future__ import annotations

from datetime import date

from .models import Agency, PostRow

AGENCY_MARKS = {"committee": "UBND", "department": "S", "reception_board": "TCD", "inspectorate": "TTr", "council": "HĐND"}
BESIDE = {"du": "BÍ THƯ", "hdnd": "CHỦ TỊCH"}  # the head of a body beside a commune's committee, by the end of its code


def letterhead(code: str) -> dict[str, str]:
    """{agency, superior, place, agency_mark, head_title} of an agency. Raises Agency.DoesNotExist."""
    agency = Agency.objects.select_related("under").get(code=code)
    place = agency.name.rsplit("xã ", 1)[-1].rsplit("phường ", 1)[-1] if agency.place else "Phú Thọ"
    head = PostRow.objects.filter(agency=agency, role="head").values_list("title", flat=True).first() or ""
    return {"agency": agency.name, "superior": agency.under.name if agency.under else "", "place": place,
            "agency_mark": AGENCY_MARKS.get(agency.kind, "VP"), "head_title": head}  # fmt: skip


def head_word(code: str) -> str:
    """What the head of an agency signs as."""
    if code == "tinh-uy":
        return "BÍ THƯ"
    return "GIÁM ĐỐC" if code.startswith("so-") else BESIDE.get(code.rpartition("-")[2], "CHỦ TỊCH")


def number_mark(code: str) -> str:
    """What stands after the number of a paper: 12/TB-UBND (NĐ 30/2020 Đ15, Phụ lục I)."""
    beside = {"du": "ĐU", "hdnd": "HĐND"}.get(code.rpartition("-")[2])
    if beside:
        return beside
    return AGENCY_MARKS["committee"] if code.startswith(("c", "ubnd")) else code.upper()


def date_words(day: date | None) -> str:
    """ngày 05 tháng 8 năm 2026: days under ten and the first two months with a zero (NĐ 30/2020, Phụ lục I)."""
    if day is None:
        return ""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
