"""The worker's part for letters, after the sender has the receipt: a first reading of each new one, and what it is like."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from trongdan.core.cases.outbox import advance, cursor_of, read_batch
from trongdan.core.cases.perform import perform_many
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import bodies, load, today
from trongdan.kernel.case import SYSTEM, Command
from trongdan.platform.jobs import rounds

from .alike import READER as ALIKE
from .alike import group_new
from .intake import KIND
from .reading import read

READER = "reading"
BATCH = 500


def read_new() -> int:
    """Read the letters that came since the last turn; how many events were looked at."""
    with scope(JOB):
        events = read_batch(cursor_of(READER), BATCH, payload=False)
        _read([event.case_id for event in events if event.tag == "letter:receipt:recorded"])
        if events:
            advance(READER, events[-1])
    return len(events)


def _read(wanted: Sequence[UUID]) -> None:
    """Advice for the letters that still wait for it, in a handful of statements for all. A letter that moved on meanwhile
    no longer needs any."""
    letters = {one.id: one for one in load(wanted, lock=True).values()
               if one.state.step == "received" and not one.state.secret and not one.state.fields.get("reading")}  # fmt: skip
    texts, commands = bodies(list(letters)), []
    for one in letters.values():
        text = texts.get(one.state.fields["text"]["content"], "")
        found = read(text, one.state.opened_on or today(), named=bool(one.state.fields.get("named_sender")))
        commands.append(Command(KIND, str(one.id), "read", {"reading": found.nature, "reading_field": found.topic}))
    perform_many([(command, None, None) for command in commands], SYSTEM, loaded=letters)


rounds.add("reading", 1, read_new)
rounds.add(ALIKE, 1, group_new)
