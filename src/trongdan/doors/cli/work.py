"""`trongdan work`: sweeps clocks, extends and signs the log, fills the search, sends notices. Connects as td_job."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

import click

from ._shell import database, say, setup

log = logging.getLogger(__name__)
POLL_SECONDS = 5.0  # the queue is polled: LISTEN/NOTIFY would serialise commits (design 4)
STALLED_SECONDS = 60.0
END_SECONDS = 4.0  # for what is being sent when we are asked to end; what is not done by then is tried again later


def register() -> None:
    """The rounds of the core, and those that apps bring in their own `jobs.py`."""
    from django.utils.module_loading import autodiscover_modules

    from trongdan.core.cases import drafts
    from trongdan.core.cases import log as merkle
    from trongdan.core.cases.projector import fill_search
    from trongdan.core.cases.scope import JOB, scope
    from trongdan.core.cases.sweeper import sweep
    from trongdan.platform.jobs import rounds

    def extend() -> int:
        with scope(JOB):
            return merkle.extend()

    def search() -> int:
        with scope(JOB):
            return fill_search()

    def sign() -> None:
        with scope(JOB):
            merkle.checkpoint(datetime.now(UTC))

    stuck: set[UUID] = set()  # until the calendar of that year comes with the next version

    def clocks() -> int:
        return sweep(datetime.now(UTC), stuck=stuck)

    def unsent() -> None:
        with scope(JOB):
            drafts.drop_old()

    rounds.add("drafts", 3600, unsent)
    rounds.add("search", 1, search)
    rounds.add("log", 2, extend)
    rounds.add("checkpoint", 60, sign)
    rounds.add("clocks", 30, clocks)
    autodiscover_modules("jobs")


def _queue(stop: threading.Event) -> None:
    """Runs procrastinate's jobs in a thread of their own, so that a slow message does not delay a clock."""
    from procrastinate.contrib.django import app

    async def consume() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            async with worker_app.open_async():
                worker = asyncio.create_task(worker_app.run_worker_async(
                    install_signal_handlers=False, listen_notify=False, fetch_job_polling_interval=POLL_SECONDS,
                    concurrency=2, shutdown_graceful_timeout=END_SECONDS))  # fmt: skip
                looked = 0.0
                while not stop.is_set() and not worker.done():
                    if time.monotonic() - looked > STALLED_SECONDS:
                        looked = time.monotonic()
                        for job in await worker_app.job_manager.get_stalled_jobs():  # their worker was killed
                            await worker_app.job_manager.retry_job(job)
                    await asyncio.sleep(0.2)
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)

    while not stop.is_set():
        try:
            asyncio.run(consume())
        except Exception:
            log.exception("hàng đợi bị lỗi")
        stop.wait(POLL_SECONDS)


def _aside(stop: threading.Event) -> None:
    """What waits for others' servers, in a thread and on a connection of its own."""
    from django.db import close_old_connections, connection

    from trongdan.platform.jobs import rounds

    while not stop.is_set():
        pause = rounds.turn(time.monotonic(), time.monotonic, aside=True)
        close_old_connections()
        stop.wait(min(pause, 1.0))
    connection.close()


def loop(once: bool = False) -> None:
    """Turn after turn until SIGTERM or SIGINT; `once` does each function one time (tests, cron)."""
    from django.db import close_old_connections, connections

    from trongdan.core.cases.registry import kinds
    from trongdan.platform.jobs import rounds
    from trongdan.platform.process import keep_what_is_read
    from trongdan.platform.supervisor import Stopping

    stopping, stop = Stopping(), threading.Event()
    if once:
        rounds.turn(time.monotonic(), time.monotonic)
        return
    stopping.listen()
    kinds()
    keep_what_is_read()
    beside = [threading.Thread(target=work, args=(stop,), name=work.__name__, daemon=True) for work in (_queue, _aside)]
    for thread in beside:
        thread.start()
    while not stopping.asked:
        pause = rounds.turn(time.monotonic(), time.monotonic, aside=False)
        close_old_connections()  # a connection that broke is made anew at the next turn
        stopping.wait(min(pause, 1.0))
    stop.set()
    for thread in beside:
        thread.join(END_SECONDS + 1)
    connections.close_all()


@click.command(short_help="Chạy tiến trình nền.")
@click.option("--once", is_flag=True, help="Làm mỗi việc một lượt rồi thoát.")
def command(once: bool) -> None:
    """Chạy tiến trình nền (vai td_job): thời hạn, sổ cái, tìm kiếm, gửi thông báo."""
    if not once:
        setup("td_job")
        register()
        loop()
        return
    with database("td_job"):
        from trongdan.platform.jobs import rounds

        register()
        loop(once=True)
        failed = sorted(rounds.failed)
    if failed:
        raise click.ClickException("Việc bị lỗi, xem nhật ký: " + ", ".join(failed))
    say("Xong một lượt.")
