"""Where an instance keeps its data: one folder, private to the user, named by TRONGDAN_HOME."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The data folder of this instance, made with mode 0700. Default: `.trongdan` in the working folder."""
    folder = Path(os.environ.get("TRONGDAN_HOME") or ".trongdan").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def subfolder(name: str) -> Path:
    """A private folder below the home."""
    folder = home() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_whole(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside, synced, then renamed."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    temporary = path.with_suffix(".part")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
