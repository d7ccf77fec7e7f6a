"""Settings and the shell around Django: headers on every page, health, and a sentence when all else fails."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.translation import get_language

from tests.instance import clean_env
from trongdan.config.wsgi import last_resort


def test_django_s_own_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_health_answers_and_every_page_forbids_foreign_and_inline_script(client: Client) -> None:
    response = client.get("/khoe/")
    assert (response.status_code, response.content) == (200, b"ok\n")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_times_are_vietnam_s_and_the_first_language_is_vietnamese() -> None:
    assert (settings.TIME_ZONE, settings.USE_TZ, settings.LANGUAGE_CODE) == ("Asia/Ho_Chi_Minh", True, "vi")
    assert [code for code, _ in settings.LANGUAGES] == ["vi", "en"]
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_an_error_that_escapes_django_becomes_a_sentence_and_a_log_line_without_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ValueError("lời của dân")

    statuses: list[str] = []
    with caplog.at_level(logging.ERROR):
        body = b"".join(last_resort(broken)({}, lambda status, *_: statuses.append(status)))  # type: ignore[arg-type]
    assert statuses == ["500 Internal Server Error"]
    assert "thử lại" in body.decode()
    assert [r.getMessage() for r in caplog.records] == ["trang lỗi cũng bị lỗi"]


@pytest.mark.slow
def test_a_web_process_loads_neither_signing_nor_word_files_at_its_start(tmp_path: Path) -> None:
    asked = ("from trongdan.config.wsgi import settle; settle(); import sys; "
             "print(sorted({'pyhanko', 'docx', 'aiohttp'} & set(sys.modules)))")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", asked], env=clean_env(tmp_path / "home"), capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.django_db
def test_the_api_sets_no_cookie_and_speaks_vietnamese_whatever_the_thread_spoke_before(client: Client) -> None:
    client.cookies["django_language"] = "en"
    client.get("/")
    answer = client.get("/api/v1/cases/7K3-9QX-M4P?token=x", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert get_language() == "vi"
    assert client.get("/api/v1/nowhere").status_code == 404
