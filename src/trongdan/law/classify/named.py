"""What a letter names: persons, agencies, posts, places, parcels, decisions and papers, dates, sums; each with its span.

By the forms in which they are written, on the folded text, so that letters without marks are read too. Persons are found
by what stands before a name (ông, bà, tôi tên…) and by capitals where the letter has them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from .words import Text

KINDS = ("person", "agency", "post", "place", "parcel", "decision", "date", "sum")


class Named(NamedTuple):
    """`kind` one of KINDS; `text` as written; `start`, `end` its span in the given text; `code` what it stands for where
    known (a commune's code, a date as YYYY-MM-DD, a sum in đồng)."""

    kind: str
    text: str
    start: int
    end: int
    code: str = ""


_WORDS = tomllib.loads((files(__package__) / "named.toml").read_text("utf-8"))


def _any(name: str) -> str:
    return "(?:" + "|".join(_WORDS[name]) + ")"


def _firsts(name: str) -> str:
    """The first words of a list of `named.toml`."""
    return " ".join(sorted({re.split(r"[ /]", phrase)[0] for phrase in _WORDS[name]}))


_PLACE_TYPES = _any("place_types")
_TITLE = re.compile(rf"\b{_any('before_person')}\b[ :]{{1,3}}(?=[a-z])")
_AGENCY = re.compile(rf"\b{_any('agencies')}(?: {_PLACE_TYPES} [a-z0-9]+(?: [a-z]+)?)?")
_POST = re.compile(rf"\b(?:(?:nguyen|pho) )?{_any('posts')}(?: (?:ubnd|hdnd|dang uy|cong an))?(?: (?:xa|phuong|tinh|huyen))?\b")
_PLACE = re.compile(rf"\b{_PLACE_TYPES} (?:\d{{1,3}}\w?\b|[a-z]{{2,7}}\b(?: [a-z]{{1,7}}\b){{0,2}})")
_SHEET = r"to ban do(?: so)? ?:? ?\d+"
_PARCEL = re.compile(rf"\bthua(?: dat)?(?: so)? ?:? ?\d+[a-z]?(?:[ ,;-]{{1,3}}(?:thuoc )?{_SHEET})?|\b{_SHEET}")
_PAPER = re.compile(
    rf"\b{_any('papers')}(?: xu phat| thu hoi dat| phe duyet| so| xu phat so)* ?:? ?(?:so ?)?"
    r"(\d{1,5}[a-z]?(?:/\d{4})?(?:[/-][a-z0-9-]{2,20}){0,3})\b"
    rf"|\b\d{{1,5}}/(?:\d{{4}}/)?{_any('paper_symbols')}[a-z0-9/-]*")
_DATE = re.compile(
    r"\b(?:ngay ?)?(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?((?:19|20)\d\d)\b"
    r"|\bngay (\d{1,2}) thang (\d{1,2})(?: nam ((?:19|20)\d\d))?"
    r"|\b(?:ngay )(\d{1,2})/(\d{1,2})\b(?!/)"
    r"|\bthang (\d{1,2}) ?(?:/|nam ) ?((?:19|20)\d\d)")
_SUM = re.compile(r"\b(\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d+)?) ?(ty|trieu|tr|nghin|ngan|k|dong|vnd|d)\b(?: dong)?")
# The words that can open each pattern; a number can open those of _BY_DIGIT.
_OPENERS = {
    "parcel": "thua to", "paper": _firsts("papers"), "date": "ngay thang", "sum": "", "agency": _firsts("agencies"),
    "post": "nguyen pho " + _firsts("posts"), "place": _firsts("place_types"), "title": _firsts("before_person"),
}  # fmt: skip
_BY_DIGIT = ("paper", "date", "sum")
_UNITS = {"ty": 1_000_000_000, "trieu": 1_000_000, "tr": 1_000_000, "nghin": 1000, "ngan": 1000, "k": 1000,
          "dong": 1, "vnd": 1, "d": 1}  # fmt: skip
# "xã hội", "văn bản", "cơ quan": no places.
_NO_PLACE = re.compile(r".{0,4}\b(?:xa hoi|van ban|co quan)\b")
_NOT_BLANK, _SYLLABLE = re.compile(r"\S+"), re.compile(r"[a-z]+\.?")
_NOT_NAME, _SURNAMES, _INNER = (frozenset(_WORDS[name].split()) for name in ("not_name", "surnames", "inside_agency"))
_TYPES_MARKED = frozenset(_WORDS["types_marked"].split())
_TWO_WORD_TYPES = {"thi": ("tran", "xa"), "thanh": ("pho",), "khu": ("pho",), "tieu": ("khu",), "to": ()}
Add = Callable[..., None]  # add(kind, start, end, code="")


def find_named(text: Text, places: Mapping[str, str] | None = None) -> tuple[Named, ...]:
    """Everything named, in order. `places` are folded names ("xa dong ha", "dong ha") to commune codes, from the
    province's data; without them places are found by their type words only."""
    plain = text.folded.plain
    found: list[Named] = []

    def add(kind: str, start: int, end: int, code: str = "") -> None:
        a, b = text.folded.at(start), text.folded.at(end)
        found.append(Named(kind, text.folded.kept[start:end], a, b, code))

    starts = _starts(text)
    kept = text.folded.kept
    capital = bool(text.marked) and sum(map(str.isupper, kept)) < 0.3 * len(plain)
    for m in _matches(_PARCEL, plain, starts["parcel"]):
        add("parcel", *m.span())
    for m in _matches(_PAPER, plain, starts["paper"]):
        add("decision", *m.span())
    for m in _matches(_DATE, plain, starts["date"]):
        code = _date_code(m)
        if code is not None:
            add("date", m.start(), m.end(), code)
    for m in _matches(_SUM, plain, starts["sum"]):
        add("sum", m.start(), m.end(), _sum_code(m))
    for m in _matches(_AGENCY, plain, starts["agency"]):
        add("agency", m.start(), _trim(plain, kept, m.start(), m.end(), capital))
    for m in _matches(_POST, plain, starts["post"]):
        add("post", m.start(), m.end())
    for m in _matches(_PLACE, plain, starts["place"]):
        _place(plain, kept, m, capital, places, add)
    for m in _matches(_TITLE, plain, starts["title"]):
        end = _name_end(plain, kept, m.end(), capital)
        if end is not None:
            add("person", m.end(), end)
    return tuple(sorted(_distinct(found), key=lambda n: (n.start, -n.end)))


def _starts(text: Text) -> dict[str, list[int]]:
    """Where in the folded letter each pattern may begin: at the words that can open it, found in one pass."""
    out: dict[str, list[int]] = {name: [] for name in _OPENERS}
    openers = _openers()
    starts = text.token_starts
    for index in [i for i, word in enumerate(text.tokens) if word in openers or word < ":"]:
        start = starts[index]
        for name in openers.get(text.tokens[index], _BY_DIGIT):
            out[name].append(start)
    return out


@lru_cache(maxsize=1)
def _openers() -> dict[str, tuple[str, ...]]:
    """The first words of the patterns, each with the patterns it can open."""
    out: dict[str, list[str]] = {}
    for name, words in _OPENERS.items():
        for word in words.split():
            out.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in out.items()}


def _matches(pattern: re.Pattern[str], plain: str, starts: list[int]) -> Iterator[re.Match[str]]:
    """What `finditer` gives, asked only at `starts`."""
    end = 0
    for start in starts:
        if start >= end:
            m = pattern.match(plain, start)
            if m is not None:
                end = m.end()
                yield m


def _date_code(m: re.Match[str]) -> str | None:
    g = m.groups()
    day, month, year = g[0] or g[3] or g[6], g[1] or g[4] or g[7] or g[8], g[2] or g[5] or g[9]
    if not 1 <= int(month or 0) <= 12 or (day and not 1 <= int(day) <= 31):
        return None
    if not year:
        return ""
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")


def _sum_code(m: re.Match[str]) -> str:
    number, unit = m.groups()
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", number):
        value = float(re.sub(r"[.,]", "", number))
    else:
        value = float(number.replace(",", "."))
    return str(round(value * _UNITS[unit]))


def _trim(plain: str, kept: str, start: int, end: int, capital: bool) -> int:
    """An agency's name without the small words caught after it."""
    words = list(_NOT_BLANK.finditer(plain[start:end]))
    while len(words) > 1:
        last = words[-1]
        word = kept[start + last.start()]
        small = capital and len(words) > 2 and word.islower() and last.group() not in _INNER
        if last.group() in _NOT_NAME or small:
            words.pop()
            continue
        break
    return start + words[-1].end()


def _place(plain: str, kept: str, m: re.Match[str], capital: bool, places: Mapping[str, str] | None, add: Add) -> None:
    first_end = plain.index(" ", m.start())
    if not _is_type(kept[m.start() : first_end]) or _NO_PLACE.match(plain, max(0, m.start() - 4)):
        return
    words = list(_NOT_BLANK.finditer(plain[m.start() : m.end()]))
    first = " ".join(w.group() for w in words[:3])
    kind_size = 3 if first in ("to dan pho", "khu dan cu") else 1
    if len(words) > 2 and words[1].group() in _TWO_WORD_TYPES.get(words[0].group(), ()):
        kind_size = 2
    names = words[kind_size:]
    while names:
        name = " ".join(w.group() for w in names)
        code = (places or {}).get(f"{words[0].group()} {name}") or (places or {}).get(name, "")
        firsts = [kept[m.start() + w.start()] for w in names]
        proper = all(c.isupper() or c.isdigit() for c in firsts) if capital else names[-1].group() not in _NOT_NAME
        if code or (proper and (capital or names[0].group().isdigit())):
            add("place", m.start(), m.start() + names[-1].end(), code)
            return
        names = names[:-1]


def _is_type(word: str) -> bool:
    """Whether a word as written can be that of a place's type: "tổ" is, "tố" of "tố cáo" is not; without marks it may be."""
    low = word.lower()
    return low.isascii() or low in _TYPES_MARKED


def _name_end(plain: str, kept: str, start: int, capital: bool) -> int | None:
    """Where a person's name that begins at `start` ends; None when none begins there."""
    if capital and not kept[start].isupper():
        return None
    end = None
    words = 0
    for m in _SYLLABLE.finditer(plain, start, min(len(plain), start + 45)):
        gap = plain[end if end is not None else start : m.start()]
        if gap.strip(" ") or len(gap) > 1 or words == 5:
            break
        word = m.group().rstrip(".")
        if capital:
            if not kept[m.start()].isupper() or (len(word) > 1 and kept[m.start() : m.end()].isupper()):
                break
        elif word in _NOT_NAME and not (words == 0 and word in _SURNAMES):
            break
        words += 1
        end = m.start() + len(word)
    if end is None:
        return None
    first = plain[start : start + 12].partition(" ")[0]
    if not capital and (words < 2 or first not in _SURNAMES):
        return None
    return end


def _distinct(found: list[Named]) -> list[Named]:
    """Of one kind, overlapping finds once (the longer)."""
    kept: list[Named] = []
    for one in sorted(found, key=lambda n: (n.kind, n.start, -n.end)):
        if kept and kept[-1].kind == one.kind and one.start < kept[-1].end:
            continue
        kept.append(one)
    return kept
