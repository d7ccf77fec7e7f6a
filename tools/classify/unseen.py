"""Letters that taught nothing: an eighth writer was asked for what is hardest (several matters without a word between them, letters
that look like another nature), and the reader is measured on them as it is shipped.

They were tried as training too (decision 0020): they helped no other writer's letters, so they serve better here."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from trongdan.law.classify import Reading, classify

from . import card

FOLDER = Path(__file__).parent / "unseen"
ON = date(2026, 11, 26)  # the day competence is asked for: natures do not depend on it
DRAWS = 400
MERGED = {"kien_nghi": "phan_anh"}

Pair = tuple[Reading, dict[str, Any]]


def letters() -> list[dict[str, Any]]:
    return [json.loads(line) for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]


def _right(pair: Pair) -> str:
    """The label that counts: a doubtful letter is right with either nature."""
    read, row = pair
    return str(row["second"]) if row["second"] and read.nature == row["second"] else str(row["nature"])


def _macro(pairs: Sequence[Pair], merged: bool = False) -> float:
    """F1, each nature the same weight."""
    said = [(MERGED.get(r.nature, r.nature) if merged else r.nature, MERGED.get(w, w) if merged else w)
            for r, w in ((p[0], _right(p)) for p in pairs)]  # fmt: skip
    out = []
    for nature in {want for _got, want in said}:
        hit = sum(got == want == nature for got, want in said)
        out.append(2 * hit / (sum(got == nature for got, _w in said) + sum(want == nature for _g, want in said)))
    return sum(out) / len(out)


def _field(pairs: Sequence[Pair]) -> float:
    return sum(read.field == row["field"] for read, row in pairs) / len(pairs)


def _with_range(pairs: Sequence[Pair], figure: Callable[[Sequence[Pair]], float]) -> list[float]:
    """[figure, low, high], the range of 95 % by drawing letters anew."""
    rng = random.Random(5)
    drawn = sorted(figure(rng.choices(pairs, k=len(pairs))) for _ in range(DRAWS))
    return [figure(pairs), drawn[DRAWS // 40], drawn[-DRAWS // 40]]


def _alone(pairs: Sequence[Pair]) -> list[float]:
    """[share of letters it decides alone, of these wrong, of these a nature that none of its matters has]."""
    said = [(read, row, _right((read, row))) for read, row in pairs if read.decided]
    wrong = [(read.nature, row) for read, row, want in said if read.nature != want]
    of_none = sum(nature not in [p["nature"] for p in row["parts"]] for nature, row in wrong)
    count = max(1, len(said))
    return [len(said) / len(pairs), len(wrong) / count, of_none / count]


def measure() -> dict[str, Any]:
    """{letters, macro, merged, field (each [figure, low, high]), single_n, kept, several_n, number, natures, alone_single,
    alone_several (as `_alone`)}."""
    pairs = [(classify(row["text"], ON), row) for row in letters()]
    single = [p for p in pairs if len(p[1]["parts"]) == 1]
    several = [(read, row, sorted(p.nature for p in read.parts), sorted(p["nature"] for p in row["parts"]))
               for read, row in pairs if len(row["parts"]) > 1]  # fmt: skip
    return {
        "letters": len(pairs), "macro": _with_range(pairs, _macro), "field": _with_range(pairs, _field),
        "merged": _with_range(pairs, lambda some: _macro(some, merged=True)), "single_n": len(single), "several_n": len(several),
        "kept": sum(len(r.parts) <= 1 for r, _row in single) / len(single),
        "number": sum(len(got) == len(want) for _r, _row, got, want in several) / len(several),
        "natures": sum(got == want for _r, _row, got, want in several) / len(several),
        "alone_single": _alone(single), "alone_several": _alone([(r, row) for r, row, _got, _want in several]),
    }  # fmt: skip


def alone() -> None:
    """`python -m tools.classify unseen`: this figure anew, put among the others."""
    figures = json.loads(card.FIGURES.read_text("utf-8")) | {"unseen": measure()}
    card.FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    card.write()
