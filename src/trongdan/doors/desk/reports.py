"""Periodic statistics: figures of a period, each opening to its cases; closing a period; files."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.board import forms, reports
from trongdan.board.forms import Form, Period
from trongdan.core.agencies.selectors import names
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.kernel.errors import Refusal

from .registers import MAKERS, day, download
from .views import rows
from .who import Desk, View, at_desk

WHOLE = "tinh"  # in an address: the whole province


def _told(view: View) -> View:
    """A Refusal (a closed period that lost its seal) is a page that says so."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            words = {"title": _("Chưa xem được báo cáo"), "words": refusal.message}
            return render(request, "portal/problem.html", words, status=409)

    return inner


def _chosen(request: HttpRequest) -> Period:
    """The period asked for: a declared one, any two days, or the one that today lies in."""
    found = forms.period(request.GET.get("ky", ""))
    if found is not None:
        return found
    if request.GET.get("tu") or request.GET.get("den"):
        until = day(request, "den", today())
        since = min(day(request, "tu", until.replace(day=1)), until)
        return Period("", _("Kỳ tự chọn"), since, until, "", "", (), verified=True)
    near = [p for year in (today().year, today().year + 1) for p in forms.periods(year)]
    return next(p for p in near if p.since <= today() <= p.until)


def _agency(request: HttpRequest, desk: Desk) -> str:
    asked = request.GET.get("coquan", "")
    own = desk.actor.post.agency if desk.actor.post else ""
    return reports.PROVINCE if asked == WHOLE else asked[:40] or own


@_told
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, desk: Desk, form_id: str, ending: str = "") -> HttpResponse:
    """The figures of a form; POST closes the period."""
    form = forms.forms().get(form_id)
    if form is None:
        raise Http404
    period, agency, now = _chosen(request), _agency(request, desk), timezone.localtime()
    if request.method == "POST":
        return _close(request, desk, form, period, agency)
    with scope(desk.actor):
        if not reports.may_read(agency):
            raise Http404
        frozen = reports.closed(form, period, agency) if period.id else None
        of = dict(frozen.figures) if frozen else reports.figures(form, agency, period.since, period.until, now)
        changed = reports.corrections(form, period, agency, frozen, now) if frozen else {}
        sealed = reports.figures(form, agency, period.since, period.until, now, sealed=True) if agency == reports.PROVINCE else {}
        whole_too = reports.may_read(reports.PROVINCE)
    name = names([agency]).get(agency, agency) if agency else _("Toàn tỉnh")
    if ending:
        return _file(form, period, name, of, changed, frozen, ending)
    context = {
        "desk": desk, "tab": "registers", "form": form, "period": period, "agency": agency, "name": name, "frozen": frozen,
        "numbers": _numbers(form, of, changed), "below": _below(form, of) if agency == reports.PROVINCE else [],
        "sealed": _numbers(form, sealed, {}) if any(any(f.values()) for f in sealed.values()) else [], "whole_too": whole_too,
        "years": [(year, forms.periods(year)) for year in (period.until.year - 1, period.until.year, period.until.year + 1)],
        "over": bool(period.id) and today() > period.until, "whole": WHOLE,
        "query": urlencode(_query(period, agency)),
    }  # fmt: skip
    return render(request, "desk/report.html", context)


def _query(period: Period, agency: str) -> dict[str, str]:
    days = {"ky": period.id} if period.id else {"tu": period.since.isoformat(), "den": period.until.isoformat()}
    return {**days, "coquan": agency or WHOLE}


def _numbers(form: Form, of: dict[str, reports.Figures], changed: reports.Figures) -> list[dict[str, Any]]:
    whole = reports.total(form, of)
    return [{"id": n.id, "name": n.name, "value": whole[n.id], "changed": changed.get(n.id, 0)} for n in form.numbers]


def _below(form: Form, of: dict[str, reports.Figures]) -> list[tuple[str, str, list[int]]]:
    labels = names(list(of))
    return sorted(((a, labels.get(a, a), list(found.values())) for a, found in of.items()), key=lambda row: row[1])


def _file(form: Form, period: Period, name: str, of: dict[str, reports.Figures], changed: reports.Figures,
          frozen: reports.Closed | None, ending: str) -> HttpResponse:  # fmt: skip
    make, kind = MAKERS[ending]
    heads = [name, _("Số liệu chốt lúc %(at)s; dấu niêm %(hash)s") % {
        "at": f"{timezone.localtime(frozen.at):%H:%M, %d/%m/%Y}", "hash": frozen.hash[:16]} if frozen else _("Số liệu chưa chốt")]
    if changed:
        words = ", ".join(f"{n.name}: {changed[n.id]:+d}" for n in form.numbers if n.id in changed)
        heads.append(_("Điều chỉnh sau khi chốt: %(words)s") % {"words": words})
    made = make(reports.sheet(form, period, of, heads))
    return download(made, kind, f"bao-cao-{form.id}_{period.since}_{period.until}.{ending}")


def _close(request: HttpRequest, desk: Desk, form: Form, period: Period, agency: str) -> HttpResponse:
    try:
        if not period.id:
            raise Refusal("report.no_period", "Chỉ chốt được kỳ báo cáo đã đặt.", None)
        with scope(desk.actor):
            reports.close(form, period, agency, desk.actor, timezone.localtime())
        messages.success(request, _("Đã chốt số liệu. Thay đổi về sau hiện thành điều chỉnh."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('desk:report', args=[form.id])}?{urlencode(_query(period, agency))}")


@_told
@at_desk
@require_safe
def behind(request: HttpRequest, desk: Desk, form_id: str, number_id: str) -> HttpResponse:
    """The cases behind a figure, those that this desk sees."""
    form = forms.forms().get(form_id)
    number = form.number(number_id) if form else None
    if form is None or number is None:
        raise Http404
    period, agency = _chosen(request), _agency(request, desk)
    start = int(s) if (s := request.GET.get("tiep", "0")).isdecimal() and len(s) < 8 else 0
    with scope(desk.actor):
        if not reports.may_read(agency):
            raise Http404
        frozen = reports.closed(form, period, agency) if period.id else None
        known = frozen.at if frozen else timezone.now()
        lines = reports.cases(form, number, agency, period.since, period.until, known, start)
        of = frozen.figures if frozen else reports.figures(form, agency, period.since, period.until, known)
    more = start + reports.PAGE if len(lines) == reports.PAGE else 0
    context = {"desk": desk, "tab": "registers", "form": form, "number": number, "period": period, "rows": rows(lines),
               "value": reports.total(form, of)[number.id], "query": urlencode(_query(period, agency)), "more": more,
               "name": names([agency]).get(agency, agency) if agency else _("Toàn tỉnh")}  # fmt: skip
    return render(request, "desk/report_cases.html", context)
