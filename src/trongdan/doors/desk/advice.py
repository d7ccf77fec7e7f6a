"""Beside a new letter: what it reads as and by which of its words, who settles that by law, what to do with it, and the
checklist with its articles, pre-filled from the text.

Advice: an official decides, and nothing here declares a letter inadmissible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import Loaded
from trongdan.kinds.letters.reading import Reading, read
from trongdan.law.admissibility import Item
from trongdan.law.classify import NAMES, UNDECIDED, Because
from trongdan.law.competence import Competence, who_settles
from trongdan.law.competence.naming import about_of

HEAD = "head"  # a complaint about a decision of the agency is about a decision of its head, until somebody says otherwise
KINDS = {"decision": "Quyết định, văn bản", "parcel": "Thửa đất", "date": "Ngày", "sum": "Số tiền", "place": "Nơi",
    "agency": "Cơ quan",
         "post": "Chức vụ", "person": "Người"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the checklist with what is known of it: "yes", "no" or "unknown"; `good` when that lets the letter go on;
    `words` of the letter that gave it, "" when the record did or nobody can tell."""

    item: Item
    answer: str
    words: str = ""

    @property
    def good(self) -> bool | None:
        return None if self.answer == "unknown" else self.answer == self.item.good


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the machine reads it so: `number` marks the words in the letter, 0 for the whole letter."""

    number: int
    words: str
    basis: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`competence` None when the reading names no nature the law settles; `lines` in the law's order; `letter` the text in
    pieces, each with the number of its reason or 0."""

    reading: Reading
    competence: Competence | None
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]
    letter: tuple[tuple[str, int], ...]
    sealed: bool = False  # who sent it lies in the vault: no list of persons beside it

    @property
    def open(self) -> int:
        """How many items somebody must still answer."""
        return sum(line.good is None for line in self.lines)

    @property
    def against(self) -> int:
        return sum(line.good is False for line in self.lines)

    @property
    def verdict(self) -> str:
        """The nature in words, or that a person must say."""
        words = NAMES[self.reading.nature]
        return words if self.reading.decided else f"{UNDECIDED} (giống {words})"

    @property
    def sure(self) -> int:
        """How sure, in whole percent; never a hundred."""
        return min(99, round(100 * self.reading.sure))

    @property
    def parts(self) -> list[tuple[str, str, str]]:
        """The matters of a letter that holds several: (nature, field, its first words)."""
        found = self.reading.whole.parts
        return [(NAMES[p.nature], p.field, _short(self.reading.text[p.start : p.end])) for p in found] if len(found) > 1 else []

    @property
    def named(self) -> list[tuple[str, list[str]]]:
        """What the letter names, by kind; persons last."""
        found = self.reading.whole.named
        kinds = {kind: words for kind, words in KINDS.items() if kind != "person" or not self.sealed}
        rows = [(words, list(dict.fromkeys(" ".join(n.text.split()) for n in found if n.kind == kind))) for kind,
            words in kinds.items()]
        return [(words, texts) for words, texts in rows if texts]


def _short(words: str, most: int = 90) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0] + " …"


def marked(text: str, because: Sequence[Because]) -> tuple[tuple[tuple[str, int], ...], tuple[Reason, ...]]:
    """The letter cut at the words that decided, and the reasons numbered as they stand in it."""
    reasons = [Reason(0, b.reason, b.basis) for b in because if b.start is None]
    pieces: list[tuple[str, int]] = []
    at = 0
    for one in sorted((b for b in because if b.start is not None), key=lambda b: b.start or 0):
        start, end = one.start or 0, one.end or 0
        if start < at:  # inside words that are marked already: the reason stands, its words do not twice
            reasons.append(Reason(0, one.reason, one.basis))
            continue
        number = 1 + sum(r.number > 0 for r in reasons)
        reasons.append(Reason(number, one.reason, one.basis))
        pieces += [(text[at:start], 0), (text[start:end], number)]
        at = end
    return (*pieces, (text[at:], 0)), tuple(sorted(reasons, key=lambda r: r.number))


def advice_for(loaded: Loaded, text: str, sender: Mapping[str, str]) -> Advice | None:
    """For a letter that nobody has classified yet; None for any other case."""
    state = loaded.state
    on = state.origin_on or state.opened_on
    if not text or loaded.kind.id != "letters.letter" or state.step != "received" or on is None:
        return None
    signed = bool(state.fields.get("signed"))
    if state.vault and state.fields.get("named_sender"):  # who it is lies in the vault; that there is a name is known
        sender = {"name": "…", "address": "…"}
    agency = names([state.agency]).get(state.agency, "")
    reading = read(text, on, named=bool(sender.get("name")), agency=agency)
    if signed:
        reading = replace(reading, missing=tuple(m for m in reading.missing if "chữ ký" not in m))
    letter, reasons = marked(text, reading.whole.because)
    return Advice(reading, _settles(reading, agency), _lines(reading, sender, signed=signed), reasons, letter, bool(state.vault))


def _settles(reading: Reading, agency: str) -> Competence:
    """By whom the letter is about; what it does not say of that, by the agency that received it."""
    found = reading.whole
    said = found.target.about
    if said.kind and said.level:
        return found.competent
    at = about_of(agency)
    post = said.post or (HEAD if found.nature == "khieu_nai" else "")
    about = replace(said, level=said.level or at.level, kind=said.kind or at.kind, post=post)
    return who_settles(replace(found.question, about=about, at=at))


def _lines(reading: Reading, sender: Mapping[str, str], *, signed: bool) -> tuple[Line, ...]:
    """The checklist: what the record knows goes before what the text says."""
    known = {"signed": "yes", "unsigned": "no"} if signed else {}
    known |= {key: "yes" for key in ("name", "address") if sender.get(key)}
    known |= {"contact": "yes"} if any(sender.get(k) for k in ("phone", "email", "address")) else {}
    known |= {"nameless": "no"} if sender.get("name") and not reading.whole.senders.anonymous else {}
    out = []
    for found in reading.whole.admissible:
        if found.item.id in known:
            out.append(Line(found.item, known[found.item.id]))
        else:
            words = _short(reading.text[found.span[0] : found.span[1]], 60) if found.span else ""
            out.append(Line(found.item, found.answer, words))
    return tuple(out)
