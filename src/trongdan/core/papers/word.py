"""A filled paper as an editable document (DOCX), in the layout of NĐ 30/2020. Imported by `render` when one is asked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from .declaration import Filled


def _run(paragraph: Paragraph, text: str, size: float = 14, bold: bool = False, italic: bool = False) -> None:
    for number, line in enumerate(text.split("\n")):
        run = paragraph.add_run(line)
        if number < text.count("\n"):
            run.add_break()
        run._element.insert(0, deepcopy(_properties(size, bold, italic)))


@lru_cache(maxsize=32)
def _properties(size: float, bold: bool, italic: bool) -> Any:
    """How a run is set, made once: setting each of them on each run was half of a document's time."""
    run = Document().add_paragraph().add_run()
    run.font.name, run.font.size, run.bold, run.italic = "Times New Roman", Pt(size), bold, italic
    properties = run._element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), "Times New Roman")
    return properties


def _cell(cell: Any, lines: Sequence[tuple[str, float, bool, bool]], align: Any = WD_ALIGN_PARAGRAPH.CENTER) -> None:
    cell.paragraphs[0]._element.getparent().remove(cell.paragraphs[0]._element)
    for text, size, bold, italic in lines:
        paragraph = cell.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, size, bold, italic)


def _docx_head(document: Any, paper: Filled) -> None:
    head = paper.head
    motto = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, True, False), ("Độc lập - Tự do - Hạnh phúc", 14, True, False),
             ("———————", 10, False, False), (head["place_date"], 14, False, True)]  # fmt: skip
    if paper.paper.layout == "official":
        table = document.add_table(rows=1, cols=2)
        own = [(head["superior"], 13, False, False)] if head["superior"] else []
        own += [(head["agency"], 13, True, False), ("————", 10, False, False), (f"Số: {head['number']}", 13, False, False)]
        own += [(head["subject_head"], 12, False, False)] if head["subject_head"] else []
        _cell(table.cell(0, 0), own)
        _cell(table.cell(0, 1), motto)
    else:
        for text, size, bold, italic in motto:
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(paragraph, text, size, bold, italic)
    for text in (head["type"], head["subject"]):
        if text:
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(paragraph, text, 14, bold=True)


def document_of(paper: Filled) -> bytes:
    """A filled paper as DOCX, without an author or other traces."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    _docx_head(document, paper)
    for block in paper.blocks:
        if block["kind"] == "qr":
            continue
        paragraph = document.add_paragraph()
        kind = block["kind"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if kind in ("to", "center") else WD_ALIGN_PARAGRAPH.JUSTIFY
        if kind in ("p", "basis"):
            paragraph.paragraph_format.first_line_indent = Mm(10)
        _run(paragraph, block["text"], 14, bold=kind in ("bold", "center"), italic=kind == "basis")
    table = document.add_table(rows=1, cols=2)
    receivers = [("Nơi nhận:", 12, True, True)] + [(f"- {r}", 11, False, False) for r in paper.receivers]
    _cell(table.cell(0, 0), receivers if paper.receivers else [("", 11, False, False)], WD_ALIGN_PARAGRAPH.LEFT)
    sign = [(line, 14, True, False) for line in paper.signer]
    _cell(table.cell(0, 1), [*sign, (paper.head["sign_hint"], 12, False, True), ("\n\n", 14, False, False),
                             (paper.head["signer_name"], 14, True, False)])  # fmt: skip
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = paper.paper.title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
