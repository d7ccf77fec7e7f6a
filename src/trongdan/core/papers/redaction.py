"""Taking a person out of a text or a picture: spans and regions are suggested, a person confirms, a new copy is made.

A suggestion is never applied by itself, and nothing suggested is not nothing there: who confirms reads the whole.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, UnidentifiedImageError

from trongdan.kernel.errors import Refusal

MARK = "[…]"
_NAME = r"(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]*\s+){1,5}[A-ZÀ-ỸĐ][a-zà-ỹđ]*"
_NAMED = r"(?i:tôi tên là|tên tôi là|tôi là|họ và tên|họ tên|người (?:viết|làm|gửi) đơn|người tố cáo)"
_KIN = r"(?i:chồng tôi|vợ tôi|con tôi|bố tôi|mẹ tôi|anh trai tôi|em trai tôi|tôi (?:đang làm(?: việc)?|công tác) (?:ở|tại))"
_SIGNED = r"(?i:người làm đơn|người viết đơn|ký tên|kính đơn)"
_LINE = r"[^\n.;]{3,140}"
# (why, pattern whose group "it" is what gives the person away)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((why, re.compile(p, re.MULTILINE)) for why, p in (
    ("họ tên người viết", rf"{_NAMED}\s*:?\s*(?P<it>{_NAME})"),
    ("địa chỉ", rf"(?i:địa chỉ|thường trú(?: tại)?|tạm trú(?: tại)?|trú tại|nơi ở|hiện ở|nhà ở)\s*:?\s*(?P<it>{_LINE})"),
    ("ngày, năm sinh", r"(?i:sinh ngày|sinh năm|ngày sinh)\s*:?\s*(?P<it>[\d/.\- ]{4,12})"),
    ("số giấy tờ", r"(?i:cccd|căn cước|cmnd|chứng minh nhân dân|định danh)[^\d\n]{0,30}(?P<it>\d[\d ]{7,14}\d)"),
    ("số điện thoại", r"(?<!\d)(?P<it>(?:\+84|0)(?:[ .\-]?\d){8,10})(?!\d)"),
    ("thư điện tử", r"(?P<it>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
    ("quan hệ, nơi làm việc của người viết", rf"{_KIN}\s*(?:là\s*)?(?P<it>{_LINE})"),
    ("chữ ký cuối đơn", rf"{_SIGNED}[^\n]*\n+\s*(?:\([^)\n]*\)\s*\n+\s*)?(?P<it>{_NAME})\s*$"),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a text that may give the person away, and why."""

    start: int
    end: int
    why: str


def suggest(text: str) -> list[Span]:
    """What to take out, in order, not overlapping. A name found once is suggested wherever it stands."""
    found = [Span(*m.span("it"), why) for why, pattern in _PATTERNS for m in pattern.finditer(text)]
    for span in [s for s in found if s.why in ("họ tên người viết", "chữ ký cuối đơn")]:
        name = text[span.start : span.end].strip()
        found += [Span(m.start(), m.end(), "họ tên người viết") for m in re.finditer(re.escape(name), text)]
    out: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if not out or span.start >= out[-1].end:
            out.append(span)
    return out


def without(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans marked as left out."""
    out, at = [], 0
    for span in sorted(spans, key=lambda s: s.start):
        out += [text[at : span.start], MARK]
        at = max(at, span.end)
    return "".join([*out, text[at:]])


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of a picture in hundredths of its width and height."""

    left: int
    top: int
    width: int
    height: int
    why: str = ""

    def holds(self) -> bool:
        return (0 <= self.left < 100 and 0 <= self.top < 100 and 0 < self.width <= 100 - self.left
                and 0 < self.height <= 100 - self.top)  # fmt: skip

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) on a picture of that size."""
        return (self.left * width // 100, self.top * height // 100, (self.left + self.width) * width // 100,
                (self.top + self.height) * height // 100)  # fmt: skip


# Where a handwritten letter names its writer: the lines below the title, and the signature.
USUAL = (Region(0, 8, 100, 18, "phần ghi họ tên, địa chỉ đầu đơn"), Region(45, 78, 55, 22, "chữ ký, họ tên cuối đơn"))


def draw(picture: Image.Image, regions: Iterable[Region], fill: str = "black") -> None:
    """Black the regions out, in the picture itself."""
    brush = ImageDraw.Draw(picture)
    for region in regions:
        brush.rectangle(region.pixels(picture.width, picture.height), fill=fill)


def cover(data: bytes, regions: Sequence[Region]) -> bytes:
    """The picture as PNG with the regions blacked out: the pixels are gone, not hidden. Raises Refusal."""
    if not regions or not all(region.holds() for region in regions):
        raise Refusal("redaction.region", "Hãy chọn ít nhất một vùng cần che; vùng phải nằm trong ảnh.", None, {"field": "regions"})
    try:
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError):
        raise Refusal("redaction.picture", "Chỉ che được ảnh và PDF. Với tệp khác, hãy lập bản chép.", None) from None
    draw(picture, regions)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
