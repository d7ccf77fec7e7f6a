"""Scans: how many pages a core reads, how much of the words it finds, what the searchable copy costs and whether a page is fit.

The pages are invented letters set in print, then treated as a scanner or a telephone treats them: turned, softened, noisy."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from . import instance
from .figures import Result, begin
from .words import letter, name_of

DOTS = (1654, 2339)  # A4 at 200 an inch
SETTING = """#set page(width: 210mm, height: 297mm, margin: 25mm)
#set text(font: "Tinos", size: 13pt, lang: "vi")
#set par(justify: true)
#align(center)[*ĐƠN KIẾN NGHỊ*]
#sys.inputs.text"""
TREATED = {"scanned": (0.3, 0.6, 0.05), "photographed": (0.8, 1.2, 0.16)}  # degrees, softening in dots, noise
WORDS = {"scanned": "máy quét 200 dpi", "photographed": "điện thoại chụp"}


@dataclass
class _Sum:
    found: int = 0
    asked: int = 0
    doubted: int = 0
    pages: int = 0


def _text(number: int) -> str:
    return f"Tôi tên là {name_of(number)}. " + " ".join(letter(number * 7 + k) for k in range(4))


def _sheet(text: str, how: str) -> bytes:
    import pypdfium2
    import typst
    from PIL import Image, ImageFilter

    from trongdan.core.papers.render import fonts

    pdf = typst.compile(SETTING.encode(), font_paths=fonts(), sys_inputs={"text": text}, format="pdf")
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72, grayscale=True).to_pil().convert("L").resize(DOTS)
    turn, soft, noise = TREATED[how]
    page = page.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(soft))
    out = io.BytesIO()
    Image.blend(page, Image.effect_noise(page.size, 24), noise).save(out, "JPEG", quality=75)
    return out.getvalue()


def _plain(words: str) -> list[str]:
    return ["".join(c for c in w if c.isalnum()).lower() for w in words.split() if any(c.isalnum() for c in w)]


def _pages(how: str, most: int) -> Iterator[tuple[str, bytes]]:
    for number in range(most):
        text = _text(number)
        yield text, _sheet(text, how)


def run(most: int = 12) -> Result:
    """Measure and save. Raises OcrFailed where tesseract with Vietnamese is not installed: then there is nothing to measure."""
    with instance.folder():
        import django

        django.setup()
        from trongdan.core.papers.readable import as_pdf
        from trongdan.platform import ocr
        from trongdan.platform.legible import doubts

        have = ocr.tool()
        if not have.ready:
            raise ocr.OcrFailed(have.words)
        result, sizes, cpu_copy, cpu_look, sums = begin("scans", "Bản quét"), [0, 0], 0.0, 0.0, {h: _Sum() for h in TREATED}
        child, begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 0.0
        for how, one in sums.items():
            for text, sheet in _pages(how, most):
                at = time.process_time()
                one.doubted += bool(doubts("image/jpeg", sheet))
                cpu_look += time.process_time() - at
                wall = time.perf_counter()
                read = list(ocr.read_pages("image/jpeg", sheet))
                begun += time.perf_counter() - wall
                at = time.process_time()
                copy = as_pdf(read, "image/jpeg", date(2026, 11, 2))
                cpu_copy += time.process_time() - at
                sizes = [sizes[0] + len(sheet), sizes[1] + len(copy)]
                words, seen = _plain(text), set(_plain(read[0].text))
                one.found, one.asked, one.pages = one.found + sum(w in seen for w in words), one.asked + len(words), one.pages + 1
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - child
        pages = sum(s.pages for s in sums.values())
        result.add("cpu", "CPU để đọc một trang (tesseract, một lõi)", child / pages, "giây")
        result.add("rate", "Trang đọc mỗi phút, một lõi", 60 * pages / begun, "trang/phút", more=True)
        for how, one in sums.items():
            result.add(f"found_{how}", f"Số từ đọc đúng cả dấu, {WORDS[how]}", one.found / one.asked * 100, "%", more=True)
        result.add("copy", "CPU để lập bản tìm được chữ (PDF/A) của một trang, không kể đọc", cpu_copy / pages * 1000, "ms")
        result.add("size", "Bản ấy so với ảnh gốc", sizes[1] / sizes[0], "lần")
        result.add("look", "CPU để xem một trang có đọc được không", cpu_look / pages * 1000, "ms")
        result.add("doubted", "Trang rõ bị nhắc nhầm là khó đọc", sum(s.doubted for s in sums.values()) / pages * 100, "%")
        result.notes.append(f"{pages} trang do dự án đặt ra, in chữ 13, quay lệch, làm nhòe, thêm nhiễu; {have.version}. "
                            "Bản quét thật, chữ viết tay chưa đo: không có ở đây.")  # fmt: skip
        result.save()
    return result
