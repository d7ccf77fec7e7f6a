"""Whether a start has anything to prepare: `trongdan run` looks here before it spends seconds on migrations that change nothing.

A mark in the data folder says what was prepared by which program in which database. Anything that differs (a file of the
program, the demo switched on or off, the table of migrations) and all is done again: it may be done any number of times.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import psycopg

from trongdan.platform.home import home
from trongdan.platform.postgres import Cluster

FILE = "prepared"
PROGRAM = Path(__file__).resolve().parents[2]
SKIPPED = frozenset({"__pycache__", "frontend"})  # what Python makes itself; what the screens' files are built from


def _program() -> str:
    """A digest of the names, sizes and times of the program's files, and of where and by which Python it runs."""
    seen = hashlib.sha256(f"{sys.version} {PROGRAM}".encode())
    for folder, folders, names in os.walk(PROGRAM):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(names):
            found = os.stat(os.path.join(folder, name))
            seen.update(f"{folder}/{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _database(cluster: Cluster) -> str:
    """Which migrations the database has, and which database it is. Empty when it cannot say."""
    try:
        with psycopg.connect(cluster.conninfo("td_owner")) as db:
            row = db.execute("SELECT (SELECT system_identifier FROM pg_control_system()), count(*), max(id), max(applied) "
                             "FROM django_migrations").fetchone()  # fmt: skip
    except psycopg.Error:
        return ""
    return " ".join(map(str, row or ()))


def mark(cluster: Cluster, demo: bool) -> str:
    """What would be noted now; empty when the database cannot say."""
    known = _database(cluster)
    return f"{_program()} {'demo' if demo else 'no-demo'} {known}\n" if known else ""


def prepared(cluster: Cluster, demo: bool) -> bool:
    """Whether the last start prepared just this."""
    file = home() / FILE
    collected = (home() / "static" / "staticfiles.json").exists()
    return collected and file.exists() and file.read_text("utf-8") == mark(cluster, demo)


def note(cluster: Cluster, demo: bool) -> None:
    """Remember that this was prepared."""
    (home() / FILE).write_text(mark(cluster, demo), "utf-8")
