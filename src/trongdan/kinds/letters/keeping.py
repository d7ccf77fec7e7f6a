"""Whose letter goes into the vault at once: who asks for it, and whose letter sounds like a denunciation. Pure.

It errs to the safe side: a letter that turns out to be something else only asks its reader for a reason before the name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trongdan.platform.text import fold

# Folded. The pair "khiếu nại, tố cáo" is how laws and boards are called, and says nothing of the letter.
SOUNDS = ("to cao", "nhan hoi lo", "hoi lo", "tham nhung", "tham o", "voi vinh", "voi tien", "an chan", "khai khong",
          "loi dung chuc vu", "bao ke")  # fmt: skip
TITLES = ("khieu nai, to cao", "khieu nai to cao", "khieu nai va to cao", "to cao cong dan")


def sounds_like_denouncing(text: str) -> bool:
    folded = fold(text)
    for title in TITLES:
        folded = folded.replace(title, " ")
    letter = f" {_spaced(folded)} "  # once: this stands in every letter's request
    return any(f" {words} " in letter for words in SOUNDS)


def _spaced(folded: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def keep_secret(text: str, facts: Mapping[str, Any]) -> bool:
    """Whether the sender's name goes into the vault from the first moment."""
    return bool(facts.get("keep_secret")) or facts.get("own_word") == "to_cao" or sounds_like_denouncing(text)
