"""The log over all events, grown by the worker, with signed checkpoints; the web only reads its last head."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from trongdan.kernel.checkpoint import Checkpoint, signed_checkpoint
from trongdan.kernel.merkle import EMPTY_ROOT, Frontier, inclusion_proof, leaf_hash
from trongdan.platform import keys

from .outbox import advance, cursor_of, read_batch

READER = "log"
HEAD_SECONDS = 5.0
_head: tuple[float, tuple[int, str]] = (float("-inf"), (0, base64.b64encode(EMPTY_ROOT).decode()))


def origin() -> str:
    """The log's name: the address it is served at, without the scheme."""
    return str(settings.SITE_URL).split("://", 1)[-1]


def current_head() -> tuple[int, str]:
    """Size and root (base64) of the last checkpoint, as of a few seconds ago. No statement when it is fresh."""
    global _head  # noqa: PLW0603  one small value a process, refreshed every few seconds
    if time.monotonic() - _head[0] > HEAD_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT size, sealed ->> 'root' FROM td_checkpoint ORDER BY size DESC LIMIT 1")
            row = cursor.fetchone()
        _head = (time.monotonic(), (row[0], row[1]) if row else _head[1])
    return _head[1]


def _node(level: int, index: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM td_log_node WHERE level = %s AND index = %s", [level, index])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"the log has no node ({level}, {index})")
    return bytes(row[0])


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM td_log_leaf")
        return int(cursor.fetchone()[0])


def frontier(size: int) -> Frontier:
    """The right edge of the stored log at a size. One statement."""
    wanted, begin = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            wanted.append((level, begin >> level))
            begin += 1 << level
    with connection.cursor() as cursor:
        cursor.execute("SELECT n.level, n.index, n.hash FROM unnest(%s::int[], %s::bigint[]) AS w (level, index) "
                       "JOIN td_log_node n USING (level, index)",
                       [[level for level, _ in wanted], [index for _, index in wanted]])  # fmt: skip
        found = {(level, index): bytes(hash_) for level, index, hash_ in cursor.fetchall()}
    if len(found) != len(wanted):
        raise LookupError(f"the log of {size} lacks nodes: {sorted(set(wanted) - set(found))}")
    return Frontier(size, tuple(found[node] for node in wanted))


def extend(most: int = 2000) -> int:
    """Take the next events into the log, a statement a table; how many were taken. Runs inside the job scope."""
    events = read_batch(cursor_of(READER), most, payload=False)
    if not events:
        return 0
    edge = frontier(_size())
    first = edge.size
    edge, nodes = edge.extend(leaf_hash(e.hash) for e in events)
    with connection.cursor() as cursor:
        # Numbers as one text and hashes end to end: the driver would write each member of an array by itself.
        cursor.execute(
            "INSERT INTO td_log_node (level, index, hash) SELECT level, index, substr(%s, 32 * n::int - 31, 32) FROM unnest("
            "string_to_array(%s, ',')::int[], string_to_array(%s, ',')::bigint[]) WITH ORDINALITY AS r (level, index, n)",
            [b"".join(h for _, h in nodes), *_texts((level, index) for (level, index), _ in nodes)])  # fmt: skip
        cursor.execute(
            "INSERT INTO td_log_leaf (index, case_id, seq) SELECT %s + n - 1, case_id, seq FROM unnest("
            "string_to_array(%s, ',')::uuid[], string_to_array(%s, ',')::int[]) WITH ORDINALITY AS r (case_id, seq, n)",
            [first, *_texts((e.case_id, e.seq) for e in events)])  # fmt: skip
    advance(READER, events[-1])
    return len(events)


def _texts(pairs: Iterable[tuple[object, object]]) -> list[str]:
    """The first of each pair, then the second, each as one text with commas."""
    return [",".join(map(str, column)) for column in zip(*pairs, strict=True)]


def checkpoint(now: datetime) -> bool:
    """Sign the head if the log grew since the last checkpoint; whether one was made."""
    edge = frontier(_size())
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(size), -1) FROM td_checkpoint")
        if cursor.fetchone()[0] >= edge.size:
            return False
        root = edge.root()
        note = signed_checkpoint(Checkpoint(origin(), edge.size, root), keys.public_key(), keys.sign)
        sealed = {"note": note, "root": base64.b64encode(root).decode()}
        cursor.execute("INSERT INTO td_checkpoint (size, sealed, at) VALUES (%s, %s::jsonb, %s)",
                       [edge.size, json.dumps(sealed), now])  # fmt: skip
    return True


def last_note() -> str | None:
    """The last signed checkpoint, as served under /.well-known/."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed ->> 'note' FROM td_checkpoint ORDER BY size DESC LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else None


def proof_of(case_id: UUID, seq: int, size: int) -> dict[str, Any] | None:
    """Where an event is in the log of a size, with its path; None when the log had not reached it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT index FROM td_log_leaf WHERE case_id = %s AND seq = %s AND index < %s", [case_id, seq, size])
        row = cursor.fetchone()
    if row is None:
        return None
    path = inclusion_proof(row[0], size, _node)
    return {"index": row[0], "size": size, "path": [base64.b64encode(h).decode() for h in path]}
