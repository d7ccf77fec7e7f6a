"""The minutes of a whole reception day, from what was noted of it: who received, every number called, what became of each.

No name of who came and no word of theirs: those are in the records, which fewer people may read. A record in the vault, or one the
reader may not see, is a number and nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from trongdan.core.agencies.letterhead import date_words, head_word, letterhead
from trongdan.core.agencies.selectors import post_titles
from trongdan.core.cases.trail import Loaded, load
from trongdan.core.people.selectors import names_of
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.reference import format_reference

from .models import Booking, Mark, Session
from .selectors import marks, words_of

CAME = {"began": "bắt đầu tiếp", "ended": "kết thúc", "stood_in": "cấp phó tiếp thay", "absent": "vắng mặt"}
PAPER = "reception_minutes"


def minutes_words(session: Session, today: date) -> dict[str, Any]:
    """What the paper `reception_minutes` says. Inside the scope of the session's own body."""
    places = list(Booking.objects.filter(session=session).order_by("number"))
    records = load([p.record for p in places if p.record is not None])
    children = load([UUID(c) for found in records.values() for c in found.state.children])
    day = words_of(session)
    who, beside = f" ({day.who})" if day.who else "", f". Cùng dự: {session.attends}" if session.attends else ""
    return {
        **letterhead(session.agency), "on": f"{session.on:%d/%m/%Y}", "starts": f"{session.starts:%H:%M}",
        "ends": f"{session.ends:%H:%M}", "place_name": session.place, "receiver": f"{day.title}{who}{beside}",
        "came": _came(marks(session.id)),
        "counts": _counts(places), "turns": "\n".join(_turn(p, records, children) for p in places) or "Không có ai đến.",
        "date_words": date_words(today), "dated": today.isoformat(), "signer_capacity": head_word(session.agency),
        "signer_name": "",
    }  # fmt: skip


def _came(noted: list[Mark]) -> str:
    people, titles = names_of({str(m.person) for m in noted}), post_titles([m.post for m in noted])
    by = {m.id: ", ".join(w for w in (people.get(str(m.person)), titles.get(m.post)) if w) for m in noted}
    lines = [f"- {m.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}: {by[m.id]} ghi {CAME[m.what]}"
             f"{f' ({m.words})' if m.words else ''}." for m in noted if m.what in CAME]  # fmt: skip
    return "\n".join(lines) or "Chưa ai ghi đã trực tiếp tiếp."


def _counts(places: list[Booking]) -> str:
    found = Counter(p.state for p in places)
    recorded = sum(p.record is not None for p in places)
    people = sum(p.people for p in places if p.record is not None)
    return (f"Đã cấp {len(places)} số; có bản ghi {recorded} lượt, {people} người; không đến {found[Booking.State.ABSENT]}; "
            f"đã hủy {found[Booking.State.CANCELLED]}; còn chờ {found[Booking.State.WAITING]}.")  # fmt: skip


def _turn(place: Booking, records: Mapping[UUID, Loaded], children: Mapping[UUID, Loaded]) -> str:
    """One line of the minutes: the number, the record's reference, what sort of matter, and what became of it."""
    if place.record is None:
        return f"- Số {place.number}: {place.get_state_display().lower()}."
    found = records.get(place.record)
    if found is None or found.state.vault or found.state.secret:
        return f"- Số {place.number}: giữ kín, ghi ở hồ sơ riêng."
    fields, kind = found.state.fields, found.kind
    natures = dict(kind.fields["nature"].choices)
    sort = natures.get(str(fields.get("nature")), "chưa phân loại").lower()
    people = f", {place.people} người" if place.people > 1 else ""
    opened = [children[UUID(c)] for c in found.state.children if UUID(c) in children]
    said = [f"- Số {place.number}{people}: {format_reference(found.reference)}, {sort}; {_became(found)}"]
    said += [f"mở {c.kind.name.lower()} {format_reference(c.reference)}" for c in opened if not c.state.vault]
    return "; ".join(said) + "."


def _became(found: Loaded) -> str:
    step = found.kind.steps[found.state.step]
    clock = found.state.clocks.get("answer")
    if not step.final and clock is not None and clock.due is not None:
        return f"{step.name[0].lower()}{step.name[1:]} (chậm nhất {clock.due:%d/%m/%Y})"
    return f"{step.name[0].lower()}{step.name[1:]}"
