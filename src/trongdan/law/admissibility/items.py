"""Items of the checklist and their loader."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from trongdan.kernel.clock import SOURCE_MARKS
from trongdan.kernel.errors import LawError

# handling: conditions for handling a letter at all; accept: conditions that must hold; refuse: cases not accepted.
GROUPS = ("handling", "accept", "refuse")
NATURES = ("khieu_nai", "to_cao", "kien_nghi", "phan_anh")
PREFILLS = ("text", "record", "person")
# Items that concern only some letters: several senders, a represented sender, a second complaint.
CASES = ("several", "represented", "second")
ANSWERS = ("yes", "no", "unknown")
FILES = ("handling.toml", "complaint.toml", "denunciation.toml", "petition.toml")
_KEYS = frozenset({"id", "group", "natures", "question", "good", "prefill", "when", "rule", "basis", "verified",
                   "missing", "cure", "from", "to"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist.

    `good` is the answer that lets the letter go on ("yes" for a condition, "no" for a case of refusal); `prefill` says
    whether a text can answer it (text), a record (record: earlier decisions, court), or only a person (person);
    `when` limits it to a case of CASES; `rule` is the deadline that answers it; `missing` is the plain sentence for the
    sender when the answer is not good; `cure` how it can be put right."""

    id: str
    group: str
    nature: str
    question: str
    good: str
    prefill: str
    basis: str
    verified: str
    missing: str
    cure: str = ""
    when: str = ""
    rule: str = ""
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True, slots=True)
class Finding:
    """What the answers given come to: `open` items nobody answered, `against` items whose answer is not the good one."""

    open: tuple[Item, ...]
    against: tuple[Item, ...]

    @property
    def clear(self) -> bool:
        """Whether every item was answered and none stands against the letter. A person still decides."""
        return not self.open and not self.against


def read_items(text: str, file: str) -> list[Item]:
    """The items of one TOML text, one for each nature. Raises LawError with file, item and reason."""
    out = []
    for t in tomllib.loads(text).get("item", ()):
        _check(t, file)
        out += [
            Item(t["id"], t["group"], nature, t["question"], t["good"], t["prefill"], t["basis"], t["verified"],
                 t["missing"], t.get("cure", ""), t.get("when", ""), t.get("rule", ""), t.get("from", date.min),
                 t.get("to", date.max))
            for nature in t["natures"]
        ]  # fmt: skip
    return out


def _check(t: Mapping[str, Any], file: str) -> None:
    name = str(t.get("id"))
    if set(t) - _KEYS:
        raise LawError(file, name, f"unknown keys {sorted(set(t) - _KEYS)}")
    for key in ("id", "question", "basis", "missing"):
        if not t.get(key):
            raise LawError(file, f"{name}.{key}", "missing")
    words = (("group", GROUPS), ("good", ("yes", "no")), ("prefill", PREFILLS), ("verified", tuple(SOURCE_MARKS)))
    for key, allowed in words:
        if t.get(key) not in allowed:
            raise LawError(file, f"{name}.{key}", f"one of {allowed}")
    if t.get("when", CASES[0]) not in CASES or not t.get("natures") or set(t["natures"]) - set(NATURES):
        raise LawError(file, name, f"natures of {NATURES}, when of {CASES}")
    if (t["group"] == "refuse") != (t["good"] == "no") and t["group"] != "handling":
        raise LawError(file, name, "a case of refusal is good when answered no, a condition when answered yes")


@lru_cache(maxsize=1)
def items() -> tuple[Item, ...]:
    """All items, in the order of the files. Raises LawError when two of one id are in force at once."""
    found: list[Item] = []
    for name in FILES:
        found += read_items((files("trongdan.law.admissibility") / name).read_text("utf-8"), name)
    for a, b in combinations(found, 2):
        if (a.id, a.nature) == (b.id, b.nature) and a.since <= b.until and b.since <= a.until:
            raise LawError(FILES[0], a.id, f"twice in force for {a.nature}")
    return tuple(found)


def checklist(nature: str, on: date, cases: Iterable[str] = CASES) -> tuple[Item, ...]:
    """The items for a nature (khieu_nai, to_cao, kien_nghi, phan_anh), in the law's order, in force on a day.

    `cases` are those of CASES that the letter is; all by default. Another nature has no conditions: an empty list."""
    which = set(cases)
    return tuple(i for i in items() if i.nature == nature and i.since <= on <= i.until and (not i.when or i.when in which))


def judge(nature: str, on: date, answers: Mapping[str, str], cases: Iterable[str] = ()) -> Finding:
    """What answers {item id: yes | no | unknown} come to. Advice for the person who decides, never a decision.

    Raises LawError for an answer that is none, or to an item the list lacks."""
    listed = checklist(nature, on, cases)
    unknown = set(answers) - {i.id for i in checklist(nature, on)}
    if unknown or not set(answers.values()) <= set(ANSWERS):
        raise LawError("admissibility", nature, f"no such items {sorted(unknown)}, or answers other than {ANSWERS}")
    said = {i: answers.get(i.id, "unknown") for i in listed}
    return Finding(tuple(i for i, a in said.items() if a == "unknown"),
                   tuple(i for i, a in said.items() if a not in ("unknown", i.good)))  # fmt: skip
