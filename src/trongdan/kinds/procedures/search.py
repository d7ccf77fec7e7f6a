"""Finding a procedure by plain words, without diacritics: "lam lai so do". Pure: built from the names, asked in memory.

A few thousand names fit in a process; the tables of the database hold no index of words for them. People's words are
turned into the catalogue's by data/words.toml, then names are weighed by rare words and pairs of neighbouring words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from math import log

from trongdan.platform.text import fold, nfc

_WORD = re.compile(r"[^\W_]+")
CODE = re.compile(r"\d{1,2}\.\d{1,6}")
SINGLE, PAIR, FIELD, ACCENT = 0.4, 1.0, 0.12, 0.25  # weights of a word, of two neighbours, of a field's word, of right marks
ENOUGH = 0.55  # share of the question's weight that a name must hold
RARER, LENGTH = 0.72, 0.35
LEVEL = {"commune": 1.12, "province": 1.05, "other": 0.9, "ministry": 0.8}
BEGINS = 1.15  # names begin with what is done: cấp, đổi, gia hạn
VARIANTS = 12
WHOLE, SAID = 1.25, 0.8  # a name with every word as it was said; one with a part of them, where the words were turned
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list shows of a procedure."""

    code: str
    name: str
    field: str
    levels: tuple[str, ...]
    duration: str
    fee: str


@dataclass(frozen=True, slots=True)
class Words:
    """data/words.toml: what people say and what the catalogue says for it, words that say nothing, and marks of the rarer
    case of a procedure. All folded."""

    means: Mapping[str, tuple[str, ...]]
    empty: frozenset[str]
    rarer: tuple[str, ...]
    usual: frozenset[str] = frozenset()  # codes that most people come for


@dataclass(slots=True)
class _Doc:
    entry: Entry
    singles: frozenset[str]
    pairs: frozenset[str]
    field: frozenset[str]
    accented: frozenset[str]
    text: str
    begins: str  # its first word that says something: what is done
    length: int


def words_in(text: str) -> list[str]:
    return _WORD.findall(fold(text))


class Index:
    """The names of one state of the catalogue. Immutable once built; 2,849 names take about a quarter of a second."""

    def __init__(self, entries: Iterable[Entry], words: Words) -> None:
        self._words = words
        self._docs = [self._doc(e) for e in entries]
        self.by_code = {d.entry.code: d.entry for d in self._docs}
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, doc in enumerate(self._docs):
            for term in doc.singles | doc.pairs:
                self._with[term].append(number)
        self._starts = sorted(self._with)

    def _doc(self, entry: Entry) -> _Doc:
        tokens = words_in(entry.name)
        exact = frozenset(_WORD.findall(nfc(entry.name).lower()))
        return _Doc(entry, frozenset(tokens), frozenset(f"{a} {b}" for a, b in pairwise(tokens)),
                    frozenset(words_in(entry.field)), exact, f" {' '.join(tokens)} ",
                    next((t for t in tokens if t not in self._words.empty), ""), len(tokens))  # fmt: skip

    def _weight(self, term: str) -> float:
        return log(1 + len(self._docs) / (1 + len(self._with.get(term, ()))))

    def find(self, question: str, limit: int = 20) -> tuple[list[Entry], int]:
        """The best entries and how many there are. An empty question finds nothing; a code finds its procedure."""
        question = question[:LONGEST]
        if CODE.fullmatch(question.strip()):
            found = [e for c, e in sorted(self.by_code.items()) if c.startswith(question.strip())]
            return found[:limit], len(found)
        best: dict[int, float] = {}
        for tokens, as_said in self._variants(question):
            for number, (score, share) in self._scored(tokens, question).items():
                factor = (WHOLE if share == 1 else SAID) if as_said else 1.0
                best[number] = max(best.get(number, 0.0), score * factor)
        ranked = sorted(best.items(), key=lambda x: (-x[1], self._docs[x[0]].length, self._docs[x[0]].entry.code))
        return [self._docs[n].entry for n, _ in ranked[:limit]], len(ranked)

    def _variants(self, question: str) -> list[tuple[list[str], bool]]:
        """(words, as said): the question with people's words turned into the catalogue's, longest phrases first, and as it
        was said. A name that holds every word as said goes before one that only means it; one that holds a part, after."""
        said = words_in(question)
        parts: list[tuple[str, ...]] = []
        at = 0
        while at < len(said):
            for size in range(min(6, len(said) - at), 0, -1):
                phrase = " ".join(said[at : at + size])
                if phrase in self._words.means:
                    parts.append(self._words.means[phrase])
                    at += size
                    break
            else:
                parts.append((said[at],))
                at += 1
        turned = any(len(p) > 1 or p[0] not in said for p in parts)
        chosen = islice(product(*parts), VARIANTS)
        out = [([w for part in one for w in part.split()], False) for one in chosen]
        out += [(said, True)] if turned else []
        return [(kept, as_said) for tokens, as_said in out
                if (kept := [t for t in tokens if t not in self._words.empty] or tokens)]  # fmt: skip

    def _scored(self, tokens: Sequence[str], question: str) -> dict[int, tuple[float, float]]:
        """document -> (score, how much of the question's weight its name holds)."""
        singles = list(dict.fromkeys(tokens))
        pairs = list(dict.fromkeys(f"{a} {b}" for a, b in pairwise(tokens)))
        weights = {t: self._weight(t) * SINGLE for t in singles} | {p: self._weight(p) * PAIR for p in pairs if p in self._with}
        weights |= self._begun(singles)
        whole = sum(self._weight(t) for t in singles) or 1.0
        marked = [w for w in _WORD.findall(nfc(question).lower()) if fold(w) != w]
        score: dict[int, float] = defaultdict(float)
        held: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for number in self._with.get(term, ()):
                score[number] += weight
                if " " not in term:
                    held[number] += weight / SINGLE
        out: dict[int, tuple[float, float]] = {}
        for number, value in score.items():
            share = held[number] / whole
            share = 1.0 if share > 0.999 else share
            if share >= ENOUGH:
                out[number] = value * share * share * self._shape(self._docs[number], tokens, marked), share
        return out

    def _begun(self, singles: Sequence[str]) -> dict[str, float]:
        """The last word may be only begun: "dang ky khai si"."""
        last = singles[-1] if singles else ""
        if len(last) < 2 or last in self._with:
            return {}
        whole = [t for t in self._starts if t.startswith(last) and " " not in t][:8]
        return {t: self._weight(t) * SINGLE * 0.8 for t in whole}

    def _shape(self, doc: _Doc, tokens: Sequence[str], marked: Sequence[str]) -> float:
        """What tells apart names that hold the same words: length, level, the usual case before the rarer, marks as typed."""
        factor = 1 / (1 + LENGTH * log(1 + max(0, doc.length - len(tokens)) / 4))
        factor *= max((LEVEL[level] for level in doc.entry.levels), default=0.9)
        asked = f" {' '.join(tokens)} "
        factor *= RARER ** min(2, sum(f" {r} " in doc.text and f" {r} " not in asked for r in self._words.rarer))
        factor *= 1 + FIELD * sum(t in doc.field for t in tokens) / max(1, len(tokens))
        if doc.begins == tokens[0]:
            factor *= BEGINS
        if doc.entry.code in self._words.usual:
            factor *= 1.25
        if marked:
            factor *= 1 + ACCENT * sum(w in doc.accented for w in marked) / len(marked)
        return factor
