"""Each change of a calendar or a queue: done once for its key, with a row that says who did it (design 3)."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

PLANNERS = ("reception", "office", "head", "deputy")


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it and under which key: `client` says whose keys they are ("desk:…", "portal")."""

    actor: Actor
    client: str
    key: str

    @property
    def agency(self) -> str:
        return self.actor.post.agency if self.actor.post else ""


def once(doer: Doer, what: str, agency: str, subject: UUID, body: Any) -> bool:
    """Write the audit row; False when the same was done under this key before. Runs inside a scope, in the transaction of the
    change itself. Raises Refusal "key.reused" when the key was used for something else."""
    digest = hmac.digest(keys.secret("commands"), json.dumps([what, str(subject), body], sort_keys=True, ensure_ascii=False,
                                                             default=str).encode(), "sha256")  # fmt: skip
    post = doer.actor.post.id if doer.actor.post else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO td_reception_audit (at, client, key, body_hash, person, post, agency, what, subject) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (client, key) DO NOTHING",
            [timezone.now(), doer.client, doer.key, digest, doer.actor.person, post, agency, what, subject],
        )
        if cursor.rowcount == 1:
            return True
        cursor.execute("SELECT body_hash FROM td_reception_audit WHERE client = %s AND key = %s", [doer.client, doer.key])
        row = cursor.fetchone()
    if row is None or bytes(row[0]) != digest:
        raise Refusal("key.reused", "Mã chống gửi trùng này đã dùng cho một nội dung khác. Hãy gửi lại từ đầu.", None)
    return False


def require_planner(doer: Doer, agency: str) -> None:
    """Raise Refusal unless the post acted from arranges receptions of this very agency."""
    post = doer.actor.post
    if post is None or post.agency != agency or post.role not in PLANNERS:
        raise Refusal("reception.not_yours", "Chỉ bộ phận tiếp công dân, văn phòng và lãnh đạo của chính cơ quan này làm được "
                      "việc này.")  # fmt: skip


def at(now: datetime | None) -> datetime:
    return now or timezone.now()
