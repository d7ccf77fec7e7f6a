"""Linked procedures on the counter's form: what may go along, ticked, and which of its papers are still to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trongdan.core.cases.trail import today
from trongdan.doors.portal.kept import Kept
from trongdan.kinds.procedures.complete import Asked, lacking
from trongdan.kinds.procedures.linked import Along, along


@dataclass(frozen=True, slots=True)
class Line:
    """A part as the page shows it. `papers`: (paper, value of its box, whether it is ticked)."""

    along: Along
    ticked: bool
    papers: tuple[tuple[Asked, str, bool], ...]


def _value(code: str, paper: Asked) -> str:
    return f"{code}-{paper.number}"


def offered(was: Kept, code: str, papers: Sequence[Asked]) -> list[Line]:
    """What may go along with the procedure, as it was ticked."""
    chosen_, ticked = set(was.typed.get("linked", ())), set(was.typed.get("along", ()))
    return [Line(a, a.part.code in chosen_, tuple((p, _value(a.part.code, p), _value(a.part.code, p) in ticked) for p in a.left))
            for a in along(code, papers, today())]  # fmt: skip


def chosen(was: Kept, code: str, papers: Sequence[Asked]) -> tuple[dict[str, list[int]], list[Asked]]:
    """(code of a part -> the places of its papers that are here, what is lacking of all parts). What the first dossier has or
    gives is never lacking, and is not among a part's own papers."""
    parts, left = dict[str, list[int]](), list[Asked]()
    for line in offered(was, code, papers):
        if line.ticked:
            here = [p.number for p, _value_, ticked in line.papers if ticked]
            parts[line.along.part.code] = here
            left += lacking(line.along.left, here) if line.along.left else []
    return parts, left
