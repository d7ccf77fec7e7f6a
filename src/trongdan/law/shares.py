"""Shares that the law asks for: "a tenth of the voters". Data, with where each was read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from trongdan.kernel.clock import SOURCE_MARKS
from trongdan.kernel.errors import LawError

FILE = "shares.toml"


@dataclass(frozen=True, slots=True)
class Share:
    """At least `per_cent` of a hundred of `of`, by `basis`; `verified` primary, secondary or unread."""

    id: str
    name: str
    per_cent: int
    of: str
    basis: str
    verified: str
    where: str

    def reached(self, part: int, whole: int) -> bool:
        """Whether so many of so many are enough; of nobody, nobody is."""
        return whole > 0 and 100 * part >= self.per_cent * whole


def read_shares(text: str) -> Mapping[str, Share]:
    """The shares of a TOML text by id. Raises LawError."""
    out: dict[str, Share] = {}
    for t in tomllib.loads(text).get("share", ()):
        if set(t) != set(Share.__dataclass_fields__) or t["verified"] not in SOURCE_MARKS or not 0 < t["per_cent"] <= 100:
            raise LawError(FILE, str(t.get("id")), f"needs {sorted(Share.__dataclass_fields__)}")
        out[t["id"]] = Share(**t)
    return out


@lru_cache(maxsize=1)
def shares() -> Mapping[str, Share]:
    """The shares as shipped."""
    return read_shares((files("trongdan.law") / FILE).read_text("utf-8"))
