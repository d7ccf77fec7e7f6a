"""Rules asked for by one id while the law splits them by case (DD-01 by kind of land): one rule with variants."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trongdan.kernel.clock import Rule, RuleVersion
from trongdan.kernel.errors import LawError

FILE = "families.toml"
_WEAKEST = ("unread", "secondary", "primary")


def compose(text: str, rules: Mapping[str, Rule], words: Mapping[str, tuple[str, str]]) -> dict[str, Rule]:
    """The families of a TOML text over the rules they name. Raises LawError when their versions do not line up."""
    out = {}
    for table in tomllib.loads(text).get("family", ()):
        family = _one(table, rules, words)
        for name in (table["id"], *table.get("also", ())):
            out[name] = replace(family, id=name)
    return out


def _one(table: Mapping[str, Any], rules: Mapping[str, Rule], words: Mapping[str, tuple[str, str]]) -> Rule:
    columns: dict[str, list[RuleVersion]] = {}
    for variant, names in table["variants"].items():
        missing = [n for n in names if n not in rules]
        if missing or variant not in words:
            raise LawError(FILE, f"{table['id']}.{variant}", f"unknown rules {missing} or no words for the variant")
        columns[variant] = [v for n in names for v in rules[n].versions]
    versions = []
    for row in zip(*columns.values(), strict=True):
        first = row[0]
        if any((v.effective_from, v.effective_to, v.unit, v.backwards) != (first.effective_from, first.effective_to,
               first.unit, first.backwards) for v in row):  # fmt: skip
            raise LawError(FILE, table["id"], f"{[v.id for v in row]} are not in force for the same days")
        weakest = min((v.source for v in row), key=lambda s: _WEAKEST.index(s.verified))
        values = {name: v.value for name, v in zip(columns, row, strict=True) if v.value is not None}
        versions.append(replace(first, id=first.id.rstrip("ab"), value=None, variants=values, source=weakest,
                                variant_words={name: words[name] for name in values}))  # fmt: skip
    return Rule(table["id"], table["title"], table["title_en"], table["starts_at"], tuple(versions),
                table.get("starts_at_en", ""))  # fmt: skip
