"""Whether what a person brought is enough, while the person stands there. Pure; papers are counted from 1."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper to tick: its place in the list, its name, how many copies (in words), the case it is for."""

    number: int
    name: str
    copies: str
    group: str
    conditional: bool = False  # asked of some people only: "nếu có", "trường hợp …"


_CONDITION = re.compile(r"^trường hợp |\(nếu |nếu có|nếu người|trong trường hợp|đối với trường hợp|hoặc không", re.IGNORECASE)


def asked_papers(body: Mapping[str, Any]) -> list[Asked]:
    """The papers of a procedure that are papers; remarks are not asked of anybody."""
    from .in_words import copies_words

    kept = [d for d in body["documents"] if not d["remark"]]
    return [Asked(n, d["name"], copies_words(d), d["group"], bool(_CONDITION.search(d["name"]))) for n, d in enumerate(kept, 1)]


def lacking(papers: Sequence[Asked], brought: Collection[int]) -> list[Asked]:
    """What is missing of the cases that something was brought for; of the first case when nothing was. Papers for no
    case in particular count with every case. What is asked on a condition is never missing; but nothing at all is."""
    groups = list(dict.fromkeys(p.group for p in papers))
    touched = {p.group for p in papers if p.number in brought and p.group}
    if not touched:
        touched = set([g for g in groups if g][:1])
    mine = [p for p in papers if (not p.group or p.group in touched) and p.number not in brought]
    return [p for p in mine if not p.conditional] or (mine if not brought else [])
