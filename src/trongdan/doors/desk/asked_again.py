"""Which procedures still ask for papers that the state has itself: by field, then one by one; for who proposes to cut them."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trongdan.core.cases.trail import today
from trongdan.kinds.procedures.known import known
from trongdan.kinds.procedures.selectors import asking_again, last_import

from .who import Desk, at_desk


@at_desk
@require_safe
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Counts by field; the procedures of the field chosen (`linh-vuc`), or of none."""
    found = asking_again(today())
    chosen = request.GET.get("linh-vuc", "")
    fields, papers = Counter(v.field for v in found), Counter(f.paper.name for v in found for f in v.findings)
    context = {
        "desk": desk, "tab": "asked_again", "rule": known(), "imported": last_import(), "total": len(found),
        "fields": sorted(fields.items(), key=lambda pair: (-pair[1], pair[0])), "papers": papers.most_common(), "chosen": chosen,
        "rows": [v for v in found if v.field == chosen],
    }  # fmt: skip
    return render(request, "desk/asked_again.html", context)
