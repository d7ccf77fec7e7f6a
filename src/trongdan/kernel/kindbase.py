"""A kind that stands on a base: what several kinds share by the law is written once, and each says what differs.

The Law on complaints sends the second complaint back to the articles of the first (Đ38, Đ39) and gives each its own
clocks, competence and decision. A base is a TOML table like a kind's, with tags that begin with `*:`; the kind names it
(`base`), gives its tags a first word of its own (`tags`), and per list states rows anew: a row with an id of the base
replaces the keys it states, a new id is added, an id under `without` is left out. Pure: tables in, a table out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .errors import KindError

Table = Mapping[str, Any]
LISTS = ("fields", "steps", "edges", "clocks")
WHOLE = ("watches", "next_lawful", "person_forms")  # rows without an id: the kind's own, or the base's when it has none
OWN = frozenset({"base", "tags", "without"})


def stand_on(own: Table, base: Table, file: str) -> dict[str, Any]:
    """The kind's whole table. Raises KindError when it leaves out or has no word for what the base lacks."""
    without = own.get("without", {})
    if set(without) - {*LISTS, "chains"}:
        raise KindError(file, "without", f"one of {LISTS} or chains")
    out = {**base, **{k: v for k, v in own.items() if k not in OWN}}
    for name in LISTS:
        out[name] = _rows(base.get(name, ()), own.get(name, ()), without.get(name, ()), f"{name}", file)
    chains = {**base.get("chains", {}), **own.get("chains", {})}
    out["chains"] = {form: chain for form, chain in chains.items() if form not in without.get("chains", ())}
    for name in WHOLE:
        out[name] = own.get(name, base.get(name, ()))
    tag = own.get("tags")
    return dict(_tagged(out, tag)) if tag else out


def _rows(base: Iterable[Table], own: Iterable[Table], without: Iterable[str], where: str, file: str) -> list[dict[str, Any]]:
    rows = {row["id"]: dict(row) for row in base}
    for name in without:
        if rows.pop(name, None) is None:
            raise KindError(file, f"without.{where}", f"the base has no {name!r}")
    for row in own:
        rows[row["id"]] = {**rows.get(row["id"], {}), **row}
    return list(rows.values())


def _tagged(value: Any, tag: str) -> Any:
    """Every `*:` at the beginning of a text becomes the kind's own word."""
    if isinstance(value, str):
        return f"{tag}{value[1:]}" if value.startswith("*:") else value
    if isinstance(value, Mapping):
        return {k: _tagged(v, tag) for k, v in value.items()}
    if isinstance(value, list):
        return [_tagged(v, tag) for v in value]
    return value
