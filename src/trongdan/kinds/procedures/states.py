"""The states of dossiers for whoever keeps a register of them elsewhere: what changed since a cursor, in order, resumable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from trongdan.core.cases.trail import load
from trongdan.kernel.errors import Refusal

from .intake import KIND


@dataclass(frozen=True, slots=True)
class DossierState:
    """A dossier as it stands now; `changed` is the moment of the newest event read of it. No name, no word of anybody."""

    reference: str
    national_code: str
    procedure: str
    agency: str
    state: str
    outcome: str | None
    received: date | None
    due: date | None
    closed: date | None
    delivered: bool
    late: bool
    changed: datetime


def parse_cursor(text: str) -> tuple[str, int]:
    """"XID.POSITION"; empty is the beginning. Raises Refusal."""
    if not text:
        return "0", 0
    xid, _, position = text.partition(".")
    if not (xid.isascii() and xid.isdecimal() and position.isascii() and position.isdecimal() and len(text) < 40):
        raise Refusal("states.cursor", "Mốc đọc tiếp không hợp lệ. Hãy dùng đúng mốc của lần trước, hoặc để trống để đọc từ đầu.")
    return xid, int(position)


def changed_since(cursor_text: str, most: int) -> tuple[list[DossierState], str, bool]:
    """(states, the cursor to go on from, whether more waits). Events of a transaction that still runs are not passed over:
    they come later. Runs inside a scope that sees all."""
    after = parse_cursor(cursor_text)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.xid::text, e.position, e.case_id, e.at FROM td_event e WHERE (e.xid, e.position) > (%s::xid8, %s) "
            "AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) AND e.kind = %s ORDER BY e.xid, e.position LIMIT %s",
            [after[0], after[1], KIND, most])  # fmt: skip
        rows: Sequence[tuple[str, int, UUID, datetime]] = cursor.fetchall()
    newest = {case_id: at for _xid, _position, case_id, at in rows}
    loaded = load(list(newest))
    out = []
    for case_id, at in newest.items():
        if case_id not in loaded:
            continue
        one = loaded[case_id]
        state, clock = one.state, one.state.clocks.get("settle")
        fields, due = state.fields, clock.due if clock else None
        late = bool(clock and clock.overdue_for and clock.overdue_for == clock.due)
        out.append(DossierState(
            one.reference, str(fields.get("national_code") or ""), str(fields.get("topic") or ""), state.agency, state.step,
            state.outcome, state.opened_on, due, state.closed_on, bool(fields.get("delivered")), late, at))  # fmt: skip
    last = f"{rows[-1][0]}.{rows[-1][1]}" if rows else cursor_text
    return out, last, len(rows) == most
