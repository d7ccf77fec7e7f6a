"""The events of a case folded into its state (design 4): reads what was recorded and computes no law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from .case import CaseState, ClockState, Event, HeldSpan, PaperState
from .conflict import read
from .kind import Json, Kind


def fold(kind: Kind, events: Iterable[Event], state: CaseState | None = None) -> CaseState:
    """The state that the events make, starting from `state` when given (so that a few new events are cheap)."""
    current = state or CaseState(kind=kind.id, kind_version=kind.version)
    for event in events:
        current = _apply(current, event)
    return current


def _apply(state: CaseState, event: Event) -> CaseState:
    payload = event.payload
    changes: dict[str, object] = {"seq": event.seq, "kind": event.kind, "kind_version": event.kind_version}
    if state.seq < 0:
        changes["opened_on"] = event.on
        changes["origin_on"] = _day(payload.get("origin_on")) or event.on
        changes["parent"] = payload.get("parent")
        changes["opener"] = payload.get("opener")
    changes |= _protected(state, event)
    for key in ("step", "agency", "assigned", "lent", "outcome", "holder", "secret"):
        if key in payload:
            changes[key] = payload[key]
    if payload.get("step", state.step) != state.step:
        changes["came_from"] = state.step
    if payload.get("agency") and payload["agency"] not in state.agencies:
        changes["agencies"] = (*state.agencies, payload["agency"])
    if payload.get("data"):
        changes["fields"] = {**state.fields, **payload["data"]}
    if payload.get("clocks"):
        changes["clocks"] = _apply_clocks(state.clocks, payload["clocks"], event.on)
    if event.tag.startswith("paper:"):
        changes["papers"] = _apply_paper(state.papers, event, state.agency)
    if event.tag.startswith("case:child:"):
        changes |= _children(state, event)
    if event.tag == "case:assessed":
        changes["assessments"] = (*state.assessments, {**payload["verdict"], "on": event.on.isoformat()})
    if "final" in payload:
        changes["closed_on"] = event.on if payload["final"] else None
    return _hold(replace(state, **changes), event.on)  # type: ignore[arg-type]


def _children(state: CaseState, event: Event) -> dict[str, object]:
    """The cases opened from this one: whether each is open still, and of which kind."""
    child, kind = event.payload["child"], event.payload.get("kind")
    out: dict[str, object] = {"children": {**state.children, child: event.tag == "case:child:opened"}}
    return out | ({"child_kinds": {**state.child_kinds, child: kind}} if kind else {})


def _protected(state: CaseState, event: Event) -> dict[str, object]:
    """What keeps people safe: the vault, who is kept out, and what is said without a name."""
    payload = event.payload
    out: dict[str, object] = {key: True for key in ("vault", "stub") if payload.get(key)}
    if payload.get("shut_out"):
        out["shut_out"] = {**state.shut_out, **{e["conflict"]: read(e) for e in payload["shut_out"]}}
    if event.tag in _SAID:
        out["asked"] = (*state.asked, {"by": _SAID[event.tag], "words": payload["words"], "on": event.on.isoformat()})
    if event.tag.startswith("vault:"):
        out["vault_asked"] = _asked_for(state, event)
    if event.tag == "case:linked":
        out["repeat_of"] = payload["first"]
    return out


_SAID: Mapping[str, str] = {"case:asked": "office", "case:replied": "sender"}


def _asked_for(state: CaseState, event: Event) -> tuple[Mapping[str, Json], ...]:
    """Emergency openings: one asks, another confirms; a confirmed one is done."""
    if event.tag == "vault:asked":
        who = {"person": event.actor.get("person"), "post": event.actor.get("post"), "on": event.on.isoformat(), "done": False}
        return (*state.vault_asked, who)
    if event.payload.get("emergency"):
        return tuple({**one, "done": True, "second": event.actor.get("person")} if not one["done"] else one
                     for one in state.vault_asked)  # fmt: skip
    return state.vault_asked


def _hold(state: CaseState, on: date) -> CaseState:
    """Remember a change of hands."""
    holder, agency = state.in_hand or "none", state.hands
    if state.held and (state.held[-1].holder, state.held[-1].agency) == (holder, agency):
        return state
    return replace(state, held=(*state.held, HeldSpan(on, agency, holder)))


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if value else None


def _apply_clocks(clocks: Mapping[str, ClockState], notes: Iterable[Mapping[str, Json]], on: date
                  ) -> dict[str, ClockState]:  # fmt: skip
    out = dict(clocks)
    for note in notes:
        out[note["clock"]] = _apply_clock(out.get(note["clock"]), note, on)
    return out


def _apply_clock(clock: ClockState | None, note: Mapping[str, Json], on: date) -> ClockState:
    do = note["do"]
    if do == "start" or clock is None:
        clock = ClockState(
            id=note["clock"], rule=note["rule"], version=note["version"], calendar_version=note["calendar_version"],
            started_on=date.fromisoformat(note["started"]), due=_day(note.get("due")), whose=note.get("whose", "agency"),
            caution_due=_day(note.get("caution_due")), warn_on=_day(note.get("warn")), days_left=note.get("days_left"),
            variant=note.get("variant"), basis=note.get("basis", ""), verified=note.get("verified", ""),
            local=note.get("local", False), no_limit=note.get("no_limit"), extended=note.get("extended", 0),
        )  # fmt: skip
    if do == "start":
        return clock
    if do == "stop":
        return replace(clock, stopped_on=on)
    if do == "warned":
        return replace(clock, warned_for=clock.due)
    if do == "overdue":
        return replace(clock, overdue_for=clock.due, overdue_on=on)
    clock = replace(
        clock, due=_day(note.get("due")), caution_due=_day(note.get("caution_due")), warn_on=_day(note.get("warn")),
        days_left=note.get("days_left"), variant=note.get("variant"), basis=note.get("basis", clock.basis),
        verified=note.get("verified", clock.verified), local=note.get("local", clock.local),
        no_limit=note.get("no_limit"), extended=note.get("extended", clock.extended),
        version=note.get("version", clock.version),
        calendar_version=note.get("calendar_version", clock.calendar_version),
    )  # fmt: skip
    if do == "pause":
        return replace(clock, pauses=(*clock.pauses, (on, None)))
    if do == "resume" and clock.pauses:
        return replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], on)))
    return clock


def _apply_paper(papers: Mapping[str, PaperState], event: Event, agency: str) -> dict[str, PaperState]:
    payload, out = event.payload, dict(papers)
    paper_id = payload["paper"]
    if event.tag == "paper:drafted":
        previous = out.get(paper_id)
        out[paper_id] = PaperState(
            id=paper_id, form=payload["form"], edge=payload.get("edge"), data=payload.get("draft", {}),
            chain=tuple((s["stage"], tuple(s["roles"])) for s in payload["chain"]), stage=0,
            drafted_by=event.actor.get("post"), drafted_on=event.on,
            returned=previous.returned if previous else 0, agency=agency,
        )  # fmt: skip
        return out
    paper = out[paper_id]
    if event.tag == "paper:returned":
        out[paper_id] = replace(paper, stage=-1, remark=payload.get("remark"), returned=paper.returned + 1)
    elif event.tag == "paper:withdrawn":
        out[paper_id] = replace(paper, dead=True)
    else:
        out[paper_id] = replace(
            paper, stage=paper.stage + 1, number=payload.get("number", paper.number),
            dated=_day(payload.get("dated")) or paper.dated, effective=paper.effective or payload.get("effective", False),
            signed_by=event.actor.get("post") if event.tag == "paper:signed" else paper.signed_by,
            how=payload.get("how", paper.how), file=(payload.get("file") or {}).get("id", paper.file),
        )  # fmt: skip
    return out
