"""The draw of the Front's sample: nobody chooses, everybody can draw it again. Pure.

Systematic sampling along a sorted list. Units are sorted by kind, agency and outcome, in each by a hash with the seed, and
taken at equal steps from a start that the seed sets: each kind, each agency and each outcome comes in by its share, to one
unit, though there are more strata than places; and every unit has the same chance, so that plain shares need no weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A closed case as the list of a draw holds it: what it is sorted by, and its id as text."""

    kind: str
    agency: str
    outcome: str
    id: str


def seed_of(root: str, since: str, until: str) -> str:
    """The published seed of a period: the log's first signed head after its end, known to nobody before; with the days."""
    return f"{root}|{since}|{until}"


def _hash(seed: str, *words: str) -> bytes:
    return hashlib.sha256("\x1f".join((seed, *words)).encode()).digest()


def draw(frame: Iterable[Unit], size: int, seed: str) -> list[Unit]:
    """`size` units of the frame, or all when it holds no more, in the order in which they are to be called: that order is
    random too, so that a list broken off half-way is still no choice. The order of the frame given does not matter."""
    units = sorted(frame, key=lambda u: (u.kind, u.agency, u.outcome, _hash(seed, "order", u.id)))
    if size <= 0 or not units:
        return []
    if size < len(units):
        step = Fraction(len(units), size)
        start = step * Fraction(int.from_bytes(_hash(seed, "start")[:8], "big"), 2**64)
        units = [units[int(start + step * n)] for n in range(size)]
    return sorted(units, key=lambda u: _hash(seed, "call", u.id))


def digest(frame: Iterable[Unit]) -> str:
    """What stands for a frame: two lists with this digest are the same list."""
    lines = "\n".join(sorted(f"{u.kind}\x1f{u.agency}\x1f{u.outcome}\x1f{u.id}" for u in frame))
    return hashlib.sha256(lines.encode()).hexdigest()
