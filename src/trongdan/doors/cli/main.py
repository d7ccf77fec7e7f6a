"""`trongdan …`. Each module here that exports a click `command` is a sub-command by the module's name.

Modules are imported only when their command is called, so that `trongdan law due` does not wait for Django.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.resources import files

import click

from trongdan.kernel.errors import Refusal

EXIT_REFUSED = 3


class Lazy(click.Group):
    """Finds sub-commands by file name; a name that begins with an underscore is not one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        own = files(__package__ or "trongdan.doors.cli").iterdir()
        names = sorted(f.name.removesuffix(".py") for f in own if f.name.endswith(".py") and not f.name.startswith("_"))
        return [name for name in names if name != "main"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"{__package__}.{cmd_name}"), "command", None)
        return command if isinstance(command, click.Command) else None


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="trongdan", message="%(prog)s %(version)s")
def cli() -> None:
    """Trọng Dân: hệ thống để chính quyền phục vụ người dân, doanh nghiệp và chứng minh được điều đó."""


def main() -> None:
    """Errors that a person can do something about are a sentence and an exit code, not a traceback."""
    from trongdan.platform.postgres.errors import PostgresRefused

    try:
        cli(prog_name="trongdan")
    except Refusal as refusal:
        where = f" ({refusal.citation})" if refusal.citation else ""
        click.echo(f"{refusal.message}{where}", err=True)
        sys.exit(EXIT_REFUSED)
    except PostgresRefused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(EXIT_REFUSED)
