"""Letters as people type them, made comparable: lower case without marks, one character for one character.

Spans must point into the text as given, so folding keeps every position: `Folded.at(i)` is the position in the given
text of character i of the folded one. Composed text (nearly all) folds by one table look-up, in place; decomposed or
full-width text takes a slower way that remembers positions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Folded:
    """`plain` lower case ASCII where a letter has one; `kept` the same length, composed, with marks and capitals;
    `back` the positions in the given text, None when they are the same."""

    plain: str
    kept: str
    back: tuple[int, ...] | None = None

    def at(self, index: int) -> int:
        """The position in the given text of character `index` (also of the end)."""
        return index if self.back is None else self.back[index]


@lru_cache(maxsize=1)
def _table() -> dict[int, str | int]:
    """Every composed Latin letter to its base letter, đ to d, other blanks to a blank; line ends stay. Characters that stay
    are in it too: one that is missed costs ten times one that is found."""
    table: dict[int, str | int] = {point: point for point in (*range(0x80), 0x2013, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026)}
    for point in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(point))[0].lower()
        if len(base) == 1:
            table[point] = base
    table |= {0x110: "d", 0x111: "d", 0xD0: "d", 0xF0: "d", 0xA0: " ", 0x0D: " ", 0x09: " "}
    table |= dict.fromkeys((8203, 8204, 8205, 65279, 8232, 8233, 173), " ")
    table |= {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return {point: ord(to) if isinstance(to, str) else to for point, to in table.items()}


def fold(text: str) -> Folded:
    """Fold a text of any form. Never fails; the result is as long as the composed text."""
    if unicodedata.is_normalized("NFC", text):
        return Folded(text.translate(_table()), text)
    kept: list[str] = []
    back: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        for char in unicodedata.normalize("NFC", text[start:end]):
            kept.append(char)
            back.append(start)
        start = end
    composed = "".join(kept)
    return Folded(composed.translate(_table()), composed, (*back, len(text)))


def squeeze(phrase: str) -> str:
    """A phrase of the data files as it is looked for in folded words: "xem xét lại" → "xem xet lai"."""
    plain = fold(unicodedata.normalize("NFC", phrase)).plain
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def with_marks(phrase: str) -> tuple[str, ...]:
    """The same phrase word for word with its marks, to tell "mổ" from "mơ" where the letter has marks."""
    return tuple("".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFC", phrase).lower()).split())
