"""The matters of a letter between its cuts: each read by itself, leaning on the whole letter."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from .features import features
from .fold import Folded
from .model import Model, Scores
from .words import Text


@dataclass(frozen=True, slots=True)
class Stretch:
    """A matter: characters start..end of the folded letter, nature and field by number."""

    start: int
    end: int
    nature: int
    field: int


def stretches(text: Text, begins: Sequence[int], whole: Scores, weights: Model, lean: Sequence[float]) -> list[Stretch]:
    """The matters between cuts (`begins` are words), each read by itself and leaning on the whole letter; neighbours of one
    nature and field are one matter."""
    edges = [0, *begins, len(text.words)]
    at = [0, *(text.starts[word] for word in begins), len(text.folded.plain)]
    out: list[Stretch] = []
    for number, (first, end) in enumerate(itertools.pairwise(edges)):
        found = features(_slice(text, first, end, at[number], at[number + 1]))
        scores = weights.scores(found)
        nature = _leaning(scores.nature, whole.nature, lean[0])
        field = _leaning(scores.field, whole.field, lean[1])
        same = bool(out) and (out[-1].nature, out[-1].field) == (nature, field)
        out.append(Stretch(out.pop().start if same else at[number], at[number + 1], nature, field))
    return out


def _slice(text: Text, first: int, end: int, start: int, stop: int) -> Text:
    """Words first..end - 1, characters start..stop, as a letter of their own; only the first keeps the title."""
    folded = Folded(text.folded.plain[start:stop], text.folded.kept[start:stop])
    inside = tuple((max(a, first) - first, min(b, end) - first) for a, b in text.sentences if a < end and b > first)
    return Text(folded, text.words[first:end], (), (), text.title if not first else "", None, inside, text.marked[first:end])


def _leaning(own: Sequence[float], whole: Sequence[float], lean: float) -> int:
    values = [math.log(a + 1e-6) + lean * math.log(b + 1e-6) for a, b in zip(own, whole, strict=True)]
    return values.index(max(values))
