"""The simulated year of receptions and dialogues, played hour by hour through the services and `perform`, as td_web: nothing is
written beside them, and what they refuse is counted as refused."""

from __future__ import annotations

import heapq
import time as clock
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from trongdan.core.agencies.models import PostRow
from trongdan.core.agencies.province import province
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.kernel.case import VIETNAM, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.dialogue.selectors import CONFERENCE, ENTERPRISES
from trongdan.kinds.reception import services
from trongdan.kinds.reception.once import Doer
from trongdan.law import load_law
from trongdan.law.receiving import duties, kept

from .script import Conference, Script, Sitting, script
from .world import World

Step = tuple[datetime, Callable[[], Any]]  # when, and what is done then
Steps = Generator[Step, Any, None]
MORNING, AFTERNOON = (time(7, 30), time(11, 30)), (time(13, 30), time(16, 30))


@dataclass
class Met:
    """What was played: steps, those refused by code, seconds; the case of each conference in the order of the script."""

    steps: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cases: dict[int, str] = field(default_factory=dict)


def heads_of(since: date, agencies: frozenset[str] | None = None) -> dict[str, tuple[str, int]]:
    """post -> (agency, days a month that the law asks) of every head who must receive; of some agencies, or of all."""
    out = {}
    for post in PostRow.objects.filter(role="head", agency__valid_to=None).select_related("agency"):
        duty = duties().get((post.agency.kind, post.agency.level))
        asked = sum(m.needed for m in kept(duty, load_law(), since, ())) if duty else 0
        if asked and (agencies is None or post.agency_id in agencies):
            out[post.id] = (post.agency_id, asked)
    return out


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


class Meetings:
    """A year of them. `play(until)` plays as far as a day (included) and may go on later."""

    def __init__(self, seed: int, since: date, months: int = 12, agencies: frozenset[str] | None = None):
        posts: dict[tuple[str, str], tuple[str, ...]] = {}
        for post in PostRow.objects.order_by("id"):
            posts[post.agency_id, post.role] = (*posts.get((post.agency_id, post.role), ()), post.id)
        self.seed, self.world, self.met = seed, World(seed, posts), Met()
        communes = [c.agency for c in province().communes if agencies is None or c.agency in agencies]
        self.script: Script = script(seed, heads_of(since, agencies), communes, since, months, load_law().calendar)
        self._heap: list[tuple[datetime, int, Callable[[], Any], Steps]] = []
        for number, sitting in enumerate(self.script.sittings):
            self._next(len(self._heap), self._sit(number, sitting), None)
        for number, meeting in enumerate(self.script.conferences):
            self._next(len(self._heap), self._meet(number, meeting), None)

    def play(self, until: date, told: Callable[[int], None] = lambda _: None) -> Met:
        begun = clock.perf_counter()
        while self._heap and self._heap[0][0].date() <= until:
            _at, number, act, steps = heapq.heappop(self._heap)
            self.met.steps += 1
            try:
                result = act()
            except Refusal as refusal:
                self.met.refused[refusal.code] += 1
                result = None
            self._next(number, steps, result)
            told(1)
        self.met.seconds += clock.perf_counter() - begun
        return self.met

    def _next(self, number: int, steps: Steps, result: Any) -> None:
        try:
            when, act = steps.send(result)
        except StopIteration:
            return
        heapq.heappush(self._heap, (when, number, act, steps))

    # --- a reception day -------------------------------------------------------------------------------------------------

    def _doer(self, agency: str, role: str, key: str, post: str | None = None) -> Doer:
        return Doer(self.world.actor(agency, role, post), "simulate", f"{self.seed}:{key}")

    def _sit(self, number: int, one: Sitting) -> Steps:
        """Planned, posted, put off or held: as its fate says."""
        do = partial(self._doer, one.agency)
        sort, ground = ("extra", "Nhiều người cùng đến, việc gay gắt") if one.fate == "extra" else ("regular", "")
        posts_on = one.on if one.fate == "extra" else one.on - timedelta(days=3 if one.fate == "late_posted" else 25)
        for half, hours in enumerate((MORNING, AFTERNOON) if one.fate == "twice" else (MORNING,)):
            plan = services.Plan(one.post, one.on, *hours, "Nơi tiếp công dân", sort=sort, ground=ground)
            now, key = at(posts_on, 7, half), f"{number}:{half}"
            session = yield now, partial(services.plan, plan, do("reception", f"{key}:plan"), now)
            if session is None:
                return
            yield now, partial(services.post, session, do("reception", f"{key}:post"), now)
            if one.fate == "twice":
                yield from self._held(session, one, half, key, hours[0].hour)
        if one.to is not None:
            to, now = services.PutOff(one.to, *MORNING, "Họp đột xuất của tỉnh"), at(one.on - timedelta(days=2), 15)
            session = yield now, partial(services.move, session, to, do("office", f"{number}:move"), now)
        if one.fate in ("held", "extra", "moved_held", "open"):
            yield from self._held(session, one, 0, f"{number}", 7)
        elif one.fate == "stood_in":
            now = at(one.day, 8)
            words = "Giấy giao tiếp thay số 7/UBND"
            yield now, partial(services.mark, session, "stood_in", do("deputy", f"{number}:stood"), words, now)
        elif one.fate == "absent":
            now = at(one.day, 16)
            yield now, partial(services.mark, session, "absent", do("reception", f"{number}:absent"), "Đi công tác", now)

    def _held(self, session: Any, one: Sitting, half: int, key: str, hour: int) -> Steps:
        """The head comes and, unless the day stays open, goes, each by an own sign-in."""
        head = partial(self._doer, one.agency, "head", post=one.post)
        for what, later in (("began", 0), ("ended", 3)):
            if what == "ended" and one.fate == "open":
                return
            now = at(one.day, hour + later, 35)
            yield now, partial(services.mark, session, what, head(key=f"{key}:{half}:{what}"), "", now)

    # --- a conference ----------------------------------------------------------------------------------------------------

    def _do(self, one: Conference, case: Any, action: str, role: str, now: datetime, data: Mapping[str, Any],
            reason: str | None = None) -> Callable[[], Done]:  # fmt: skip
        kind = CONFERENCE if one.people else ENTERPRISES
        command = Command(kind, str(case) if case else None, action, data, reason=reason, agency=one.agency)
        return partial(perform, command, self.world.actor(one.agency, role), now=now)

    def _signed(self, one: Conference, case: Any, done: Done, now: datetime) -> Steps:
        paper = done.state.waiting_paper if done.state else None
        for stage, roles in paper.chain if paper else ():
            if stage != "send" and paper is not None:
                more = {"number": self.world.number(one.agency, "TB")} if stage == "number" else {}
                yield now, self._do(one, case, f"paper.{stage}", roles[0], now, {"paper": paper.id, **more})

    def _meet(self, number: int, one: Conference) -> Steps:
        """Planned, announced, opened, minuted, published, as far as it goes."""
        own = {"occasion": "yearly", "front_agreed": True} if one.people else {}
        facts = {"subject": "Tình hình của xã", "held_on": one.held.isoformat(), "place": "Nhà văn hóa", **own}
        now, late = at(one.held - timedelta(days=18), 9), one.people and one.notice < 7
        planned: Done = yield now, self._do(one, None, "plan", "office", now, facts)
        case = planned.case
        self.met.cases[number] = str(case)
        if one.goes in ("planned", "cancelled"):
            now = at(one.held - timedelta(days=10), 9)
            if one.goes == "cancelled":
                yield now, self._do(one, case, "cancel", "office", now, {}, "Bão")
            return
        now = at(one.held - timedelta(days=one.notice), 9)
        edge = "notify_late" if late else "notify"
        yield from self._signed(one, case, (yield now, self._do(one, case, edge, "office", now, {}, "Chờ hội trường")), now)
        if one.goes == "announced":
            return
        now = at(one.held, 8)
        yield now, self._do(one, case, "open", "office", now, {"chair": "head"})
        if one.goes == "opened":
            return
        now, told = at(one.held, 11), {"attended": 40, "record": "Đã hỏi và đáp."}
        yield from self._signed(one, case, (yield now, self._do(one, case, "minutes", "office", now, told)), now)
        if one.goes == "published":
            yield from self._published(one, case)

    def _published(self, one: Conference, case: Any) -> Steps:
        now = at(one.held + timedelta(days=one.results), 9)
        done = yield now, self._do(one, case, "report", "office", now, {"results": "Đã trả lời."})
        yield from self._signed(one, case, done, now)
        yield now, self._do(one, case, "publish", "office", now, {"published_at": ["media", "posted", "villages"]})
