"""Child processes that never outlive the one who started them (Linux), and whether a process is still there."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGTERM, *, follow: bool = False) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends signal `number` to the child when its parent ends, even by kill -9.

    With `follow`, to be called by a process for itself: it goes when its present parent does.
    Linux only; elsewhere it does nothing, and a killed parent leaves its children to be found at the next start.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # loaded before the fork: nothing is imported in the child
    parent = os.getppid() if follow else os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it ended between the fork and the request
            os.kill(os.getpid(), number)

    return ask


def keep_what_is_read() -> None:
    """What a process read at its start stays to its end: kept out of the garbage collector's rounds, which walked through
    all of it every few letters, for a seventh of a letter's processor time (bench/). And fewer rounds: a request or a batch
    leaves little behind that refers to itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def alive(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def command_of(pid: int) -> str:
    """The command line of a process; empty when there is none, or none to be read."""
    if not alive(pid):
        return ""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # no /proc on this system
        ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
        return subprocess.run(ps, capture_output=True, text=True, check=False).stdout
