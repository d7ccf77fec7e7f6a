"""A paper as one TOML file declares it: its form and its text in blocks, from which PDF and DOCX are both made."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from trongdan.core.cases.registry import paper_forms
from trongdan.kernel.errors import LoadError
from trongdan.platform.text import clean

BLOCKS = frozenset({"p", "to", "center", "bold", "basis", "quote", "mono", "qr"})
_PLACE = re.compile(r"\{([a-z_]+)\}")
DOTS = "………………"


@dataclass(frozen=True, slots=True)
class Paper:
    """`form` is {code, instrument, verified}; verified False is shown as "chưa đối chiếu" in the docs."""

    id: str
    title: str
    type: str
    subject: str
    abbreviation: str
    layout: str
    form: Mapping[str, Any]
    blocks: tuple[Mapping[str, str], ...]
    receivers: tuple[str, ...]
    signer: str
    sign_hint: str
    must: tuple[Mapping[str, str], ...] = ()  # {place, name, basis}: what the law asks it to contain
    reply: tuple[str, ...] = ()  # of an answer to a person: the places that hold what is answered
    scan: bool = False  # marked by hand by somebody who is no official: it takes effect only with its scanned sheet
    reply_gives: tuple[str, ...] = ()  # what the paper itself is ("decision"), so that its words need not name it


def parse_paper(text: str, file: str) -> Paper:
    """Raises LoadError for unknown blocks, a form without its mark, or an id that is not the file's name."""
    t = tomllib.loads(text)
    for key in ("id", "title", "layout", "form", "block"):
        if key not in t:
            raise LoadError(file, key, "missing")
    if f"{t['id']}.toml" != file:
        raise LoadError(file, "id", "must be the file's name")
    if t["layout"] not in ("official", "citizen") or set(t["form"]) != {"code", "instrument", "verified"}:
        raise LoadError(file, "form", "layout official|citizen; form needs code, instrument, verified")
    for block in t["block"]:
        if block.get("kind", "p") not in BLOCKS or "text" not in block or set(block) - {"kind", "text", "when"}:
            raise LoadError(file, "block", f"unknown block {block}")
    for row in t.get("must", ()):
        if set(row) - {"place", "name", "basis", "when"} or not {"place", "name", "basis"} <= set(row):
            raise LoadError(file, "must", f"place, name, basis, when: {row}")
    reply = t.get("reply", {})
    if set(reply) - {"fields", "gives"}:
        raise LoadError(file, "reply", "fields, gives")
    blocks = tuple({"kind": b.get("kind", "p"), "text": b["text"], "when": b.get("when", "")} for b in t["block"])
    return Paper(t["id"], t["title"], t.get("type", ""), t.get("subject", ""), t.get("abbreviation", ""), t["layout"],
                 t["form"], blocks, tuple(t.get("receivers", ())), t.get("signer", "{signer_capacity}"),
                 t.get("sign_hint", ""), tuple(t.get("must", ())),
                 tuple(reply.get("fields", ())), t.get("scan", False), tuple(reply.get("gives", ())))  # fmt: skip


@lru_cache(maxsize=1)
def papers() -> Mapping[str, Paper]:
    return {name: parse_paper(file.read_text("utf-8"), file.name) for name, file in paper_forms().items()}


def fill(text: str, data: Mapping[str, Any]) -> str:
    """The text with its places filled; what is not known stays a dotted line to be written by hand."""
    return _PLACE.sub(lambda m: clean(str(data.get(m.group(1)) or DOTS)), text)


def missing(paper_id: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, basis) of what the law asks the paper to contain and its words lack."""
    return [(m["name"], m["basis"]) for m in papers()[paper_id].must
            if not data.get(m["place"]) and (not m.get("when") or data.get(m["when"]))]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper with its words in place, ready for any output."""

    paper: Paper
    blocks: tuple[Mapping[str, str], ...]
    head: Mapping[str, str]
    receivers: tuple[str, ...]
    signer: tuple[str, ...]


def filled(paper_id: str, data: Mapping[str, Any]) -> Filled:
    """Fill a paper. `data` holds plain texts; a block with `when` is left out when that text is empty."""
    paper = papers()[paper_id]
    blocks = tuple(
        {"kind": b["kind"], "text": fill(b["text"], data)}
        for b in paper.blocks if not b["when"] or data.get(b["when"])
    )  # fmt: skip
    number = str(data.get("number") or f"…/{paper.abbreviation}-{data.get('agency_mark', '')}")
    head = {
        "superior": str(data.get("superior", "")).upper(), "agency": str(data.get("agency", "")).upper(), "number": number,
        "place_date": f"{data.get('place', '')}, {data.get('date_words') or 'ngày … tháng … năm …'}",
        "type": paper.type, "subject": fill(paper.subject, data) if paper.type else "",
        "subject_head": "" if paper.type else fill(paper.subject, data), "title": paper.title,
        "signer_name": str(data.get("signer_name", "")), "sign_hint": paper.sign_hint,
    }  # fmt: skip
    return Filled(paper, blocks, {k: clean(v) for k, v in head.items()}, tuple(fill(r, data) for r in paper.receivers),
                  tuple(fill(paper.signer, data).split("\n")))  # fmt: skip
