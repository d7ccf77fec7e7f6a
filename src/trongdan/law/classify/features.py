"""Features of a letter for the linear model: words, pairs, what is asked for, pieces of words, and signs of the law."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .cues import Hit, cue_features, find_cues
from .words import Text

_REQUEST = frozenset({"de nghi", "yeu cau", "mong muon", "kinh mong", "xin cac", "kien nghi", "mong duoc", "mong cac",
    "nho cac", "nho xa",
                      "xin cho", "de xuat", "mong xa", "mong tinh", "rat mong", "chi mong", "nho chinh", "nho uy", "xin cap",
                      "xin xa", "mong chinh"})  # fmt: skip
REQUEST_WORDS = 14  # how far after "đề nghị" a word still belongs to what is asked for
MOST_REMEMBERED = 20_000  # words
MOST_WORDS = 4000  # a longer letter is read to here; the lanes of the model hold so many features


@dataclass(frozen=True, slots=True)
class Features:
    """`grams`, `zones` and `signs` for the three tables of the model; `hits` are the signs with their places.

    `zones` are words and pairs of the whole letter, its last third (where the wish stands) and its first quarter; `words`
    and `pairs` all of them in order, numbers by their length."""

    grams: set[str]
    zones: tuple[set[str], set[str], set[str]]
    signs: set[str]
    hits: list[Hit]
    words: list[str]
    pairs: list[str]


class _Pieces(dict[str, tuple[str, ...]]):
    """Pieces of three and four letters of a word with its ends marked, for words misspelt or never seen."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        marked = f"<{word}>"
        short = len(word) < 4 or word.isdigit()
        found = () if short else tuple({"'" + marked[i : i + n] for n in (3, 4) for i in range(len(marked) - n + 1)})
        self[word] = found
        return found


class _Marked(dict[str, tuple[str, ...]]):
    """A word with its marks as a feature; none for a word without."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[word] = () if word.isascii() else ("~" + word,)
        return self[word]


_PIECES, _MARKED = _Pieces(), _Marked()


@lru_cache(maxsize=20_000)
def shape(word: str) -> str:
    """Numbers by their length only, so that no number of a letter is ever learned."""
    if word.isalpha():
        return word
    return "#" * min(len(word), 6) if word.isdigit() else "".join("#" if c.isdigit() else c for c in word)


def shaped(words: Sequence[str]) -> list[str]:
    """Words with their numbers by length only."""
    return [w if w.isalpha() else shape(w) for w in words]


def pairs_of(words: Sequence[str]) -> list[str]:
    """Words two by two."""
    return [f"{a} {b}" for a, b in itertools.pairwise(words)]


def features(text: Text) -> Features:
    """The features of a letter."""
    words = shaped(text.words[:MOST_WORDS])
    pairs = pairs_of(words)
    whole = {*words, *pairs}
    last, first = len(words) - len(words) // 3, len(words) // 4 + 1
    zones = (whole, {*words[last:], *pairs[last:]}, {*words[:first], *pairs[: first - 1]})
    grams = set(whole)
    for index, pair in enumerate(pairs):
        if pair in _REQUEST:
            grams.update("r:" + w for w in words[index + 2 : index + 2 + REQUEST_WORDS])
    grams.update(*map(_MARKED.__getitem__, set(text.marked[:MOST_WORDS])), *map(_PIECES.__getitem__, set(words)))
    hits = find_cues(text, pairs)
    return Features(grams, zones, cue_features(text, hits, pairs), hits, words, pairs)
