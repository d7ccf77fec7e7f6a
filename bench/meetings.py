"""A year of reception days and conferences of the whole province, played by the services as td_web; then every head's
month and every commune's year in the reports against an oracle that counts from the script, and how fast the reports are."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

from . import instance, minimums
from .figures import Result, begin, percentile, step, summary

SEED, FIRST, LAST = 1, date(2026, 7, 1), date(2027, 6, 30)
LIMIT = 300.0  # ms, a whole page of the province
WATCHES = ("ubnd-tinh", "tinh-uy")  # the State's superior and the Party's
MONTHS = [date(2026 + (6 + n) // 12, (6 + n) % 12 + 1, 1) for n in range(12)]


def run() -> Result:
    with instance.folder() as home:
        result = begin("meetings", "Một năm tiếp công dân và đối thoại của tỉnh, so với luật")
        with instance.database(home) as cluster:
            with instance.owner(cluster) as db:  # the demonstration's own calendar: the script does not know of it
                db.execute("TRUNCATE td_reception_session CASCADE")
            import django

            django.setup()
            meetings = _played(result)
            _receptions(result, meetings)
            _conferences(result, meetings)
            _page(result)
        result.save()
    return result


def _played(result: Result) -> Any:
    from trongdan.doors.cli._year.meetings import Meetings

    meetings = Meetings(SEED, FIRST)
    with step("Diễn một năm buổi tiếp và hội nghị của cả tỉnh"):
        met = meetings.play(LAST + timedelta(days=60))
    script = meetings.script
    result.add("heads", "Người đứng đầu phải tiếp công dân", len({s.post for s in script.sittings}), "người")
    result.add("sittings", "Buổi tiếp trong lịch", len(script.sittings), "buổi")
    result.add("conferences", "Hội nghị với Nhân dân, gặp gỡ doanh nghiệp", len(script.conferences), "buổi")
    result.add("steps", "Thao tác qua đường ghi thật", met.steps, "thao tác")
    result.add("rate", "Thao tác mỗi giây", met.steps / met.seconds, "thao tác/giây")
    fates = Counter(s.fate for s in script.sittings)
    result.details |= {"fates": dict(fates), "refused": dict(met.refused)}
    result.notes.append("148 xã, Đảng ủy của 148 xã, tỉnh, sở; số phận từng buổi rút theo hạt giống: " + ", ".join(
        f"{k} {n}" for k, n in sorted(fates.items())) + f"; hệ thống từ chối: {dict(met.refused)}.")  # fmt: skip
    return meetings


def _receptions(result: Result, meetings: Any) -> None:
    """Every head of every month, as the superior's report has it, against the oracle; differences are counted."""
    from trongdan.core.agencies.models import PostRow
    from trongdan.core.cases.scope import scope
    from trongdan.kernel.case import Actor, Post
    from trongdan.kinds.reception.selectors import compliance

    posts = {s.post for s in meetings.script.sittings}
    sorts = {p.id: f"{p.agency.kind}/{p.agency.level}" for p in PostRow.objects.filter(id__in=posts).select_related("agency")}
    seen, wrong, after, times = Counter[str](), 0, LAST + timedelta(days=1), []
    for month in MONTHS:
        expected = minimums.months(meetings.script, sorts, month, after)
        for agency in WATCHES:
            post = Post(f"{agency}/inspector", "inspector", agency)
            start = time.perf_counter()
            with scope(Actor(person="00000000-0000-0000-0000-000000000007", posts=(post,), post=post)):
                found = compliance(month, after)
            times.append((time.perf_counter() - start) * 1000)
            for told in found:
                want = expected.pop(f"{told.agency}/head", None)
                if want is None:
                    continue
                said = (told.needed, set(told.days), set(told.missed), set(told.stood_in), set(told.open), told.missing)
                right = (want.asked, want.days, want.missed, want.stood_in, want.open, want.missing)
                wrong += said != right or told.verdict != minimums.verdict(want, month, after)
                seen[told.verdict] += 1
        wrong += len(expected)  # a head who is in nobody's report
    result.add("months", "Tháng của một người đứng đầu đã so với phép tính độc lập", sum(seen.values()), "tháng")
    result.add("short", "Trong đó thiếu so với luật", seen["short"], "tháng")
    result.add("differ", "Báo cáo khác phép tính độc lập", wrong, "tháng", 0)
    result.add("compliance", "Tính một tháng của cả tỉnh (95 %)", percentile(times, 0.95), "ms")


def _conferences(result: Result, meetings: Any) -> None:
    from trongdan.core.agencies.province import province
    from trongdan.kinds.dialogue.selectors import duty_of_year

    communes, wrong, without = [c.agency for c in province().communes], 0, {}
    for year in (FIRST.year, LAST.year):
        found, want = duty_of_year(year, communes), minimums.met_people(meetings.script, year)
        wrong += sum(m.counted != want.get(a, ()) or m.met != (a in want) for a, m in found.items())
        without[year] = sum(not m.met for m in found.values())
    result.add("communes", "Năm của một xã đã so: có đối thoại với Nhân dân hay không", 2 * len(communes), "năm")
    result.add("communes_differ", "Báo cáo khác phép tính độc lập", wrong, "năm", 0)
    result.details["without"] = without


def _page(result: Result) -> None:
    """The page of the provincial inspectorate through Django, month after month."""
    from django.contrib.auth.models import User
    from django.test import Client

    client, times = Client(SERVER_NAME="localhost"), []
    client.force_login(User.objects.get(username="thanhtra"))
    for month in [MONTHS[0], *MONTHS, *MONTHS]:
        start = time.perf_counter()
        answer = client.get(f"/ban-lam-viec/tiep-cong-dan/theo-doi/?thang={month:%Y-%m}")
        times.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{month}: {answer.status_code}")
    result.add("page", "Trang đủ, thiếu so với luật của cả tỉnh (95 %)", percentile(times[1:], 0.95), "ms", LIMIT)
    result.details["times"] = {"page": summary(times[1:])}
    result.notes.append("Phép tính độc lập (bench/minimums.py) đếm từ kịch bản, không dùng luật, kỳ hay báo cáo của chương trình; "
                        "số của luật chép lại ở đó. Kiểm thử còn so với báo cáo giữa chừng một tháng.")  # fmt: skip
