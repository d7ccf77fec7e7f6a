"""Noise of the kinds letters come with: phone shorthand, scanning errors, everything in one line, capitals."""

from __future__ import annotations

import random
import unicodedata

from trongdan.law.classify.words import SHORT

_SHORTER: dict[str, list[str]] = {}
for _short, _long in SHORT.items():
    _SHORTER.setdefault(_long, []).append(_short)
_SCAN = {"o": "0", "i": "l", "l": "1", "ô": "o", "ê": "e", "ư": "u", "ơ": "o", "ă": "a", "đ": "d", "s": "5", "g": "9", "m": "rn"}


def strip_marks(text: str) -> str:
    """Without diacritics."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def teen(text: str, rng: random.Random) -> str:
    """As typed in a hurry on a phone."""
    out = []
    for word in text.split(" "):
        plain = strip_marks(word.lower())
        if plain in _SHORTER and rng.random() < 0.7:
            out.append(rng.choice(_SHORTER[plain]))
        elif len(word) > 3 and rng.random() < 0.06:
            cut = rng.randrange(1, len(word) - 1)
            out.append(word[:cut] + word[cut + 1 :])
        else:
            out.append(word)
    text = " ".join(out)
    return strip_marks(text).lower() if rng.random() < 0.5 else text


def scan(text: str, rng: random.Random) -> str:
    """As a poor scan is read."""
    out = []
    for char in text:
        draw = rng.random()
        low = char.lower()
        if low in _SCAN and draw < 0.08:
            out.append(_SCAN[low])
        elif draw < 0.006:
            out.append(".")
        elif draw < 0.010 and char != "\n":
            out.append(" ")
        else:
            out.append(char)
    return "".join(out)


def flat(text: str, rng: random.Random) -> str:
    """No marks, no stops."""
    return strip_marks(text).lower().replace(".", " ").replace(",", " ").replace("?", "" if rng.random() < 0.5 else "?")


def noisy(text: str, rng: random.Random) -> str:
    """One of the kinds."""
    return rng.choice((teen, scan, flat, lambda t, _r: t.upper()))(text, rng)
