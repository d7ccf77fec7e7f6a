"""The registers of the agency: on a page, as a workbook, as a document."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from trongdan.board import forms, registers
from trongdan.board.reports import PROVINCE, may_read
from trongdan.board.sheets import DOCX, XLSX, as_docx, as_xlsx
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.kernel.errors import Refusal

from .who import Desk, at_desk

MAKERS = {"xlsx": (as_xlsx, XLSX), "docx": (as_docx, DOCX)}


def day(request: HttpRequest, name: str, fallback: date) -> date:
    """A day of the query; what is no day is the fallback."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return fallback


def download(made: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@at_desk
@require_safe
def index(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What there is: registers, statistics, the national record."""
    with scope(desk.actor):
        whole_too = may_read(PROVINCE)
    context = {"desk": desk, "tab": "registers", "registers": forms.registers().values(), "forms": forms.forms().values(),
               "whole_too": whole_too}  # fmt: skip
    return render(request, "desk/registers.html", context)


@at_desk
@require_safe
def register(request: HttpRequest, desk: Desk, register_id: str, ending: str = "") -> HttpResponse:
    """A register of the acted agency for a period, fifty lines a page, or whole as a file."""
    found = forms.registers().get(register_id)
    if found is None or desk.actor.post is None:
        raise Http404
    until = day(request, "den", today())
    since = day(request, "tu", until.replace(day=1))
    wanted = registers.Wanted(found, desk.actor.post.agency, min(since, until), until, request.GET.get("phan") == "rieng")
    if ending:
        return _file(request, desk, wanted, ending)
    number = max(1, int(n)) if (n := request.GET.get("trang", "1")).isdecimal() and len(n) < 7 else 1
    with scope(desk.actor):
        total = registers.count(wanted)
        lines = registers.page(wanted, number)
    query = request.GET.copy()
    query["tu"], query["den"] = wanted.since.isoformat(), wanted.until.isoformat()
    query.pop("trang", None)
    context = {"desk": desk, "tab": "registers", "register": found, "wanted": wanted, "lines": lines, "total": total,
               "number": number, "pages": -(-total // registers.PAGE), "query": query.urlencode()}  # fmt: skip
    return render(request, "desk/register.html", context)


def _file(request: HttpRequest, desk: Desk, wanted: registers.Wanted, ending: str) -> HttpResponse:
    make, kind = MAKERS[ending]
    try:
        with scope(desk.actor):
            sheet = registers.sheet(wanted, desk.agency)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{request.path.rsplit('.', 1)[0]}/?{request.GET.urlencode()}")
    part = "-rieng" if wanted.sealed else ""
    return download(make(sheet), kind, f"so-{wanted.register.id}{part}_{wanted.since}_{wanted.until}.{ending}")
