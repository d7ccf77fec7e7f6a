"""What operators are told to run makes the same as the program makes for itself; pictures stay few and small."""

from __future__ import annotations

import re

from trongdan.platform.postgres.databases import DEFINER, EXTENSIONS, NAME, ROLES

from .sources import DOCS, documents

SMALL = 200 * 1024


def statements(name: str) -> str:
    """An SQL file of docs/operate without its comments."""
    return re.sub(r"--.*", "", (DOCS / "operate" / name).read_text("utf-8"))


def test_an_own_server_gets_the_same_roles_as_the_embedded_one_and_none_above_them() -> None:
    sql = statements("roles.sql")
    made = dict(re.findall(r"CREATE ROLE (\w+)\s+(LOGIN|NOLOGIN)\b", sql))
    assert made == {**dict.fromkeys(ROLES, "LOGIN"), DEFINER: "NOLOGIN"}
    assert sql.count("NOBYPASSRLS") == len(made)
    assert not re.search(r"\b(SUPERUSER|CREATEROLE|BYPASSRLS)\b", sql)
    assert f"GRANT {DEFINER} TO td_owner;" in sql
    assert f"CREATE DATABASE {NAME} OWNER td_owner" in sql


def test_an_own_database_gets_the_same_extensions_and_rights() -> None:
    sql = statements("database.sql")
    assert re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", sql) == list(EXTENSIONS)
    assert f"GRANT CREATE, USAGE ON SCHEMA public TO td_owner, {DEFINER};" in sql


def test_every_role_of_the_database_is_explained() -> None:
    page = (DOCS / "operate" / "database.md").read_text("utf-8")
    assert [role for role in (*ROLES, DEFINER) if f"| `{role}` |" not in page] == []


def test_pictures_are_small_and_each_is_shown_on_a_page() -> None:
    pictures = sorted((DOCS / "pictures").glob("*.png"))
    words = "\n".join(documents().values())
    assert pictures
    assert [p.name for p in pictures if p.stat().st_size > SMALL] == []
    assert [p.name for p in pictures if f"pictures/{p.name}" not in words] == []
