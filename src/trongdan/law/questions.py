"""What people wait for, in their own words, and the rule that answers it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from trongdan.kernel.errors import LawError

FILE = "questions.toml"
_KEYS = frozenset({"rule", "vi", "en", "after", "after_en", "basis"})


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """A question and the rule (or family) that answers it. `after`: what the law opens once the day has passed, by `basis`."""

    rule: str
    vi: str
    en: str
    after: str = ""
    after_en: str = ""
    basis: str = ""


def read_questions(text: str) -> tuple[PlainQuestion, ...]:
    """The questions of a TOML text, in order. Raises LawError."""
    out = []
    for t in tomllib.loads(text).get("question", ()):
        lacking = [k for k in ("rule", "vi", "en") if not t.get(k)]
        if set(t) - _KEYS or lacking or len({bool(t.get(k)) for k in ("after", "after_en", "basis")}) > 1:
            raise LawError(FILE, str(t.get("rule")), f"keys {sorted(t)}: rule, vi, en; after, after_en and basis together")
        out.append(PlainQuestion(**t))
    return tuple(out)


@lru_cache(maxsize=1)
def questions() -> tuple[PlainQuestion, ...]:
    """The questions as shipped."""
    return read_questions((files("trongdan.law") / FILE).read_text("utf-8"))
