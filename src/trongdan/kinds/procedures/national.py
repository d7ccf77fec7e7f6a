"""Dossiers of the national service portal: those that come are opened by themselves, and what becomes of them is told back.

Both are the worker's turns: what came waits sealed in `core/links` until it is taken; states are read from the trail, so that none
is lost and none is told before it happened, whichever door made it."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from django.db import connection
from django.utils import timezone

from trongdan.core.agencies.models import Agency
from trongdan.core.agencies.selectors import resolve
from trongdan.core.cases.outbox import OutboxEvent, advance, cursor_of, read_batch
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.links import own, portal
from trongdan.core.links.contract import DossierIn
from trongdan.core.store.owner import owner_of, remember
from trongdan.kernel.case import SYSTEM, VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.folding import fold

from .intake import KIND, SETTLES, Dossier, receive
from .selectors import ended, procedure

READER, CLIENT = "portal", "national-portal"
BATCH = 500


@dataclass(frozen=True, slots=True)
class States:
    """`data/national.toml`: what is told, by the event or the step, and what the numbers mean."""

    names: dict[str, str]
    events: dict[str, str]
    steps: dict[str, str]
    delivered: str
    source: str


@lru_cache(maxsize=1)
def states() -> States:
    table = tomllib.loads((files(__package__) / "data" / "national.toml").read_text("utf-8"))
    return States(table["names"], table["events"], table["steps"], table["delivered"], table["source"])


# --- dossiers that come -------------------------------------------------------------------------------------------------


def take(one: DossierIn) -> str:
    """Open a dossier of the portal, once for its national code: its reference. It waits at the counter like any handed in over the
    net. Raises Refusal saying why it can't be opened yet; it then waits, seen by its agency."""
    settler, centre = _where(one.agency)
    at = one.lodged_at.astimezone(VIETNAM)
    on = min(at.date(), today())  # their clock may be a little before ours
    if procedure(one.procedure, on) is None:
        gone = ended(one.procedure, on)
        raise Refusal("portal.procedure", f"Thủ tục {one.procedure} hết hiệu lực từ sau ngày {gone:%d/%m/%Y}." if gone else
                      f"Chưa có thủ tục {one.procedure} trong danh mục: nhập danh mục mới rồi hồ sơ tự vào.")  # fmt: skip
    parts = "; ".join(part.name for part in one.parts)
    taken = receive(Dossier(one.procedure, settler, "online", one.applicant, centre, by_person=True, national_code=one.code,
                           text=f"Giấy tờ điện tử ở Cổng Dịch vụ công quốc gia: {parts}" if parts else "", on=on,
                           digests=tuple(part.sha256 for part in one.parts),
                           reason=f"Nộp tại Cổng Dịch vụ công quốc gia lúc {at:%H:%M}, {at:%d/%m/%Y}."),
                    one.code, CLIENT, SYSTEM)  # fmt: skip
    if (number := one.applicant.get("number", "")) and not taken.replayed:
        with scope(JOB):
            own.link(number, taken.case, timezone.now())
            with suppress(Refusal):  # the portal's word for a number that is none: then its result is kept for nobody
                remember(owner_of(number), taken.case)
    return taken.reference


def _where(code: str) -> tuple[str, str]:
    """(the agency that settles, the centre whose counter takes it) for the agency the portal names; of an abolished unit its
    successor. Raises Refusal."""
    agency = Agency.objects.filter(code=resolve(code, today())).select_related("answers").first()
    settler = agency.answers if agency and agency.answers and agency.kind not in SETTLES else agency
    if agency is None or settler is None or settler.kind not in SETTLES:
        raise Refusal("portal.agency", f"Chưa biết cơ quan {code} mà Cổng Dịch vụ công ghi trên hồ sơ.")
    return settler.code, agency.code


# --- states that go back ------------------------------------------------------------------------------------------------


def follow(now: datetime | None = None) -> int:
    """Read what happened since the last turn and note it for the portal, each state in its order; how many events were looked at.
    Noting and the mark of how far it was read are one transaction."""
    with scope(JOB):
        events = read_batch(cursor_of(READER), BATCH, payload=False)
        loaded = load(_from_there([event.case_id for event in events if event.kind == KIND]))
        for event in events:
            if event.case_id in loaded:
                _tell(event, loaded[event.case_id], now or timezone.now())
        if events:
            advance(READER, events[-1])
    return len(events)


def _from_there(cases: list[UUID]) -> list[UUID]:
    """Those of the cases that came with a national code: asked of their first event, so that no other trail is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM td_event WHERE case_id = ANY(%s) AND seq = 0 "
                       "AND payload #>> '{data,national_code}' <> ''", [cases])  # fmt: skip
        return [row[0] for row in cursor.fetchall()]


def _tell(event: OutboxEvent, found: Loaded, now: datetime) -> None:
    code = str(found.state.fields["national_code"])
    then = fold(found.kind, (s.event for s in found.trail if s.event.seq <= event.seq))
    known, clock = states(), then.clocks.get("settle")
    if then.fields.get("delivered"):
        state = known.delivered
    else:
        state = known.events.get(event.tag) or known.steps[then.step]
    portal.tell(code, state, event.on, then.agency, now, due=clock.due if clock else None)


def last_told(loaded: Loaded) -> tuple[str, portal.Told | None, str] | None:
    """(national code, what the portal was last told, its name) of a dossier that came from there; None for any other."""
    code = str(loaded.state.fields.get("national_code") or "")
    if loaded.kind.id != KIND or not code:
        return None
    told = portal.told(code)
    return code, told, states().names.get(told.state, told.state) if told else ""


def take_waiting() -> int:
    """The worker's turn: what came is opened; how many were."""
    return portal.hand_over(take, timezone.now())
