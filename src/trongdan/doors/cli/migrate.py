"""`trongdan migrate`: tables, rights, collected static files and, for the demo, the province. Connects as td_owner."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec

import click

from trongdan.platform.home import home

from ._shell import database, say

SIGN_INS = "sign-ins.txt"


def tables() -> None:
    """Migrations, then the rights on the tables that stand open without a scope (the list is core.people's)."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from trongdan.core.people.open_tables import grant_statements

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in grant_statements(set(connection.introspection.table_names(cursor))):
            cursor.execute(statement)


def static_files() -> None:
    """Collected under names with a hash, compressed: what a browser may keep for ever."""
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def demo() -> None:
    """The demo province, if this installation has one; the lines it returns are kept for `trongdan run` to print."""
    if find_spec("trongdan.doors.cli.demo") is None:
        return
    from trongdan.doors.cli import demo as province  # type: ignore[attr-defined,unused-ignore]

    lines: Iterable[str] | None = province.seed()
    file = home() / SIGN_INS
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines or ())


def without_demo() -> None:
    """An instance that once was a demonstration: its sign-ins, whose password is public, open nothing any more."""
    from django.contrib.auth.models import User

    (home() / SIGN_INS).unlink(missing_ok=True)
    closed = User.objects.filter(person__demo=True, is_active=True).update(is_active=False)
    if closed:
        say(f"· Đã khóa {closed} tài khoản trình diễn.")


@click.command(short_help="Tạo hoặc nâng cấp các bảng.")
@click.option("--demo/--no-demo", "with_demo", default=False, help="Nạp tỉnh trình diễn.")
def command(with_demo: bool) -> None:
    """Tạo hoặc nâng cấp các bảng (vai td_owner), gom tệp giao diện."""
    with database("td_owner"):
        say("· Tạo, nâng cấp các bảng…")
        tables()
        static_files()
        if with_demo:
            say("· Nạp tỉnh trình diễn…")
            demo()
        else:
            without_demo()
