"""docs/reference/commands.md, from the command line's own parser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from trongdan.doors.cli.main import EXIT_REFUSED, cli

from .text import table


def walk(command: click.Command, path: str = "trongdan") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, in the order of the parser; groups before what they hold."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield from walk(found, f"{path} {name}")


def _default(option: click.Option) -> str:
    value = option.default
    if option.is_flag and option.secondary_opts:
        return (option.opts if value is True else option.secondary_opts)[-1]
    if option.is_flag or value is None or callable(value) or type(value).__name__ == "Sentinel":
        return ""
    return f"`{value}`"


def _kind(parameter: click.Parameter) -> str:
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return " | ".join(str(c) for c in kind.choices)
    if isinstance(kind, click.IntRange):
        return f"số {kind.min}–{kind.max}"
    if isinstance(kind, click.DateTime):
        return "ngày YYYY-MM-DD"
    if isinstance(kind, (click.Path, click.File)):
        return "tệp"
    return {"text": "chữ", "integer": "số", "boolean": "có/không"}.get(kind.name, kind.name)


def _rows(command: click.Command) -> Iterator[tuple[str, str, str, str, str]]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            names = ", ".join(f"`{o}`" for o in [*parameter.opts, *parameter.secondary_opts])
            env = f"`{parameter.envvar}`" if isinstance(parameter.envvar, str) else ""
            yield names, "" if parameter.is_flag else _kind(parameter), _default(parameter), env, parameter.help or ""
        else:
            need = "bắt buộc" if parameter.required else "có thể bỏ"
            yield f"`{parameter.human_readable_name}`", _kind(parameter), "", "", need


def _section(path: str, command: click.Command) -> str:
    usage = " ".join([path, *command.collect_usage_pieces(click.Context(command))])
    rows = list(_rows(command))
    parts = [f"## `{path}`", (command.help or command.short_help or "").strip(), f"```\n{usage}\n```"]
    if rows:
        parts.append(table(("Tùy chọn", "Kiểu", "Mặc định", "Biến", "Nghĩa"), rows))
    return "\n\n".join(p for p in parts if p)


def pages(root: Path) -> dict[str, str]:
    found = list(walk(cli))
    index = [(f"`{path}`", command.short_help or (command.help or "").strip().split("\n")[0]) for path, command in found[1:]]
    return {"reference/commands.md": "\n\n".join([
        "# Lệnh `trongdan`",
        f"Kết quả ra đầu ra chuẩn, lời báo ra đầu ra lỗi. Mã thoát: 0 được; 1 có khác biệt hoặc dòng hỏng; 2 gõ sai lệnh; "
        f"{EXIT_REFUSED} bị từ chối, kèm một câu nói phải làm gì. Mọi lệnh có `--help`.",
        table(("Lệnh", "Việc"), index), *(_section(path, command) for path, command in found[1:]),
    ])}  # fmt: skip
