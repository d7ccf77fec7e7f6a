"""At a counter: sit, call, begin, done, with a key each. And the centre's board: who waits how long, what to open."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trongdan.core.cases.scope import scope
from trongdan.doors.portal.centres import kiosk_token, wait_words
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.waiting import booking, services
from trongdan.kinds.waiting.models import Centre, Counter, Ticket
from trongdan.kinds.waiting.reference import rules
from trongdan.kinds.waiting.selectors import at_counter, board, centres_of, day_of, next_for, services_at, sessions_of
from trongdan.kinds.waiting.writing import Who, centre_code, watches

from .who import Desk, at_desk


def _who(request: HttpRequest, desk: Desk) -> Who:
    return Who(f"desk:{desk.person.id}", request.POST.get("key", "")[:60] or str(uuid4()), desk.actor)


@at_desk
@require_safe
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The counter where the official sits, or the counters to sit at."""
    return _page(request, desk, [])


def _page(request: HttpRequest, desk: Desk, errors: Shown) -> HttpResponse:
    now = timezone.now()
    with scope(desk.actor):
        own = centres_of([centre_code(p) for p in desk.actor.posts])
        seat = Counter.objects.filter(person=desk.person.id, open=True).select_related("centre").first()
        context: dict[str, Any] = {"desk": desk, "tab": "window", "errors": errors, "key": uuid4(), "seat": seat, "centres": own}
        if seat is not None:
            held = at_counter(seat)
            context |= {"held": held, "next": next_for(seat, day_of(now)), "groups": _groups(seat.centre_id),
                        "serves": [rules().services[s].name for s in seat.serves], **_held(held, now)}  # fmt: skip
        else:
            context["counters"] = [(c, [rules().services[s].name for s in c.serves])
                                   for c in Counter.objects.filter(centre__in=own).order_by("centre_id", "number")]  # fmt: skip
    return render(request, "desk/window.html", context, status=422 if errors else 200)


def _held(held: Ticket | None, now: datetime) -> dict[str, Any]:
    if held is None:
        return {}
    since = held.began_at or held.called_at or now
    needs = [booking.NEEDS[n] for n in held.appointment.needs] if held.appointment else []
    return {"held_name": rules().services[held.service].name, "needs": needs, "minutes": int((now - since).total_seconds() // 60)}


def _groups(centre: str) -> list[tuple[str, str]]:
    return [(s, rules().services[s].name) for s in services_at(centre)]


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One press. Pressed twice, or sent twice by a bad network, it is done once."""
    who, do = _who(request, desk), request.POST.get("do", "")
    try:
        if do == "sit":
            services.sit(int(request.POST.get("counter", "0") or 0), who)
        elif do == "call":
            if services.call_next(who) is None:
                messages.info(request, _("Không còn ai đợi nhóm việc của quầy này."))
        elif do == "transfer":
            moved = services.transfer(request.POST.get("service", ""), who)
            messages.success(request, _("Đã chuyển số %(n)s, giữ nguyên thứ tự.") % {"n": moved.label})
        elif do == "take":
            _take(request, desk, who)
        elif do in _PLAIN:
            _PLAIN[do](who)
        else:
            raise Refusal("counter.unknown", _("Không có việc này. Hãy tải lại trang."))
    except Refusal as refusal:
        return _page(request, desk, shown(refusal))
    except ValueError:
        raise Http404 from None
    return redirect("desk:window")


_PLAIN: dict[str, Any] = {"begin": services.begin, "done": services.done, "away": services.away, "again": services.again,
                          "rise": services.rise}  # fmt: skip


def _take(request: HttpRequest, desk: Desk, who: Who) -> None:
    """A number for somebody at the information desk or on the telephone; with a code of an appointment, theirs."""
    centre, code = request.POST.get("centre", ""), request.POST.get("code", "").strip()
    with scope(desk.actor):
        if centre not in {c.code for c in centres_of([centre_code(p) for p in desk.actor.posts])}:
            raise Refusal("counter.not_yours", "Quầy này không thuộc trung tâm của ông/bà.")
    if code:
        given = services.arrive(code, who, centre)
    else:
        given = services.take(centre, request.POST.get("service", ""), "clerk", who, helped=bool(request.POST.get("helped")))
    messages.success(request, _("Số %(n)s. Mã để xem trên điện thoại: %(code)s")
                     % {"n": given.label, "code": format_reference(given.code)})  # fmt: skip


# --- the board ----------------------------------------------------------------------------------------------------------


@at_desk
@require_safe
def boards(request: HttpRequest, desk: Desk, code: str = "") -> HttpResponse:
    """A centre's board; without a code, of the first centre that one of the posts watches."""
    return _board(request, desk, code or request.GET.get("tt", "")[:40], [])


def _board(request: HttpRequest, desk: Desk, code: str, errors: Shown) -> HttpResponse:
    now = timezone.now()
    with scope(desk.actor):
        seen = [c for c in Centre.objects.order_by("sort") if watches(desk.actor, c)]
        centre = next((c for c in seen if c.code == code), None) if code else (seen[0] if seen else None)
        if centre is None:
            raise Http404
        found = board(centre, now)
        awaited = [(a, rules().services[a.service].name) for a in booking.of_day(centre.code, day_of(now))]
        sessions = sessions_of(centre.code, day_of(now))
    head = any(p.agency == centre.code and p.role in ("head", "deputy") for p in desk.actor.posts)
    names = {s.id: s.name for s in rules().services.values()}
    context = {
        "desk": desk, "tab": "board", "centre": centre, "board": found, "now": now, "head": head, "errors": errors, "key": uuid4(),
        "groups": [(g, wait_words(g.estimate)) for g in found.groups], "names": names, "others": seen[:200], "sessions": sessions,
        "hints": [_hint(h, names) for h in found.suggestions], "choices": list(names.items()), "awaited": awaited,
        "hours": [(h, names[h.service], None if h.wait == float("inf") else round(h.wait)) for h in found.hours],
        "kiosk": reverse("portal:kiosk", args=[centre.code, kiosk_token(centre.code)]) if head else "",
    }  # fmt: skip
    return render(request, "desk/board.html", context, status=422 if errors else 200)


def _hint(h: Any, names: dict[str, str]) -> str:
    """A suggestion with its reason, in one sentence a person can check."""
    none = h.wait == float("inf")
    wait = _("chưa có quầy nào mở") if none else _("cuối giờ sẽ phải đợi khoảng %(m)s phút") % {"m": round(h.wait)}
    words = _("%(name)s: mở thêm %(more)s quầy. Lúc %(hour)s giờ dự kiến %(coming)s người đến, đang đợi %(waiting)s, "
              "cần %(needed)s quầy, đang mở %(open)s; %(wait)s.") % {
        "name": names[h.service], "more": h.more, "hour": h.hour, "coming": round(h.coming), "waiting": h.waiting,
        "needed": h.needed, "open": h.open, "wait": wait}  # fmt: skip
    if h.idle:
        words += " " + _("Đang rảnh mà không phục vụ nhóm này: quầy %(list)s.") % {"list": ", ".join(map(str, h.idle))}
    return str(words)


@at_desk
@require_http_methods(["POST"])
def set_up(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """The head of a centre sets a counter's groups, or hours from a day on."""
    who = _who(request, desk)
    try:
        if request.POST.get("do") == "hours":
            since, decision = _day(request.POST.get("since", "")), request.POST.get("decision", "")
            services.set_hours(code, since, _sessions(request.POST), decision, who)
        else:
            number = request.POST.get("number", "")
            services.set_counter(code, int(number) if number.isdecimal() and len(number) < 4 else 0,
                                 request.POST.getlist("serves"), who)  # fmt: skip
    except Refusal as refusal:
        return _board(request, desk, code, shown(refusal))
    messages.success(request, _("Đã ghi nhận."))
    return redirect("desk:board", code)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("hours.since", _("Hãy ghi ngày bắt đầu."), None, {"field": "since"}) from None


def _sessions(form: Any) -> list[tuple[time, time]]:
    out = []
    for n in ("1", "2"):
        a, b = form.get(f"from{n}", ""), form.get(f"to{n}", "")
        if a or b:
            try:
                out.append((time.fromisoformat(a), time.fromisoformat(b)))
            except ValueError:
                raise Refusal("hours.time", _("Giờ viết như 07:30."), None, {"field": "hours"}) from None
    return out
