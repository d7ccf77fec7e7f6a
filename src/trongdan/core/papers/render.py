"""PDF by Typst (PDF/A-2b, tagged) and DOCX to edit, from the same filled paper."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from trongdan.kernel.case import VIETNAM

from .declaration import Filled, filled, papers

HERE = "trongdan.core.papers"


def titles() -> dict[str, str]:
    """paper id -> title."""
    return {p.id: p.title for p in papers().values()}


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return (files(HERE) / "layout.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Our fonts alone: what a PDF embeds must not depend on the machine."""
    folder = Path(str(files(HERE) / "fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def render_pdf(paper_id: str, data: Mapping[str, Any], *, large: bool = False, images: Mapping[str, bytes] | None = None
               ) -> bytes:  # fmt: skip
    """A PDF/A-2b, tagged, of the filled paper; 16-point for people with `large`. Text is data, never markup."""
    paper = filled(paper_id, data)
    blocks = [b for b in paper.blocks if b["kind"] != "qr" or images]
    # PDF/A wants a date; a draft has only the day it is made.
    day = str(data.get("dated") or datetime.now(VIETNAM).date().isoformat())
    payload = {"day": [int(part) for part in day.split("-")], **paper.head, "blocks": blocks,
               "receivers": list(paper.receivers), "signer": list(paper.signer),
               "keywords": [data["code"]] if data.get("code") else [],
               "large": large, "layout": paper.paper.layout, "compact": not paper.signer[0]}  # fmt: skip
    sources = {"main.typ": _layout(), **(images or {})}
    pdf = typst.compile(sources, font_paths=_fonts(), sys_inputs={"data": json.dumps(payload, ensure_ascii=False)},
                        pdf_standards="a-2b", format="pdf")  # fmt: skip
    if not isinstance(pdf, bytes):
        raise TypeError("one PDF expected")
    return pdf


def _run(paragraph: Paragraph, text: str, size: float = 14, bold: bool = False, italic: bool = False) -> None:
    for number, line in enumerate(text.split("\n")):
        run = paragraph.add_run(line)
        if number < text.count("\n"):
            run.add_break()
        run.font.name, run.font.size, run.bold, run.italic = "Times New Roman", Pt(size), bold, italic
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Times New Roman")


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


def render_docx(paper_id: str, data: Mapping[str, Any]) -> bytes:
    """The same words as an editable document, without an author or other traces."""
    paper = filled(paper_id, data)
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
