"""The words of the calendar poster and of the slip. Runs inside a scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from trongdan.core.agencies.letterhead import date_words, head_word, letterhead
from trongdan.kernel.calendar import WEEKDAYS_VI
from trongdan.kernel.reference import format_reference

from .models import Booking
from .selectors import Day, needs_of


def day_line(day: Day) -> str:
    """One day of the poster: when, who, where, what it will be about, with whom."""
    s = day.session
    line = f"{WEEKDAYS_VI[s.on.weekday()].capitalize()}, {s.on:%d/%m/%Y}, {s.starts:%H:%M}–{s.ends:%H:%M}: {day.title}"
    line += f" ({day.who})" if day.who else ""
    line += " tiếp trực tuyến" if s.online else ""
    line += f", tại {s.place}" if s.place else ""
    line += f". Nội dung: {s.topic}" if s.topic else ""
    line += f". Cùng dự: {s.attends}" if s.attends else ""
    if s.moved_to is not None:
        return f"LÙI LỊCH: {line}. Tiếp ngày {s.moved_to.on:%d/%m/%Y}, {s.moved_to.starts:%H:%M}. Lý do: {s.moved_reason}"
    return f"{line}."


def calendar_words(agency: str, days: Sequence[Day], site: str, today: date) -> dict[str, Any]:
    """The poster of a body's own days."""
    places = list(dict.fromkeys(d.session.place for d in days if not d.session.online))
    return {**letterhead(agency), "days": "\n".join(day_line(d) for d in days) or "Chưa có lịch.", "site": site,
            "place_name": "; ".join(places), "date_words": date_words(today), "dated": today.isoformat(),
            "signer_capacity": head_word(agency), "signer_name": ""}  # fmt: skip


def slip_words(booking: Booking, day: Day, url: str) -> dict[str, Any]:
    """The slip in large print: no name, no matter; whoever finds it learns a day and a number."""
    s = day.session
    return {"number_in_queue": str(booking.number), "title": day.title, "agency_name": day.agency, "on": f"{s.on:%d/%m/%Y}",
            "starts": f"{s.starts:%H:%M}", "ends": f"{s.ends:%H:%M}", "place_name": ("trực tuyến, " if s.online else "") + s.place,
            "needs": "; ".join(needs_of(booking)), "many": "1" if booking.people > 1 else "",
            "reference": format_reference(booking.reference), "url": url, "place": "Phú Thọ",
            "date_words": date_words(booking.made_at.date()), "dated": booking.made_at.date().isoformat()}  # fmt: skip
