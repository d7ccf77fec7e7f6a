"""The embedded PostgreSQL: one cluster in a private folder, reached by its socket only.

`trust` on the socket is enough because only the folder's owner can reach it (0700, docs/decisions/0002-set-up.md).
The server goes on when the process that started it is killed; the next start finds it, or recovers what it left.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from trongdan.platform.process import alive, command_of, die_with_parent

from . import databases
from .binaries import Runner, binaries
from .errors import PostgresRefused

SOCKET_LIMIT = 107  # bytes of a unix socket's path on Linux; 103 on macOS
START_SECONDS = 120  # recovery after a crash included


class Cluster:
    """A PostgreSQL cluster below `folder`. `fsync=False` is for tests: a crash of the machine (not of a process) loses data."""

    def __init__(self, folder: Path, fsync: bool = True):
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.fsync = fsync
        self.socket = self._socket_folder()
        self._runner = Runner(self.folder)

    def _socket_folder(self) -> Path:
        """Socket paths are short by law of the system: a long folder gets a short private one elsewhere."""
        own = self.folder / "s"
        if len(os.fsencode(own / ".s.PGSQL.5432.lock")) < SOCKET_LIMIT - 4:
            return own
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        short = runtime and len(runtime) < 60 and os.access(runtime, os.W_OK)
        base = Path(runtime if short else "/tmp")  # noqa: S108  a folder of ours is made in it: 0700, its owner checked
        return base / f"td-{os.geteuid()}-{digest}"

    # --- life ---

    def start(self, *, with_parent: bool = False) -> bool:
        """Make the cluster if it is new, start it if it does not run. True if this call started it.

        Safe to call again and from several processes at once. `with_parent`: the server shuts down, cleanly, when
        the calling process ends in whatever way.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            self._private_socket_folder()
            self._runner.prepare(self.data, self.socket, self.log)
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._check_version()
            started = self._server() is None
            if started:
                self._clear_stale()
                self._launch(with_parent)
            else:
                self._wait(None)
            databases.bootstrap(self.conninfo)
        return started

    def stop(self, seconds: float = 60) -> None:
        """A fast, clean shutdown; waits for it. Nothing happens when the server does not run."""
        pid = self._server()
        if pid is None:
            return
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
        end = time.monotonic() + seconds
        while alive(pid) and (self.data / "postmaster.pid").exists():
            if time.monotonic() > end:
                raise PostgresRefused(f"PostgreSQL (tiến trình {pid}) chưa dừng sau {seconds:.0f} giây.")
            time.sleep(0.02)

    def status(self) -> str:
        """"running", "starting" (or recovering), "stopped" or "new" (no cluster yet)."""
        if not (self.data / "PG_VERSION").exists():
            return "new"
        if self._server() is None:
            return "stopped"
        return "running" if self._answers() else "starting"

    def running(self) -> bool:
        return self.status() == "running"

    def pid(self) -> int | None:
        """The server's process, or None when it does not run."""
        return self._server()

    # --- steps of the start ---

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _private_socket_folder(self) -> None:
        """Made 0700; one that another user laid there (in /tmp anybody may) is refused, links too."""
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), self._runner.owner()):
            raise PostgresRefused(
                f"Thư mục {self.socket} thuộc người dùng khác; hãy xóa nó hoặc đặt TRONGDAN_HOME ngắn hơn."
            )
        self.socket.chmod(0o700)

    def _initialise(self) -> None:
        """A new cluster beside its place, renamed in when complete: an interrupted first start leaves nothing half."""
        if self.data.exists() and any(self.data.iterdir()):
            raise PostgresRefused(
                f"{self.data} không trống mà không phải dữ liệu PostgreSQL; hãy chuyển đi rồi chạy lại."
            )
        half = self.data.with_name("data.half")
        shutil.rmtree(half, ignore_errors=True)
        done = subprocess.run(
            self._runner.command(
                "initdb", "-D", str(half), "-U", databases.SUPERUSER, "--auth=trust", "-E", "UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                "--data-checksums", *([] if self.fsync else ["--no-sync"])),
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/")  # fmt: skip
        if done.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise PostgresRefused(f"Không tạo được cơ sở dữ liệu trong {self.folder}:\n{done.stderr[-2000:]}")
        if self.data.exists():
            self.data.rmdir()
        half.rename(self.data)

    def _check_version(self) -> None:
        """Data of another major version needs an upgrade that nobody should run by accident."""
        name = subprocess.run([str(binaries() / "postgres"), "-V"], capture_output=True, text=True, check=True).stdout
        ours, theirs = name.split()[2].split(".")[0], (self.data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise PostgresRefused(
                f"Dữ liệu trong {self.data} thuộc PostgreSQL {theirs}, chương trình là bản {ours}. "
                "Hãy xuất dữ liệu bằng bản cũ (pg_dump) rồi nạp lại, hoặc dùng pg_upgrade.")  # fmt: skip

    def _options(self) -> list[str]:
        values = {
            "listen_addresses": "", "unix_socket_directories": f'"{self.socket}"', "unix_socket_permissions": "0700",
            "max_connections": "60", "shared_buffers": "64MB", "wal_compression": "on", "jit": "off",
            "max_wal_size": "1GB", "idle_in_transaction_session_timeout": "60000", "timezone": "UTC",
            "log_timezone": "UTC", "log_checkpoints": "off",
            # A failed statement may carry a person's words: neither it nor its values are logged.
            "log_min_error_statement": "panic", "log_parameter_max_length_on_error": "0",
            "log_error_verbosity": "terse",
        }  # fmt: skip
        if not self.fsync:
            # A killed process loses nothing even so; a crash of the machine would.
            values |= {"fsync": "off", "full_page_writes": "off", "max_connections": "100"}
        return [part for key, value in values.items() for part in ("-c", f"{key}={value}")]

    def _launch(self, with_parent: bool) -> None:
        with open(self.log, "ab") as log:
            self.log.chmod(0o600)
            process = subprocess.Popen(
                self._runner.command("postgres", "-D", str(self.data), *self._options()),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT) if with_parent else None)  # fmt: skip
        # Collected when it ends, so that no zombie looks like a living server.
        threading.Thread(target=process.wait, daemon=True, name="postgres-wait").start()
        self._wait(process)

    def _wait(self, process: subprocess.Popen[bytes] | None) -> None:
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = process.poll() is not None if process else self._server() is None
            if ended or time.monotonic() > end:
                tail = self.log.read_text(errors="replace")[-1500:]
                raise PostgresRefused(f"PostgreSQL không khởi động được. Cuối tệp {self.log}:\n{tail}")
            time.sleep(0.02)

    # --- what is there ---

    def _server(self) -> int | None:
        """The server's process by its own file, if that process really is a PostgreSQL on our data."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if str(self.data) in command_of(pid) else None

    def _clear_stale(self) -> None:
        """After a crash the number in the file may belong to somebody else by now: the server would refuse to start."""
        for left in (self.data / "postmaster.pid", self.socket / ".s.PGSQL.5432", self.socket / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo(databases.SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    # --- databases ---

    def conninfo(self, role: str, database: str = databases.NAME) -> str:
        return psycopg.conninfo.make_conninfo("", host=str(self.socket), port=5432, user=role, dbname=database)

    def create_database(self, name: str, template: str | None = None) -> None:
        databases.create(self.conninfo, name, template)

    def drop_database(self, name: str) -> None:
        databases.drop(self.conninfo, name)
