"""The desk of receptions: the agency's calendar, one day's queue and room, and whether the law was kept below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trongdan.core.agencies.selectors import posts_of
from trongdan.core.cases import drafts
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.core.papers.render import DOCX, render_docx, render_pdf
from trongdan.core.people.selectors import names_of
from trongdan.doors.portal import kept
from trongdan.doors.portal.concluded import POINT_WORDS
from trongdan.doors.portal.errors import Shown, shown
from trongdan.doors.portal.reception import asked, slip_document
from trongdan.kernel.errors import Refusal
from trongdan.kinds.reception import booking, minutes, promises, selectors, services, table
from trongdan.kinds.reception.models import Booking, Session
from trongdan.kinds.reception.once import PLANNERS, Doer
from trongdan.law.receiving import REGISTERS, online_cases

from .paper_intake import REMEMBERED
from .who import Desk, at_desk

MARK_WORDS = {
    "began": "Người tiếp bắt đầu", "ended": "Người tiếp kết thúc", "stood_in": "Cấp phó tiếp thay", "absent": "Vắng mặt",
    "notified": "Đã báo các bên về buổi trực tuyến", "tested": "Đã kết nối thử", "connected": "Các điểm cầu đã kết nối",
    "recorded": "Đã lưu bản ghi âm, ghi hình",
}  # fmt: skip
VERDICTS = {"enough": "đủ", "short": "thiếu so với luật", "on_course": "chưa hết tháng, lịch đủ", "will_miss": "lịch còn thiếu",
            "no_number": "luật không ghi số ngày"}  # fmt: skip
FIELDS = ("post", "on", "starts", "ends", "place", "sort", "ground", "topic", "attends", "capacity", "joint", "online")


def doer(request: HttpRequest, desk: Desk) -> Doer:
    """Who does it, under the form's own draft id as the key."""
    return Doer(desk.actor, f"desk:{desk.person.id}", str(kept.draft_of(request) or uuid4()))


def _agency(desk: Desk) -> str:
    return desk.actor.post.agency if desk.actor.post else ""


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The agency's reception days: what the law asks this month and the next, and a form for one more day."""
    was, errors = kept.reopened(request), list[tuple[str, str, str]]()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            session = services.plan(_plan(request), doer(request, desk))
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            messages.success(request, _("Đã ghi vào lịch. Hãy niêm yết để người dân thấy và đặt chỗ."))
            return redirect("desk:reception_day", session)
    agency, this = _agency(desk), today().replace(day=1)
    months = [this, (this + timedelta(days=32)).replace(day=1)]
    with scope(desk.actor):
        days = selectors.of_agency(agency, this, today() + timedelta(days=400))
        need = [(m, *selectors.months_need(agency, m)) for m in months]
    duty = services.duty_of(agency)
    context = {"desk": desk, "tab": "reception", "days": days, "need": need, "duty": duty, "errors": errors, "draft": was.draft,
               "register": REGISTERS[duty.register] if duty else "", "plans": _plans(desk), "soonest": services.soonest(today()),
               "people": [(p.id, p.title) for p in posts_of(agency, ("head", "deputy"))], "agency": agency,
               "typed": {k: v[-1] for k, v in was.typed.items() if v}}  # fmt: skip
    return render(request, "desk/reception.html", context, status=422 if errors else 200)


def _plans(desk: Desk) -> bool:
    return desk.actor.post is not None and desk.actor.post.role in PLANNERS


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


def _hour(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Refusal("hour.invalid", _("Giờ chưa đúng. Hãy ghi như 07:30."), None, {"field": field}) from None


def _plan(request: HttpRequest) -> services.Plan:
    form = {k: request.POST.get(k, "").strip() for k in FIELDS}
    capacity = form["capacity"] or "20"
    if not capacity.isdecimal() or not 0 < int(capacity[:6]) <= 500:
        raise Refusal("reception.capacity", _("Số chỗ đặt trước từ 1 đến 500."), None, {"field": "capacity"})
    return services.Plan(form["post"], _day(form["on"], "on"), _hour(form["starts"], "starts"), _hour(form["ends"], "ends"),
                         form["place"], "extra" if form["sort"] == "extra" else "regular", form["ground"], bool(form["joint"]),
                         bool(form["online"]), form["topic"], form["attends"], int(capacity))  # fmt: skip


@at_desk
@require_safe
def day(request: HttpRequest, desk: Desk, session: UUID) -> HttpResponse:
    """One reception day: its queue, the room, who came. Only the body's own desk sees it."""
    return _page(request, desk, session, [], {}, kept.reopened(request).draft)


def _page(request: HttpRequest, desk: Desk, session: UUID, errors: Shown, typed: dict[str, Any], draft: UUID) -> HttpResponse:
    agency = _agency(desk)
    with scope(desk.actor):
        found = Session.objects.filter(id=session, agency=agency).select_related("moved_to", "moved_from").first()
        if found is None:
            raise Http404
        places, noted = selectors.queue(session), selectors.marks(session)
        earlier, cut_off = promises.points(agency, 20), services.was_cut_off(found, today())
    people = names_of({str(m.person) for m in noted})
    done, post = {m.what for m in noted}, desk.actor.post
    duty = services.duty_of(agency)
    context = {
        "desk": desk, "tab": "reception", "s": found, "day": selectors.words_of(found), "places": places, "errors": errors,
        "typed": typed, "draft": draft, "plans": _plans(desk), "is_today": found.on == today(), "past": found.on < today(),
        "duty": duty,
        "marks": [(MARK_WORDS.get(m.what, m.what), m.at, people.get(str(m.person), ""), m.words) for m in noted], "done": done,
        "mine": post is not None and post.id == found.post and desk.actor.on_behalf is None,
        "cut_off": cut_off,
        "deputy": post is not None and post.role == "deputy" and (duty is None or duty.delegable),
        "last": services.last_day_to_post(found.on), "cases": [(c.id, c.text) for c in online_cases().values()],
        "waiting": sum(p.booking.state == Booking.State.WAITING for p in places),
        "earlier": [(p, p.verdict(today()), POINT_WORDS[p.verdict(today())]) for p in earlier],
        "online": [(w, MARK_WORDS[w]) for w in services.PREPARED],
        "keys": [str(uuid4()) for _n in range(9)],
    }  # fmt: skip
    return render(request, "desk/reception_day.html", context, status=422 if errors else 200)


def _post(request: HttpRequest, desk: Desk, session: UUID) -> str:
    services.post(session, doer(request, desk))
    return _("Đã niêm yết trên cổng.")


def _move(request: HttpRequest, desk: Desk, session: UUID) -> str:
    said = request.POST.get
    to = services.PutOff(_day(said("new_on", ""), "new_on"), _hour(said("new_starts", ""), "new_starts"),
                         _hour(said("new_ends", ""), "new_ends"), said("reason", ""))  # fmt: skip
    services.move(session, to, doer(request, desk))
    return _("Đã lùi lịch. Người đã hẹn được báo ngày mới.")


def _mark(request: HttpRequest, desk: Desk, session: UUID) -> str:
    services.mark(session, request.POST.get("what", ""), doer(request, desk), request.POST.get("words", ""))
    return _("Đã ghi.")


def _call(request: HttpRequest, desk: Desk, session: UUID) -> str:
    called = services.call_next(session, doer(request, desk))
    return _("Mời số %(n)s.") % {"n": called.number} if called else _("Không còn ai chờ.")


def _away(request: HttpRequest, desk: Desk, session: UUID) -> str:
    wanted = drafts.parse_id(request.POST.get("booking", ""))
    if wanted is None:
        raise Http404
    services.not_there(wanted, doer(request, desk))
    return _("Đã ghi không đến.")


def _book(request: HttpRequest, desk: Desk, session: UUID) -> str:
    channel = "phone" if request.POST.get("channel") == "phone" else "door"
    slip = booking.book(asked(request, session, channel), doer(request, desk))
    return _("Đã cấp số %(n)s. In phiếu ở bảng dưới.") % {"n": slip.number}


def _begin(request: HttpRequest, desk: Desk, session: UUID) -> str:
    """Open the record of who was called. This sign-in may print its receipt: the secret half is the person's."""
    wanted = drafts.parse_id(request.POST.get("booking", ""))
    if wanted is None:
        raise Http404
    begun = table.begin(wanted, doer(request, desk), keep_secret=bool(request.POST.get("keep_secret")))
    request.session["recorded"] = [str(begun.case), *request.session.get("recorded", [])][:REMEMBERED]
    return _("Đã mở bản ghi. Ghi lời người đến, đọc lại, rồi mời xác nhận.")


DO: dict[str, Callable[[HttpRequest, Desk, UUID], str]] = {
    "post": _post, "move": _move, "mark": _mark, "call": _call, "away": _away, "book": _book, "begin": _begin,
}  # fmt: skip


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, session: UUID) -> HttpResponse:
    """One action of the page; refused, the page says why and keeps what was typed."""
    action = DO.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    draft = kept.draft_of(request) or uuid4()
    kept.keep(request, draft)
    try:
        words = action(request, desk, session)
    except Refusal as refusal:
        typed = {k: v[-1] for k, v in request.POST.lists() if v}
        return _page(request, desk, session, shown(refusal), typed, draft)
    drafts.drop(draft)
    messages.success(request, words)
    return redirect("desk:reception_day", session)


@at_desk
@require_safe
def slip_pdf(request: HttpRequest, desk: Desk, session: UUID, booking_id: UUID) -> HttpResponse:
    """The slip of somebody who booked by phone or at the door, to be handed over."""
    with scope(desk.actor):
        found = Booking.objects.filter(id=booking_id, session=session).select_related("session").first()
        if found is None:
            raise Http404
        pdf = slip_document(found, selectors.words_of(found.session))
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="phieu-{found.number}.pdf"'})  # fmt: skip


@at_desk
@require_safe
def minutes_file(request: HttpRequest, desk: Desk, session: UUID, ending: str) -> HttpResponse:
    """The minutes of the whole day as noted until now, to be read, corrected by hand where need be, and signed in ink."""
    with scope(desk.actor):
        found = Session.objects.filter(id=session, agency=_agency(desk)).first()
        if found is None or found.posted_at is None or ending not in ("pdf", "docx"):
            raise Http404
        words = minutes.minutes_words(found, today())
    made, media = (render_pdf, "application/pdf") if ending == "pdf" else (render_docx, DOCX)
    shown_as = f'inline; filename="bien-ban-tiep-dan-{found.on:%Y%m%d}.{ending}"'
    return HttpResponse(made(minutes.PAPER, words), content_type=media, headers={"Content-Disposition": shown_as})


@at_desk
@require_safe
def compliance(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enough or too few days, by post and month, of the agency's own head and of those below (NĐ 154/2026 Đ25 k1)."""
    try:
        month = date.fromisoformat(f"{request.GET.get('thang', '')[:7]}-01")
    except ValueError:
        month = today().replace(day=1)
    with scope(desk.actor):
        found = selectors.compliance(month, today())
    counted = {v: sum(k.verdict == v for k in found) for v in VERDICTS}
    months = [(month - timedelta(days=1)).replace(day=1), (month + timedelta(days=32)).replace(day=1)]
    registers = [(REGISTERS[r], [(k, VERDICTS[k.verdict]) for k in found if k.duty.register == r]) for r in REGISTERS]
    context = {"desk": desk, "tab": "reception_kept", "month": month, "before": months[0], "after": months[1],
               "registers": [r for r in registers if r[1]],
               "counted": [(VERDICTS[v], n) for v, n in counted.items() if n]}  # fmt: skip
    return render(request, "desk/reception_kept.html", context)
