"""No log line carries a person's words or a tracking token."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from trongdan.platform.logs import NoWords, Plain, frames, without_secrets


@pytest.mark.parametrize(("line", "shown"), [
    ("Not Found: /theo-doi/ABC-DEF-GHJ/sEcReT-123", "Not Found: /theo-doi/ABC-DEF-GHJ/…"),
    ("/api/v1/cases/ABC?token=sEcReT&x=1", "/api/v1/cases/ABC?token=…&x=1"),
    ("/theo-doi/ABC?t=sEcReT", "/theo-doi/ABC?t=…"),
    ("/ban-lam-viec/hop-thu/?trang=2", "/ban-lam-viec/hop-thu/?trang=2"),
])  # fmt: skip
def test_tokens_leave_the_line(line: str, shown: str) -> None:
    assert without_secrets(line) == shown


def formatted(error: BaseException, *args: Any) -> str:
    record = logging.LogRecord("trongdan", logging.ERROR, __file__, 1, "lỗi ở %s", args, (type(error), error, None))
    record.request = object()
    assert NoWords().filter(record)
    assert record.request is None
    return Plain().format(record)


def test_a_traceback_has_files_and_types_but_no_message() -> None:
    try:
        try:
            int("tôi tố cáo ông A")
        except ValueError as inner:
            raise RuntimeError("ông A") from inner
    except RuntimeError as error:
        told = formatted(error, "/theo-doi/ABC/bí-mật")
    assert "ông A" not in told
    assert "bí-mật" not in told
    assert "RuntimeError" in told
    assert "ValueError" in told
    assert "test_logs.py" in told


@pytest.mark.django_db
def test_a_database_error_keeps_its_code_and_constraint_but_not_the_row() -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, NULL)",
                       ["k", "chữ riêng tư"])  # fmt: skip
    told = frames(caught.value)
    assert "riêng tư" in str(caught.value)
    assert "riêng tư" not in told
    assert "23502" in told


def test_messages_are_shown_only_where_a_developer_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRONGDAN_LOG_VALUES", "1")
    assert "thử" in formatted(ValueError("thử"), "x")
