"""The record of a case, as data/national.toml declares it."""

from __future__ import annotations

import hmac
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from django.db import connection

from trongdan.board.forms import FormError
from trongdan.board.values import VALUES, Entry
from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.kernel.canonical import canonical
from trongdan.kernel.reference import format_reference
from trongdan.platform import keys

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record. `private`: never of a vault case. `read`: whether its basis was read in the primary text."""

    id: str
    name: str
    source: str
    basis: str
    read: bool
    private: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    fields: tuple[Field, ...]
    kinds: Mapping[str, str]  # kind of case -> type of record
    basis: str
    read: bool
    not_yet: Mapping[str, Sequence[str]]  # kind -> steps at which it has no record yet


def _date(value: str) -> str:
    """dd/mm/yyyy -> yyyy-mm-dd."""
    day, _, rest = value.partition("/")
    month, _, year = rest.partition("/")
    return f"{year}-{month}-{day}" if year else value


@lru_cache(maxsize=1)
def declared() -> Declared:
    """The declaration. Raises FormError."""
    table = tomllib.loads((files("trongdan.board") / "data" / "national.toml").read_text("utf-8"))
    fields = tuple(Field(**row) for row in table["field"])
    for field in fields:
        if field.source not in SOURCES:
            raise FormError(f"national.toml: {field.id}: không có nguồn {field.source}")
    if len({f.id for f in fields}) != len(fields):
        raise FormError("national.toml: hai trường cùng mã")
    for kind in table["record"]["kinds"]:
        if kind not in kinds():
            raise FormError(f"national.toml: không có loại việc {kind}")
    not_yet = table["record"].get("not_yet", {})
    for kind, steps in not_yet.items():
        if kind not in table["record"]["kinds"] or set(steps) - set(kinds()[kind].steps):
            raise FormError(f"national.toml: not_yet: không có loại việc hoặc bước {kind}")
    return Declared(fields, table["record"]["kinds"], table["record"]["basis"], table["record"]["read"], not_yet)


SOURCES: Mapping[str, Callable[[Entry], str]] = {
    "reference": lambda e: format_reference(e.loaded.reference),
    "type": lambda e: declared().kinds[e.loaded.kind.id],
    "agency": lambda e: e.agency_name(e.loaded.state.agency),
    "received_on": lambda e: e.loaded.state.origin_on.isoformat() if e.loaded.state.origin_on else "",
    "name": lambda e: e.name,
    "address": lambda e: e.address,
    "summary": VALUES["summary"],
    "channel": VALUES["channel"],
    "nature": VALUES["nature"],
    "topic": VALUES["topic"],
    "people": VALUES["people"],
    "received_by": lambda e: e.titles.get(str(e.loaded.state.fields.get("received_by") or ""), ""),
    "settled_by": VALUES["settled_by"],
    "handling": VALUES["handling"],
    "accepted_on": lambda e: _date(VALUES["accepted_on"](e)),
    "due": lambda e: _date(VALUES["due"](e)),
    "step": VALUES["step"],
    "paper": VALUES["paper"],
    "outcome": VALUES["outcome"],
    "closed_on": lambda e: e.loaded.state.closed_on.isoformat() if e.loaded.state.closed_on else "",
}


def record_of(entry: Entry) -> Record:
    """field id -> words, empty ones left out. Nothing private of a vault case, nothing of the words of a state secret."""
    out: Record = {}
    for field in declared().fields:
        if field.private and entry.loaded.state.vault:
            continue
        if value := SOURCES[field.source](entry):
            out[field.id] = value
    return out


def records(case_ids: Sequence[UUID]) -> dict[UUID, tuple[Loaded, Record]]:
    """The records of cases that have one, as they are now. Runs inside a scope that sees them; names too, for the worker."""
    cases = {i: c for i, c in load(case_ids).items() if c.kind.id in declared().kinds and not c.state.stub
             and c.state.step not in declared().not_yet.get(c.kind.id, ())}  # fmt: skip
    ids = list(cases)
    titles = post_titles(sorted({str(c.state.fields["received_by"]) for c in cases.values() if c.state.fields.get("received_by")}))
    words, agencies = bodies(ids), names(sorted({c.state.agency for c in cases.values()}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, coalesce(name, ''), coalesce(address, '') FROM td_identity WHERE case_id = ANY(%s) "
                       "AND role = 'sender'", [ids])  # fmt: skip
        people = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    out = {}
    for case_id, case in cases.items():
        name, address = people.get(case_id, ("", ""))
        content = str((case.state.fields.get("text") or {}).get("content", ""))
        on = case.state.origin_on or case.events[0].on
        entry = Entry(0, on, case.state.agency, case, name, address, words.get(content, ""), agencies=agencies, titles=titles)
        out[case_id] = (case, record_of(entry))
    return out


def digest_of(record: Record) -> str:
    """Keyed: a plain hash of a short record would confirm its words to whoever guesses them."""
    return hmac.digest(keys.secret("national"), canonical(record), "sha256").hex()
