"""Figures of the cuts: letters judged by a learner that did not see their writer, and the threshold settled on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trongdan.law.classify.cuts import chosen
from trongdan.law.classify.model import FIELDS, NATURES
from trongdan.law.classify.stretches import stretches

from .seen import Read

KEPT = 0.96  # of letters of one matter, so many must stay one when the threshold is set
FURTHER = 1.0  # how much surer a further cut must be than the first
NEARLY = 0.5  # how far below the threshold it is still doubtful whether a letter has several matters
LEANS = [(a, b) for a in (0.0, 0.1, 0.2, 0.3, 0.5) for b in (0.0, 0.1, 0.2, 0.4)]


@dataclass(slots=True)
class Judged:
    """A letter with the second step's verdicts (value, word) by a learner that did not see its writer."""

    one: Read
    scored: list[tuple[float, int]]
    memory: dict[Any, Any]

    def parts(self, threshold: float, lean: Sequence[float]) -> list[tuple[str, str]]:
        """Natures and fields of the parts at a threshold."""
        begins = tuple(sorted(chosen(self.scored, threshold, FURTHER)))
        key = (begins, *lean)
        if key not in self.memory:
            r = self.one
            got = stretches(r.text, begins, r.whole, r.weights, lean) if begins else []
            self.memory[key] = [(NATURES[s.nature], FIELDS[s.field]) for s in got]
        return self.memory[key] if len(self.memory[key]) > 1 else []

    def doubtful(self, threshold: float, lean: Sequence[float]) -> bool:
        """Whether it has, or may have, matters of several natures, as `Cuts.found` and `classify` say it."""
        natures = {nature for nature, _ in self.parts(threshold, lean)}
        if natures:
            return len(natures) > 1
        sentence = {s.first: k for k, s in enumerate(self.one.found)}
        return any(self.one.sums.differ(sentence[word]) for value, word in self.scored if value > threshold - NEARLY)


def makers(letters: Sequence[Judged]) -> list[str]:
    """Their writers."""
    return sorted({j.one.letter.sample.maker for j in letters})


def figures(letters: Sequence[Judged], threshold: float, lean: Sequence[float]) -> dict[str, float]:
    """Shares: single letters kept single; of several, the number right, number and natures, number, natures and fields."""
    several = [(j.parts(threshold, lean), j.one.letter.parts) for j in letters if len(j.one.letter.parts) > 1]
    single = [not j.parts(threshold, lean) for j in letters if len(j.one.letter.parts) == 1]

    def share(right: Callable[[Sequence[Any], Sequence[Any]], bool]) -> float:
        return float(np.mean([right(got, want) for got, want in several])) if several else 0.0

    return {"kept": float(np.mean(single)), "number": share(lambda g, w: len(g) == len(w)),
            "natures": share(lambda g, w: sorted(n for n, _ in g) == sorted(n for n, _ in w)),
            "both": share(lambda g, w: sorted(g) == sorted(w)), "cut": share(lambda g, _: bool(g)),
            "single_n": len(single), "several_n": len(several)}  # fmt: skip


def settle(letters: Sequence[Judged]) -> tuple[float, tuple[float, float]]:
    """The lowest threshold that keeps enough single letters, then the lean with most natures and fields right."""
    lean, threshold = (0.2, 0.1), 0.0
    for _ in range(2):
        high, low = 6.0, -4.0
        for _ in range(9):
            middle = (high + low) / 2
            high, low = (middle, low) if figures(letters, middle, lean)["kept"] >= KEPT else (high, middle)
        threshold = high
        several = [j for j in letters if len(j.one.letter.parts) > 1]
        few = [*several, *[j for j in letters if len(j.one.letter.parts) == 1][:1]]
        lean = max(LEANS, key=lambda pair: sum(figures(few, threshold, pair)[k] for k in ("number", "natures", "both")))
    return threshold, lean


def honest(letters: Sequence[Judged]) -> dict[str, float]:
    """Figures with threshold and lean, too, settled on the other writers."""
    rows = []
    for maker in makers(letters):
        others = [j for j in letters if j.one.letter.sample.maker != maker]
        mine = [j for j in letters if j.one.letter.sample.maker == maker]
        rows.append(figures(mine, *settle(others)))
    out = {key: float(np.average([r[key] for r in rows], weights=[r["single_n" if key == "kept" else "several_n"] for r in rows]))
           for key in ("kept", "number", "natures", "both", "cut")}  # fmt: skip
    return out | {key: sum(r[key] for r in rows) for key in ("single_n", "several_n")}


def alone(letters: Sequence[Judged], threshold: float, lean: Sequence[float], least: float) -> list[float]:
    """[share of letters decided without a person, of these wrong in nature]: sure enough (`least`) and not doubtful."""
    said = [j.one for j in letters if max(j.one.whole.nature) >= least and not j.doubtful(threshold, lean)]
    wrong = [NATURES[one.whole.nature.index(max(one.whole.nature))] not in one.letter.natures for one in said]
    return [len(said) / len(letters), float(np.mean(wrong)) if said else 0.0]
