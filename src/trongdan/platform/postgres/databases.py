"""Roles, extensions and databases of a cluster. Made by the superuser, so that migrations never need one.

td_owner owns tables and migrates; td_web serves requests; td_job runs the worker; td_export copies out;
td_definer owns the listed SECURITY DEFINER functions and can't sign in. None bypasses row security.
An operator with an own server makes the same with docs/operate.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from psycopg import sql

NAME = "trongdan"
SUPERUSER = "postgres"
ROLES = ("td_owner", "td_web", "td_job", "td_export")
DEFINER = "td_definer"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")

Conninfo = Callable[[str, str], str]


def bootstrap(conninfo: Conninfo) -> None:
    """The roles and the main database, where they are missing: each start may call it."""
    with psycopg.connect(conninfo(SUPERUSER, "postgres"), autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in ROLES:
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOBYPASSRLS").format(sql.Identifier(role)))
        if DEFINER not in known:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOBYPASSRLS").format(sql.Identifier(DEFINER)))
        member = "SELECT pg_has_role('td_owner', %s, 'MEMBER')"
        if not _one(connection, member, DEFINER):  # so that a migration may hand its functions over
            connection.execute(sql.SQL("GRANT {} TO td_owner").format(sql.Identifier(DEFINER)))
    create(conninfo, NAME)


def create(conninfo: Conninfo, name: str, template: str | None = None) -> None:
    """A database owned by td_owner with the extensions, if it is not there; or a copy of a template."""
    with psycopg.connect(conninfo(SUPERUSER, "postgres"), autocommit=True) as connection:
        if not _one(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER td_owner TEMPLATE {} {}").format(
                    sql.Identifier(name), sql.Identifier(template or "template0"),
                    sql.SQL("STRATEGY FILE_COPY" if template else ""),
                )
            )  # fmt: skip
    if template is None:
        with psycopg.connect(conninfo(SUPERUSER, name), autocommit=True) as connection:
            have = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
            for extension in EXTENSIONS:
                if extension not in have:
                    connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
            if not _one(connection, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", DEFINER):
                connection.execute(
                    sql.SQL("GRANT CREATE, USAGE ON SCHEMA public TO td_owner, {}").format(sql.Identifier(DEFINER))
                )


def drop(conninfo: Conninfo, name: str) -> None:
    with psycopg.connect(conninfo(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _one(connection: psycopg.Connection[tuple[object, ...]], query: str, *values: object) -> bool:
    row = connection.execute(query.encode(), values).fetchone()
    return row is not None and bool(row[0])
