"""The embedded server starts, stops, and survives what happens to it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from trongdan.platform.postgres import DEFINER, EXTENSIONS, ROLES, SUPERUSER, Cluster, PostgresRefused
from trongdan.platform.postgres import binaries as programs
from trongdan.platform.process import alive

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "pg", fsync=False)
    yield made
    made.stop()


def ask(cluster: Cluster, query: str, role: str = SUPERUSER) -> object:
    with psycopg.connect(cluster.conninfo(role)) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def until(true: object, seconds: float = 20) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "chờ quá lâu"
        time.sleep(0.02)


def test_a_new_cluster_has_roles_extensions_and_a_database_of_the_owner(cluster: Cluster) -> None:
    assert cluster.status() == "new"
    assert cluster.start() is True
    assert cluster.status() == "running"
    for role in ROLES:
        assert ask(cluster, "SELECT current_user", role) == role
    assert ask(cluster, "SELECT bool_or(rolbypassrls OR rolsuper) FROM pg_roles WHERE rolname ~ '^td_'") is False
    assert ask(cluster, f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{DEFINER}'") is False
    assert ask(cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'trongdan'") == "td_owner"
    assert ask(cluster, "SELECT datcollate || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding)"
                        " FROM pg_database WHERE datname = 'trongdan'") == "C C.UTF-8 UTF8"  # fmt: skip
    names = {"pg_trgm", "unaccent", "btree_gist"}
    assert names == set(EXTENSIONS)
    assert ask(cluster, "SELECT count(*) FROM pg_extension WHERE extname IN ('pg_trgm', 'unaccent', 'btree_gist')") == 3
    assert ask(cluster, "SELECT lower('ĐƠN THƯ')") == "đơn thư"


def test_it_listens_on_no_network_and_its_folders_are_private(cluster: Cluster) -> None:
    cluster.start()
    assert ask(cluster, "SHOW listen_addresses") == ""
    for folder in (cluster.folder, cluster.data, cluster.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert stat.S_IMODE((cluster.socket / ".s.PGSQL.5432").stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(cluster.log.stat().st_mode) == 0o600


def test_the_server_never_logs_the_words_of_a_failed_statement(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.conninfo("td_web"), autocommit=True) as connection:
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT 'lời riêng tư' || no_such_column")
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT %s::int", ["bí mật của dân"])
    cluster.stop()
    assert "riêng tư" not in cluster.log.read_text()
    assert "no_such_column" in cluster.log.read_text()  # the error itself is there


def test_starting_twice_is_fine_and_stopping_twice_too(cluster: Cluster) -> None:
    cluster.start()
    first = cluster.pid()
    assert cluster.start() is False
    assert Cluster(cluster.folder, fsync=False).start() is False
    assert cluster.pid() == first
    cluster.stop()
    cluster.stop()
    assert cluster.status() == "stopped"
    assert cluster.pid() is None


def test_data_is_there_after_a_kill_of_every_server_process(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.conninfo("td_owner")) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('còn')")
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: cluster.pid() is None)
    assert (cluster.data / "postmaster.pid").exists()
    cluster.start()
    assert ask(cluster, "SELECT word FROM kept") == "còn"


def test_a_pid_file_whose_number_belongs_to_another_program_is_stale(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    other = subprocess.Popen(["sleep", "60"])
    try:
        (cluster.data / "postmaster.pid").write_text(f"{other.pid}\n{cluster.data}\n")
        assert cluster.status() == "stopped"
        cluster.stop()
        assert other.poll() is None, "a process that is not ours was stopped"
        cluster.start()
        assert cluster.status() == "running"
    finally:
        other.kill()
        other.wait()


def starter(folder: Path, with_parent: bool) -> subprocess.Popen[str]:
    code = (
        "import sys, time; from pathlib import Path; from trongdan.platform.postgres import Cluster\n"
        "Cluster(Path(sys.argv[1]), fsync=False).start(with_parent=sys.argv[2] == 'True')\n"
        "print('up', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(folder), str(with_parent)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_the_server_outlives_a_killed_starter_and_the_next_one_finds_it(cluster: Cluster) -> None:
    process = starter(cluster.folder, with_parent=False)
    pid = cluster.pid()
    process.kill()
    process.communicate()
    assert pid is not None
    assert alive(pid)
    assert cluster.start() is False
    assert cluster.pid() == pid


def test_a_server_started_with_its_parent_shuts_down_cleanly_when_that_is_killed(cluster: Cluster) -> None:
    process = starter(cluster.folder, with_parent=True)
    pid = cluster.pid()
    process.kill()
    process.communicate()
    assert pid is not None
    until(lambda: not alive(pid))
    assert "database system is shut down" in cluster.log.read_text()


def test_an_interrupted_first_start_leaves_nothing_that_stops_the_next(cluster: Cluster) -> None:
    half = cluster.folder / "data.half"
    half.mkdir(parents=True, mode=0o700)
    (half / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert cluster.status() == "running"
    assert not half.exists()


def test_a_folder_with_foreign_files_is_refused_and_kept(cluster: Cluster) -> None:
    cluster.data.mkdir(parents=True)
    (cluster.data / "luận văn.txt").write_text("đừng xóa")
    with pytest.raises(PostgresRefused, match="không trống"):
        cluster.start()
    assert (cluster.data / "luận văn.txt").read_text() == "đừng xóa"


def test_data_of_another_major_version_is_refused_with_advice(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(PostgresRefused, match="pg_upgrade"):
        cluster.start()


def test_a_long_folder_gets_a_short_private_socket(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("thư-mục-dài-" * 8) / "có dấu cách", fsync=False)
    assert len(os.fsencode(cluster.socket)) < 90
    assert not cluster.socket.is_relative_to(cluster.folder)
    try:
        cluster.start()
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert ask(cluster, "SELECT 1", "td_web") == 1
    finally:
        cluster.stop()
        cluster.socket.rmdir()


def test_a_socket_folder_laid_by_somebody_else_is_refused(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("dài" * 40), fsync=False)
    cluster.socket.symlink_to(tmp_path)
    try:
        with pytest.raises(PostgresRefused, match="người dùng khác"):
            cluster.start()
    finally:
        cluster.socket.unlink()


def test_a_copy_of_a_template_has_its_tables(cluster: Cluster) -> None:
    cluster.start()
    cluster.create_database("mau")
    with psycopg.connect(cluster.conninfo("td_owner", "mau")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    cluster.create_database("ban_sao", template="mau")
    with psycopg.connect(cluster.conninfo("td_owner", "ban_sao")) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (7,)
    cluster.drop_database("ban_sao")
    assert ask(cluster, "SELECT count(*) FROM pg_database WHERE datname = 'ban_sao'") == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
def test_as_root_without_user_namespaces_a_closed_parent_folder_is_refused_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "can_unshare", lambda: False)
    tmp_path.chmod(0o700)
    cluster = Cluster(tmp_path / "pg", fsync=False)
    with pytest.raises(PostgresRefused, match="TRONGDAN_HOME"):
        cluster.start()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
def test_as_root_without_user_namespaces_it_runs_as_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil
    import tempfile

    monkeypatch.setattr(programs, "can_unshare", lambda: False)
    folder = Path(tempfile.mkdtemp(prefix="td-test-", dir="/tmp"))
    cluster = Cluster(folder, fsync=False)
    try:
        cluster.start()
        pid = cluster.pid()
        assert pid is not None
        assert Path(f"/proc/{pid}").stat().st_uid == programs.NOBODY
        assert ask(cluster, "SELECT 1", "td_web") == 1
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
def test_as_root_without_any_way_to_become_another_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "can_unshare", lambda: False)
    monkeypatch.setattr(programs.shutil, "which", lambda _: None)
    with pytest.raises(PostgresRefused, match="người dùng thường"):
        Cluster(tmp_path / "pg", fsync=False).start()
