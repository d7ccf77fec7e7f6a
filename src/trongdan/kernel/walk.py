"""Walk a worked case of a kind: dates in, dates out. Run as tests and printed in the docs (design 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from .case import SYSTEM, VIETNAM, Actor, CaseState, Command, Decision, Event, PaperState, Post
from .decide import decide
from .folding import fold
from .kind import ELSEWHERE, Json, Kind
from .lawbook import LawBook

AGENCY = "c04978"


@dataclass(frozen=True, slots=True)
class Walked:
    """Where a worked case ended: its state, its trail, and the kinds it opened."""

    state: CaseState
    events: tuple[Event, ...]
    spawned: tuple[str, ...]


def actor_as(role: str, state: CaseState | None) -> Actor:
    """Someone who may act in a role for this case: an invented holder of the right post."""
    if role == "sender":
        return Actor(is_sender=True, door="portal")
    if role == "system":
        return SYSTEM
    agency = state.agency if state and state.agency else AGENCY
    post = Post(f"{agency}/{role}", role, agency)
    if role.startswith("@"):
        field, _, own = role[1:].partition("/")
        named = str(state.fields.get(field) if state else "")
        post = Post(f"{named}/{own}", own, named) if own else Post(named, "officer", agency)
    if role in ("assigned", ELSEWHERE):
        post = Post((state.assigned if state else None) or f"{agency}/officer/1", "officer",
                    (state.lent if state else None) or agency)
    if role == "verifier":
        post = Post(str(state.fields.get("verifier") if state else ""), "verifier", agency)
    return Actor(person="00000000-0000-0000-0000-000000000000", posts=(post,), post=post)


def seal(kind: Kind, data: Mapping[str, Json]) -> dict[str, Json]:
    """Stand-ins for the references that the core puts in place of private text."""
    return {k: {"content": "0", "commitment": "0"} if k in kind.sealed_fields else v for k, v in data.items()}


def walk(kind: Kind, example: Mapping[str, Json], law: LawBook) -> Walked:
    """Play an example's lines through `decide` and `fold`. Papers go through their chain on the same day."""
    trail: list[Event] = []
    spawned: list[str] = []
    state: CaseState | None = None

    def take(decision: Decision, actor: Actor, now: datetime) -> CaseState:
        trail.extend(Event(new.tag, new.on, now, new.payload, seq, kind.id, kind.version, actor.reference())
                     for seq, new in enumerate(decision.events, len(trail)))  # fmt: skip
        spawned.extend(s.kind for s in decision.spawn)
        return fold(kind, trail)

    for line in example["walk"]:
        now = datetime.combine(date.fromisoformat(line["on"]), time(9), VIETNAM)
        origin = date.fromisoformat(line["origin_on"]) if "origin_on" in line else None
        command = Command(kind.id, "case" if state else None, line.get("do") or line["act"],
                          seal(kind, line.get("data", {})), reason=line.get("reason"),
                          agency=AGENCY, origin_on=origin)  # fmt: skip
        actor = actor_as(line["by"], state)
        state = take(decide(kind, state, command, actor, now, law), actor, now)
        paper = _next_paper(state)
        while paper is not None and paper.waits is not None:
            data = {"paper": paper.id, **({"number": "1"} if paper.waits == "number" else {})}
            actor = actor_as(paper.waits_for[0], state)
            step = Command(kind.id, "case", f"paper.{paper.waits}", data)
            state = take(decide(kind, state, step, actor, now, law), actor, now)
            paper = _next_paper(state)
    if state is None:
        raise ValueError("an example needs at least one line")
    return Walked(state, tuple(trail), tuple(spawned))


def _next_paper(state: CaseState) -> PaperState | None:
    """The paper on its way, or one that took effect and has not been sent."""
    unsent = (p for p in state.papers.values() if p.effective and not p.dead and p.waits == "send")
    return state.waiting_paper or next(unsent, None)


def differences(walked: Walked, expect: Mapping[str, Json]) -> list[str]:
    """What an example expects and the walk does not show; empty when it holds."""
    out = [f"{key}: {getattr(walked.state, key)!r}, expected {expect[key]!r}" for key in ("step", "outcome")
           if key in expect and getattr(walked.state, key) != expect[key]]  # fmt: skip
    for clock_id, day in expect.get("due", {}).items():
        clock = walked.state.clocks.get(clock_id)
        got = clock.due.isoformat() if clock and clock.due else None
        if got != day:
            out.append(f"due of {clock_id}: {got}, expected {day}")
    missing = [kind_id for kind_id in expect.get("spawned", ()) if kind_id not in walked.spawned]
    return out + [f"{kind_id} was not opened" for kind_id in missing]
