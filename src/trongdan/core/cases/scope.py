"""What a transaction may see. `with scope(who):` opens it and sets `td.scope`; a scoped query outside it raises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from trongdan.kernel.case import Actor


@dataclass(frozen=True, slots=True)
class Scope:
    """Agencies and posts whose cases are seen, one case (a sender's), or all (jobs, province-wide readers).

    `identity` opens the table of who people are; it is off unless the work needs the name."""

    agencies: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    case: UUID | None = None
    all: bool = False
    identity: bool = False

    def text(self) -> str:
        return json.dumps({"agencies": self.agencies, "posts": self.posts, "case": str(self.case) if self.case else None,
                           "all": self.all, "identity": self.identity})  # fmt: skip


JOB = Scope(all=True, identity=True)
INTAKE = Scope()  # may add a case; sees none

# Roles that need to know who the person is to do their part; others see the matter, not the name.
NAME_ROLES = frozenset({"reception", "officer", "unit_head", "head", "deputy", "registry", "verifier", "counter"})


def scope_of(actor: Actor, case: UUID | None = None) -> Scope:
    """The scope of a resolved actor: the agencies and posts held; a sender sees the one case of the token."""
    if actor.is_sender:
        return Scope(case=case, identity=True)
    if actor.post is not None and actor.post.role == "system":
        return JOB
    roles = {p.role for p in actor.posts}
    posts = {p.id for p in actor.posts} | {f"{p.agency}/{p.role}" for p in actor.posts}
    if actor.person is not None:
        posts.add(f"person:{actor.person}")  # a conflict of interest follows the person into any post (domain 1)
    agencies = {p.agency for p in actor.posts}
    return Scope(tuple(sorted(agencies)), tuple(sorted(posts)), identity=bool(roles & NAME_ROLES))


@contextmanager
def scope(who: Scope | Actor) -> Iterator[None]:
    """Open a transaction and set its scope; nested, the inner scope holds until it closes."""
    wanted = who if isinstance(who, Scope) else scope_of(who)
    if connection.in_atomic_block:
        with _nested(wanted):
            yield
        return
    with transaction.atomic(durable=True):
        _set(wanted.text())
        yield


@contextmanager
def _nested(wanted: Scope) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('td.scope', true)")
        before = cursor.fetchone()[0] or ""
    _set(wanted.text())
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(before)


def _set(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('td.scope', %s, true)", [text])
