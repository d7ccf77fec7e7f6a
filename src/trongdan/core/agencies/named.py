"""Officials named in a text: whether a letter speaks of somebody of the very agency it is addressed to (design 8)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from trongdan.core.people.models import Person
from trongdan.platform.text import fold, spaced

from .models import Agency, Appointment

FRESH = 60.0  # seconds that a process keeps the directory: appointments change by the day


@dataclass(frozen=True, slots=True)
class Directory:
    """Folded names of who holds a post, by agency; and where a letter about them goes instead."""

    holders: Mapping[str, frozenset[str]]
    board: str | None
    read_at: float


_kept: list[Directory] = []


def _read() -> Directory:
    """Two statements, once a minute and process: names of officials are public, so no scope is needed."""
    people = dict(Person.objects.values_list("id", "name"))
    holders: dict[str, set[str]] = {}
    for person, agency in Appointment.objects.filter(until=None).values_list("person", "post__agency_id"):
        holders.setdefault(agency, set()).add(fold(people.get(person, "")))
    board = Agency.objects.filter(kind="reception_board", valid_to=None).values_list("code", flat=True).first()
    return Directory({a: frozenset(names) for a, names in holders.items()}, board, time.monotonic())


def directory() -> Directory:
    if not _kept or time.monotonic() - _kept[0].read_at > FRESH:
        _kept[:] = [_read()]
    return _kept[0]


def forget() -> None:
    """Read anew at the next letter: after appointments changed in this process."""
    _kept.clear()


def names_official(text: str, agency: str, sender: str = "") -> bool:
    """Whether the body of a letter names, in full, somebody who holds a post of the agency.

    The lines of address ("Kính gửi …") don't count, nor does a sender of the same name."""
    holders = directory().holders.get(agency)
    wanted = {n for n in holders if " " in n} - {fold(sender)} if holders else ()
    if not wanted:
        return False
    body = "\n".join(line for line in text.splitlines() if not fold(line).startswith("kinh gui"))
    words = spaced(fold(body))
    return any(f" {name} " in words for name in wanted)


def reception_above(agency: str) -> str:
    """The reception that a letter about officials of an agency goes to: the province's board; the same when it has none."""
    return directory().board or agency
