"""What the worker does again and again: named functions with a rhythm. One loop, one thread, no queue.

An app registers them in its `jobs.py`, with `@every(seconds)`. They read the trail by cursor, so that a missed turn
loses nothing and a doubled worker does nothing twice. Real side effects (send, render) go through procrastinate.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
Work = Callable[[], int | bool | None]  # how much was done; while something was, it is called again at once
MAX_TURNS = 20  # in a row, so that no function keeps the others waiting


@dataclass(slots=True)
class Periodic:
    """A function and when it is next due, in seconds of the loop's clock."""

    name: str
    seconds: float
    work: Work
    due: float = 0.0


class Duplicate(ValueError):
    """Two functions under one name."""


class Rounds:
    """The functions of one worker."""

    def __init__(self) -> None:
        self._known: dict[str, Periodic] = {}
        self.failed: set[str] = set()  # whose last turn ended in an error

    def add(self, name: str, seconds: float, work: Work) -> None:
        if name in self._known and self._known[name].work is not work:
            raise Duplicate(name)
        self._known[name] = Periodic(name, seconds, work)

    def names(self) -> list[str]:
        return sorted(self._known)

    def turn(self, now: float, clock: Callable[[], float]) -> float:
        """Do what is due at `now`; how many seconds until the next is. An error stops one function's turn, no more."""
        for job in self._known.values():
            if job.due <= now:
                self._do(job)
                job.due = clock() + job.seconds
        return max(0.0, min((job.due for job in self._known.values()), default=now + 1.0) - clock())

    def _do(self, job: Periodic) -> None:
        self.failed.discard(job.name)
        try:
            for _ in range(MAX_TURNS):
                if not job.work():
                    return
        except Exception:
            self.failed.add(job.name)
            log.exception("việc định kỳ %s bị lỗi", job.name)


rounds = Rounds()


def every(seconds: float, name: str | None = None) -> Callable[[Work], Work]:
    """Register a function with the worker: called each `seconds`, again at once while it returns something true."""

    def register(work: Work) -> Work:
        rounds.add(name or f"{work.__module__}.{getattr(work, '__name__', 'work')}", seconds, work)
        return work

    return register
