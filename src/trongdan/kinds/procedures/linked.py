"""Linked procedures (liên thông): said once, several dossiers that know each other, one page and one slip for the person.

The first dossier opens the others as its family; which procedures belong together is data (data/linked.toml, chưa đối chiếu).
Each of the others has its own time and process, which begin when the first one's result is there (jobs.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from trongdan.core.cases.once import already, digest_of, known_keys
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.papers.receiving import one_at_a_time
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal

from . import selectors
from .again import fits, title_of
from .complete import Asked, asked_papers
from .intake import KIND, Dossier, Taken, command_of, receive, shown, taken_of
from .search import words_in

NOTHING_MORE = "0"  # the papers of a part that asks for nothing beyond what the first dossier has


@dataclass(frozen=True, slots=True)
class Part:
    """A procedure that goes along. `waits`: for the first one's result; `outside`: who decides it, in words."""

    code: str
    waits: bool
    outside: str


@dataclass(frozen=True, slots=True)
class LinkedSet:
    """Procedures done as one application. `gives`: titles of what the first one issues, which nobody is asked for again."""

    id: str
    name: str
    first: str
    gives: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Along:
    """A part as a form offers it: its name, what of its papers the person still has to bring (places from 1), what is said
    already with the first one's papers."""

    part: Part
    name: str
    left: tuple[Asked, ...]
    said: tuple[Asked, ...]


@lru_cache(maxsize=1)
def sets() -> Mapping[str, LinkedSet]:
    """code of the first procedure -> its set."""
    t = tomllib.loads((files(__package__) / "data" / "linked.toml").read_text("utf-8"))
    found = (LinkedSet(s["id"], s["name"], s["first"], tuple(s["gives"]),
                       tuple(Part(p["code"], p["waits"], p["outside"]) for p in s["part"])) for s in t["set"])  # fmt: skip
    return {one.first: one for one in found}


def along(first: str, papers: Sequence[Asked], on: date) -> list[Along]:
    """What may be handed in together with a procedure, of what the catalogue has in force on the day. `papers`: the first's."""
    whole = sets().get(first)
    out = []
    for part in whole.parts if whole else ():
        found = selectors.procedure(part.code, on)
        if whole is None or found is None:
            continue
        asked = asked_papers(found.body)
        said = tuple(a for a in asked if _said(a, whole, papers))
        out.append(Along(part, str(found.body["name"]), tuple(a for a in asked if a not in said), said))
    return out


def _said(asked: Asked, whole: LinkedSet, papers: Sequence[Asked]) -> bool:
    title = words_in(title_of(asked.name))
    given = any(title[: len(words)] == words for words in map(words_in, whole.gives))
    return given or any(p.name == asked.name or fits(title_of(p.name), "", asked.name) for p in papers)


def receive_together(dossier: Dossier, parts: Mapping[str, Collection[int]], key: str, client: str, actor: Actor,
                     now: datetime | None = None) -> Taken:  # fmt: skip
    """Take in a dossier and those of `parts` (code -> places of its papers that are here), all or none; once per (client, key).
    Raises Refusal."""
    if not parts:
        return receive(dossier, key, client, actor, now)
    whole = sets().get(dossier.code)
    known = {p.code: p for p in whole.parts} if whole else {}
    if strange := sorted(set(parts) - set(known)):
        raise Refusal("linked.unknown", f"Thủ tục {strange[0]} không nộp cùng thủ tục này được.", None, {"field": "linked"})
    dossier = replace(dossier, linked=tuple(parts))
    with scope(Scope(identity=True)):  # one transaction
        one_at_a_time(client, key)
        if known_keys(client, [key]):
            return taken_of(already(client, key, digest_of(command_of(dossier), dossier.applicant)))
        taken = receive(dossier, key, client, actor, now)
        for code, places in parts.items():
            listed = " ".join(str(n) for n in sorted(places)) or NOTHING_MORE
            opened = Command(KIND, str(taken.case), "link", {"linked_topic": code, "linked_papers": listed})
            perform(opened, actor, f"{key}:{code}", client=client, now=now)
            if not known[code].waits:
                with scope(actor):
                    children = waiting(taken.case, code)
                for child in children:
                    perform(Command(KIND, str(child), "begin"), actor, f"{key}:{code}:begin", client=client, now=now)
    return taken


def waiting(first: UUID, code: str | None = None) -> list[UUID]:
    """The dossiers that a first one opened and that wait, of one procedure or of all. Runs inside a scope."""
    found = load([first]).get(first)
    children = load([UUID(c) for c in found.state.children]) if found else {}
    return [one.id for one in children.values() if one.kind.id == KIND and one.state.step == "queued"
            and code in (None, one.state.fields.get("topic"))]  # fmt: skip


def part_lines(loaded: Loaded) -> list[str]:
    """The dossiers that were handed in with this one, as its slip names them: number, procedure, what it waits for, who decides.
    From its own trail alone: who prints the slip need not see the others."""
    codes = str(loaded.state.fields.get("linked") or "").split()
    whole = sets().get(str(loaded.state.fields.get("topic") or ""))
    known = {p.code: p for p in whole.parts} if whole else {}
    out = []
    for number, code in enumerate(codes, 1):
        found, part = selectors.procedure(code, loaded.state.opened_on or today()), known.get(code)
        said = [f"{number}. {found.body['name'] if found else code}: mã {shown(f'{loaded.reference}/{number}')}"]
        if part and part.waits:
            said.append("bắt đầu tính thời hạn khi có kết quả của thủ tục trên")
        if part and part.outside:
            said.append(f"{part.outside} quyết định")
        out.append("; ".join(said))
    return out
