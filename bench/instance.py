"""An installation of the program in a folder of its own, removed at the end: as an operator runs it, fsync on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from trongdan.platform.postgres import Cluster
from trongdan.platform.process import die_with_parent

from .figures import step

WAIT = 90  # seconds for a server to answer
PROGRAM = (sys.executable, "-m", "trongdan")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that becomes TRONGDAN_HOME of this process and its children; gone at the end."""
    made = Path(tempfile.mkdtemp(prefix="td-bench-"))
    kept = {k: os.environ.pop(k) for k in list(os.environ) if k.startswith(("TRONGDAN_", "DJANGO_"))}
    os.environ |= {"TRONGDAN_HOME": str(made), "DJANGO_SETTINGS_MODULE": "trongdan.config.settings", "TRONGDAN_DB_ROLE": "td_web"}
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.environ |= kept


@contextmanager
def database(home: Path) -> Iterator[Cluster]:
    """The embedded server with tables, province and demo officials, as `trongdan run` prepares them."""
    cluster = Cluster(home / "pg")
    with step("Tạo cơ sở dữ liệu, bảng và tỉnh trình diễn"):
        cluster.start(with_parent=True)
        subprocess.run([*PROGRAM, "migrate", "--demo"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    try:
        yield cluster
    finally:
        cluster.stop()


def owner(cluster: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    """A superuser's connection: sees every row."""
    return psycopg.connect(cluster.conninfo("postgres"), autocommit=True)


@contextmanager
def running(*arguments: str, ready: str = "", log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A `trongdan` command in the background, ended at the end; waits until `ready` (an address) answers."""
    out = open(log, "wb") if log else subprocess.DEVNULL  # noqa: SIM115  closed below
    process = subprocess.Popen([*PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                               preexec_fn=die_with_parent(signal.SIGTERM))  # fmt: skip
    try:
        end = time.monotonic() + WAIT
        while ready and not answers(ready):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"trongdan {' '.join(arguments)} does not answer")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        if log:
            out.close()  # type: ignore[union-attr]


@contextmanager
def web(port: int, workers: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`trongdan serve` with so many processes."""
    os.environ["TRONGDAN_URL"] = f"http://localhost:{port}"
    with running("serve", "--port", str(port), "--workers", str(workers), *more, ready=f"http://localhost:{port}/khoe/") as it:
        yield it
