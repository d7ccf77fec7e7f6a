"""Letters in, through the real API on a real server, against what the database alone can do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

from trongdan.platform.postgres import Cluster

from . import follow, instance, machine, portal, reference
from .figures import Result, begin, percentile, step
from .http import Flood, Request, build, flood
from .words import letter, name_of

CONNECTIONS, WORKERS = 16, 2
CALM = 150.0  # letters a second that two cores can follow beside everything else: half a million an hour


def api_letters(port: int, first: int) -> Iterator[Request]:
    """Letters without end: each with text and key of its own, spread over the communes."""
    from trongdan.core.agencies.province import province

    communes = [c.code for c in province().communes]
    number = first
    while True:
        body = {"text": letter(number), "commune": communes[number % len(communes)],
                "sender": {"name": name_of(number), "phone": f"09{number:08d}", "address": f"xóm {number % 23 + 1}"}}  # fmt: skip
        yield Request(build("POST", "/api/v1/letters", port, json.dumps(body, ensure_ascii=False).encode(),
                            Content_Type="application/json", Idempotency_Key=str(uuid4())))  # fmt: skip
        number += 1


def ready(port: int, first: int, most: int) -> list[Request]:
    """Requests made beforehand, so that making them costs nothing while it is measured."""
    source = api_letters(port, first)
    return [next(source) for _ in range(most)]


def committed(cluster: Cluster) -> dict[str, int]:
    """Rows of letters that are really there, each with its event, clock, text and key."""
    tables = ("td_case", "td_event", "td_clock", "td_content", "td_command_key", "td_identity")
    with instance.owner(cluster) as db:
        row = db.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {t})" for t in tables)).fetchone()
    return dict(zip(tables, (int(str(v)) for v in row or ()), strict=True))


def _settings(cluster: Cluster) -> dict[str, str]:
    with instance.owner(cluster) as db:
        return {n: str(db.execute(f"SHOW {n}").fetchone()[0])  # type: ignore[index]
                for n in ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")}  # fmt: skip


def _alone(port: int, web_pid: int, letters: int) -> float:
    """Milliseconds of the web's processor time for a letter, over one connection: two busy threads of one core slow each
    other down, which the clock of the processor counts as work."""
    requests = ready(port, 30_000_000, letters)
    before = machine.cpu_seconds(machine.children(web_pid))
    run = flood(port, iter(requests), 1)
    return (machine.cpu_seconds(machine.children(web_pid)) - before) / run.good(201) * 1000


def _api(result: Result, cluster: Cluster, port: int, web_pid: int, seconds: float, tps: float) -> Flood:
    flood(port, iter(ready(port, 0, 300)), CONNECTIONS)  # connections, kinds and plans: not counted
    requests = ready(port, 1000, int(seconds * 2500))
    pids = machine.children(web_pid)
    server = machine.children(cluster.pid() or 0)
    before, cpu, db_cpu = committed(cluster), machine.cpu_seconds(pids), machine.cpu_seconds(server)
    with step(f"Nhận đơn qua API trong {seconds:g} giây"):
        run = flood(port, iter(requests), CONNECTIONS, seconds=seconds)
    cpu, db_cpu = machine.cpu_seconds(pids) - cpu, machine.cpu_seconds(machine.children(cluster.pid() or 0)) - db_cpu
    after = committed(cluster)
    good = run.good(201)
    new = {table: after[table] - before[table] for table in after}
    if any(new[t] < good for t in new) or new["td_case"] != good:
        raise RuntimeError(f"{good} letters answered, but the rows are {new}")
    result.add("rate", "Đơn nhận mỗi giây (đã ghi xong đơn, sự kiện, thời hạn; đã trả giấy xác nhận)", good / run.seconds,
               "đơn/giây", 600, more=True)  # fmt: skip
    result.add("ratio", "So với pgbench ghi đúng các dòng ấy trên cùng máy chủ", good / run.seconds / tps, "lần", 0.2, more=True)
    result.add("web_cpu", "CPU của tiến trình web cho một đơn", cpu / good * 1000, "ms", 1.8)
    result.add("p95", "95 % đơn được trả lời trong", percentile(run.latencies, 0.95), "ms", 60)
    result.add("p50", "50 % đơn được trả lời trong", percentile(run.latencies, 0.5), "ms")
    result.add("db_cpu", "CPU của PostgreSQL cho một đơn", db_cpu / good * 1000, "ms")
    result.add("web_cpu_alone", "CPU của tiến trình web cho một đơn khi từng đơn đến một (không tranh nhân với ai)",
               _alone(port, web_pid, 500), "ms")  # fmt: skip
    result.add("own_cpu", "CPU của chính bộ tạo tải cho một đơn (cùng hai nhân)", run.cpu / good * 1000, "ms")
    result.details |= {"letters": good, "statuses": run.statuses, "rows": new, "seconds": round(run.seconds, 2)}
    return run


def run(seconds: float = 20.0, pgbench_seconds: int = 10, senders: int = 1500, follow_rate: float = 600.0) -> Result:
    """Measure and save. `follow_rate`: how fast letters come while the worker runs, then again at CALM."""
    result = begin("intake", "Nhận đơn")
    with instance.folder() as home, instance.database(home) as cluster:
        import django

        django.setup()
        port = instance.free_port()
        file = home / "intake.pgbench"
        file.write_text(reference.script(), "utf-8")
        result.details |= {"settings": _settings(cluster), "script_bytes": len(file.read_bytes())}
        with step("pgbench với chính các câu lệnh của một lần nhận đơn"):
            tps = reference.measure(cluster, file, pgbench_seconds)["tps"]
        with instance.web(port, WORKERS) as web:
            _api(result, cluster, port, web.pid, seconds, tps)
            result.add("pgbench", "pgbench, 16 kết nối, ngay trước lượt ấy", tps, "giao dịch/giây")
            portal.measure(result, port, senders, CONNECTIONS)
            follow.measure(result, cluster, port, {"follow": follow_rate, "calm": CALM}, seconds, CONNECTIONS)
    result.notes += NOTES
    result.save()
    return result


NOTES = [
    "Máy chủ thật: `trongdan serve` (granian, 2 tiến trình), PostgreSQL nhúng với cấu hình của sản phẩm (fsync, "
    "synchronous_commit bật); bộ tạo tải 16 kết nối chạy trên cùng hai nhân với web và cơ sở dữ liệu.",
    "API không có trần cho một đường mạng, nên không có gì phải tắt. Mỗi đơn có `Idempotency-Key` và lời riêng, khoảng 800 ký tự.",
    "Kịch bản pgbench lấy từ chính các câu lệnh mà sản phẩm gửi khi nhận một đơn (BEGIN, đặt phạm vi, câu ghi, COMMIT), "
    "vai td_web, câu lệnh chuẩn bị sẵn như sản phẩm; pgbench chỉ thay mã hồ sơ, mã nội dung và khóa chống trùng, và chạy "
    "trên một bản sao của cơ sở dữ liệu.",
    "Số dòng trong từng bảng được đếm lại sau lượt đo; lệch với số câu trả lời 201 thì lượt đo bị hủy.",
    "Cổng: mỗi người gửi có địa chỉ riêng trong 127.0.0.0/8, mở biểu mẫu, đợi quá hai giây rồi gửi, có CSRF; trần chống "
    "máy tự động vẫn bật (60 đơn trong mười phút cho một địa chỉ), không tắt gì.",
]  # fmt: skip
