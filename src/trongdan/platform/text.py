"""Vietnamese text as people type it: folded for search, and sort keys without ICU."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

LONGEST = 60  # letters of a word
INDEX_ROOM = 900_000  # bytes; PostgreSQL refuses a tsvector of a million
_WORDS = re.compile(r"[^\W_]+")
# Two and more words in a row that begin with a capital letter: the name of somebody or of a place, as Vietnamese writes it.
_CAPITALS = "".join(chr(c) for c in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)) if chr(c).isupper())
_NAMES = re.compile(rf"(?<![^\W_])[{_CAPITALS}][^\W_]*(?: [{_CAPITALS}][^\W_]*)+")
# The order of Vietnamese dictionaries: base letters first, tone marks only to break ties.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """NFC, without NUL and other control characters (line ends and tabs stay), line ends as \\n."""
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text  # nothing of those categories: nearly every letter, and twenty times as fast as looking at each sign
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))


def fold(text: str) -> str:
    """Lower case without diacritics or tone marks: hòa, hoà and Hoa are the same; runs of blanks are one."""
    plain = text.replace("đ", "d").replace("Đ", "d").lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFD", plain).replace("đ", "d").replace("Đ", "d")
        for mark in {c for c in set(plain) if unicodedata.category(c) == "Mn"}:  # a handful of different ones in a text
            plain = plain.replace(mark, "")
    return " ".join(plain.split())


def spaced(folded: str) -> str:
    """A folded text as its words with one blank around each, so that "a phrase is in it" is one look."""
    return f" {' '.join(_WORDS.findall(folded))} "


def words_of(folded: str) -> list[str]:
    """The different words of a folded text, in the order of their coming: each as far as its first sixty letters, and as
    many as the database's index of a text can hold, which no letter of people comes near."""
    found = dict.fromkeys(_WORDS.findall(folded))
    if len(folded) < INDEX_ROOM // 5 and max(map(len, found), default=0) <= LONGEST:  # four bytes a sign at most, and one a word
        return list(found)
    out: dict[str, None] = {}
    room = INDEX_ROOM
    for whole in found:
        word = whole[:LONGEST]
        if word not in out:
            room -= len(word.encode()) + 1
            if room < 0:
                break
            out[word] = None
    return list(out)


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A key that sorts Vietnamese names as a dictionary does: letters (ă after a, đ after d), then tones."""
    letters: list[int] = []
    tones: list[int] = []
    for char in nfc(text).lower():
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[c] for c in parts if c in _TONES), 0)
        base = nfc("".join(c for c in parts if c not in _TONES))
        index = _LETTERS.find(base)
        letters.append(index + 100 if index >= 0 else ord(base[0]) if base and ord(base[0]) < 100 else 200)
        tones.append(tone)
    return tuple(letters), tuple(tones)


def pairs_of(text: str, name: str = "") -> list[str]:
    """Two neighbours of each name in a text, folded and joined by "_": what tells one name from the many that share its words.
    `name`: one that is a name however it is written. Words of more than thirty letters are none."""
    found: dict[str, None] = {}
    for run in (name, *_NAMES.findall(text)):
        words = _WORDS.findall(fold(run))
        for one, other in pairwise(words):
            if len(one) <= LONGEST // 2 and len(other) <= LONGEST // 2:
                found[f"{one}_{other}"] = None
    return list(found)
