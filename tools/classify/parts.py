"""Learning where a letter comes to another matter: `law/classify/cuts.json`, and honest figures of it.

The letters say how many matters they have; where the second begins was marked by hand (`marked.py`), or is known because the
letter was joined from two (`joined.py`). A letter of one matter has no cut at all; a letter of several without a mark teaches
nothing and is only measured. The labelled letters count as one writer more. Every letter is read by a model that saw none of
its writer's letters, as it will be with letters to come; every figure is of a writer unseen by both steps, and of no joined
letter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from trongdan.law.classify.cuts import SLOTS, Cuts, measures
from trongdan.law.classify.model import Model, model

from . import card, judging
from .data import Labelled, development
from .evaluate import fit_both, own_letters, written_letters
from .fit import GRID, Array, Settings, packed
from .joined import joined
from .judging import FURTHER, NEARLY, Judged, figures, honest, settle
from .marked import key_of, marked, taught
from .own import composed, whole
from .seen import Read, read

FILE = Path(__file__).parents[2] / "src" / "trongdan" / "law" / "classify" / "cuts.json"
STRENGTH, TREES, LEAVES, RATE = 0.1, 60, 8, 0.1
POSITIVE = 3.0  # how much a cut counts beside an end of a sentence that is none
JOINED = 0.3  # how much an end of a sentence of a joined letter counts beside one of a real letter
PASSED_OVER = 0.05  # of the cuts so many lie below the points from which on the second step is asked


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


def learn(reads: Sequence[Read], joined_: Sequence[Read]) -> dict[str, Any]:
    """Both steps from these letters, the second also from joined ones of the same writers; it sees points that the first gave to
    writers it had not seen."""
    rows, truth, points, counts = [], [], [], []
    for maker in _makers(reads):
        known, unseen = _by(reads, maker)
        first = _first(known)
        for one in [*unseen, *_by(joined_, maker)[1]]:
            got = _points(first, one)
            rows.append(_rows(one, got))
            truth.append(one.truth)
            points.append(got)
            counts.append(np.full(len(got), JOINED if one.letter.id == "joined" else 1.0))
    table = np.vstack([r for r in rows if len(r)])
    marks_, points_, counts_ = map(np.concatenate, (truth, points, counts))
    least = float(np.quantile(points_[(marks_ == 1) & (counts_ == 1.0)], PASSED_OVER))
    use = (marks_ >= 0) & (points_ >= least - 1.0)
    fitted = HistGradientBoostingClassifier(max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, min_samples_leaf=20,
                                            l2_regularization=5.0, random_state=3)  # fmt: skip
    fitted.fit(table[use], marks_[use], sample_weight=np.where(marks_[use] == 1, POSITIVE, 1.0) * counts_[use])
    # scikit-learn has no public way to the trees of this class; `_same` sees that ours add up to the same.
    trees = [_tree(p[0].nodes) for p in fitted._predictors]  # noqa: SLF001
    base = round(float(fitted._baseline_prediction.ravel()[0]), 4)  # noqa: SLF001
    learned = _first(reads) | {"least": round(least, 3), "trees": trees, "base": base, "threshold": 0.0, "further": FURTHER,
                               "doubt": 0.0, "lean": [0.0, 0.0]}  # fmt: skip
    _same(fitted, Cuts(learned), table[use][:200])
    return learned


def _same(fitted: HistGradientBoostingClassifier, ours: Cuts, table: Array) -> None:
    """The trees written down judge like the fitted ones. Raises SystemExit when they do not."""
    if np.abs(fitted.decision_function(table) - [ours.judged(list(row)) for row in table]).max() > 0.05:
        raise SystemExit("the trees of cuts.json differ from the fitted ones")


# --- measuring --------------------------------------------------------------------------------------------------------


def judged(learned: dict[str, Any], one: Read) -> Judged:
    """The second step's verdicts on a letter."""
    cutter = Cuts(learned)
    points = _points(learned, one)
    likely = [k for k in range(len(points)) if points[k] >= cutter.least]
    rows = _rows(one, points) if likely else []
    return Judged(one, [(cutter.judged(list(rows[k])), one.found[k + 1].first) for k in likely], {})


def crossed(reads: Sequence[Read], joined_: Sequence[Read]) -> list[Judged]:
    """Every letter judged by what was learned without its writer."""
    out: list[Judged] = []
    for maker in _makers(reads):
        known, unseen = _by(reads, maker)
        learned = learn(known, _by(joined_, maker)[0])
        out += [judged(learned, one) for one in unseen]
        print(f"  parts: without {maker}", flush=True)
    return out


def models(settings: Settings, labelled: Sequence[Labelled], written: Sequence[Labelled]) -> dict[str, Model]:
    """A model without each writer, tempered like the one shipped; "labelled" is without the labelled letters."""
    heat, least = model().heat, model().threshold
    base = [*taught(labelled), *whole(), *composed(2)]
    out = {"labelled": Model(packed(*fit_both(own_letters(), settings), heat, least, {}))}
    for maker in sorted({one.sample.maker for one in written}):
        known = taught([one for one in written if one.sample.maker != maker])
        out[maker] = Model(packed(*fit_both([*base, *known], settings), heat, least, {}))
        print(f"  parts: read without {maker}", flush=True)
    return out


def train(settings: Settings = GRID[0], aside: Sequence[Labelled] = (), made: Mapping[str, Model] | None = None) -> dict[str, Any]:
    """Learn, measure, write `cuts.json`; gives the figures. `aside` are labelled letters to be measured only; the other
    labelled ones count as one more writer. `made` are models fitted before, as `models` gives them."""
    labelled, written = development(), written_letters()
    made = made or models(settings, labelled, written)
    known = marked()
    reads = [read(one, made[one.sample.maker], known) for one in [*written, *labelled]]
    twos = [read(one.letter, made[one.letter.sample.maker], {key_of(one.letter.sample.text): [one.at]}) for one in joined(reads)]
    letters = crossed(reads, twos)
    ours = [one for one in letters if one.one.letter.sample.maker != "labelled"]
    threshold, lean = settle(ours)
    learned = learn(reads, twos) | {"threshold": round(threshold, 3), "lean": lean, "doubt": round(threshold - NEARLY, 3)}
    FILE.write_text(json.dumps(learned, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    others = [one for one in letters if one.one.letter.sample.maker == "labelled"]
    others += [judged(learned, read(one, made["labelled"], {})) for one in aside]
    least = made["labelled"].threshold
    out = {"cuts": honest(ours), "cuts_labelled": figures(others, threshold, lean), "marked": len(known),
           "alone": judging.alone(ours, threshold, lean, least), "alone_labelled": judging.alone(others, threshold, lean, least)}
    print(json.dumps(out, indent=1), flush=True)
    return out


def alone() -> None:
    """`python -m tools.classify parts`: this step without the rest, its figures put among the others."""
    found = train()
    figures_ = json.loads(card.FIGURES.read_text("utf-8"))
    figures_["parts"] |= found
    card.FIGURES.write_text(json.dumps(figures_, ensure_ascii=False, indent=1) + "\n", "utf-8")
    card.write()
