"""What the case page offers: every action that leaves this step, each open to the actor, or with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from . import chain
from .authority import may, require, role_words
from .case import VIETNAM, Actor, CaseState, Command
from .decide import ANY_OFFICIAL, Ask, check_edge, refuse_secret
from .errors import Refusal
from .kind import EdgeDef, Kind
from .lawbook import LawBook
from .lending import ASSIGNERS, may_assign


@dataclass(frozen=True, slots=True)
class Allowed:
    """An action as the case page offers it: open to this actor, or why not."""

    action: str
    label: str
    ok: bool
    refusal: Refusal | None = None
    asks: tuple[str, ...] = ()
    paper: str | None = None
    reason: bool = False
    target: str | None = None  # the paper a chain action is about, or the clock of an explanation


def allowed(kind: Kind, state: CaseState, actor: Actor, now: datetime, law: LawBook) -> list[Allowed]:
    """Edges of the step, the waiting stages of papers, and what every kind has: assigning, explaining, secrecy."""
    if actor.excluded or state.kept_out(actor):
        return []
    today = now.astimezone(VIETNAM).date()
    out = []
    for edge in kind.edges_from(state.step):
        ask = Ask(kind, state, Command(kind.id, None, edge.id), actor, today, today, law)
        refusal = _why_not(ask, edge)
        out.append(Allowed(edge.id, edge.name, refusal is None, refusal, edge.asks, edge.paper, edge.reason))
    out += _papers(state, actor)
    step = kind.steps.get(state.step)
    if step is not None and not step.final:
        ok = may_assign(state, actor)
        out.append(Allowed("case.assign", "Giao người thụ lý", ok, None if ok else _not_yours(ASSIGNERS)))
    return [*out, *_explanations(kind, state, actor), *_secrecy(state, actor)]


def _papers(state: CaseState, actor: Actor) -> Iterator[Allowed]:
    """The stage each paper waits for; a drafter may take an unissued paper back."""
    for paper in state.papers.values():
        if paper.dead:
            continue
        if paper.waits in chain.STAGE_TAGS:
            ok = may(state, actor, paper.waits_for)
            yield Allowed(f"paper.{paper.waits}", chain.STAGE_NAMES[paper.waits], ok, None if ok else _not_yours(paper.waits_for),
                          paper=paper.form, target=paper.id)  # fmt: skip
        if paper.open and actor.post is not None and actor.post.id == paper.drafted_by:
            yield Allowed("paper.withdraw", "Rút văn bản đang trình", ok=True, paper=paper.form, target=paper.id)


def _explanations(kind: Kind, state: CaseState, actor: Actor) -> Iterator[Allowed]:
    """An agency that held the case may explain a lateness; the lateness itself stays (domain 22)."""
    if actor.post is None or actor.post.agency not in (*state.agencies, state.lent):
        return
    for clock in state.clocks.values():
        if clock.overdue_for is not None:
            yield Allowed("clock.explain", f"Giải trình chậm: {kind.clocks[clock.id].name}", ok=True, target=clock.id)


def _secrecy(state: CaseState, actor: Actor) -> Iterator[Allowed]:
    if state.secret is None and may(state, actor, ANY_OFFICIAL):
        yield Allowed("case.secret_flag", "Có dấu hiệu bí mật nhà nước", ok=True, reason=True)
    if state.secret == "flagged" and may(state, actor, ("head",)):  # noqa: S105  a state secret, not a password
        yield Allowed("case.secret_confirm", "Xác nhận là bí mật nhà nước", ok=True, reason=True)
        yield Allowed("case.secret_lift", "Không phải bí mật nhà nước", ok=True, reason=True)


def _not_yours(by: tuple[str, ...]) -> Refusal:
    return Refusal("post.not_yours", "Việc này thuộc về " + ", ".join(role_words(r) for r in by) + ".", None)


def _why_not(ask: Ask, edge: EdgeDef) -> Refusal | None:
    try:
        require(ask.state, ask.actor, edge.by, edge.name)
        refuse_secret(ask)
        check_edge(ask, edge, None)
        if edge.paper and any(p.open and p.edge == edge.id and p.waits != "redraft" for p in ask.state.papers.values()):
            raise Refusal("paper.already_drafted", "Đã có dự thảo đang trình.", None)
    except Refusal as refusal:
        return refusal
    return None
