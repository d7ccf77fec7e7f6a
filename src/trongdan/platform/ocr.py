"""Text from a scanned page: tesseract with Vietnamese, an optional part of the system. Looked for when it is needed; without
it everything else works and says what is missing. No domain in it; slow, so never called in a request.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

LANGUAGE = "vie"
SECONDS = 120  # for one page
MAX_PAGES = 20
MAX_CHARACTERS = 100_000


class OcrFailed(Exception):
    """Said in Vietnamese to who waits for the text."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What this machine has: the program, its version, whether it reads Vietnamese, and what takes PDF pages apart."""

    program: str | None
    version: str = ""
    vietnamese: bool = False
    pages: str | None = None

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
        pdf = "đọc được PDF" if self.pages else "chưa đọc được PDF (cài poppler-utils)"
        return f"Đọc bản quét: {self.version}, có tiếng Việt; {pdf}."


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
    return Tool(program, version, LANGUAGE in languages, shutil.which("pdftoppm"))


def read(media: str, data: bytes) -> str:
    """The words of a scanned picture or PDF. Raises OcrFailed."""
    have = tool()
    if not have.ready or have.program is None:
        raise OcrFailed(have.words)
    pages = [data] if media.startswith("image/") else _pages(have, media, data)
    out = [_run([have.program, "stdin", "stdout", "-l", LANGUAGE], page).decode("utf-8", "replace").strip() for page in pages]
    return "\n\n".join(text for text in out if text)[:MAX_CHARACTERS]


def _pages(have: Tool, media: str, data: bytes) -> list[bytes]:
    if media != "application/pdf":
        raise OcrFailed("Chỉ đọc được ảnh và PDF.")
    if have.pages is None:
        raise OcrFailed("Máy chủ chưa tách được trang PDF (cài poppler-utils). Hãy đưa ảnh từng trang, hoặc tự gõ.")
    with tempfile.TemporaryDirectory() as folder:  # 0700, gone with its pages whatever happens
        stem = Path(folder) / "p"
        _run([have.pages, "-png", "-r", "200", "-gray", "-l", str(MAX_PAGES), "-", str(stem)], data)
        return [page.read_bytes() for page in sorted(Path(folder).glob("p*.png"))]
