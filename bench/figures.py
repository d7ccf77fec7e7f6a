"""Figures with their targets, kept as JSON: the only thing the report is made from."""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .machine import facts, load, yardstick

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit. `target` is what it should reach: at least (`more` is better) or at most."""

    id: str
    label: str
    value: float
    unit: str = ""
    target: float | None = None
    more: bool = False

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.more else self.value <= self.target


@dataclass
class Result:
    """What one part measured, on what, beside what else. `notes` say in Vietnamese how it was done."""

    part: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    measured_at: str = ""
    load_before: list[float] = field(default_factory=list)
    load_after: list[float] = field(default_factory=list)
    yardstick_before: float = 0.0
    yardstick_after: float = 0.0

    def add(self, id: str, label: str, value: float, unit: str = "", target: float | None = None, *,  # noqa: A002
            more: bool = False) -> Figure:  # fmt: skip
        figure = Figure(id, label, round(value, 4), unit, target, more)
        self.figures.append(figure)
        mark = {None: "", True: "  đạt", False: "  CHƯA ĐẠT"}[figure.met]
        aim = "" if target is None else f"   (mục tiêu {'≥' if more else '≤'} {target:g})"
        print(f"  {label}: {figure.value:g} {unit}{aim}{mark}", flush=True)
        return figure

    def save(self, folder: Path = RESULTS) -> Path:
        self.load_after, self.yardstick_after = load(), yardstick()
        folder.mkdir(exist_ok=True)
        file = folder / f"{self.part}.json"
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
        return file


def begin(part: str, title: str) -> Result:
    """A result that knows where, when and beside what its measuring began."""
    return Result(part, title, machine=facts(), measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
                  load_before=load(), yardstick_before=yardstick())  # fmt: skip


def read(file: Path) -> Result:
    table = json.loads(file.read_text("utf-8"))
    return Result(**{**table, "figures": [Figure(**one) for one in table["figures"]]})


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def timed(work: Callable[[], Any], times: int, warm: int = 3) -> list[float]:
    """Milliseconds of each of `times` calls, after some that do not count."""
    for _ in range(warm):
        work()
    out = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        out.append((time.perf_counter() - start) * 1000)
    return out


def each_once(result: Result, id_: str, label: str, asks: Iterable[Callable[[], Any]], *, limit: float | None,
              warm: int = 3) -> None:  # fmt: skip
    """Time each ask once and add what 95 % of them stay under, in milliseconds; the first few warm the connection and do not
    count."""
    times = []
    for number, ask in enumerate(asks):
        start = time.perf_counter()
        ask()
        if number >= warm:
            times.append((time.perf_counter() - start) * 1000)
    result.add(id_, label, percentile(times, 0.95), "ms", limit)
    result.details.setdefault("times", {})[id_] = summary(times)


def summary(values: Sequence[float]) -> dict[str, float]:
    return {"n": len(values), "median": round(statistics.median(values), 3), "p95": round(percentile(values, 0.95), 3),
            "max": round(max(values), 3)}  # fmt: skip


def say(words: str) -> None:
    """Progress, to stderr."""
    print(f"· {words}", file=sys.stderr, flush=True)


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    start = time.monotonic()
    say(f"{words}…")
    yield
    say(f"{words}: {time.monotonic() - start:.1f} giây")
