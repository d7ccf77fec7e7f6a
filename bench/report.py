"""docs/bench.md, made from bench/results/*.json alone: no figure in it was typed."""

from __future__ import annotations

from pathlib import Path

from . import machine
from .figures import RESULTS, Figure, Result, read

PAGE = machine.ROOT / "docs" / "bench.md"
ORDER = ("intake", "dossiers", "million", "year", "start", "papers", "law", "reader", "answers", "grouping", "procedures", "alike",
         "waiting", "visit", "meetings", "scans")  # fmt: skip
HEAD = """# Tốc độ đo được

Trang này do `python -m bench --report` viết từ `bench/results/*.json`; đừng sửa tay. `make bench` đo lại tất cả
(`python -m bench PHẦN` đo từng phần). Mục tiêu không đạt được ghi là chưa đạt; không phép thử nào hỏng vì tốc độ.
"""


def number(value: float) -> str:
    """12.345,6 as Vietnamese is written; three significant places below a hundred."""
    if abs(value) >= 1000 or value == int(value):
        text = f"{value:,.0f}"
    elif abs(value) >= 100:
        text = f"{value:,.1f}"
    else:
        text = f"{value:.3g}"
    return text.translate(str.maketrans(",.", ".,"))


def _row(figure: Figure) -> str:
    aim = "" if figure.target is None else f"{'≥' if figure.more else '≤'} {number(figure.target)}"
    mark = {None: "", True: "đạt", False: "**chưa đạt**"}[figure.met]
    return f"| {figure.label} | {number(figure.value)} {figure.unit} | {aim} | {mark} |"


def section(result: Result) -> str:
    """A part: its table, what it ran on, how it was done."""
    facts = result.machine
    loads = " → ".join(number(one[0]) for one in (result.load_before, result.load_after) if one)
    lines = [f"## {result.title}", "", "| Đo gì | Kết quả | Mục tiêu | |", "|---|---:|---:|---|", *map(_row, result.figures), ""]
    lines += [f"- {note}" for note in result.notes]
    lines.append(f"- Đo lúc {result.measured_at[:16].replace('T', ' ')} UTC trên {facts['cpu']}, {facts['cores']} nhân, "
                 f"{number(facts['memory_gb'])} GB, {facts['system']}, Python {facts['python']}; mã nguồn `{facts['commit']}`. "
                 f"Tải trung bình của máy (1 phút) trước → sau: {loads}; nửa triệu "
                 f"vòng lặp Python: {number(result.yardstick_before)} → {number(result.yardstick_after)} ms CPU.")  # fmt: skip
    return "\n".join(lines) + "\n"


def page(folder: Path = RESULTS) -> str:
    found = [read(folder / f"{part}.json") for part in ORDER if (folder / f"{part}.json").exists()]
    return HEAD + "".join(f"\n{section(result)}" for result in found)


def write() -> Path:
    PAGE.write_text(page(), "utf-8")
    return PAGE.relative_to(machine.ROOT)
