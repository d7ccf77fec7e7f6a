"""The simulated year itself: what arrives when, hour after hour through `perform_many`, the sweeper each morning."""

from __future__ import annotations

import hashlib
import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.models import PostRow
from trongdan.core.agencies.province import province
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform_many
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.sweeper import sweep
from trongdan.kernel.case import SYSTEM, VIETNAM
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.kinds.letters.intake import Letter
from trongdan.law import load_law

from . import words
from .plans import complaint, denunciation, petition
from .world import Ask, Plan, World

LETTERS, FEEDBACK = 20_000, 50_000  # a year of a province at scale 1
FIRST = date(2026, 7, 1)  # since when every rule that a letter's clocks need has a version
TOGETHER = 200  # commands a transaction
HOURS = {"counter": ((8, 5), (9, 9), (10, 7), (11, 2), (14, 6), (15, 5), (16, 3)),
         "portal": ((6, 2), (7, 3), (8, 5), (9, 6), (10, 5), (11, 4), (12, 4), (14, 4), (15, 4), (16, 3), (18, 3), (19, 6),
                    (20, 8), (21, 6), (22, 3))}  # fmt: skip


@dataclass
class Played:
    """What was played. `refused` by code: a command that the rules did not allow, as in life."""

    commands: int = 0
    arrived: int = 0
    swept: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Year:
    """`days` days from `since`, at a scale, by a seed. References are drawn from the seed when `own_references`."""

    def __init__(self, seed: int, scale: float, since: date = FIRST, days: int = 365, own_references: bool = True):
        self.seed, self.scale, self.since, self.days = seed, scale, since, days
        posts: dict[tuple[str, str], tuple[str, ...]] = {}
        for post in PostRow.objects.order_by("id"):
            posts[post.agency_id, post.role] = (*posts.get((post.agency_id, post.role), ()), post.id)
        self.world = World(seed, posts)
        self.communes = [c.agency for c in province().communes]
        self.played = Played()
        self._heap: list[tuple[datetime, int, Ask, Plan]] = []
        self._stuck: set[UUID] = set()
        drawn = Random(f"{seed}:references")  # noqa: S311  invented letters; secrets are drawn elsewhere
        self._chance: dict[str, Any] = {"chance": drawn.randbytes} if own_references else {}

    # --- what arrives -----------------------------------------------------------------------------------------------

    def arrivals(self) -> list[tuple[datetime, int, Plan]]:
        """Every letter of the year as a plan, by the hour it comes; each draws its own fate from the seed and its number."""
        chance = Random(f"{self.seed}:arrivals")  # noqa: S311
        law = load_law().calendar
        days = [self.since + timedelta(days=n) for n in range(self.days)]
        weights = [1.0 if law.is_working(d) else 0.3 for d in days]
        whole = round((LETTERS + FEEDBACK) * self.scale * self.days / 365)
        legal = round(LETTERS * self.scale * self.days / 365)
        bursts = list(self._bursts(chance, days, whole))
        out = []
        for number in range(whole):
            own = Random(f"{self.seed}:{number}")  # noqa: S311
            burst = bursts[number] if number < len(bursts) else None
            channel = "portal" if own.random() < (0.35 if number >= whole - legal else 0.72) else "counter"
            day = burst[0] if burst else chance.choices(days, weights)[0]
            day = law.next_working(day) if channel == "counter" else day
            hour = own.choices([h for h, _ in HOURS[channel]], [w for _, w in HOURS[channel]])[0]
            at = datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)
            out.append((at, number, self._plan(own, at, channel, number >= whole - legal, burst)))
        return sorted(out, key=lambda row: row[:2])

    def _bursts(self, chance: Random, days: list[date], whole: int) -> Iterator[tuple[date, str, int, str]]:
        """Letters of one cause that come together: (day, commune, cause, spot), a tenth of all that is no legal letter."""
        left = whole // 14
        while left > 0:
            size = min(left, max(3, round(chance.lognormvariate(3.2, 0.6))))
            first, commune = chance.choice(days[:-8] or days), chance.choice(self.communes)
            cause, spot = chance.randrange(len(words.CAUSES)), words.place(chance)
            for _ in range(size):
                yield min(days[-1], first + timedelta(days=min(7, int(chance.expovariate(0.6))))), commune, cause, spot
            left -= size

    def _plan(self, own: Random, at: datetime, channel: str, legal: bool, burst: tuple[date, str, int, str] | None) -> Plan:
        commune = burst[1] if burst else own.choice(self.communes)
        spot = burst[3] if burst else words.place(own)
        topic, matter = words.CAUSES[burst[2] if burst else own.randrange(len(words.CAUSES))]
        sender = {"name": words.name(own), "address": f"xóm {spot}", "phone": f"09{own.randrange(10**8):08d}"}
        facts: dict[str, Any] = {"commune": commune}
        sort = own.random() if legal else 1.0
        if sort < 0.27:
            text = words.letter(own, own.choice(words.COMPLAINED), spot)
            return complaint(self.world, own, at, Letter(text, commune, "counter" if channel == "counter" else "portal", sender,
                                                         facts={**facts, "signed": channel == "counter"}), "đất đai")  # fmt: skip
        if sort < 0.35:
            text = words.letter(own, own.choice(words.DENOUNCED), spot)
            hidden = {"signed": True, "own_word": "to_cao"}
            return denunciation(self.world, own, at, Letter(text, "ban-tcd", "counter", sender, facts=hidden), commune)
        letter = Letter(words.letter(own, matter, spot), commune, channel, sender, facts=facts)
        return petition(self.world, own, at, letter, topic, 1.3 if legal else 1.0)

    # --- the play ----------------------------------------------------------------------------------------------------

    def play(self, told: Callable[[int], None] = lambda _: None) -> Played:
        """Play it all; `told` hears of each day that is over."""
        begun = time.perf_counter()
        for at, number, plan in self.arrivals():
            heapq.heappush(self._heap, (at, number, next(plan), plan))
            self.played.arrived += 1
        for n in range(self.days):
            day = self.since + timedelta(days=n)
            self._sweep(datetime(day.year, day.month, day.day, 5, tzinfo=VIETNAM))
            self._day(day)
            told(1)
        self.played.seconds = time.perf_counter() - begun
        return self.played

    def _day(self, day: date) -> None:
        while self._heap and self._heap[0][0].date() <= day:
            at = self._heap[0][0]
            batch: list[tuple[datetime, int, Ask, Plan]] = []
            while self._heap and self._heap[0][0] == at and len(batch) < TOGETHER:
                batch.append(heapq.heappop(self._heap))
            done = self._perform([ask for _, _, ask, _ in batch], at)
            for (_, number, _, plan), result in zip(batch, done, strict=True):
                try:
                    following = plan.send(result)
                except StopIteration:
                    continue
                heapq.heappush(self._heap, (max(following.at, at), number, following, plan))

    def _perform(self, asks: list[Ask], now: datetime) -> list[Done | None]:
        """The commands of an hour, in one transaction; one by one when the calendar of a far year is missing for some."""
        items = [(ask.command, ask.identity, None) for ask in asks]
        found: list[Done | Refusal] = []
        state = self._chance["chance"].__self__.getstate() if self._chance else None
        try:
            found = perform_many(items, SYSTEM, now=now, actors=[ask.actor for ask in asks], **self._chance)
        except CalendarMissing:
            if state is not None:
                self._chance["chance"].__self__.setstate(state)
            found = []
            for ask, item in zip(asks, items, strict=True):
                try:
                    found += perform_many([item], SYSTEM, now=now, actors=[ask.actor], **self._chance)
                except CalendarMissing:
                    found.append(Refusal("calendar.missing", "", None))
        self.played.commands += len(found)
        self.played.refused.update(r.code for r in found if isinstance(r, Refusal))
        return [r if isinstance(r, Done) else None for r in found]

    def _sweep(self, now: datetime) -> None:
        """The sweeper's words of a morning."""
        while said := sweep(now, stuck=self._stuck):
            self.played.swept += said


def summary() -> dict[str, Any]:
    """What lies in the database now: cases by kind and outcome, late ones, and a digest that the same seed gives again."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT kind, coalesce(outcome, step), count(*) FROM td_case GROUP BY 1, 2 ORDER BY 1, 2")
        kinds: dict[str, dict[str, int]] = {}
        for kind, outcome, count in cursor.fetchall():
            kinds.setdefault(kind, {})[outcome] = count
        cursor.execute("SELECT concat_ws(' ', reference, kind, step, outcome, agency, opened_on, closed_on, due_on, late) "
                       "FROM td_case ORDER BY reference")  # fmt: skip
        digest = hashlib.sha256("\n".join(row[0] for row in cursor.fetchall()).encode()).hexdigest()
        cursor.execute("SELECT (SELECT count(*) FROM td_case), count(*), count(*) FILTER (WHERE tag = 'clock:warned'), "
                       "count(*) FILTER (WHERE tag = 'clock:overdue') FROM td_event")  # fmt: skip
        cases, events, warned, overdue = cursor.fetchone()
    return {"cases": cases, "events": events, "warned": warned, "overdue": overdue, "kinds": kinds, "digest": digest}
