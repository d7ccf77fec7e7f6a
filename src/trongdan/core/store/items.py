"""The papers themselves: sealed on disk under their owner's key, with what they are, where they come from, how long they hold.

A paper is there once for its owner, whatever door brought it. Removing one takes its words and its bytes at once; a dossier that
used it keeps its own copy under its own retention.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection

from trongdan.core.cases.sealing import uuid7
from trongdan.core.papers.files import Checked
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys
from trongdan.platform.home import subfolder, write_whole

from .owner import Owner

# Seen with its original at a counter and kept; issued by an agency here; put in by the owner, seen by nobody.
How = Literal["received", "issued", "own"]
MOST = 200  # of each way: what one owner can fill


@dataclass(frozen=True, slots=True)
class About:
    """What a paper is. `means` is what makes it the same paper for another procedure (kinds say what that is)."""

    name: str
    means: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A paper in the store. `agency` kept or issued it; `case` is the dossier it came with; `sha256` is hex, of its bytes."""

    id: UUID
    about: About
    how: How
    agency: str
    case: UUID | None
    code: str
    at: datetime
    withdrawn: bool
    file_name: str
    media: str
    size: int
    sha256: str

    def holds(self, on: date) -> bool:
        """Whether it can be used on a day: neither over nor withdrawn. One without a last day holds."""
        return not self.withdrawn and (self.about.valid_until is None or on <= self.about.valid_until)


def path_of(item: UUID) -> Path:
    return subfolder("store") / item.hex[-2:] / item.hex


def _bound(subject: bytes, item: UUID, what: str) -> bytes:
    return b"trongdan/store/1|" + subject + item.bytes + what.encode()


def put(owner: Owner, file: Checked, about: About, how: How, now: datetime, agency: str = "", case: UUID | None = None,
        code: str = "") -> UUID:  # fmt: skip
    """Keep a paper, or find the same bytes that are there: its id. Raises Refusal when the store is full."""
    item, plain = uuid7(), sha256(file.data).digest()
    words = {**asdict(about), "file_name": file.name, "media": file.media, "size": len(file.data), "sha256": plain.hex()}
    sealed = keys.seal_under(owner.key, json.dumps(words, ensure_ascii=False, default=date.isoformat).encode(),
                             _bound(owner.subject, item, "about"))  # fmt: skip
    # The bytes first: a row without them would promise a paper that is not there; bytes without a row the worker takes away.
    write_whole(path_of(item), keys.seal_under(owner.key, file.data, _bound(owner.subject, item, "file")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_store_put(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                       [item, owner.subject, hmac.digest(owner.key, plain, "sha256"), sealed, how, agency, case, code or None, now,
                        MOST])  # fmt: skip
        found: UUID | None = cursor.fetchone()[0]
    if found != item:
        path_of(item).unlink(missing_ok=True)
    if found is None:
        raise Refusal("store.full", f"Kho đã có {MOST} giấy tờ loại này. Hãy bỏ bớt giấy tờ không cần nữa.", None,
                      {"field": "files"})  # fmt: skip
    return found


def own_items(owner: Owner) -> Sequence[Item]:
    """All papers, newest first, for the owner who signed in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM td_store_of(%s)", [owner.subject])
        return items_of(owner, cursor.fetchall())


def items_of(owner: Owner, rows: Sequence[tuple[Any, ...]]) -> list[Item]:
    return [_item(owner, row) for row in rows]


def _item(owner: Owner, row: tuple[Any, ...]) -> Item:
    item, sealed, how, agency, case, code, at, withdrawn = row
    words = json.loads(keys.open_under(owner.key, bytes(sealed), _bound(owner.subject, item, "about")))
    file = [words.pop(k) for k in ("file_name", "media", "size", "sha256")]
    days = {k: date.fromisoformat(words[k]) if words[k] else None for k in ("issued_on", "valid_until")}
    return Item(item, About(**{**words, **days}), how, agency, case, code or "", at, withdrawn, *file)


def bytes_of(owner: Owner, item: UUID) -> bytes:
    """The paper as it was kept. Raises Refusal when it is damaged or gone."""
    try:
        return keys.open_under(owner.key, path_of(item).read_bytes(), _bound(owner.subject, item, "file"))
    except (OSError, InvalidTag):
        raise Refusal("store.damaged", "Không mở được giấy tờ này trong kho. Hãy quét lại bản chính, báo người quản trị.") from None


def remove(owner: Owner, item: UUID, now: datetime) -> bool:
    """Take a paper out of the store, words and bytes; whether it was there. Outside any transaction: bytes do not come back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_store_remove(%s, %s, %s)", [owner.subject, item, now])
        there = bool(cursor.fetchone()[0])
    if there:
        path_of(item).unlink(missing_ok=True)
    return there


def sweep(now: float, older: float = 86_400) -> int:
    """Take away bytes whose paper never came to be; how many. `now` in epoch seconds. The worker's."""
    found = {UUID(p.name): p for p in subfolder("store").glob("??/" + "?" * 32)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM td_store_gone(%s)", [list(found)])
        gone = [found[row[0]] for row in cursor.fetchall()]
    old = [path for path in gone if now - os.stat(path).st_mtime > older]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
