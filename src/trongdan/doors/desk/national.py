"""The national record at the desk: what is not there yet and since when; one screen to copy a record from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.board.national import keeping
from trongdan.board.national.record import declared, digest_of, records
from trongdan.core.agencies.selectors import names
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference

from .who import Desk, at_desk

PAGE = 50


def _age(since: datetime) -> int:
    return (today() - timezone.localtime(since).date()).days


@at_desk
@require_safe
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How much waits by agency, and the records of the own agency that wait, oldest first."""
    start = int(s) if (s := request.GET.get("tiep", "0")).isdecimal() and len(s) < 8 else 0
    with scope(desk.actor):
        behind = keeping.behind()
        lines = keeping.waiting(desk.actor.post.agency if desk.actor.post else "", start, PAGE)
    labels, fields = names([a for a, _, _ in behind]), {f.id: f.name for f in declared().fields}
    context = {
        "desk": desk, "tab": "registers", "connected": bool(settings.NATIONAL_URL), "declared": declared(),
        "behind": [(labels.get(a, a), n, since, _age(since)) for a, n, since in behind],
        "lines": [(line, _age(line.since),
                   [_("bên kia không có") if d == keeping.NOT_THERE else fields.get(d, d) for d in line.differs])
                  for line in lines],
        "more": start + PAGE if len(lines) == PAGE else 0,
    }  # fmt: skip
    return render(request, "desk/national.html", context)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """One screen with every field to copy; POST notes that it was typed in there."""
    if request.method == "POST":
        digest, their_id = request.POST.get("digest", ""), request.POST.get("their_id", "")
        try:
            with scope(desk.actor):
                keeping.typed_in(case_id, digest, their_id, desk.actor, timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("desk:national_record", case_id)
        messages.success(request, _("Đã ghi nhận: bản ghi có ở Cơ sở dữ liệu quốc gia."))
        return redirect("desk:national")
    with scope(desk.actor):
        found = records([case_id]).get(case_id)
    if found is None:
        raise Http404
    case, values = found
    context = {
        "desk": desk, "tab": "registers", "case_id": case_id, "reference": format_reference(case.reference),
        "fields": [(f, values.get(f.id, "")) for f in declared().fields if not (f.private and case.state.vault)],
        "sealed": case.state.vault, "digest": digest_of(values),
    }  # fmt: skip
    return render(request, "desk/national_record.html", context)
