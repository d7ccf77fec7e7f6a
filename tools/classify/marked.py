"""Marks made by hand: where the second, third … matter of a letter begins (`cuts.jsonl`: a hash of the letter and characters of it;
of a labelled letter no word is kept). They teach where to cut, and they make every matter a letter of its own to learn from:
a matter is shorter than a letter, and has no greeting and often no wish."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from .data import Labelled
from .own import Sample

FILE = Path(__file__).parent / "cuts.jsonl"
Marks = Mapping[str, Sequence[int]]  # hash of a letter to the characters at which its second, third … matter begins


@lru_cache(maxsize=1)
def marked() -> dict[str, list[int]]:
    """All marks."""
    rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    return {row["text"]: row["starts"] for row in rows}


def key_of(text: str) -> str:
    """What a letter is called in the marks."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def matters(letters: Iterable[Labelled]) -> list[Sample]:
    """The matters of the marked letters among these, each as a letter of its own."""
    out = []
    for one in letters:
        starts, text = marked().get(key_of(one.sample.text)), one.sample.text
        if starts and len(starts) + 1 == len(one.parts):  # one mark too few: which label is whose cannot be told
            for (nature, field), (begin, end) in zip(one.parts, pairwise([0, *starts, len(text)]), strict=True):
                out.append(replace(one.sample, text=text[begin:end], nature=nature, second="", field=field))
    return out


def taught(letters: Sequence[Labelled]) -> list[Sample]:
    """What these letters teach of natures and fields: each as it is, then the matters of the marked ones."""
    return [*(one.sample for one in letters), *matters(letters)]
