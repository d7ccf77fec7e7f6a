"""What the core looks up for a command before it is decided: who is kept out, where the case passes, who is alerted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from trongdan.core.agencies import conflict as agencies
from trongdan.core.agencies.models import Agency, Appointment
from trongdan.core.agencies.selectors import superior
from trongdan.kernel.case import Actor, CaseState, Command
from trongdan.kernel.conflict import ShutOut, named, read
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import EVERYTHING, Kind

from .registry import filler_of

ALERTING = ("vault.open", "vault.ask", "vault.confirm")


def looked_up(kind: Kind, state: CaseState | None, command: Command, actor: Actor, today: date) -> Command:
    """The command with what it needs to know. Asks nothing of the database when it brings no conflict and opens no vault."""
    on = command.on or today
    if command.action in ALERTING and state is not None:
        return replace(command, looked_up={"alert": alerted(state, actor, on)})
    if not kind.conflicts:
        return command
    answers = _answers(state, command)
    touched = [c for c in kind.conflicts if any(f in answers for f in c.fields)]
    found = [(c, [p for f in c.fields for p in named(answers.get(f))]) for c in touched]
    if not found:
        return command
    agency = str(command.agency or (state.agency if state else ""))
    shut = {c.id: agencies.shut_out(c, posts, on) for c, posts in found}
    known: dict[str, Any] = {"shut_out": [s.recorded() for s in shut.values()]}
    for conflict, posts in found:
        if EVERYTHING in conflict.out_of and agencies.settles_above(conflict, posts, agency, shut[conflict.id]):
            known["route"] = _route(kind, agency, shut[conflict.id])
    return replace(command, looked_up=known)


def filled(kind: Kind, state: CaseState | None, command: Command, today: date) -> Command:
    """The command with the fields that reference data answers; what a door brought for them is not heard."""
    edge = kind.edges.get(command.action)
    if edge is None or not edge.fills:
        return command
    filler = filler_of(kind)
    assert filler is not None  # the loader refuses it
    own = {k: v for k, v in command.data.items() if k not in edge.fills}
    agency = str(command.agency or (state.agency if state else ""))
    made = filler(edge.id, state.fields if state else {}, own, agency, command.on or today)
    return replace(command, data={**own, **{k: v for k, v in made.items() if k in edge.fills}})


def _answers(state: CaseState | None, command: Command) -> Mapping[str, Any]:
    """A paper that takes effect brings the answers it was drafted with."""
    if command.action.startswith("paper.") and state is not None:
        paper = state.papers.get(str(command.data.get("paper", "")))
        return paper.data if paper else {}
    return command.data


def _route(kind: Kind, agency: str, shut: ShutOut) -> str:
    up = agencies.way_up(agency, shut, "reception" in kind.first_seen_by)
    if up is None:
        raise Refusal("conflict.above_us", "Người bị nêu do cấp trên của cơ quan này giải quyết và trong tỉnh không còn ai được "
                      "giải quyết. Hãy chuyển đơn đến người có thẩm quyền ở cấp trên.", "Luật Tố cáo Đ12, Đ13")  # fmt: skip
    return up


def alerted(state: CaseState, actor: Actor, on: date) -> list[str]:
    """Who is told that a vault was opened: the head who settles it; where he opened it himself, is kept out or the post is
    empty, the superior and the province's inspectorate. Never anybody whom a conflict keeps out (domain 19)."""
    own = {p.id for p in actor.posts}
    settler = f"{state.agency}/head"
    if _may_be_told(state, settler, own, on):
        return [settler]
    inspectorate = Agency.objects.filter(kind="inspectorate", valid_to=None).values_list("code", flat=True).first()
    above = [f"{code}/head" for code in (superior(state.agency), inspectorate) if code]
    return [post for post in dict.fromkeys(above) if _may_be_told(state, post, own, on)]


def _may_be_told(state: CaseState, post: str, own: set[str], on: date) -> bool:
    if post in own or any(s.has_post(post) for s in state.shut_out.values()):
        return False
    held = Appointment.objects.filter(post_id=post, since__lte=on).exclude(until__lt=on)
    people = {str(person) for person in held.values_list("person", flat=True)}
    return bool(people) and not any(people & s.persons for s in state.shut_out.values())


def recorded(payload: Mapping[str, Any]) -> list[ShutOut]:
    return [read(entry) for entry in payload.get("shut_out", ())]
