"""The worker's part for letters: a first reading of each new letter, after its sender has the receipt."""

from __future__ import annotations

from uuid import UUID

from trongdan.core.cases.outbox import advance, cursor_of, read_batch
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import bodies, load
from trongdan.kernel.case import SYSTEM, Command
from trongdan.kernel.errors import Refusal
from trongdan.platform.jobs import rounds

from .intake import KIND
from .reading import read

READER = "reading"
BATCH = 200


def read_new() -> int:
    """Read the letters that came since the last turn; how many events were looked at."""
    with scope(JOB):
        events = read_batch(cursor_of(READER), BATCH)
        for event in events:
            if event.tag == "letter:receipt:recorded":
                _read(event.case_id)
        if events:
            advance(READER, events[-1])
    return len(events)


def _read(wanted: UUID) -> None:
    letter = load([wanted])[wanted]
    if letter.state.step != "received" or letter.state.secret or letter.state.fields.get("reading"):
        return
    text = bodies([wanted]).get(letter.state.fields["text"]["content"], "")
    found = read(text, bool(letter.state.fields.get("named_sender")))
    try:
        perform(Command(KIND, str(wanted), "read", {"reading": found.nature, "reading_field": found.topic}), SYSTEM)
    except Refusal:
        return  # it moved on meanwhile: the advice is no longer needed


rounds.add("reading", 1, read_new)
