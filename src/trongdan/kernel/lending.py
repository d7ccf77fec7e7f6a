"""A step that another agency does: the case stays with the agency that answers for it, the work lies with a post elsewhere.

An edge that `assigns` may also say (`lends`) which field names that post's agency. Who has the step there may do what an edge
lists for `assigned_elsewhere` and nothing else; those who lead there may give it to another of their own people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from . import conflict
from .authority import may, refuse_excluded, require
from .case import Actor, CaseState
from .errors import Refusal
from .kind import EdgeDef, Json

if TYPE_CHECKING:  # decide registers these actions
    from .decide import Ask

ASSIGNERS = ("head", "deputy", "unit_head", "reception")
LEADERS = ("head", "deputy", "unit_head")  # who sees a step lent to their agency, and may give it to another there


def marks(edge: EdgeDef, state: CaseState, fields: Mapping[str, Json], agency: str, final: bool) -> dict[str, Json]:
    """What an edge's event says of who has the work in hand: `assigned` a post id, `lent` its agency when that is another."""
    out: dict[str, Json] = {}
    lent = state.lent
    if edge.assigns and fields.get(edge.assigns):
        out["assigned"] = fields[edge.assigns]
        named = fields.get(edge.lends) if edge.lends else None
        lent = named if isinstance(named, str) and named != agency else None
    if final:
        lent = None
    return out | ({"lent": lent} if lent != state.lent else {})


def leads_elsewhere(state: CaseState, actor: Actor) -> bool:
    """Whether the actor leads the agency that has the step."""
    post = actor.post
    return post is not None and state.lent is not None and post.agency == state.lent and post.role in LEADERS


def may_assign(state: CaseState, actor: Actor) -> bool:
    return leads_elsewhere(state, actor) or may(state, actor, ASSIGNERS)


def given(ask: Ask) -> dict[str, Json]:
    """What `case:assigned` says: to a post of the agency that answers, which ends a step elsewhere; or, by who leads there, to
    another post there. Raises Refusal."""
    state, there = ask.state, leads_elsewhere(ask.state, ask.actor)
    if there:
        refuse_excluded(ask.actor, state)
    else:
        require(state, ask.actor, ASSIGNERS, "giao người thụ lý")
    step = ask.kind.steps.get(state.step)
    if step is None or step.final:
        raise Refusal("case.closed", "Hồ sơ đã kết thúc.", None)
    post, at = ask.command.data.get("post"), (state.lent or "") if there else state.agency
    if not isinstance(post, str) or not post.startswith((f"{at}/", f"{at}-")):
        of = "của ông/bà" if there else "đang giải quyết"
        raise Refusal("assign.elsewhere", f"Chỉ giao được cho chức danh trong cơ quan {of}.", None)
    for shut in state.shut_out.values():
        if shut.from_part("assigned") and shut.has_post(post):
            raise conflict.refusal(ask.kind, shut, "assign.conflict", "post")
    return {"assigned": post, **({"lent": None} if state.lent and not there else {})}
