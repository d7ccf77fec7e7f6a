"""The desk's pages about work without the network: its devices, the references lent to them, and what a person must look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.core.leases import devices, held, items, leases, packed
from trongdan.core.people.models import Person
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.reception import offline as reception

from .offline import TAKERS, device_of, remember
from .who import Desk, at_desk

COOKIE_DAYS = 400  # as long as browsers keep one
CHANGES = ("on", "session", "number")  # of an item that waits: what a person may set right before it goes in


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Devices of the agency and, for their own desk, the references lent and what waits. POST: this browser becomes one."""
    errors: Shown = []
    if request.method == "POST":
        try:
            with scope(desk.actor):
                cookie = devices.enrol(request.POST.get("name", ""), desk.actor)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã ghi tên máy này. Mở trang làm việc khi mất mạng một lần để máy tải sẵn."))
            answer = redirect("desk:offline_devices")
            answer.set_cookie(devices.COOKIE, cookie, max_age=timedelta(days=COOKIE_DAYS), httponly=True, samesite="Strict",
                              secure=request.is_secure(), path=reverse("desk:home"))  # fmt: skip
            return answer
    context = _overview(request, desk) | {"errors": errors}
    return render(request, "desk/offline_devices.html", context, status=422 if errors else 200)


def _overview(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    post = desk.actor.post
    at, mine = f"{post.agency}/{post.role}" if post else "", device_of(request, desk)
    with scope(desk.actor):
        found = devices.listed(post.agency if post else "")
        numbers = leases.counts(at, today()) if desk.takes_letters else {}
        lines = leases.listed(at) if desk.takes_letters else []
        waiting = held.waiting(at) if desk.takes_letters else []
    typists = {line.person for line in lines} | {h.person for h in waiting if h.person}
    people = dict(Person.objects.filter(id__in=typists).values_list("id", "name"))
    return {"desk": desk, "tab": "offline", "mine": mine, "may_report": bool(post and post.role in devices.MAY_REPORT),
            "devices": [(d, *numbers.get(d.id, (0, 0))) for d in found],
            "leases": [(n, format_reference(n.reference), people.get(n.person, ""), _state(n)) for n in lines],
            "waiting": [(h, format_reference(h.reference), people.get(h.person) if h.person else "") for h in waiting]}  # fmt: skip


def _state(line: leases.Line) -> str:
    if line.used_at is not None:
        return _("đã dùng")
    if line.lost:
        return _("thu hồi: máy báo mất")
    return _("hết hạn dùng") if line.until < today() else _("chưa dùng, hoặc đơn còn trên máy")


@at_desk
@require_POST
def report_lost(request: HttpRequest, desk: Desk, device_id: UUID) -> HttpResponse:
    try:
        with scope(desk.actor):
            devices.report_lost(device_id, desk.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi máy bị mất: mã cấp cho máy bị thu hồi, những gì từ máy ấy phải có người xem lại."))
    return redirect("desk:offline_devices")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest, desk: Desk, item: UUID) -> HttpResponse:
    """One item that did not go in by itself: what was typed, why it waits, and what the person decides."""
    errors: Shown = []
    if request.method == "POST":
        try:
            return _decided(request, desk, item)
        except Refusal as refusal:
            errors = shown(refusal)
    with scope(desk.actor):
        one = held.find(item)
    if one is None:
        raise Http404
    try:
        typed: packed.Typed | None = items.open_held(one)
    except Refusal as refusal:
        typed, errors = None, errors if one.settled_at else [*errors, *shown(refusal)]
    person = Person.objects.filter(id=one.person).first() if one.person else None
    fields = typed.fields if typed else {}
    context = {"desk": desk, "tab": "offline", "one": one, "shown": format_reference(one.reference), "person": person,
               "errors": errors, "told": format_reference(one.told) if one.told else "",
               "fields": fields, "on": request.POST.get("on") or fields.get("on", ""),
               "record": typed is not None and typed.kind == reception.KIND, "days": _days(desk),
               "session": request.POST.get("session") or fields.get("session", ""),
               "number": request.POST.get("number", fields.get("number", "")),
               "names": packed.file_names(typed) if typed else [],
               "bad": packed.refused_files(typed) if typed else [], "today": today().isoformat()}  # fmt: skip
    return render(request, "desk/offline_held.html", context, status=422 if request.method == "POST" else 200)


def _days(desk: Desk) -> list[tuple[str, str]]:
    """(id, words) of the reception days that a record may belong to."""
    with scope(desk.actor):
        found = reception.days_ahead(desk.actor.post.agency if desk.actor.post else "", today())
    return [(str(d.id), f"{d.on:%d/%m/%Y} {d.starts}, {d.who}") for d in found if d.on <= today()]


@at_desk
@require_safe
def held_file(request: HttpRequest, desk: Desk, item: UUID, number: int) -> HttpResponse:
    """A file of an item that waits, as it was typed in: to compare it, or to keep one that can't be taken. Never shown in place:
    nobody has checked what it is."""
    with scope(desk.actor):
        one = held.find(item)
    try:
        attached = items.open_held(one).files if one is not None else ()
    except Refusal:
        attached = ()
    if number >= len(attached):
        raise Http404
    name, data = attached[number]
    answer = HttpResponse(data, content_type="application/octet-stream", headers={"Content-Security-Policy": "sandbox"})
    shown_as = content_disposition_header(as_attachment=True, filename=packed.shown_name(name))
    answer["Content-Disposition"] = shown_as or "attachment"
    return answer


def _decided(request: HttpRequest, desk: Desk, item: UUID) -> HttpResponse:
    if request.POST.get("how") == "same":
        reference = items.same_as(item, desk.actor, request.POST.get("reference", ""))
        messages.success(request, _("Đã ghi: trùng với hồ sơ %(code)s.") % {"code": format_reference(reference)})
        return redirect("desk:offline_devices")
    changed = {k: request.POST[k] for k in CHANGES if k in request.POST}
    decided = items.Decided(changed, tuple(request.POST.getlist("without")))
    outcome = items.record_held(item, desk.actor, decided, TAKERS)
    if outcome.case is None:
        raise Refusal("held.unknown", _("Không có mục này trong danh sách chờ xem lại."))
    remember(request, outcome.case)
    messages.success(request, _("Đã ghi nhận. Hãy in giấy xác nhận cho người gửi, người đến."))
    return redirect("desk:case", outcome.case)
