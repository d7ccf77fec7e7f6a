"""A real instance: the province without invented people, officials by decisions, and no demo sign-in that still opens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trongdan.doors.cli.demo import OFFICIALS
from trongdan.platform.postgres import Cluster

pytestmark = pytest.mark.slow
FILE = """login,name,post,since,until,decision
nguyen.a,Nguyễn Thị An,c04978-vp/reception,2026-01-05,,12/QĐ-UBND
nguyen.a,Nguyễn Thị An,c04978/khong-co,2026-01-05,,12/QĐ-UBND
tên lạ,Lê Văn B,c04978/head,2026-01-05,,13/QĐ-UBND
le.b,Lê Văn B,c04978/head,5/1/2026,,13/QĐ-UBND
"""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    drop = ("TRONGDAN_DB_NAME", "TRONGDAN_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "TRONGDAN_DB_ROLE")
    env = {**{k: v for k, v in os.environ.items() if k not in drop}, "TRONGDAN_HOME": str(home)}
    return subprocess.run([sys.executable, "-m", "trongdan", *arguments], env=env, capture_output=True, text=True, check=False)


def test_officials_come_from_a_file_with_reasons_for_bad_lines_and_the_demo_is_shut(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "canbo.csv"
    cluster = Cluster(home / "pg", fsync=False)
    cluster.start()
    try:
        assert run(home, "migrate", "--demo").returncode == 0
        assert (home / "sign-ins.txt").exists()
        shut = run(home, "migrate", "--no-demo")
        assert f"Đã khóa {len(OFFICIALS)} tài khoản" in shut.stderr
        assert not (home / "sign-ins.txt").exists()
        assert "148" not in run(home, "officials", "province").stdout
        file.write_text(FILE, "utf-8")
        first = run(home, "officials", "import", str(file))
        assert first.returncode == 1
        assert len(first.stdout.splitlines()) == 1
        assert first.stdout.startswith("nguyen.a\t")
        assert [line.partition(":")[0] for line in first.stderr.splitlines() if line.startswith("Dòng")] == ["Dòng 3", "Dòng 4", "Dòng 5"]
        assert run(home, "officials", "import", str(file)).stdout == ""
        file.write_text("ten,chuc\n", "utf-8")
        assert "login,name,post" in run(home, "officials", "import", str(file)).stderr
        once = run(home, "work", "--once")
        assert once.returncode == 0, once.stderr
    finally:
        cluster.stop()
