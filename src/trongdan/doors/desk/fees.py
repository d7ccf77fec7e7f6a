"""Money that arrived online and is owed back: paid twice, another amount, a dossier that takes none. Until somebody says how."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.core.cases.scope import scope
from trongdan.core.links import payment
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.procedures import fees

from .who import Desk, at_desk

WHAT = {"twice": "nộp hai lần", "amount": "số tiền khác", "refused": "hồ sơ không còn phải nộp",
        "unknown": "không rõ của hồ sơ nào"}  # fmt: skip


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the desk's own agencies owe back, and a line to say how it was given."""
    errors: Shown = []
    number, how = request.POST.get("number", ""), request.POST.get("how", "")
    if request.method == "POST":
        try:
            with scope(desk.actor):
                payment.given_back(number, how, desk.actor.person, timezone.now())
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã ghi: đã trả lại."))
            return redirect("desk:fees")
    with scope(desk.actor):
        found = payment.owed_back()
        cases = fees.shown([o.case for o in found if o.case])
    lines = [(o, WHAT[o.what], *_named(cases.get(o.case) if o.case else None)) for o in found]
    context = {"desk": desk, "tab": "fees", "errors": errors, "typed": (number, how), "lines": lines,
               "connected": payment.payment_link() is not None}  # fmt: skip
    return render(request, "desk/fees.html", context, status=422 if errors else 200)


def _named(case: tuple[str, str] | None) -> tuple[str, str]:
    """(reference as shown, procedure); empty for a dossier that this post does not see."""
    return (format_reference(case[0]), case[1]) if case else ("", "")
