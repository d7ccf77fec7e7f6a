"""`trongdan waiting simulate`: a day of the province's busiest centre, by a seed; how right the told waits would be."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from ._shell import say


@click.group(short_help="Hàng chờ ở Trung tâm Phục vụ hành chính công.")
def command() -> None:
    """Hàng chờ: chạy thử một ngày để đo sai số của thời gian đợi được báo."""


@command.command("simulate", short_help="Chạy thử một ngày của trung tâm đông nhất.")
@click.option("--seed", default=1, show_default=True, type=int, help="Cùng số thì cùng một ngày, đúng đến từng giây.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default="2026-09-14", show_default=True, help="Ngày chạy thử.")
@click.option("--volume", default=1834, show_default=True, type=click.IntRange(50, 20_000), help="Số lượt trung bình một ngày.")
@click.option("--learn", default=5, show_default=True, type=click.IntRange(0, 60), help="Số ngày đo trước đó để dự tính học.")
@click.option("--closed", default=0, show_default=True, type=click.IntRange(0, 40), help="Đóng bớt chừng này quầy.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def simulate(seed: int, day: datetime, volume: int, learn: int, closed: int, as_json: bool) -> None:
    """Không cần cơ sở dữ liệu. Lượng người theo số đã công bố (1.834 hồ sơ một ngày); giờ đến, độ dài mỗi lượt là giả định."""
    from trongdan.kinds.waiting import simulate as sim
    from trongdan.kinds.waiting.estimate import Times
    from trongdan.kinds.waiting.hours import spans
    from trongdan.kinds.waiting.reference import rules
    from trongdan.law import load_law

    rule, calendar, times = rules(), load_law().calendar, Times(rules())
    serves = sim.counters_of(rule.counters["tinh"])
    shut = {int((n + 0.5) * len(serves) / closed) for n in range(closed)}
    serves = [s for n, s in enumerate(serves) if n not in shut]
    if set(sim.MIX) - set().union(*serves):
        raise click.BadParameter("có nhóm việc không còn quầy nào", param_hint="--closed")
    today = spans(day.date(), rule.sessions, calendar)
    if not today:
        raise click.BadParameter("ngày ấy trung tâm nghỉ", param_hint="--day")
    for before in sim.working_days(day.date(), learn, calendar.is_working):
        say(f"· Học từ {before:%d/%m/%Y}…")
        open_then = spans(before, rule.sessions, calendar)
        sim.learn(sim.run_day(sim.comers(seed, before, rule, volume), rule, serves, times, open_then)[1], times)
    found, _seen = sim.run_day(sim.comers(seed, day.date(), rule, volume), rule, serves, times, today)
    result = {"seed": seed, "day": day.date().isoformat(), "counters": len(serves), **_figures(found)}
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else _words(result))


def _figures(found: Any) -> dict[str, Any]:
    waits, error, told = sorted(found.waits), found.error, max(found.error.n, 1)
    return {
        "taken": found.taken, "served": found.served, "away": found.away, "served_twice": found.twice, "lost": found.lost,
        "wait_mean_minutes": round(sum(waits) / len(waits) / 60, 1),
        "wait_p95_minutes": round(waits[int(0.95 * len(waits))] / 60, 1),
        "error_mean_minutes": round(error.minutes, 1), "error_within_five_percent": round(error.share, 1),
        "error_signed_minutes": round(error.signed / told / 60, 1), "bounds_held_percent": round(100 * found.inside / told, 1),
        "last_served": f"{found.last:%H:%M}",
    }  # fmt: skip


def _words(r: dict[str, Any]) -> str:
    return (f"Ngày {r['day']}, {r['counters']} quầy: {r['taken']} số, {r['served']} lượt phục vụ, "
            f"{r['away']} vắng không quay lại; gọi hai lần {r['served_twice']}, mất {r['lost']}.\n"
            f"Đợi trung bình {r['wait_mean_minutes']} phút, 95% không quá {r['wait_p95_minutes']} phút; "
            f"xong lúc {r['last_served']}.\n"
            f"Thời gian đợi được báo lệch trung bình {r['error_mean_minutes']} phút (có dấu: {r['error_signed_minutes']}); "
            f"{r['error_within_five_percent']}% lệch không quá 5 phút; "
            f"khoảng được báo đúng {r['bounds_held_percent']}%.")  # fmt: skip
