"""The words that the check goes by (`cues.toml`), folded once, and texts cut into sentences with their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from trongdan.law.classify.fold import Folded, fold, squeeze, with_marks
from trongdan.law.classify.words import even

_STOP = re.compile(r"[.!?;\n…]+")
SYLLABLE = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence from `start` to `end` of the folded text, its stop left out; `asked`: it ends with a question mark."""

    start: int
    end: int
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Cues:
    """`cues.toml` ready for use. `empty` pairs a pattern with the reason shown."""

    ask: re.Pattern[str]
    verb: re.Pattern[str]
    retold: re.Pattern[str]
    empty: tuple[tuple[re.Pattern[str], str], ...]
    plain: re.Pattern[str]
    post: re.Pattern[str]
    named: re.Pattern[str]
    unit: re.Pattern[str]
    common: tuple[frozenset[str], frozenset[str]]  # with their marks, and folded


def _any(phrases: Iterable[str]) -> str:
    """One pattern for phrases, the longest first; between syllables any blanks, and a comma where the text has one."""
    folded = sorted({squeeze(p) for p in phrases}, key=lambda p: (-len(p), p))
    return "|".join(r"[\s,]+".join(map(re.escape, p.split())) for p in folded)


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The words of `cues.toml`."""
    t = tomllib.loads((files(__package__) / "cues.toml").read_text("utf-8"))
    before, asks = _any(t["before"]), _any(t["asks"])
    return Cues(
        re.compile(rf"\W*(?:(?:\d{{1,2}}[.)]|[-+*])\s*)?(?:(?:{before})[\s,:]+){{0,4}}(?:{asks})\b"),
        re.compile(rf"(?:,|\bva\b|;)\s*(?=(?:{_any(t['verbs'])})\b)"),
        re.compile(rf"\b(?:{_any(t['retold'])})\b"),
        tuple((re.compile(rf"\b(?:{_any(group['phrases'])})\b"), str(group["reason"])) for group in t["empty"]),
        re.compile(rf"\b(?:{_any(t['plain'])})\b"),
        re.compile(rf"\b(?:{_any(t['posts'])})\b"),
        re.compile(rf"\b(?:{_any(t['titles'])}):?\s+"),
        re.compile(rf"\b(?:giao|do|phan cong|yeu cau)\s+(?:cho\s+)?(?P<unit>(?:{_any(t['units'])})\b)"),
        (frozenset(map(even, with_marks(t["common"]))), frozenset(squeeze(t["common"]).split())),
    )  # fmt: skip


def sentences(folded: Folded) -> Iterator[Sentence]:
    """The sentences of a text, in order; a dot between figures (1.500) and a date end none."""
    plain, first = folded.plain, 0
    for stop in _STOP.finditer(plain):
        at = stop.start()
        if plain[at] == "." and 0 < at < len(plain) - 1 and plain[at - 1].isalnum() and plain[at + 1].isalnum():
            continue
        if plain[first:at].strip():
            yield Sentence(first, at, "?" in stop.group())
        first = stop.end()
    if plain[first:].strip():
        yield Sentence(first, len(plain))


def telling(text: Folded, start: int, end: int) -> list[str]:
    """The syllables that say what a piece of text is about, folded. Where the piece has marks they tell "do" from "đo"."""
    marked = not text.kept[start:end].isascii()
    common = cues().common[0 if marked else 1]
    out = []
    for found in SYLLABLE.finditer(text.plain, start, end):
        word = found.group()
        seen = even(text.kept[found.start() : found.end()].lower()) if marked else word
        if seen not in common and (len(word) > 1 or word.isdigit()):
            out.append(word)
    return out


def folded(text: str) -> Folded:
    return fold(text)
