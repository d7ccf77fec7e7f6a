"""`trongdan run`: everything at once: the embedded database, migrations, the demo province, web and worker."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import click

from trongdan.platform.home import home
from trongdan.platform.postgres import Cluster
from trongdan.platform.process import die_with_parent
from trongdan.platform.supervisor import Child, ChildFailed, Stopping, watch

from ._prepared import note, prepared
from ._shell import cluster_folder, embedded, say
from .migrate import SIGN_INS

READY_SECONDS = 60


@contextmanager
def _only_one() -> Iterator[None]:
    """One `run` per data folder; another folder and port may run beside it."""
    handle = os.open(home() / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"Đã có một `trongdan run` dùng {home()}. Hãy đặt TRONGDAN_HOME khác để chạy song song."
            ) from None
        yield
    finally:
        os.close(handle)


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Không dùng được cổng {port} trên {host} ({error.strerror}). Hãy chọn cổng khác: --port hoặc PORT=…"
            ) from None


def _prepare(cluster: Cluster | None, demo: bool) -> None:
    """Migrations in a process of their own: its memory goes with it. Nothing when the last start left all as it is now;
    of a database that is not ours we do not know who else changes it."""
    if cluster is not None and prepared(cluster, demo):
        return
    done = subprocess.run([sys.executable, "-m", "trongdan", "migrate", "--demo" if demo else "--no-demo"],
                          check=False, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent())  # fmt: skip
    if done.returncode != 0:
        raise click.ClickException("Không chuẩn bị được cơ sở dữ liệu (xem thông báo ở trên).")
    if cluster is not None:
        note(cluster, demo)


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _wait_for(url: str, web: Child, stopping: Stopping) -> None:
    end = time.monotonic() + READY_SECONDS
    while not stopping.asked and not _answers(url):
        web.revive()
        if time.monotonic() > end:
            raise click.ClickException(f"Máy chủ web chưa trả lời ở {url} sau {READY_SECONDS} giây.")
        stopping.wait(0.1)


def _announce(url: str) -> None:
    file = home() / SIGN_INS
    words = file.read_text("utf-8") if file.exists() else ""
    click.echo(f"\nTrọng Dân đang chạy: {url}/\n{words}\nDữ liệu: {home()}\nDừng: Ctrl-C\n")
    sys.stdout.flush()


@click.command(short_help="Chạy tất cả: cơ sở dữ liệu, web, tiến trình nền.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Số tiến trình web.")
@click.option("--demo/--no-demo", default=True, show_default=True, help="Nạp tỉnh trình diễn.")
def command(host: str, port: int, workers: int, demo: bool) -> None:
    """Chạy tất cả với dữ liệu trong TRONGDAN_HOME (mặc định .trongdan). Ctrl-C dừng tất cả."""
    stopping = Stopping()
    stopping.listen()
    local = "localhost" if host in ("127.0.0.1", "0.0.0.0") else f"[{host}]" if ":" in host else host  # noqa: S104
    url = f"http://{local}:{port}"
    os.environ.setdefault("TRONGDAN_URL", url)
    os.environ["TRONGDAN_DEMO"] = "1" if demo else "0"
    with _only_one():
        _free(host, port)
        cluster = Cluster(cluster_folder()) if embedded() else None
        try:
            if cluster is not None:
                first = cluster.status() == "new"
                say("· Tạo cơ sở dữ liệu (chỉ lần đầu)…" if first else "· Khởi động cơ sở dữ liệu…")
                cluster.start(with_parent=True)
            if not stopping.asked:
                _prepare(cluster, demo)
            if not stopping.asked:
                _run(cluster, stopping, host, port, workers, url)
        finally:
            if cluster is not None:
                cluster.stop()
    say("Đã dừng.")


def _stand_ins(demo: bool) -> list[Child]:
    """The demo's national systems and its sign-in: processes of their own on free ports, unless a real address is set."""
    found: list[Child] = []
    me = [sys.executable, "-m", "trongdan"]
    if demo and not os.environ.get("TRONGDAN_REGISTER_URL"):
        port = _free_port()
        os.environ["TRONGDAN_REGISTER_URL"] = f"http://127.0.0.1:{port}"
        os.environ.setdefault("TRONGDAN_PORTAL_URL", os.environ["TRONGDAN_REGISTER_URL"])
        os.environ.setdefault("TRONGDAN_PAYMENT_URL", os.environ["TRONGDAN_REGISTER_URL"])
        found.append(Child("links", [*me, "links", "simulator", "--port", str(port), "--seed", "1"], {}))
    if demo and not os.environ.get("TRONGDAN_VNEID_ISSUER"):
        from trongdan.core.links.vneid import VNeID

        port = _free_port()
        os.environ["TRONGDAN_VNEID_ISSUER"] = f"http://127.0.0.1:{port}"
        os.environ["TRONGDAN_VNEID_CLIENT_SECRET"] = VNeID.client_secret
        found.append(Child("vneid", [*me, "links", "vneid", "--port", str(port), "--seed", "1"], {}))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(cluster: Cluster | None, stopping: Stopping, host: str, port: int, workers: int, url: str) -> None:
    me = [sys.executable, "-m", "trongdan"]
    national = _stand_ins(os.environ["TRONGDAN_DEMO"] == "1")
    web = Child("web", [*me, "serve", "--host", host, "--port", str(port), "--workers", str(workers)], {})
    worker = Child("work", [*me, "work"], {})

    def database() -> None:
        if cluster is not None and cluster.pid() is None:
            say("· Cơ sở dữ liệu đã dừng; khởi động lại…")
            cluster.start(with_parent=True)

    try:
        say("· Khởi động web và tiến trình nền…")
        for child in national:
            child.start()
        web.start()
        worker.start()
        _wait_for(f"{url}/khoe/", web, stopping)
        if not stopping.asked:
            _announce(url)
        watch([web, worker, *national], stopping, database)
    except ChildFailed as failed:
        raise click.ClickException(f"Tiến trình {failed.name} không chạy được (mã {failed.code}).") from None
    finally:
        web.stop()
        worker.stop()
        for child in national:
            child.stop()
