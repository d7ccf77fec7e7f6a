"""Facts that follow from a case's trail, for guards, conditions and the data of cases it opens: read, never stored.

A kind names them like its own fields: `today`, `case.agency` (who answers for it), `case.assigned` (the post it was given
to), `case.origin` (the first receipt), `case.repeat_of` (the case it repeats), `due.CLOCK` and `passed.CLOCK` (the last day of
a clock, and whether it went by before the clock stopped), `number.FORM` and `dated.FORM` (of the last paper of that form that
took effect).
"""

from __future__ import annotations

from datetime import date

from .case import CaseState
from .kind import Json, Kind

ALWAYS = frozenset({"today", "case.agency", "case.assigned", "case.origin", "case.repeat_of"})


def facts_of(state: CaseState, today: date) -> dict[str, Json]:
    """The derived facts on a day; days as ISO text, as in fields."""
    out: dict[str, Json] = {"today": today.isoformat(), "case.agency": state.agency, "case.assigned": state.assigned}
    if state.repeat_of:
        out["case.repeat_of"] = state.repeat_of
    if state.origin_on:
        out["case.origin"] = state.origin_on.isoformat()
    for clock in state.clocks.values():
        if clock.due is not None:
            out[f"due.{clock.id}"] = clock.due.isoformat()
            out[f"passed.{clock.id}"] = (clock.stopped_on or today) > clock.due
    for paper in state.papers.values():
        if paper.effective and not paper.dead:
            out[f"number.{paper.form}"] = paper.number
            out[f"dated.{paper.form}"] = paper.dated.isoformat() if paper.dated else None
    return out


def is_fact(kind: Kind, name: str) -> bool:
    """Whether a kind has this field or derived fact."""
    if name in kind.fields or name in ALWAYS:
        return True
    group, _, rest = name.partition(".")
    known = kind.clocks if group in ("due", "passed") else kind.chains if group in ("number", "dated") else ()
    return rest in known
