"""Whether an answer was copied from another: shared runs of syllables, less those the letter itself brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .words import SYLLABLE, folded

RUN = 3  # syllables of a shingle: with one word in nine changed most of these still stand, of longer ones few (bench/)
LEAST = 12  # shingles without which an answer is too short to say anything


@dataclass(frozen=True, slots=True)
class Copy:
    """`which` of the earlier answers shares most; `share` of this answer's own shingles that stand there, 0 to 1; the longest
    shared run from `start` to `end` of the answer."""

    which: int
    share: float
    start: int
    end: int


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = ["#" if w.isdigit() else w for w in SYLLABLE.findall(folded(text).plain)]
    return list(zip(*(words[i:] for i in range(RUN)), strict=False))


def copied(answer: str, letter: str, earlier: Sequence[str]) -> Copy | None:
    """The earlier answer that this one has most in common with; None when it is too short or shares nothing. Any figure
    counts as any other: another parcel and another day make no other answer."""
    told = set(_shingles(letter))
    own = _shingles(answer)
    fresh = [s for s in own if s not in told]
    if len(fresh) < LEAST:
        return None
    best = max(enumerate(_shares(fresh, earlier)), key=lambda one: one[1], default=(0, 0.0))
    if not best[1]:
        return None
    start, end = _run(answer, own, set(_shingles(earlier[best[0]])))
    return Copy(best[0], best[1], start, end)


def _shares(fresh: Sequence[tuple[str, ...]], earlier: Iterable[str]) -> list[float]:
    return [sum(s in there for s in fresh) / len(fresh) for there in (set(_shingles(text)) for text in earlier)]


def _run(answer: str, own: Sequence[tuple[str, ...]], there: set[tuple[str, ...]]) -> tuple[int, int]:
    """Where the longest run of shared shingles stands in the answer."""
    best, first = (0, 0), None
    for index, shingle in enumerate([*own, ()]):
        if shingle in there:
            first = index if first is None else first
            continue
        if first is not None and index - first > best[1] - best[0]:
            best = (first, index)
        first = None
    text = folded(answer)
    words = list(SYLLABLE.finditer(text.plain))
    return text.at(words[best[0]].start()), text.at(words[min(best[1] - 1 + RUN, len(words)) - 1].end())
