"""The busiest centre at its fullest, as td_web: numbers taken, numbers called, the board, the screen, a person's page."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from . import instance
from .figures import Result, begin, percentile, step, summary

LIMIT = 60.0  # ms, 95 % of the answers
LINE = 200  # people waiting, as on a bad day
DAY = date(2026, 9, 14)


def _time(result: Result, id_: str, label: str, asks: list[Callable[[], Any]], limit: float | None = LIMIT) -> None:
    times, cpu = [], 0.0
    for number, ask in enumerate(asks):
        start, used = time.perf_counter(), time.process_time()
        ask()
        if number >= 3:
            times.append((time.perf_counter() - start) * 1000)
            cpu += time.process_time() - used
    result.add(f"{id_}_cpu", f"{label}: thời gian CPU của tiến trình, trung bình", 1000 * cpu / len(times), "ms")
    result.add(id_, label, percentile(times, 0.95), "ms", limit)
    result.details.setdefault("times", {})[id_] = summary(times)


def _history(cluster: Any, days: int = 30) -> None:
    """A month of measures of the hall, in SQL: what every estimate reads."""
    with instance.owner(cluster) as db:
        db.execute(
            "INSERT INTO td_wait_measure (centre_id, service, day, hour, came, visits, seconds, squares, calls, waited, told, "
            "told_waited, judged, error, near) SELECT 'hcc-tinh', s, DATE '2026-09-14' - d, h, 30, 28, 28 * 540, 28 * 540 * 700, "
            "28, 28 * 1500, 28 * 1450, 28 * 1500, 28, 28 * 200, 22 FROM generate_series(1, %s) d, generate_series(7, 17) h, "
            "unnest(ARRAY['civil','land','social','business','residence','other','results']) s", [days])  # fmt: skip


def run(people: int = 1834) -> Result:
    """A day by seed 1 played through the real services until noon's fullest hour, then the pages measured."""
    with instance.folder() as home, instance.database(home) as cluster:
        import django

        django.setup()
        from trongdan.kernel.case import VIETNAM, Actor, Post
        from trongdan.kinds.waiting import services, simulate
        from trongdan.kinds.waiting.models import Counter, Ticket
        from trongdan.kinds.waiting.reference import rules
        from trongdan.kinds.waiting.selectors import board, screen
        from trongdan.kinds.waiting.writing import Who, centre_of

        _history(cluster)
        post = Post("hcc-tinh/officer/1", "officer", "hcc-tinh")
        seats = list(Counter.objects.filter(centre_id="hcc-tinh").order_by("number"))
        clerks = [Actor(person=str(UUID(int=n + 1)), posts=(post,), post=post) for n in range(len(seats))]
        opening = datetime(DAY.year, DAY.month, DAY.day, 7, 30, tzinfo=VIETNAM)
        for clerk, seat in zip(clerks, seats, strict=True):
            services.sit(seat.id, Who("b", f"sit{seat.id}", clerk, opening))
        result = begin("waiting", "Hàng chờ: trung tâm đông nhất lúc đông nhất")
        comers = [c for c in simulate.comers(1, DAY, rules(), people) if c.at < opening + timedelta(hours=2)]
        takes = [partial(services.take, "hcc-tinh", c.service, "kiosk", Who("kiosk", f"k{n}", None, c.at), helped=c.helped)
                 for n, c in enumerate(comers)]  # fmt: skip
        with step(f"{len(takes)} số được lấy và gọi, hàng giữ ở {LINE} người"):
            _morning(result, takes, comers, clerks)
        now, pick = comers[-1].at, random.Random(3)
        where = centre_of("hcc-tinh")
        _time(result, "board", "Bảng của trung tâm (mọi hàng, dự báo, gợi ý)", [partial(board, where, now)] * 63)
        _time(result, "screen", "Màn hình gọi số", [partial(screen, "hcc-tinh", now)] * 203)
        _time(result, "place", "Vị trí và thời gian đợi của một người",
              [partial(_place, c, now) for c in pick.sample(list(Ticket.objects.filter(status="waiting").values_list(
                  "id", "service")), 103)])  # fmt: skip
        standing = Ticket.objects.filter(status="waiting").count()
        result.add("waiting", "Người trong hàng khi đo bảng và màn hình", float(standing), "người")
        _simulated(result, people)
        result.notes.append("Số lượt theo số đã công bố (1.834 hồ sơ một ngày); giờ đến và độ dài mỗi lượt là giả định (quyết "
                            "định 0046). Đo trong tiến trình, bằng vai td_web, không tính phần dựng trang.")  # fmt: skip
        result.save()
        return result


def _morning(result: Result, takes: list[Callable[[], Any]], comers: list[Any], clerks: list[Any]) -> None:
    """Numbers taken as people come, counters calling in turn once the line is as long as on a bad day."""
    from trongdan.kinds.waiting import services
    from trongdan.kinds.waiting.writing import Who

    times: dict[str, list[float]] = {"take": [], "call": []}
    used: dict[str, float] = {"take": 0.0, "call": 0.0}

    def clocked(id_: str, ask: Callable[[], Any]) -> Any:
        start, cpu = time.perf_counter(), time.process_time()
        found = ask()
        times[id_].append((time.perf_counter() - start) * 1000)
        used[id_] += time.process_time() - cpu
        return found

    calls = standing = 0
    for take, comer in zip(takes, comers, strict=True):
        clocked("take", take)
        standing += 1
        while standing > LINE:
            who = Who("b", f"c{calls}", clerks[calls % len(clerks)], comer.at)
            calls += 1
            standing -= clocked("call", partial(services.call_next, who)) is not None
    for id_, label in (("take", "Lấy một số, có dự tính thời gian đợi"), ("call", "Gọi số tiếp (kết thúc lượt trước, đo, gọi)")):
        result.add(id_, label, percentile(times[id_][3:], 0.95), "ms", LIMIT)
        result.add(f"{id_}_cpu", f"{label}: thời gian CPU của tiến trình, trung bình", 1000 * used[id_] / len(times[id_]), "ms")
        result.details.setdefault("times", {})[id_] = summary(times[id_][3:])


def _place(ticket: tuple[UUID, str], now: datetime) -> None:
    from trongdan.kinds.waiting.selectors import hall

    hall("hcc-tinh", now).wait(ticket[1], ticket=ticket[0])


def _simulated(result: Result, people: int) -> None:
    """The whole day without a database, after a week of learning: how right the told waits are."""
    from trongdan.kinds.waiting import simulate
    from trongdan.kinds.waiting.estimate import Times
    from trongdan.kinds.waiting.hours import spans
    from trongdan.kinds.waiting.reference import rules
    from trongdan.law import load_law

    rule, calendar, errors = rules(), load_law().calendar, []
    serves = simulate.counters_of(rule.counters["tinh"])
    for seed in (1, 2, 3):
        times = Times(rule)
        for day in simulate.working_days(DAY, 5, calendar.is_working):
            open_then = spans(day, rule.sessions, calendar)
            simulate.learn(simulate.run_day(simulate.comers(seed, day, rule, people), rule, serves, times, open_then)[1], times)
        today = spans(DAY, rule.sessions, calendar)
        found, _seen = simulate.run_day(simulate.comers(seed, DAY, rule, people), rule, serves, times, today)
        if found.twice or found.lost:
            raise RuntimeError("a number was lost or served twice")
        errors.append(found)
    n = sum(f.error.n for f in errors)
    off = sum(f.error.absolute for f in errors) / n / 60
    result.add("error", "Thời gian đợi được báo lệch trung bình (3 ngày chạy thử)", off, "phút")
    result.add("near", "Lệch không quá 5 phút", 100 * sum(f.error.near for f in errors) / n, "%")
    result.add("inside", "Khoảng được báo chứa thời gian thật", 100 * sum(f.inside for f in errors) / n, "%")
    result.add("lost", "Số bị mất hoặc gọi hai lần", float(sum(f.lost + f.twice for f in errors)), "số", 0)
