"""A table as XLSX or as DOCX (landscape), without an author or other traces. Libraries are loaded when a file is asked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to print: title, lines below it, columns (name, width in characters), rows of words or whole numbers, notes."""

    title: str
    heads: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[str | int]]
    notes: tuple[str, ...] = ()


def as_xlsx(sheet: Sheet) -> bytes:
    """The table as a workbook. Words are written as words: none becomes a formula, whatever a sender wrote."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": sheet.title, "author": "", "company": ""})
    page = book.add_worksheet("Sổ")
    font = {"font_name": "Times New Roman", "font_size": 11}
    bold = book.add_format({**font, "bold": True, "font_size": 13})
    plain = book.add_format(font)
    head = book.add_format({**font, "bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    cell = book.add_format({**font, "border": 1, "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, sheet.title, bold)
    for number, words in enumerate(sheet.heads, 1):
        page.write_string(number, 0, words, plain)
    top = len(sheet.heads) + 2
    for column, (name, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(top, column, name, head)
        page.write_number(top + 1, column, column + 1, head)
    for number, row in enumerate(sheet.rows, top + 2):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(number, column, value, cell)
            else:
                page.write_string(number, column, value, cell)
    for number, words in enumerate(sheet.notes, top + 3 + len(sheet.rows)):
        page.write_string(number, 0, words, plain)
    page.freeze_panes(top + 2, 0)
    page.repeat_rows(top, top + 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def as_docx(sheet: Sheet) -> bytes:
    """The table as an editable document, A4 across."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(12)
    _words(document.add_paragraph(), sheet.title, 14, bold=True)
    for words in sheet.heads:
        _words(document.add_paragraph(), words, 11)
    table = document.add_table(rows=1, cols=len(sheet.columns))
    table.style, table.autofit = "Table Grid", False
    across = Mm(273)
    whole = sum(width for _, width in sheet.columns)
    for column, (_name, width) in zip(table.columns, sheet.columns, strict=True):
        column.width = int(across * width / whole)
    _row(table.rows[0], [name for name, _ in sheet.columns], bold=True)
    for row in sheet.rows:
        _row(table.add_row(), [str(value) for value in row])
    for words in sheet.notes:
        _words(document.add_paragraph(), words, 10)
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = sheet.title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _row(row: Any, cells: Sequence[str], bold: bool = False) -> None:
    for cell, words in zip(row.cells, cells, strict=True):
        _words(cell.paragraphs[0], words, 8, bold=bold)


def _words(paragraph: Any, words: str, size: float, bold: bool = False) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.bold = "Times New Roman", Pt(size), bold
    paragraph.paragraph_format.space_after = Pt(0)
