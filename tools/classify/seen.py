"""A letter as the reader sees it, with what is known of its cuts: what the two steps of `parts.py` learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trongdan.law.classify.cuts import SLOTS, Sentence, Sums, marks, opening, sentences
from trongdan.law.classify.features import Features, features, pairs_of
from trongdan.law.classify.model import Model, Scores
from trongdan.law.classify.words import Text, read_text

from .data import Labelled
from .fit import Array
from .marked import Marks, key_of


@dataclass(slots=True)
class Read:
    """A letter as the reader sees it: `points` and `truth` (1 a cut, 0 none, -1 unknown) one a sentence but the first."""

    letter: Labelled
    text: Text
    pairs: list[str]
    found: list[Sentence]
    whole: Scores
    features: Features
    weights: Model
    around: list[list[str]]
    openings: list[dict[str, float]]
    truth: Array
    kept: Sums | None = None

    @property
    def sums(self) -> Sums:
        """Its sentences as sums, made when first asked for."""
        self.kept = self.kept or Sums(self.found, self.features.words, self.features.pairs, self.weights)
        return self.kept


def read(letter: Labelled, weights: Model, known: Marks) -> Read:
    """Read by `weights`, which must not have seen it; `known` says where its matters begin."""
    text = read_text(letter.sample.text, weights.known)
    pairs = pairs_of(text.words)
    got = features(text)
    found = sentences(text, pairs)
    count = max(0, len(found) - 1)
    around = marks(found, text, pairs) if found else []
    names = [dict.fromkeys((f"{SLOTS[s]}|{n}" for s, n in opening(found, k + 1, text, pairs, around[k])), 1.0)
             for k in range(count)]  # fmt: skip
    starts = known.get(key_of(letter.sample.text))
    truth = np.full(count, 0 if len(letter.parts) == 1 or starts else -1)
    for at in starts or ():
        inside = [k for k in range(count) if text.folded.at(text.starts[found[k + 1].first]) <= at]
        if inside:
            truth[inside[-1]] = 1
    scores = weights.scores(got)
    return Read(letter, text, pairs, found, scores, got, weights, around, names, truth)
