"""`trongdan national …`: the record for the national database: what waits, packages, reconciliation, and a stand-in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from ._shell import database, say

MOST = 10_000


@click.group(short_help="Bản ghi cho Cơ sở dữ liệu quốc gia về tiếp công dân, xử lý đơn.")
def command() -> None:
    """Bản ghi cho Cơ sở dữ liệu quốc gia về tiếp công dân, xử lý đơn, giải quyết khiếu nại, tố cáo."""


@command.command(short_help="Còn bao nhiêu bản ghi chưa gửi, từ bao giờ.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def status(as_json: bool) -> None:
    """Mỗi cơ quan: số bản ghi chưa gửi và ngày cũ nhất."""
    with database("td_job"):
        from trongdan.board.national.keeping import behind
        from trongdan.core.cases.scope import JOB, scope

        with scope(JOB):
            found = behind()
    if as_json:
        click.echo(json.dumps([{"agency": a, "records": n, "oldest": t.isoformat()} for a, n, t in found]))
        return
    for agency, count, oldest in found:
        click.echo(f"{agency} · {count} · từ {oldest:%d/%m/%Y}")
    say("Không còn bản ghi nào chờ gửi." if not found else f"{sum(n for _, n, _ in found)} bản ghi chờ gửi.")


@command.command(short_help="Gửi ngay những bản ghi đến lượt.")
def send() -> None:
    """Gửi ngay, không đợi tiến trình nền. Cần TRONGDAN_NATIONAL_URL."""
    with database("td_job"):
        from django.utils import timezone

        from trongdan.board.national import keeping
        from trongdan.board.national.port import national_port
        from trongdan.core.cases.scope import JOB, scope

        port = national_port()
        if port is None:
            raise click.ClickException("Chưa đặt TRONGDAN_NATIONAL_URL: hãy dùng `trongdan national export`.")
        while True:
            with scope(JOB):
                if not keeping.mark(timezone.now()):
                    break
        sent = failed = 0
        while (turn := keeping.send_due(port, timezone.now())).sent or turn.failed:
            sent, failed = sent + turn.sent, failed + turn.failed
    say(f"Đã gửi {sent} bản ghi; {failed} chưa được, sẽ thử lại.")


@command.command(short_help="Gói bản ghi chưa gửi vào một tệp.")
@click.option("--format", "form", type=click.Choice(["json", "xml"]), default="json", help="Dạng tệp.")
@click.option("--agency", help="Chỉ cơ quan mang mã này.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(form: str, agency: str | None, file: Path) -> None:
    """Gói bản ghi chưa gửi vào FILE (0600). Tệp có tên và lời người dân: xóa sau khi nạp xong."""
    with database("td_job"):
        from django.db import connection

        from trongdan.board.national import port
        from trongdan.board.national.record import records
        from trongdan.core.cases.scope import JOB, scope

        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT case_id FROM td_national WHERE waiting IS NOT NULL AND coalesce(%s, agency) = agency "
                           "ORDER BY waiting LIMIT %s", [agency, MOST])  # fmt: skip
            made = [record for _, record in records([row[0] for row in cursor.fetchall()]).values()]
    data = port.as_json(made) if form == "json" else port.as_xml(made)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    say(f"{len(made)} bản ghi. Nạp xong thì: trongdan national confirm TỆP-TRẢ-LỜI")


@command.command(short_help="Ghi nhận những bản ghi đã nạp, từ tệp trả lời.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def confirm(file: Path) -> None:
    """FILE là JSON: [{"ma": "7K3-9QX-M4P", "id": "mã bên kia"}, …]."""
    try:
        rows = json.loads(file.read_text("utf-8"))
    except ValueError:
        raise click.ClickException("Tệp không phải JSON.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise click.ClickException('Tệp phải là một danh sách: [{"ma": …, "id": …}].')
    with database("td_job"):
        from django.utils import timezone

        from trongdan.board.national.keeping import confirm as note

        done = note(rows, timezone.now())
    say(f"Đã ghi nhận {done}/{len(rows)} bản ghi.")


@command.command(short_help="So bản ghi đã gửi với bản ghi bên kia.")
def reconcile() -> None:
    """Khác thì ghi ra trường khác và gửi lại. Cần TRONGDAN_NATIONAL_URL."""
    with database("td_job"):
        from django.utils import timezone

        from trongdan.board.national import keeping
        from trongdan.board.national.port import NationalRefused, national_port

        port = national_port()
        if port is None:
            raise click.ClickException("Chưa đặt TRONGDAN_NATIONAL_URL.")
        looked = different = 0
        try:
            while (turn := keeping.reconcile(port, timezone.now()))[0]:
                looked, different = looked + turn[0], different + turn[1]
        except NationalRefused as refused:
            raise click.ClickException(f"Bên kia không trả lời ({refused.code}). Hãy thử lại sau.") from None
    say(f"Đã so {looked} bản ghi; {different} khác.")


@command.command(short_help="Chạy một Cơ sở dữ liệu quốc gia giả để thử kết nối.")
@click.option("--port", type=int, default=8199, help="Cổng.")
@click.option("--token", default="", help="Mã truy cập phải có.")
@click.option("--latency", type=float, default=0.0, help="Trả lời chậm chừng này giây.")
@click.option("--fail", type=click.FloatRange(0, 1), default=0.0, help="Phần yêu cầu bị lỗi 503.")
@click.option("--lose", type=click.FloatRange(0, 1), default=0.0, help="Phần bản ghi nhận mà không giữ.")
@click.option("--alter", type=click.FloatRange(0, 1), default=0.0, help="Phần bản ghi bị giữ sai.")
def simulator(port: int, token: str, latency: float, fail: float, lose: float, alter: float) -> None:
    """Chỉ nghe ở máy này, giữ trong bộ nhớ. Dừng bằng Ctrl+C."""
    from ._shell import setup

    setup("td_web")
    from trongdan.board.national.simulator import Faults, Simulator

    made = Simulator(port, token, Faults(latency, fail, lose, alter))
    say(f"Đang nghe ở {made.url} (đặt TRONGDAN_NATIONAL_URL={made.url})")
    try:
        made.server.serve_forever()
    except KeyboardInterrupt:
        made.server.server_close()
