"""The pages of a scan: a picture, or a PDF page by page, as grey pictures; and whether a PDF has its words already. No domain.

PDFium (pypdfium2) takes PDFs apart; it is loaded when the first is asked for, not at each start."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image, UnidentifiedImageError

A4_INCHES = (8.27, 11.69)
RESOLUTION = 200  # dots an inch that a PDF's page is read at
MAX_SIDE = 6000


class NoPages(Exception):
    """Not a picture or PDF that can be taken apart."""


def pages(media: str, data: bytes, most: int, resolution: int = RESOLUTION) -> Iterator[Image.Image]:
    """Each page in grey, at most `most`. Raises NoPages. Closes what it opened when it ends."""
    if media.startswith("image/"):
        yield _grey(data)
        return
    if media != "application/pdf":
        raise NoPages
    document = _open(data)
    try:
        for number in range(min(len(document), most)):
            page = document[number]
            longest = max(page.get_size()) / 72
            bitmap = page.render(scale=min(resolution, MAX_SIDE / max(longest, 1)) / 72, grayscale=True)
            yield bitmap.to_pil().convert("L")
            page.close()
    finally:
        document.close()


def _grey(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as image:
            plain = image.convert("RGBA") if image.mode in ("P", "LA", "PA") else image
            if plain.mode == "RGBA":  # what is see-through is white paper
                paper = Image.new("RGBA", plain.size, "white")
                paper.alpha_composite(plain)
                plain = paper
            grey = plain.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise NoPages from None
    grey.thumbnail((MAX_SIDE, MAX_SIDE))
    return grey


def _open(data: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise NoPages from None


def has_words(data: bytes) -> bool:
    """Whether every page of a PDF carries text already: it was written, or read before. Raises NoPages."""
    document = _open(data)
    try:
        return all(_words_on(document[n]) for n in range(len(document)))
    finally:
        document.close()


def _words_on(page: Any) -> bool:
    text = page.get_textpage()
    try:
        return bool(text.count_chars())
    finally:
        text.close()


def picture_resolution(data: bytes) -> list[float]:
    """Dots an inch of the largest picture on each page of a PDF; 0 where there is none. Raises NoPages."""
    document = _open(data)
    try:
        return [_resolution_of(document[n]) for n in range(len(document))]
    finally:
        document.close()


def _resolution_of(page: Any) -> float:
    import pypdfium2.raw as pdfium

    best = 0.0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, _bottom, right, _top = item.get_bounds()
        width = item.get_px_size()[0]
        best = max(best, width / max((right - left) / 72, 0.1))
    return best
