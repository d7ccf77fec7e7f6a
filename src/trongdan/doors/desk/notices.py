"""Notices at the desk: what is new for my posts, and messages to people that did not arrive."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trongdan.core.cases.scope import scope
from trongdan.core.notices import selectors, services
from trongdan.kernel.errors import Refusal
from trongdan.platform.ui.templatetags.ui import vi_time

from .who import Desk, at_desk


@at_desk
@require_safe
def unread(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What these posts have not read yet, and below it whom nothing has reached."""
    with scope(desk.actor):
        context = {"desk": desk, "tab": "notices", "lines": selectors.unread_of_posts(desk.told),
                   "undelivered": selectors.undelivered(50)}  # fmt: skip
    return render(request, "desk/notices.html", context)


@at_desk
@require_POST
def mark_all_read(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The notices that were on the page, as read; what came meanwhile stays."""
    seen = [int(n) for n in request.POST.getlist("notice") if n.isdecimal() and len(n) < 19]
    with scope(desk.actor):
        services.mark_read(seen, desk.told)
    return redirect("desk:notices")


@at_desk
@require_POST
def send_again(request: HttpRequest, desk: Desk, notice_id: int) -> HttpResponse:
    try:
        with scope(desk.actor):
            moment = services.resend(notice_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sẽ gửi lại lúc %(when)s.") % {"when": vi_time(moment)})
    return redirect("desk:notices")
