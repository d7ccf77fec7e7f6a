"""From a place as people name it to today's commune: without diacritics, by old names, with or without its type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from trongdan.platform.text import fold

from .province import Commune, province

_TYPES = ("xa", "phuong", "thi tran", "p", "x", "tt")
_WORD = re.compile(r"[^a-z0-9 ]+")


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A commune that a name may mean. `via` is the old name it was found by; `score` orders the matches."""

    commune: Commune
    score: int
    via: str | None = None


def _plain(text: str) -> str:
    return " ".join(_WORD.sub(" ", fold(text)).split())


def _bare(text: str) -> str:
    for word in _TYPES:
        if text.startswith(word + " ") and len(text) > len(word) + 1:
            return text[len(word) + 1 :]
    return text


@dataclass(frozen=True, slots=True)
class _Entry:
    commune: Commune
    score: int
    via: str | None
    context: frozenset[str]


@lru_cache(maxsize=1)
def _index() -> dict[str, list[_Entry]]:
    data, index = province(), {}  # type: ignore[var-annotated]
    by_code = data.by_code
    for commune in data.communes:
        index.setdefault(_plain(commune.name), []).append(_Entry(commune, 100, None, frozenset({commune.type})))
    for old in data.predecessors:
        via = f"{old.name}, {old.district}, {old.province}"
        context = frozenset({_bare_district(old.district), _plain(old.province).removeprefix("tinh ")})
        score = 60 if old.whole else 50 if old.main else 40
        index.setdefault(_bare(_plain(old.name)), []).append(_Entry(by_code[old.new], score, via, context))
    return index


@lru_cache(maxsize=1)
def place_names() -> dict[str, str]:
    """Folded names of communes with their type, today's and old ones, to today's code: "xa dong ha" → "04978"."""
    data = province()
    out = {_plain(old.name): old.new for old in data.predecessors if old.whole or old.main}
    return out | {_plain(f"{commune.type} {commune.name}"): commune.code for commune in data.communes}


def _bare_district(text: str) -> str:
    plain = _plain(text)
    for word in ("huyen ", "thanh pho ", "thi xa "):
        plain = plain.removeprefix(word)
    return plain


def find_place(text: str) -> list[PlaceMatch]:
    """The communes a short name may mean, likeliest first; a code is understood too. Empty when none is known."""
    raw = text.strip()
    if raw.lower().lstrip("c").isdecimal():
        commune = province().by_code.get(raw.lower().lstrip("c").zfill(5))
        return [PlaceMatch(commune, 100)] if commune else []
    parts = [p for p in (_plain(p) for p in raw.replace(" - ", ",").split(",")) if p]
    if not parts:
        return []
    context = {_bare_district(p).removeprefix("tinh ") for p in parts[1:]}
    entries = _index().get(_bare(parts[0]), []) + (_index().get(parts[0], []) if _bare(parts[0]) != parts[0] else [])
    best: dict[str, PlaceMatch] = {}
    for entry in entries:
        score = entry.score + (50 * len(entry.context & context) if entry.via else -45 * bool(context & _districts()))
        if entry.commune.code not in best or best[entry.commune.code].score < score:
            best[entry.commune.code] = PlaceMatch(entry.commune, score, entry.via)
    return sorted(best.values(), key=lambda m: (-m.score, m.commune.code))


@lru_cache(maxsize=1)
def _districts() -> frozenset[str]:
    return frozenset(_bare_district(p.district) for p in province().predecessors)


def find_place_in(text: str) -> PlaceMatch | None:
    """The commune that a letter names, by "xã …", "phường …", "thị trấn …"; today's names before old ones."""
    plain = _plain(text)
    found: list[PlaceMatch] = []
    for match in re.finditer(r"\b(?:xa|phuong|thi tran) ((?:[a-z0-9]+ ?){1,4})", plain):
        words = match.group(1).split()
        for n in range(len(words), 0, -1):
            hits = _index().get(" ".join(words[:n]))
            if hits:
                best = max(hits, key=lambda e: e.score)
                found.append(PlaceMatch(best.commune, best.score, best.via))
                break
    return max(found, key=lambda m: m.score) if found else None
