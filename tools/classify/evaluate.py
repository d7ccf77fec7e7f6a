"""Measuring: never on text that the model has seen.

Three ways, each with its own trust. `nested`: labelled letters in folds by source, settings chosen inside each training part.
`by_maker`: the letters of one writer by a model that saw none of that writer. `held`: the quarter of the labelled sources set
aside by a hash before anyone read it, scored once a landing. A doubtful letter is right with either of its natures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.model_selection import GroupKFold

from trongdan.law.classify.model import FIELDS, NATURES

from .data import Labelled, with_labels
from .fit import GRID, Array, Fitted, Settings, Space, soft
from .marked import taught
from .own import Sample, composed, whole, written

MERGED = {"kien_nghi": "pakn", "phan_anh": "pakn"}
Both = tuple[Fitted, Fitted]


@dataclass(frozen=True, slots=True)
class Scored:
    """Letters with the raw values a model that did not see them gave: one row a letter."""

    letters: tuple[Labelled, ...]
    nature: Array
    field: Array

    def __add__(self, other: Scored) -> Scored:
        return Scored(self.letters + other.letters, np.vstack([self.nature, other.nature]), np.vstack([self.field, other.field]))

    def only(self, keep: Callable[[Labelled], bool]) -> Scored:
        """The letters of a slice."""
        ids = [i for i, one in enumerate(self.letters) if keep(one)]
        return Scored(tuple(self.letters[i] for i in ids), self.nature[ids], self.field[ids])

    @property
    def guessed(self) -> list[str]:
        return [NATURES[i] for i in self.nature.argmax(1)] if self.letters else []

    @property
    def true(self) -> list[str]:
        """The label; of a doubtful letter the guessed nature when it is one of the two."""
        return [g if g in one.natures else one.sample.nature for g, one in zip(self.guessed, self.letters, strict=True)]

    @property
    def right(self) -> Array:
        return np.array([g == t for g, t in zip(self.guessed, self.true, strict=True)])


def own_letters() -> list[Sample]:
    """All own training letters."""
    return [*whole(), *composed(2), *taught(written_letters())]


def written_letters() -> list[Labelled]:
    """The writers' letters with all their labels."""
    return [with_labels(f"{s.maker}-{i}", s, row) for i, (s, row) in enumerate(written())]


def fit_both(samples: Sequence[Sample], settings: Settings, space: Space | None = None) -> Both:
    """Nature and field in one space: by default that of the samples."""
    space = space or Space(samples, settings)
    return Fitted(samples, "nature", settings, space), Fitted(samples, "field", settings, space)


def score(models: Both, letters: Sequence[Labelled]) -> Scored:
    texts = [one.sample.text for one in letters]
    return Scored(tuple(letters), models[0].values(texts), models[1].values(texts))


def joined(parts: Sequence[Scored]) -> Scored:
    whole_ = parts[0]
    for part in parts[1:]:
        whole_ = whole_ + part
    return whole_


def choose(letters: Sequence[Labelled], own: Sequence[Sample], space: Space | None = None, folds: int = 2) -> Settings:
    """The settings of the grid that do best on folds of these letters (mean of nature F1 and field accuracy)."""
    def points(settings: Settings) -> float:
        found = joined([score(fit_both([*taught([letters[i] for i in a]), *own], settings, space), [letters[i] for i in b])
                        for a, b in _folds(letters, folds)])  # fmt: skip
        return macro(found) + field_accuracy(found)

    return max(GRID, key=points)


def _folds(letters: Sequence[Labelled], count: int) -> list[tuple[Array, Array]]:
    groups = [one.sample.source for one in letters]
    return list(GroupKFold(count).split(groups, groups=groups))


def nested(letters: Sequence[Labelled], own: Sequence[Sample], folds: int = 5) -> Scored:
    """Every labelled letter scored by a model fitted, and settings chosen, without its source. The vocabulary is that of
    the own letters alone: no labelled letter, however indirectly, tells about itself."""
    parts = []
    space = Space(own, GRID[0])
    for train, test in _folds(letters, folds):
        known = [letters[i] for i in train]
        settings = choose(known, own, space)
        parts.append(score(fit_both([*taught(known), *own], settings, space), [letters[i] for i in test]))
        print(f"  nested: {settings}", flush=True)
    return joined(parts)


def by_maker(labelled: Sequence[Labelled], letters: Sequence[Labelled], settings: Settings,
             keep: Callable[[str, Both], None] = lambda _maker, _models: None) -> Scored:  # fmt: skip
    """Every writer's letters scored by a model that saw none of that writer's; `keep` is handed each of these models."""
    parts = []
    base = [*taught(labelled), *whole(), *composed(2)]
    for maker in sorted({one.sample.maker for one in letters}):
        known = taught([one for one in letters if one.sample.maker != maker])
        models = fit_both([*base, *known], settings)
        keep(maker, models)
        parts.append(score(models, [one for one in letters if one.sample.maker == maker]))
        print(f"  by maker: {maker} {macro(parts[-1]):.3f} {field_accuracy(parts[-1]):.3f}", flush=True)
    return joined(parts)


# --- figures ----------------------------------------------------------------------------------------------------------


def macro(found: Scored) -> float:
    """Macro-F1 of nature."""
    return float(f1_score(found.true, found.guessed, average="macro", labels=sorted(set(found.true) | set(found.guessed))))


def merged(found: Scored) -> float:
    """The same with kiến nghị and phản ánh as one class."""
    guessed = [MERGED.get(g, g) for g in found.guessed]
    true = [g if g in {MERGED.get(n, n) for n in one.natures} else MERGED.get(one.sample.nature, one.sample.nature)
            for g, one in zip(guessed, found.letters, strict=True)]  # fmt: skip
    return float(f1_score(true, guessed, average="macro"))


def field_accuracy(found: Scored) -> float:
    return float(np.mean([FIELDS[i] == one.sample.field for i, one in zip(found.field.argmax(1), found.letters, strict=True)]))


def calibration_error(found: Scored, heat: float, bins: int = 10) -> float:
    """Expected calibration error of nature: mean gap between certainty and share right, over ten bins of certainty."""
    top, right = soft(found.nature, heat).max(1), found.right
    at = np.minimum((top * bins).astype(int), bins - 1)
    return float(sum(abs(top[at == b].mean() - right[at == b].mean()) * (at == b).mean() for b in range(bins) if (at == b).any()))


def interval(found: Scored, figure: Callable[[Scored], float], draws: int = 400, seed: int = 5) -> tuple[float, float]:
    """95 % by drawing letters with replacement."""
    rng = np.random.default_rng(seed)
    n = len(found.letters)
    values = []
    for _ in range(draws):
        ids = rng.integers(0, n, n)
        values.append(figure(Scored(tuple(found.letters[i] for i in ids), found.nature[ids], found.field[ids])))
    return float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))


def per_class(found: Scored) -> list[tuple[str, float, float, float, int]]:
    """Precision, recall, F1 and how many, of each nature."""
    p, r, f, n = precision_recall_fscore_support(found.true, found.guessed, labels=list(NATURES), zero_division=0)
    return [(name, float(p[i]), float(r[i]), float(f[i]), int(n[i])) for i, name in enumerate(NATURES)]


def coverage(found: Scored, heat: float, threshold: float) -> tuple[float, float]:
    """Share decided without a person, and the share wrong among those."""
    top = soft(found.nature, heat).max(1)
    decided = top >= threshold
    return float(decided.mean()), float((~found.right[decided]).mean()) if decided.any() else 0.0


SLICES: dict[str, Callable[[Labelled], bool]] = {
    "tiêu đề gây hiểu lầm": lambda one: one.misleads,
    "không dấu": lambda one: one.sample.style == "no_diacritics",
    "viết tắt, quét lỗi": lambda one: one.sample.style == "noisy",
    "đơn dài": lambda one: one.sample.style == "long",
    "đúng thể thức": lambda one: one.sample.style == "formal",
    "báo chí kể lại": lambda one: one.sample.style == "press",
    "nhiều việc": lambda one: len(one.parts) > 1,
}
