"""Small words and figures for templates. No query, no rule of law."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()
VIETNAM = timezone(timedelta(hours=7))
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@register.filter
def vi_date(value: date | datetime | str | None) -> str:
    """dd/mm/yyyy, in English 28 August 2026 (which no one reads the other way round); empty for None. ISO text is understood; of a
    moment it is the day in Vietnam."""
    if not value:
        return ""
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    if isinstance(day, datetime):
        day = day.astimezone(VIETNAM).date()
    return date_format(day, "j F Y") if (get_language() or "").startswith("en") else f"{day:%d/%m/%Y}"


@register.filter
def vi_time(value: datetime | None) -> str:
    return f"{value.astimezone(VIETNAM):%H:%M, %d/%m/%Y}" if value else ""


@register.filter
def weekday(value: date | None) -> str:
    """Thứ Hai (Django says "thứ 2"); in English Monday."""
    if not value:
        return ""
    return str(date_format(value, "l")) if (get_language() or "").startswith("en") else WEEKDAYS[value.weekday()]


@register.filter
def days_words(days: int) -> str:
    """How far a limit is, in words: never by colour alone."""
    if days < 0:
        return _("quá hạn %(n)s ngày") % {"n": -days}
    return _("hạn hôm nay") if days == 0 else _("còn %(n)s ngày") % {"n": days}


@register.filter
def dong(amount: int | None) -> str:
    """23000 -> 23.000."""
    return f"{amount or 0:,}".replace(",", ".")


@register.filter
def get(table: Any, key: Any) -> Any:
    return table.get(key, "") if hasattr(table, "get") else ""


@register.filter
def same(one: Any, other: Any) -> bool:
    """Whether two ids are the same, written or not."""
    return str(one) == str(other)
