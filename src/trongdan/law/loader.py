"""From TOML to `Law`, refusing what does not hold together, with file, key and reason."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from trongdan.kernel.calendar import NOTE_KINDS, Calendar, DayNote
from trongdan.kernel.clock import SOURCE_MARKS, Caution, Extension, Rule, RuleVersion, Source, Transition, Unit
from trongdan.kernel.errors import LawError

from .book import Law
from .families import compose

Table = Mapping[str, Any]
_VERSION_KEYS = frozenset([
    "id", "from", "to", "value", "unit", "variants", "backwards", "roll", "caution",
    "extension", "no_limit", "alert", "basis", "source", "note", "pauses", "suspends_from", "forms", "transitions", "forward",
])  # fmt: skip
_RULE_KEYS = frozenset({"id", "title", "title_en", "starts_at", "starts_at_en", "left_to_province",
                        "version"})  # fmt: skip
_TRANSITION_KEYS = frozenset({"basis", "vi", "en", "from", "to"})
_DAY_KEYS = frozenset({"day", "kind", "name", "name_en", "source", "verified"})


def _only(table: Table, keys: Iterable[str], file: str, where: str) -> None:
    extra = set(table) - set(keys)
    if extra:
        raise LawError(file, where, f"unknown keys {sorted(extra)}")


def _need(table: Table, key: str, file: str, where: str) -> Any:
    value = table.get(key)
    if value in (None, ""):
        raise LawError(file, f"{where}.{key}", "missing")
    return value


def _unit(text: str, file: str, where: str) -> Unit:
    try:
        return Unit(text)
    except ValueError:
        raise LawError(file, f"{where}.unit", f"unknown unit {text!r}") from None


def _version(t: Table, file: str, rule_id: str, local: bool) -> RuleVersion:
    where = f"{rule_id}.{t.get('id', '?')}"
    _only(t, _VERSION_KEYS, file, where)
    if ("value" in t) == ("no_limit" in t):
        raise LawError(file, where, "exactly one of value and no_limit")
    source = _need(t, "source", file, where)
    if source.get("verified") not in SOURCE_MARKS or (source["verified"] != "unread" and not source.get("where")):
        raise LawError(file, f"{where}.source", f"verified is one of {sorted(SOURCE_MARKS)}, with where it was read")
    unit = _unit(_need(t, "unit", file, where), file, where)
    caution, extension = t.get("caution"), t.get("extension")
    return RuleVersion(
        id=_need(t, "id", file, where), effective_from=_need(t, "from", file, where), effective_to=t.get("to"),
        value=t.get("value"), unit=unit, basis=_need(t, "basis", file, where),
        source=Source(source["verified"], source.get("where", "")), variants=dict(t.get("variants", {})),
        backwards=t.get("backwards", False), roll=t.get("roll", True),
        excludes_suspension="pauses" in t, pause_basis=t.get("pauses", ""),
        caution=Caution(caution["value"], _unit(caution["unit"], file, where), caution["basis"]) if caution else None,
        extension=Extension(**extension) if extension else None, no_limit=t.get("no_limit"), local=local,
        alert=t.get("alert", False), note=t.get("note", ""), suspends_from=t.get("suspends_from"),
        forms=tuple(t.get("forms", ())), transitions=tuple(_transition(x, file, where) for x in t.get("transitions", ())),
        variant_words=_words(t.get("variants", {}), file, where), forward=_forward(t, file, where),
    )  # fmt: skip


def _transition(t: Table, file: str, where: str) -> Transition:
    _only(t, _TRANSITION_KEYS, file, f"{where}.transitions")
    basis, vi, en = (_need(t, key, file, f"{where}.transitions") for key in ("basis", "vi", "en"))
    return Transition(basis, vi, en, t.get("from"), t.get("to"))


def _forward(t: Table, file: str, where: str) -> frozenset[str]:
    """The cases counted forward: of a limit counted back, and each one of its variants."""
    names = frozenset(t.get("forward", ()))
    if names and (not t.get("backwards") or names - set(t.get("variants", {}))):
        raise LawError(file, f"{where}.forward", "only variants of a limit counted back")
    return names


def _words(variants: Table, file: str, where: str) -> dict[str, tuple[str, str]]:
    """Each variant in Vietnamese and English, so that a derivation never shows a bare id."""
    words = variant_words()
    unknown = set(variants) - set(words)
    if unknown:
        raise LawError(file, f"{where}.variants", f"no words for {sorted(unknown)} in variants.toml")
    return {name: words[name] for name in variants}


@lru_cache(maxsize=1)
def variant_words() -> dict[str, tuple[str, str]]:
    """The words of every variant, by id: (Vietnamese, English)."""
    text = (files("trongdan.law") / "variants.toml").read_text("utf-8")
    return {v["id"]: (v["vi"], v["en"]) for v in tomllib.loads(text)["variant"]}


def load_rules(text: str, file: str, local: bool = False) -> list[Rule]:
    """The rules of one TOML text. Raises LawError."""
    out = []
    for t in tomllib.loads(text).get("rule", ()):
        rule_id = _need(t, "id", file, "rule")
        _only(t, _RULE_KEYS, file, rule_id)
        versions = sorted((_version(v, file, rule_id, local) for v in t.get("version", ())),
                          key=lambda v: v.effective_from)  # fmt: skip
        if not versions:
            raise LawError(file, rule_id, "no version")
        for earlier, later in pairwise(versions):
            if earlier.effective_to is None or earlier.effective_to >= later.effective_from:
                raise LawError(file, rule_id, f"{earlier.id} and {later.id} are in force at the same time")
        out.append(Rule(rule_id, _need(t, "title", file, rule_id), t.get("title_en", ""),
                        _need(t, "starts_at", file, rule_id), tuple(versions), t.get("starts_at_en", ""),
                        t.get("left_to_province", False)))  # fmt: skip
    return out


def load_year(text: str, file: str) -> tuple[int, list[DayNote]]:
    """One year of a calendar. Raises LawError."""
    table = tomllib.loads(text)
    year = _need(table, "year", file, "year")
    notes = []
    for t in table.get("day", ()):
        _only(t, _DAY_KEYS, file, str(t.get("day")))
        day = _need(t, "day", file, "day")
        if not isinstance(day, date) or day.year != year or t.get("kind") not in NOTE_KINDS:
            raise LawError(file, str(day), f"not a day of {year}, or kind not one of {sorted(NOTE_KINDS)}")
        notes.append(DayNote(day, t["kind"], _need(t, "name", file, str(day)), _need(t, "source", file, str(day)),
                             t.get("verified", False), t.get("name_en", "")))  # fmt: skip
    return year, notes


def _texts(folder: str) -> list[tuple[str, str]]:
    found = (files("trongdan.law") / folder).iterdir()
    return sorted((f.name, f.read_text("utf-8")) for f in found if f.name.endswith(".toml"))


def local_file() -> Path:
    """The province's own rules and days: the file that TRONGDAN_LAW_LOCAL names, else the demonstration's."""
    named = os.environ.get("TRONGDAN_LAW_LOCAL")
    return Path(named) if named else Path(str(files("trongdan.law") / "local" / "phu_tho.toml"))


@lru_cache(maxsize=4)
def load_law(local: Path | None = None) -> Law:
    """The law shipped with the program, with the local rules and days of a province (`local_file` when None).

    Read once a process: after a change of the file, restart and run `trongdan law recompute`. Raises LawError."""
    rules: dict[str, Rule] = {}
    for name, text in _texts("deadlines"):
        _add(rules, load_rules(text, name), name)
    place = local or local_file()
    text = _read(place)
    _add(rules, load_rules(text, place.name, local=True), place.name)
    years = [load_year(t, name) for name, t in _texts("calendars")]
    notes = [n for _, day_notes in years for n in day_notes] + _local_days(text, place.name)
    families = compose((files("trongdan.law") / "families.toml").read_text("utf-8"), rules, variant_words())
    return Law(rules, Calendar((y for y, _ in years), notes), families, _remote(text, place.name))


def _read(place: Path) -> str:
    try:
        text = place.read_text("utf-8")
        tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise LawError(str(place), "file", str(problem)) from None
    return text


def _add(rules: dict[str, Rule], new: Iterable[Rule], file: str) -> None:
    """A local rule takes the place only of one whose number the law leaves to the province."""
    for rule in new:
        old = rules.get(rule.id)
        if old is not None and not any(v.local for v in rule.versions):
            raise LawError(file, rule.id, "declared twice")
        if old is not None and not old.left_to_province:
            raise LawError(file, rule.id, "the law itself says this; a province cannot say otherwise")
        rules[rule.id] = rule


def _remote(text: str, file: str) -> dict[str, str]:
    """The communes that the province calls remote ("vùng sâu, vùng xa đi lại khó khăn"), each with its decision."""
    return {
        str(_need(t, "commune", file, "remote")): _need(t, "basis", file, f"remote.{t['commune']}")
        for t in tomllib.loads(text).get("remote", ())
    }


def _local_days(text: str, file: str) -> list[DayNote]:
    """Days that the province itself adds, in `[[day]]` tables of its local file."""
    return [
        DayNote(t["day"], "local", _need(t, "name", file, str(t["day"])), _need(t, "source", file, str(t["day"])),
                t.get("verified", False), t.get("name_en", ""))
        for t in tomllib.loads(text).get("day", ())
    ]  # fmt: skip
