"""Learning where a letter comes to another matter: `law/classify/cuts.json`, and honest figures of it.

The letters say how many matters they have; where the second begins was marked by hand (`cuts.jsonl`: a hash of the letter
and the characters at which matters begin; of a labelled letter no word is kept). A letter of one matter has no cut at all; a
letter of several without a mark teaches nothing and is only measured. The labelled letters count as one writer more. Every
letter is read by a model that saw none of its writer's letters, as it will be with letters to come; every figure is of a
writer unseen by both steps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from trongdan.law.classify.cuts import MOST, SLOTS, Cuts, Sentence, Sums, marks, measures, opening, sentences, stretches
from trongdan.law.classify.features import Features, features
from trongdan.law.classify.model import FIELDS, NATURES, Model, Scores, model
from trongdan.law.classify.words import Text, read_text

from . import card
from .data import Labelled, development
from .evaluate import fit_both, own_letters, written_letters
from .fit import GRID, Array, Settings, packed
from .own import composed, whole

FILE = Path(__file__).parents[2] / "src" / "trongdan" / "law" / "classify" / "cuts.json"
MARKED = Path(__file__).parent / "cuts.jsonl"
KEPT = 0.96  # of letters of one matter, so many must stay one when the threshold is set
STRENGTH, TREES, LEAVES, RATE = 0.1, 60, 8, 0.1
POSITIVE = 3.0  # how much a cut counts beside an end of a sentence that is none
LEANS = [(a, b) for a in (0.0, 0.1, 0.2, 0.3, 0.5) for b in (0.0, 0.1, 0.2, 0.4)]


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
    sums: Sums | None = None


def marked() -> dict[str, list[int]]:
    """The marks made by hand: hash of the letter to where its second, third … matter begins."""
    rows = [json.loads(line) for line in MARKED.read_text("utf-8").splitlines()]
    return {row["text"]: row["starts"] for row in rows}


def read(letter: Labelled, weights: Model, known: Mapping[str, Sequence[int]]) -> Read:
    text = read_text(letter.sample.text, weights.known)
    pairs = [f"{a} {b}" for a, b in zip(text.words, text.words[1:], strict=False)]
    got = features(text)
    found = sentences(text, pairs)
    count = max(0, len(found) - 1)
    around = marks(found, text, pairs) if found else []
    names = [dict.fromkeys((f"{SLOTS[s]}|{n}" for s, n in opening(found, k + 1, text, pairs, around[k])), 1.0)
             for k in range(count)]  # fmt: skip
    starts = known.get(hashlib.sha256(letter.sample.text.encode()).hexdigest()[:12])
    truth = np.full(count, 0 if len(letter.parts) == 1 or starts else -1)
    for at in starts or ():
        inside = [k for k in range(count) if text.folded.at(text.starts[found[k + 1].first]) <= at]
        if inside:
            truth[inside[-1]] = 1
    scores = weights.scores(got)
    return Read(letter, text, pairs, found, scores, got, weights, around, names, truth)


# --- the two steps ----------------------------------------------------------------------------------------------------


def _first(reads: Sequence[Read]) -> dict[str, Any]:
    """The points of openings."""
    rows = [(o, t) for r in reads for o, t in zip(r.openings, r.truth, strict=True) if t >= 0]
    names = DictVectorizer(dtype=np.float32)
    table = names.fit_transform([o for o, _ in rows])
    often = np.asarray((table > 0).sum(0)).ravel() >= 3
    truth = np.array([t for _, t in rows])
    fitted = LogisticRegression(C=STRENGTH, max_iter=300)
    fitted.fit(table[:, often], truth, sample_weight=np.where(truth == 1, POSITIVE, 1.0))
    points: dict[str, dict[str, float]] = {slot: {} for slot in SLOTS}
    for name, weight in zip(names.get_feature_names_out()[often], fitted.coef_[0], strict=True):
        slot, _, word = name.partition("|")
        if abs(weight) >= 0.005 and not any(c.isdigit() for c in word):  # no number of a letter is ever kept
            points[slot][word] = round(float(weight), 3)
    return {"points": points, "bias": round(float(fitted.intercept_[0]), 3)}


def _points(learned: dict[str, Any], one: Read) -> Array:
    by = {f"{slot}|{name}": w for slot, names in learned["points"].items() for name, w in names.items()}
    return np.array([learned["bias"] + sum(by.get(n, 0.0) for n in o) for o in one.openings])


def _rows(one: Read, points: Array) -> Array:
    if not len(points):
        return np.zeros((0, 0))
    one.sums = one.sums or Sums(one.found, one.features.words, one.features.pairs, one.weights)
    return np.array([measures(one.found, k + 1, float(p), one.around[k], one.sums, one.whole, one.features.hits)
                     for k, p in enumerate(points)])  # fmt: skip


def _makers(reads: Iterable[Read]) -> list[str]:
    return sorted({r.letter.sample.maker for r in reads})


def _by(reads: Sequence[Read], maker: str) -> tuple[list[Read], list[Read]]:
    return [r for r in reads if r.letter.sample.maker != maker], [r for r in reads if r.letter.sample.maker == maker]


def _tree(nodes: Any, at: int = 0) -> Any:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    least = float(node["num_threshold"])  # unrounded: values of the letters lie on it
    return [int(node["feature_idx"]), least, _tree(nodes, node["left"]), _tree(nodes, node["right"])]


def learn(reads: Sequence[Read]) -> dict[str, Any]:
    """Both steps from these letters; the second sees points that the first gave to writers it had not seen."""
    rows, truth, points = [], [], []
    for maker in _makers(reads):
        known, unseen = _by(reads, maker)
        first = _first(known)
        for one in unseen:
            got = _points(first, one)
            rows.append(_rows(one, got))
            truth.append(one.truth)
            points.append(got)
    table, marks_ = np.vstack([r for r in rows if len(r)]), np.concatenate(truth)
    points_ = np.concatenate(points)
    # Points below which only one cut in eight lies: there the second step is not asked.
    least = float(np.quantile(points_[marks_ == 1], 0.12))
    use = (marks_ >= 0) & (points_ >= least - 1.0)
    fitted = HistGradientBoostingClassifier(max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=20,
                                            l2_regularization=5.0, random_state=3)  # fmt: skip
    fitted.fit(table[use], marks_[use], sample_weight=np.where(marks_[use] == 1, POSITIVE, 1.0))
    # scikit-learn has no public way to the trees of this class; `_same` sees that ours add up to the same.
    trees = [_tree(p[0].nodes) for p in fitted._predictors]  # noqa: SLF001
    base = round(float(fitted._baseline_prediction.ravel()[0]), 4)  # noqa: SLF001
    learned = _first(reads) | {"least": round(least, 3), "trees": trees, "base": base, "threshold": 0.0, "lean": [0.2, 0.1]}
    _same(fitted, Cuts(learned), table[use][:200])
    return learned


def _same(fitted: HistGradientBoostingClassifier, ours: Cuts, table: Array) -> None:
    """The trees written down judge like the fitted ones. Raises SystemExit when they do not."""
    if np.abs(fitted.decision_function(table) - [ours.judged(list(row)) for row in table]).max() > 0.05:
        raise SystemExit("the trees of cuts.json differ from the fitted ones")


# --- measuring --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Judged:
    """A letter with the second step's verdicts (value, word) by a learner that did not see its writer."""

    one: Read
    scored: list[tuple[float, int]]
    memory: dict[Any, Any]

    def parts(self, threshold: float, lean: Sequence[float]) -> list[tuple[str, str]]:
        """Natures and fields of the parts at a threshold."""
        best = sorted(self.scored, reverse=True)[:MOST]
        begins = tuple(sorted(word for value, word in best if value > threshold))
        key = (begins, *lean)
        if key not in self.memory:
            r = self.one
            got = stretches(r.text, begins, r.whole, r.weights, lean) if begins else []
            self.memory[key] = [(NATURES[s.nature], FIELDS[s.field]) for s in got]
        return self.memory[key] if len(self.memory[key]) > 1 else []


def judged(learned: dict[str, Any], one: Read) -> Judged:
    cutter = Cuts(learned)
    points = _points(learned, one)
    likely = [k for k in range(len(points)) if points[k] >= cutter.least]
    rows = _rows(one, points) if likely else []
    return Judged(one, [(cutter.judged(list(rows[k])), one.found[k + 1].first) for k in likely], {})


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


def crossed(reads: Sequence[Read]) -> list[Judged]:
    """Every letter judged by what was learned without its writer."""
    out: list[Judged] = []
    for maker in _makers(reads):
        known, unseen = _by(reads, maker)
        learned = learn(known)
        out += [judged(learned, one) for one in unseen]
        print(f"  parts: without {maker}", flush=True)
    return out


def honest(letters: Sequence[Judged]) -> dict[str, float]:
    """Figures with threshold and lean, too, settled on the other writers."""
    rows = []
    for maker in _makers(j.one for j in letters):
        others = [j for j in letters if j.one.letter.sample.maker != maker]
        mine = [j for j in letters if j.one.letter.sample.maker == maker]
        rows.append(figures(mine, *settle(others)))
    out = {key: float(np.average([r[key] for r in rows], weights=[r["single_n" if key == "kept" else "several_n"] for r in rows]))
           for key in ("kept", "number", "natures", "both", "cut")}  # fmt: skip
    return out | {key: sum(r[key] for r in rows) for key in ("single_n", "several_n")}


def models(settings: Settings, labelled: Sequence[Labelled], written: Sequence[Labelled]) -> dict[str, Model]:
    """A model without each writer, tempered like the one shipped; "labelled" is without the labelled letters."""
    heat = model().heat
    base = [*(one.sample for one in labelled), *whole(), *composed(2)]
    out = {"labelled": Model(packed(*fit_both(own_letters(), settings), heat, 0.8, {}))}
    for maker in sorted({one.sample.maker for one in written}):
        known = [one.sample for one in written if one.sample.maker != maker]
        out[maker] = Model(packed(*fit_both([*base, *known], settings), heat, 0.8, {}))
        print(f"  parts: read without {maker}", flush=True)
    return out


def train(settings: Settings = GRID[0], aside: Sequence[Labelled] = (), made: Mapping[str, Model] | None = None) -> dict[str, Any]:
    """Learn, measure, write `cuts.json`; gives the figures. `aside` are labelled letters to be measured only; the other
    labelled ones count as one more writer. `made` are models fitted before, as `models` gives them."""
    labelled, written = development(), written_letters()
    made = made or models(settings, labelled, written)
    known = marked()
    reads = [read(one, made[one.sample.maker], known) for one in [*written, *labelled]]
    letters = crossed(reads)
    ours = [one for one in letters if one.one.letter.sample.maker != "labelled"]
    threshold, lean = settle(ours)
    learned = learn(reads) | {"threshold": round(threshold, 3), "lean": lean}
    FILE.write_text(json.dumps(learned, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    others = [one for one in letters if one.one.letter.sample.maker == "labelled"]
    others += [judged(learned, read(one, made["labelled"], {})) for one in aside]
    out = {"cuts": honest(ours), "cuts_labelled": figures(others, threshold, lean), "marked": len(known)}
    print(json.dumps(out, indent=1), flush=True)
    return out


def alone() -> None:
    """`python -m tools.classify parts`: this step without the rest, its figures put among the others."""
    found = train()
    figures_ = json.loads(card.FIGURES.read_text("utf-8"))
    figures_["parts"] |= found
    card.FIGURES.write_text(json.dumps(figures_, ensure_ascii=False, indent=1) + "\n", "utf-8")
    card.write()
