"""One embedded server a run, one migrated template, one copy of it for each process: the tests meet the real database
in the web's own role (td_web), with row security on.

`db` tests roll back; `transactional_db` tests commit, and the database is laid anew from the template after them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import psycopg

    from trongdan.platform.postgres import Cluster

# Before Django reads its settings: a private data folder for this run, shared by its processes.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
if WORKER == "main":
    os.environ["TRONGDAN_HOME"] = tempfile.mkdtemp(prefix="td-tests-")
HOME = Path(os.environ["TRONGDAN_HOME"])
DATABASE, TEMPLATE = f"test_{WORKER}", "test_template"
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "trongdan.config.settings",
    "TRONGDAN_DB_ROLE": "td_web",
    "TRONGDAN_DB_NAME": DATABASE,
    "TRONGDAN_DEMO": "1",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's loop runs in the thread of the tests
}
for _name in ("TRONGDAN_DATABASE_URL", "TRONGDAN_URL", "TRONGDAN_LOG_VALUES", "PORT"):
    os.environ.pop(_name, None)


# --- the run's server -------------------------------------------------------------------------------------------------


def _cluster() -> Cluster:
    from trongdan.platform.postgres import Cluster

    return Cluster(HOME / "pg", fsync=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with open(HOME / "tests.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def pytest_configure(config: pytest.Config) -> None:
    if WORKER == "main":
        _sweep_old_runs()
        (HOME / "pid").write_text(str(os.getpid()))
    from django.conf import settings

    # Read here, so that pytest-django then sets Django up. A process of xdist read them before this file, with the
    # environment of the first process: its own database is named here.
    settings.DATABASES["default"]["NAME"] = DATABASE
    assert settings.DATABASES["default"]["USER"] == "td_web"


def pytest_unconfigure(config: pytest.Config) -> None:
    if WORKER == "main":
        _end(HOME)


def _end(home: Path) -> None:
    from trongdan.platform.postgres import Cluster

    if (home / "pg").exists():
        cluster = Cluster(home / "pg", fsync=False)
        pid = cluster.pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            cluster.stop()
    shutil.rmtree(home, ignore_errors=True)


def _sweep_old_runs() -> None:
    """A run that was killed left its server: end it."""
    from trongdan.platform.process import command_of

    for home in HOME.parent.glob("td-tests-*"):
        try:
            if home == HOME or home.stat().st_uid != os.geteuid():
                continue
            if "pytest" not in command_of(int((home / "pid").read_text())):
                _end(home)
        except (OSError, ValueError):
            continue  # just being made, or just being taken away by another run


# --- the database -----------------------------------------------------------------------------------------------------


def _migrate_template(cluster: Cluster) -> None:
    """Tables and rights as td_owner, as `trongdan migrate` makes them; the real province as reference data."""
    from django.db import connection

    from trongdan.core.agencies.load import load_province
    from trongdan.doors.cli.migrate import tables

    cluster.create_database("half_template")
    with _as_owner("half_template"):
        tables()
        load_province()
        from trongdan.core.agencies.load import load_province
        from trongdan.doors.cli.demo import seed_people
        from trongdan.kinds.waiting.load import load_centres

        load_province()
        load_centres()
        seed_people()
        connection.close()
    with _superuser(cluster, "postgres") as server:
        server.execute(f"ALTER DATABASE half_template RENAME TO {TEMPLATE}".encode())


@contextmanager
def _as_owner(database: str) -> Iterator[None]:
    from django.db import connection

    connection.close()
    before = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    connection.settings_dict["USER"], connection.settings_dict["NAME"] = "td_owner", database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"], connection.settings_dict["NAME"] = before


def _superuser(cluster: Cluster, database: str = DATABASE) -> psycopg.Connection[Any]:
    import psycopg

    return psycopg.connect(cluster.conninfo("postgres", database), autocommit=True)


def _has(cluster: Cluster, name: str) -> bool:
    with _superuser(cluster, "postgres") as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The run's server, started by whichever process needs it first."""
    with _one_at_a_time():
        made = _cluster()
        made.start()
    return made


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the template for this process. Takes the place of pytest-django's, which would need a superuser."""
    from django.db import connection
    from django.test import TransactionTestCase

    with django_db_blocker.unblock(), _one_at_a_time():
        if not _has(cluster, TEMPLATE):
            cluster.drop_database("half_template")
            _migrate_template(cluster)
        cluster.create_database(DATABASE, template=TEMPLATE)

    def lay_anew(self: TransactionTestCase) -> None:
        """What a committing test left goes: the web's role may not truncate, so the copy is made again."""
        connection.close()
        with _one_at_a_time():
            cluster.drop_database(DATABASE)
            cluster.create_database(DATABASE, template=TEMPLATE)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lay_anew)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture
def owner_db(django_db_setup: None, cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to the tests' database, autocommit: sees every committed row whatever the scope."""
    with _superuser(cluster) as connection:
        yield connection


@pytest.fixture
def role_db(django_db_setup: None, cluster: Cluster) -> Iterator[Any]:
    """`role_db("td_job")`: a connection in a role, for tests of rights and policies. Closed at the end."""
    import psycopg

    opened: list[psycopg.Connection[Any]] = []

    def connect(role: str) -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(cluster.conninfo(role, DATABASE)))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's program. `make test` finds or installs it beforehand; here its absence is a failure, not a skip."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
    try:
        import chromium
    finally:
        sys.path.pop(0)
    found = chromium.find()
    assert found, chromium.ADVICE
    return str(found)
