"""Whether two letters are about one matter: by their words, by what they mean, and by what they name. Pure.

A letter becomes a *signature*: hashes under a key of the instance, so that none of its words can be read or tried out from
it. `sketch` is a one-permutation MinHash of its runs of three words (nearly the same text), `sense` one of its
telling words (the same told otherwise), `marks` what it names: decisions, parcels, projects, places below the commune, and
persons. Persons are never looked up by: they only support what else is alike (domain 20)."""

from __future__ import annotations

import hashlib
import itertools
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from .features import pairs_of, shaped
from .fold import squeeze
from .named import Named, find_named
from .people import find_senders
from .words import Text, read_text

Hash = Callable[[str], int]  # words -> a number of 64 bits, signed

SLOTS, BANDS, ROWS = 48, 6, 3  # of the sketch: letters that share 0.8 of their runs meet in a band 99 times of 100
SENSES, SENSE_BANDS, SENSE_ROWS = 32, 8, 2
NEAR = 0.6  # share of the same runs of words at which two letters are nearly one text
# Of telling words and pairs. Among 31,000 pairs of letters about different matters the likest share 0.19, one in 300 shares 0.1.
# Lower bars find more that is told in other words, and put different matters together (decision 0070 has the figures).
TELLING = 0.28  # in one commune: one matter
SUPPORTED = 0.16  # the same with a place below the commune, or a person, named by both
FEW = 12  # words; a shorter letter is compared as a whole only
FEW_TELLING = 8  # telling words; fewer say too little of a matter
_LOOKED_UP = ("decision", "parcel", "project", "place")
STRONG = ("decision", "parcel", "project")

_DATA = tomllib.loads((files(__package__) / "alike.toml").read_text("utf-8"))
_SMALL = frozenset(_DATA["small"].split())
_FORMULAS = re.compile(r"\b(?:" + "|".join(sorted(map(squeeze, _DATA["formulas"]), key=len, reverse=True)) + r")\b")
_GENERAL = tuple(_DATA["general"])
_PROJECT = re.compile(r"\bdu an ((?:[a-z0-9-]+ ?){2,9})")
_PROJECT_ENDS = frozenset([
    "tai", "o", "cua", "do", "thuoc", "dang", "da", "se", "la", "co", "di", "qua", "nay", "khong", "va", "tu", "bi", "lam", "ma",
    "thi", "chua", "noi", "tren", "gay",
])  # fmt: skip
_NUMBER = re.compile(r"\d[\da-z]*(?:[/-][\da-z-]+)*")
_SHEET = re.compile(r"to ban do(?: so)? ?:? ?(\d+)")
_PARCEL = re.compile(r"thua(?: dat)?(?: so)? ?:? ?(\d+[a-z]?)")
_SHEET_AFTER = re.compile(r"[ ,;-]{1,3}tờ(?: số)? ?(\d+)", re.IGNORECASE)  # as written: "to 4" without marks may be a hamlet
_PAPER_SORTS = (("qd", ("quyet dinh", "qd")), ("tb", ("thong bao", "tb")), ("kl", ("ket luan", "kl")), ("cv", ("cong van", "cv")))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a letter names. `kind`: decision, parcel, project, place or person; `words` as written, "" for a person."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Signature:
    """`whole` stands for the letter without marks, blanks and formulas; `commune` is an agency's code or ""; `people` how
    many it says it is from; `said` the words behind each slot of the two sketches, known only while the letter is read."""

    whole: int
    length: int
    sketch: tuple[int, ...]
    sense: tuple[int, ...]
    marks: Mapping[int, Mark]
    commune: str
    people: int
    said: tuple[str, ...] = ()

    def terms(self, hashed: Hash) -> list[int]:
        """The numbers by which like letters are found: bands of both sketches, and what is named but persons."""
        out = [self.whole]
        if self.length >= FEW:
            out += [hashed(f"w{b}|{self.sketch[b * ROWS : (b + 1) * ROWS]}") for b in range(BANDS)]
            size = SENSE_ROWS
            if self.commune:
                out += [hashed(f"s{b}|{self.commune}|{self.sense[b * size : (b + 1) * size]}") for b in range(SENSE_BANDS)]
        return list(dict.fromkeys([*out, *(m for m, mark in self.marks.items() if mark.kind in _LOOKED_UP)]))


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: `kind` repeat, words, sense, decision, parcel, project, place, person; `words` shared, `percent` of likeness
    for words and sense."""

    kind: str
    words: str = ""
    percent: int = 0


def keyed(secret: bytes) -> Hash:
    """Hashes under a secret: who has the table but not the key cannot try words out against it."""

    def hashed(words: str) -> int:
        return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8, key=secret).digest(), "big", signed=True)

    return hashed


def signature(text: str, hashed: Hash, commune: str = "", places: Mapping[str, str] | None = None) -> Signature:
    """Of a letter. `commune` is the agency's code of where it happened, "" when only the text may say; `places` folded place
    names to commune codes. Total: any text gives one."""
    read = read_text(text)
    named = find_named(read, places)
    senders = find_senders(read, named, set(pairs_of(shaped(read.words))))
    where = commune or next((f"c{n.code}" for n in named if n.kind == "place" and n.code), "")
    words = _FORMULAS.sub(" ", " ".join(read.words)).split()
    runs = [" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))] if words else []
    sketch, said = _sketched(runs, hashed, SLOTS)
    telling = _telling(read, named)
    sense, meant = _sketched(telling if len(set(telling)) >= FEW_TELLING else [], hashed, SENSES)
    own = senders.name
    marks = {hashed(f"{mark.kind}|{key}"): mark for key, mark in _marks(named, read, where, own, text)}
    return Signature(hashed("all|" + " ".join(words)), len(words), sketch, sense, marks, where, senders.count, (*said, *meant))


def _telling(read: Text, named: Iterable[Named]) -> list[str]:
    """Words and pairs of words that say what a letter is about: outside names, numbers and formulas, without small syllables."""
    inside = [(n.start, n.end) for n in named]
    words = []
    for word, start in zip(read.words, read.starts, strict=True):
        at = read.folded.at(start)
        words.append("" if word.isdigit() or any(a <= at < b for a, b in inside) else word)
    flat = _FORMULAS.sub(" . ", " ".join(w or "." for w in words)).split()
    single = [w for w in flat if w != "." and w not in _SMALL]
    return single + [f"{a} {b}" for a, b in itertools.pairwise(flat) if "." not in (a, b) and not (a in _SMALL and b in _SMALL)]


def _sketched(parts: Iterable[str], hashed: Hash, slots: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """One-permutation MinHash: the least hash of each of so many baskets; an empty one takes its neighbour's."""
    least: list[tuple[int, str] | None] = [None] * slots
    for part in dict.fromkeys(parts):
        number = hashed(part)
        slot, value = number % slots, (number >> 32)
        held = least[slot]
        if held is None or value < held[0]:
            least[slot] = (value, part)
    known = [i for i, one in enumerate(least) if one is not None]
    if not known:
        return (0,) * slots, ("",) * slots
    out = []
    for i, one in enumerate(least):
        j = i if one is not None else next((k for k in known if k > i), known[0])
        value, part = least[j] or (0, "")
        # An empty basket takes the next filled one's, with how far that was: two agree only when they are empty alike.
        out.append(((value + (j - i) % slots * 0x9E3779B1 + 2**31) % 2**32 - 2**31, part))
    return tuple(v for v, _ in out), tuple(p for _, p in out)


def _marks(named: Iterable[Named], read: Text, commune: str, own: tuple[int, int] | None,
           text: str) -> Iterable[tuple[str, Mark]]:  # fmt: skip
    """(what it stands for, the mark). Numbers are given anew each year and in each commune: they count with their place."""
    for one in named:
        words, key = " ".join(one.text.split()), squeeze(one.text)
        if one.kind == "decision" and (number := _decision(one.text)):
            yield f"{number}|{commune}", Mark("decision", words)
        elif one.kind == "parcel" and (parcel := _parcel(key, text[one.end : one.end + 16])):
            yield f"{parcel}|{commune}", Mark("parcel", words)
        elif one.kind == "place" and not one.code and commune:
            yield f"{key}|{commune}", Mark("place", words)
        elif one.kind == "person" and (one.start, one.end) != own and " " in key:
            yield f"{key}|{commune}", Mark("person", "")
    for found in _PROJECT.finditer(read.folded.plain):
        name = list(_until_end(found.group(1).split(), read.folded.kept[slice(*found.span(1))].split()))
        if len(name) >= 2:
            yield " ".join(name[:6]), Mark("project", " ".join(["dự án", *name[:6]]))


def _until_end(words: list[str], written: list[str]) -> Iterable[str]:
    """The words of a project's name: to the small word after it, or to where its capitals end ("hồ chứa nước Nà Lai đền …")."""
    proper = False
    for word, as_written in zip(words, written, strict=False):
        capital = as_written[:1].isupper()
        if word in _PROJECT_ENDS or (proper and not capital and not word.isdigit()):
            return
        proper = proper or capital
        yield word


def _decision(text: str) -> str:
    """What sort of paper and its number: "qd 123" of "Quyết định 123" and of "123/QĐ-UBND", for people write it either way; a
    fine's has a series of its own. "" for papers that hold for everybody, and for bare short numbers."""
    folded = " ".join(squeeze_signs(text))
    number = max(_NUMBER.findall(folded), key=len, default="")
    if any(sign in number for sign in _GENERAL if sign != "luat") or "luat" in text.lower() or len(number) < 3:
        return ""
    digits, _, sign = number.partition("/")
    known = next((sort for sort, words in _PAPER_SORTS if any(re.search(rf"\b{w}\b", folded) for w in words)), "")
    fine = "x" if "xp" in sign or "xu phat" in folded else ""
    return f"{known}{fine} {digits}" if known else number


def squeeze_signs(text: str) -> list[str]:
    """Folded words that keep the signs inside a paper's number."""
    from .fold import fold

    return fold(text).plain.replace(" / ", "/").split()


def _parcel(key: str, after: str) -> str:
    """Parcel and map sheet, which may come `after` it as "tờ 14"; a sheet alone, or a parcel without its sheet outside a known
    commune, says too little."""
    parcel, sheet = _PARCEL.search(key), _SHEET.search(key) or _SHEET_AFTER.match(unicodedata.normalize("NFC", after))
    return f"{parcel.group(1)}/{sheet.group(1) if sheet else ''}" if parcel else ""


def share(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of common parts of two sketches, 0 to 1. One of nothing is like no other."""
    if not any(one) or not any(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


@dataclass(frozen=True, slots=True)
class Kept:
    """A signature as it was kept: of an earlier letter."""

    whole: int
    length: int
    sketch: tuple[int, ...]
    sense: tuple[int, ...]
    marks: frozenset[int]
    commune: str


def same_words(new: Signature, old: Kept) -> bool:
    return new.whole == old.whole and new.length == old.length and new.length > 0


def why_alike(new: Signature, old: Kept) -> tuple[Why, ...]:
    """The reasons for which two letters are about one matter; none when they are not."""
    shared = [m for key, m in new.marks.items() if key in old.marks]
    strong = [Why(m.kind, m.words) for m in shared if m.kind in STRONG and (m.kind == "project" or new.commune)]
    beside = [Why(m.kind, m.words) for m in shared if m.kind in ("place", "person")]
    apart = bool(new.commune and old.commune and new.commune != old.commune)
    whole = same_words(new, old)
    words = 1.0 if whole else share(new.sketch, old.sketch) if min(new.length, old.length) >= FEW else 0.0
    sense = share(new.sense, old.sense) if min(new.length, old.length) >= FEW else 0.0
    found: list[Why] = []
    if words >= NEAR:
        found.append(Why("words", _examples(new, new.sketch, old.sketch, 0), round(100 * words)))
    elif sense >= TELLING or (sense >= SUPPORTED and beside):
        found.append(Why("sense", _examples(new, new.sense, old.sense, SLOTS), round(100 * sense)))
    if apart:  # a form that goes round is one text, but each letter is about its own place; a project may cross communes
        strong = [w for w in strong if w.kind == "project"]
        return (*strong, *found) if strong else ()
    near = bool(found) and (bool(new.commune) or found[0].kind == "words")
    return (*strong, *found, *beside) if strong or near else ()


def _examples(new: Signature, one: tuple[int, ...], other: tuple[int, ...], offset: int) -> str:
    """Some of the words that both letters have, as folded."""
    if not new.said:
        return ""
    found = dict.fromkeys(new.said[offset + i] for i, (a, b) in enumerate(zip(one, other, strict=True)) if a == b)
    return "; ".join(list(found)[:3])
