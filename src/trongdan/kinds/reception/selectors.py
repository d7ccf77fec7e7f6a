"""Reading the calendar, the queue and who really came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.models import Agency, PostRow
from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases.scope import INTAKE, Scope, scope
from trongdan.core.people.selectors import holder_name
from trongdan.kernel.errors import Refusal
from trongdan.law import load_law
from trongdan.law.periods import period_of
from trongdan.law.receiving import Duty, duties, kept

from .booking import opens
from .models import Booking, Mark, Session

SHOWN_DAYS = 92  # how far ahead the public calendar looks: the longest that bodies post in one go


@dataclass(frozen=True, slots=True)
class Day:
    """A session with its words, as the public reads it. `free` is how many may still book."""

    session: Session
    agency: str
    title: str
    who: str

    @property
    def free(self) -> int:
        return max(0, self.session.capacity - self.session.taken)

    @property
    def moved(self) -> bool:
        return self.session.moved_to_id is not None


def _days(found: Iterable[Session]) -> list[Day]:
    rows = list(found)
    titles, agencies = post_titles([s.post for s in rows]), names([s.agency for s in rows])
    holders = {p: holder_name(p) for p in {s.post for s in rows}}
    return [Day(s, agencies.get(s.agency, s.agency), titles.get(s.post, s.post), holders[s.post]) for s in rows]


def words_of(session: Session) -> Day:
    """A session that was read, with its words."""
    return _days([session])[0]


def posted(agencies: Iterable[str], today: date, days: int = SHOWN_DAYS) -> list[Day]:
    """The posted days of bodies from a day on, those put off too, so that who comes to the old day reads the new one."""
    with scope(INTAKE):
        found = Session.objects.filter(agency__in=list(agencies), on__range=(today, today + timedelta(days=days)),
                                       posted_at__isnull=False)
        found = found.select_related("moved_to").order_by("on", "starts", "post")
        return _days(found)


def public_session(session: UUID) -> Day | None:
    """A posted session for anybody."""
    with scope(INTAKE):
        found = Session.objects.filter(id=session, posted_at__isnull=False).select_related("moved_to")
        return next(iter(_days(found)), None)


def at_place(agency: str) -> list[str]:
    """The bodies of the same place, whose calendars a visitor looks for together: committee, Party body, People's Council; at
    the province also the departments' own."""
    row = Agency.objects.filter(code=agency).values_list("place", "level").first()
    if row is None:
        return []
    known = {kind for kind, level in duties() if level == row[1]}
    found = Agency.objects.filter(place=row[0], level=row[1], kind__in=known, valid_to=None).order_by("kind", "sort")
    return list(found.values_list("code", flat=True))


# --- the desk ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue as the receiving desk reads it; without a name when none was given."""

    booking: Booking
    name: str
    phone: str
    needs: tuple[str, ...]


def of_agency(agency: str, since: date, until: date) -> list[Day]:
    """The agency's own days, planned or posted. Inside its scope."""
    found = Session.objects.filter(agency=agency, on__range=(since, until)).select_related("moved_to").order_by("on", "starts")
    return _days(found)


def needs_of(booking: Booking) -> tuple[str, ...]:
    """What must be ready for whoever comes."""
    said = [(booking.wheelchair, "đi xe lăn"), (booking.hearing, "khó nghe"), (booking.home_visit, "xin tiếp tại nhà"),
            (bool(booking.interpreter), f"phiên dịch: {booking.interpreter}"),
            (booking.people > 1, f"{booking.people} người")]  # fmt: skip
    return tuple(words for needed, words in said if needed)


def queue(session: UUID) -> list[Place]:
    """The queue of a session with who they are. Inside the scope of its own body: nobody else's desk sees it."""
    found = list(Booking.objects.filter(session=session).order_by("number"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, name, phone FROM td_identity WHERE role = 'sender' AND case_id = ANY(%s)",
                       [[b.id for b in found]])  # fmt: skip
        people = {row[0]: (row[1] or "", row[2] or "") for row in cursor.fetchall()}
    return [Place(b, *people.get(b.id, ("", "")), needs_of(b)) for b in found]


def marks(session: UUID) -> list[Mark]:
    """What was noted of a session, in order. Inside the scope of its own body."""
    return list(Mark.objects.filter(session=session).order_by("at", "id"))


def own_slip(booking: UUID, token: str) -> tuple[Booking, Day]:
    """A booking for whoever holds its slip. Raises Refusal "booking.not_found", the same for a wrong id and a wrong token."""
    wrong = Refusal("booking.not_found", "Mã phiếu hẹn không đúng. Ông/bà xem lại trên phiếu.", None)
    if not opens(booking, token):
        raise wrong
    with scope(Scope(case=booking)):
        found = Booking.objects.filter(id=booking).select_related("session", "session__moved_from").first()
        if found is None:
            raise wrong
        return found, _days([found.session])[0]


# --- whether the law was kept --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Kept:
    """How the head of a body kept the duty in a month. `days`: received in person, begun and ended in their own name; `ahead`:
    posted days still to come; `missed`: posted, gone by and neither put off nor received; `stood_in`: a deputy sat; `open`: begun
    but never ended, which proves no day."""

    agency: str
    name: str
    title: str
    duty: Duty
    needed: int = 0
    missing: int = 0
    days: list[date] = field(default_factory=list)
    ahead: list[date] = field(default_factory=list)
    missed: list[date] = field(default_factory=list)
    stood_in: list[date] = field(default_factory=list)
    open: list[date] = field(default_factory=list)
    over: bool = True

    @property
    def verdict(self) -> str:
        """enough | short | on_course | will_miss | no_number"""
        if not self.duty.rules:
            return "no_number"
        if not self.missing:
            return "enough"
        if self.over:
            return "short"
        return "on_course" if len(set(self.ahead)) >= self.missing else "will_miss"


def compliance(month: date, today: date) -> list[Kept]:
    """Every head within the scope's bodies and below whom the law asks to receive citizens, with how it was kept in the month:
    those who fall short first. Runs inside a scope; three statements whatever the number of bodies."""
    period = period_of("month", month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT td_reception_bodies()")
        bodies = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT session, agency, post, on_date, sort, put_off, what, mark_post FROM td_reception_kept(%s, %s)",
                       [period.first - timedelta(days=6), period.last])  # fmt: skip
        rows = cursor.fetchall()
    heads = {p.agency_id: p for p in PostRow.objects.filter(agency_id__in=bodies, role="head", agency__valid_to=None)
             .select_related("agency") if (p.agency.kind, p.agency.level) in duties()}  # fmt: skip
    facts: dict[str, dict[UUID, list[tuple[date, bool, str | None, str | None]]]] = {}
    for session, agency, post, on, _sort, put_off, what, mark_post in rows:
        if agency in heads and heads[agency].id == post:
            facts.setdefault(agency, {}).setdefault(session, []).append((on, put_off, what, mark_post))
    out = [_kept(post, facts.get(agency, {}), month, today) for agency, post in heads.items()]
    order = {"short": 0, "will_miss": 1, "on_course": 2, "enough": 3, "no_number": 4}
    return sorted(out, key=lambda k: (order[k.verdict], k.name))


def _kept(post: PostRow, sessions: dict[UUID, list[tuple[date, bool, str | None, str | None]]], month: date, today: date) -> Kept:
    period, agency = period_of("month", month), post.agency
    found = Kept(agency.code, agency.short, post.title, duties()[agency.kind, agency.level], over=period.last < today)
    received: list[date] = []
    for lines in sessions.values():
        on, put_off = lines[0][0], lines[0][1]
        noted = {(what, by) for _on, _off, what, by in lines}
        inside = period.first <= on <= period.last
        if {("began", post.id), ("ended", post.id)} <= noted:
            received.append(on)
        elif inside and ("began", post.id) in noted and on < today:
            found.open.append(on)
        elif inside and "stood_in" in {what for what, _by in noted}:
            found.stood_in.append(on)
        elif inside and on >= today and not put_off:
            found.ahead.append(on)
        elif inside and not put_off:
            found.missed.append(on)
    found.days = sorted({d for d in received if period.first <= d <= period.last})
    periods = kept(found.duty, load_law(), month, received)
    found.needed, found.missing = sum(m.needed for m in periods), sum(m.missing for m in periods)
    return found


def months_need(agency: str, month: date) -> tuple[int, int]:
    """(days that the law asks of an agency's head in a month, days posted and not put off), for whoever plans. Inside the scope."""
    row = Agency.objects.filter(code=agency).values_list("kind", "level").first()
    duty = duties().get((row[0], row[1])) if row else None
    period = period_of("month", month)
    have = Session.objects.filter(post=f"{agency}/head", on__range=(period.first, period.last), moved_to=None,
                                  posted_at__isnull=False).values_list("on", flat=True)  # fmt: skip
    return sum(m.needed for m in kept(duty, load_law(), month, [])) if duty else 0, len(set(have))


def to_remind(now: datetime) -> list[tuple[UUID, str, date, str]]:
    """(booking, reference, day, template) of who is to be told: their day is tomorrow, or was put off. Job scope."""
    today = now.date()
    waiting = Booking.objects.filter(state=Booking.State.WAITING, unnamed=False, session__moved_to=None).select_related("session")
    tomorrow = waiting.filter(session__on=today + timedelta(days=1))
    moved = waiting.filter(session__moved_from__isnull=False, session__on__gt=today)
    return [(b.id, b.reference, b.session.on, "appointment") for b in tomorrow] + [
        (b.id, b.reference, b.session.on, "appointment_moved") for b in moved]  # fmt: skip
