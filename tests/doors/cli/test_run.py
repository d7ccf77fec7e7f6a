"""`trongdan run`: everything starts, what is killed comes back, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.instance import Instance, clean_env, free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.xdist_group("instance")]

TRONGDAN = (sys.executable, "-m", "trongdan")


def bare(home: Path) -> Instance:
    """An instance without the demo province: what is tested here is how it lives."""
    return Instance(home, TRONGDAN, "--no-demo")


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    made = bare(tmp_path_factory.mktemp("run") / "home").start()
    yield made
    made.stop()


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "chờ quá lâu"
        time.sleep(0.1)


def answers(instance: Instance) -> bool:
    try:
        return instance.get("/khoe/") == (200, b"ok\n")
    except OSError:
        return False


def trongdan(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TRONGDAN, *args], env=clean_env(home), capture_output=True, text=True,
                          check=False, timeout=60)  # fmt: skip


def test_it_answers_and_keeps_its_data_private(instance: Instance) -> None:
    assert answers(instance)
    assert stat.S_IMODE(instance.home.stat().st_mode) == 0o700
    for file in instance.home.rglob("*.key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_second_run_on_the_same_folder_is_refused(instance: Instance) -> None:
    done = trongdan(instance.home, "run", "--port", str(free_port()))
    assert done.returncode != 0
    assert "TRONGDAN_HOME khác" in done.stderr


def test_a_port_that_is_taken_is_refused_before_anything_is_made(instance: Instance, tmp_path: Path) -> None:
    done = trongdan(tmp_path / "other", "run", "--port", str(instance.port))
    assert done.returncode != 0
    assert str(instance.port) in done.stderr
    assert not (tmp_path / "other" / "pg").exists()


def test_a_start_prepares_again_only_when_something_changed(instance: Instance) -> None:
    from trongdan.doors.cli._prepared import note, prepared
    from trongdan.platform.postgres import Cluster

    cluster = Cluster(instance.home / "pg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRONGDAN_HOME", str(instance.home))
        assert prepared(cluster, demo=False)
        assert not prepared(cluster, demo=True)
        patch.setattr("trongdan.doors.cli._prepared.PROGRAM", Path(__file__).parent)  # another program
        assert not prepared(cluster, demo=False)
        patch.undo()
        patch.setenv("TRONGDAN_HOME", str(instance.home))
        with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as db:
            db.execute("UPDATE django_migrations SET applied = applied + interval '1 second' WHERE id = "
                       "(SELECT max(id) FROM django_migrations)")  # fmt: skip
            assert not prepared(cluster, demo=False)  # another database, or an older one brought back
        note(cluster, demo=False)
        assert prepared(cluster, demo=False)
        (instance.home / "static" / "staticfiles.json").rename(instance.home / "static" / "kept.json")
        assert not prepared(cluster, demo=False)
        (instance.home / "static" / "kept.json").rename(instance.home / "static" / "staticfiles.json")


def test_two_instances_run_side_by_side(instance: Instance, tmp_path: Path) -> None:
    other = bare(tmp_path / "home").start()
    try:
        assert answers(instance)
        assert answers(other)
    finally:
        assert other.stop(signal.SIGTERM) == 0
    assert other.gone()
    assert answers(instance)


@pytest.mark.parametrize("part", [" serve ", " work", "bin/postgres "])
def test_a_part_that_is_killed_comes_back(instance: Instance, part: str) -> None:
    before = instance.processes(part)
    assert before
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: bool(instance.processes(part)) and not set(before) & set(instance.processes(part)))
    until(lambda: answers(instance))


def test_ctrl_c_stops_everything_and_the_second_start_is_quick(tmp_path: Path) -> None:
    instance = bare(tmp_path / "home").start()
    assert instance.stop(signal.SIGINT) == 0
    assert instance.gone()
    assert "database system is shut down" in (instance.home / "pg" / "postgres.log").read_text()
    began = time.monotonic()
    instance.start()
    print(f"second start: {time.monotonic() - began:.1f} s")
    assert answers(instance)
    assert instance.stop() == 0


def test_nothing_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    instance = bare(tmp_path / "home").start()
    assert instance.stop(signal.SIGKILL) == -signal.SIGKILL
    assert instance.gone()
    assert "database system is shut down" in (instance.home / "pg" / "postgres.log").read_text()
    instance.start()
    assert answers(instance)
    instance.stop()
