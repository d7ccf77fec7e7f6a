"""Who acts and when in the simulated year: the province's real posts, office hours, the quick and the slow."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from trongdan.core.cases.once import Done
from trongdan.kernel.case import VIETNAM, Actor, Command, Post
from trongdan.law import load_law

SENDER = Actor(is_sender=True, door="portal")
OFFICE = (8, 9, 10, 11, 14, 15, 16)


@dataclass(frozen=True, slots=True)
class Ask:
    """The next command of a file, and when. What comes of it is sent back: the Done, or None when it was refused."""

    at: datetime
    actor: Actor
    command: Command
    identity: Mapping[str, str] | None = None


Plan = Generator[Ask, Done | None, None]
Going = Generator[Ask, Done | None, Any]


@dataclass
class World:
    """The province: its posts, and how fast each agency works."""

    seed: int
    posts: Mapping[tuple[str, str], tuple[str, ...]]
    numbers: dict[str, int] = field(default_factory=dict)
    speeds: dict[str, float] = field(default_factory=dict)

    def actor(self, agency: str, role: str, post: str | None = None) -> Actor:
        """Whoever holds a post of this role there; an agency without one acts by its head."""
        found = post or next(iter(self.posts.get((agency, role), ())), f"{agency}/{role}")
        held = Post(found, role, agency)
        return Actor(person=str(uuid5(NAMESPACE_URL, f"trongdan-simulate:{found}")), posts=(held,), post=held)

    def one(self, agency: str, role: str, chance: Random) -> str | None:
        """A post of this role there, by chance."""
        found = self.posts.get((agency, role), ())
        return chance.choice(found) if found else None

    def number(self, agency: str, sort: str) -> str:
        """The next number of the agency's book."""
        self.numbers[agency] = self.numbers.get(agency, 0) + 1
        return f"{self.numbers[agency]}/{sort}"

    def speed(self, agency: str) -> float:
        """How long an agency takes, as a factor: some are quick, a few very slow."""
        if agency not in self.speeds:
            self.speeds[agency] = min(4.0, Random(f"{self.seed}:{agency}").lognormvariate(0, 0.45))  # noqa: S311  invented
        return self.speeds[agency]

    def later(self, at: datetime, chance: Random, days: float, agency: str) -> datetime:
        """An office hour of a working day some days on: `days` on the average, times how slow the agency is."""
        waits = chance.expovariate(1 / days) * self.speed(agency) if days else 0.0
        return office_hour(at, waits, chance)


def office_hour(at: datetime, days: float, chance: Random) -> datetime:
    """The office hour `days` after a moment, always after it."""
    day = (at + timedelta(days=days)).astimezone(VIETNAM).date()
    hour = chance.choice(OFFICE)
    if day == at.date() and hour <= at.hour:
        left = [h for h in OFFICE if h > at.hour]
        day, hour = (day, left[0]) if left else (day + timedelta(days=1), OFFICE[0])
    worked: date = load_law().calendar.next_working(day)
    return datetime(worked.year, worked.month, worked.day, hour if worked == day else chance.choice(OFFICE), tzinfo=VIETNAM)


def through(world: World, chance: Random, case: str, drafted: Done, at: datetime) -> Going:
    """Whatever paper is on its way goes through its chain: (state, time) at the end; None when somebody refused."""
    state = drafted.state
    while state is not None:
        unsent = next((p for p in state.papers.values() if p.effective and not p.dead and p.waits == "send"), None)
        paper = state.waiting_paper or unsent
        if paper is None or paper.waits is None or paper.waits == "redraft":
            return (state, at) if paper is None else None
        role, agency = paper.waits_for[0], state.agency
        post = {"verifier": state.fields.get("verifier"), "assigned": state.assigned}.get(role)
        holder = str(post).rpartition("/")[0] if role == "verifier" else agency
        who = world.actor(agency_of(world, post) if post else holder, _role_of(role, post), post or None)
        at = world.later(at, chance, 0.4, agency)
        data = {"paper": paper.id, **({"number": world.number(agency, "CV")} if paper.waits == "number" else {})}
        done = yield Ask(at, who, Command(state.kind, case, f"paper.{paper.waits}", data))
        state = done.state if done is not None else None
    return None


def _role_of(role: str, post: Any) -> str:
    return str(post).split("/")[1] if role == "assigned" and post else role


def agency_of(world: World, post: Any) -> str:
    """The agency that a post belongs to (a room's post belongs to the agency that answers)."""
    return next((agency for (agency, _), ids in world.posts.items() if post in ids), str(post).partition("/")[0])
