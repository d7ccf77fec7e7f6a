"""The way a dossier took: each desk with who had it, from when to when, how long it was given, early or late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trongdan.core.agencies.selectors import post_titles
from trongdan.core.cases.trail import Loaded
from trongdan.kernel.case import Event

MOVES = ("dossier:receipt:recorded", "dossier:acceptance:given", "dossier:desk:passed", "dossier:desk:returned")
PAUSES = {"dossier:supplement:asked": True, "dossier:supplement:given": False}


@dataclass(frozen=True, slots=True)
class Leg:
    """A desk's turn. `until` None while it still has the dossier; `due` None while the sender's time runs."""

    desk: str
    post: str
    since: date
    until: date | None
    due: date | None
    returned: bool

    def late(self, today: date) -> bool:
        return self.due is not None and (self.until or today) > self.due


def route(loaded: Loaded) -> list[Leg]:
    """The legs in their order. Pure on the loaded trail; `post` is a post id."""
    legs: list[Leg] = []
    due: date | None = None
    for event in loaded.events:
        data: Mapping[str, Any] = event.payload.get("data") or {}
        if event.tag in MOVES:
            if legs:
                legs[-1] = _ended(legs[-1], event.on, due)
            due = _due(event)
            legs.append(Leg(str(data.get("desk_name") or ""), str(data.get("desk_post") or ""), event.on, None, due,
                            event.tag == "dossier:desk:returned"))  # fmt: skip
        elif _has_desk_clock(event) and legs:
            due = _due(event)
            legs[-1] = _ended(legs[-1], None, due)
        if event.payload.get("final") and legs and legs[-1].until is None:
            legs[-1] = _ended(legs[-1], event.on, due)
    return legs


def _has_desk_clock(event: Event) -> bool:
    return any(n["clock"] == "desk" and n["do"] in ("pause", "resume") for n in event.payload.get("clocks", ()))


def _due(event: Event) -> date | None:
    note = next((n for n in event.payload.get("clocks", ()) if n["clock"] == "desk"), None)
    return date.fromisoformat(note["due"]) if note and note.get("due") else None


def _ended(leg: Leg, until: date | None, due: date | None) -> Leg:
    return Leg(leg.desk, leg.post, leg.since, until, due, leg.returned)


def route_words(loaded: Loaded, today: date) -> list[str]:
    """The legs as lines of form 06."""
    legs = route(loaded)
    titles = post_titles([leg.post for leg in legs])
    out = []
    for number, leg in enumerate(legs, 1):
        until = f"đến {leg.until:%d/%m/%Y}" if leg.until else "đang giữ"
        given = f"giao đến {leg.due:%d/%m/%Y}" if leg.due else "đang chờ bổ sung"
        early = leg.until is not None and leg.due is not None and leg.until < leg.due
        mark = "CHẬM" if leg.late(today) else "sớm" if early else "đúng hạn" if leg.until else "trong hạn"
        back = " (trả lại)" if leg.returned else ""
        who = titles.get(leg.post, leg.post)
        out.append(f"{number}. {leg.desk}{back}: {who}; từ {leg.since:%d/%m/%Y} {until}; {given}; {mark}")
    return out
