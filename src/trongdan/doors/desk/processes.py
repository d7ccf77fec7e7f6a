"""The internal process of a procedure at one's agency: seen by all, written by its office or head, with checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.core.agencies.selectors import names, posts_of, with_posts
from trongdan.core.cases.trail import today
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures import processes, selectors
from trongdan.kinds.procedures.processes import Desk as ProcessDesk
from trongdan.kinds.procedures.processes import Process

from .who import Desk, at_desk

WRITERS = ("office", "head", "deputy")
ROLES = ("counter", "officer", "unit_head", "office", "deputy", "head", "registry", "verifier")
SPARE = 3


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    found = selectors.procedure(code, today())
    if found is None or desk.actor.post is None:
        raise Http404
    agency, errors = desk.actor.post.agency, Shown()
    published = processes.published_limit(found.body, "counter")
    typed: dict[str, list[str]] = {}
    if request.method == "POST":
        typed = {k: request.POST.getlist(k) for k in ("name", "post", "hours", "days", "decision", "since")}
        typed["elsewhere"] = request.POST.getlist("elsewhere")
        if "show" in request.POST:  # only to choose people of another agency: nothing is written, what was typed stays
            return render(request, "desk/process.html", _context(desk, found.body, agency, typed, published))
        try:
            _write(desk, code, agency, typed, published)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã ghi quy trình. Hồ sơ đang giải quyết giữ quy trình cũ."))
            return redirect("desk:process", code)
    context = _context(desk, found.body, agency, typed, published) | {"errors": errors}
    return render(request, "desk/process.html", context, status=422 if errors else 200)


def _context(desk: Desk, body: dict[str, Any], agency: str, typed: dict[str, list[str]], published: Any) -> dict[str, Any]:
    own, why = processes.written(str(body["code"]), agency, today()), ""
    now = own
    if own is None:
        try:
            now = processes.derived(body, agency, published) if published else None
        except Refusal as refusal:
            why = refusal.message
    rows = [(d.name, d.post, str(d.hours)) for d in now.desks] if now else []
    if typed:
        rows = list(zip(typed["name"], typed["post"], typed["hours"], strict=False))
    elsewhere = list(dict.fromkeys([*(a for a in typed.get("elsewhere", []) if a), *(d.agency for d in now.desks if d.agency)]
                                   if now else typed.get("elsewhere", [])))
    limit = processes.own_limit(own, published)
    may = desk.actor.post is not None and desk.actor.post.role in WRITERS
    return {
        "desk": desk, "tab": "counter", "p": body, "own": own, "why": why, "published": published, "may": may,
        "whole": processes.hours_in(limit) if limit else None, "total": now.hours if now else 0,
        "rows": [*rows, *[("", "", "")] * SPARE], "posts": _people([agency, *elsewhere]),
        "elsewhere": elsewhere, "agencies": [(a.code, a.short) for a in with_posts(ROLES, today()) if a.code != agency],
        "days": (typed.get("days") or [str(own.days) if own and own.days else ""])[0],
        "decision": (typed.get("decision") or [""])[0], "since": (typed.get("since") or [today().isoformat()])[0],
    }  # fmt: skip


def _people(agencies: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(agency's name, its posts), the own agency's first."""
    called = names(agencies)
    return [(called.get(a, a), [(p.id, p.title) for p in posts_of(a, ROLES)]) for a in agencies]


def _write(desk: Desk, code: str, agency: str, typed: dict[str, list[str]], published: Any) -> None:
    if desk.actor.post is None or desk.actor.post.role not in WRITERS:
        raise Refusal("post.not_yours", _("Chỉ văn phòng hoặc người đứng đầu mới đặt quy trình nội bộ."))
    desks = tuple(ProcessDesk(name.strip(), post, int(hours) if hours.strip().isdecimal() and len(hours) < 8 else 0)
                  for name, post, hours in zip(typed["name"], typed["post"], typed["hours"], strict=False)
                  if name.strip() or hours.strip())  # fmt: skip
    days = (typed["days"] or [""])[0].strip()
    if days and not (days.isdecimal() and 0 < int(days[:6]) < 2000):
        raise Refusal("process.days", _("Số ngày làm việc phải là số nguyên dương."), None, {"field": "days"})
    try:
        since = date.fromisoformat((typed["since"] or [""])[0])
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": "since"}) from None
    made = Process(0, code, agency, desks, int(days) if days else None, since, (typed["decision"] or [""])[0])
    processes.write(made, since, published, desk.person.id)
