"""From the words by which people name an agency and an official to a body, a level and a post. Advice: a person confirms."""

from __future__ import annotations

import re
import tomllib
import unicodedata
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


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(w) for w in words) + r")\b")


@lru_cache(maxsize=1)
def _tables() -> tuple[list[_Name], list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    table = tomllib.loads((files("trongdan.law.competence") / "names.toml").read_text("utf-8"))
    names = [_Name(n["kind"], _any(n["words"]), n.get("level", ""), n.get("fixed", False)) for n in table["name"]]
    levels = [(x["level"], _any(x["words"])) for x in table["level"]]
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
    outside = _level(said, levels) == "ngoai"
    name = next((n for n in names if n.words.search(who)), None) or next((n for n in names if n.words.search(person)), None)
    if outside and (name is None or name.kind in ("ubnd", "cong_an") or not _enterprise(name.kind)):
        return About("ngoai", "", "")
    post = next((p for p, words in posts if words.search(person)), "")
    if name is None:
        return About(_level(said, levels), "", post)
    found = name.level if name.fixed else _level(who, levels) or _level(said, levels) or _level(person, levels) or name.level
    return About(_standing(name.kind, found), name.kind, post)


def _enterprise(kind: str) -> bool:
    return "enterprise" in bodies()[kind].is_


def _level(text: str, levels: list[tuple[str, re.Pattern[str]]]) -> str:
    return next((level for level, words in levels if words.search(text)), "")


def _standing(kind: str, level: str) -> str:
    """The level at which the body exists: a school named only by its province is one of the province."""
    known = [s.level for s in bodies()[kind].steps]
    return level if level in known or not known or not level else known[0]
