"""Where a letter comes to another matter: the ends of sentences judged one by one, by what was learned from letters whose
cuts are known (`cuts.json`, made by `python -m tools.classify parts`).

Two steps, so that a letter of one matter costs little. First every end of a sentence gets points for the words that open the
next sentence and for what stands around it (a wish before, a question after, a new line, a number). Only where that is not
hopeless are both sides scored by the tables of the model, and small trees decide: do the sides differ in nature and field, do
they share words, did the first side already end in its wish. Reasons listed 1, 2, 3 in one complaint agree in nature, field
and words and so stay one."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from operator import or_
from typing import Any, NamedTuple

from .cues import Hit
from .features import Features
from .model import CLASSES, GRAMS, NATURES, SENSES, Model, Scores
from .openers import added_at
from .words import Text

OPENING = 14  # so many words of a sentence say how it opens
MOST = 3  # cuts in one letter
TREES_AT_ONCE = 6  # after so many trees it is asked whether the rest could still make a cut
MOST_SENTENCES = 120  # of a longer letter the rest is not cut
_HEAT = (0.7, 0.5)  # of pieces, whatever the model's own
_SPLIT = len(NATURES)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split(", "))


# What numbers an item, alone before its dot or bracket.
_NUMBERS = _set("1, 2, 3, 4, 5, 6, 7, 8, 9, i, ii, iii, iv, v, a, b, c, d, e")
# Pairs that number a matter in words.
_SPELT = _set(
    "mot la, hai la, ba la, bon la, thu nhat, thu hai, thu ba, thu tu, viec mot, viec hai, viec ba, viec thu, "
    "phan a, phan b, dieu thu"
)  # fmt: skip
# Pairs with which people address and present themselves; the first of them open greeting lines.
_HEAD = _set(
    "kinh gui, gui cac, gui ubnd, gui giam, gui chu, cong hoa, don de, don xin, thu ngo, tam thu, dong kinh, "
    "toi la, toi ten, chung toi"
)  # fmt: skip
_HEAD_LINES = _set("kinh gui, gui cac, gui ubnd, gui giam, gui chu, cong hoa, dong kinh, thu ngo, tam thu")
# Pairs that open thanks and signatures.
_CLOSE = _set(
    "tran trong, xin cam, xin chan, kinh mong, nguoi lam, nguoi viet, nguoi gui, em cam, chau cam, toi cam, ky "
    "ten, thay mat, dai dien, xin tran, kinh don, danh sach, kem theo, gui kem"
)  # fmt: skip
# Words and pairs of a wish, pairs of a question.
_ASK = _set("nghi, mong, xin, nho, nguyen, nen")
_ASKS = _set("de nghi, kien nghi, yeu cau, de xuat, nguyen vong, toi mong, em mong, rat mong, mong muon, can phai")
_QUESTION = _set(
    "cho hoi, xin hoi, toi hoi, em hoi, chau hoi, muon hoi, luon hoi, them hoi, cung hoi, con hoi, tien hoi, "
    "giai dap, cho biet, muon biet, cho em, o dau, bao nhieu, bao lau, the nao, hoi them, hoi luon, tiep hoi"
)  # fmt: skip
# Words that two sentences share without speaking of one thing.
_STOP = _set(
    "toi, la, va, cua, co, cho, thi, nay, duoc, khong, o, cac, nhung, mot, da, de, trong, ra, voi, ong, ba, "
    "anh, chi, em, chung, con, nguoi, khi, lai, den, vi, do, ay, nha, ngay, thang, nam"
)  # fmt: skip


class Sentence(NamedTuple):
    """Words first..end - 1 of the letter, with what is asked of each sentence once. `line` it opens a line; `number` it opens
    with one of a list; `asks` holds a wish, `questions` a question."""

    first: int
    end: int
    line: bool
    number: bool
    spelt: bool
    semicolon: bool
    asks: bool
    questions: bool


def sentences(text: Text, pairs: Sequence[str]) -> list[Sentence]:
    """The sentences of the matter itself: greeting lines before and thanks and names after are left out; a number that
    stands alone goes with what it numbers."""
    plain, words, starts, ends = text.folded.plain, text.words, text.starts, text.ends
    out: list[Sentence] = []
    held = -1
    count = len(words)
    for begin, end in text.sentences[:MOST_SENTENCES]:
        first, held = (held, -1) if held >= 0 else (begin, -1)
        if end - first == 1 and end < count and words[first] in _NUMBERS:
            held = first
            continue
        gap = plain[ends[first - 1] : starts[first]] if first else "\n"
        after = plain[ends[end - 1] : starts[end]] if end < count else plain[ends[end - 1] :]
        inner = pairs[first : end - 1]
        out.append(Sentence(first, end, "\n" in gap,
                            words[first] in _NUMBERS and plain[ends[first] : ends[first] + 1] in (".", ")", "/", "-", "]"),
                            bool(inner) and inner[0] in _SPELT, ";" in gap,
                            not _ASK.isdisjoint(words[first:end]) or not _ASKS.isdisjoint(inner),
                            "?" in after or not _QUESTION.isdisjoint(inner)))  # fmt: skip
    while len(out) > 1 and ((out[-1].line and out[-1].end - out[-1].first <= 6) or _opens(out[-1], pairs, _CLOSE)):
        out.pop()
    start = 0
    while start < len(out) - 1 and ((out[start].end - out[start].first <= 4 and not out[start].number)
                                    or _opens(out[start], pairs, _HEAD_LINES)):  # fmt: skip
        start += 1
    return out[start:]


def _opens(sentence: Sentence, pairs: Sequence[str], words: frozenset[str]) -> bool:
    return sentence.end - sentence.first > 1 and pairs[sentence.first] in words


def presents(sentence: Sentence, pairs: Sequence[str]) -> bool:
    """Whether the sender addresses somebody or presents himself in it."""
    return _opens(sentence, pairs, _HEAD)


def marks(found: Sequence[Sentence], text: Text, pairs: Sequence[str]) -> list[list[str]]:
    """What stands around each cut, as names: item k - 1 for the cut before sentence k."""
    last = len(found) - 1
    lines = ["line", "line, few"] if sum(s.line for s in found) <= 3 else ["line", "line, many"]
    numbered, spelt = found[0].number, found[0].spelt
    out: list[list[str]] = []
    for k, wishes in enumerate(_wishes(found), 1):
        here, names = found[k], [*wishes]
        if here.line:
            names += lines
        if here.semicolon:
            names.append("semicolon")
        if here.number:
            names.append("number, again" if numbered else "number, first")
            numbered = True
        if here.spelt:
            names.append("spelt, again" if spelt else "spelt, first")
            spelt = True
        if added_at(text.folded.plain, text.starts[here.first]):
            names.append("added")
        if k >= last - 1:
            names.append("last" if k == last else "last but one")
        if presents(here, pairs):
            names.append("presents")
        out.append(names)
    return out


def _wishes(found: Sequence[Sentence]) -> list[list[str]]:
    """Whether the letter had asked before, and what the sentence asks: a new wish or question, or another tale."""
    asked, questioned = found[0].asks, found[0].questions
    out: list[list[str]] = []
    for k in range(1, len(found)):
        here, before, names = found[k], found[k - 1], []
        if here.questions:
            names.append("question")
            if not questioned:
                names.append("question, first after a wish" if asked else "question, first")
        if here.asks:
            names += ["wish", "wish after a question"] if questioned and not here.questions else ["wish"]
        elif before.asks:
            names.append("told after a wish")
        if asked:
            names.append("asked before")
            if not here.asks and any(s.asks for s in found[k + 1 : k + 3]):
                names.append("told between wishes")
        if before.questions:
            names.append("question before")
        out.append(names)
        asked, questioned = asked or here.asks, questioned or here.questions
    return out


SLOTS = ("w0", "w1", "w2", "w3", "p0", "p1", "p2", "word", "pair", "mark")


def opening(found: Sequence[Sentence], k: int, text: Text, pairs: Sequence[str],
            around: Sequence[str]) -> list[tuple[int, str]]:  # fmt: skip
    """The features of the first step: (slot, name). `Cuts.points` adds them up without building this list."""
    s = found[k]
    words, twos = text.words[s.first : min(s.end, s.first + OPENING)], pairs[s.first : min(s.end - 1, s.first + OPENING)]
    out = [(i, w) for i, w in enumerate(words[:4])]
    out += [(4 + i, p) for i, p in enumerate(twos[:3])]
    out += [(7, w) for w in set(words)] + [(8, p) for p in set(twos)] + [(9, m) for m in around]
    return out


class Sums:
    """The sentences of one letter as sums of rows of the model: any stretch of them is scored by adding whole numbers."""

    def __init__(self, found: Sequence[Sentence], words: Sequence[str], pairs: Sequence[str], weights: Model) -> None:
        self._words = weights.words
        self._until = [0]  # sums of all sentences before
        self._known: dict[tuple[int, int], tuple[list[float], list[float]]] = {}
        self.bags: list[set[str]] = []
        self._said: list[set[str]] = []
        self._rest: list[set[str]] = []
        for s in found:
            inside = words[s.first : s.end]
            total = self._words.total({*inside, *pairs[s.first : s.end - 1]})
            self._until.append(self._until[-1] + total)
            self.bags.append({w for w in inside if len(w) > 1} - _STOP)

    def said(self, k: int) -> set[str]:
        """The words of all sentences before sentence k."""
        if not self._said:
            self._said = [*itertools.accumulate(self.bags, or_, initial=set[str]())]
        return self._said[k]

    def rest(self, k: int) -> set[str]:
        """The words of sentence k and all after it."""
        if not self._rest:
            self._rest = [*itertools.accumulate(reversed(self.bags), or_, initial=set[str]())][::-1]
        return self._rest[k]

    def scores(self, first: int, end: int) -> tuple[list[float], list[float]]:
        """Probabilities of natures and fields of sentences first..end - 1."""
        known = self._known.get((first, end))
        if known is None:
            values = [0.0] * CLASSES
            lanes = self._words.lanes(self._until[end] - self._until[first])
            self._words.add(lanes, GRAMS, values, CLASSES)
            self._words.add(lanes, SENSES, values, _SPLIT)
            known = self._known[first, end] = _soft(values[:_SPLIT], _HEAT[0]), _soft(values[_SPLIT:], _HEAT[1])
        return known

    def differ(self, k: int) -> bool:
        """Whether the sentences before sentence k read as another nature than the rest."""
        before, after = self.scores(0, k)[0], self.scores(k, len(self.bags))[0]
        return before.index(max(before)) != after.index(max(after))


def _soft(values: list[float], heat: float) -> list[float]:
    top = max(values)
    parts = [math.exp((v - top) / heat) for v in values]
    total = sum(parts)
    return [p / total for p in parts]


MARKS = ("line", "line, few", "line, many", "semicolon", "number, first", "number, again", "spelt, first", "spelt, again", "added",
         "question", "question, first", "question, first after a wish", "wish", "wish after a question", "told after a wish",
         "asked before", "told between wishes", "question before", "last", "last but one", "presents")  # fmt: skip


def _apart(one: list[float], other: list[float]) -> tuple[float, float, float]:
    """How much two lists of probabilities have in common, and how much each one doubts what the other says first."""
    a, b = one.index(max(one)), other.index(max(other))
    return (sum(map(min, one, other)), math.log((other[b] + 1e-6) / (other[a] + 1e-6)),
            math.log((one[a] + 1e-6) / (one[b] + 1e-6)))  # fmt: skip


def measures(found: Sequence[Sentence], k: int, points: float, around: Sequence[str], sums: Sums, whole: Scores,
             hits: Sequence[Hit]) -> list[float]:  # fmt: skip
    """The measures of the second step, in a fixed order."""
    here, count = found[k], len(found)
    begin, size = found[0].first, found[-1].end - found[0].first
    left, right = sums.scores(0, k), sums.scores(k, count)
    mine, before = (sums.scores(k, k + 1) if k + 1 < count else right), (sums.scores(k - 1, k) if k > 1 else left)
    out = [points, *(1.0 if m in around else 0.0 for m in MARKS)]
    out += [here.end - here.first, (here.first - begin) / size, size, k, count - k]
    for one, other in ((left, right), (left, mine), (before, mine)):
        out += _apart(one[0], other[0])
        out += _apart(one[1], other[1])
    said, rest, now = sums.said(k), sums.rest(k), sums.bags[k]
    out += [len(now & said) / (len(now) + 1), len(rest & said) / (len(rest) + 1), len(now & sums.bags[k - 1]) / (len(now) + 1)]
    out += left[0]
    out += mine[0]
    out += [max(whole.nature), max(whole.field), max(left[1]), max(mine[1])]
    was = {h.cue.key.partition(".")[0] for h in hits if h.first < here.first}
    new = {h.cue.key.partition(".")[0] for h in hits if here.first <= h.first < here.end} - was
    out += [float(len(was)), float(len(new)), *(1.0 if n in new else 0.0 for n in NATURES[:5])]
    return out


class Found(NamedTuple):
    """`begins`: the words of the letter before which it comes to another matter, in order; none for a letter of one. `doubtful`: at
    an end of a sentence where it is cut or nearly, what stands before and after reads as two natures."""

    begins: list[int]
    doubtful: bool


NONE = Found([], doubtful=False)


def chosen(scored: Iterable[tuple[float, int]], threshold: float, further: float) -> list[int]:
    """Of places with their verdicts those that are cuts, surest first. Most letters of several matters have two: a further cut must
    be surer than the first."""
    best = sorted(scored, reverse=True)[:MOST]
    return [place for i, (value, place) in enumerate(best) if value > threshold + (further if i else 0.0)]


def _most(tree: Any) -> float:
    """The most that a tree can add."""
    return max(_most(tree[2]), _most(tree[3])) if isinstance(tree, list) else float(tree)


class Cuts:
    """What was learned: points of openings, trees, and where a cut is likely enough."""

    def __init__(self, learned: dict[str, Any]) -> None:
        self.slots: list[dict[str, float]] = [learned["points"].get(name, {}) for name in SLOTS]
        self.bias: float = learned["bias"]
        self.least: float = learned["least"]  # points below which the second step is not asked
        self.trees: list[Any] = learned["trees"]
        groups = [self.trees[i : i + TREES_AT_ONCE] for i in range(0, len(self.trees), TREES_AT_ONCE)]
        most = [sum(map(_most, group)) for group in groups]
        # Groups of trees, each with the most that it and those after it can still add.
        self._groups = [(group, sum(most[i:])) for i, group in enumerate(groups)]
        self.base: float = learned["base"]
        self.threshold: float = learned["threshold"]
        self.further: float = learned["further"]  # how much more the second and third cut of a letter must have
        self.doubt: float = learned["doubt"]  # above this it is nearly a cut: whether there are several matters is for a person
        self.lean: list[float] = learned["lean"]  # how much a part leans on the whole letter: nature, field

    def points(self, found: Sequence[Sentence], k: int, text: Text, pairs: Sequence[str], around: Sequence[str]) -> float:
        """The first step for the cut before sentence `k`."""
        s, slots = found[k], self.slots
        words, twos = text.words[s.first : min(s.end, s.first + OPENING)], pairs[s.first : min(s.end - 1, s.first + OPENING)]
        total = self.bias
        for slot, name in zip(slots, words[:4], strict=False):
            total += slot.get(name, 0.0)
        for slot, name in zip(slots[4:], twos[:3], strict=False):
            total += slot.get(name, 0.0)
        for slot, names in ((slots[7], set(words)), (slots[8], set(twos)), (slots[9], around)):
            total += sum(filter(None, map(slot.get, names)))
        return total

    def judged(self, row: Sequence[float], above: float = -math.inf) -> float:
        """The second step: the sum of the trees, above 0 more likely a cut than not. Where it can no longer come above
        `above`, minus infinity: most ends of sentences are no cut, and soon known to be none."""
        total = self.base
        for group, most in self._groups:
            if total + most <= above:
                return -math.inf
            for tree in group:
                node = tree
                while node.__class__ is list:
                    node = node[2] if row[node[0]] <= node[1] else node[3]
                total += node
        return total

    def found(self, text: Text, pairs: Sequence[str], whole: Scores, letter: Features, weights: Model) -> Found:
        """Where the letter comes to another matter, and whether it may where it was not cut."""
        parts = sentences(text, pairs)
        if len(parts) < 2:
            return NONE
        likely = []
        for k, around in enumerate(marks(parts, text, pairs), 1):
            points = self.points(parts, k, text, pairs, around)
            if points >= self.least:
                likely.append((points, k, around))
        if not likely:
            return NONE
        sums = Sums(parts, letter.words, letter.pairs, weights)
        scored = [(self.judged(measures(parts, k, points, around, sums, whole, letter.hits), self.doubt), k)
                  for points, k, around in likely]  # fmt: skip
        best = chosen(scored, self.threshold, self.further)
        nearly = [k for value, k in scored if value > self.doubt]
        return Found(sorted(parts[k].first for k in best), any(sums.differ(k) for k in nearly))


@lru_cache(maxsize=1)
def cuts() -> Cuts:
    """What was learned, read on first use."""
    return Cuts(json.loads((files(__package__) / "cuts.json").read_text("utf-8")))
