"""Lắng nghe: what people say in a place, one page for a leader before a visit. Sums and words that a person let go; no case."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trongdan.board.listening import heard
from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.province import province
from trongdan.core.agencies.selectors import names
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.kinds.coordination.selectors import KIND as VOTERS

from .who import Desk, at_desk

LEADERS = ("head", "deputy", "office", "inspector")


def listens(desk: Desk) -> bool:
    """Whether the page is for this desk: leaders and who prepares their visits."""
    return desk.actor.post is not None and desk.actor.post.role in LEADERS


@at_desk
@require_safe
def places(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The communes below with how much was heard in each; ?xa= goes straight to one by its name, old or new."""
    if not listens(desk):
        raise Http404
    words = request.GET.get("xa", "").strip()[:80]
    with scope(desk.actor):
        rows = heard.places(today())
        own = desk.actor.post.agency if desk.actor.post else ""
        wanted = [m.commune.agency for m in find_place(words)[:1]] if words else []
        if wanted and heard.may_count(wanted[0]):
            return _visit(request, desk, wanted[0])
        if not rows and own.removeprefix("c") in province().by_code:
            return _visit(request, desk, own)
    called = names([r.key for r in rows])
    context = {"desk": desk, "tab": "listening", "rows": [(r, called.get(r.key, r.key)) for r in rows], "words": words,
               "d": heard.declared()}  # fmt: skip
    return render(request, "desk/listening.html", context)


@at_desk
@require_safe
def visit(request: HttpRequest, desk: Desk, place: str) -> HttpResponse:
    """One place."""
    if not listens(desk) or place.removeprefix("c") not in province().by_code:
        raise Http404
    with scope(desk.actor):
        if not heard.may_count(place):
            raise Http404
        return _visit(request, desk, place)


def _visit(request: HttpRequest, desk: Desk, place: str) -> HttpResponse:
    """Inside the scope."""
    page, d = heard.before_a_visit(place, today()), heard.declared()
    steps = kinds()[VOTERS].steps
    voters = [(steps[s].name, page.voters[s]) for s in steps if s in page.voters]
    context = {
        "desk": desk, "tab": "listening", "page": page, "d": d, "place": province().by_code[place.removeprefix("c")].full,
        "voters": voters, "steps": {m.reference: kinds()[m.kind].steps[m.step].name for m in page.meetings},
        "examples": [(s, d.sources.get(s.source) or kinds()[s.source].name) for s in page.examples],
        "late_days": (today() - page.oldest).days if page.oldest else 0, "unsorted": _("chưa xếp lĩnh vực"),
    }  # fmt: skip
    return render(request, "desk/visit.html", context)
