"""Which questions may be the same: a suggestion by shared words, for a person to confirm. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from trongdan.platform.text import fold, words_of

ALIKE = 0.34  # of the pairs of words that two questions hold together
FEW = 3  # pairs under which a question is too short to compare
COMMON = frozenset(
    ["de", "nghi", "xa", "ubnd", "cho", "toi", "biet", "khi", "nao", "bao", "gio", "va", "cua", "la", "co", "khong", "thi", "o",
     "tai", "cac", "nhung", "duoc", "xin", "kinh", "hoi", "vi", "sao"])  # fmt: skip


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    telling = [w for w in words_of(fold(text)) if w not in COMMON]
    return frozenset(pairwise(telling)) | frozenset((w, "") for w in telling)


def suggested(texts: Mapping[UUID, str]) -> Sequence[tuple[UUID, ...]]:
    """Groups of questions that look the same, the first asked in front; only groups of two and more."""
    ids = list(texts)
    pairs = {i: _pairs(texts[i]) for i in ids}
    groups: list[list[UUID]] = []
    for one in ids:
        home = next((g for g in groups if _close(pairs[g[0]], pairs[one])), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return [tuple(g) for g in groups if len(g) > 1]


def _close(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> bool:
    small, big = sorted((len(a), len(b)))
    if small < FEW:
        return False
    shared = len(a & b)
    return shared / (small if small * 3 >= big else len(a | b)) >= ALIKE
