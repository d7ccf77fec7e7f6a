"""Text from a scanned page: tesseract with Vietnamese, an optional part of the system. Looked for when it is needed; without
it everything else works and says what is missing. No domain in it; slow, so never called in a request.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from . import pages

LANGUAGE = "vie"
SECONDS = 120  # for one page
MAX_PAGES = 20
MAX_CHARACTERS = 100_000


class OcrFailed(Exception):
    """Said in Vietnamese to who waits for the text."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What this machine has: the program, its version, whether it reads Vietnamese."""

    program: str | None
    version: str = ""
    vietnamese: bool = False

    @property
    def ready(self) -> bool:
        return self.program is not None and self.vietnamese

    @property
    def words(self) -> str:
        """One line for an operator: what is there, or what to install."""
        if self.program is None:
            return ("Đọc bản quét: chưa có tesseract. Cài gói tesseract-ocr và tesseract-ocr-vie (hoặc đặt TRONGDAN_OCR); "
                    "không có thì cán bộ tự gõ, mọi việc khác vẫn chạy.")  # fmt: skip
        if not self.vietnamese:
            return f"Đọc bản quét: có {self.version} nhưng thiếu tiếng Việt. Cài gói tesseract-ocr-vie."
        return f"Đọc bản quét: {self.version}, có tiếng Việt."


def _run(command: list[str], data: bytes = b"", seconds: float = SECONDS) -> bytes:
    """Raises OcrFailed; what the program complains of is not repeated, it may hold words of the page."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # one core: the worker has other rounds to do
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False, env=environment)
    except subprocess.TimeoutExpired:
        raise OcrFailed("Đọc quá lâu nên đã dừng. Hãy quét rõ hơn, từng trang, hoặc tự gõ.") from None
    except OSError:
        raise OcrFailed("Không chạy được chương trình đọc bản quét.") from None
    if done.returncode:
        raise OcrFailed("Chương trình đọc bản quét không mở được tệp này. Hãy quét lại hoặc tự gõ.")
    return done.stdout


def tool() -> Tool:
    """What is installed now. TRONGDAN_OCR names the program; empty turns reading off."""
    wanted = os.environ.get("TRONGDAN_OCR", "tesseract")
    program = shutil.which(wanted) if wanted else None
    if program is None:
        return Tool(None)
    try:
        version = _run([program, "--version"], seconds=20).decode("utf-8", "replace").split("\n", 1)[0].strip()
        languages = _run([program, "--list-langs"], seconds=20).decode("utf-8", "replace").split()
    except OcrFailed:
        return Tool(None)
    return Tool(program, version, LANGUAGE in languages)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words where it stands on its page, in dots from the upper left; `sure` 0 to 100, as tesseract says it."""

    left: int
    top: int
    width: int
    height: int
    words: str
    sure: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: its picture (JPEG, grey), its size in dots, its lines in reading order."""

    picture: bytes
    width: int
    height: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.words for line in self.lines)


def read(media: str, data: bytes) -> str:
    """The words of a scanned picture or PDF. Raises OcrFailed."""
    return "\n\n".join(page.text for page in read_pages(media, data) if page.lines)[:MAX_CHARACTERS]


def read_pages(media: str, data: bytes) -> Iterator[Page]:
    """Each page of a scanned picture or PDF, read as it is asked for. Raises OcrFailed."""
    have = tool()
    if not have.ready or have.program is None:
        raise OcrFailed(have.words)
    try:
        for image in pages.pages(media, data, MAX_PAGES):
            out = io.BytesIO()
            image.save(out, "JPEG", quality=80)
            found = _run([have.program, "stdin", "stdout", "-l", LANGUAGE, "tsv"], out.getvalue()).decode("utf-8", "replace")
            yield Page(out.getvalue(), image.width, image.height, tuple(_lines(found)))
    except pages.NoPages:
        raise OcrFailed("Chương trình đọc bản quét không mở được tệp này. Hãy quét lại hoặc tự gõ.") from None


def _lines(table: str) -> Iterator[Line]:
    """Tesseract's table of words (level 5) as lines, each word of a line joined (`tesseract … tsv`)."""
    open_at: tuple[str, ...] = ()
    words: list[tuple[int, int, int, int, float, str]] = []
    for row in csv.reader(table.splitlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) < 12 or row[0] != "5" or not row[11].strip():
            continue
        at = tuple(row[1:5])
        if at != open_at and words:
            yield _joined(words)
            words = []
        open_at = at
        left, top, width, height = map(int, row[6:10])
        words.append((left, top, left + width, top + height, float(row[10]), row[11].strip()))
    if words:
        yield _joined(words)


def _joined(words: list[tuple[int, int, int, int, float, str]]) -> Line:
    left, top = min(w[0] for w in words), min(w[1] for w in words)
    right, bottom = max(w[2] for w in words), max(w[3] for w in words)
    return Line(left, top, right - left, bottom - top, " ".join(w[5] for w in words), sum(w[4] for w in words) / len(words))
