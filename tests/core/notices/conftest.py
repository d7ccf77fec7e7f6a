"""A real SMTP server on this machine, and the database in the worker's role."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from tests.roles import worker
from trongdan.core.cases.scope import JOB, scope
from trongdan.kernel.reference import new_reference


@dataclass
class Post:
    """What the server was told: envelopes and letters. `answers` maps an address to the reply it gets, once or always."""

    received: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    port: int = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]  # noqa: N802
                          ) -> list[str]:  # fmt: skip
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.received.append((envelope.mail_from, list(envelope.rcpt_tos), letter))
        return "250 taken"


@pytest.fixture
def smtp(settings: Any) -> Iterator[Post]:
    post = Post(port=free_port())
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    use(settings, post.port)
    yield post
    controller.stop()


def use(settings: Any, port: int) -> None:
    """Django's own backend, which the test runner would replace by one that sends nothing."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.EMAIL_USE_TLS = False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder into which the file gateway writes."""
    monkeypatch.setenv("TRONGDAN_HOME", str(tmp_path))
    return tmp_path / "outbox-sms"


@pytest.fixture
def as_job(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The connection in the worker's role td_job; what it writes stays."""
    with django_db_blocker.unblock(), worker():
        yield


@pytest.fixture
def job_db(as_job: None) -> Iterator[None]:
    """As the worker, inside its scope, in a transaction that is rolled back."""
    with transaction.atomic(), scope(JOB):
        yield
        transaction.set_rollback(True)


MakeCase = Callable[..., UUID]


@pytest.fixture
def new_case() -> MakeCase:
    """A row of td_case and, with email= or phone=, of td_identity."""

    def make(email: str | None = None, phone: str | None = None, **columns: Any) -> UUID:
        case = uuid4()
        row = {"id": case, "province_id": 25, "reference": new_reference(os.urandom), "kind": "letters.letter", "kind_version": 1,
               "seq": 0, "step": "received", "final": False, "agency": "c05089", "opened_on": "2026-07-20", **columns}  # fmt: skip
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO td_case ({names}) VALUES ({marks})", list(row.values()))
            if email or phone:
                cursor.execute("INSERT INTO td_identity (case_id, role, name, email, phone) VALUES (%s, 'sender', "
                               "'Bùi Thị Mẫu', %s, %s)", [case, email, phone])  # fmt: skip
        return case

    return make
