"""The case that an edge opens: of which kind, at which agency, from which day, with which facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .case import CaseState, Spawn
from .errors import Refusal
from .facts import facts_of
from .kind import SUPERIOR, EdgeDef, Json, SpawnDef


def moved(edge: EdgeDef) -> frozenset[str]:
    """The answers that only the new case gets: what is written to the superior is not for the agency it is about."""
    if edge.spawn is None or edge.spawn.seen:
        return frozenset()
    return frozenset(v for v in edge.spawn.data.values() if isinstance(v, str)) & frozenset(edge.asks)


def spawned(edge: EdgeDef, state: CaseState, answers: Mapping[str, Json], on: date) -> tuple[Spawn, ...]:
    """What the edge opens; nothing when it opens no kind.

    Of several kinds the answer `matter_kind` says which. The agency is the one that the edge's `spawn` names (a field, or
    the superior, which the core resolves), else the answer `matter_agency`, else the case's own."""
    if not edge.spawns:
        return ()
    kind = edge.spawns[0] if len(edge.spawns) == 1 else str(answers.get("matter_kind") or edge.spawns[0])
    if kind not in edge.spawns:
        raise Refusal("spawn.unknown", "Không mở được loại việc này từ hồ sơ này.", None, {"kind": kind})
    how = edge.spawn or SpawnDef()
    fields = {**state.fields, **answers}
    agency = state.agency if how.agency in ("", SUPERIOR) else str(fields.get(how.agency) or "")
    if not how.agency:
        agency = str(answers.get("matter_agency") or state.agency)
    if not agency:
        raise Refusal("spawn.agency", "Chưa rõ cơ quan nhận việc. Hãy chọn cơ quan.", None, {"field": how.agency})
    facts = {**facts_of(state, on), **fields}
    stale = set(edge.asks) - set(answers)  # asked and not answered now: what an earlier matter got does not count
    named = {k: None if v in stale else facts.get(v) for k, v in how.data.items() if isinstance(v, str)}
    plain = {k: v for k, v in how.data.items() if not isinstance(v, str)}
    data = {**fields, **{k: v for k, v in named.items() if v is not None}, **plain}
    origin = on if how.origin == "on" else state.origin_on or on
    known = {k: v for k, v in data.items() if v not in (None, "")}
    return (Spawn(kind, known, agency, origin, state.seq + 1, how.agency == SUPERIOR, how.seen),)
