"""Taking a person out of a PDF: the pages as pictures with what was found on them, and a new file of covered pictures.

The copy is made of pictures alone, so that no text layer, attachment, comment, form, earlier revision or name of a maker comes
along. What is suggested comes from the text layer; a scan has none, and then a person marks everything."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from trongdan.kernel.errors import Refusal

from .redaction import Region, Span, draw, suggest

MOST_PAGES = 30  # what a person can look through; longer files get a transcript
SHOWN, KEPT = 90, 150  # dots an inch: on the page, in the copy
MOST_DOTS = 20_000_000  # of one page
SHORTEST = 4  # letters of a name or number that is looked for everywhere: "An" would cover half the page


@dataclass(frozen=True, slots=True)
class Found:
    """A place on a page that may give the person away: `number` as drawn on its picture, the words, why, where."""

    number: int
    words: str
    why: str
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is shown: PNG with numbered frames around what was found. `number` counts from 1. `text`: whether it has any."""

    number: int
    picture: bytes
    found: tuple[Found, ...]
    text: bool


def pages(data: bytes, known: Iterable[str] = ()) -> list[Page]:
    """Every page with what to take out. `known`: what is known of the person (name, number, address), looked for without marks
    and, for a name, with its words the other way round. Raises Refusal."""
    names = tuple(w for w in known if w.strip())
    out, number = [], 0
    with _opened(data) as document:
        for index, page in enumerate(document, 1):
            text = page.get_textpage()
            words = _words(text)
            picture, marks = _picture(page, SHOWN), []
            for span in _spans(words, names):
                number += 1
                marks.append(Found(number, words[span.start : span.end].strip(), span.why, _regions(page, text, span)))
            out.append(Page(index, _framed(picture, marks), tuple(marks), bool(words.strip())))
    return out


def cover(data: bytes, regions: Mapping[int, Sequence[Region]]) -> bytes:
    """A new PDF of the pages as pictures, the regions (by page, from 1) blacked out. Raises Refusal for none, or one that lies
    beside the page."""
    wanted = [r for some in regions.values() for r in some]
    if not wanted or not all(r.holds() for r in wanted):
        words = "Hãy chọn ít nhất một vùng cần che; vùng phải nằm trong trang."
        raise Refusal("redaction.region", words, None, {"field": "regions"})
    with _opened(data) as document:
        if not set(regions) <= set(range(1, len(document) + 1)):
            raise Refusal("redaction.page", "Tệp không có trang ấy. Hãy xem lại số trang.", None, {"field": "regions"})
        pictures = [_picture(page, KEPT) for page in document]
    for number, some in regions.items():
        draw(pictures[number - 1], some)
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=KEPT)
    return out.getvalue()


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The document, closed again whatever happens. Raises Refusal for one that can't be read or is too long."""
    import pypdfium2  # loaded when the first PDF is looked through, not at each start

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        words = "Không đọc được tệp PDF này: tệp hỏng hoặc có mật khẩu. Tệp vẫn nằm trong kho kín; hãy lập bản chép."
        raise Refusal("redaction.pdf", words, None, {"field": "words"}) from None
    try:
        if not 0 < len(document) <= MOST_PAGES:
            raise Refusal("redaction.long", f"Tệp PDF này quá {MOST_PAGES} trang. Hãy lập bản chép phần cần thiết.", None,
                          {"field": "words"})  # fmt: skip
        yield document
    finally:
        document.close()


def _words(text: Any) -> str:
    """One letter of the string for one of the page, so that places in both are the same."""
    from pypdfium2 import raw

    letters = (raw.FPDFText_GetUnicode(text, i) for i in range(text.count_chars()))
    return "".join(chr(c) if 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 else " " for c in letters)


def _picture(page: Any, dots: int) -> Image.Image:
    width, height = page.get_size()
    scale = min(dots / 72, math.sqrt(MOST_DOTS / max(1.0, width * height)))
    picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return picture


def _spans(words: str, known: Sequence[str]) -> list[Span]:
    """What the patterns find, and what is known of the person wherever it stands; not overlapping."""
    out: list[Span] = []
    for span in sorted([*suggest(words), *_known(words, known)], key=lambda s: (s.start, -s.end)):
        if not out or span.start >= out[-1].end:
            out.append(span)
    return out


def _known(words: str, known: Sequence[str]) -> Iterator[Span]:
    plain = _plain(words)
    for one in known:
        parts = _plain(one).split()
        forms = {" ".join(parts), " ".join(reversed(parts)), "".join(parts)}
        for form in forms:
            if len(form) < SHORTEST:
                continue
            at = plain.find(form)
            while at >= 0:
                yield Span(at, at + len(form), "đã biết của người gửi")
                at = plain.find(form, at + 1)


def _plain(text: str) -> str:
    """Lower case without marks, letter for letter: as long as the text itself. Breaks of lines are blanks."""
    return "".join(" " if c.isspace() else _bare(c) for c in text)


def _bare(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


def _regions(page: Any, text: Any, span: Span) -> tuple[Region, ...]:
    """Where the letters of a span stand, a rectangle a line, rounded outwards to hundredths of the page."""
    width, height = page.get_size()
    out = []
    for i in range(text.count_rects(span.start, span.end - span.start)):
        left, bottom, right, top = text.get_rect(i)
        x, y = math.floor(100 * left / width), math.floor(100 * (height - top) / height)
        x2, y2 = math.ceil(100 * right / width), math.ceil(100 * (height - bottom) / height)
        x, y, x2, y2 = max(0, min(99, x)), max(0, min(99, y)), min(100, x2), min(100, y2)
        out.append(Region(x, y, max(1, x2 - x), max(1, y2 - y)))
    return tuple(out)


def _framed(picture: Image.Image, marks: Sequence[Found]) -> bytes:
    brush = ImageDraw.Draw(picture)
    for mark in marks:
        for region in mark.regions:
            box = region.pixels(picture.width, picture.height)
            brush.rectangle(box, outline="#b10e1e", width=2)
            brush.text((box[0] + 2, max(0, box[1] - 11)), str(mark.number), fill="#b10e1e")
    out = io.BytesIO()
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(out, "PNG", optimize=True)
    return out.getvalue()
