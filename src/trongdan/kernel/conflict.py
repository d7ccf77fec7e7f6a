"""Conflict of interest as a rule of the kind (domain 1): who is out of a case, of all of it or of one part in it.

Who that is on a day (whose subordinates, which other posts the same person holds) is looked up by the core and comes with
the command; what follows from it is decided here, and recorded in the event, so that a later change of posts alters
nothing that was decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .errors import Refusal
from .kind import EVERYTHING, ConflictDef, FieldDef, Json, Kind


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Who a conflict keeps out, as looked up on the day it was recorded: posts, whole agencies, persons (ids).

    `out_of` is ("*",) for everything, else the parts ("verifier", "assigned", a role) that are shut to them."""

    conflict: str
    out_of: tuple[str, ...] = (EVERYTHING,)
    posts: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def has_post(self, post: str) -> bool:
        """Whether a post is kept out: by its own id, or because it belongs to an agency that is (or to a room of one)."""
        place = post.partition("/")[0]
        return post in self.posts or any(place == a or place.startswith(f"{a}-") for a in self.agencies)

    def has(self, person: str | None, posts: Iterable[tuple[str, str]]) -> bool:
        """Whether somebody is kept out: by who they are, or by any post they hold: (id, agency) each."""
        if person is not None and person in self.persons:
            return True
        return any(self.has_post(post) or agency in self.agencies for post, agency in posts)

    def from_part(self, part: str) -> bool:
        return EVERYTHING in self.out_of or part in self.out_of

    def recorded(self) -> dict[str, Json]:
        """As an event keeps it."""
        return {"conflict": self.conflict, "out_of": list(self.out_of), "posts": sorted(self.posts),
                "agencies": sorted(self.agencies), "persons": sorted(self.persons)}  # fmt: skip


def read(entry: Mapping[str, Json]) -> ShutOut:
    return ShutOut(entry["conflict"], tuple(entry["out_of"]), frozenset(entry["posts"]), frozenset(entry["agencies"]),
                   frozenset(entry["persons"]))  # fmt: skip


def named(value: Json) -> tuple[str, ...]:
    """The posts that a field names, whether it holds one or several."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(v for v in value or () if isinstance(v, str)) if isinstance(value, (list, tuple)) else ()


def found(kind: Kind, answers: Mapping[str, Json], looked_up: Mapping[str, Json]) -> list[ShutOut]:
    """The conflicts that these answers bring. Without anything looked up (a worked example), the named posts alone."""
    known = {entry["conflict"]: entry for entry in looked_up.get("shut_out", ())}
    out = []
    for conflict in kind.conflicts:
        if not any(f in answers for f in conflict.fields):
            continue
        entry = known.get(conflict.id)
        posts = frozenset(p for f in conflict.fields for p in named(answers.get(f)))
        out.append(read(entry) if entry else ShutOut(conflict.id, conflict.out_of, posts))
    return out


def brought(kind: Kind, answers: Mapping[str, Json], looked_up: Mapping[str, Json], agency: str) -> dict[str, Json]:
    """What an event keeps of the conflicts its answers bring: who is out; and, where the agency may not settle it, to which
    one it passes by itself, with the conflict that is the reason."""
    new = found(kind, answers, looked_up)
    if not new:
        return {}
    out: dict[str, Json] = {"shut_out": [s.recorded() for s in new]}
    route = looked_up.get("route")
    if route and route != agency:
        why = next(s.conflict for s in new if EVERYTHING in s.out_of)
        out |= {"agency": route, "assigned": None, "routed": {"from": agency, "why": why}}
    return out


def refuse_named(kind: Kind, held: Mapping[str, ShutOut], answers: Mapping[str, Json], looked_up: Mapping[str, Json]) -> None:
    """No part in the case may be given to a post that a conflict keeps out of it, as the conflicts will stand with these
    answers. Raises Refusal "conflict.named"."""
    own = {f for conflict in kind.conflicts for f in conflict.fields}
    for shut in {**held, **{s.conflict: s for s in found(kind, answers, looked_up)}}.values():
        for field_id, value in answers.items():
            definition = kind.fields.get(field_id)
            if field_id in own or definition is None or not _gives_a_part(definition) or not shut.from_part(field_id):
                continue
            if any(shut.has_post(post) for post in named(value)):
                raise refusal(kind, shut, "conflict.named", field_id)


def _gives_a_part(definition: FieldDef) -> bool:
    return definition.type in ("post", "posts")


def definition_of(kind: Kind, shut: ShutOut) -> ConflictDef | None:
    return next((c for c in kind.conflicts if c.id == shut.conflict), None)


def refusal(kind: Kind, shut: ShutOut, code: str, field: str | None = None) -> Refusal:
    definition = definition_of(kind, shut)
    message = definition.message if definition else "Người này không được tham gia vụ việc vì có xung đột lợi ích."
    return Refusal(code, message, definition.basis if definition else None, {"conflict": shut.conflict, "field": field or ""})
