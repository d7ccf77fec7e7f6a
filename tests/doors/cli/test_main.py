"""`trongdan` finds its sub-commands by file, imports them late, and says errors as sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from trongdan.doors.cli import main as door
from trongdan.kernel.errors import Refusal
from trongdan.platform.postgres import PostgresRefused


def test_help_lists_the_commands_that_run_the_house() -> None:
    result = CliRunner().invoke(door.cli, ["--help"])
    assert result.exit_code == 0
    for name in ("migrate", "run", "serve", "work"):
        assert f"  {name} " in result.output
    assert "_shell" not in result.output


def test_an_unknown_command_is_an_error_with_a_code() -> None:
    result = CliRunner().invoke(door.cli, ["khong-co"])
    assert result.exit_code == 2


def test_the_command_line_itself_does_not_import_django() -> None:
    code = "import sys, trongdan.doors.cli.main, trongdan.doors.cli.run; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_version_is_the_package_s() -> None:
    done = subprocess.run([sys.executable, "-m", "trongdan", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("trongdan ")


@pytest.mark.parametrize("error", [
    Refusal("law.no_version", "Chưa có bản luật cho ngày này.", "Điều 7"), PostgresRefused("Hãy cài PostgreSQL."),
])  # fmt: skip
def test_a_refusal_is_a_sentence_and_an_exit_code(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(door, "cli", refuse)
    with pytest.raises(SystemExit) as left:
        door.main()
    assert left.value.code == door.EXIT_REFUSED
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert told.strip().endswith("Hãy cài PostgreSQL." if isinstance(error, PostgresRefused) else "(Điều 7)")


def test_every_module_of_the_folder_is_a_command_or_marked_as_none() -> None:
    """A file without `command` is silently no sub-command: allowed for helpers that others import by name only."""
    helpers = {"demo"}
    folder = Path(door.__file__).parent
    found = {f.stem for f in folder.glob("*.py") if not f.stem.startswith("_") and f.stem != "main"}
    context = door.cli.make_context("trongdan", [], resilient_parsing=True)
    without = {name for name in found if door.cli.get_command(context, name) is None}
    assert without <= helpers
