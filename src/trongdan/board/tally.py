"""What registers and statistics count by, derived from the trail of a case alone: when it came to an agency, was settled by
it, was accepted or refused, ran late. Filled by the worker through its own cursor; `trongdan check` derives it anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic_core import to_json

from trongdan.core.cases.check import CHUNK, Difference
from trongdan.core.cases.outbox import advance, cursor_of, read_batch
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.kernel.case import CaseState, Event
from trongdan.kernel.folding import fold

from .forms import facts_of_tag

READER = "tally"
SILENT = ("paper:", "case:", "vault:", "clock:warned", "clock:explained", "clock:recomputed")  # never change what is counted
COLUMNS = ("case_id", "seq", "fact", "agency", "on_date", "at", "kind", "nature", "topic", "outcome", "late")
TRANSFERRED = "transferred"
Row = dict[str, Any]
_WRITE = (
    "INSERT INTO td_tally SELECT * FROM jsonb_to_recordset(%s) AS r (case_id uuid, seq int, fact text, agency text, on_date date, "
    "at timestamptz, kind text, nature text, topic text, outcome text, late boolean) ON CONFLICT DO NOTHING"
)


def lines_of(loaded: Loaded) -> list[Row]:
    """Every line of a case. `in`: it came to an agency, or was taken up again after its end. `settled`: decided, concluded,
    answered, ended or handed on, once for each time it came. The others as board/data/reports.toml names them."""
    out: list[Row] = []
    before: CaseState | None = None
    open_at: str | None = None  # the agency that has it and has not settled it
    for event in loaded.events:
        after = fold(loaded.kind, (event,), before)
        closed = loaded.kind.steps[after.step].final
        was_closed = before is None or loaded.kind.steps[before.step].final
        moved = before is not None and before.agency != after.agency
        if moved and open_at is not None:
            out.append(_line(loaded, event, before or after, "settled", TRANSFERRED))
            open_at = None
        if before is None or (not closed and (was_closed or moved)):
            out.append(_line(loaded, event, after, "in"))
            open_at = after.agency
        facts = facts_of_tag(event.tag)
        out += [_line(loaded, event, after, fact) for fact in facts if fact != "settled" and _counts(event, after)]
        if open_at is not None and (closed or "settled" in facts):
            out.append(_line(loaded, event, after, "settled"))
            open_at = None
        before = after
    return out


def _counts(event: Event, state: CaseState) -> bool:
    """A late word on a clock counts only where the clock is the agency's own limit."""
    clock = state.clocks.get(str(event.payload.get("clock", "")))
    return clock is None or clock.whose == "agency"


def _line(loaded: Loaded, event: Event, state: CaseState, fact: str, outcome: str | None = None) -> Row:
    fields: Mapping[str, Any] = state.fields
    late = any(c.overdue_on is not None and c.whose == "agency" for c in state.clocks.values())
    plain = {k: v if isinstance(v := fields.get(k), str) else None for k in ("nature", "topic")}
    result = outcome or state.outcome or fields.get("result")
    return {"case_id": str(loaded.id), "seq": event.seq, "fact": fact, "agency": state.agency, "on_date": event.on.isoformat(),
            "at": event.at.isoformat(), "kind": loaded.kind.id, **plain,
            "outcome": result if isinstance(result, str) and fact != "in" else None, "late": late}  # fmt: skip


def fill(most: int = 1000) -> int:
    """Bring the tally up to the trail; how many events were read. Runs inside the job scope."""
    events = read_batch(cursor_of(READER), most, payload=False)
    if not events:
        return 0
    write(sorted({e.case_id for e in events if not e.tag.startswith(SILENT)}))
    advance(READER, events[-1])
    return len(events)


def write(case_ids: Sequence[UUID]) -> None:
    rows = [line for loaded in load(case_ids).values() for line in lines_of(loaded)]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [to_json(rows).decode()])


def check_tally(rebuild: bool = False) -> Iterator[Difference]:
    """Whether the tally is what the trail gives; `rebuild` writes it anew. Lines of events that the worker has not come to
    yet are written first and are no difference."""
    while True:
        with scope(JOB):
            if not fill():
                break
    after: UUID | None = None
    while True:
        with scope(JOB):
            cases = load(_ids(after))
            if not cases:
                return
            found = list(_compare(cases.values()))
            if rebuild and found:
                _rebuild(list(cases))
        yield from found
        after = max(cases)


def _ids(after: UUID | None) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE %s::uuid IS NULL OR id > %s::uuid ORDER BY id LIMIT %s", [after, after, CHUNK])
        return [row[0] for row in cursor.fetchall()]


def _compare(cases: Iterable[Loaded]) -> Iterator[Difference]:
    wanted = {case.id: {_key(line) for line in lines_of(case)} for case in cases}
    stored: dict[UUID, set[tuple[Any, ...]]] = {case_id: set() for case_id in wanted}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM td_tally WHERE case_id = ANY(%s)", [list(wanted)])
        for row in cursor.fetchall():
            line = dict(zip(COLUMNS, row, strict=True))
            stored[row[0]].add(_key({**line, "case_id": str(row[0]), "on_date": row[4].isoformat(), "at": row[5].isoformat()}))
    for case in cases:
        if stored[case.id] != wanted[case.id]:
            yield Difference(case.reference, "dòng thống kê", "khác với dấu vết")


def _key(line: Row) -> tuple[Any, ...]:
    return tuple(line[c] for c in COLUMNS if c != "at")  # its words for one instant differ by time zone


def _rebuild(case_ids: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_tally WHERE case_id = ANY(%s)", [case_ids])
    write(case_ids)
