"""Story: somebody writes about the chair of a commune. Nobody at the commune can learn that there is such a letter."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from tests.home_files import beside_the_database
from tests.stories.about_the_chair import CANARY, COMMUNE, NAME, letter_about_the_chair
from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.home import home

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> tuple[str, UUID]:
    return letter_about_the_chair(monkeypatch)


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def traces(words: str, reference: str, case: UUID) -> list[str]:
    """A part of the reference is looked for with its dash, as it is shown: three letters alone stand in a form's token by chance."""
    return [t for t in (CANARY, "chim bồ câu", NAME, "0987654321", reference, f"{reference[2:5]}-", str(case)) if t in words]


@pytest.mark.parametrize("login", COMMUNE)
def test_no_page_of_any_post_of_the_commune_shows_a_trace(written: tuple[str, UUID], login: str) -> None:
    reference, case = written
    desk = at(login)
    pages = ["", "ho-so/", "ho-so/?loc=late", "ho-so/?loc=closed", "tim/?q=chim+bo+cau", "tim/?q=dinh+thi+bi+mat",
             "thong-bao/", "danh-gia/", "trinh-ky/", f"ho-so/{case}/", f"ho-so/{case}/muc-luc.zip"]  # fmt: skip
    for path in pages:
        answer = desk.get(f"/ban-lam-viec/{path}")
        shown = answer.content.decode("utf-8", "replace")
        assert not [t for t in traces(shown, reference, case) if t not in path], path
        if str(case) in path:
            assert answer.status_code == 404
    found = desk.get(f"/ban-lam-viec/tim/?q={reference}").content.decode()
    assert f"/ban-lam-viec/ho-so/{case}/" not in found
    for path, data in (("lam/", {"action": "case.note", "note": "?"}), ("kho-kin/", {"action": "vault.open", "reason": "?"}),
                       ("kho-kin/che/", {"checked": "1"}), ("co-mat/", {})):  # fmt: skip
        refused = desk.post(f"/ban-lam-viec/ho-so/{case}/{path}", data)
        assert refused.status_code == 404
        assert not traces(refused.content.decode().replace(str(case), ""), reference, case)


def test_the_reception_of_the_province_finds_it(written: tuple[str, UUID]) -> None:
    reference, case = written
    page = at("bantcd").get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    assert CANARY in page
    assert f"/ban-lam-viec/ho-so/{case}/" in at("bantcd").get(f"/ban-lam-viec/tim/?q={reference}").content.decode()


def test_no_log_line_file_name_notice_or_wrong_token_page_holds_a_trace(
    written: tuple[str, UUID], caplog: pytest.LogCaptureFixture
) -> None:
    reference, case = written
    with caplog.at_level(logging.DEBUG):
        wrong = Client().get(f"/theo-doi/{reference}/{'A' * 24}/")
        at("tiepdan").get(f"/ban-lam-viec/ho-so/{case}/")
    assert wrong.status_code == 404
    assert not [t for t in (CANARY, NAME, "0987654321") if t in wrong.content.decode() + caplog.text]
    names = [str(path.relative_to(home())) for path in beside_the_database()]
    assert names, "there is something to look through"
    assert not [n for n in names if any(t in n for t in (reference, str(case), case.hex, NAME))]
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(n::text, ' ') FROM td_notice n WHERE case_id = %s", [case])
        told: Any = cursor.fetchone()[0] or ""
        cursor.execute("SELECT string_agg(payload::text, ' ') FROM td_event WHERE case_id = %s", [case])
        trail: str = cursor.fetchone()[0]
    assert not [t for t in (CANARY, NAME, "0987654321") if t in told + trail]
