"""Kiến nghị cử tri at the desk: the register with what became of each, and recording one that deputies forwarded."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases import drafts
from trongdan.core.cases.registry import kind as kind_of
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kinds.coordination import selectors, services

from . import opening
from .who import Desk, at_desk

RECORDERS = ("reception", "office")
AXES = {"doan": "Đoàn, tổ đại biểu", "ky": "Kỳ họp, đợt tiếp xúc", "co-quan": "Cơ quan đang giải quyết", "linh-vuc": "Lĩnh vực"}


def may_record(desk: Desk) -> bool:
    return desk.actor.post is not None and desk.actor.post.role in RECORDERS


@at_desk
@require_safe
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The register, counted by group of deputies, session, agency or field, and narrowed to one of them."""
    by = request.GET.get("theo", "doan")
    by = by if by in AXES else "doan"
    only = {k: request.GET.get(k, "")[:300] for k in AXES}
    with scope(desk.actor):
        rows = selectors.sums(by, only)
        lines = selectors.register(only, _after(request))
    agencies = names([line.agency for line in lines] + ([s.of for s in rows] if by == "co-quan" else []))
    kind = kind_of(selectors.KIND)
    more = request.GET.copy()
    if len(lines) == selectors.PAGE:
        more["sau"] = f"{lines[-1].opened_on}_{lines[-1].id}"
    context = {
        "desk": desk, "tab": "voters", "by": by, "axes": [(k, _(v)) for k, v in AXES.items()], "axis": _(AXES[by]),
        "sums": [(s, agencies.get(s.of, s.of) or _("(chưa ghi)")) for s in rows], "may_record": may_record(desk),
        "narrowed": [(k, _(AXES[k]), names([v]).get(v, v) if k == "co-quan" else v) for k, v in only.items() if v],
        "lines": [_line(line, agencies, kind) for line in lines],
        "next": more.urlencode() if len(lines) == selectors.PAGE else "",
    }  # fmt: skip
    return render(request, "desk/voters.html", context)


def _line(line: selectors.Line, agencies: dict[str, str], kind: Any) -> dict[str, Any]:
    return {"line": line, "agency": agencies.get(line.agency, line.agency), "step": kind.steps[line.step].name,
            "from": dict(kind.fields["forwarded_by"].choices).get(line.forwarded_by, ""),
            "days": (line.due_on - today()).days if line.due_on else None}  # fmt: skip


def _after(request: HttpRequest) -> tuple[date, UUID] | None:
    """The last line of the page before, from ?sau=DAY_ID; a broken one is the first page."""
    text, _sep, case = request.GET.get("sau", "").partition("_")
    try:
        return (date.fromisoformat(text), UUID(case)) if case else None
    except ValueError:
        return None


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Record one recommendation; the secret for the deputies' office is shown once."""
    was, errors = kept.reopened(request), Shown()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            done = _record(request, desk, str(was.draft))
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            url = settings.SITE_URL + reverse("portal:case", args=[done.reference, done.token])
            words = _("Đã ghi nhận. Gửi địa chỉ này cho đoàn, tổ đại biểu để theo dõi và xác nhận: %(url)s")
            messages.success(request, words % {"url": url})
            return redirect("desk:case", done.case)
    context = {"desk": desk, "tab": "voters", "errors": errors, "draft": was.draft, "f": {"key": "f"},
               "fields": opening.fields(selectors.KIND, "record", was), "today": today().isoformat(),
               "typed": {k: was.word(k) for k in ("name", "phone", "email", "on", "reason")}}  # fmt: skip
    return render(request, "desk/voter_record.html", context, status=422 if errors else 200)


def _record(request: HttpRequest, desk: Desk, key: str) -> services.Recorded:
    if desk.actor.post is None or not may_record(desk):
        raise Refusal("post.not_yours", _("Chỉ văn phòng hoặc bộ phận tiếp công dân mới ghi nhận kiến nghị cử tri."))
    facts = opening.data_from(request, selectors.KIND, "record")
    on = opening.day(request.POST["on"], "on", _("Ngày nhận")) if request.POST.get("on") else None
    deputies = {k: v for k in ("name", "phone", "email") if (v := request.POST.get(k, "").strip()[:400])}
    reason = _("Ghi theo ngày nhận văn bản") if on and on != today() else None
    return services.record(facts, deputies, desk.actor.post.agency, desk.actor, key, on, reason)
