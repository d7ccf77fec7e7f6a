"""What the worker does again and again: named functions with a rhythm. One loop, one thread, no queue; what waits for
others' servers goes `aside`, in a thread of its own, so that no slow message holds up a clock, a reading or the log.

An app registers them in its `jobs.py`, with `@every(seconds)`. They read the trail by cursor, so that a missed turn
loses nothing and a doubled worker does nothing twice. Real side effects (send, render) go through procrastinate.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
Work = Callable[[], int | bool | None]  # how much was done; while something was, it is called again at once
MAX_TURNS = 4  # in a row, then the others' turn: with much to do everything follows evenly (bench/: reading held up the log)


@dataclass(slots=True)
class Periodic:
    """A function and when it is next due, in seconds of the loop's clock."""

    name: str
    seconds: float
    work: Work
    due: float = 0.0
    aside: bool = False


class Duplicate(ValueError):
    """Two functions under one name."""


class Rounds:
    """The functions of one worker."""

    def __init__(self) -> None:
        self._known: dict[str, Periodic] = {}
        self.failed: set[str] = set()  # whose last turn ended in an error

    def add(self, name: str, seconds: float, work: Work, aside: bool = False) -> None:
        if name in self._known and self._known[name].work is not work:
            raise Duplicate(name)
        self._known[name] = Periodic(name, seconds, work, aside=aside)

    def names(self) -> list[str]:
        return sorted(self._known)

    def turn(self, now: float, clock: Callable[[], float], aside: bool | None = None) -> float:
        """Do what is due at `now`; how many seconds until the next is. An error stops one function's turn, no more.
        `aside`: only what goes aside, or only what does not; all when None."""
        mine = [job for job in self._known.values() if aside is None or job.aside is aside]
        for job in mine:
            if job.due <= now:
                more = self._do(job)
                job.due = clock() if more else clock() + job.seconds
        return max(0.0, min((job.due for job in mine), default=now + 1.0) - clock())

    def _do(self, job: Periodic) -> bool:
        """Whether there is more to do at once."""
        self.failed.discard(job.name)
        try:
            for _ in range(MAX_TURNS):
                if not job.work():
                    return False
        except Exception:
            self.failed.add(job.name)
            log.exception("việc định kỳ %s bị lỗi", job.name)
            return False
        return True


rounds = Rounds()


def every(seconds: float, name: str | None = None, aside: bool = False) -> Callable[[Work], Work]:
    """Register a function with the worker: called each `seconds`, again at once while it returns something true.
    `aside`: in the thread of what waits for others' servers."""

    def register(work: Work) -> Work:
        rounds.add(name or f"{work.__module__}.{getattr(work, '__name__', 'work')}", seconds, work, aside)
        return work

    return register
