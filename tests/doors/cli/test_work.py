"""`trongdan work` in the worker's role: a turn does its rounds, and the queue is drained without LISTEN."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection

from trongdan.doors.cli import work
from trongdan.doors.cli._shell import as_role
from trongdan.platform import jobs


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> jobs.Rounds:
    fresh = jobs.Rounds()
    monkeypatch.setattr(jobs, "rounds", fresh)
    return fresh


@pytest.mark.django_db(transaction=True)
def test_one_turn_does_every_round_of_the_core_without_an_error(
    rounds: jobs.Rounds, caplog: pytest.LogCaptureFixture
) -> None:
    work.register()
    assert {"search", "log", "checkpoint", "clocks"} <= set(rounds.names())
    with as_role("td_job"):
        work.loop(once=True)
    assert caplog.records == []


@pytest.mark.django_db(transaction=True)
def test_a_deferred_job_is_done_by_the_queue_in_the_worker_s_role(monkeypatch: pytest.MonkeyPatch) -> None:
    from procrastinate.contrib.django import app

    done: list[str] = []

    @app.task(name="tests.work.note")  # type: ignore[misc,unused-ignore]
    def note(word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            done.append(f"{word} {cursor.fetchone()[0]}")
        connection.close()

    monkeypatch.setattr(work, "POLL_SECONDS", 0.1)
    stop = threading.Event()
    with as_role("td_job"):
        note.defer(word="thư")
        queue = threading.Thread(target=work._queue, args=(stop,))
        queue.start()
        end = time.monotonic() + 20
        while not done and time.monotonic() < end:
            time.sleep(0.05)
        stop.set()
        queue.join(20)
    assert done == ["thư td_job"]
    assert not queue.is_alive()


@pytest.mark.django_db
def test_the_worker_may_not_touch_what_is_not_its_own(role_db: Any) -> None:
    job = role_db("td_job")
    rows = job.execute("SELECT has_table_privilege('td_job', 'auth_user', 'UPDATE'), "
                       "has_table_privilege('td_job', 'procrastinate_jobs', 'DELETE'), "
                       "has_table_privilege('td_web', 'td_event', 'UPDATE')").fetchone()  # fmt: skip
    assert rows == (False, True, False)
