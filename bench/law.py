"""The law: how long it takes to load, and to count one deadline."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, timedelta

from . import instance
from .figures import Result, begin, percentile

ROUNDS = 20_000
DAYS = 140  # starts on so many days in a row
_LOAD = ("import time; import trongdan.law as l; t = time.perf_counter(); book = l.load_law(); "
         "print((time.perf_counter() - t) * 1000)")  # fmt: skip


def _load_ms() -> float:
    """In a process of its own: nothing is kept from before."""
    return float(subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True).stdout)


def run() -> Result:
    """Measure and save."""
    with instance.folder():
        from trongdan.kernel.clock import Due
        from trongdan.law import load_law

        law = load_law()
        start = date(2026, 7, 13)
        rules = []
        for rule in sorted(law.rules):
            try:
                if isinstance(law.due(rule, start), Due):
                    rules.append(rule)
            except Exception as problem:  # a rule that asks for a variant is not one of those timed here
                if type(problem).__name__ != "Refusal":
                    raise
        result = begin("law", "Luật và thời hạn")
        days = [start + timedelta(days=n) for n in range(DAYS)]
        batches = []
        for batch in range(20):
            begun = time.perf_counter()
            for n in range(ROUNDS // 20):
                law.due(rules[n % len(rules)], days[(n * 7 + batch) % DAYS])
            batches.append((time.perf_counter() - begun) / (ROUNDS // 20) * 1e6)
        steps = []
        for n in range(2000):
            found = law.due(rules[n % len(rules)], days[n % DAYS])
            begun = time.perf_counter()
            if isinstance(found, Due):
                found.steps()
            steps.append((time.perf_counter() - begun) * 1e6)
        result.add("due", f"Tính một thời hạn ({len(rules)} quy định)", percentile(batches, 0.5), "µs")
        result.add("steps", "Viết ra cách tính của một thời hạn", percentile(steps, 0.5), "µs")
        loads = [_load_ms() for _ in range(5)]
        result.add("load", f"Nạp và kiểm tra toàn bộ luật ({len(law.rules)} quy định)", percentile(loads, 0.5), "ms")
        result.notes.append(f"{ROUNDS} lần tính, ngày bắt đầu trải trên {DAYS} ngày; nạp luật đo trong một tiến trình mới, 5 lần.")
        result.save()
    return result
