"""The case that an edge opens: of which kind, at which agency, from which day, with which facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .case import CaseState, Command, Spawn
from .errors import Refusal
from .facts import facts_of
from .kind import EdgeDef, Json


def moved(edge: EdgeDef) -> frozenset[str]:
    """The answers that only the new case gets: what is written to the superior is not for the agency it is about."""
    if not edge.unseen:
        return frozenset()
    return frozenset(v for v in edge.passes.values() if isinstance(v, str)) & frozenset(edge.asks)


def spawned(edge: EdgeDef, state: CaseState, answers: Mapping[str, Json], on: date) -> tuple[Spawn, ...]:
    """What the edge opens; nothing when it opens no kind.

    Of several kinds the answer `matter_kind` says which. The agency is the one that `spawns_at` names (a field, or the
    superior, which the core resolves); else the answer `matter_agency`, else the case's own. An answer given for an earlier
    matter counts for that one alone."""
    if not edge.spawns:
        return ()
    kind = str((answers.get("matter_kind") if "matter_kind" in edge.asks else None) or edge.spawns[0])
    if kind not in edge.spawns:
        raise Refusal("spawn.unknown", "Không mở được loại việc này từ hồ sơ này.", None, {"kind": kind})
    fields = {**state.fields, **answers}
    at = str(answers.get("matter_agency") or state.agency)
    if edge.spawns_at not in ("own", "superior"):
        at = str(fields.get(edge.spawns_at) or "")
    if not at:
        raise Refusal("spawn.agency", "Chưa rõ cơ quan nhận việc. Hãy chọn cơ quan.", None, {"field": edge.spawns_at})
    facts, stale = {**facts_of(state, on), **fields}, set(edge.asks) - set(answers)
    named = {k: facts.get(v) for k, v in edge.passes.items() if isinstance(v, str) and v not in stale}
    plain = {k: v for k, v in edge.passes.items() if not isinstance(v, str)}
    given = {**fields, **{k: v for k, v in named.items() if v is not None}, **plain}
    since = on if edge.counts_from == "now" else state.origin_on or on
    return (Spawn(kind, {k: v for k, v in given.items() if v not in (None, "")}, at, since, state.seq + 1,
                  "superior" if edge.spawns_at == "superior" else "own", not edge.unseen),)  # fmt: skip


def told(edge: EdgeDef, state: CaseState, answers: Mapping[str, Json], on: date) -> tuple[Command, ...]:
    """What follows in the case this one was opened from: an apology that was sent moves its dossier's day."""
    origin = state.opener or state.parent
    if edge.tells is None or origin is None:
        return ()
    facts = {**facts_of(state, on), **state.fields, **answers}
    data = {k: v for k, name in edge.tells_with.items() if (v := facts.get(name)) not in (None, "")}
    return (Command("", origin, edge.tells, data),)
