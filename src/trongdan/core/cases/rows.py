"""Rows of the read tables, derived from a folded state: the same derivation writes them and checks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from trongdan.kernel.case import CaseState
from trongdan.kernel.kind import Kind

Row = dict[str, Any]
CASE_COLUMNS = (
    "id", "province_id", "reference", "parent", "kind", "kind_version", "seq", "step", "final", "agency", "holder",
    "assigned", "outcome", "secret", "nature", "topic", "commune", "arrival_no", "opened_on", "closed_on", "due_on",
    "late", "waits", "unsent", "vault", "lent",
)  # fmt: skip
CLOCK_COLUMNS = (
    "case_id", "clock_id", "rule", "version", "due_at", "caution_at", "days_left", "started_on", "stopped_on", "whose",
    "next_on",
)  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def case_row(kind: Kind, state: CaseState, case_id: UUID, reference: str, province_id: int) -> Row:
    """The read columns of a case. `due_on` is the nearest running limit of the agency."""
    running = [c for c in state.clocks.values() if c.running and c.due and c.whose == "agency"]
    fields: Mapping[str, Any] = state.fields
    plain = {k: fields.get(k) if isinstance(fields.get(k), str) else None for k in
             ("nature", "topic", "commune", "arrival_no")}  # fmt: skip
    return {
        "id": str(case_id), "province_id": province_id, "reference": reference, "parent": state.parent,
        "kind": kind.id, "kind_version": state.kind_version, "seq": state.seq, "step": state.step,
        "final": kind.steps[state.step].final, "agency": state.agency, "holder": state.in_hand,
        "assigned": state.assigned, "outcome": state.outcome, "secret": state.secret, **plain,
        "opened_on": _iso(state.origin_on), "closed_on": _iso(state.closed_on),
        "due_on": _iso(min((c.due for c in running if c.due), default=None)),
        "waits": state.waits, "unsent": state.unsent, "vault": state.vault, "lent": state.lent,
        "late": any(c.overdue_for is not None and c.overdue_for == c.due for c in running),
    }  # fmt: skip


def clock_rows(state: CaseState, case_id: UUID) -> list[Row]:
    return [
        {
            "case_id": str(case_id), "clock_id": c.id, "rule": c.rule, "version": c.version, "due_at": _iso(c.due),
            "caution_at": _iso(c.caution_due), "days_left": c.days_left, "started_on": _iso(c.started_on),
            "stopped_on": _iso(c.stopped_on), "whose": c.whose, "next_on": _iso(c.next_on),
        }
        for c in state.clocks.values()
    ]  # fmt: skip
