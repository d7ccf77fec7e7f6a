"""A first, simple reading of a letter: what it seems to be and about, with the words that say so. Advice, never a
decision; the classifier proper has its own place in law/classify. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from trongdan.platform.text import fold, spaced

NATURES = ("khieu_nai", "to_cao", "kien_nghi", "phan_anh", "hoi_dap", "khac")


@dataclass(frozen=True, slots=True)
class Reading:
    """`because` are the words found in the letter that speak for the nature; `sure` is a rough share, 0 to 1."""

    nature: str
    topic: str
    sure: float
    because: tuple[str, ...]
    signed: bool
    missing: tuple[str, ...]


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, Mapping[str, tuple[int, str]]]]:
    """Folded phrases with their weights and their spelling with marks, by nature and by topic."""
    table = tomllib.loads((files("trongdan.kinds.letters") / "data" / "reading_words.toml").read_text("utf-8"))
    return {part: {name: {fold(w): (weight, w) for w, weight in words.items()} for name, words in table[part].items()}
            for part in ("nature", "topic")}  # fmt: skip


def _scores(text: str, lists: Mapping[str, Mapping[str, tuple[int, str]]]) -> dict[str, tuple[int, list[str]]]:
    out = {}
    for name, words in lists.items():
        hits = [w for w in words if f" {w} " in text]
        out[name] = (sum(words[w][0] for w in hits), [words[w][1] for w in hits])
    return out


def read(text: str, named: bool = False) -> Reading:
    """Read a letter. `named` says that the sender gave a name and a way to be reached."""
    folded = spaced(fold(text))
    natures = _scores(folded, _words()["nature"])
    best = max(NATURES, key=lambda n: natures.get(n, (0, []))[0])
    points, hits = natures[best]
    total = sum(max(0, p) for p, _ in natures.values())
    if points <= 0:
        best, hits = ("kien_nghi" if " de nghi " in folded else "phan_anh"), []
    topics = _scores(folded, _words()["topic"])
    topic = max(topics, key=lambda t: topics[t][0])
    signed = any(f" {w} " in folded for w in ("da ky", "ky ten", "nguoi lam don ky", "diem chi"))
    missing = []
    if not named:
        missing.append("họ tên, địa chỉ")
    if best in ("khieu_nai", "to_cao") and not signed:
        missing.append("chữ ký hoặc điểm chỉ")
    return Reading(best, topic if topics[topic][0] else "khác", points / total if total else 0.0, tuple(hits[:4]),
                   signed, tuple(missing))  # fmt: skip
