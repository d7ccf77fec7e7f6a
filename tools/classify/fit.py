"""Fitting: features to a linear model for natures and one for fields, calibrated, packed for `law/classify/model.py`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from trongdan.law.classify.features import PIECE, features, names_of
from trongdan.law.classify.model import FIELDS, NATURES, ZONES, pack
from trongdan.law.classify.words import read_text

from . import noise
from .own import Sample
from .vectors import vectors

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Settings:
    """`strength` is the inverse of regularisation; `signs` the scale of the law's signs beside the words, `senses` that of
    what words mean (0: without); `labelled` the weight of a labelled letter and `composed` of a composed one beside an
    invented one; `noisy` the weight of a noisy copy of each."""

    strength: float = 3.0
    signs: float = 0.05
    senses: float = 0.2
    labelled: float = 1.5
    composed: float = 0.5
    noisy: float = 0.0


ZONE_SCALE = (1.0, 0.7, 0.5)
PIECES = 0.35  # how much a piece of a word counts beside the word
LEAST = 2  # in how many letters a word must be to enter the vocabulary
GRID = (Settings(), Settings(strength=6.0, labelled=3.0))  # all of one scale: they share their rows


@lru_cache(maxsize=50_000)
def read(text: str) -> tuple[Counter[str], tuple[frozenset[str], ...], frozenset[str]]:
    """Grams with how often each counts, zones and signs of a text, remembered."""
    found = features(read_text(text))
    grams, zones = names_of(found)
    return grams, tuple(frozenset(z) for z in zones), frozenset(found.signs)


class Space:
    """Which features there are (those of `samples`), and texts as rows of a matrix: words at length one; means of
    meanings; signs."""

    def __init__(self, samples: Sequence[Sample], settings: Settings) -> None:
        grams: Counter[str] = Counter()
        marks: Counter[str] = Counter()
        for sample in samples:
            g, _z, s = read(sample.text)
            grams.update(g.keys())
            marks.update(s)
        self.grams = {name: i for i, name in enumerate(sorted(n for n, c in grams.items() if c >= LEAST))}
        self.signs = {name: i for i, name in enumerate(sorted(n for n, c in marks.items() if c >= 3))}
        total = len(samples)
        rare = {n: np.log((1 + total) / (1 + grams[n])) + 1 for n in self.grams}
        self.idf = np.array([w * PIECES if n.startswith(PIECE) else w for n, w in rare.items()])
        self.settings = settings
        self._rows: dict[str, int] = {}
        self._made: sparse.csr_matrix | None = None
        self.at, table = vectors()
        # How much a word's meaning counts: rare ones more; never seen in training as much as seen once.
        self.sense_idf = np.array([np.log((1 + total) / (1 + grams[n])) for n in self.at])
        self.table = table / np.sqrt((table**2).sum(1).mean()) * settings.senses

    @property
    def width(self) -> int:
        """How many columns a row has."""
        senses = self.table.shape[1] * len(ZONES) if self.settings.senses else 0
        return len(self.grams) + senses + len(self.signs)

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row a text; a text met before is not counted again."""
        new = [t for t in dict.fromkeys(texts) if t not in self._rows]
        if new:
            self._rows |= {t: len(self._rows) + i for i, t in enumerate(new)}
            made = self._counted(new)
            self._made = made if self._made is None else sparse.vstack([self._made, made]).tocsr()
        return self._made[[self._rows[t] for t in texts]]  # type: ignore[index]

    def _counted(self, texts: Sequence[str]) -> sparse.csr_matrix:
        words = _sparse([self._words(t) for t in texts], len(self.grams))
        scale = self.settings.signs
        signs = _sparse([[(self.signs[s], scale) for s in read(t)[2] if s in self.signs] for t in texts], len(self.signs))
        if not self.settings.senses:
            return sparse.hstack([words, signs]).tocsr()
        blocks = [np.array([self._sense(read(t)[1][b]) for t in texts]) * ZONE_SCALE[b] for b in range(len(ZONES))]
        return sparse.hstack([words, *map(sparse.csr_matrix, blocks), signs]).tocsr()

    def _words(self, text: str) -> list[tuple[int, float]]:
        counts = {self.grams[g]: n for g, n in read(text)[0].items() if g in self.grams}
        ids, often = [*counts], np.array([*counts.values()], float)
        # A length that sums of rows can tell: of every mention by itself, not of their sum.
        length = np.sqrt((often * self.idf[ids] ** 2).sum()) or 1.0
        return list(zip(ids, often * self.idf[ids] / length, strict=True))

    def _sense(self, grams: frozenset[str]) -> Array:
        ids = [self.at[g] for g in grams if g in self.at]
        if not ids:
            return np.zeros(self.table.shape[1])
        weights = self.sense_idf[ids]
        return np.asarray((self.table[ids] * weights[:, None]).sum(0) / (np.linalg.norm(weights) or 1.0))


def _sparse(rows: list[list[tuple[int, float]]], width: int) -> sparse.csr_matrix:
    values = [v for row in rows for _, v in row]
    columns = [c for row in rows for c, _ in row]
    at = [n for n, row in enumerate(rows) for _ in row]
    return sparse.csr_matrix((values, (at, columns)), shape=(len(rows), width))


def weights_of(samples: Sequence[Sample], settings: Settings) -> Array:
    """How much each letter counts."""
    return np.array([settings.labelled if s.maker == "labelled" else settings.composed if s.maker == "composed" else 1.0
                     for s in samples])  # fmt: skip


class Fitted:
    """A model for one set of classes (`key` nature or field).

    The field is learned from words alone: what a letter is about stands in its words, and meanings and signs only blurred
    it (0.88 against 0.84 in folds); what it *wants* is said in many ways."""

    def __init__(self, samples: Sequence[Sample], key: str, settings: Settings, space: Space | None = None) -> None:
        self.classes = NATURES if key == "nature" else FIELDS
        weights = weights_of(samples, settings)
        if settings.noisy:
            samples, weights = [*samples, *noisy_copies(samples)], np.concatenate([weights, settings.noisy * weights])
        self.space = space or Space(samples, settings)
        labels = [getattr(s, key) for s in samples]
        mass: Counter[str] = Counter()
        for label, weight in zip(labels, weights, strict=True):
            mass[label] += weight
        even = np.array([w * sum(mass.values()) / len(mass) / mass[x] for w, x in zip(weights, labels, strict=True)])
        fitted = LogisticRegression(C=settings.strength, max_iter=500, tol=1e-3)
        self.width = len(self.space.grams) if key == "field" else None
        fitted.fit(self.space.rows([s.text for s in samples])[:, : self.width], labels, sample_weight=even)
        order = [list(fitted.classes_).index(c) for c in self.classes]
        missing = self.space.width - fitted.coef_.shape[1]
        self.weights = np.pad(fitted.coef_[order], ((0, 0), (0, missing)))
        self.bias = fitted.intercept_[order]

    def values(self, texts: Sequence[str]) -> Array:
        """Scores before they are made probabilities, one row a text."""
        return np.asarray(self.space.rows(texts) @ self.weights.T) + self.bias


def noisy_copies(samples: Sequence[Sample], seed: int = 11) -> list[Sample]:
    """One noisy copy of each."""
    rng = random.Random(seed)
    return [replace(s, text=noise.noisy(s.text, rng)) for s in samples]


def soft(values: Array, heat: float) -> Array:
    """Probabilities at a temperature."""
    parts = np.exp((values - values.max(1, keepdims=True)) / heat)
    return np.asarray(parts / parts.sum(1, keepdims=True))


def heat_of(values: Array, right: Array, weights: Array) -> float:
    """The temperature at which the probability of a right answer is likeliest. `right` marks the classes that count."""

    def loss(log_heat: float) -> float:
        each = np.log((soft(values, float(np.exp(log_heat))) * right).sum(1) + 1e-9)
        return float(-(each * weights).sum() / weights.sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.5, 1.5), method="bounded").x))


MOST_WRONG = 1 / 75  # one in fifty is the target; letters of life are harder than invented ones


def threshold_of(top: Array, right: Array, most_wrong: float = MOST_WRONG) -> float:
    """The least probability from which on at most so many of what is decided are wrong (one error more than seen is
    reckoned with, because few letters were seen)."""
    order = np.argsort(-top)
    wrong = np.cumsum(~right[order])
    share = (wrong + 1.0) / (np.arange(len(order)) + 1 + 1.0 / most_wrong)
    good = np.where(share <= most_wrong)[0]
    return float(top[order][good[-1]]) if len(good) else 0.99


def packed(nature: Fitted, fields: Fitted, heat: tuple[float, float], threshold: float, about: dict[str, object]) -> bytes:
    """The bytes of `model.bin`. Both models must have been fitted in one space."""
    space = nature.space
    if fields.space is not space:
        raise ValueError("the two models have different spaces")
    joint = np.vstack([nature.weights, fields.weights])
    words, size = len(space.grams), space.table.shape[1]
    grams = {g: ((joint[:, i] * space.idf[i]).tolist(), float(space.idf[i] ** 2)) for g, i in space.grams.items()}
    own = nature.weights  # only natures are learned from meanings and signs
    blocks = [space.table @ own[:, words + b * size : words + (b + 1) * size].T * ZONE_SCALE[b] for b in range(len(ZONES))]
    folded = np.hstack(blocks) * space.sense_idf[:, None]
    senses = {g: (folded[i].tolist(), float(space.sense_idf[i] ** 2)) for g, i in space.at.items()}
    first = words + len(ZONES) * size
    signs = {s: ((own[:, first + i] * space.settings.signs).tolist(), 0.0) for s, i in space.signs.items()}
    bias = [*nature.bias.tolist(), *fields.bias.tolist()]
    return pack((grams, senses, signs), {"bias": bias, "heat": heat, "threshold": threshold, "about": about})
