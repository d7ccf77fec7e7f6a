"""Words of the fields: how often a letter speaks of each, as features for the model."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from .cues import same_marks
from .fold import squeeze, with_marks
from .words import Text, even

STRONG, WEAK = 3, 1


@lru_cache(maxsize=1)
def _heads() -> tuple[tuple[str, ...], dict[str, list[tuple[tuple[str, ...], tuple[str, ...], int, int]]]]:
    table = tomllib.loads((files(__package__) / "fields.toml").read_text("utf-8"))
    heads: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], int, int]]] = {}
    for number, (_field, entry) in enumerate(table.items()):
        for kind, points in (("strong", STRONG), ("weak", WEAK)):
            for phrase in dict.fromkeys(entry[kind]):
                words = tuple(squeeze(phrase).split())
                marks = tuple(even(w) for w in with_marks(phrase))
                heads.setdefault(" ".join(words[:2]), []).append((words, marks, number, points))
    return tuple(table), heads


# A sentence with one of these says what the letter is about and what it asks for.
_FOCUS = frozenset({"to cao", "khieu nai", "phan anh", "kien nghi", "de nghi", "yeu cau", "xin hoi", "cho hoi", "toi hoi",
    "em hoi", "v v", "ve viec",
                    "to giac", "mong muon", "rat mong", "noi dung", "hanh vi", "quyet dinh", "bao de", "muon hoi"})  # fmt: skip


def field_features(text: Text, words: list[str], pairs: list[str]) -> set[str]:
    """Features: which fields' words the letter has, how many, which field leads, in the whole and where it is told what
    the letter is about."""
    names, heads = _heads()
    seen: set[tuple[tuple[str, ...], int]] = set()
    points = [0] * len(names)
    focus = [0] * len(names)
    spots = _focus(text, pairs)
    out: set[str] = set()
    for tokens in (pairs, words):
        for index, token in enumerate(tokens):
            entries = heads.get(token)
            if entries is None:
                continue
            for phrase, marks, number, worth in entries:
                if (marks, number) in seen or text.words[index : index + len(phrase)] != phrase:
                    continue
                if same_marks(text, index, marks):
                    seen.add((marks, number))
                    points[number] += worth
                    if any(a <= index < b for a, b in spots):
                        focus[number] += worth
    out |= _leaders("@", names, points)
    out |= _leaders("@f", names, focus)
    return out


def _focus(text: Text, pairs: list[str]) -> list[tuple[int, int]]:
    at = {index for index, pair in enumerate(pairs) if pair in _FOCUS}
    return [(a, b) for a, b in text.sentences if any(a <= i < b for i in at)] if at else []


def _leaders(sign: str, names: tuple[str, ...], points: list[int]) -> set[str]:
    best = max(points)
    if not best:
        return {sign + "none"}
    out: set[str] = set()
    for number, value in enumerate(points):
        name = names[number]
        out.update(f"{sign}{step}:{name}" for step in (1, 3, 6, 10) if value >= step)
        if value == best:
            out.add(f"{sign}top:{name}")
        if value >= 0.6 * best:
            out.add(f"{sign}near:{name}")
    return out
