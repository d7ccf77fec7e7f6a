"""Signs of urgency: danger to life, self-harm, a threatened crowd, anything that cannot wait. Only points; decides nothing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from .cues import same_marks
from .fold import squeeze, with_marks
from .words import Text, even

_NOT = frozenset({"khong", "chua", "chang", "tranh"})


@dataclass(frozen=True, slots=True)
class Urgent:
    """A sign with its span; `reason` in words."""

    id: str
    name: str
    reason: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _heads() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str, str, str]]]:
    table = tomllib.loads((files(__package__) / "urgent.toml").read_text("utf-8"))
    heads: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str, str, str]]] = {}
    for sign in table["sign"]:
        for phrase in sign["phrases"]:
            words = tuple(squeeze(phrase).split())
            marks = tuple(even(w) for w in with_marks(phrase))
            heads.setdefault(" ".join(words[:2]), []).append((words, marks, sign["id"], sign["name"], sign["reason"]))
    return heads


def find_urgent(text: Text, pairs: list[str]) -> tuple[Urgent, ...]:
    """The signs in a letter, each kind once, in order."""
    heads = _heads()
    out: dict[str, Urgent] = {}
    for index in [i for i, pair in enumerate(pairs) if pair in heads]:
        for words, marks, sign, name, reason in heads[pairs[index]]:
            if text.words[index : index + len(words)] != words or not same_marks(text, index, marks):
                continue
            if index and text.words[index - 1] in _NOT:
                continue
            if sign not in out:
                out[sign] = Urgent(sign, name, reason, *text.span(index, index + len(words) - 1))
    return tuple(out.values())
