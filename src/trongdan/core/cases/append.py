"""The append: one data-modifying statement writes a decision and all that follows from it. The only raw write SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from pydantic_core import to_json

from trongdan.platform.postgres.trips import free, transact

from .rows import CASE_COLUMNS, CLOCK_COLUMNS, Row
from .scope import Scope, scope

_CASE_TYPES = (
    "id uuid, province_id int, reference text, parent uuid, kind text, kind_version int, seq int, step text, "
    "final boolean, agency text, holder text, assigned text, outcome text, secret text, nature text, topic text, "
    "commune text, arrival_no text, opened_on date, closed_on date, due_on date, late boolean, waits text, unsent boolean, "
    "vault boolean, lent text"
)
_CLOCK_TYPES = (
    "case_id uuid, clock_id text, rule text, version text, due_at date, caution_at date, days_left int, "
    "started_on date, stopped_on date, whose text, next_on date"
)
_EVENT_TYPES = (
    "case_id uuid, seq int, province_id int, at timestamptz, on_date date, tag text, kind text, kind_version int, "
    "actor_post text, actor_person uuid, on_behalf text, payload jsonb, prev text, hash text"
)
_UPDATED = [c for c in CASE_COLUMNS if c not in ("id", "province_id", "reference", "parent", "opened_on")]
_PARTS = {
    "cases": f"INSERT INTO td_case ({', '.join(CASE_COLUMNS)}) SELECT {', '.join(CASE_COLUMNS)} "
             f"FROM jsonb_to_recordset(%s) AS r({_CASE_TYPES})",
    "changed": f"UPDATE td_case c SET {', '.join(f'{c} = r.{c}' for c in _UPDATED)} "
               f"FROM jsonb_to_recordset(%s) AS r({_CASE_TYPES}) WHERE c.id = r.id",
    "events": "INSERT INTO td_event (case_id, seq, province_id, at, on_date, tag, kind, kind_version, actor_post, "
              "actor_person, on_behalf, payload, prev, hash) SELECT case_id, seq, province_id, at, on_date, tag, "
              "kind, kind_version, actor_post, actor_person, on_behalf, payload, decode(prev, 'hex'), "
              f"decode(hash, 'hex') FROM jsonb_to_recordset(%s) AS r({_EVENT_TYPES}) ORDER BY case_id, seq",
    "first_clocks": f"INSERT INTO td_clock ({', '.join(CLOCK_COLUMNS)}) SELECT {', '.join(CLOCK_COLUMNS)} "
                    f"FROM jsonb_to_recordset(%s) AS r({_CLOCK_TYPES})",  # an upsert would have to see the new case
    "clocks": f"INSERT INTO td_clock AS k ({', '.join(CLOCK_COLUMNS)}) SELECT {', '.join(CLOCK_COLUMNS)} "
              f"FROM jsonb_to_recordset(%s) AS r({_CLOCK_TYPES}) ON CONFLICT (case_id, clock_id) DO UPDATE SET "
              + ", ".join(f"{c} = excluded.{c}" for c in CLOCK_COLUMNS[2:]),
    "contents": "INSERT INTO td_content (id, case_id, field, salt, body, commitment) SELECT id, case_id, field, "
                "decode(salt, 'hex'), body, commitment FROM jsonb_to_recordset(%s) AS "
                "r(id uuid, case_id uuid, field text, salt text, body text, commitment text)",
    "identities": "INSERT INTO td_identity (case_id, role, name, phone, email, address) SELECT case_id, role, name, "
                  "phone, email, address FROM jsonb_to_recordset(%s) AS "
                  "r(case_id uuid, role text, name text, phone text, email text, address text)",
    "vault_keys": "INSERT INTO td_vault_key (case_id, wrapped) SELECT case_id, decode(wrapped, 'hex') "
                  "FROM jsonb_to_recordset(%s) AS r(case_id uuid, wrapped text)",
    "vault": "INSERT INTO td_vault (case_id, field, sealed) SELECT case_id, field, decode(sealed, 'hex') "
             "FROM jsonb_to_recordset(%s) AS r(case_id uuid, field text, sealed text)",
    "vault_terms": "INSERT INTO td_vault_term (case_id, words, mac) SELECT case_id, words, decode(mac, 'hex') "
                   "FROM jsonb_to_recordset(%s) AS r(case_id uuid, words int, mac text) ON CONFLICT DO NOTHING",
    "repeats": "INSERT INTO td_repeat AS t (case_id, first) SELECT case_id, first FROM jsonb_to_recordset(%s) AS "
               "r(case_id uuid, first uuid) ON CONFLICT (case_id) DO UPDATE SET first = excluded.first",
    "members": "INSERT INTO td_group_member AS m (case_id, group_id, since, by_person, reasons) SELECT case_id, group_id, since, "
               "true, reasons FROM jsonb_to_recordset(%s) AS r(case_id uuid, group_id uuid, since date, reasons jsonb) "
               "ON CONFLICT (case_id) DO UPDATE SET group_id = excluded.group_id, since = excluded.since, by_person = true, "
               "reasons = excluded.reasons, out_of = CASE WHEN excluded.group_id IS NULL AND m.group_id IS NOT NULL "
               "THEN array_append(m.out_of, m.group_id) ELSE array_remove(m.out_of, excluded.group_id) END",
    "keys": "INSERT INTO td_command_key (client, key, body_hash, result, at) SELECT client, key, "
            "decode(body_hash, 'hex'), result, at FROM jsonb_to_recordset(%s) AS "
            "r(client text, key text, body_hash text, result jsonb, at timestamptz)",
    "grants": "SELECT td_grant(case_id, agency, appointment, deny, reason) AS done FROM jsonb_to_recordset(%s) AS "
              "r(case_id uuid, agency text, appointment text, deny boolean, reason text)",
}  # fmt: skip


@dataclass
class Batch:
    """Rows to write together, by table."""

    cases: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    first_clocks: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    contents: list[Row] = field(default_factory=list)
    identities: list[Row] = field(default_factory=list)
    grants: list[Row] = field(default_factory=list)
    repeats: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    keys: list[Row] = field(default_factory=list)
    vault_keys: list[Row] = field(default_factory=list)
    vault: list[Row] = field(default_factory=list)
    vault_terms: list[Row] = field(default_factory=list)
    # What lies in the vault by this batch and goes from outside it: contents, cases whose sender is named.
    withdrawn: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    undenied: list[Row] = field(default_factory=list)  # denials that end

    def take(self, other: Batch) -> None:
        """All that another batch would write as well."""
        for name, rows in other.parts():
            getattr(self, name).extend(rows)
        for name in ("withdrawn", "unnamed", "undenied"):
            getattr(self, name).extend(getattr(other, name))

    def parts(self) -> Iterable[tuple[str, list[Row]]]:
        return ((name, getattr(self, name)) for name in _PARTS if getattr(self, name))



class _Planned(ServerBindingCursor):
    """Keeps the plan of a statement on its connection: planning eight writes under row security costs the database as much
    as doing them (bench/). There are as many plans as sets of parts that occur together: some twenty."""

    def execute(self, query: Any, params: Any = None) -> Any:
        return super().execute(query, params, prepare=True)  # type: ignore[misc]


def _cursor() -> Any:
    connection.ensure_connection()
    if connection.queries_logged:  # Django's log of statements knows its own cursors only
        return connection.cursor()
    raw: Any = connection.connection
    if raw.prepare_threshold is None:  # Django's default, which forbids it; its own cursors never prepare even so
        raw.prepare_threshold = 5
    planned: Any = _Planned(raw)  # type: ignore[call-arg]
    return connection.make_cursor(planned)


def append(batch: Batch) -> None:
    """Write a batch in one statement. A key used before surfaces as IntegrityError on td_command_key_pkey."""
    statement, rows = _statement(batch, numbered=False)
    if not rows:
        return
    with _cursor() as cursor:
        for row in batch.undenied:
            cursor.execute("SELECT td_undeny(%s, %s, %s)", [row["case_id"], row["agency"], row["appointment"]])
        cursor.execute(statement, [part.decode() for part in rows])
        for content in batch.withdrawn:  # the vault's row must be there first
            cursor.execute("SELECT td_vault_withdraw(%s)", [content])
        for case in batch.unnamed:
            cursor.execute("SELECT td_vault_unname(%s)", [case])


def record(who: Scope, batch: Batch) -> None:
    """Write a batch in a transaction of its own under a scope, in three trips: for what needs to read nothing first. Inside
    a transaction that is open already it is part of that one. Errors are those of `append`."""
    connection.ensure_connection()
    more = batch.undenied or batch.withdrawn or batch.unnamed
    if more or connection.in_atomic_block or connection.queries_logged or not free(connection.connection):
        with scope(who):
            append(batch)
        return
    statement, rows = _statement(batch, numbered=True)
    with connection.wrap_database_errors:
        transact(connection.connection, ("td.scope", who.text()), statement, rows)


def _statement(batch: Batch, numbered: bool) -> tuple[str, list[bytes]]:
    """The statement that writes a batch, and its rows as JSON. `numbered`: with $1, $2 … in place of %s."""
    parts = list(batch.parts())
    return _words(tuple(name for name, _ in parts), numbered), [to_json(rows) for _, rows in parts]


@lru_cache(maxsize=128)
def _words(parts: tuple[str, ...], numbered: bool) -> str:
    marks = [f"${n}" if numbered else "%s" for n in range(1, len(parts) + 1)]
    ctes = [f"{name} AS ({_PARTS[name].replace('%s', mark)})" for name, mark in zip(parts, marks, strict=True)]
    tail = "SELECT count(*) FROM grants" if "grants" in parts else "SELECT 1"
    return f"WITH {', '.join(ctes)} {tail}"
