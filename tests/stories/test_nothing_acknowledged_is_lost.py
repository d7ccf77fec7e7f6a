"""Story: a letter whose receipt was given is never lost and never doubled, whatever is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trongdan.platform.postgres import Cluster

pytestmark = pytest.mark.slow
SENDER = """
import sys, uuid
from trongdan.doors.cli._shell import setup
setup("td_web")
from django.db import OperationalError, InterfaceError
from trongdan.kinds.letters.intake import Letter, receive
for n in range(100000):
    key = f"{sys.argv[1]}-{n:06d}"
    try:
        receipt = receive(Letter(f"Đơn số {n}", "c04978", "portal"), key, "story")
    except (OperationalError, InterfaceError):
        break
    sys.stdout.write(f"{key} {receipt.reference}\\n")
    sys.stdout.flush()
"""


FIRST = 60


def environment(home: Path, role: str) -> dict[str, str]:
    drop = ("TRONGDAN_DB_NAME", "TRONGDAN_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    return {**{k: v for k, v in os.environ.items() if k not in drop}, "TRONGDAN_HOME": str(home), "TRONGDAN_DB_ROLE": role}


def start(home: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", SENDER, name], env=environment(home, "td_web"), stdout=subprocess.PIPE, text=True)


def in_the_middle(process: subprocess.Popen[str]) -> list[str]:
    """The first letters acknowledged: from here on it is in the middle of its work, however busy this machine is."""
    assert process.stdout is not None
    return [process.stdout.readline() for _ in range(FIRST)]


def acknowledged(process: subprocess.Popen[str], first: list[str]) -> list[str]:
    assert process.stdout is not None
    with process.stdout:
        out = "".join(first) + process.stdout.read()
    process.wait(30)
    return [line for line in out.splitlines() if line.count(" ") == 1]


@pytest.mark.timeout(180)
def test_a_kill_of_web_and_database_loses_and_doubles_no_acknowledged_letter(tmp_path: Path) -> None:
    home = tmp_path / "home"
    cluster = Cluster(home / "pg")  # fsync on: this is what it is about
    cluster.start()
    try:
        subprocess.run([sys.executable, "-m", "trongdan", "migrate", "--demo"], env=environment(home, "td_owner"), check=True,
                       capture_output=True)  # fmt: skip
        web = start(home, "a")
        first = in_the_middle(web)
        web.send_signal(signal.SIGKILL)
        given = acknowledged(web, first)
        other = start(home, "b")
        first = in_the_middle(other)
        pid = cluster.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        given += acknowledged(other, first)
        assert len(given) > 100, "both were killed in the middle of work"
        time.sleep(1)
        cluster.start()
        import psycopg

        with psycopg.connect(cluster.conninfo("postgres", "trongdan")) as connection:
            stored = connection.execute("SELECT key, result ->> 'reference' FROM td_command_key WHERE client = 'story'").fetchall()
            doubled = connection.execute("SELECT count(*) - count(DISTINCT reference) FROM td_case").fetchone()
            cases = connection.execute("SELECT count(*) FROM td_case c JOIN td_event e ON e.case_id = c.id AND e.seq = 0 "
                                       "JOIN td_command_key k ON k.result ->> 'case' = c.id::text WHERE k.client = 'story'").fetchone()  # fmt: skip
        assert set(given) <= {f"{key} {reference}" for key, reference in stored}
        assert doubled == (0,)
        assert cases == (len(stored),)
        checked = subprocess.run([sys.executable, "-m", "trongdan", "check"], env=environment(home, "td_job"), capture_output=True,
                                 text=True, check=False)  # fmt: skip
        assert checked.returncode == 0, checked.stdout
    finally:
        cluster.stop()
