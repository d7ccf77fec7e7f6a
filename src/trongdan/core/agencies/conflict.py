"""Who a conflict of interest keeps out on a day, and where a case passes then: looked up here, decided in the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from trongdan.kernel.conflict import ShutOut
from trongdan.kernel.kind import ConflictDef

from .models import Agency, Appointment, PostRow
from .named import reception_above
from .selectors import superior

LEADERS = ("head", "deputy", "unit_head")


def shut_out(conflict: ConflictDef, posts: Sequence[str], on: date) -> ShutOut:
    """Whom a conflict keeps out by the posts it names, as things stood on a day: those posts, whoever held them with all
    other posts of theirs, and with `subordinates` everybody below them by the tree of that day."""
    rows = list(PostRow.objects.filter(id__in=list(posts)))
    persons = set(_holding(posts, on))
    own = set(Appointment.objects.filter(_current(on), person__in=persons).values_list("post_id", flat=True))
    kept = set(posts) | own
    agencies: set[str] = set()
    if conflict.subordinates:
        rows = list(PostRow.objects.filter(id__in=kept))
        agencies = {code for row in rows if row.role == "head" for code in _tree(row.agency_id, on)}
        for row in rows:
            if row.role == "deputy":  # the head is above the deputy, everybody else of the agency below
                kept |= set(PostRow.objects.filter(agency_id=row.agency_id).exclude(role="head").values_list("id", flat=True))
            elif row.role == "unit_head":
                room = Q(room_id=row.room_id) if row.room_id else Q(agency_id=row.agency_id, role__in=("officer", "verifier"))
                kept |= set(PostRow.objects.filter(room).values_list("id", flat=True))
    return ShutOut(conflict.id, conflict.out_of, frozenset(kept), frozenset(agencies), frozenset(map(str, persons)))


def _current(on: date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def _holding(posts: Iterable[str], on: date) -> Iterable[UUID]:
    return Appointment.objects.filter(_current(on), post_id__in=list(posts)).values_list("person", flat=True)


def _tree(agency: str, on: date) -> set[str]:
    """An agency with its rooms and all below it, by administration or by line, that stood on a day."""
    out, edge = {agency}, {agency}
    while edge:
        below = Agency.objects.filter(Q(under_id__in=edge) | Q(line_id__in=edge) | Q(answers_id__in=edge))
        below = below.filter(Q(valid_from=None) | Q(valid_from__lte=on)).filter(Q(valid_to=None) | Q(valid_to__gte=on))
        edge = set(below.values_list("code", flat=True)) - out
        out |= edge
    return out


def settles_above(conflict: ConflictDef, posts: Sequence[str], agency: str, shut: ShutOut) -> bool:
    """Whether the agency may not settle it: its head is out, or somebody named leads it, whom only its superior settles."""
    leads = PostRow.objects.filter(id__in=list(posts), agency_id=agency, role__in=conflict.settled_above).exists()
    return leads or shut.has_post(f"{agency}/head")


def way_up(agency: str, shut: ShutOut, by_reception: bool) -> str | None:
    """The next agency that may act: a letter goes to the province's reception, a matter up the line; None above the province."""
    if by_reception:
        board = reception_above(agency)
        return board if board != agency and not shut.has_post(f"{board}/reception") else None
    up = superior(agency)
    while up is not None and shut.has_post(f"{up}/head"):
        up = superior(up)
    return up
