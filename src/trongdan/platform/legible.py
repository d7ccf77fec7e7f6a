"""Whether a scan can be read: too small, blurred, pale, dark or empty, page by page. Advice given while the person is still there;
nothing is refused for it. No domain in it.

Measured on a page of 1,000 dots' width in grey: the darkest dots against the paper, and how sharply ink ends, by the strongest
answers of the Laplacian (after Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000) against that
contrast, so that a page of one line is judged like a full one. The limits are ours, by what was still read: docs/decisions/0059.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from PIL import Image, ImageFilter

from .pages import A4_INCHES, NoPages, has_words, pages, picture_resolution

WIDTH = 1000
MOST = 20
LEAST_RESOLUTION = 120  # dots an inch; 200 or 300 is what scanners are set to
LEAST_SHARP = 0.3  # the strongest edges, as a part of the contrast: 0.6 and more when sharp, 0.2 when hardly read any more
LEAST_CONTRAST, NO_CONTRAST = 45, 12
DARKEST_PAPER = 110
INK, EDGES, PAPER = 0.0015, 0.001, 0.80  # shares of a page's dots: a single line of words has as many dark ones
_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with a page, in words, and what to do. `page` from 1; `sign` is one of small, blank, dark, pale, blurred."""

    page: int
    sign: str
    words: str


WORDS = {
    "small": "ảnh nhỏ quá, chữ khó đọc: hãy quét 200–300 dpi hoặc chụp gần hơn",
    "blank": "trang trắng: có thể quét nhầm mặt",
    "dark": "tối quá: hãy chụp nơi sáng hơn",
    "pale": "nhạt quá, chữ lẫn vào nền: hãy quét đậm hơn",
    "blurred": "mờ, nhòe: hãy quét hoặc chụp lại",
}


def doubts(media: str, data: bytes) -> tuple[Doubt, ...]:
    """What somebody should look at again; empty when it reads well, or is no scan (a PDF with its words, a Word file)."""
    return _doubts(media, sha256(data).digest(), _Bytes(data))


class _Bytes:
    """The bytes beside their digest, which alone is the key of what is remembered."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bytes)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _doubts(media: str, _digest: bytes, kept: _Bytes) -> tuple[Doubt, ...]:
    """A form shows its files again with each turn; a page takes some 30 ms to look at."""
    data, kept.data = kept.data, b""  # what is remembered is the answer, not the file
    found = []
    try:
        if media == "application/pdf":
            if has_words(data):
                return ()
            sizes = picture_resolution(data)
        for number, page in enumerate(pages(media, data, MOST, resolution=130), 1):
            dots = sizes[number - 1] if media == "application/pdf" else max(page.size) / A4_INCHES[1]
            if sign := _sign(page, dots):
                found.append(Doubt(number, sign, WORDS[sign]))
    except NoPages:
        return ()
    return tuple(found)


def _sign(page: Image.Image, dots: float) -> str | None:
    """The first thing that is wrong with a page in grey; `dots` an inch, 0 when it is not known."""
    small = page.resize((WIDTH, max(8, round(page.height * WIDTH / page.width))), Image.Resampling.BILINEAR)
    counts = small.histogram()
    paper = _level(counts, PAPER)
    contrast = paper - _level(counts, INK)
    if paper < DARKEST_PAPER:
        return "dark"
    if contrast < LEAST_CONTRAST:
        return "blank" if contrast < NO_CONTRAST else "pale"
    if 0 < dots < LEAST_RESOLUTION:
        return "small"
    return "blurred" if _sharpest(small) < LEAST_SHARP * contrast else None


def _sharpest(page: Image.Image) -> int:
    """What the Laplacian answers at the sharpest dots; the frame, which it does not reach, is left out."""
    answers = page.filter(_LAPLACE).crop((2, 2, page.width - 2, page.height - 2)).histogram()
    counts = [answers[128]] + [answers[128 - n] + (answers[128 + n] if n < 128 else 0) for n in range(1, 129)]
    return _level(counts, 1 - EDGES)


def _level(counts: list[int], share: float) -> int:
    """The grey below which a share of the dots lies."""
    rest = share * sum(counts)
    for grey, count in enumerate(counts):
        rest -= count
        if rest <= 0:
            return grey
    return len(counts) - 1
