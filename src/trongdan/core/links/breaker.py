"""Whether to call at all: after failures in a row the other side is left alone for a while, then tried by one call. Pure.

A breaker is of one process: web and worker learn by themselves that a side is away, each after a few calls. The clock is
given (seconds that only grow), so that a day passes in a test at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Breaker:
    """Open after `most` failures in a row, for `rest` seconds; then one call tries, and decides."""

    clock: Callable[[], float]
    most: int = 5
    rest: float = 30.0
    failures: int = 0
    until: float = 0.0
    trying: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    def allows(self) -> bool:
        """Whether a call may go out now. While it rests: no; when rested: one at a time."""
        with self._lock:
            if self.failures < self.most:
                return True
            if self.clock() < self.until or self.trying:
                return False
            self.trying = True
            return True

    def worked(self) -> None:
        with self._lock:
            self.failures, self.trying = 0, False

    def failed(self) -> None:
        with self._lock:
            self.failures, self.trying = self.failures + 1, False
            if self.failures >= self.most:
                self.until = self.clock() + self.rest

    @property
    def open(self) -> bool:
        return self.failures >= self.most and self.clock() < self.until
