"""The ways that were compared before one was chosen: rules alone, words alone, words and signs, and with meanings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from trongdan.law.classify.model import FIELDS, NATURES
from trongdan.law.classify.words import read_text

from .data import Labelled
from .evaluate import Scored, _folds, field_accuracy, fit_both, joined, macro, score
from .fit import Array, Settings, Space, np
from .marked import taught
from .own import Sample

Row = tuple[str, float, float, float]


def methods(labelled: Sequence[Labelled], written: Sequence[Labelled], own: Sequence[Sample], settings: Settings) -> list[Row]:
    """(name, F1 on labelled letters, F1 on one writer's letters unseen, field accuracy on labelled letters)."""
    ways: list[tuple[str, Settings, bool]] = [
        ("từ và mẩu từ, mô hình tuyến tính, chỉ đơn có nhãn", replace(settings, signs=0.0, senses=0.0), False),
        ("như trên, thêm đơn do dự án đặt ra", replace(settings, signs=0.0, senses=0.0), True),
        ("thêm dấu hiệu theo định nghĩa của luật", replace(settings, senses=0.0), True),
        ("thêm nghĩa của từ, ba vùng của đơn (cách được chọn)", settings, True),
    ]
    out: list[Row] = [("chỉ dấu hiệu của luật, đếm", *_both(labelled, written, lambda _train, test: _by_rules(test)))]
    for name, how, with_own in ways:
        space = Space(own, how)

        def fit(train: Sequence[Labelled], test: Sequence[Labelled], how: Settings = how, with_own: bool = with_own,
                space: Space = space) -> Scored:  # fmt: skip
            makers = {one.sample.maker for one in test}
            base = [s for s in own if s.maker not in makers] if with_own else []
            return score(fit_both([*taught(train), *base], how, space), test)

        out.append((name, *_both(labelled, written, fit)))
        print("  compared:", out[-1], flush=True)
    return out


def _both(labelled: Sequence[Labelled], written: Sequence[Labelled],
          fit: Callable[[Sequence[Labelled], Sequence[Labelled]], Scored]) -> tuple[float, float, float]:  # fmt: skip
    mine = joined([fit([labelled[i] for i in a], [labelled[i] for i in b]) for a, b in _folds(labelled, 4)])
    maker = "web"  # one writer is enough for a comparison; `by_maker` measures all
    theirs = fit(labelled, [one for one in written if one.sample.maker == maker])
    return macro(mine), macro(theirs), field_accuracy(mine)


def _by_rules(test: Sequence[Labelled]) -> Scored:
    from trongdan.law.classify.features import features

    natures: list[list[float]] = []
    fields: list[list[float]] = []
    for one in test:
        found = features(read_text(one.sample.text))
        hits = Counter(hit.cue.nature for hit in found.hits)
        natures.append([float(hits[n]) for n in NATURES])
        fields.append([1.0] + [0.0] * (len(FIELDS) - 1))  # the signs tell natures: every field is guessed the commonest
    values: tuple[Array, Array] = np.array(natures), np.array(fields)
    return Scored(tuple(test), *values)


