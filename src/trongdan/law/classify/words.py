"""A folded letter as words, sentences and zones: what is title, what is asked for."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress
from operator import add

from .fold import Folded, fold

_WORD = re.compile(r"[a-z0-9]+")
_STOP = re.compile(r"[.!?;\n…]+")
# What people write for short on a phone; only what means one thing.
SHORT = {
    "k": "khong", "ko": "khong", "kg": "khong", "kh": "khong", "hok": "khong", "hong": "khong", "hk": "khong",
    "hem": "khong", "khg": "khong", "khum": "khong",
    "dc": "duoc", "dk": "duoc", "dx": "duoc", "duoc": "duoc", "lm": "lam", "lun": "luon", "ms": "moi", "bn": "bao nhieu",
    "ntn": "the nao", "nthe": "nhu the", "vs": "voi", "vk": "vo", "ck": "chong", "z": "vay", "zay": "vay", "j": "gi", "gj": "gi",
    "ng": "nguoi", "mn": "moi nguoi", "mng": "moi nguoi", "bik": "biet", "bit": "biet", "hoi": "hoi", "trc": "truoc",
    "sn": "sinh nam",
    "ad": "ad", "tks": "cam on", "thanks": "cam on", "thank": "cam on", "cmon": "cam on", "ubnd": "ubnd", "ub": "ubnd",
    "qd": "quyet dinh", "qđ": "quyet dinh", "tb": "thong bao", "gcn": "giay chung nhan",
    "gcnqsdd": "giay chung nhan quyen su dung dat",
    "gpmb": "giai phong mat bang", "tdc": "tai dinh cu", "ca": "cong an", "csgt": "canh sat giao thong", "gplx": "bang lai",
    "bhyt": "bao hiem y te",
    "bhxh": "bao hiem xa hoi", "cb": "can bo", "cs": "chinh sach", "nv": "nhan vien", "hs": "ho so", "gv": "giao vien",
    "hv": "hoc vien",
    "ct": "chu tich", "pct": "pho chu tich", "vp": "vi pham", "sd": "su dung", "tt": "thu tuc", "kn": "khieu nai", "tc": "to cao",
    "tr": "trieu", "bds": "bat dong san", "sdt": "dien thoai", "dt": "dien thoai", "ntnao": "the nao", "wa": "qua",
    "nhju": "nhieu", "rui": "roi",
    "ah": "a", "ak": "a", "uh": "u", "vn": "viet nam", "cccd": "can cuoc", "cmnd": "chung minh",
    "tthc": "thu tuc hanh chinh", "dvc": "dich vu cong",
}  # fmt: skip
_ZERO = str.maketrans({"0": "o", "1": "i", "l": "i", "5": "s", "3": "e", "4": "a", "6": "g", "8": "b", "9": "g"})
_TITLE = re.compile(
    r"[ \t*=_-]*((?:don|thu|giay|to|ban)(?: (?:de nghi|xin|tap the|keu cuu|cau cuu|trinh bao|to giac|thu|ngo"
    r"|gui))*[^\n.:;,]{0,60})(?=[\n.:;,(]|$)")  # fmt: skip
# Formulas that open every formal letter and say nothing of its nature.
_HEAD = re.compile(r"c[o0]ng h[o0]a xa h[o0][i1l] chu nghia v[i1l]et nam|d[o0]c lap\W{1,5}tu d[o0]\W{1,5}hanh phuc")
_LINE = re.compile(r"\n")
MOST_SPELLINGS = 50_000  # words remembered by their reading
TITLES = ("khieu nai", "to cao", "to giac", "kien nghi", "phan anh", "de nghi", "keu cuu", "cau cuu", "trinh bao",
          "giai dap", "hoi", "xin", "cam on", "khoi kien", "hoa giai")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """`text` folded (and written out where short), from `start` to `end` in the folded letter."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A letter ready for reading. `words` are those of the content (title and opening formula left out);
    `title` the folded title, "" without one; `sentences` are (first, last + 1) ranges of words; `marked` the words in lower
    case with their marks, empty when the letter is typed without marks."""

    folded: Folded
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    title: str
    title_span: tuple[int, int] | None
    sentences: tuple[tuple[int, int], ...]
    marked: tuple[str, ...]
    tokens: tuple[str, ...] = ()
    token_starts: tuple[int, ...] = ()

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The span in the given text of words first..last (both included)."""
        return self.folded.at(self.starts[first]), self.folded.at(self.ends[last])


def _title(plain: str, kept: str) -> tuple[str, tuple[int, int] | None]:
    """A heading such as ĐƠN TỐ CÁO: a line of its own, or the first words in capitals."""
    lines = [0, *(m.end() for m in _LINE.finditer(plain, 0, 699))]
    for found in filter(None, (_TITLE.match(plain, at, 700) for at in lines)):
        start, end = found.span(1)
        line = kept[start:end]
        letters = [c for c in line if c.isalpha()]
        capitals = sum(c.isupper() for c in letters)
        own_line = end >= len(plain) or plain[end] in "\n("
        if letters and (capitals > 0.6 * len(letters) or (own_line and len(line) < 60)):
            name = " ".join(_WORD.findall(plain[start:end]))
            if any(t in name for t in TITLES):
                return name, (start, end)
    return "", None


def read_text(text: str, known: frozenset[str] = frozenset()) -> Text:
    """Words of a letter. `known` are folded syllables: a word not among them that becomes one when 0, 1 and l are read
    as o and i (scanned pages) is read so."""
    folded = fold(text)
    plain = folded.plain
    title, title_span = _title(plain, folded.kept)
    skip = [title_span] if title_span else []
    if "chu nghia" in plain or "hanh phuc" in plain:
        skip += [m.span() for m in _HEAD.finditer(plain, 0, 400)]
    tokens, token_starts = _tokens(plain)
    raw, at = tokens, token_starts
    if skip:
        after = bisect_left(token_starts, max(b for _, b in skip))
        kept = [i for i in range(after) if not any(a <= token_starts[i] < b for a, b in skip)]
        raw = [*map(tokens.__getitem__, kept), *tokens[after:]]
        at = [*map(token_starts.__getitem__, kept), *token_starts[after:]]
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    read = [*map(_spelling(known).__getitem__, raw)]
    if None in read:  # a word written for short is several words
        for start, word, one in zip(at, raw, read, strict=True):
            for part in SHORT[word].split() if one is None else (one,):
                words.append(part)
                starts.append(start)
                ends.append(start + len(word))
    else:
        words = read  # type: ignore[assignment]
        starts, ends = at, [*map(add, at, map(len, raw))]
    return Text(folded, tuple(words), tuple(starts), tuple(ends), title, title_span, _sentences(plain, starts),
                _marked(folded.kept, starts, ends), tuple(tokens), tuple(token_starts))  # fmt: skip


class _Blanks(dict[int, int]):
    """For `str.translate`: letters and digits of a folded text stay, all else becomes a blank."""

    def __missing__(self, point: int) -> int:
        return 32


_BLANKS = _Blanks({ord(c): ord(c) for c in "abcdefghijklmnopqrstuvwxyz0123456789"})


def _tokens(plain: str) -> tuple[list[str], list[int]]:
    """The words of a folded text and where they start. Cut at blanks and counted along: half the time of a pattern."""
    cells = plain.translate(_BLANKS).split(" ")
    starts = map(add, accumulate(map(len, cells), initial=0), range(len(cells)))
    return [*filter(None, cells)], [*compress(starts, cells)]


class _Spelling(dict[str, "str | None"]):
    """Words as they are read: written out, or mended; None when one is short for several. Filled as words are met."""

    def __init__(self, known: frozenset[str]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, word: str) -> str | None:
        if len(self) >= MOST_SPELLINGS:
            self.clear()
        read: str | None = word
        if word in SHORT:
            read = None if " " in SHORT[word] else SHORT[word]
        elif self.known and word not in self.known and not word.isdigit():
            read = _repaired(word, self.known)
        self[word] = read
        return read


@lru_cache(maxsize=8)
def _spelling(known: frozenset[str]) -> _Spelling:
    return _Spelling(known)


def even(word: str) -> str:
    """One spelling for one word: the tone of oa, oe, uy on its second letter (hòa and hoà are the same)."""
    return _EVEN[word]


class _Even(dict[str, str]):
    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_SPELLINGS:
            self.clear()
        self[word] = next((word.replace(one, other) for one, other in _TONES if one in word), word)
        return self[word]


_EVEN = _Even()
_TONES = tuple((unicodedata.normalize("NFC", a + mark + b), unicodedata.normalize("NFC", a + b + mark))
               for a, b in ("oa", "oe", "uy") for mark in "\u0300\u0301\u0309\u0303\u0323")  # fmt: skip


def _marked(kept: str, starts: list[int], ends: list[int]) -> tuple[str, ...]:
    """The words with their marks, or nothing when fewer than a fifth have any: then marks prove nothing."""
    low = kept.lower()
    if len(low) != len(kept):
        return ()
    words = [*map(low.__getitem__, map(slice, starts, ends))]
    bare = sum(map(str.isascii, words))
    return tuple(map(_EVEN.__getitem__, words)) if words and bare < 0.7 * len(words) else ()


def _repaired(word: str, known: frozenset[str]) -> str:
    read = word.translate(_ZERO)
    if read in known:
        return read
    if word.replace("0", "o") in known:
        return word.replace("0", "o")
    if len(word) > 3 and word[0] == "l" and "i" + word[1:] in known:
        return "i" + word[1:]
    return word


def _sentences(plain: str, starts: list[int]) -> tuple[tuple[int, int], ...]:
    """Ranges of words between full stops, question marks, semicolons and line ends (not the dots of 1.500)."""
    out: list[tuple[int, int]] = []
    first = 0
    index = 0
    count = len(starts)
    for stop in _STOP.finditer(plain):
        at = stop.start()
        if plain[at] == "." and at + 1 < len(plain) and plain[at + 1].isalnum() and at and plain[at - 1].isdigit():
            continue
        index = bisect_left(starts, at, index)
        if index > first:
            out.append((first, index))
            first = index
    if count > first:
        out.append((first, count))
    return tuple(out)
