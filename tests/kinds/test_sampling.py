"""The Front's draw: anybody draws the same again, and each part comes in by its share."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kinds.satisfaction.sampling import Unit, digest, draw, seed_of

FRAME = [Unit(kind, f"c{agency:02d}", outcome, f"{kind}-{agency}-{outcome}-{n}")
         for kind, many in (("petition", 6), ("complaint", 2)) for agency in range(10) for outcome in ("a", "b") for n in range(many)]


def test_the_same_seed_draws_the_same_list_whatever_the_order_of_the_frame() -> None:
    assert draw(FRAME, 40, "s") == draw(list(reversed(FRAME)), 40, "s")
    assert draw(FRAME, 40, "s") != draw(FRAME, 40, "t")


@pytest.mark.parametrize("seed", ["s", "t", seed_of("root", "2026-07-01", "2026-09-30")])
def test_each_kind_agency_and_outcome_comes_in_by_its_share(seed: str) -> None:
    drawn = draw(FRAME, 40, seed)
    assert Counter(u.kind for u in drawn) == {"petition": 30, "complaint": 10}
    for agency, n in Counter((u.kind, u.agency) for u in drawn).items():
        assert abs(n - (3 if agency[0] == "petition" else 1)) <= 1, agency


def test_every_unit_has_the_same_chance() -> None:
    seen = Counter(u.id for n in range(600) for u in draw(FRAME, 40, f"seed {n}"))
    assert set(seen) == {u.id for u in FRAME}
    assert all(100 < n < 210 for n in seen.values()), "150 of 600 each, four standard deviations"


def test_the_order_of_calling_is_no_order_of_agencies() -> None:
    called = [u.agency for u in draw(FRAME, 40, "s")]
    assert called != sorted(called)


@given(st.integers(-2, 400), st.text(max_size=20), st.integers(0, 30))
def test_never_more_than_asked_for_nor_anybody_twice(size: int, seed: str, many: int) -> None:
    frame = [Unit("k", "a", "o", str(n)) for n in range(many)]
    drawn = draw(frame, size, seed)
    assert len(drawn) == len(set(drawn)) == max(0, min(size, many))
    assert set(drawn) <= set(frame)


def test_one_unit_more_or_another_outcome_is_another_frame() -> None:
    assert digest(FRAME) == digest(list(reversed(FRAME)))
    assert digest(FRAME) != digest(FRAME[1:])
    assert digest(FRAME[:1]) != digest([Unit("petition", "c00", "z", FRAME[0].id)])
