"""A mark in the lower margin of a finished PDF: a QR code and the words beside it. An increment: what was there stays as it was."""

from __future__ import annotations

import io
import json
import tempfile
from importlib.resources import files

import typst
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints, LayoutError
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.stamp import StaticStampStyle

from trongdan.kernel.errors import Refusal

from .render import fonts

MARGIN = 28  # points from the page's left edge; Nghị định 30/2020 leaves 30–35 mm there and 20 below
BELOW = 8
WIDTH, HEIGHT = 340, 45  # of stamp.typ


def stamp(pdf: bytes, qr_svg: bytes, lines: list[str], keyword: str) -> bytes:
    """The PDF with the mark on its first page and `keyword` in its document information. Raises Refusal for what is no PDF, or one
    that may not be written to."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as mark:  # the library takes a file by its name
            mark.write(_mark(qr_svg, lines))
            mark.flush()
            content = ImportedPdfPage(mark.name)  # type: ignore[no-untyped-call]
            style = StaticStampStyle(border_width=0, background=content, background_opacity=1.0)
            style.create_stamp(writer, BoxConstraints(WIDTH, HEIGHT), {}).apply(0, MARGIN, BELOW)
        _note(writer, keyword)
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
    except (PdfError, LayoutError, ValueError, KeyError, TypeError, IndexError):
        words = "Không đóng được mã kiểm tra lên tệp PDF này (tệp bị khóa hoặc hỏng). Hãy in ra PDF lại rồi đưa lên."
        raise Refusal("stamp.not_pdf", words, None, {"field": "file"}) from None
    return out.getvalue()


def _note(writer: IncrementalPdfFileWriter, keyword: str) -> None:
    """The keyword beside those that are there: signing tools leave the document information as it is."""
    trailer = writer.prev.trailer_view
    was = dict(trailer["/Info"]) if "/Info" in trailer else {}
    info = generic.DictionaryObject(was)  # type: ignore[no-untyped-call]
    words = f"{info.get('/Keywords', '')} {keyword}".strip()
    info[generic.NameObject("/Keywords")] = generic.pdf_string(words)
    writer.set_info(writer.add_object(info))


def _mark(qr_svg: bytes, lines: list[str]) -> bytes:
    pdf = typst.compile({"main.typ": (files(__package__ or "") / "stamp.typ").read_bytes(), "qr.svg": qr_svg}, font_paths=fonts(),
                        sys_inputs={"data": json.dumps({"lines": lines}, ensure_ascii=False)}, format="pdf")  # fmt: skip
    if not isinstance(pdf, bytes):
        raise TypeError("one PDF expected")
    return pdf
