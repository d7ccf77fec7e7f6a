"""A notice that no event of a case calls for: an appointment that is near, or was moved. The same rows, words and rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from trongdan.kernel.reference import format_reference

from .addresses import addresses
from .channels import channels_on
from .models import Notice, Status
from .quiet import quiet_hours
from .rules import PERSON

APPOINTMENTS = ("appointment", "appointment_moved")  # the words that no row of the rules calls for


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell whom: `subject` is the id under which the person's addresses lie; `turn` a number that is another for each
    time the same words must go out again (the day they are about)."""

    subject: UUID
    reference: str
    template: str
    turn: int


def tell_people(wanted: Sequence[Told], now: datetime) -> int:
    """Write the notices; how many were new. Job scope. Doing it again writes nothing; who left no address is left out."""
    soonest = quiet_hours().next_allowed(now)
    reach, on = addresses().reachable({t.subject for t in wanted}), channels_on()
    rows = [
        Notice(case_id=t.subject, event_seq=t.turn, to_kind=PERSON, post=None, channel=channel, template=t.template,
               reference=format_reference(t.reference), status=Status.WAITING, created_at=now, next_at=soonest)
        for t in wanted for channel in sorted(reach.get(t.subject, frozenset()) & on)
    ]  # fmt: skip
    known = set(Notice.objects.filter(case_id__in={r.case_id for r in rows})
                .values_list("case_id", "event_seq", "channel", "template"))  # fmt: skip
    new = [r for r in rows if (r.case_id, r.event_seq, r.channel, r.template) not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
