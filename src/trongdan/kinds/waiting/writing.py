"""What every change to a line has in common: a scope, a key, and a row that says what was done. For this folder's services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from trongdan.core.cases.scope import INTAKE, scope
from trongdan.kernel.case import Actor, Post
from trongdan.kernel.errors import Refusal

from .models import Centre, Entry

ABOVE_ALL = frozenset({"hcc-tinh", "vp-ubnd", "ubnd-tinh"})  # who watches every centre of the province


@dataclass(frozen=True, slots=True)
class Who:
    """Who does it, from which door; `key` makes it happen once for a `client`. `actor` None: somebody of the public."""

    client: str
    key: str
    actor: Actor | None = None
    now: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.now or timezone.now()


@contextmanager
def once(who: Who, what: str) -> Iterator[Entry | None]:
    """A transaction in the scope of who acts. Gives the entry of the same key when it was done before: then do nothing.

    Two with one key follow one another. Raises Refusal "key.reused" when the key belongs to something else."""
    with scope(who.actor or INTAKE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"waiting/{who.client}/{who.key}"])
        found = Entry.objects.filter(client=who.client, key=who.key).first()
        if found is not None and found.what != what:
            raise Refusal("key.reused", "Mã gửi này đã dùng cho việc khác. Hãy tải lại trang rồi làm lại.")
        yield found


def note(who: Who, what: str, centre: str, *, ticket: UUID | None = None, appointment: UUID | None = None,
         counter: int | None = None, service: str = "") -> None:  # fmt: skip
    """The row of the one change of this transaction."""
    post = who.actor.post.id if who.actor and who.actor.post else ""
    person = UUID(who.actor.person) if who.actor and who.actor.person else None
    Entry.objects.create(at=who.at, centre=centre, what=what, ticket=ticket, appointment=appointment, counter=counter,
                         service=service, post=post, person=person, client=who.client, key=who.key)  # fmt: skip


def lock(name: str) -> None:
    """Hold what has this name until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"waiting/{name}"])


def centre_of(code: str) -> Centre:
    """Raises Refusal "waiting.no_centre"."""
    found = Centre.objects.filter(code=code).first()
    if found is None:
        raise Refusal("waiting.no_centre", "Không có trung tâm này. Hãy chọn lại.")
    return found


def is_centre(agency: str) -> bool:
    """Whether an agency's code is a centre's, by how the province's data names them."""
    return agency == "hcc-tinh" or agency.endswith("-hcc")


def centre_code(post: Post) -> str:
    """The centre where a post works: its own agency, or the room it sits in (a commune's counter answers for the commune);
    "" when neither is a centre."""
    room = post.id.partition("/")[0]
    return post.agency if is_centre(post.agency) else room if is_centre(room) else ""


def works_at(actor: Actor, centre: Centre) -> bool:
    return any(centre_code(post) == centre.code for post in actor.posts)


def watches(actor: Actor, centre: Centre) -> bool:
    """Whether a post sees the centre's board: its own, of the agency above it, or of the province's."""
    return any(post.agency in {centre.code, centre.above, *ABOVE_ALL} for post in actor.posts)
