"""`trongdan simulate --seed N --scale S`: a year of a province with invented letters, played into the current instance."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, datetime
from typing import Any

import click

from trongdan.kernel.errors import Refusal

from ._shell import database, say


@click.command(short_help="Diễn một năm của tỉnh với đơn do chương trình đặt ra.")
@click.option("--seed", type=int, default=1, show_default=True, help="Cùng số thì cùng mã đơn, ngày giờ, kết quả.")
@click.option("--scale", type=click.FloatRange(0.0001, 2), default=0.01, show_default=True,
              help="1 là cả năm: khoảng 20.000 đơn và 50.000 phản ánh.")  # fmt: skip
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Ngày đầu; không ghi thì 2026-07-01.")
@click.option("--days", type=click.IntRange(1, 366), default=365, show_default=True, help="Bao nhiêu ngày.")
@click.option("--meetings", is_flag=True, help="Thay cho đơn: một năm buổi tiếp công dân và hội nghị đối thoại của cả tỉnh.")
@click.option("--into-existing", is_flag=True, help="Cho phép diễn vào bản đã có hồ sơ (mã đơn khi ấy ngẫu nhiên).")
@click.option("--json", "as_json", is_flag=True, help="In tóm tắt bằng JSON.")
def command(seed: int, scale: float, since: datetime | None, days: int, meetings: bool, into_existing: bool,
            as_json: bool) -> None:  # fmt: skip
    """Diễn qua đúng các thao tác thật: tiếp nhận, mở việc, thụ lý, trình ký, trả lời, quá hạn. Người và đơn đều đặt ra.

    Không chạy trên bản đang có hồ sơ thật. Mã nội bộ (UUID), muối và khóa vẫn ngẫu nhiên."""
    if meetings:
        with database("td_web"):
            met = meet(seed, since.date().replace(day=1) if since else None, max(1, days // 30), into_existing)
        if as_json:
            click.echo(json.dumps(met, ensure_ascii=False, indent=1))
        say(f"{met['sittings']} buổi tiếp, {met['conferences']} hội nghị; {met['steps']} thao tác trong {met['seconds']} giây; "
            f"bị từ chối: {met['refused'] or 'không có'}.")  # fmt: skip
        return
    with database("td_job"):
        out = run(seed, scale, since.date() if since else None, days, into_existing)
    if as_json:
        click.echo(json.dumps(out, ensure_ascii=False, indent=1))
        return
    say(f"{out['cases']} hồ sơ, {out['events']} sự kiện; {out['commands']} thao tác trong {out['seconds']} giây "
        f"({out['commands_per_second']} mỗi giây); nhắc {out['warned']}, quá hạn {out['overdue']}.")  # fmt: skip


def run(seed: int, scale: float, since: date | None = None, days: int = 365, into_existing: bool = False) -> dict[str, Any]:
    """Play a year and bring lists, search and log up to it; the summary. Django is set up as td_job. Raises Refusal."""
    from ._year.play import FIRST, Year, summary

    held = _others()
    if held and not into_existing:
        words = (f"Bản này đã có {held} đơn không phải của bản trình diễn; không diễn lẫn vào hồ sơ thật. Hãy dùng thư mục "
                 "dữ liệu trắng (TRONGDAN_HOME), hoặc ghi --into-existing nếu biết chắc.")  # fmt: skip
        raise Refusal("simulate.not_empty", words, None)
    year = Year(seed, scale, since or FIRST, days, own_references=not held)
    with click.progressbar(length=days, label="Diễn từng ngày", file=sys.stderr) as bar:
        played = year.play(bar.update)
    begun = time.perf_counter()
    followed = follow()
    return {
        "seed": seed, "scale": scale, "from": year.since.isoformat(), "days": days, "letters": played.arrived,
        "commands": played.commands, "swept": played.swept, "refused": dict(sorted(played.refused.items())),
        "seconds": round(played.seconds, 1), "commands_per_second": round(played.commands / max(played.seconds, 0.001), 1),
        "follow_seconds": round(time.perf_counter() - begun, 1), "followed": followed, **summary(),
    }  # fmt: skip


def meet(seed: int, since: date | None = None, months: int = 12, into_existing: bool = False) -> dict[str, Any]:
    """Play a year of every head's reception days and every commune's conferences; the summary. Set up as td_web. Raises Refusal."""
    from ._year.meetings import Meetings
    from ._year.play import FIRST

    if _others() and not into_existing:
        words = "Bản này đã có hồ sơ không phải của bản trình diễn; không diễn lẫn vào hồ sơ thật."
        raise Refusal("simulate.not_empty", words, None)
    year = Meetings(seed, since or FIRST, months)
    with click.progressbar(length=len(year.script.sittings) * 4, label="Diễn từng buổi", file=sys.stderr) as bar:
        met = year.play(date.max, bar.update)
    return {"seed": seed, "sittings": len(year.script.sittings), "conferences": len(year.script.conferences), "steps": met.steps,
            "refused": dict(sorted(met.refused.items())), "seconds": round(met.seconds, 1)}  # fmt: skip


def _others() -> int:
    """How many letters lie here that the demonstration did not bring."""
    from django.db import connection

    from trongdan.core.agencies.models import Agency
    from trongdan.core.cases.scope import JOB, scope

    if not Agency.objects.exists():
        raise Refusal("simulate.no_province", "Chưa có cơ quan nào. Hãy nạp tỉnh trước: trongdan migrate --demo", None)
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_case c WHERE c.parent IS NULL AND NOT EXISTS (SELECT FROM td_command_key k "
                       "WHERE (k.client = 'demo' OR k.key LIKE 'demo-%%') AND k.result ->> 'case' = c.id::text) "
                       "AND NOT EXISTS (SELECT FROM td_reception_booking b JOIN td_reception_audit a ON a.subject = b.id "
                       "AND a.client = 'demo' WHERE b.record = c.id)", [])  # fmt: skip
        return int(cursor.fetchone()[0])


def follow() -> int:
    """What the worker does after the fact, at once: the log, the search, the tally; how many events were read."""
    from trongdan.board.tally import fill
    from trongdan.core.cases import log
    from trongdan.core.cases.projector import fill_search
    from trongdan.core.cases.scope import JOB, scope

    read = 0
    for work in (log.extend, fill_search, fill):
        while True:
            with scope(JOB):
                done = work()
            if not done:
                break
            read += done
    return read
