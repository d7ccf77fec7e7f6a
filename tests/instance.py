"""A whole instance of its own, as a person starts it: `trongdan run` in its own folder on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from trongdan.platform.process import alive, command_of

START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def clean_env(home: Path, **more: str) -> dict[str, str]:
    """The environment without the tests' own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRONGDAN_", "DJANGO_", "PYTEST_", "PYTHONPATH"))}
    return {**kept, "TRONGDAN_HOME": str(home), **more}


class Instance:
    """`trongdan run` below `home`. `program` is the command that stands for `trongdan`."""

    def __init__(self, home: Path, program: Sequence[str] = (sys.executable, "-m", "trongdan"), *options: str):
        self.home, self.port = home, free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = home.with_name(f"{home.name}.log")
        self._command = [*program, "run", "--port", str(self.port), *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **env: str) -> Instance:
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(self._command, env=clean_env(self.home, **env), cwd=self.home.parent,
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while f"đang chạy: {self.url}/" not in self.words():
            assert self._process.poll() is None, self.words()
            assert time.monotonic() < end, self.words()
            time.sleep(0.1)
        return self

    def words(self) -> str:
        """All that it printed."""
        return self.log.read_text("utf-8", errors="replace")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def get(self, path: str = "/") -> tuple[int, bytes]:
        """Status and body of a page. Connection errors are raised."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def processes(self, word: str = "") -> list[int]:
        """Living processes of this instance whose command line holds `word` (Linux)."""
        out = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (pid := int(entry.name)) != os.getpid():
                command = command_of(pid)
                mine = str(self.home) in command or f"--port {self.port} " in f"{command} " or self._child_of_mine(pid)
                if mine and word in command:
                    out.append(pid)
        return out

    def _child_of_mine(self, pid: int) -> bool:
        try:
            return f"TRONGDAN_HOME={self.home}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return False

    def stop(self, number: int = signal.SIGINT, seconds: float = 40) -> int:
        """Ask it to end; its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        return self._process.wait(seconds)

    def gone(self, seconds: float = 20) -> bool:
        """Whether nothing of it is left, now or soon."""
        end = time.monotonic() + seconds
        while left := [pid for pid in self.processes() if alive(pid)]:
            if time.monotonic() > end:
                print([command_of(pid) for pid in left])
                return False
            time.sleep(0.1)
        return True
