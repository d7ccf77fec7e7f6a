"""A person pays the fee of a dossier online: from their own page to the provider's, and back."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import load
from trongdan.core.links import payment
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.tracking import CaseView, open_by_token
from trongdan.kinds.procedures import fees
from trongdan.kinds.procedures.intake import KIND

from .english import say


def of_views(letter: UUID, views: list[CaseView]) -> dict[UUID, fees.Fee]:
    """case -> its fee, of the dossiers on a person's page."""
    wanted = [v.id for v in views if v.kind == KIND]
    if not wanted:
        return {}
    with scope(Scope(case=letter)):
        found = load(wanted)
        told = {v.id: str(v.texts.get("fee_why") or "") for v in views}
        all_ = {i: fees.fee_of(loaded, told.get(i, "")) for i, loaded in found.items()}
    return {i: fee for i, fee in all_.items() if fee is not None}


def _case(request: HttpRequest, reference: str, token: str) -> UUID:
    """The dossier meant, of those that the code opens. Raises Refusal."""
    letter = open_by_token(reference, token)
    with scope(Scope(case=letter)):
        loaded = load([letter])[letter]
    known = {str(letter), *loaded.state.children}
    wanted = request.POST.get("case", "")
    if wanted not in known:
        raise Refusal("case.unknown", _("Không có hồ sơ này. Hãy tải lại trang."), None)
    return UUID(wanted)


@require_POST
def pay(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Where the provider's page is, and whose it is: a link to follow, since a form may not lead out of this site. The provider
    learns neither the code nor whose dossier it is."""
    try:
        case = _case(request, reference, token)
        url = fees.start(case)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("portal:case", reference, token)
    context = {"url": url, "host": urlsplit(url).hostname, "reference": reference, "token": token}
    return render(request, "portal/pay.html", context)


@require_POST
def paid(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """"I have paid": the provider is asked at once."""
    try:
        payment.look_again(_case(request, reference, token), timezone.now())
        messages.success(request, _("Hệ thống đang hỏi nơi thu tiền; vài giây nữa tải lại trang này sẽ thấy."))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    return redirect("portal:case", reference, token)


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the payer back to. It says nothing of any case: it knows none."""
    return render(request, "portal/paid.html", {})
