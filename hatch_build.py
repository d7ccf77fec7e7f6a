"""Packs the built style sheets, fonts, script and translations into wheel and sdist, or fails: installing needs no Node."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Assets(BuildHookInterface):  # type: ignore[type-arg]
    """Looks whether `make assets` was run on the sources that are here."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # work on the code: `make setup` builds them
        path = Path(self.root) / "tools" / "assets.py"
        spec = importlib.util.spec_from_file_location("assets", path)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{path} is missing")
        assets = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(assets)
        if not assets.fresh():
            raise RuntimeError("The built assets are missing or stale. Run `make assets` first.")
