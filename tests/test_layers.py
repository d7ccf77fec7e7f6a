"""The house keeps its rooms: kernel and law are pure, and never read the clock."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "trongdan"
PURE = sorted([*SOURCE.glob("kernel/**/*.py"), *SOURCE.glob("law/**/*.py")])
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "localtime", "gmtime", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "time", "dt"}


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def imported(tree: ast.Module) -> set[str]:
    """Absolute names of what a module imports; relative imports stay inside its own room."""
    out: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            out |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level <= 1:
            out.add(node.module or "") if node.level == 0 else None
        elif isinstance(node, ast.ImportFrom):
            out.add("trongdan..")  # climbs out of its folder: judged as not allowed unless law reads the kernel
    return out


def clock_readings(tree: ast.Module) -> list[int]:
    """Lines that ask what time it is: datetime.now(), date.today(), time.time() and their like."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
            if owner in CLOCK_OWNERS:
                lines.append(node.lineno)
    return lines


def test_there_is_a_kernel_and_a_law_to_look_at() -> None:
    assert any("kernel" in name(p) for p in PURE)
    assert any("law" in name(p) for p in PURE)


@pytest.mark.parametrize("path", PURE, ids=name)
def test_kernel_and_law_import_the_standard_library_and_the_kernel_only(path: Path) -> None:
    ours = ("trongdan.kernel", "trongdan.law")
    modules = imported(ast.parse(path.read_text("utf-8")))
    foreign = {m for m in modules if m.split(".")[0] not in sys.stdlib_module_names and not m.startswith(ours)}
    assert foreign == set()
    if "kernel" in path.relative_to(SOURCE).parts:
        assert not {m for m in imported(ast.parse(path.read_text("utf-8"))) if m.startswith("trongdan.law")}


@pytest.mark.parametrize("path", PURE, ids=name)
def test_kernel_and_law_never_read_the_clock(path: Path) -> None:
    assert clock_readings(ast.parse(path.read_text("utf-8"))) == []


def test_a_reading_of_the_clock_is_found() -> None:
    source = "import time\nfrom datetime import date, datetime\ndatetime.now()\ndate.today()\nx = time.time()\ny.now()"
    assert clock_readings(ast.parse(source)) == [3, 4, 5]
