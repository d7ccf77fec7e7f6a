"""The worker's part for dossiers: an apology is drafted before the day, and is no longer owed once the result is there; and the
national service portal's turns (national.py)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from trongdan.core.cases.outbox import OutboxEvent, advance, cursor_of, read_batch
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.kernel.case import SYSTEM, Command
from trongdan.kernel.errors import Refusal
from trongdan.platform.jobs import every, rounds

from . import fees, linked, national

DOSSIER, APOLOGY = "procedures.dossier", "procedures.apology"
READER = "apologies"
BATCH = 500
ENDS = frozenset({"dossier:result:ready", "dossier:refusal:issued", "dossier:stop:issued", "dossier:withdrawal:recorded"})


def follow(now: datetime | None = None) -> int:
    """Read what happened since the last turn; how many events were looked at. Each follow-up is its own transaction with a
    key, so a turn that was cut off is simply taken again."""
    with scope(JOB):
        events = read_batch(cursor_of(READER), BATCH)
    for event in events:
        if event.kind == DOSSIER:
            _one(event, now)
    if events:
        with scope(JOB):
            advance(READER, events[-1])
    return len(events)


def _one(event: OutboxEvent, now: datetime | None) -> None:
    if event.tag in ("clock:warned", "clock:overdue") and event.payload.get("clock") == "settle":
        _draft(event.case_id, str(event.payload.get("due")), now)
    elif event.tag in ENDS:
        _end(event.case_id, now)
        _go_on(event.case_id, now)


def _draft(case_id: UUID, due: str, now: datetime | None) -> None:
    """One apology for a dossier; none when it was rescheduled, moved on, or has one already."""
    with scope(JOB):
        found = load([case_id]).get(case_id)
        if found is None or found.state.step != "processing" or found.state.fields.get("apologised"):
            return
        if _apologies(found):
            return
    _do(Command(DOSSIER, str(case_id), "draft_apology"), f"{case_id}:{due}", now)


def _apologies(found: Loaded) -> list[Loaded]:
    """The apologies of this very dossier: a linked one's are of the same family. Runs inside a scope."""
    family = load([UUID(c) for c in found.state.children]) if found.state.children else {}
    mine = str(found.id)
    return [one for one in family.values() if one.kind.id == APOLOGY and (one.state.opener or mine) == mine]


def _end(case_id: UUID, now: datetime | None) -> None:
    with scope(JOB):
        found = load([case_id]).get(case_id)
        still = [one for one in _apologies(found) if one.state.step == "owed"] if found else []
    for one in still:
        _do(Command(APOLOGY, str(one.id), "drop"), f"{one.id}:drop", now)


def _go_on(case_id: UUID, now: datetime | None) -> None:
    """Those handed in together with a dossier that ended: with the result asked for they begin; else a person looks at them."""
    with scope(JOB):
        found = load([case_id]).get(case_id)
        if found is None or not found.state.fields.get("linked"):
            return
        waits, action = linked.waiting(case_id), "begin" if found.state.outcome == "granted" else "strand"
    for one in waits:
        _do(Command(DOSSIER, str(one), action), f"{one}:{action}", now)


def _do(command: Command, key: str, now: datetime | None) -> None:
    """A case that moved on meanwhile refuses, and nothing is owed of it any more."""
    try:
        perform(command, SYSTEM, key, client="apologies", now=now)
    except Refusal:
        return


@every(10, "payments", aside=True)
def payments() -> int:
    return fees.ask()


@every(3600, "payments_reconcile", aside=True)
def payments_reconcile() -> int:
    return fees.reconcile()


rounds.add("apologies", 2, follow)
rounds.add("portal_states", 5, national.follow)
rounds.add("portal_dossiers", 10, national.take_waiting)
