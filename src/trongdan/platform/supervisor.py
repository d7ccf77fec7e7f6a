"""Keeps a few child processes going, ends them in order, and never leaves one behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from .process import die_with_parent

QUICK = 5.0  # a child that ends sooner than this after its start has failed
MOST_QUICK = 3  # so often in a row, then we give up


class ChildFailed(RuntimeError):
    """A child ended at once, again and again. Holds its name and last exit code."""

    def __init__(self, name: str, code: int):
        super().__init__(f"{name}: {code}")
        self.name, self.code = name, code


@dataclass
class Child:
    """A program that is to run as long as we do."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        self.started = time.monotonic()
        # Its own session: Ctrl-C reaches only us, who end the children in order.
        self.process = subprocess.Popen(
            list(self.command), env={**os.environ, **self.env}, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM))  # fmt: skip

    def revive(self) -> bool:
        """Start it anew if it ended; whether it had. Raises ChildFailed when it keeps ending at once."""
        if self.process is None or self.process.poll() is None:
            return False
        self.failures = self.failures + 1 if time.monotonic() - self.started < QUICK else 1
        if self.failures > MOST_QUICK:
            raise ChildFailed(self.name, self.process.returncode)
        time.sleep(0.2 * self.failures)
        self.start()
        return True

    def stop(self, seconds: float = 15) -> None:
        """Ask it to end, wait, then end its whole session."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its own children too, if any is left
        self.process.wait()


class Stopping:
    """Turns SIGINT, SIGTERM and SIGHUP into a flag that the loop looks at."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: object) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        """Sleep, but not past a signal."""
        end = time.monotonic() + seconds
        while not self.asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))


def watch(children: Sequence[Child], stopping: Stopping, each_round: Callable[[], None], seconds: float = 1.0) -> None:
    """Until asked to stop: revive what ended, and call `each_round` (the database's turn)."""
    while not stopping.asked:
        each_round()
        for child in children:
            child.revive()
        stopping.wait(seconds)
