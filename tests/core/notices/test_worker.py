"""From a letter at the door to a message in the mail: the roles of the database, the cursor and the worker's rounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from tests.core.cases.people import wait_until_readable
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.notices.deliver import deliver_due
from trongdan.core.notices.make import read_trail
from trongdan.core.notices.models import Notice
from trongdan.core.notices.services import resend
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import Letter, receive

from .conftest import Post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def as_worker() -> Iterator[Any]:
    """`with as_worker():` the connection is td_job's."""
    from contextlib import contextmanager

    @contextmanager
    def job() -> Iterator[None]:
        connection.close()
        connection.settings_dict["USER"] = "td_job"
        try:
            wait_until_readable()
            yield
        finally:
            connection.close()
            connection.settings_dict["USER"] = "td_web"

    return job


def send_letter(now: datetime, **sender: str) -> Any:
    return receive(Letter("Đường thôn hỏng, đề nghị sửa.", "c05089", "portal", {"name": "Bùi Thị Mẫu", **sender}),
                   str(uuid4()), "test", now=now)  # fmt: skip


def test_a_letter_at_the_door_becomes_one_message_without_content(smtp: Post, as_worker: Any) -> None:
    now = datetime.now(UTC)
    receipt = send_letter(now, email="bui@example.vn")
    wait_until_readable()
    with as_worker():
        with scope(JOB):
            assert read_trail() >= 1
        with scope(JOB):
            assert read_trail() == 0
            row = Notice.objects.get(case_id=receipt.case)
            due = row.next_at
        assert due is not None
        assert deliver_due(due, 10).sent == 1
        assert deliver_due(due + timedelta(hours=1), 10).total == 0
    ((_, receivers, letter),) = smtp.received
    whole = str(letter["Subject"]) + letter.get_content()
    assert receivers == ["bui@example.vn"]
    assert receipt.reference[2:5] in whole
    for canary in ("Đường thôn", "Mẫu", receipt.token):
        assert canary not in whole


def test_the_web_sees_notices_of_cases_it_may_see_and_may_not_write_words_or_addresses(as_worker: Any) -> None:
    now = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)
    receipt = send_letter(datetime.now(UTC), phone="0912345678")
    with as_worker(), scope(JOB):
        row = Notice.objects.create(case_id=receipt.case, event_seq=0, to_kind="person", channel="sms", template="news",
                                    reference="x", status="failed", created_at=now)  # fmt: skip
    with scope(Scope(agencies=("c05089",), posts=("c05089/reception",))):
        assert Notice.objects.filter(case_id=receipt.case).count() == 1
        assert resend(row.id, now) == now
    with scope(Scope(agencies=("c04975",), posts=("c04975/reception",))):
        assert Notice.objects.filter(case_id=receipt.case).count() == 0
        with pytest.raises(Refusal) as refusal:
            resend(row.id, now)
        assert refusal.value.code == "notice.unknown"
    with pytest.raises(ProgrammingError, match="permission denied"), scope(JOB):
        Notice.objects.filter(id=row.id).update(template="other")
    with pytest.raises(ProgrammingError, match="permission denied"), scope(JOB):
        Notice.objects.filter(id=row.id).delete()
    with pytest.raises(ProgrammingError, match="no scope is set"), transaction.atomic():
        Notice.objects.count()


def test_two_workers_never_take_the_same_message(smtp: Post, as_worker: Any, role_db: Any) -> None:
    now = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)
    receipt = send_letter(datetime.now(UTC), email="bui@example.vn")
    with as_worker():
        with scope(JOB):
            Notice.objects.create(case_id=receipt.case, event_seq=9, to_kind="person", channel="email", template="news",
                                  reference="x", status="waiting", created_at=now, next_at=now)  # fmt: skip
        other: psycopg.Connection[Any] = role_db("td_job")
        other.execute("SELECT set_config('td.scope', %s, true)", [JOB.text()])
        assert other.execute("SELECT id FROM td_notice WHERE next_at <= %s FOR UPDATE", [now]).fetchall()
        assert deliver_due(now, 10).total == 0  # the other worker holds it
        other.rollback()
        assert deliver_due(now, 10).sent == 1
    assert len(smtp.received) == 1


def test_the_worker_knows_both_rounds() -> None:
    import trongdan.core.notices.jobs
    from trongdan.platform.jobs import rounds

    assert trongdan.core.notices.jobs.make in [job.work for job in rounds._known.values()]
    assert {"notices", "messages"} <= set(rounds.names())
