"""What is published works by itself: the wheel, built from the sdist, alone in an empty environment."""

from __future__ import annotations

import gettext
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.instance import Instance

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("instance")]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def uv() -> str:
    found = shutil.which(os.environ.get("UV", "uv")) or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    assert Path(found).exists(), "Không thấy uv: hãy chạy `make setup`."
    return str(Path(found).absolute())


@pytest.fixture(scope="module")
def built(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    run(uv, "build", "--quiet", "--python", sys.executable, "--out-dir", out)
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_holds_every_data_file_of_the_source_and_nothing_of_the_workshop(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    source = ROOT / "src"
    wanted = {
        str(f.relative_to(source)) for f in source.rglob("*")
        if f.is_file() and f.suffix in {".toml", ".sql", ".html", ".typ", ".css", ".js", ".woff2", ".mo", ".txt", ".csv"}
        and not {"node_modules", "frontend", "__pycache__"} & set(f.relative_to(source).parts)
    }  # fmt: skip
    assert wanted - inside == set()
    assert any(name.endswith(".css") for name in inside)
    assert not [n for n in inside if "node_modules" in n or "/frontend/" in n or "letters_dev" in n or n.startswith("tests")]


def test_the_wheel_speaks_english(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        compiled = archive.read("trongdan/doors/portal/locale/en/LC_MESSAGES/django.mo")
    assert gettext.GNUTranslations(io.BytesIO(compiled)).gettext("Gửi đơn") == "Send a letter"


def test_the_sdist_can_build_the_same_wheel_without_node(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {"hatch_build.py", "tools/assets.py", "LICENSE", "README.md"} <= names
    assert any(name.startswith("src/trongdan/platform/ui/static/") for name in names)
    assert not any("node_modules" in name for name in names)


def test_installed_alone_it_boots_shows_its_page_with_its_style_and_stops(uv: str, wheel: Path, tmp_path: Path) -> None:
    env, pins = tmp_path / "env", tmp_path / "pins.txt"
    pins.write_text(run(uv, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--quiet"))
    run(uv, "venv", "--quiet", "--python", sys.executable, env)
    run(uv, "pip", "install", "--quiet", "--python", env / "bin" / "python", "--constraint", pins, wheel)
    assert "trongdan" in run(env / "bin" / "trongdan", "--version")
    instance = Instance(tmp_path / "home", [str(env / "bin" / "trongdan")]).start()
    try:
        status, page = instance.get("/")
        assert status == 200
        styles = re.findall(rb'href="(/static/[^"]+\.css)"', page)
        assert styles
        for style in styles:
            assert instance.get(style.decode())[0] == 200
    finally:
        assert instance.stop() == 0
    assert instance.gone()
