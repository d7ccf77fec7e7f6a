"""Notices made from the trail, by a cursor, in batches: never in the request that made the event (design 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from trongdan.core.cases.outbox import OutboxEvent, advance, cursor_of, read_batch
from trongdan.kernel.reference import format_reference

from .addresses import addresses
from .channels import channels_on
from .models import Notice, Status
from .quiet import quiet_hours
from .rules import ALERTED, APP, PERSON, Rule, posts_told, rules_for

READER = "notices"
FRESH_DAYS = 7


@dataclass(frozen=True, slots=True)
class _Case:
    """What a notice needs of a case."""

    reference: str
    agency: str
    holder: str | None
    assigned: str | None
    secret: str | None
    lent: str | None


def read_trail(most: int = 500) -> int:
    """Make the notices of the next events; how many events were read. Runs inside the job scope."""
    events = read_batch(cursor_of(READER), most)
    if events:
        make_notices(events)
        advance(READER, events[-1])
    return len(events)


def make_notices(events: Sequence[OutboxEvent], now: datetime | None = None) -> int:
    """Write the notices that events call for; how many. Runs inside the job scope; doing it again writes nothing.

    A message still waiting to go out is not joined by a second one of the same words: a night's events of one case
    are one message in the morning.
    """
    told = [(event, rule) for event in events for rule in rules_for(event.tag, event.payload)]
    if not told:
        return 0
    moment = now or timezone.now()
    cases = _cases({event.case_id for event, _ in told})
    reach = addresses().reachable({event.case_id for event, rule in told if rule.to == PERSON})
    on = channels_on()
    rows: dict[tuple[object, ...], Notice] = {}
    for event, rule in told:
        case = cases.get(event.case_id)
        if case is None:
            continue
        for post, channel in _receivers(event, rule, case, reach.get(event.case_id, frozenset()) & on):
            row = _notice(event, rule, case, post, channel, moment)
            rows.setdefault(_same(row) if row.status == Status.WAITING else (*_same(row), row.event_seq), row)
    made, waiting = _there(rows.values())
    new = [row for row in rows.values() if _same(row) not in waiting and (*_same(row), row.event_seq) not in made]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _receivers(event: OutboxEvent, rule: Rule, case: _Case, reach: frozenset[str]) -> Iterator[tuple[str | None, str]]:
    """(post or None, channel). A case with signs of a state secret sends nothing outside (domain 12)."""
    if ALERTED in rule.posts:
        yield from ((str(post), APP) for post in event.payload.get("alert", ()))
        return
    if rule.to != PERSON:
        assigned = event.payload.get("assigned") or case.assigned  # the one it was given to then, if it says so
        yield from ((post, APP) for post in posts_told(rule, case.agency, case.holder, assigned, case.lent))
        return
    days = int(getattr(settings, "NOTICE_FRESH_DAYS", FRESH_DAYS))
    if rule.fresh and event.at.date() - event.on > timedelta(days=days):
        return
    for channel in rule.channels:
        if channel == APP or (channel in reach and case.secret is None):
            yield None, channel


def _notice(event: OutboxEvent, rule: Rule, case: _Case, post: str | None, channel: str, now: datetime) -> Notice:
    outside = channel != APP
    # The sender keeps the letter's one number; the office tells its matters apart (TD…/1, TD…/2).
    reference = case.reference.partition("/")[0] if rule.to == PERSON else case.reference
    return Notice(
        case_id=event.case_id, event_seq=event.seq, to_kind=rule.to, post=post, channel=channel,
        template=rule.words or "", reference=reference, created_at=now,
        status=Status.WAITING if outside else Status.SENT, sent_at=None if outside else now,
        next_at=quiet_hours().next_allowed(now) if outside else None,
    )  # fmt: skip


def _same(row: Notice) -> tuple[object, ...]:
    return row.case_id, row.to_kind, row.post, row.channel, row.template


def _there(rows: Iterable[Notice]) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """What was made before: of these events, and messages that still wait to go out."""
    told = list(rows)
    same_case = Notice.objects.filter(case_id__in={row.case_id for row in told})
    key = ("case_id", "to_kind", "post", "channel", "template")
    made = same_case.filter(event_seq__in={row.event_seq for row in told}).values_list(*key, "event_seq")
    return set(made), set(same_case.filter(status=Status.WAITING).values_list(*key))


def _cases(ids: set[UUID]) -> dict[UUID, _Case]:
    """The cases by id, with the reference as people read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, reference, agency, holder, assigned, secret, lent FROM td_case WHERE id = ANY(%s)", [list(ids)])
        return {row[0]: _Case(format_reference(row[1]), *row[2:]) for row in cursor.fetchall()}
