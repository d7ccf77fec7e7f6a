"""The last rung of the ladder: those above see who is late with how much, and no case by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.cases.people import official, send
from trongdan.core.cases import selectors
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.case import Command

pytestmark = pytest.mark.django_db


def late_letter() -> object:
    data = {"text": "Cống tắc.", "channel": "counter"}
    command = Command("letters.letter", None, "receive", data, on=today() - timedelta(days=60), reason="đơn giấy", agency="c04978")
    return perform(command, official("reception")).case


def test_the_province_sees_sums_of_what_a_commune_is_late_with_and_not_the_letter() -> None:
    case = late_letter()
    send("đơn mới")
    with scope(official("head", "ubnd-tinh")):
        (line,) = [b for b in selectors.late_below() if b.agency == "c04978"]
        assert (line.holder, line.cases) == ("reception", 1)
        assert line.oldest < today()
        assert load([case]) == {}  # type: ignore[list-item]


def test_the_commune_itself_its_equals_and_a_department_see_nobody_below() -> None:
    late_letter()
    for agency in ("c04978", "c04981", "so-xd"):
        with scope(official("head", agency)):
            assert selectors.late_below() == []
