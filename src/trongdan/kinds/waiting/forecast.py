"""What the next hours will bring, and whether another counter should open. Pure.

Expected comers are the mean of the same weekday's same hour in the last weeks. The work they bring, with who waits now,
is held against what the open counters can do in each hour; what is left over is the line at the hour's end.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .estimate import AtCounter, Times
from .reference import Rules

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of one group: who waits at its beginning, who will come, and the wait at its end, in minutes."""

    service: str
    hour: int
    waiting: float
    coming: float
    counters: float
    wait: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Open so many counters for a group. The figures are its reason."""

    service: str
    more: int
    hour: int
    wait: float
    coming: float
    waiting: int
    open: int
    needed: int
    idle: tuple[int, ...] = ()  # counters by number that stand free now and do not serve the group


def shares(counters: Sequence[AtCounter], work: Mapping[str, float]) -> dict[str, float]:
    """How many counters each group has: one that serves several is divided by the work that waits for it."""
    out: dict[str, float] = dict.fromkeys(work, 0.0)
    for counter in counters:
        served = [s for s in work if counter.takes(s)]
        total = sum(work[s] for s in served)
        for s in served:
            out[s] += work[s] / total if total else 1 / len(served)
    return out


def ahead(line: Sequence[str], counters: Sequence[AtCounter], coming: Mapping[tuple[str, int], float], times: Times,
          hours: Sequence[tuple[int, float]]) -> list[Hour]:  # fmt: skip
    """The coming hours, group by group. `line`: the groups of who waits now; `hours`: (hour, share of it still to come)."""
    waiting: dict[str, float] = {s: float(n) for s, n in Counter(line).items()}
    services = list(times.rules.services)
    out: list[Hour] = []
    for hour, part in hours:
        comers = {s: coming.get((s, hour), 0.0) * part for s in services}
        work = {s: (waiting.get(s, 0.0) + comers[s]) * times.mean(s, hour) for s in services}
        have = shares(counters, work)
        for s in services:
            mean = times.mean(s, hour)
            done = have[s] * part * HOUR / mean
            begin = waiting.get(s, 0.0)
            left = max(begin + comers[s] - done, 0.0)
            minutes = left * mean / have[s] / 60 if have[s] else math.inf if left else 0.0
            if begin or comers[s]:
                out.append(Hour(s, hour, begin, comers[s], have[s], minutes))
            waiting[s] = left
    return out


def suggest(found: Sequence[Hour], counters: Sequence[tuple[int, AtCounter]], line: Sequence[str], times: Times,
            rules: Rules) -> list[Suggestion]:  # fmt: skip
    """Where the wait will pass the target, the worst first: how many counters would keep it."""
    target = rules.target.total_seconds() / 60
    out: list[Suggestion] = []
    for service in rules.services:
        hours = [h for h in found if h.service == service and h.wait > target]
        if not hours:
            continue
        worst = max(hours, key=lambda h: h.wait)
        mean = times.mean(service, worst.hour)
        # Work of the hour that must be done for the rest to wait no longer than the target.
        needed = math.ceil((worst.waiting + worst.coming) * mean / (HOUR + target * 60) - 1e-9)
        more = max(needed - math.floor(worst.counters + 1e-9), 1)
        idle = tuple(n for n, c in counters if c.busy is None and not c.takes(service))
        out.append(Suggestion(service, more, worst.hour, worst.wait, worst.coming, Counter(line)[service],
                              sum(c.takes(service) for _n, c in counters), needed, idle))  # fmt: skip
    return sorted(out, key=lambda s: -s.wait)
