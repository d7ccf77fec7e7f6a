"""The national service portal at the desk: dossiers that came and are not in our register yet, and why; what it was told and has
not, or has otherwise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.scope import scope
from trongdan.core.links import portal
from trongdan.kinds.procedures.national import states

from .who import Desk, at_desk

FIELDS = {"turn": "lần báo", "state": "trạng thái", "on": "ngày", "due": "ngày hẹn trả", "result": "kết quả",
          portal.NOT_THERE: "bên kia không có"}  # fmt: skip


@at_desk
@require_safe
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What of the desk's own centre and agency is out of step. No name of anybody."""
    with scope(desk.actor):
        waiting, behind = portal.waiting(), portal.behind()
    labels, known = names([w.agency for w in waiting]), states().names
    context = {
        "desk": desk, "tab": "national_portal", "connected": portal.portal_link() is not None, "source": states().source,
        "waiting": [(w, labels.get(w.agency, w.agency)) for w in waiting],
        "behind": [(b, known.get(b.state, b.state), [FIELDS.get(d, d) for d in b.differs]) for b in behind],
    }  # fmt: skip
    return render(request, "desk/national_portal.html", context)
