"""What people thought: single assessments for the superior and the Front, sums in batches for the agency itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases import assessments
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.kinds.procedures.intake import KIND
from trongdan.kinds.procedures.judging import factors

from .who import Desk, at_desk


@at_desk
@require_safe
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    agency = desk.actor.post.agency if desk.actor.post else ""
    with scope(desk.actor):
        found = assessments.below()
        own = assessments.own(agency, today())
        marked = factors(agency, today())
    agencies = names([a.agency for a in found])
    words = {"yes": _("rồi"), "partly": _("một phần"), "no": _("chưa"), "unknown": "–"}
    questions = [("answered", _("Đã trả lời")), ("acted", _("Đã làm")), ("solved", _("Đã xong"))]
    context = {
        "desk": desk, "tab": "assessments", "least": assessments.LEAST,
        "below": [(a, agencies.get(a.agency, a.agency), kinds()[a.kind].name, [words[a.verdict[q]] for q, _n in questions])
                  for a in found],
        "own": [(b, [(name, b.yes[q], round(100 * b.yes[q] / b.people)) for q, name in questions]) for b in own],
        "factors": [(label, [(since, until, high, people, round(100 * high / people)) for since, until, people, high in marked[f]])
                    for f, label in kinds()[KIND].factors.items() if marked.get(f)],
        "questions": [name for _q, name in questions],
    }  # fmt: skip
    return render(request, "desk/assessments.html", context)
