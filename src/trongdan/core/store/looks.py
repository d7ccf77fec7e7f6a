"""Who looked at somebody's papers, and what they were used for: on record with the look itself, shown to the owner."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from trongdan.core.papers.files import Checked
from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.journal import SALT_SIZE, commit_bytes

from .items import Item, bytes_of, items_of
from .owner import Owner

ROLES = ("counter",)


def look(owner: Owner, actor: Actor, form: UUID, procedure: str, now: datetime) -> Sequence[Item]:
    """A person's papers for a dossier at hand, on record: once for a form, however often its page is shown. Raises Refusal for a
    post that takes no dossiers in. The caller shows those the procedure asks for and no other."""
    post = actor.post
    if post is None or post.role not in ROLES:
        raise Refusal("store.not_yours", "Chỉ cán bộ Một cửa đang tiếp nhận hồ sơ mới xem được kho giấy tờ của người nộp.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM td_store_look(%s, %s, %s, %s, %s, %s, %s)",
                       [owner.subject, form, post.agency, post.id, str(actor.person or ""), procedure, now])  # fmt: skip
        return items_of(owner, cursor.fetchall())


def copy_of(owner: Owner, item: Item, source: str) -> Checked:
    """A copy of a paper to go along with a dossier. Raises Refusal when it is damaged or gone."""
    data, salt = bytes_of(owner, item.id), os.urandom(SALT_SIZE)
    return Checked(item.file_name, item.media, data, salt, commit_bytes(salt, data).hex(), source)


def used(owner: Owner, item: Item, case: UUID, reference: str, agency: str, now: datetime) -> None:
    """A dossier used a paper, on record; twice is once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_store_used(%s, %s, %s, %s, %s, %s)", [owner.subject, item.id, case, agency, reference, now])


def looks(owner: Owner) -> Sequence[tuple[datetime, str, str]]:
    """(at, agency, procedure) of each look by an official, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, agency, procedure FROM td_store_looks(%s)", [owner.subject])
        return list(cursor.fetchall())


def uses(owner: Owner) -> dict[UUID, list[tuple[datetime, str, str]]]:
    """item -> (at, agency, reference of the dossier) of each use, newest first."""
    out: dict[UUID, list[tuple[datetime, str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT item, at, agency, reference FROM td_store_uses(%s)", [owner.subject])
        for item, *rest in cursor.fetchall():
            out.setdefault(item, []).append((rest[0], rest[1], rest[2]))
    return out
