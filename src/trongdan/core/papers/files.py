"""Files people and officials attach: checked by content, images stripped of their metadata, random ids on disk."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import puremagic
from django.db import connection
from PIL import Image, ImageOps, UnidentifiedImageError

from trongdan.core.cases import vaulting
from trongdan.core.cases.sealing import uuid7
from trongdan.core.people import sealed
from trongdan.kernel.errors import Refusal
from trongdan.kernel.journal import SALT_SIZE, commit_bytes
from trongdan.platform.home import subfolder, write_whole
from trongdan.platform.text import clean

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 10
MAX_PIXELS = 60_000_000
# media type -> endings that may claim it
ALLOWED = {
    "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/webp": (".webp",), "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
}  # fmt: skip
_IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_HEADS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that passed: a safe name to show, its true media type, its bytes as they are kept; and the salted
    commitment (hex) to the bytes as they were sent, before a picture lost its metadata."""

    name: str
    media: str
    data: bytes
    salt: bytes | None = None
    commitment: str = ""
    source: str = ""  # where it came from, when not from whom the command is


def media_of(data: bytes) -> str:
    """The media type by the content; "" when it is none that is known."""
    for head, media in _HEADS:
        if data.startswith(head):
            return media
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] == b"PK\x03\x04" and b"word/" in data[:60_000] + data[-60_000:]:
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    try:
        return str(puremagic.from_string(data, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def safe_name(name: str) -> str:
    """The last part of a name, without path, control or hidden-direction characters."""
    base = clean(name).replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(" .")
    return base[-120:] or "tep"


def check(name: str, data: bytes) -> Checked:
    """Raise Refusal for a file that is empty, too large, of another type than its name says, or not allowed."""
    shown = safe_name(name)
    if not data:
        raise Refusal("file.empty", f"Tệp “{shown}” trống. Hãy chọn lại.")
    if len(data) > MAX_BYTES:
        raise Refusal("file.large", f"Tệp “{shown}” quá {MAX_BYTES // 1024 // 1024} MB. Hãy chụp nhỏ hơn hoặc chia nhỏ.")
    media = media_of(data)
    if media not in ALLOWED:
        raise Refusal("file.type", f"Tệp “{shown}” không phải ảnh, PDF hay Word (.docx). Hãy chọn tệp khác.")
    if not shown.lower().endswith(ALLOWED[media]):
        raise Refusal("file.lies", f"Tệp “{shown}” có nội dung khác với đuôi tên. Hãy gửi đúng tệp gốc.")
    salt = os.urandom(SALT_SIZE)
    kept = _stripped(shown, media, data) if media in _IMAGES else data
    return Checked(shown, media, kept, salt, commit_bytes(salt, data).hex())


def _stripped(name: str, media: str, data: bytes) -> bytes:
    """The picture without EXIF: where and with which phone it was taken is the sender's own."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refusal("file.pixels", f"Ảnh “{name}” quá lớn. Hãy thu nhỏ rồi gửi lại.")
            upright = ImageOps.exif_transpose(image)
            out = io.BytesIO()
            plain = upright.convert("RGB") if media == "image/jpeg" else upright
            plain.info = {}
            plain.save(out, _IMAGES[media], **({"quality": 88} if media != "image/png" else {}))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Refusal("file.broken", f"Không mở được ảnh “{name}”. Hãy chụp lại hoặc chọn tệp khác.") from None
    return out.getvalue()


def as_pdf(picture: Checked) -> Checked:
    """A scanned page as a PDF of one page, so that a signed copy opens everywhere the same."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture.data)) as image:
        image.convert("RGB").save(out, "PDF", resolution=150)
    return Checked(picture.name.rpartition(".")[0] + ".pdf", "application/pdf", out.getvalue())


def path_of(file_id: UUID) -> Path:
    text = file_id.hex
    return subfolder("files") / text[-2:] / text


def readable_of(file_id: UUID) -> Path:
    """Where the copy lies whose words can be found, if one was made (readable.py)."""
    text = file_id.hex
    return subfolder("readable") / text[-2:] / text


def forget(file_id: UUID) -> None:
    """Take the bytes of a file away, and of what was made from them; its row is gone already."""
    path_of(file_id).unlink(missing_ok=True)
    readable_of(file_id).unlink(missing_ok=True)


def signed_copy(file_id: str | None) -> bytes | None:
    """The kept signed copy of a paper (`PaperState.file`): where there is one it is the paper, not our rendering of it."""
    return path_of(UUID(file_id)).read_bytes() if file_id else None


SEALED_NAME = "Tệp trong kho kín"
SEALED_MEDIA = "application/octet-stream"


def keep(case_id: UUID, files: Sequence[Checked], source: str, paper: str | None = None, vault_key: bytes | None = None
         ) -> list[UUID]:  # fmt: skip
    """Keep files as the next numbered sheets of a case. Runs inside a scope that may add to it.

    With the data key of a vault they go into it: encrypted on disk, name, type and size in the vault alone."""
    out = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(sheet), 0), coalesce(c.parent, c.id) FROM td_case c LEFT JOIN td_file f "
                       "ON f.case_id = c.id WHERE c.id = %s GROUP BY c.parent, c.id", [case_id])  # fmt: skip
        sheet, root = cursor.fetchone()
        for number, file in enumerate(files, sheet + 1):
            file_id = uuid7()
            data, shown = file.data, (file.name, file.media, len(file.data))
            if vault_key is not None:
                data, key = sealed.sealed_file(file_id, file.data)
                about = {"name": file.name, "media": file.media, "size": len(file.data)}
                row = sealed.file_row(root, vault_key, file_id, key, about)
                cursor.execute("INSERT INTO td_vault (case_id, field, sealed) VALUES (%s, %s, decode(%s, 'hex'))",
                               [root, row["field"], row["sealed"]])  # fmt: skip
                shown = (SEALED_NAME, SEALED_MEDIA, len(data))
            write_whole(path_of(file_id), data)
            cursor.execute("INSERT INTO td_file (id, case_id, name, media, size, sheet, source, paper, digest, salt, sealed) "
                           "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                           [file_id, case_id, *shown, number, file.source or source, paper, sha256(data).digest(), file.salt,
                            vault_key is not None])  # fmt: skip
            if vault_key is None and (file.media in _IMAGES or file.media == "application/pdf"):
                cursor.execute("INSERT INTO td_readable (file, case_id) VALUES (%s, %s)", [file_id, case_id])
            out.append(file_id)
    return out


def copy(from_case: UUID, to_case: UUID) -> int:
    """What came with a letter, as sheets of a matter's own file: cases share no content. How many. Inside a scope of both.

    Nothing of a letter with a vault: its files may show who sent it, and stay sealed (domain 19)."""
    if vaulting.key_of(from_case) is not None:
        return 0
    made = 0
    for file in listed(from_case):
        if not file["paper"]:
            kept = Checked(str(file["name"]), str(file["media"]), path_of(UUID(str(file["id"]))).read_bytes())
            keep(to_case, [kept], str(file["source"]))
            made += 1
    return made
def seal_files(case_id: UUID) -> int:
    """Put the files that a sender gave with a letter into its vault, now that it has one; how many. Inside a scope."""
    key = vaulting.key_of(case_id)
    if key is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, media, sheet, source, salt FROM td_file WHERE case_id = %s AND NOT sealed "
                       "AND paper IS NULL AND salt IS NOT NULL ORDER BY sheet", [case_id])  # fmt: skip
        rows = cursor.fetchall()
        for old, name, media, sheet, source, salt in rows:
            file_id, plain = uuid7(), path_of(old).read_bytes()
            data, own = sealed.sealed_file(file_id, plain)
            row = sealed.file_row(case_id, key, file_id, own, {"name": name, "media": media, "size": len(plain)})
            cursor.execute("INSERT INTO td_vault (case_id, field, sealed) VALUES (%s, %s, decode(%s, 'hex'))",
                           [case_id, row["field"], row["sealed"]])  # fmt: skip
            write_whole(path_of(file_id), data)
            cursor.execute("SELECT td_vault_drop_file(%s)", [old])
            cursor.execute("INSERT INTO td_file (id, case_id, name, media, size, sheet, source, digest, salt, sealed) "
                           "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, true)",
                           [file_id, case_id, SEALED_NAME, SEALED_MEDIA, len(data), sheet, source, sha256(data).digest(),
                            salt])  # fmt: skip
    for old, *_rest in rows:  # the row is gone: nothing points at the plain bytes any more
        forget(old)
    return len(rows)


def reveal(file_id: UUID, key: bytes) -> bytes:
    """The bytes of a file in the vault, by the key that an opening gave."""
    return sealed.opened_file(file_id, path_of(file_id).read_bytes(), key)


def salts_of(case_id: UUID) -> list[str]:
    """The salts (hex) of the files sent with a letter, in the order of their sheets: they are the sender's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(salt, 'hex') FROM td_file WHERE case_id = %s AND salt IS NOT NULL AND paper IS NULL "
                       "ORDER BY sheet", [case_id])  # fmt: skip
        return [row[0] for row in cursor.fetchall()]


def listed(case_id: UUID) -> list[dict[str, object]]:
    """The files of a case in the order of their sheets. `sure`: 0 to 100, how sure the reader of its copy is; None without one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT f.id, name, media, size, sheet, source, paper, at, sealed, r.sure FROM td_file f "
                       "LEFT JOIN td_readable r ON r.file = f.id AND r.pages > 0 "
                       "WHERE f.case_id = %s ORDER BY sheet", [case_id])  # fmt: skip
        columns = ("id", "name", "media", "size", "sheet", "source", "paper", "at", "sealed", "sure")
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
