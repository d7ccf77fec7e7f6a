"""A whole transaction with one statement in it, in three trips to the server: BEGIN and what is set, the statement, COMMIT.

By libpq's own calls, which wait with the interpreter's lock released: a driver's cursor costs more of the processor than the
database's answer does (bench/: 0.7 → 0.3 ms for a letter). Only for what is asked by everybody all day; all else goes through
Django's cursors.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, Escaping, ExecStatus, TransactionStatus

GOOD = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_names: WeakKeyDictionary[Any, dict[str, bytes]] = WeakKeyDictionary()  # connection -> statement -> its name there
_numbers = count()


def free(raw: psycopg.Connection[Any]) -> bool:
    """Whether no transaction is open on a connection, so that one may be made here."""
    return raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE


def transact(raw: psycopg.Connection[Any], setting: tuple[str, str], statement: str, parameters: Sequence[bytes]) -> None:
    """Do `statement` ($1, $2 …; parameters as text) in a transaction of its own that has a setting (name, value), and
    commit it. Raises psycopg's errors; nothing is written then, unless the connection broke at the commit itself."""
    try:
        _once(raw, setting, statement, parameters)
    except InvalidSqlStatementName:
        # After a ROLLBACK the driver takes away all plans of the connection (DEALLOCATE ALL), ours too: nothing was done yet.
        _names.pop(raw, None)
        _once(raw, setting, statement, parameters)


def _once(raw: psycopg.Connection[Any], setting: tuple[str, str], statement: str, parameters: Sequence[bytes]) -> None:
    name = _prepared(raw, statement)
    literal, value = Escaping(raw.pgconn).escape_literal, setting[1].encode()
    try:
        _done(raw, raw.pgconn.exec_(b"BEGIN; SELECT set_config('%b', %b, true)" % (setting[0].encode(), literal(value))))
        _done(raw, raw.pgconn.exec_prepared(name, parameters))
        if _done(raw, raw.pgconn.exec_(b"COMMIT")).command_status != b"COMMIT":
            raise psycopg.OperationalError("the server did not commit")
    except psycopg.Error:
        if raw.pgconn.status == ConnStatus.OK and raw.pgconn.transaction_status != TransactionStatus.IDLE:
            raw.pgconn.exec_(b"ROLLBACK")
        raise


def _prepared(raw: psycopg.Connection[Any], statement: str) -> bytes:
    """The name under which the connection keeps a statement's plan."""
    known = _names.setdefault(raw, {})
    name = known.get(statement)
    if name is None:
        name = f"td_{next(_numbers)}".encode()  # never the same twice: some plans may be gone while others are still there
        _done(raw, raw.pgconn.prepare(name, statement.encode()))
        known[statement] = name
    return name


def _done(raw: psycopg.Connection[Any], result: Any) -> Any:
    if result.status in GOOD:
        return result
    if raw.pgconn.status != ConnStatus.OK:
        raise psycopg.OperationalError(raw.pgconn.get_error_message())
    raise error_from_result(result)
