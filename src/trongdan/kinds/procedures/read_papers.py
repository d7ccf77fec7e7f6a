"""The papers to bring, read out of a table that was flattened into one run of text.

A cell ends where the next begins, with nothing between: "…Đơn đề nghịMau don.docx1 bản chính,1 bản saoGiấy tờ khác…".
What holds is the last column: "N bản chính,M bản sao" ends each row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .typed import Document, Note

# Lower case letters, spelled out: in Unicode those of Vietnamese lie among the upper case ones.
_LOW = "a-z" + "".join(c for c in map(chr, range(0xDF, 0x1EFA)) if c.islower())
_UP = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper())
_HEAD = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
# The last column ends a row: what follows is the end, a new sentence or a new number, never the rest of a sentence.
_ROW_END = re.compile(rf"(\d+) bản chính(?:,\s*(\d+) bản sao)?"
                      rf"(?=$|[^{_LOW} ,(/;.)]|\([0-9a-z]{{1,2}}\)|\([{_UP}]|[a-zđ]\)|\s*$|\s{{2,}})")
_FORM = re.compile(r"[^/:*?\"<>|\n]{1,90}?\.(?:docx?|pdf|xlsx?|rtf|zip|rar)$", re.IGNORECASE)
# Where cells ran together.
_SEAM = re.compile(rf"(?<=[{_LOW}0-9)\]”\"])(?=[{_UP}])|(?<=[;.)])(?=[{_LOW}{_UP}])|(?<=[{_UP}])(?=[{_UP}][{_LOW}])")
_REMARK = re.compile(r"(?:trường hợp|đối với|người |cơ quan |cá nhân |việc |lưu ý|bản chụp các|các giấy tờ này|khi |nếu |ghi chú|"
                     r"không yêu cầu|hồ sơ |tổ chức, cá nhân )", re.IGNORECASE)
_SAID = re.compile(r"(\d{1,2})\s*(?:\([^)]{2,12}\)\s*)?(bản chính|bản gốc|bản sao|bản chụp|bản)", re.IGNORECASE)
_BULLET = re.compile(r"^[\s\-+*•.;,:)]+|^\(?[a-zđ0-9]{1,2}[).]\s+")
_QUANTITY = re.compile(r"Bản chính:\s*(\d+)\s*Bản sao:\s*(\d+)")
MOST_COPIES = 9
NAME, GROUP, NAMES = 1500, 400, 80


def read_table(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Document], list[Note]]:
    """Rows that came as a table: {ten_giay_to, so_luong (a form's file), ghi_chu "Bản chính: 1\\nBản sao: 0"}."""
    out, notes = [], []
    for row in rows:
        name = " ".join(str(row.get("ten_giay_to") or "").split())
        if not name:
            notes.append(Note("documents", "row_lost", str(row)[:120]))
            continue
        found = _QUANTITY.search(str(row.get("ghi_chu") or ""))
        originals, copies = (int(found[1]), int(found[2])) if found else (None, None)
        out.append(Document(_plain(name), originals, copies, str(row.get("so_luong") or "").strip()))
    return out, notes


def read_documents(text: str) -> tuple[list[Document], list[Note]]:
    """The papers of a flattened table, each with its copies, its form's file and the case it is for."""
    if not text.strip():
        return [], [Note("documents", "no_documents", "")]
    parts = _HEAD.split(text)
    if len(parts) == 1:
        lines = [line for line in (_plain(x) for x in re.split(r"\n|;\s", text)) if len(line) > 3]
        return [Document(line[:NAME], None, None) for line in lines[:NAMES]], [Note("documents", "documents_words", text[:160])]
    out: list[Document] = []
    notes: list[Note] = []
    group = _group(parts[0])
    for number, part in enumerate(parts[1:], 1):
        rows, tail, wrong = _rows(part, group)
        out += rows
        notes += wrong
        last = number == len(parts) - 1
        if last and len(tail) > 3:
            notes.append(Note("documents", "tail", tail[:160]))
            out.append(Document(_plain(tail)[:NAME], None, None, group=group))
        group = "" if last else _group(tail)
    return [d for d in out if d.name], notes


def _rows(part: str, group: str) -> tuple[list[Document], str, list[Note]]:
    """The rows of one table, and what stands after its last row: the heading of the next."""
    out: list[Document] = []
    notes: list[Note] = []
    at = 0
    for match in _ROW_END.finditer(part):
        words = part[at : match.start()]
        at = match.end()
        digits = match[1]
        if len(digits) > 1:  # "…mẫu BM.NCC.20.03" and "1 bản chính": only the last digit is the number of copies
            words, digits = words + digits[:-1], digits[-1]
        name, form = _name_and_form(words)
        if len(name) < 3:
            notes.append(Note("documents", "row_lost", match[0]))
            continue
        copies = int(match[2] or 0)
        if copies > MOST_COPIES:
            notes.append(Note("documents", "copies", match[0]))
        out.append(_document(name[:NAME], int(digits), copies, form, group))
    return out, part[at:].strip(" -\n"), notes


def _document(name: str, originals: int, copies: int, form: str, group: str) -> Document:
    """A row. With no copies in its column the words may say how many; words alone that ask for nothing are a remark."""
    if originals or copies:
        return Document(name, originals, copies, form, group)
    found = _SAID.search(name)
    if found and int(found[1]):
        whole = found[2].lower() in ("bản chính", "bản gốc", "bản")
        return Document(name, int(found[1]) if whole else 0, 0 if whole else int(found[1]), form, group)
    if group.lower().startswith("lưu ý") or _REMARK.match(name):
        return Document(name, 0, 0, form, group, remark=True)
    return Document(name, None, None, form, group)


def _name_and_form(words: str) -> tuple[str, str]:
    """A row without its copies: the paper's name, and the file of its form when the cell before named one."""
    words = " ".join(words.split())
    found = _FORM.search(words)
    if found is None:
        return _plain(words), ""
    seams = [m.start() for m in _SEAM.finditer(words, found.start()) if m.start() < len(words) - 6]
    if not seams:  # nothing tells where the name ends
        return _plain(words), ""
    return _plain(words[: seams[-1]]), words[seams[-1] :].strip()


def _plain(words: str) -> str:
    return _BULLET.sub("", " ".join(words.split())).strip(" ;")


def _group(words: str) -> str:
    return " ".join(words.split()).strip(" -:*")[:GROUP]
