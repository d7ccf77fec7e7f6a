"""Kết luận, ý kiến chỉ đạo, cam kết: what became of them by agency and post, what the units say, what a decision discloses."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases import drafts
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.doors.portal import kept
from trongdan.doors.portal.concluded import HEADS, POINT_WORDS, STAGES, released_words
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kinds.reception import disclosure, promises
from trongdan.kinds.reception.once import Doer

from .who import Desk, at_desk


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _period(request: HttpRequest) -> tuple[date, date]:
    """?tu=…&den=…, or ?nam=…; this year when they say nothing sound."""
    since, until = (_day(request.GET.get(k, "")) for k in ("tu", "den"))
    if since and until:
        return (since, until) if since <= until else (until, since)
    year = request.GET.get("nam", "")
    first = date(int(year) if year.isdecimal() and len(year) == 4 and int(year) > 2000 else today().year, 1, 1)
    return first, first.replace(month=12, day=31)


def _typed_day(request: HttpRequest, name: str) -> date:
    day = _day(request.POST.get(name, ""))
    if day is None:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": name})
    return day


def _do(request: HttpRequest, doer: Doer) -> tuple[str, date, date]:
    """(what to say of it, the period it was about). Raises Refusal."""
    said = request.POST.get
    since, until = _typed_day(request, "since"), _typed_day(request, "until")
    if said("do") == "release":
        order = disclosure.Order(since, until, said("stage", ""), said("decision_no", ""), _day(said("decision_on", "")))
        disclosure.release(order, doer)
        return _("Đã ghi quyết định."), since, until
    if said("do") == "explain":
        disclosure.explain(since, until, said("words", ""), doer, sure=bool(said("sure")))
        return _("Đã ghi giải trình; lời này đứng cạnh số liệu của đơn vị."), since, until
    raise Refusal("action.unknown", _("Không có thao tác này. Hãy tải lại trang."))


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The figures of a period with what the units say of them, the points themselves, what was disclosed; and the two forms."""
    was, errors = kept.reopened(request), Shown()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or uuid4(), dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            words, since, until = _do(request, Doer(desk.actor, f"desk:{desk.person.id}", str(was.draft)))
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            messages.success(request, words)
            return redirect(f"{reverse('desk:conclusions')}?tu={since.isoformat()}&den={until.isoformat()}")
    context = _context(desk, *_period(request)) | {
        "desk": desk, "tab": "conclusions", "errors": errors, "draft": was.draft,
        "typed": {k: was.word(k) for k in ("do", "since", "until", "stage", "decision_no", "decision_on", "words")}}  # fmt: skip
    return render(request, "desk/conclusions.html", context, status=422 if errors else 200)


def _context(desk: Desk, since: date, until: date) -> dict[str, Any]:
    post, now = desk.actor.post, today()
    with scope(desk.actor):
        found = promises.figures(since, until, now)
        said = disclosure.accounts(since, until)
        mine = promises.points(post.agency if post else "")
        out = disclosure.released()
    lines = [line for r in out for line in r.lines]
    agencies = names([*(k.agency for k in found), *(p.agency for p in mine), *(r.agency for r in out), *(x.agency for x in lines)])
    titles = post_titles([k.post or "" for k in found] + [x.post or "" for x in lines])
    rows, told = [], set[str]()
    for k in found:
        account = "" if k.agency in told else said.get(k.agency, "")
        told.add(k.agency)
        rows.append((agencies.get(k.agency, k.agency), titles.get(k.post or "", _("chưa giao ai, người đứng đầu giữ")), k, account))
    return {
        "since": since, "until": until, "year": since.year, "heads": [_(h) for h in HEADS], "rows": rows,
        "points": [(p, agencies.get(p.agency, p.agency), _(POINT_WORDS[p.verdict(now)]), p.verdict(now)) for p in mine],
        "released": [released_words(r, agencies, titles) for r in out],
        "releases": post is not None and post.role == "head" and desk.actor.on_behalf is None,
        "speaks": post is not None and post.role in disclosure.SPEAKERS,
        "stages": [(k, _(v)) for k, v in STAGES.items()],
    }  # fmt: skip
