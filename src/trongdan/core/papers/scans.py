"""Scanned letters read for a clerk: asked for with a form's draft, read by the worker, proposed on the form. A proposal is never
taken in by itself. The pages and the text lie sealed under the draft's id, like everything typed (design 10)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection

from trongdan.core.cases import drafts
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys, ocr

from . import files

READABLE = ("image/jpeg", "image/png", "image/webp", "application/pdf")
MAX_TRIES = 2


@dataclass(frozen=True, slots=True)
class Scan:
    """`text` once it was read, `problem` why it could not be; neither while it waits."""

    waiting: bool
    text: str = ""
    problem: str = ""


def ask(draft: UUID) -> None:
    """Have the scans of a draft read. Raises Refusal when there is none, or when nothing here reads them."""
    if not any(_media(name, data) in READABLE for name, data in drafts.files(draft)):
        raise Refusal("scan.none", "Chưa có bản quét nào để đọc. Hãy chọn ảnh hoặc PDF của đơn.", None, {"field": "files"})
    have = ocr.tool()
    if not have.ready:
        raise Refusal("scan.no_tool", have.words, None, {"field": "files"})
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_scan (draft) VALUES (%s) ON CONFLICT (draft) DO UPDATE SET asked_at = now(), "
                       "claimed_at = NULL, tries = 0, done_at = NULL, sealed = NULL, problem = NULL", [draft])  # fmt: skip


def _media(name: str, data: bytes) -> str:
    try:
        return files.check(name, data).media
    except Refusal:
        return ""


def found(draft: UUID) -> Scan | None:
    """What became of it; None when nobody asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT done_at IS NULL, sealed, problem FROM td_scan WHERE draft = %s", [draft])
        row = cursor.fetchone()
    if row is None:
        return None
    waiting, sealed, problem = row
    try:
        text = keys.decrypt(drafts.PURPOSE, bytes(sealed), draft.bytes).decode() if sealed else ""
    except InvalidTag:
        text, problem = "", "Không mở được bản đọc. Hãy đọc lại."
    return Scan(waiting, text, problem or "")


def drop(draft: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_scan WHERE draft = %s", [draft])


def read_one() -> int:
    """Read the scans that waited longest; how many were. The worker's: no transaction is open while the program runs, since
    one would hold back every reader of the trail."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_scan SET tries = tries + 1, claimed_at = now() WHERE draft = (SELECT draft FROM td_scan "
                       "WHERE done_at IS NULL AND (claimed_at IS NULL OR claimed_at < now() - interval '10 minutes') "
                       "ORDER BY asked_at LIMIT 1 "
                       "FOR UPDATE SKIP LOCKED) RETURNING draft, tries")  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return 0
    draft, tries = row
    text, problem = _read(draft) if tries <= MAX_TRIES else ("", "Đọc không xong. Hãy quét rõ hơn hoặc tự gõ.")
    sealed = keys.encrypt(drafts.PURPOSE, text.encode("utf-8", "replace"), draft.bytes) if text else None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_scan SET done_at = now(), sealed = %s, problem = %s WHERE draft = %s",
                       [sealed, problem or None, draft])  # fmt: skip
    return 1


def _read(draft: UUID) -> tuple[str, str]:
    pages = [(media, data) for name, data in drafts.files(draft) if (media := _media(name, data)) in READABLE]
    try:
        text = "\n\n".join(t for media, data in pages if (t := ocr.read(media, data)))
    except ocr.OcrFailed as failed:
        return "", str(failed)
    return text, "" if text.strip() else "Không đọc được chữ nào. Chữ viết tay thường không đọc được; hãy tự gõ."


def drop_old() -> int:
    """Forget what was read for forms that were sent or forgotten; how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_scan s WHERE NOT EXISTS (SELECT 1 FROM td_draft d WHERE d.id = s.draft) "
                       "AND asked_at < now() - interval '1 hour'")  # fmt: skip
        return int(cursor.rowcount)
