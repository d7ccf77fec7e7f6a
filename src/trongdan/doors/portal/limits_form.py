"""A day typed in three fields, as people say it: ngày, tháng, năm. Nothing typed is lost; what is wrong is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, by their names."""

    words: Mapping[str, str]

    @property
    def any_pause(self) -> bool:
        return any(self.words.get(name) for name in ("pd", "pm", "py", "rd", "rm", "ry"))


def read_day(query: QueryDict, prefix: str, default: date | None) -> tuple[Typed, date | None, str]:
    """(what was typed, the day, what is wrong with it) from the fields `d`, `m`, `y` with a prefix; without one also from
    `from`, as 2026-07-06 or 6/7/2026. Nothing typed is the default."""
    names = [prefix + part for part in "dmy"]
    if not prefix and not any(name in query for name in names):
        return _from(query.get("from", ""), default)
    parts = [query.get(name, "").strip()[:10] for name in names]
    typed = Typed(dict(zip(names, parts, strict=True)))
    if not any(parts):
        return (typed, None, _("Hãy ghi ngày bắt đầu tính.")) if not prefix else (typed, None, "")
    return typed, *_made(parts)


def _from(text: str, default: date | None) -> tuple[Typed, date | None, str]:
    """A day in the address: an address that somebody sent on, or a link of ours."""
    day, wrong = default, ""
    if text:
        found = _DAY_FIRST.fullmatch(text.strip())
        day, wrong = _made(list(found.groups())) if found else _iso(text)
    return Typed({"d": str(day.day), "m": str(day.month), "y": str(day.year)} if day else {}), day, wrong


def _iso(text: str) -> tuple[date | None, str]:
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, _("Ngày chưa đúng. Hãy chọn lại ngày.")


def _made(parts: list[str]) -> tuple[date | None, str]:
    """A day from day, month, year, and what is wrong when there is no such day."""
    if not all(p.isdecimal() for p in parts):
        return None, _("Hãy ghi đủ ngày, tháng, năm bằng số, ví dụ 6 – 7 – 2026.")
    if len(parts[2]) != 4:
        return None, _("Năm cần đủ bốn chữ số, ví dụ 2026.")
    try:
        return date(*(int(p) for p in reversed(parts))), ""
    except ValueError:
        return None, _("Không có ngày %(day)s. Hãy ghi lại.") % {"day": "/".join(parts)}
