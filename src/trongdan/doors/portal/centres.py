"""The one-stop centres for the public: where, when open, how long the wait, a number, an appointment, the kiosk, the screen.

No name is asked anywhere. Pages that change by themselves say so and are loaded anew by the browser, without script.
"""

from __future__ import annotations

import hmac
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.province import province
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.waiting import booking, services
from trongdan.kinds.waiting.estimate import Estimate, told
from trongdan.kinds.waiting.hours import is_open, next_opening
from trongdan.kinds.waiting.models import Appointment, Centre, Ticket
from trongdan.kinds.waiting.order import why
from trongdan.kinds.waiting.reference import rules
from trongdan.kinds.waiting.selectors import (
    Hall,
    day_of,
    error_of,
    find_centres,
    hall,
    screen,
    services_at,
    sessions_of,
    spans_of,
    ticket_by,
    waiting_counts,
)
from trongdan.kinds.waiting.writing import Who, centre_of
from trongdan.law import load_law
from trongdan.platform import keys
from trongdan.platform.ceiling import Ceiling

from .english import say
from .errors import Shown, shown
from .qr import qr_data

SCREEN_SECONDS, TICKET_SECONDS, KIOSK_SECONDS = 5, 30, 20
NUMBERS = Ceiling(window=600, most=40)  # from a connection: a hall's own wireless network is one, a robot too
CODES = Ceiling(window=600, most=60)
NEEDS = {"interpreter": gettext_noop("Cần người phiên dịch"), "signs": gettext_noop("Cần phiên dịch ngôn ngữ ký hiệu"),
         "steps": gettext_noop("Đi lại khó, cần giúp tại chỗ"), "home": gettext_noop("Xin làm tại nhà")}  # fmt: skip


def kiosk_token(centre: str) -> str:
    """What opens a centre's kiosk page: only the machine in its hall has the address."""
    return hmac.digest(keys.secret("tokens"), f"kiosk/{centre}".encode(), "sha256").hex()[:24]


def _centre(code: str) -> Centre:
    try:
        return centre_of(code)
    except Refusal:
        raise Http404 from None


def _named(ids: list[str]) -> list[tuple[str, str]]:
    return [(s, say(rules().services[s].name)) for s in ids]


def _few(request: HttpRequest, ceiling: Ceiling) -> None:
    """Raises Refusal when a connection asks too often."""
    address = request.META.get("REMOTE_ADDR", "")
    if ceiling.full(address):
        raise Refusal("robot.many", _("Từ đường mạng này đã hỏi rất nhiều lần. Hãy đợi mười phút, hoặc hỏi quầy hướng dẫn."))
    ceiling.note(address)


def wait_words(found: Estimate) -> str:
    """An estimate as a person reads it: a span, or why there is none."""
    span = told(found)
    if span is None:
        return _("chưa có quầy nào mở cho nhóm này, nên chưa nói được phải đợi bao lâu")
    words = _("khoảng %(low)s đến %(high)s phút") % {"low": span[0], "high": span[1]} if span[0] else \
        _("không quá %(high)s phút") % {"high": span[1]}  # fmt: skip
    return words + (_(", có thể sang buổi chiều") if found.later else "")


# --- where and when -----------------------------------------------------------------------------------------------------


@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """Find a centre by the commune's name, old or new; any centre of the province serves anybody."""
    words = request.GET.get("xa", "")[:120]
    codes = list(dict.fromkeys(m.commune.code for m in find_place(words)))[:10] if words.strip() else []
    context = {"words": words, "found": find_centres(codes), "main": find_centres([""]),
               "communes": [c.full.capitalize() for c in province().communes]}  # fmt: skip
    return render(request, "portal/centres.html", context)


@require_safe
def centre(request: HttpRequest, code: str) -> HttpResponse:
    """A centre now: open or not, each line's wait, how right such waits were."""
    found, now = _centre(code), timezone.now()
    context = {"centre": found, **_now(found, now), "support": [say(w) for w in rules().support],
               "rule": {k: int(getattr(rules(), k).total_seconds() // 60) for k in ("support_ahead", "appointment_ahead",
                                                                                    "late_grace")}}  # fmt: skip
    return render(request, "portal/centre.html", context)


def _now(found: Centre, now: datetime) -> dict[str, Any]:
    day = day_of(now)
    try:
        spans, sessions = spans_of(found.code, day), sessions_of(found.code, day)
        opening = next_opening(now, sessions, load_law().calendar)
    except CalendarMissing:
        spans, sessions, opening = [], [], None
    opened = is_open(now, spans)
    counts, current = waiting_counts(found.code, now), hall(found.code, now) if opened else None
    named = _named(services_at(found.code))
    lines = [(s, name, counts.get(s, 0), wait_words(current.wait(s)) if current else "") for s, name in named]
    return {"open": opened, "opening": opening, "sessions": sessions, "lines": lines, "rest": bool(sessions and not spans),
            "error": error_of(found.code, day.replace(day=1), day)}  # fmt: skip


@require_safe
def screen_page(request: HttpRequest, code: str) -> HttpResponse:
    """The screen in the hall: numbers and counters, nothing else. The browser loads it anew every few seconds."""
    found, now = _centre(code), timezone.now()
    calls = screen(found.code, now)
    context = {"centre": found, "calls": calls, "now": now, "waiting": sum(waiting_counts(found.code, now).values()),
               "fresh": [c.label for c in calls if (now - c.at).total_seconds() < 20]}  # fmt: skip
    return _anew(render(request, "portal/centre_screen.html", context), SCREEN_SECONDS)


# --- numbers ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """A number by telephone or computer, for who is there or nearly there."""
    return _take(request, _centre(code), "web")


@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The machine in the hall: large buttons, a number, and back to the start by itself."""
    if not hmac.compare_digest(kiosk_token(code).encode(), token[:64].encode("utf-8", "surrogatepass")):
        raise Http404
    return _take(request, _centre(code), "kiosk")


def _take(request: HttpRequest, found: Centre, via: str) -> HttpResponse:
    errors: Shown = []
    if request.method == "POST":
        try:
            if via == "web":
                _few(request, NUMBERS)
            ticket = _given(request, found, via)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            if via == "web":
                return redirect("portal:ticket", ticket.code)
            return _number_page(request, found, ticket)
    context = {"centre": found, "via": via, "errors": errors, "key": uuid4(), "support": [say(w) for w in rules().support],
               "typed": request.POST.get("code", "")[:40], **_now(found, timezone.now())}  # fmt: skip
    return render(request, f"portal/{'kiosk' if via == 'kiosk' else 'centre_take'}.html", context, status=422 if errors else 200)


def _number_page(request: HttpRequest, found: Centre, ticket: Ticket) -> HttpResponse:
    """What the machine shows for a while: the number, the wait, a QR for the telephone; then it begins anew."""
    page = f"{settings.SITE_URL}{reverse('portal:ticket', args=[ticket.code])}"
    context = {"centre": found, "start": request.path, "qr": qr_data(page), **_ticket(ticket, timezone.now())}
    return _anew(render(request, "portal/kiosk_number.html", context), KIOSK_SECONDS, request.path)


def _anew(answer: HttpResponse, seconds: int, where: str = "") -> HttpResponse:
    """The browser loads the page again by itself, without script (a header: what it shows changes in real time)."""
    answer.headers["Refresh"] = f"{seconds}; url={where}" if where else str(seconds)
    return answer


def _given(request: HttpRequest, found: Centre, via: str) -> Ticket:
    who = Who(via, request.POST.get("key", "")[:60] or str(uuid4()))
    if request.POST.get("do") == "arrive":
        _few(request, CODES)
        return services.arrive(request.POST.get("code", ""), who, found.code)
    return services.take(found.code, request.POST.get("service", ""), via, who, helped=bool(request.POST.get("helped")))


@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """A person's number: how many are before, how long it will take, why in this order; leave, or come back."""
    errors: Shown = []
    now = timezone.now()
    try:
        _few(request, CODES) if request.method == "POST" else None
        found = ticket_by(code)
        if request.method == "POST":
            who = Who("web", request.POST.get("key", "")[:60] or str(uuid4()))
            act = services.come_back if request.POST.get("do") == "back" else services.leave
            act(code, who)
            return redirect("portal:ticket", found.code)
    except Refusal as refusal:
        if request.method != "POST" or refusal.code.startswith(("ticket.unknown", "reference")):
            words = {"title": _("Không có số này"), "words": say(refusal.message)}
            return render(request, "portal/problem.html", words, status=404)
        errors, found = shown(refusal), ticket_by(code)
    auto = request.method != "POST" and bool(request.GET.get("tu-dong"))
    context = {"errors": errors, "key": uuid4(), "auto": auto, **_ticket(found, now)}
    answer = render(request, "portal/ticket.html", context, status=422 if errors else 200)
    return _anew(answer, TICKET_SECONDS) if auto else answer


def _ticket(found: Ticket, now: datetime) -> dict[str, Any]:
    waiting = found.status == "waiting" and found.day == day_of(now)
    current: Hall | None = hall(found.centre_id, now) if waiting else None
    estimate = current.wait(found.service, ticket=found.id) if current else None
    agreed = found.appointment.starts_at if found.appointment_id and found.appointment else None
    reason, minutes = why(rules(), helped=found.helped, appointment=agreed, back=found.back)
    return {"ticket": found, "name": say(rules().services[found.service].name), "estimate": estimate,
            "words": wait_words(estimate) if estimate else "", "reason": reason, "minutes": minutes, "waiting": waiting,
            "counter": found.counter.number if found.counter_id and found.counter else None,
            "error": error_of(found.centre_id, day_of(now).replace(day=1), day_of(now))}  # fmt: skip


# --- appointments -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, code: str) -> HttpResponse:
    """An hour: first the matter, then the hour, then (if wished) where to remind. What was chosen stays when refused."""
    found, now = _centre(code), timezone.now()
    typed = {k: request.POST.get(k, request.GET.get(k, ""))[:120] for k in ("service", "slot", "phone", "email", "thu-tuc")}
    needs = [n for n in request.POST.getlist("needs") if n in NEEDS]
    errors: Shown = []
    if request.method == "POST":
        try:
            _few(request, NUMBERS)
            made = booking.book(found.code, typed["service"], _moment(typed["slot"]), Who("web", request.POST.get("key", "")[:60]),
                                procedure=typed["thu-tuc"], needs=needs, contact=typed)  # fmt: skip
            return redirect("portal:appointment", made.code)
        except Refusal as refusal:
            errors = shown(refusal)
    listed = services_at(found.code)
    context = {"centre": found, "services": _named(listed), "typed": typed, "errors": errors,
               "needs": [(k, _(v), k in needs) for k, v in NEEDS.items()],
               "key": request.POST.get("key") or uuid4(), "procedure": typed["thu-tuc"],
               "days": _days(found.code, typed["service"], now) if typed["service"] in listed else []}  # fmt: skip
    return render(request, "portal/centre_book.html", context, status=422 if errors else 200)


@require_safe
def find_appointment(request: HttpRequest) -> HttpResponse:
    """From a code to the appointment or to the number it opens."""
    code = request.GET.get("ma", "")[:60]
    errors: Shown = []
    if code.strip():
        try:
            _few(request, CODES)
            return redirect("portal:appointment", booking.by_code(code).code)
        except Refusal as refusal:
            errors = shown(refusal)
    return render(request, "portal/appointment_find.html", {"errors": errors, "code": code}, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: HttpRequest, code: str) -> HttpResponse:
    """An appointment: when and where; another hour, or cancel it."""
    errors: Shown = []
    try:
        _few(request, CODES)
        found = booking.by_code(code)
    except Refusal as refusal:
        words = {"title": _("Không có lịch hẹn này"), "words": say(refusal.message)}
        return render(request, "portal/problem.html", words, status=404)
    if request.method == "POST":
        who = Who("web", request.POST.get("key", "")[:60] or str(uuid4()))
        try:
            if request.POST.get("do") == "cancel":
                booking.cancel(found.code, who)
            else:
                booking.change(found.code, _moment(request.POST.get("slot", "")), who)
            return redirect("portal:appointment", found.code)
        except Refusal as refusal:
            errors = shown(refusal)
    return render(request, "portal/appointment.html", _appointment(found, errors), status=422 if errors else 200)


def _appointment(found: Appointment, errors: Shown) -> dict[str, Any]:
    now = timezone.now()
    standing = found.status == "booked" and found.starts_at > now
    return {"appointment": found, "code": format_reference(found.code), "errors": errors, "key": uuid4(), "standing": standing,
            "name": say(rules().services[found.service].name), "needs": [_(NEEDS[n]) for n in found.needs if n in NEEDS],
            "today": day_of(found.starts_at) == day_of(now),
            "days": _days(found.centre_id, found.service, now) if standing else []}  # fmt: skip


def _days(centre: str, service: str, now: datetime) -> list[tuple[date, list[booking.Slot]]]:
    return [(d, booking.slots(centre, service, d, now)) for d in booking.days(centre, now)]


def _moment(text: str) -> datetime:
    """Raises Refusal when no hour was chosen."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901  no zone: refused like one that was not chosen
    if found.tzinfo is None:
        raise Refusal("slot.none", _("Hãy chọn một giờ."), None, {"field": "slot"})
    return found
