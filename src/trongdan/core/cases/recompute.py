"""A holiday announced or a rule amended: the open clocks are counted anew, an event for each one that moves (design 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from trongdan.kernel.case import SYSTEM, CaseState, Command
from trongdan.kernel.decide import decide
from trongdan.kernel.lawbook import LawBook

from .perform import perform
from .scope import JOB, scope
from .trail import load

BATCH = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock whose last day changed. `was` or `now` is None where it is paused or has no limit."""

    reference: str
    agency: str
    clock: str
    rule: str
    whose: str
    was: date | None
    now: date | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Who is affected. `cases` is how many open cases were looked at, `moved` what changed in them."""

    cases: int
    moved: tuple[Moved, ...]

    @property
    def affected(self) -> int:
        return len({m.reference for m in self.moved})

    def by(self, key: Callable[[Moved], str]) -> list[tuple[str, int]]:
        """Clocks that moved, counted by a key, most first."""
        return sorted(Counter(key(m) for m in self.moved).items(), key=lambda pair: (-pair[1], pair[0]))


def recompute(law: LawBook, now: datetime, dry_run: bool = False, seen: Callable[[int], None] | None = None) -> Summary:
    """Count every open clock by `law`; each case that changes gets one `clock:recomputed`. `seen` hears the progress.

    Each case is its own transaction: a run that was cut off is simply run again. Connects as a job (scope JOB)."""
    cases, moved = 0, []
    for batch in _open_cases():
        with scope(JOB):
            loaded = load(batch)
            changing = {}
            for case_id, case in loaded.items():
                command = Command(case.kind.id, str(case_id), "clock.recompute")
                decision = decide(case.kind, case.state, command, SYSTEM, now, law)
                if decision.events:
                    changing[case_id] = command, decision.events[0].payload["clocks"]
        for case_id, (command, notes) in changing.items():
            before = loaded[case_id]
            if dry_run:
                moved += [_by_note(before.reference, before.state, n) for n in notes]
                continue
            done = perform(command, SYSTEM, now=now, law=law)
            if done.state is not None and done.tags:
                moved += _by_states(done.reference, before.state, done.state)
        cases += len(batch)
        if seen is not None:
            seen(cases)
    return Summary(cases, tuple(moved))


def _open_cases() -> Iterator[list[UUID]]:
    """The cases with a running or paused clock, in batches, in the order of their ids."""
    last = UUID(int=0)
    while True:
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT case_id FROM td_clock WHERE stopped_on IS NULL AND case_id > %s "
                           "ORDER BY case_id LIMIT %s", [last, BATCH])  # fmt: skip
            batch = [row[0] for row in cursor.fetchall()]
        if not batch:
            return
        yield batch
        last = batch[-1]


def _by_note(reference: str, state: CaseState, note: dict[str, object]) -> Moved:
    clock = state.clocks[str(note["clock"])]
    due = note.get("due")
    return Moved(reference, state.agency or "", clock.id, clock.rule, clock.whose, clock.due,
                 date.fromisoformat(str(due)) if due else None)  # fmt: skip


def _by_states(reference: str, before: CaseState, after: CaseState) -> list[Moved]:
    return [
        Moved(reference, after.agency or "", c.id, c.rule, c.whose, old.due, c.due)
        for c in after.clocks.values()
        if (old := before.clocks.get(c.id)) is not None
        and (old.due, old.caution_due, old.days_left, old.version) != (c.due, c.caution_due, c.days_left, c.version)
    ]  # fmt: skip
