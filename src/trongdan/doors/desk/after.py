"""What came after the answers: answered, acted, verified, confirmed, each by itself; and what was made public so far."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases import after as counted
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today

from .who import Desk, at_desk

WATCHERS = ("front", "council")  # read what was opened to the council and the Front


def period(request: HttpRequest) -> tuple[date, date]:
    """?tu=…&den=…; the quarter so far when they say nothing sound."""
    now = today()
    begin = date(now.year, 3 * ((now.month - 1) // 3) + 1, 1)
    try:
        since, until = (date.fromisoformat(request.GET.get(k, "")) for k in ("tu", "den"))
    except ValueError:
        return begin, now
    return (since, until) if since <= until else (until, since)


@at_desk
@require_safe
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    since, until = period(request)
    stage = "council" if desk.office_kind in WATCHERS else "inside"
    with scope(desk.actor):
        rows = counted.after(since, until)
        public = counted.published(stage)
    agencies = names([*(r.agency for r in rows), *(p.agency for p in public)])
    below = [(agencies.get(agency, agency), counted.together(found))
             for agency, found in groupby([r for r in rows if not r.own], key=lambda r: r.agency)]  # fmt: skip
    context = {
        "desk": desk, "tab": "assessments", "since": since, "until": until,
        "heads": [_("Đã nhận"), _("Đã trả lời"), _("Đã làm"), _("Đã kiểm chứng"), _("Người dân xác nhận xong"),
                  _("Người dân nói chưa xong")],
        "own": [(kinds()[r.kind].name, _cells(counted.together([r]))) for r in rows if r.own],
        "below": [(name, _cells(sums)) for name, sums in below],
        "all_below": _cells(counted.together(r for r in rows if not r.own)) if below else None,
        "public": [(agencies.get(p.agency, p.agency), kinds()[p.kind].name, p) for p in public],
    }  # fmt: skip
    return render(request, "desk/after.html", context)


def _cells(sums: dict[str, int | None]) -> list[str]:
    """The figures of a line; a dash where nothing is counted or nothing is to be seen."""
    return ["–" if v is None else str(v) for v in sums.values()]
