"""So many times in so many seconds, then no more for a while: for this process alone, in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock


class Ceiling:
    """Counts what each key did in the last `window` seconds; `full` when it did `most` or more."""

    def __init__(self, window: float, most: int, room: int = 10_000) -> None:
        self.window, self.most, self.room = window, most, room
        self._seen: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def _recent(self, key: str) -> list[float]:
        now = time.monotonic()
        return [t for t in self._seen.get(key, ()) if now - t < self.window]

    def full(self, key: str) -> bool:
        with self._lock:
            return len(self._recent(key)) >= self.most

    def note(self, key: str) -> None:
        with self._lock:
            self._seen[key] = [*self._recent(key), time.monotonic()]
            self._seen.move_to_end(key)
            while len(self._seen) > self.room:
                self._seen.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._seen.clear()
