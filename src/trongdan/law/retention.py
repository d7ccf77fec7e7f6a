"""How long the file of a case is kept (NĐ 30/2020 Đ29; domain 13). Data with a source, as every period."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from trongdan.kernel.errors import LawError

FILE = "retention.toml"
_KEYS = {"id", "name", "years", "permanent_when", "basis", "verified"}


@dataclass(frozen=True, slots=True)
class Retention:
    """`years` whole years after the year in which the case was closed. `permanent_when` says, in words, which files are
    kept for ever: a person decides that, so nothing is destroyed without a decision."""

    id: str
    name: str
    years: int
    permanent_when: str
    basis: str
    verified: str

    def until(self, closed: date) -> date:
        """The last day on which the file must be there: counted in whole years from the end of the closing year."""
        return date(closed.year + self.years, 12, 31)


@lru_cache(maxsize=1)
def retentions() -> Mapping[str, Retention]:
    """Raises LawError for an entry that does not hold together."""
    out: dict[str, Retention] = {}
    for entry in tomllib.loads((files("trongdan.law") / FILE).read_text("utf-8"))["retention"]:
        if set(entry) != _KEYS or entry["years"] <= 0 or not entry["basis"] or entry["id"] in out:
            raise LawError(FILE, str(entry.get("id")), "needs an id of its own, years, basis and how far it was read")
        out[entry["id"]] = Retention(**entry)
    return out
