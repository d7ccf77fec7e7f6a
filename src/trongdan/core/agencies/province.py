"""The facts of the province as shipped: communes, predecessors, bodies. Pure reading, no database."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

DATA = "trongdan.core.agencies"
TYPE_WORDS = {"xa": "xã", "phuong": "phường"}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or ward of today. `code` is the official five digits, `agency` our code of its committee."""

    code: str
    name: str
    type: str

    @property
    def agency(self) -> str:
        return f"c{self.code}"

    @property
    def full(self) -> str:
        return f"{TYPE_WORDS[self.type]} {self.name}"


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A unit abolished on 2025-07-01 and what it became."""

    code: str
    name: str
    district: str
    province: str
    new: str
    whole: bool
    main: bool


@dataclass(frozen=True)
class Province:
    code: str
    name: str
    since: str
    communes: tuple[Commune, ...]
    predecessors: tuple[Predecessor, ...]
    bodies: Mapping[str, Any]

    @cached_property
    def by_code(self) -> dict[str, Commune]:
        return {c.code: c for c in self.communes}


@lru_cache(maxsize=1)
def province() -> Province:
    """The province shipped with the program: Phú Thọ after the mergers of 2025."""
    folder = files(DATA) / "data"
    table = json.loads((folder / "phu_tho.json").read_text("utf-8"))
    bodies = tomllib.loads((folder / "bodies.toml").read_text("utf-8"))
    return Province(
        table["province"]["code"], table["province"]["name"], table["since"],
        tuple(Commune(**c) for c in table["communes"]), tuple(Predecessor(**p) for p in table["predecessors"]), bodies,
    )  # fmt: skip
