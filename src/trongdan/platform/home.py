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
