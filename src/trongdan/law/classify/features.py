"""Features of a letter for the linear model: words, pairs, what is asked for, pieces of words, and signs of the law.

What `Model.scores` adds up is said by name in `names_of`, which training uses."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .cues import Hit, cue_features, find_cues
from .words import Text

_REQUEST = frozenset({"de nghi", "yeu cau", "mong muon", "kinh mong", "xin cac", "kien nghi", "mong duoc", "mong cac",
    "nho cac", "nho xa",
                      "xin cho", "de xuat", "mong xa", "mong tinh", "rat mong", "chi mong", "nho chinh", "nho uy", "xin cap",
                      "xin xa", "mong chinh"})  # fmt: skip
REQUEST_WORDS = 14  # how far after "đề nghị" a word still belongs to what is asked for
MOST_REMEMBERED = 20_000  # words
MARK, ASKED, PIECE = "~", "r:", "'"  # before a word with its marks, a word that follows "đề nghị", a piece of a word
MOST_WORDS = 4000  # a longer letter is read to here; the lanes of the model hold so many features


@dataclass(frozen=True, slots=True)
class Features:
    """What the tables of the model are asked for. `words` and `pairs` are those of the letter in order, numbers by their
    length; the words up to `first` are its first quarter, those from `last` its last third, where the wish stands; `marks`
    its words with their marks; `asked` what follows "đề nghị"; `signs` those of the law, `hits` where they stand."""

    words: list[str]
    pairs: list[str]
    first: int
    last: int
    marks: set[str]
    asked: set[str]
    signs: set[str]
    hits: list[Hit]


def pieces(word: str) -> set[str]:
    """Pieces of three and four letters of a word with its ends marked, for words misspelt or never seen."""
    if len(word) < 4 or word.isdigit():
        return set()
    ends = f"<{word}>"
    return {PIECE + ends[i : i + n] for n in (3, 4) for i in range(len(ends) - n + 1)}


class _Shapes(dict[str, str]):
    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        if not word.isdigit():
            word_ = "".join("#" if c.isdigit() else c for c in word)
        else:
            word_ = "#" * min(len(word), 6)
        return self.setdefault(word, word_)


_SHAPES = _Shapes()


def shaped(words: Sequence[str]) -> list[str]:
    """Words with their numbers by length only, so that no number of a letter is ever learned."""
    return [*map(_SHAPES.__getitem__, words)]


def pairs_of(words: Sequence[str]) -> list[str]:
    """Words two by two."""
    return [f"{a} {b}" for a, b in itertools.pairwise(words)]


def features(text: Text) -> Features:
    """The features of a letter."""
    words = shaped(text.words[:MOST_WORDS])
    pairs = pairs_of(words)
    asked: set[str] = set()
    for index in [i for i, pair in enumerate(pairs) if pair in _REQUEST]:
        asked.update(words[index + 2 : index + 2 + REQUEST_WORDS])
    hits = find_cues(text, pairs)
    return Features(words, pairs, len(words) // 4 + 1, len(words) - len(words) // 3, set(text.marked[:MOST_WORDS]), asked,
                    cue_features(text, hits, pairs), hits)  # fmt: skip


def names_of(found: Features) -> tuple[Counter[str], tuple[set[str], set[str], set[str]]]:
    """The names of a letter's features as the tables of the model have them, with how often each counts (a piece once for
    every word that holds it, all else once); and words and pairs of the whole letter, its last third and first quarter."""
    words, pairs = found.words, found.pairs
    whole = {*words, *pairs}
    names = Counter(whole)
    for word in {*words}:
        names.update(pieces(word))
    names.update(MARK + word for word in found.marks if not word.isascii())
    names.update(ASKED + word for word in found.asked)
    zones = (whole, {*words[found.last :], *pairs[found.last :]}, {*words[: found.first], *pairs[: found.first - 1]})
    return names, zones
