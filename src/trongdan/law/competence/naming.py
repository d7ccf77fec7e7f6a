"""From the words by which people name an agency and an official to a body, a level and a post. Advice: a person confirms."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from trongdan.kernel.errors import LawError

from .answer import LEVELS, POSTS, About
from .tables import bodies


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    words: re.Pattern[str]
    level: str
    fixed: bool


def fold(text: str) -> str:
    """Lower case, without marks, single spaces: "Công an Xã" -> "cong an xa"."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def _any(words: Sequence[str], but: Sequence[str] = ()) -> re.Pattern[str]:
    """Any of the words, except where they begin one of `but`."""
    never = "".join(rf"(?!{re.escape(b)}\b)" for b in but)
    return re.compile(rf"\b{never}(?:" + "|".join(re.escape(w) for w in words) + r")\b")


@lru_cache(maxsize=1)
def _tables() -> tuple[list[_Name], list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    table = tomllib.loads((files("trongdan.law.competence") / "names.toml").read_text("utf-8"))
    names = [_Name(n["kind"], _any(n["words"]), n.get("level", ""), n.get("fixed", False)) for n in table["name"]]
    levels = [(x["level"], _any(x["words"], x.get("not", ()))) for x in table["level"]]
    posts = [(x["post"], _any(x["words"])) for x in table["post"]]
    for name in names:
        if name.kind not in bodies() or name.level not in LEVELS:
            raise LawError("names.toml", name.kind, "no such body or level")
    if {level for level, _ in levels} - set(LEVELS) or {post for post, _ in posts} - set(POSTS):
        raise LawError("names.toml", "level, post", "no such level or post")
    return names, levels, posts


def about_of(agency: str, official: str = "", level: str = "") -> About:
    """Whom a letter is about, from the names in it.

    `agency` and `official` as written ("Công an xã Cao Sơn", "Trưởng Công an"), `level` a word for it when known
    ("xã", "sở ngành", "ngoài nhà nước"). What the words do not say stays "" (unknown), never a guess."""
    names, levels, posts = _tables()
    who, person, said = fold(agency), fold(official), fold(level)
    name = _name(who, person, names)
    if _level(said, levels) == "ngoai" and (name is None or not _enterprise(name.kind)):
        return About("ngoai", "", "")
    post = next((p for p, words in posts if words.search(person)), "")
    if name is None:
        return About(_level(said, levels), "", post)
    found = name.level
    if not name.fixed:
        words = (said if _level(said, levels) != "ngoai" else "", who, person)
        found = next((level for level in (_level(w, levels) for w in words) if level), name.level)
    return About(_standing(name.kind, found), name.kind, post)


def _name(who: str, person: str, names: list[_Name]) -> _Name | None:
    """The body first named; where the agency's words name several, the one of which the official is."""
    agencies, officials = _found(who, names), _found(person, names)
    if len({n.kind for n in agencies}) > 1:
        shared = [n for n in agencies if n.kind in {o.kind for o in officials}]
        return (shared or agencies)[0]
    if not agencies or (officials and officials[0].kind == "thon"):
        return officials[0] if officials else None
    return agencies[0]


def _found(text: str, names: list[_Name]) -> list[_Name]:
    """The names in a text, the first first; one inside a longer one ("chi cục" in "chi cục thuế") is none of its own."""
    hits = [(*m.span(), order, n) for order, n in enumerate(names) if (m := n.words.search(text))]
    whole = [h for h in hits if not any(o[0] <= h[0] and h[1] <= o[1] and o[1] - o[0] > h[1] - h[0] for o in hits)]
    return [n for _, _, _, n in sorted(whole, key=lambda hit: (hit[0], hit[2]))]


def _enterprise(kind: str) -> bool:
    return "enterprise" in bodies()[kind].is_


def _level(text: str, levels: list[tuple[str, re.Pattern[str]]]) -> str:
    hits = [(m.start(), order, level) for order, (level, words) in enumerate(levels) if (m := words.search(text))]
    return min(hits)[2] if hits else ""


def _standing(kind: str, level: str) -> str:
    """The level at which there is such a body. A former district's stays: who took over is for a person to say."""
    known = [s.level for s in bodies()[kind].steps]
    return level if level in (*known, "", "huyen") else known[0]
