"""What was typed and attached is kept before it is checked (design 10): sealed under the draft's own random id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from django.db import connection

from trongdan.platform import keys
from trongdan.platform.home import subfolder, write_whole

PURPOSE = "drafts"
DAYS = 30  # how long an unsent form can be opened again


def new_id() -> str:
    return str(uuid4())


def parse_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None


def save(draft: UUID, data: dict[str, Any]) -> None:
    """Keep what was typed; a later save replaces it."""
    sealed = keys.encrypt(PURPOSE, json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"), draft.bytes)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_draft (id, sealed) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET "
                       "sealed = excluded.sealed, at = now()", [draft, sealed])  # fmt: skip


def open_(draft: UUID) -> dict[str, Any] | None:
    """What was kept, or None when there is no such draft (any more)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM td_draft WHERE id = %s", [draft])
        row = cursor.fetchone()
    if row is None:
        return None
    try:
        return dict(json.loads(keys.decrypt(PURPOSE, bytes(row[0]), draft.bytes)))
    except InvalidTag:
        return None


def _folder(draft: UUID) -> Path:
    return subfolder("drafts") / draft.hex


def keep_file(draft: UUID, name: str, data: bytes) -> None:
    """Keep an attached file with the draft, sealed."""
    folder = _folder(draft)
    folder.mkdir(mode=0o700, exist_ok=True)
    body = json.dumps(name).encode() + b"\n" + data
    number = max((int(p.name) for p in _whole(folder)), default=-1) + 1
    write_whole(folder / f"{number:02d}", keys.encrypt(PURPOSE, body, draft.bytes))


def _whole(folder: Path) -> list[Path]:
    """The files that were written to their end, in the order they came: an upload that broke off is none."""
    return sorted(p for p in folder.iterdir() if p.name.isdecimal()) if folder.is_dir() else []


def files(draft: UUID) -> list[tuple[str, bytes]]:
    """The kept files: (name, bytes)."""
    folder = _folder(draft)
    out = []
    for path in _whole(folder):
        name, _, data = keys.decrypt(PURPOSE, path.read_bytes(), draft.bytes).partition(b"\n")
        out.append((str(json.loads(name)), data))
    return out


def drop_files(draft: UUID, numbers: list[str]) -> None:
    """Take back kept files by their place in `files` ("0" is the first); what is no such place changes nothing."""
    folder = _folder(draft)
    for place, path in enumerate(_whole(folder)):
        if str(place) in numbers:
            path.unlink()


def drop_old(days: int = DAYS) -> int:
    """Forget drafts that nobody sent; how many. Runs in the worker's role: an unsent letter is its writer's own."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_draft WHERE at < now() - make_interval(days => %s) RETURNING id", [days])
        old = [row[0] for row in cursor.fetchall()]
    for draft in old:
        _empty(_folder(draft))
    return len(old)


def _empty(folder: Path) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def drop(draft: UUID) -> None:
    """Forget a draft that was sent."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_draft WHERE id = %s", [draft])
    _empty(_folder(draft))
