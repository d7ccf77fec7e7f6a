"""Letters joined from two of one writer, to learn cuts from: of these it is known where the second matter begins, and no word
announces it. They teach the second step only, with little weight: real letters stay with one sender and one place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trongdan.law.classify.cuts import presents

from .data import Labelled
from .seen import Read

EACH = 120  # pairs drawn of each writer; some do not fit
LONGEST = 2400  # characters
BETWEEN = (" ", " ", " ", "\n", "\n\n")  # what stands between the two
OFTEN_CLOSED = 0.5  # how often the first letter's thanks and name stand at the end
LEFT_OUT = ("formal", "long")  # styles that carry a form of their own


@dataclass(frozen=True, slots=True)
class Joined:
    """The letter, and the character at which its second matter begins."""

    letter: Labelled
    at: int


def joined(letters: Sequence[Read], seed: int = 1) -> list[Joined]:
    """Pairs of letters of one matter each, of one writer, of different sources and of different nature or field."""
    rng = random.Random(seed)
    out: list[Joined] = []
    for maker in sorted({one.letter.sample.maker for one in letters}):
        mine = [one for one in letters if one.letter.sample.maker == maker and _fits(one)]
        for _ in range(EACH if len(mine) > 1 else 0):
            first, second = rng.sample(mine, 2)
            if first.letter.sample.source == second.letter.sample.source or first.letter.parts == second.letter.parts:
                continue
            if bool(first.text.marked) == bool(second.text.marked):  # nobody types one half with marks and one without
                out += _pair(first, second, rng)
    return out


def _fits(one: Read) -> bool:
    sample = one.letter.sample
    return (len(one.letter.parts) == 1 and sample.nature != "khac" and sample.style not in LEFT_OUT and len(one.found) > 1
            and one.text.folded.back is None)  # fmt: skip


def _pair(first: Read, second: Read, rng: random.Random) -> list[Joined]:
    told = [s for s in second.found if not presents(s, second.pairs)]  # nobody presents himself twice
    if not told:
        return []
    head, tail = _until(first), second.letter.sample.text[second.text.starts[told[0].first] : _until(second)]
    start = first.letter.sample.text[:head] + rng.choice(BETWEEN)
    text = start + tail + (first.letter.sample.text[head:] if rng.random() < OFTEN_CLOSED else "")
    if len(text) > LONGEST:
        return []
    letter = replace(first.letter, id="joined", sample=replace(first.letter.sample, text=text),
                     parts=(first.letter.parts[0], second.letter.parts[0]))  # fmt: skip
    return [Joined(letter, len(start))]


def _until(one: Read) -> int:
    """Where the matter itself ends: before thanks and names."""
    text, end = one.letter.sample.text, one.text.ends[one.found[-1].end - 1]
    while end < len(text) and text[end] in ".!?;…)\"”":
        end += 1
    return end
