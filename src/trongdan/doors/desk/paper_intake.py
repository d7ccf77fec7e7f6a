"""A clerk records a letter that came on paper, on behalf of who sent it, and prints the receipt for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.places import find_place, find_place_in
from trongdan.core.agencies.province import province
from trongdan.core.agencies.selectors import resolve
from trongdan.core.cases import drafts
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load, today
from trongdan.core.papers import files, scans
from trongdan.core.papers.redaction import suggest
from trongdan.core.papers.render import render_pdf
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.doors.portal.qr import qr_svg
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters import intake
from trongdan.kinds.letters.paperwork import receipt_data
from trongdan.kinds.letters.reading import read

from .legibility import doubted
from .who import Desk, at_desk

REMEMBERED = 20  # letters recorded in this sign-in whose receipts it may still print
INTAKE_FIELDS = ("text", "commune", "name", "address", "phone", "email", "on", "postmark", "arrival_no", "channel")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def intake_form(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A clerk records a letter that came on paper, with its postmark and số đến, on behalf of who sent it."""
    was = kept.reopened(request)
    errors: Shown = []
    scan = scans.found(was.draft)
    if was.typed and scan is None:
        messages.info(request, _("Những gì ông/bà viết vẫn còn. Hãy xem lại rồi bấm gửi."))
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
    draft, form = was.draft, {k: was.word(k) for k in INTAKE_FIELDS}
    if request.method == "POST":
        try:
            drafts.drop_files(draft, request.POST.getlist("drop"))
            kept.keep_files(request, draft)
            if request.POST.get("do") == "scan":
                _reception_only(desk)
                scans.ask(draft)
                return redirect(f"{request.path}?nhap={draft}")
            receipt = _take_in(request, desk, form, draft)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(draft)
            scans.drop(draft)
            request.session["recorded"] = [str(receipt.case), *request.session.get("recorded", [])][:REMEMBERED]
            messages.success(request, _("Đã ghi nhận đơn. Hãy in giấy xác nhận cho người gửi."))
            return redirect("desk:case", receipt.case)
    proposed = _propose(form, scan) if scan else []
    if not form["commune"] and not was.typed:
        form["commune"] = home_commune(desk)
    context = {"desk": desk, "form": form, "scan": scan, "proposed": proposed, "errors": errors, "draft": draft,
               "today": today().isoformat(), "tab": "intake",
               "signed": bool(was.word("signed")), "keep_secret": bool(was.word("keep_secret")),
               "kept_files": [(name, doubted(name, data)) for name, data in drafts.files(draft)]}  # fmt: skip
    return render(request, "desk/intake.html", context, status=422 if errors else 200)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


def home_commune(desk: Desk) -> str:
    """Where most letters of a commune's reception are about: it stands in the form, one field less to type."""
    agency = desk.actor.post.agency if desk.actor.post else ""
    return next((c.full for c in province().communes if c.agency == agency), "")


def _propose(form: dict[str, str], scan: scans.Scan) -> list[str]:
    """Fill empty fields of the form from what was read; the ids of those filled. Nothing typed is replaced."""
    if not scan.text:
        return []
    name = read(scan.text, today()).whole.senders.name
    said = {span.why: scan.text[span.start : span.end] for span in reversed(suggest(scan.text))}  # the first of each stays
    place = find_place_in(scan.text)
    words = {"text": scan.text, "commune": place.commune.full if place else "", "address": said.get("địa chỉ", ""),
             "name": scan.text[name[0] : name[1]] if name else said.get("họ tên người viết", ""),
             "phone": said.get("số điện thoại", "")}  # fmt: skip
    words = {k: v if k == "text" else " ".join(v.split()) for k, v in words.items()}
    filled = [k for k, v in words.items() if v and not form[k].strip()]
    form |= {k: words[k] for k in filled}
    return filled


def _reception_only(desk: Desk) -> str:
    """The agency whose reception this is."""
    if desk.actor.post is None or desk.actor.post.role != "reception":
        raise Refusal("post.not_yours", _("Chỉ bộ phận tiếp công dân, xử lý đơn mới ghi nhận đơn."))
    return desk.actor.post.agency


def _take_in(request: HttpRequest, desk: Desk, form: dict[str, str], draft: UUID) -> intake.Receipt:
    agency = _reception_only(desk)
    checked = [files.check(name, data) for name, data in drafts.files(draft)]
    on, postmark = _day(form["on"], "on"), _day(form["postmark"], "postmark")
    facts: dict[str, Any] = {"signed": bool(request.POST.get("signed")), "keep_secret": bool(request.POST.get("keep_secret"))}
    if postmark:
        facts["postmark"] = postmark.isoformat()
    if form["arrival_no"].strip():
        facts["arrival_no"] = form["arrival_no"].strip()[:60]
    place = find_place(form["commune"]) if form["commune"].strip() else []
    if place:
        facts["commune"] = resolve(place[0].commune.agency, today())
    sender = {k: form[k].strip() for k in ("name", "phone", "email", "address") if form[k].strip()}
    channel = form["channel"] if form["channel"] in ("counter", "post", "phone") else "counter"
    if channel == "phone":
        facts["signed"] = False  # nobody signs by telephone; the sender confirms the note first (Luật Khiếu nại Đ8; domain 3)
    reason = _("Ghi theo ngày nhận đơn giấy") if on and on != today() else None
    letter = intake.Letter(form["text"], agency, channel, sender, on, reason, facts, tuple(checked))
    return intake.receive(letter, str(draft), f"desk:{desk.person.id}", desk.actor)


def printable(request: HttpRequest, case_id: UUID) -> bool:
    """Whether this sign-in recorded the letter: its receipt holds the sender's secret, so nobody prints it later."""
    return str(case_id) in request.session.get("recorded", [])


@at_desk
@require_safe
def receipt_pdf(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Giấy xác nhận đã nhận đơn for a letter on paper, to be handed or posted to its sender."""
    if not printable(request, case_id):
        raise Http404
    with scope(desk.actor):
        loaded = load([case_id]).get(case_id)
        if loaded is None:
            raise Http404
        token = intake.token_of(case_id, loaded.generation)
        url = settings.SITE_URL + reverse("portal:case", args=[loaded.reference, token])
        words = receipt_data(loaded, url, token)
    pdf = render_pdf("letter_receipt", words, large=True, images={"qr.svg": qr_svg(url)})
    return HttpResponse(pdf, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="{loaded.reference}.pdf"'})  # fmt: skip
