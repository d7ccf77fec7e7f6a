"""Moments and officials at a centre for the tests of lines: xã Kim Bôi's, on a Thursday morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from trongdan.kernel.case import VIETNAM, Actor, Post
from trongdan.kinds.waiting import services
from trongdan.kinds.waiting.models import Counter, Ticket
from trongdan.kinds.waiting.writing import Who

CENTRE, PROVINCE = "c04978-hcc", "hcc-tinh"
MORNING = datetime(2026, 9, 17, 8, 0, tzinfo=VIETNAM)
_keys = count(1)


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def clerk(number: int = 1, centre: str = CENTRE, role: str = "officer") -> Actor:
    post = Post(f"{centre}/{role}/{number}", role, centre)
    return Actor(person=str(UUID(int=number)), posts=(post,), post=post)


def by(actor: Actor | None, minutes: float, key: str | None = None) -> Who:
    return Who(f"desk:{actor.person}" if actor else "web", key or f"t-{next(_keys)}", actor, at(minutes))


def seat(number: int, actor: Actor, minutes: float = 0, centre: str = CENTRE) -> Counter:
    return services.sit(Counter.objects.get(centre_id=centre, number=number).id, by(actor, minutes))


def number(service: str, minutes: float, centre: str = CENTRE, **more: bool) -> Ticket:
    return services.take(centre, service, "kiosk", by(None, minutes), **more)
