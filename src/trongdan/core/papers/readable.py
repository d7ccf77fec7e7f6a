"""A copy of a scanned file whose words can be found and copied: PDF/A-2b, each line of what was read below the picture of its page.

Made by the worker where tesseract is (platform/ocr.py), after the clerks' own scans. The file that came stays the file: it is what
its digest stands for. A copy lies beside it, is sealed with nothing and so is never made of what lies in a vault; it goes with its
file (ON DELETE CASCADE, files.forget)."""

from __future__ import annotations

import json
import unicodedata
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files as resources
from uuid import UUID

import typst
from django.db import connection

from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import today
from trongdan.platform import ocr
from trongdan.platform.home import write_whole
from trongdan.platform.pages import RESOLUTION, NoPages, has_words

from .files import path_of, readable_of
from .render import HERE, fonts

MAX_TRIES = 2
A4_POINTS = 842.0  # the longest side of a picture whose size on paper nobody knows
TITLE = "Bản quét đọc được chữ"


def make_one() -> int:
    """Make the copy that waits longest; how many were. No transaction is open while the page is read."""
    if not ocr.tool().ready:
        return 0
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_readable SET tries = tries + 1, claimed_at = now() WHERE file = (SELECT file FROM td_readable "
                       "WHERE done_at IS NULL AND (claimed_at IS NULL OR claimed_at < now() - interval '10 minutes') "
                       "AND NOT EXISTS (SELECT FROM td_scan WHERE done_at IS NULL) "  # a clerk waits for those
                       "ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING file, tries")  # fmt: skip
        claimed = cursor.fetchone()
        if claimed is None:
            return 0
        file, tries = claimed
        cursor.execute("SELECT media FROM td_file WHERE id = %s", [file])
        media = cursor.fetchone()[0]
    made = _copy_of(file, media) if tries <= MAX_TRIES else None
    _keep(file, made)
    return 1


def _copy_of(file: UUID, media: str) -> tuple[bytes, int, float] | None:
    """(PDF, pages, how sure); None when there is nothing to copy: it has its words, nothing on it is readable, or it went away."""
    try:
        data = path_of(file).read_bytes()
        if media == "application/pdf" and has_words(data):
            return None
        pages = list(ocr.read_pages(media, data))
    except (OSError, NoPages, ocr.OcrFailed):
        return None
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return None
    return as_pdf(pages, media, today()), len(pages), sum(line.sure for line in lines) / len(lines)


def _keep(file: UUID, made: tuple[bytes, int, float] | None) -> None:
    """The bytes before the row says so. Whoever seals or erases the file takes its row here away with it, waits for this lock,
    and then takes the copy along."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT FROM td_readable WHERE file = %s FOR UPDATE", [file])
        if cursor.fetchone() is None:
            return
        if made is not None:
            write_whole(readable_of(file), made[0])
        cursor.execute("UPDATE td_readable SET done_at = now(), pages = %s, sure = %s, digest = %s WHERE file = %s",
                       [made[1], made[2], sha256(made[0]).digest(), file] if made else [0, None, None, file])  # fmt: skip


def as_pdf(pages: Sequence[ocr.Page], media: str, day: date) -> bytes:
    """The pages as PDF/A-2b. A PDF's page keeps its size; a picture is as long as a sheet of A4."""
    sheets, pictures = [], dict[str, bytes]()
    for number, page in enumerate(pages):
        dot = 72 / RESOLUTION if media == "application/pdf" else A4_POINTS / max(page.width, page.height)
        pictures[f"{number}.svg"] = _framed(page)
        lines = [(ln.left * dot, ln.top * dot, ln.width * dot, ln.height * dot, words) for ln in page.lines
                 if (words := _printable(ln.words))]  # fmt: skip
        sheets.append({"width": page.width * dot, "height": page.height * dot, "picture": f"/{number}.svg", "lines": lines})
    data = {"title": TITLE, "alt": TITLE, "day": [day.year, day.month, day.day], "sheets": sheets}
    pdf = typst.compile({"main.typ": _layout(), **pictures}, font_paths=fonts(),
                        sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards="a-2b", format="pdf")  # fmt: skip
    if not isinstance(pdf, bytes):
        raise TypeError("one PDF expected")
    return pdf


def _framed(page: ocr.Page) -> bytes:
    """The picture in an SVG: what typst is given in memory must be text, and the JPEG comes out of it as it went in."""
    size = f'width="{page.width}" height="{page.height}"'
    data = b64encode(page.picture).decode()
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{data}"/></svg>'.encode()


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return (resources(HERE) / "readable.typ").read_bytes()


def _printable(words: str) -> str:
    """What our font has: PDF/A allows no word without its letters, and a reader sees strange ones in a stain."""
    return "".join(c for c in unicodedata.normalize("NFC", words)
                   if " " <= c <= "~" or c in "–—“”‘’…°§₫" or (c.isalpha() and unicodedata.name(c, "").startswith("LATIN"))
                   ).strip()  # fmt: skip

