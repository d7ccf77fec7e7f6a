"""The part of a kind's file that protects people: its vault and its conflicts, read and held together (domain 1, 19)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from .errors import KindError
from .facts import is_fact
from .kind import COUNTED, EVERYTHING, HOLDER_RELATIONS, ROLES, ConflictDef, Kind, VaultDef

Table = Mapping[str, Any]


class File(Protocol):
    """The file being read, which every refusal names (kindfile)."""

    def refuse(self, key: str, reason: str) -> KindError: ...
    def only(self, table: Table, keys: Collection[str], where: str) -> None: ...
    def need(self, table: Table, key: str, where: str) -> Any: ...


def _many(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def vault_of(f: File, t: Table) -> VaultDef:
    f.only(t, {"always", "when", "opens", "emergency"}, "vault")
    if not t:
        return VaultDef()
    made = VaultDef(t.get("always", False), t.get("when"), _many(t.get("opens")), _many(t.get("emergency")))
    if set(made.opens + made.emergency) - ROLES - HOLDER_RELATIONS:
        raise f.refuse("vault", "opens and emergency name roles or relations")
    if (made.always or made.when) and not made.opens:
        raise f.refuse("vault.opens", "a vault that nobody may open")
    return made


def conflicts_of(f: File, tables: Iterable[Table]) -> tuple[ConflictDef, ...]:
    out = []
    for t in tables:
        where = f"conflicts.{t.get('id')}"
        f.only(t, {"id", "fields", "out_of", "message", "basis", "subordinates", "settled_above"}, where)
        made = ConflictDef(f.need(t, "id", "conflicts"), _many(f.need(t, "fields", where)), _many(f.need(t, "out_of", where)),
                           f.need(t, "message", where), t.get("basis"), t.get("subordinates", False),
                           _many(t.get("settled_above")))  # fmt: skip
        if not made.fields or not made.out_of:
            raise f.refuse(where, "fields that name posts, and what they are out of")
        if set(made.settled_above) - ROLES or (made.settled_above and EVERYTHING not in made.out_of):
            raise f.refuse(where, "settled_above names roles, and only of those who are out of everything")
        out.append(made)
    if len({c.id for c in out}) != len(out):
        raise f.refuse("conflicts", "an id is declared twice")
    return tuple(out)


def hold_together(f: File, kind: Kind) -> None:
    """What the vault, the conflicts and the words passed on name must be there. Raises KindError."""
    for conflict in kind.conflicts:
        for name in conflict.fields:
            if name not in kind.fields or kind.fields[name].type not in ("post", "posts"):
                raise f.refuse(f"conflicts.{conflict.id}", f"{name!r} is no field that names posts")
        strange = set(conflict.out_of) - {EVERYTHING} - ROLES - HOLDER_RELATIONS - set(kind.fields)
        if strange:
            raise f.refuse(f"conflicts.{conflict.id}.out_of", f"neither roles nor fields: {sorted(strange)}")
    _shown_to_others(f, kind)
    if kind.vault.when and kind.vault.when not in kind.fields:
        raise f.refuse("vault.when", f"unknown field {kind.vault.when!r}")
    for edge in kind.edges.values():
        at = kind.fields.get(edge.spawns_at)
        if edge.spawns_at not in ("own", "superior") and (at is None or at.type != "agency"):
            raise f.refuse(f"edges.{edge.id}.spawns_at", "own, superior or a field that names an agency")
        if edge.counts_from not in ("first", "now"):
            raise f.refuse(f"edges.{edge.id}.counts_from", "first or now")
        if any(isinstance(of, str) and not is_fact(kind, of) for of in edge.passes.values()):
            raise f.refuse(f"edges.{edge.id}.passes", "passes on a field or fact that is not here")


def _shown_to_others(f: File, kind: Kind) -> None:
    """What is counted, and what is made public of a letter: nothing of those whose people lie in the vault (domain 23)."""
    for what, tags in kind.counts.items():
        if what not in COUNTED or set(tags) - kind.tags:
            raise f.refuse(f"counts.{what}", f"one of {COUNTED}, each with events of this kind")
    for field in kind.fields.values():
        if not field.redacts:
            continue
        if field.redacts not in kind.fields or not field.sealed:
            raise f.refuse(f"fields.{field.id}.redacts", "a sealed text names the field that it shows redacted")
        if kind.vault.always:
            raise f.refuse(f"fields.{field.id}.redacts", "nothing of a kind in the vault is ever made public")
