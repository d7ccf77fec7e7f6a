"""Worked examples: the sentence of the law, the dates in, the date out. Run as tests, printed in the docs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from trongdan.kernel.clock import Due, Pause
from trongdan.kernel.errors import LawError

from .book import Law

_KEYS = frozenset({"rule", "from", "variant", "pauses", "extended", "due", "sentence", "basis", "note"})


@dataclass(frozen=True, slots=True)
class Example:
    rule: str
    start: date
    variant: str | None
    pauses: tuple[Pause, ...]
    extended: int
    due: date
    sentence: str
    basis: str
    note: str

    def compute(self, law: Law) -> Due:
        """The deadline that the law gives for it. Raises LawError when there is none."""
        found = law.due(self.rule, self.start, self.variant, self.pauses, self.extended)
        if not isinstance(found, Due):
            raise LawError("examples", self.rule, "a rule without a limit has no example")
        return found


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """The examples as shipped. Raises LawError."""
    text = (files("trongdan.law") / "examples" / "deadlines.toml").read_text("utf-8")
    return tuple(_one(t) for t in tomllib.loads(text)["example"])


def _one(t: dict[str, Any]) -> Example:
    if set(t) - _KEYS or not t.get("sentence") or not t.get("basis"):
        raise LawError("examples/deadlines.toml", str(t.get("rule")), f"unknown keys {sorted(set(t) - _KEYS)} or no sentence")
    pauses = tuple(Pause(a, b) for a, b in t.get("pauses", ()))
    return Example(t["rule"], t["from"], t.get("variant"), pauses, t.get("extended", 0), t["due"], t["sentence"],
                   t["basis"], t.get("note", ""))  # fmt: skip
