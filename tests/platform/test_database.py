"""The tests' own database is what they take it for."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone


@pytest.mark.django_db
def test_tests_run_in_the_role_of_the_web() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("td_web", False)


@pytest.mark.django_db
def test_the_web_may_not_change_tables() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute("CREATE TABLE public.mine (n int)")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_committing_test_leaves_is_gone_for_the_next(turn: int, owner_db: Any) -> None:
    assert owner_db.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
    assert owner_db.execute("SELECT count(*) FROM django_session").fetchone() == (1,)


def test_each_role_connects_with_its_own_rights(role_db: Any) -> None:
    assert role_db("td_job").execute("SELECT current_user").fetchone() == ("td_job",)
    assert role_db("td_export").execute("SELECT current_user").fetchone() == ("td_export",)
