"""What fills a column of a register: one small function a value. A vault case gives no word of who wrote it or of what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trongdan.core.cases.trail import Loaded
from trongdan.kernel.case import PaperState
from trongdan.kernel.reference import format_reference

SEALED = "Lưu trong kho kín"
SECRET = "Có dấu hiệu bí mật nhà nước: lưu ngoài hệ thống"  # noqa: S105  words on a page
RECEPTION = "reception.record"
SUMMARY = 300  # characters: a register sums up
RESULT_PAPERS = ("decision", "answer", "conclusion", "guidance", "transfer", "refusal")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a register before it is words: the case, when it came, who sent it; what was opened from it, where seen."""

    number: int
    on: date
    agency: str
    loaded: Loaded
    name: str = ""
    address: str = ""
    text: str = ""
    matters: tuple[Loaded, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)  # content id -> text
    agencies: Mapping[str, str] = field(default_factory=dict)  # code -> short name
    titles: Mapping[str, str] = field(default_factory=dict)  # post -> title
    settled_on: date | None = None
    late: bool | None = None

    def agency_name(self, code: Any) -> str:
        return self.agencies.get(str(code), str(code or ""))


def vi(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _choice(loaded: Loaded, field_id: str, value: Any) -> str:
    definition = loaded.kind.fields.get(field_id)
    return dict(definition.choices).get(value, str(value or "")) if definition else str(value or "")


def _sender(e: Entry) -> str:
    return SEALED if e.loaded.state.vault else ", ".join(p for p in (e.name, e.address) if p)


def _summary(e: Entry) -> str:
    if e.loaded.state.vault:
        return SEALED
    if e.loaded.state.secret:
        return SECRET
    text = " ".join(e.text.split())
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"


def _id_number(e: Entry) -> str:
    """What a person showed at the table (Mẫu 03/TCD, column 4). Of a vault case nothing."""
    field_ = e.loaded.state.fields.get("id_number")
    if e.loaded.state.vault or e.loaded.state.secret or not isinstance(field_, dict):
        return ""
    return e.words.get(field_.get("content", ""), "")


def _outcome(loaded: Loaded) -> str:
    outcomes = dict(loaded.kind.steps[loaded.state.step].outcomes)
    found = loaded.state.outcome
    return outcomes.get(found, _choice(loaded, "result", found)) if found else ""


def _taken_by(e: Entry) -> str:
    out = [f"{e.agency_name(m.state.agency)} ({format_reference(m.reference)})" for m in e.matters]
    moved = [a for a in e.loaded.state.agencies if a != e.agency]
    out += [f"{e.agency_name(a)}{_number(e, 'transfer')}" for a in moved]
    return "; ".join(out)


def _number(e: Entry, form: str) -> str:
    paper = next((p for p in e.loaded.state.papers.values() if form in p.form and p.number), None)
    return f", văn bản số {paper.number} ngày {vi(paper.dated)}" if paper else ""


def _guided(e: Entry) -> str:
    if e.loaded.state.outcome != "guided":
        return ""
    to = e.loaded.state.fields.get("to_agency")
    return (e.agency_name(to) if to else "Có văn bản hướng dẫn") + _number(e, "guidance")


def _result(e: Entry) -> str:
    own = _outcome(e.loaded) or e.loaded.kind.steps[e.loaded.state.step].name
    of_matters = [f"{m.kind.name}: {_outcome(m) or m.kind.steps[m.state.step].name}" for m in e.matters]
    return "; ".join([own, *of_matters])


def _handling(e: Entry) -> str:
    """What was done with a matter told at the table: accepted, refused, passed on, guided. Of other cases the outcome says it."""
    if e.loaded.kind.id != RECEPTION:
        return ""
    return _choice(e.loaded, "result", e.loaded.state.fields.get("result"))


def _remarks(e: Entry) -> str:
    fields = e.loaded.state.fields
    parts = [f"Mã {format_reference(e.loaded.reference)}"]
    if fields.get("arrival_no"):
        parts.append(f"số đến {fields['arrival_no']}")
    if fields.get("channel") and not e.loaded.state.vault:
        parts.append(_choice(e.loaded, "channel", fields["channel"]).lower())
    return "; ".join(parts)


def _result_paper(e: Entry) -> PaperState | None:
    found = [p for p in e.loaded.state.papers.values() if p.number and not p.dead and any(w in p.form for w in RESULT_PAPERS)]
    return found[-1] if found else None


def _paper(e: Entry) -> str:
    paper = _result_paper(e)
    return f"{paper.number}, {vi(paper.dated)}" if paper else ""


def _accepted(e: Entry) -> str:
    return vi(next((ev.on for ev in e.loaded.events if ev.tag.endswith(":acceptance:given")), None))


def _due(e: Entry) -> str:
    running = [c.due for c in e.loaded.state.clocks.values() if c.running and c.due and c.whose == "agency"]
    return vi(min(running, default=None))


def _clock_day(e: Entry, clock_id: str) -> str:
    clock = e.loaded.state.clocks.get(clock_id)
    return vi(clock.due) if clock else ""


VALUES: Mapping[str, Callable[[Entry], str]] = {
    "number": lambda e: str(e.number),
    "on": lambda e: vi(e.on),
    "blank": lambda _: "",
    "sender": _sender,
    "summary": _summary,
    "nature": lambda e: _choice(e.loaded, "nature", e.loaded.state.fields.get("nature")),
    "channel": lambda e: _choice(e.loaded, "channel", e.loaded.state.fields.get("channel")),
    "people": lambda e: str(e.loaded.state.fields.get("people") or 1),
    "settled_by": lambda e: e.agency_name(e.loaded.state.fields.get("first_agency") or e.loaded.state.fields.get("settled_by")),
    "id_number": _id_number,
    "handling": _handling,
    "competent": lambda e: "x" if any(m.state.agencies[:1] == (e.agency,) for m in e.matters) else "",
    "guided": _guided,
    "taken_by": _taken_by,
    "result": _result,
    "remarks": _remarks,
    "reference": lambda e: format_reference(e.loaded.reference),
    "kind": lambda e: e.loaded.kind.name,
    "procedure": lambda e: str(e.loaded.state.fields.get("procedure_name") or ""),
    "promised": lambda e: _clock_day(e, "settle"),
    "new_date": lambda e: vi(date.fromisoformat(day)) if (day := e.loaded.state.fields.get("new_date")) else "",
    "given_on": lambda e: vi(next((ev.on for ev in e.loaded.events if ev.tag == "dossier:result:given"), None)),
    "topic": lambda e: str(e.loaded.state.fields.get("topic") or ""),
    "accepted_on": _accepted,
    "assigned": lambda e: e.titles.get(e.loaded.state.assigned or "", ""),
    "due": _due,
    "step": lambda e: e.loaded.kind.steps[e.loaded.state.step].name,
    "paper": _paper,
    "outcome": lambda e: _outcome(e.loaded),
    "settled_on": lambda e: vi(e.settled_on),
    "in_time": lambda e: "" if e.late is None else "quá hạn" if e.late else "đúng hạn",
}
