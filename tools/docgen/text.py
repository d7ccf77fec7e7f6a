"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

UNREAD = "chưa đối chiếu"


def cell(value: object) -> str:
    """A value that stays in its cell of a table."""
    return str(value).replace("\n", " ").replace("|", "\\|").strip()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, or "Không có." when it has no rows."""
    lines = [f"| {' | '.join(cell(v) for v in row)} |" for row in rows]
    if not lines:
        return "Không có."
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines])


def code(values: Iterable[object]) -> str:
    """Names in code marks, one after another; a dash when there are none."""
    return ", ".join(f"`{v}`" for v in values) or "–"


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else "–"


def iso(text: str) -> str:
    """An ISO day as it is written in Vietnam."""
    return day(date.fromisoformat(text))
