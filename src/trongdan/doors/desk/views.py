"""The desk's lists: the morning page, the agency's cases, search."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases import selectors
from trongdan.core.cases.glance import open_for_a_day
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.doors.portal.errors import shown
from trongdan.kernel.authority import role_words
from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.errors import Refusal
from trongdan.kernel.glance import ROLES as LOOKERS
from trongdan.kernel.kind import ELSEWHERE
from trongdan.kernel.lending import LEADERS
from trongdan.platform.text import clean

from .who import Desk, at_desk

ABOVE = ("head", "deputy", "office", "inspector", "reception")  # who watches over the agencies below


def rows(lines: list[selectors.CaseLine]) -> list[dict[str, Any]]:
    """Lines with their words, for the table."""
    agency_names = names([a for line in lines for a in (line.agency, line.lent) if a])
    out = []
    for line in lines:
        kind = kinds()[line.kind]
        days = (line.due_on - today()).days if line.due_on else None
        nature = dict(kind.fields["nature"].choices).get(line.nature or "", line.nature) if "nature" in kind.fields else ""
        out.append({"line": line, "kind": kind.name, "step": kind.steps[line.step].name,
                    "task": STAGE_NAMES.get(line.waits or "", ""), "days": days, "nature": nature,
                    "agency": agency_names.get(line.agency, line.agency),
                    "holder": _holder(line, agency_names)})  # fmt: skip
    return out


def _holder(line: selectors.CaseLine, agencies: dict[str, str]) -> str:
    if line.lent and line.holder == "assigned":
        return f"{role_words(ELSEWHERE)}: {agencies.get(line.lent, line.lent)}"
    return role_words(line.holder or "none")


@at_desk
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The morning page of a post: what I must do today, what is late and who holds it."""
    stage = request.GET.get("viec")
    stage = stage if stage in ("", *STAGE_NAMES) else None
    with scope(desk.actor):
        lines = selectors.in_hand(desk.actor, after=_after(request), stage=stage)
        more = _next(request, lines, "due_on")
        if stage is None:
            lines += [v for v in selectors.verifying(desk.actor) if v.id not in {line.id for line in lines}]
        numbers = selectors.morning(desk.actor, today())
        post = desk.actor.post
        late = selectors.of_agency(post.agency, "late") if post else []
        lent = selectors.lent_here(post) if post and post.role in LEADERS else []
        below = selectors.late_below() if post and post.role in ABOVE else []
    context = {"desk": desk, "rows": rows(lines), "n": numbers, "late": rows(late), "tasks": _tasks(numbers.tasks), "stage": stage,
               "tab": "home", "next": more, "lent": rows(lent),
               "below": _below(below)}  # fmt: skip
    return render(request, "desk/home.html", context)


def _below(found: list[selectors.LateBelow]) -> list[dict[str, Any]]:
    """Who below holds how much too long, in words."""
    agency_names = names([b.agency for b in found])
    return [{"agency": agency_names.get(b.agency, b.agency), "holder": role_words(b.holder), "cases": b.cases,
             "oldest": b.oldest, "days": (today() - b.oldest).days} for b in found]  # fmt: skip


def _tasks(found: list[tuple[str, int]]) -> list[tuple[str, str, int]]:
    """(filter, words, how many): what waits for a signature, a number and so on, then what is to be handled."""
    sums = dict(found)
    return [(stage, STAGE_NAMES.get(stage) or _("Xem xét, xử lý"), sums[stage]) for stage in (*STAGE_NAMES, "") if stage in sums]


@at_desk
def agency_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The agency's cases: open, late, closed."""
    only = request.GET.get("loc", "open")
    only = only if only in ("open", "late", "closed") else "open"
    agency = desk.actor.post.agency if desk.actor.post else ""
    narrow = selectors.Filter(*(clean(request.GET.get(k, "")[:80]) for k in ("loai", "linh-vuc", "giu")))
    with scope(desk.actor):
        lines = selectors.of_agency(agency, only, after=_after(request), narrow=narrow)
        found = selectors.choices_of(agency)
    filters = [("loai", _("Loại"), narrow.kind, [(k, kinds()[k].name) for k in found["kind"]]),
               ("linh-vuc", _("Lĩnh vực"), narrow.topic, [(t, t) for t in found["topic"]]),
               ("giu", _("Người đang giữ"), narrow.holder, [(h, role_words(h)) for h in found["holder"]])]  # fmt: skip
    context = {"desk": desk, "rows": rows(lines), "only": only, "tab": "list", "filters": filters,
               "next": _next(request, lines, "opened_on" if only == "closed" else "due_on")}  # fmt: skip
    return render(request, "desk/list.html", context)


def _after(request: HttpRequest) -> tuple[date | None, UUID] | None:
    """The last line of the page before, from ?sau=DAY_ID; a broken one is the first page."""
    day, _sep, case = request.GET.get("sau", "").partition("_")
    try:
        return (date.fromisoformat(day) if day else None, UUID(case)) if case else None
    except ValueError:
        return None


def _next(request: HttpRequest, lines: list[selectors.CaseLine], column: str) -> str:
    """The query of the next page; empty when this one is the last."""
    if len(lines) < selectors.PAGE:
        return ""
    query = request.GET.copy()
    query["sau"] = f"{getattr(lines[-1], column) or ''}_{lines[-1].id}"
    return str(query.urlencode())


@at_desk
@require_safe
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Search by reference, number or words, without diacritics."""
    words = request.GET.get("q", "")[:200]
    wide = request.GET.get("rong") == "1"
    with scope(desk.actor):
        lines = selectors.search(words, wide=wide) if words.strip() else []
    narrow = not wide and len(words.split()) > 1 and bool(lines)
    return render(request, "desk/search.html", _found(desk, lines, words, narrow=narrow))


def _found(desk: Desk, lines: list[selectors.CaseLine], words: str, **more: Any) -> dict[str, Any]:
    may_look = desk.actor.post is not None and desk.actor.post.role in LOOKERS
    return {"desk": desk, "rows": rows(lines), "q": words, "tab": "search", "may_look": may_look, "reference": words, **more}


@at_desk
@require_POST
def look(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open a case of another agency for the day, with a reason that its person reads."""
    reference, reason = request.POST.get("reference", "")[:40], request.POST.get("reason", "")[:2000]
    try:
        case = open_for_a_day(reference, desk.actor, reason, timezone.now())
    except Refusal as refusal:
        page = _found(desk, [], reference, errors=shown(refusal), reason=reason)
        return render(request, "desk/search.html", page, status=422)
    return redirect("desk:case", case)


@at_desk
@require_POST
def switch_post(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Act from another post one holds."""
    wanted = request.POST.get("post", "")
    if wanted in dict(desk.posts):
        request.session["post"] = wanted
    return redirect("desk:home")
