"""The reception calendar for everybody: find a body, read its days, book a place, keep the slip. No script is needed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.models import Agency
from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.province import province
from trongdan.core.agencies.selectors import names
from trongdan.core.cases import drafts
from trongdan.core.cases.trail import today
from trongdan.core.papers.render import render_pdf
from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.reception import booking, feed, paperwork, selectors
from trongdan.kinds.reception.models import Booking
from trongdan.kinds.reception.once import Doer
from trongdan.law.receiving import online_cases

from . import kept
from .errors import Shown, shown
from .qr import qr_data, qr_svg
from .robots import check_stamp, new_stamp

PROVINCE = "ubnd-tinh"
SENDER = Actor(is_sender=True, door="portal")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Which body's calendar: a commune by its name, new or old, or the province's."""
    words, errors = request.GET.get("noi", "")[:100], list[tuple[str, str, str]]()
    if words.strip():
        matches = find_place(words)
        if matches:
            return redirect("portal:calendar", matches[0].commune.agency)
        errors = [("noi", _("Chưa nhận ra xã, phường. Hãy ghi tên xã, phường; tên cũ cũng được."), "")]
    departments = Agency.objects.filter(kind="department", level="tinh", valid_to=None).order_by("sort")
    context = {"errors": errors, "words": words, "communes": [c.full.capitalize() for c in province().communes],
               "province_code": PROVINCE, "departments": [(a.code, a.short) for a in departments]}  # fmt: skip
    return render(request, "portal/reception_find.html", context, status=422 if errors else 200)


def _bodies(agency: str) -> list[str]:
    """The body with those of the same place beside it; a department is shown alone. Raises Http404 for an unknown one."""
    row = Agency.objects.filter(code=agency, valid_to=None).values_list("kind", flat=True).first()
    if row is None:
        raise Http404
    beside = [] if row == "department" else selectors.at_place(agency)
    return [agency, *(a for a in beside if a != agency and not a.startswith("so-"))]


@require_safe
def calendar(request: HttpRequest, agency: str) -> HttpResponse:
    """The posted days of a body and of those beside it: who, when, where, about what; those put off with the new day."""
    codes = _bodies(agency)
    found = selectors.posted(codes, today())
    known = names(codes)
    groups = [(known.get(code, code), [d for d in found if d.session.agency == code]) for code in codes]
    context = {"agency": agency, "name": known.get(agency, agency), "groups": [g for g in groups if g[1]], "today": today(),
               "feed": settings.SITE_URL + reverse("portal:calendar_feed", args=[agency])}  # fmt: skip
    return render(request, "portal/reception_calendar.html", context)


@require_safe
def calendar_feed(request: HttpRequest, agency: str) -> HttpResponse:
    """The same as an iCalendar feed."""
    codes = _bodies(agency)
    data = feed.feed(names([agency]).get(agency, agency), selectors.posted(codes, today()), settings.SITE_URL)
    return HttpResponse(data, content_type="text/calendar; charset=utf-8",
                        headers={"Content-Disposition": f'inline; filename="{agency}.ics"'})  # fmt: skip


@require_safe
def poster(request: HttpRequest, agency: str) -> HttpResponse:
    """The calendar to print and put up at the place of reception (Luật Tiếp công dân Đ24)."""
    _bodies(agency)
    url = settings.SITE_URL + reverse("portal:calendar", args=[agency])
    words = paperwork.calendar_words(agency, selectors.posted([agency], today()), url, today())
    pdf = render_pdf("reception_calendar", words, large=True, images={"qr.svg": qr_svg(url)})
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="lich-{agency}.pdf"'})  # fmt: skip


@require_safe
def screen(request: HttpRequest, session: UUID) -> HttpResponse:
    """What hangs in the waiting room: the number being received. No name, no matter, no count of those who don't come."""
    day = selectors.public_session(session)
    if day is None:
        raise Http404
    return render(request, "portal/reception_screen.html", {"day": day})


# --- a place in the queue -------------------------------------------------------------------------------------------------

TICKS = ("wheelchair", "hearing", "home_visit", "unnamed", "protect")


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, session: UUID) -> HttpResponse:
    """Book a place. What is typed is kept before it is checked; the matter itself is not asked here."""
    day = selectors.public_session(session)
    if day is None:
        raise Http404
    was, errors = kept.reopened(request), list[tuple[str, str, str]]()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            check_stamp(request)
            slip = booking.book(asked(request, session, "portal"), Doer(SENDER, "portal", str(was.draft)))
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            return redirect("portal:slip", slip.id, slip.token)
    return _form(request, day, was, errors)


def asked(request: HttpRequest, session: UUID, channel: str) -> booking.Ask:
    """A submitted booking, from the portal or from the desk."""
    said = request.POST.get
    people = said("people", "1").strip() or "1"
    ticks = {t: bool(said(t)) for t in TICKS}
    return booking.Ask(session, channel, {k: said(k, "").strip() for k in booking.COLUMNS}, said("interpreter", ""),
                       people=int(people) if people.isdecimal() and len(people) < 5 else 0, online_case=said("online_case", ""),
                       **ticks)  # fmt: skip


def _form(request: HttpRequest, day: selectors.Day, was: kept.Kept, errors: Shown) -> HttpResponse:
    english = (get_language() or "").startswith("en")
    contact = [("name", _("Họ và tên"), "text", "name"), ("phone", _("Số điện thoại"), "tel", "tel"),
               ("email", _("Thư điện tử"), "email", "email")]  # fmt: skip
    context: dict[str, Any] = {
        "day": day, "draft": was.draft, "stamp": new_stamp(), "errors": errors, "contact": contact,
        "typed": {k: v[-1] for k, v in was.typed.items() if v},
        "cases": [(c.id, c.text_en if english else c.text) for c in online_cases().values()],
    }  # fmt: skip
    return render(request, "portal/reception_book.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest, booking_id: UUID, token: str) -> HttpResponse:
    """The slip: number, day, place; to print, and to give the place back."""
    errors = list[tuple[str, str, str]]()
    try:
        selectors.own_slip(booking_id, token)
        if request.method == "POST":
            booking.cancel(booking_id, Doer(SENDER, f"slip:{booking_id}", "cancel"))
            messages.success(request, _("Đã hủy phiếu hẹn."))
            return redirect("portal:slip", booking_id, token)
    except Refusal as refusal:
        if refusal.code == "booking.not_found":
            raise Http404 from None
        errors = shown(refusal)
    found, day = selectors.own_slip(booking_id, token)
    url = settings.SITE_URL + reverse("portal:slip", args=[booking_id, token])
    context = {"b": found, "day": day, "shown": format_reference(found.reference), "qr": qr_data(url), "errors": errors,
               "waits": found.state == Booking.State.WAITING, "cancelled": found.state == Booking.State.CANCELLED,
               "pdf": reverse("portal:slip_pdf", args=[booking_id, token])}  # fmt: skip
    return render(request, "portal/reception_slip.html", context, status=422 if errors else 200)


def slip_document(found: Booking, day: selectors.Day) -> bytes:
    """The slip to print, with its QR."""
    url = settings.SITE_URL + reverse("portal:slip", args=[found.id, booking.token_of(found.id)])
    return render_pdf("reception_slip", paperwork.slip_words(found, day, url), large=True, images={"qr.svg": qr_svg(url)})


@require_safe
def slip_pdf(request: HttpRequest, booking_id: UUID, token: str) -> HttpResponse:
    try:
        found, day = selectors.own_slip(booking_id, token)
    except Refusal:
        raise Http404 from None
    return HttpResponse(slip_document(found, day), content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="phieu-{found.number}.pdf"'})  # fmt: skip
