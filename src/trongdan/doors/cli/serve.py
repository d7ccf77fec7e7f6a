"""`trongdan serve`: the web, by granian. Connects as td_web."""

from __future__ import annotations

import os

import click

THREADS = 8  # each holds one database connection


@click.command(short_help="Chạy máy chủ web.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Số tiến trình.")
@click.option("--threads", default=THREADS, show_default=True, type=click.IntRange(1, 256), help="Số luồng.")
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Chạy máy chủ web (vai td_web). Cơ sở dữ liệu phải đang chạy; `trongdan run` lo cả hai."""
    os.environ |= {"TRONGDAN_DB_ROLE": "td_web", "TRONGDAN_SERVED": "1"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trongdan.config.settings")
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "trongdan.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=threads, backpressure=max(64, threads * 4), websockets=False, log_level=LogLevels.error,
        respawn_failed_workers=True, workers_kill_timeout=10,
    ).serve()  # fmt: skip
