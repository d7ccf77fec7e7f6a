"""PDF by Typst (PDF/A-2b, tagged) and DOCX to edit, from the same filled paper."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from trongdan.kernel.case import VIETNAM

from .declaration import filled, papers

HERE = "trongdan.core.papers"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def titles() -> dict[str, str]:
    """paper id -> title."""
    return {p.id: p.title for p in papers().values()}


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return (files(HERE) / "layout.typ").read_bytes()


@lru_cache(maxsize=1)
def fonts() -> Any:
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
    pdf = typst.compile(sources, font_paths=fonts(), sys_inputs={"data": json.dumps(payload, ensure_ascii=False)},
                        pdf_standards="a-2b", format="pdf")  # fmt: skip
    if not isinstance(pdf, bytes):
        raise TypeError("one PDF expected")
    return pdf


def render_docx(paper_id: str, data: Mapping[str, Any]) -> bytes:
    """The same words as an editable document, without an author or other traces."""
    from .word import document_of  # python-docx: loaded when the first is asked for, not at each start

    return document_of(filled(paper_id, data))
