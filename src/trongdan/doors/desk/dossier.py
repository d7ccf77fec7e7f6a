"""The whole file of a case: index (mục lục) and numbered sheets (bút lục), in one ZIP."""

from __future__ import annotations

import io
import zipfile

from trongdan.core.cases.trail import Loaded, bodies
from trongdan.core.papers import files
from trongdan.core.papers.render import render_pdf, titles
from trongdan.kernel.reference import format_reference
from trongdan.kinds.letters.paperwork import paper_data


def whole_file_zip(loaded: Loaded) -> bytes:
    """Sheets in the order they came to be: the letter, attached files, issued papers; the index first. In a scope."""
    sheets: list[tuple[str, str, bytes]] = []
    text = bodies([loaded.id]).get(str(loaded.state.fields.get("text", {}).get("content", "")), "")
    if text:
        sheets.append((str(loaded.state.origin_on), f"Nội dung {loaded.kind.noun}", text.encode("utf-8")))
    names = ["txt"] if text else []
    copies = {paper.file for paper in loaded.state.papers.values()}  # these come with their paper
    for file in files.listed(loaded.id):
        if str(file["id"]) in copies or file["sealed"]:  # what lies in the vault is no sheet for others: its covered copy is
            continue
        sheets.append((f"{file['at']:%Y-%m-%d}", str(file["name"]), files.path_of(file["id"]).read_bytes()))  # type: ignore[arg-type]
        names.append(str(file["name"]).rsplit(".", 1)[-1])
    for paper in loaded.state.papers.values():
        if paper.effective and not paper.dead:
            form, words = paper_data(loaded, paper.id)
            sheets.append((str(paper.dated or ""), f"{titles()[form]} {paper.number or ''}".strip(),
                           files.signed_copy(paper.file) or render_pdf(form, words)))
            names.append("pdf")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("00-muc-luc.docx", _index(loaded, sheets))
        for number, ((_day, _title, data), ending) in enumerate(zip(sheets, names, strict=True), 1):
            archive.writestr(f"{number:02d}.{ending}", data)
    return out.getvalue()


def _index(loaded: Loaded, sheets: list[tuple[str, str, bytes]]) -> bytes:
    from docx import Document  # loaded when the first file is asked for, not at each start

    document = Document()
    document.add_heading(f"Mục lục hồ sơ {format_reference(loaded.reference)}", 1)
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, ("Bút lục", "Ngày", "Tên tài liệu"), strict=True):
        cell.text = words
    for number, (day, title, _data) in enumerate(sheets, 1):
        for cell, words in zip(table.add_row().cells, (str(number), day, title), strict=True):
            cell.text = words
    document.core_properties.author = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
