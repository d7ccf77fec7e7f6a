"""A simulated year of a province: how fast it is played, and the pages of registers, figures and the national record over it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from trongdan.platform.postgres import Cluster

from . import instance
from .figures import Result, begin, percentile, step, summary

HOME_AGENCY, LIMIT = "c04978", 300.0  # ms, a whole page
YEAR = "tu=2026-07-01&den=2027-06-30"
SINCE_JULY = "tu=2026-07-01&den=2026-09-30"
DESK = "/ban-lam-viec"


def run(scale: float = 0.2, runs: int = 30) -> Result:
    """Play a year at a scale into an instance of its own; then ask for the pages, each so many times (30 at most)."""
    with instance.folder() as home:
        result = begin("year", f"Một năm mô phỏng của tỉnh (quy mô {scale:g})")
        with instance.database(home) as cluster:
            played = _play(scale, home)
            _throughput(result, played)
            _checked(result)
            _pages(result, cluster, min(runs, 30))
        result.notes += _notes(scale, played)
        result.details["played"] = played
        result.save()
    return result


def _play(scale: float, home: Path) -> dict[str, Any]:
    import json

    with step(f"Diễn một năm, quy mô {scale:g}"):
        done = subprocess.run([*instance.PROGRAM, "simulate", "--seed", "1", "--scale", str(scale), "--json"], check=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    out: dict[str, Any] = json.loads(done.stdout)
    return out


def _throughput(result: Result, played: dict[str, Any]) -> None:
    result.add("letters", "Đơn đến", played["letters"], "đơn")
    result.add("cases", "Hồ sơ sau một năm (đơn và việc mở từ đơn)", played["cases"], "hồ sơ")
    result.add("events", "Sự kiện trong dấu vết", played["events"], "sự kiện")
    result.add("commands", "Thao tác qua perform_many", played["commands"], "thao tác")
    result.add("rate", "Thao tác mỗi giây (kể cả quét thời hạn mỗi sáng)", played["commands_per_second"], "thao tác/giây")
    result.add("seconds", "Cả năm diễn trong", played["seconds"], "giây")
    result.add("follow", "Nhật ký chung, tìm kiếm, dòng thống kê theo kịp trong", played["follow_seconds"], "giây")


def _checked(result: Result) -> None:
    start = time.perf_counter()
    with step("trongdan check --rebuild"):
        subprocess.run([*instance.PROGRAM, "check", "--rebuild"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    result.add("check", "trongdan check --rebuild, không có khác biệt nào, trong", time.perf_counter() - start, "giây")


def _pages(result: Result, cluster: Cluster, runs: int) -> None:
    """Whole pages through Django as td_web: sessions, scope, every statement. The figures' clock stands at the year's end."""
    os.environ["TRONGDAN_DB_ROLE"] = "td_web"
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client
    from django.utils import timezone

    from trongdan.doors.desk import reports as desk_reports

    later = timezone.now() + timedelta(days=365)  # what the simulated year recorded was recorded by then

    class Clock:
        localtime = staticmethod(lambda *a: timezone.localtime(*a) if a else later)
        now = staticmethod(lambda: later)

    desk_reports.timezone = Clock  # type: ignore[attr-defined]
    asked = (
        ("commune", "tiepdan", "Một xã: sổ tiếp nhận, một quý, trang đầu", f"/so/tiep-nhan/?{SINCE_JULY}"),
        ("board", "bantcd", "Ban Tiếp công dân tỉnh: phần lưu riêng, cả năm, trang đầu", f"/so/tiep-nhan/?{YEAR}&phan=rieng"),
        ("settling", "tiepdan", "Một xã: sổ theo dõi giải quyết, cả năm, trang đầu", f"/so/giai-quyet/?{YEAR}"),
        ("xlsx", "tiepdan", "Một xã: sổ tiếp nhận cả năm, tệp XLSX", f"/so/tiep-nhan.xlsx?{YEAR}"),
        ("docx", "tiepdan", "Một xã: sổ tiếp nhận cả năm, tệp DOCX", f"/so/tiep-nhan.docx?{YEAR}"),
        ("report", "tiepdan", "Một xã: thống kê xử lý đơn, một quý", f"/bao-cao/xu-ly-don/?{SINCE_JULY}"),
        ("behind", "tiepdan", "Một xã: hồ sơ sau một con số", f"/bao-cao/xu-ly-don/handled/?{YEAR}"),
        ("province", "thanhtra", "Toàn tỉnh: thống kê xử lý đơn theo cơ quan, cả năm", f"/bao-cao/xu-ly-don/?{YEAR}&coquan=tinh"),
        ("home", "tiepdan", "Một xã: trang hôm nay", "/"),
        ("list", "tiepdan", "Một xã: hồ sơ của cơ quan", "/ho-so/"),
    )  # fmt: skip
    for id_, login, label, path in asked:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=login))
        times = [_time(client, DESK + path) for _ in range(runs + 2)][2:]
        result.add(id_, f"{label} (95 %)", percentile(times, 0.95), "ms", None if id_ in ("xlsx", "docx") else LIMIT)
        result.details.setdefault("times", {})[id_] = summary(times)


def _time(client: Any, path: str, clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    answer = client.get(path)
    spent = (clock() - start) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return spent


def _notes(scale: float, played: dict[str, Any]) -> list[str]:
    part = "trọn một năm" if scale == 1 else f"{scale:g} phần của một năm; đừng nhân số ở đây lên"
    return [
        f"`trongdan simulate --seed 1 --scale {scale:g}`: {part} (cả năm là khoảng 20.000 đơn và 50.000 phản ánh), 148 xã, giờ làm "
        "việc và đợt dồn, đơn đặt ra.",
        f"{played['commands']} thao tác qua cùng `decide` như mọi cửa, gom theo giờ; {played['swept']} lượt quét có lời; "
        f"bị từ chối: {played['refused'] or 'không có'}.",
        "Trang đo qua Django (td_web, phạm vi của chức danh), một người hỏi một lúc.",
    ]
