"""Durations as published, read: "5 Ngày làm việc", "3", "120" beside "VNĐ(20.000 đ)" (a day and a fee run together)."""

from __future__ import annotations

import re

from .typed import Case, Duration, Note

_STATED = re.compile(r"(\d{1,4})\s*(ngày làm việc|ngày|giờ|tháng)?$", re.IGNORECASE)
_SAID = re.compile(r"(?<![\d/.])(\d{1,3})(?:\s*\([^)0-9]{2,30}\))?\s*(ngày làm việc|ngày|giờ làm việc|giờ|tháng)(?!\s*\d)",
                   re.IGNORECASE)  # fmt: skip
_UNITS = {"ngày làm việc": "working_day", "ngày": "calendar_day", "giờ": "hour", "giờ làm việc": "hour", "tháng": "month"}
_CLAUSES = re.compile(r"[;\n]|(?<=\D)\.\s|\s-\s|^-\s", re.MULTILINE)
_OF_A_CASE = re.compile(r"trường hợp|đối với|phức tạp|vùng sâu|nếu |cần xác minh|cấp lại|cấp mới|gia hạn|điều chỉnh", re.IGNORECASE)
_MONEY = re.compile(r"\s*(VNĐ|Việt Nam Đồng|USD)")
_THOUSANDS = re.compile(r"(\d{1,3}(?:[.,]\d{3})+)")
CASES = 6
WORDS = 240


def said(text: str) -> list[tuple[int, str]]:
    """(number, unit) of every time named in a text, in its order."""
    return [(int(n), _UNITS[u.lower()]) for n, u in _SAID.findall(text)]


def split_glued(digits: str, note: str) -> tuple[int, int] | None:
    """"120" beside "VNĐ(20.000 đồng)": one day and a fee printed as 20. (days, fee as printed), or None if nothing tells
    where to cut."""
    for amount in _THOUSANDS.findall(note):
        whole = int(re.sub(r"[.,]", "", amount))
        for printed in (str(whole), str(whole // 1000)):
            if digits.endswith(printed) and len(digits) > len(printed):
                return int(digits[: -len(printed)]), int(printed)
    return None


def read_duration(text: str, note: str, steps: str, channel: str) -> tuple[Duration | None, list[Note]]:
    """The time of one channel. A number without a unit takes the one that the note, or else the steps, give to the very
    same number; if those differ among themselves it stays without."""
    text = text.strip()
    if not text:
        return None, []
    match = _STATED.match(text)
    if not match:
        return None, [Note("duration", "no_unit", text)]
    value, unit = int(match[1]), match[2]
    if unit:
        stated = _UNITS[unit.lower()]
        others = {u for n, u in said(note) if n == value}
        differs = bool(others) and stated not in others
        return Duration(value, stated, channel), [Note("duration", "contradiction", f"{text} | {note[:160]}")] if differs else []
    if _MONEY.match(note):
        parts = split_glued(match[1], note)
        if parts is None:
            return None, [Note("duration", "glued", f"{text}{note[:120]}")]
        value = parts[0]
    for read_in, words in (("note", note), ("steps", steps)):
        units = {u for n, u in said(words) if n == value}
        if len(units) == 1:
            return Duration(value, units.pop(), channel, read_in), []
    return Duration(value, None, channel), [Note("duration", "no_unit", f"{text} {note[:120]}".strip())]


def read_cases(note: str) -> list[Case]:
    """The times that the description gives for cases of its own: "đối với vụ việc phức tạp … 45 ngày"."""
    out: dict[tuple[int, str], Case] = {}
    for clause in _CLAUSES.split(note):
        if not _OF_A_CASE.search(clause):
            continue
        for value, unit in said(clause):
            out.setdefault((value, unit), Case(value, unit, " ".join(clause.split())[:WORDS]))
    return list(out.values())[:CASES]
