"""The tests connect as the web's role; for a while, as the worker's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def worker() -> Iterator[None]:
    """Statements inside run on a connection of td_job; what they write stays, so the test needs transaction=True."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "td_job"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


@contextmanager
def owner() -> Iterator[None]:
    """The same as td_owner, whose reference data and directory are."""
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "td_owner"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
