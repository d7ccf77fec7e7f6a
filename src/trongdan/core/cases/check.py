"""Whether everything shown still follows from the trail: chains, read columns, clocks, commitments, repeats and groups, the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from trongdan.kernel.journal import Sealed, commit, verify_chain
from trongdan.kernel.merkle import Frontier, leaf_hash

from . import check_together
from .append import Batch, append
from .log import frontier
from .rows import CASE_COLUMNS, CLOCK_COLUMNS, case_row, clock_rows
from .scope import JOB, scope
from .trail import Loaded, load

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: the case's reference (never its words), the subject, and what was found."""

    reference: str
    subject: str
    words: str


def check(rebuild: bool = False) -> Iterator[Difference]:
    """Every difference between the trail and what was derived from it. `rebuild` also writes the derived columns anew."""
    after: UUID | None = None
    while True:
        with scope(JOB):
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM td_case WHERE %s::uuid IS NULL OR id > %s::uuid ORDER BY id LIMIT %s",
                               [after, after, CHUNK])  # fmt: skip
                ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                break
            cases = load(ids)
            found = [d for case_id in ids for d in _check_case(cases[case_id])]
            found += _check_read_columns(cases) + _check_contents(cases)
            found += [Difference(cases[case].reference, "nhóm đơn", words) for case, words in check_together.differing(cases)]
            if rebuild:
                _rebuild(cases)
                check_together.rebuild(cases)
        yield from found
        after = ids[-1]
    with scope(JOB):
        yield from _check_strays()
        yield from _check_log()


def _check_case(loaded: Loaded) -> list[Difference]:
    sealed = [
        Sealed(str(loaded.id), s.event.seq, s.event.at, s.event.on, s.event.tag, s.event.kind, s.event.kind_version,
               s.event.actor["post"], s.event.actor["person"], s.event.actor["on_behalf"], s.event.payload, s.prev, s.hash)
        for s in loaded.trail
    ]  # fmt: skip
    out = [Difference(loaded.reference, f"sự kiện {b.seq}", b.reason) for b in verify_chain(sealed)]
    if not sealed:
        out.append(Difference(loaded.reference, "sự kiện", "hồ sơ không có sự kiện nào"))
    return out


def _text(value: Any) -> Any:
    if isinstance(value, (UUID, date)):
        return str(value)
    return value


def _check_read_columns(cases: dict[UUID, Loaded]) -> list[Difference]:
    out = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(CASE_COLUMNS)} FROM td_case WHERE id = ANY(%s)", [list(cases)])
        rows = {row[0]: dict(zip(CASE_COLUMNS, map(_text, row), strict=True)) for row in cursor.fetchall()}
        cursor.execute(f"SELECT {', '.join(CLOCK_COLUMNS)} FROM td_clock WHERE case_id = ANY(%s)", [list(cases)])
        clocks: dict[tuple[str, str], dict[str, Any]] = {}
        for row in cursor.fetchall():
            values = dict(zip(CLOCK_COLUMNS, map(_text, row), strict=True))
            clocks[values["case_id"], values["clock_id"]] = values
    for case_id, loaded in cases.items():
        if loaded.state.seq < 0:
            continue
        wanted = _wanted(loaded)
        out += [Difference(loaded.reference, f"cột {c}", f"đang là {rows[case_id][c]!r}, phải là {wanted[c]!r}")
                for c in CASE_COLUMNS if rows[case_id][c] != wanted[c]]  # fmt: skip
        for clock in clock_rows(loaded.state, case_id):
            stored = clocks.pop((clock["case_id"], clock["clock_id"]), None)
            if stored != clock:
                out.append(Difference(loaded.reference, f"thời hạn {clock['clock_id']}", "khác với dấu vết"))
    out += [Difference(cases[UUID(c)].reference, f"thời hạn {k}", "không có trong dấu vết") for c, k in clocks]
    return out


def _wanted(loaded: Loaded) -> dict[str, Any]:
    row = case_row(loaded.kind, loaded.state, loaded.id, loaded.reference, settings.PROVINCE_ID)
    return {**row, "parent": str(loaded.parent) if loaded.parent else None}


def _check_contents(cases: dict[UUID, Loaded]) -> list[Difference]:
    """Each text still opens the commitment that its event holds; an erased one has neither text nor salt."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, case_id, salt, body, commitment FROM td_content WHERE case_id = ANY(%s)", [list(cases)])
        rows = cursor.fetchall()
    return [
        Difference(cases[case_id].reference, "nội dung", "không khớp cam kết đã ghi")
        for _, case_id, salt, body, commitment in rows
        if body is not None and commit(bytes(salt), body).hex() != commitment
    ]


def _check_strays() -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT e.case_id FROM td_event e LEFT JOIN td_case c ON c.id = e.case_id WHERE c.id IS NULL")
        return [Difference(str(row[0]), "sự kiện", "thuộc về hồ sơ không có") for row in cursor.fetchall()]


def _check_log() -> list[Difference]:
    """The stored nodes give the root that the events themselves give."""
    edge = Frontier()
    with connection.cursor() as cursor:
        cursor.execute("SELECT l.index, e.hash FROM td_log_leaf l LEFT JOIN td_event e USING (case_id, seq) ORDER BY l.index")
        for index, hash_ in cursor.fetchall():
            if hash_ is None or index != edge.size:
                return [Difference("nhật ký", f"lá {index}", "không khớp sự kiện")]
            edge, _ = edge.append(leaf_hash(bytes(hash_)))
    return [] if edge.root() == frontier(edge.size).root() else [Difference("nhật ký", "gốc", "không khớp sự kiện")]


def _rebuild(cases: dict[UUID, Loaded]) -> None:
    batch = Batch()
    for loaded in cases.values():
        if loaded.state.seq >= 0:
            batch.changed.append(_wanted(loaded))
            batch.clocks += clock_rows(loaded.state, loaded.id)
    append(batch)
