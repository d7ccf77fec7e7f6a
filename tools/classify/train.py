"""From the letters to the model shipped, its figures and its card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from trongdan.law.classify import classify
from trongdan.law.classify.cuts import cuts
from trongdan.law.classify.features import features
from trongdan.law.classify.model import FIELDS, NATURES, Model, model
from trongdan.law.classify.words import read_text

from . import card, compare, unseen
from . import parts as cutting
from .data import Labelled, development, held
from .evaluate import (
    SLICES,
    Both,
    Scored,
    by_maker,
    calibration_error,
    choose,
    coverage,
    field_accuracy,
    fit_both,
    interval,
    macro,
    merged,
    nested,
    own_letters,
    per_class,
    score,
    written_letters,
)
from .fit import Array, heat_of, packed, threshold_of
from .marked import taught
from .own import composed
from .vectors import vectors

FILE = Path(__file__).parents[2] / "src" / "trongdan" / "law" / "classify" / "model.bin"
ON = date(2026, 11, 2)


def _right(found: Scored) -> Array:
    """Which natures count as right, a row of marks a letter."""
    return np.array([[n in one.natures for n in NATURES] for one in found.letters], float)


def _calibrated(labelled: Scored, written: Scored) -> tuple[tuple[float, float], float]:
    """Temperatures and threshold from what unseen letters got; labelled and written ones count half each."""
    both = labelled + written
    weights = np.concatenate([np.full(len(s.letters), 1 / len(s.letters)) for s in (labelled, written)])
    heat = heat_of(both.nature, _right(both), weights)
    fields = np.array([[f == one.sample.field for f in FIELDS] for one in both.letters], float)
    top = np.exp(both.nature / heat)
    top = (top / top.sum(1, keepdims=True)).max(1)
    return (heat, heat_of(both.field, fields, weights)), threshold_of(top, both.right)


def _figures(found: Scored, heat: float, threshold: float) -> dict[str, Any]:
    figures: dict[str, Any] = {"letters": len(found.letters), "ece": calibration_error(found, heat),
                               "coverage": coverage(found, heat, threshold), "classes": per_class(found)}  # fmt: skip
    for name, figure in (("macro", macro), ("merged", merged), ("field", field_accuracy)):
        figures[name], figures[name + "_range"] = figure(found), interval(found, figure)
    return figures


def _slices(labelled: Scored, written: Scored) -> list[Any]:
    def one(found: Scored) -> tuple[int, float]:
        return len(found.letters), float(found.right.mean()) if found.letters else 0.0

    return [(name, one(labelled.only(keep)), one(written.only(keep))) for name, keep in SLICES.items()]


def _same(models: Both, shipped: Model, letters: Sequence[Labelled]) -> None:
    """The packed model gives what the fitted one gave (rounding apart). Raises SystemExit when it does not."""
    texts = [one.sample.text for one in letters]
    values = models[0].values(texts)
    for text, row in zip(texts, values, strict=True):
        found = features(read_text(text))
        got = shipped.scores(found).nature
        want = np.exp((row - row.max()) / shipped.heat[0])
        if np.abs(np.array(got) - want / want.sum()).max() > 0.02:
            raise SystemExit("the packed model differs from the fitted one")


def _beside(labelled: Sequence[Labelled], blind: Model) -> dict[str, Any]:
    """What the reader finds of senders and urgency, with a model that saw no labelled letter."""
    read = [classify(one.sample.text, ON, weights=blind) for one in labelled]
    urgent = [bool(r.urgent) for r in read]
    wanted = [bool(one.urgent) for one in labelled]
    return {
        "senders": float(np.mean([r.senders.count == one.senders for r, one in zip(read, labelled, strict=True)])),
        "anonymous": float(np.mean([r.senders.anonymous == one.anonymous for r, one in zip(read, labelled, strict=True)])),
        "urgent_n": sum(wanted), "urgent_found": sum(a and b for a, b in zip(urgent, wanted, strict=True)),
        "urgent_false": sum(a and not b for a, b in zip(urgent, wanted, strict=True)), "urgent_rest": len(wanted) - sum(wanted),
    }  # fmt: skip


def evaluate(*, held_too: bool) -> dict[str, Any]:
    """All figures; trains the final model on the way and writes it when `held_too`."""
    labelled, written, own = development(), written_letters(), own_letters()
    seen = nested(labelled, own)
    settings = choose(labelled, own)
    without: dict[str, Both] = {}
    makers = by_maker(labelled, written, settings, without.__setitem__)
    heat, threshold = _calibrated(seen, makers)
    figures: dict[str, Any] = {"threshold": threshold, "settings": repr(settings),
                               "nested": _figures(seen, heat[0], threshold), "by_maker": _figures(makers, heat[0], threshold),
                               "slices": _slices(seen, makers)}  # fmt: skip
    for way in ("nested", "by_maker"):
        f = figures[way]
        print(f"{way}: {f['macro']:.3f} {f['merged']:.3f} field {f['field']:.3f} ece {f['ece']:.3f} {f['coverage']}", flush=True)
    if not held_too:
        return figures
    figures["compared"] = compare.methods(labelled, written, own, settings)
    final = fit_both([*taught(labelled), *own], settings)
    about: dict[str, object] = {"labelled": len(labelled), "own": len(own), "settings": repr(settings)}
    FILE.write_bytes(packed(*final, heat, threshold, about))
    shipped = Model(FILE.read_bytes())
    _same(final, shipped, labelled[:60])
    aside = held()
    figures["held"] = _figures(score(final, aside), heat[0], threshold)
    blind = Model(packed(*fit_both(own, replace(settings)), heat, threshold, about))
    figures["parts"] = _beside([*labelled, *aside], blind)
    made = {maker: Model(packed(*models, heat, threshold, about)) for maker, models in without.items()}
    figures["parts"] |= cutting.train(settings, aside, made | {"labelled": blind})
    figures["data"] = {"labelled": len(labelled) + len(aside), "held": len(aside), "written": len(written),
                       "makers": len({one.sample.maker for one in written}), "composed": len(composed(2)),
                       "senses": len(vectors()[0])}  # fmt: skip
    return figures


def train() -> None:
    """Train, measure, write the model, the figures and the card."""
    figures = evaluate(held_too=True)
    for read_once in (model, cuts):  # what is shipped now, not what was read before
        read_once.cache_clear()
    figures["unseen"] = unseen.measure()
    card.FIGURES.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    card.write()
