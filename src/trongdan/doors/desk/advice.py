"""Beside a new letter: what it reads as, who settles that by law, what to do with it, and the checklist with its articles.

Advice: an official decides, and nothing here declares a letter inadmissible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import Loaded
from trongdan.kinds.letters.reading import Reading, read
from trongdan.law.admissibility import Item, checklist
from trongdan.law.competence import About, Competence, Question, who_settles
from trongdan.law.competence.naming import about_of

HEAD = "head"  # a complaint about a decision of the agency is about a decision of its head, until somebody says otherwise


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the checklist with what is known of it: "yes", "no" or "unknown"; `good` when that lets the letter go on."""

    item: Item
    answer: str

    @property
    def good(self) -> bool | None:
        return None if self.answer == "unknown" else self.answer == self.item.good


@dataclass(frozen=True, slots=True)
class Advice:
    """`lines` in the law's order; `competence` None when the reading names no nature the law settles."""

    reading: Reading
    competence: Competence | None
    lines: tuple[Line, ...]

    @property
    def open(self) -> int:
        """How many items somebody must still answer."""
        return sum(line.good is None for line in self.lines)

    @property
    def against(self) -> int:
        return sum(line.good is False for line in self.lines)


def advice_for(loaded: Loaded, text: str, sender: Mapping[str, str]) -> Advice | None:
    """For a letter that nobody has classified yet; None for any other case."""
    state = loaded.state
    if not text or loaded.kind.id != "letters.letter" or state.step != "received":
        return None
    signed = bool(state.fields.get("signed"))
    if state.vault and state.fields.get("named_sender"):  # who it is lies in the vault; that there is a name is known
        sender = {"name": "…", "address": "…"}
    reading = read(text, bool(sender.get("name")))
    if signed:
        reading = replace(reading, missing=tuple(m for m in reading.missing if "chữ ký" not in m))
    on = state.origin_on or state.opened_on
    if on is None:
        return None
    agency = names([state.agency]).get(state.agency, "")
    known = {"signed": "yes"} if signed else {}
    known |= {"unsigned": "no"} if signed else {}
    known |= {"name": "yes"} if sender.get("name") else {}
    known |= {"address": "yes"} if sender.get("address") else {}
    known |= {"contact": "yes"} if sender.get("phone") or sender.get("email") or sender.get("address") else {}
    answers = {**getattr(reading, "admissible", {}), **known}
    at = about_of(agency)
    about = About(at.level, at.kind, HEAD if reading.nature == "khieu_nai" else "")
    settles = who_settles(Question(reading.nature, about, on, at, reading.topic))
    lines = tuple(Line(i, answers.get(i.id, "unknown")) for i in checklist(reading.nature, on, ()))
    return Advice(reading, settles, lines)
