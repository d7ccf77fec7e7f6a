"""Reading lines and counters: what the screen, a person, a counter and the board see. No name is here to be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import parse_reference
from trongdan.law import load_law

from . import forecast, hours
from .estimate import AtCounter, Error, Estimate, Times, wait
from .models import AT_COUNTER, Centre, Counter, Measure, Session, Standing, Ticket
from .reference import rules

SHOWN = 12  # calls on the screen


def day_of(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()


def sessions_of(centre: str, day: date) -> hours.Sessions:
    """The centre's sessions in force on a day: those of the newest `since`."""
    rows = list(Session.objects.filter(centre_id=centre, since__lte=day).order_by("-since", "starts")
                .values_list("since", "starts", "ends"))  # fmt: skip
    return [(a, b) for since, a, b in rows if since == rows[0][0]]


def spans_of(centre: str, day: date) -> hours.Spans:
    """The moments between which it is open on a day. Raises CalendarMissing."""
    return hours.spans(day, sessions_of(centre, day), load_law().calendar)


def times_of(centre: str, day: date) -> Times:
    """What was measured at the centre in the last weeks, today included."""
    found, since = Times(rules()), day - timedelta(days=rules().history_days)
    rows = Measure.objects.filter(centre_id=centre, day__gte=since, day__lte=day).values("service", "hour").annotate(
        n=Sum("visits"), total=Sum("seconds"), sq=Sum("squares"), said=Sum("told"), real=Sum("told_waited"))  # fmt: skip
    for row in rows:
        if row["service"] in rules().services:
            found.add(row["service"], row["hour"], row["n"], row["total"], row["sq"])
            found.judge(row["service"], row["said"], row["real"])
    return found


def counters_at(centre: str) -> list[tuple[int, AtCounter]]:
    """The open counters by number, with what each is doing. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.number, c.serves, t.service, coalesce(t.began_at, t.called_at) FROM td_counter c "
            "LEFT JOIN td_ticket t ON t.counter_id = c.id AND t.status IN ('called', 'serving') "
            "WHERE c.centre_id = %s AND c.open ORDER BY c.number", [centre])  # fmt: skip
        return [(number, AtCounter(frozenset(serves), service, since)) for number, serves, service, since in cursor.fetchall()]


def line_of(centre: str, day: date) -> list[tuple[Any, str, datetime]]:
    """(id, group, moment) of who waits, in the order of being called."""
    found = Ticket.objects.filter(centre_id=centre, day=day, status=Standing.WAITING).order_by("moment", "id")
    return list(found.values_list("id", "service", "moment"))


@dataclass(frozen=True, slots=True)
class Hall:
    """All that an estimate at a centre needs, read once."""

    centre: str
    now: datetime
    spans: hours.Spans
    times: Times
    counters: list[tuple[int, AtCounter]]
    line: list[tuple[Any, str, datetime]]

    def wait(self, service: str, moment: datetime | None = None, ticket: Any = None) -> Estimate:
        """The wait of a ticket that stands in the line, or of one who would come now with this moment."""
        if ticket is None:
            before = [s for _id, s, m in self.line if moment is None or m <= moment]
        else:
            place = next((n for n, (one, _s, _m) in enumerate(self.line) if one == ticket), len(self.line))
            before = [s for _id, s, _m in self.line[:place]]
        return wait(self.now, service, before, [c for _n, c in self.counters], self.times, self.spans)


def hall(centre: str, now: datetime) -> Hall:
    day = day_of(now)
    return Hall(centre, now, spans_of(centre, day), times_of(centre, day), counters_at(centre), line_of(centre, day))


def services_at(centre: str) -> list[str]:
    """The groups that any counter of the centre serves, in the order of the file."""
    served = {s for row in Counter.objects.filter(centre_id=centre).values_list("serves", flat=True) for s in row}
    return [s for s in rules().services if s in served]


@dataclass(frozen=True, slots=True)
class Call:
    label: str
    counter: int
    at: datetime
    calls: int


def screen(centre: str, now: datetime) -> list[Call]:
    """What the screen shows: numbers at counters, the newest call first. Numbers only."""
    rows = (Ticket.objects.filter(centre_id=centre, day=day_of(now), status__in=AT_COUNTER).order_by("-called_at", "label")
            .values_list("label", "counter__number", "called_at", "calls"))  # fmt: skip
    return [Call(label, number or 0, at or now, calls) for label, number, at, calls in rows[:SHOWN]]


def waiting_counts(centre: str, now: datetime) -> dict[str, int]:
    rows = Ticket.objects.filter(centre_id=centre, day=day_of(now), status=Standing.WAITING).values_list("service")
    return dict(rows.annotate(n=Count("id")))


def error_of(centre: str, since: date, until: date) -> Error:
    """How far estimates were off in [since, until]."""
    row = Measure.objects.filter(centre_id=centre, day__gte=since, day__lte=until).aggregate(
        n=Sum("judged"), e=Sum("error"), near=Sum("near"), said=Sum("told"), real=Sum("told_waited"))  # fmt: skip
    if not row["n"]:
        return Error()
    return Error(row["n"], row["e"], row["said"] - row["real"], row["near"])


@dataclass(frozen=True, slots=True)
class Group:
    """A line on the board; times in minutes. `waits` are (label, minutes, helped) of who waits, the longest first."""

    service: str
    name: str
    waits: tuple[tuple[str, int, bool], ...]
    served: int
    mean: float | None
    estimate: Estimate
    open: int

    @property
    def longest(self) -> int:
        return self.waits[0][1] if self.waits else 0


@dataclass(frozen=True, slots=True)
class Board:
    """The centre now: lines, counters, the next hours, what to open, how good the estimates were."""

    groups: tuple[Group, ...]
    counters: tuple[tuple[int, tuple[str, ...], bool, str, int], ...]  # number, groups, open, label, minutes at it
    hours: tuple[forecast.Hour, ...]
    suggestions: tuple[forecast.Suggestion, ...]
    today: Error
    month: Error
    counts: dict[str, int]
    left_waiting: int


def board(centre: Centre, now: datetime) -> Board:
    """Read the whole board in a handful of statements."""
    found, day = hall(centre.code, now), day_of(now)
    line = [s for _id, s, _m in found.line]
    ahead = forecast.ahead(line, [c for _n, c in found.counters], coming(centre.code, day), found.times, _hours(now, found.spans))
    hints = forecast.suggest(ahead, found.counters, line, found.times, rules())
    counts = dict(Ticket.objects.filter(centre=centre, day=day).values_list("status").annotate(n=Count("id")))
    return Board(
        tuple(_groups(centre.code, found, day)), tuple(_seats(centre.code, now)), tuple(ahead), tuple(hints),
        error_of(centre.code, day, day), error_of(centre.code, day - timedelta(days=rules().history_days), day),
        counts, len(line))  # fmt: skip


def _groups(centre: str, found: Hall, day: date) -> list[Group]:
    rows = (Ticket.objects.filter(centre_id=centre, day=day, status=Standing.WAITING).order_by("taken_at", "id")
            .values_list("service", "label", "taken_at", "helped"))  # fmt: skip
    waits: dict[str, list[tuple[str, int, bool]]] = defaultdict(list)
    for service, label, taken, helped in rows:
        waits[service].append((label, int((found.now - taken).total_seconds() // 60), helped))
    done = {row["service"]: row for row in Measure.objects.filter(centre_id=centre, day=day).values("service").annotate(
        n=Sum("calls"), waited=Sum("waited"))}  # fmt: skip
    out = []
    for service in services_at(centre):
        row = done.get(service)
        mean = row["waited"] / row["n"] / 60 if row and row["n"] else None
        out.append(Group(service, rules().services[service].name, tuple(waits[service]), row["n"] if row else 0, mean,
                         found.wait(service), sum(c.takes(service) for _n, c in found.counters)))  # fmt: skip
    return out


def _seats(centre: str, now: datetime) -> list[tuple[int, tuple[str, ...], bool, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.number, c.serves, c.open, coalesce(t.label, ''), coalesce(t.began_at, t.called_at) FROM td_counter c "
            "LEFT JOIN td_ticket t ON t.counter_id = c.id AND t.status IN ('called', 'serving') "
            "WHERE c.centre_id = %s ORDER BY c.number", [centre])  # fmt: skip
        rows = cursor.fetchall()
    return [(n, tuple(rules().services[s].name for s in serves if s in rules().services), is_open, label,
             int((now - since).total_seconds() // 60) if since else 0) for n, serves, is_open, label, since in rows]  # fmt: skip


def coming(centre: str, day: date) -> dict[tuple[str, int], float]:
    """Mean comers of each group and hour on this weekday in the last weeks; of all days while this weekday has none."""
    since = day - timedelta(weeks=rules().weeks)
    rows = list(Measure.objects.filter(centre_id=centre, day__gte=since, day__lt=day).values("day", "service", "hour")
                .annotate(n=Sum("came")))  # fmt: skip
    same = [row for row in rows if row["day"].weekday() == day.weekday()] or rows
    days = len({row["day"] for row in same})
    out: dict[tuple[str, int], float] = defaultdict(float)
    for row in same:
        out[row["service"], row["hour"]] += row["n"] / days
    return out


def _hours(now: datetime, spans: hours.Spans) -> list[tuple[int, float]]:
    """The next hours of today's sessions, at most three, with the part of each that is still to come."""
    out: list[tuple[int, float]] = []
    at = now
    while len(out) < 3 and spans and at < spans[-1][1]:
        local = at.astimezone(VIETNAM)
        end = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        open_ = sum(max((min(b, end) - max(a, at)).total_seconds(), 0.0) for a, b in spans)
        if open_ > 60:
            out.append((local.hour, open_ / 3600))
        at = end
    return out


def next_for(counter: Counter, day: date) -> int:
    """How many wait that this counter serves."""
    waiting = Ticket.objects.filter(centre_id=counter.centre_id, day=day, status=Standing.WAITING)
    return waiting.filter(service__in=counter.serves).count()


def find_centres(codes: Sequence[str]) -> list[Centre]:
    """Centres of communes by the communes' five digits, in that order; the province's with an empty code."""
    found = {c.commune: c for c in Centre.objects.filter(Q(commune__in=codes))}
    return [found[code] for code in codes if code in found]


def ticket_by(code: str) -> Ticket:
    """Raises Refusal: mistyped, or unknown."""
    found = Ticket.objects.select_related("centre", "counter", "appointment").filter(code=parse_reference(code)).first()
    if found is None:
        raise Refusal("ticket.unknown", "Không có số mang mã này. Hãy lấy số mới.")
    return found


def at_counter(seat: Counter) -> Ticket | None:
    """Whom a counter has."""
    return Ticket.objects.select_related("appointment").filter(counter=seat, status__in=AT_COUNTER).first()


def centres_of(agencies: Sequence[str]) -> list[Centre]:
    """The centres where holders of these agencies' posts work."""
    return list(Centre.objects.filter(code__in=list(agencies)).order_by("sort"))
