"""The electronic result of a dossier: brought in, marked with its code, signed, issued; withdrawn with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.cases import drafts
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.papers import files, signing
from trongdan.core.store import issued
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.doors.portal.qr import qr_svg
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures import results
from trongdan.kinds.procedures.intake import KIND

from .who import Desk, at_desk

TYPED = ("name", "number", "on", "until", "how", "reason")
DONE = "done"


def _dossier(desk: Desk, case_id: UUID) -> Loaded:
    """The settled dossier, if the desk's scope sees it."""
    with scope(desk.actor):
        loaded = load([case_id]).get(case_id)
    if loaded is None or loaded.kind.id != KIND or loaded.state.step != DONE or loaded.state.secret:
        raise Http404
    return loaded


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Issue or withdraw. What was typed and the file waiting to be signed are kept under the form's draft."""
    loaded, was, errors = _dossier(desk, case_id), kept.reopened(request), Shown()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or uuid4(), dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            if _done(request, desk, loaded, was):
                drafts.drop(was.draft)
                return redirect("desk:result", case_id)
        except Refusal as refusal:
            errors = shown(refusal)
    return render(request, "desk/result.html", _context(desk, loaded, was, errors), status=422 if errors else 200)


def _context(desk: Desk, loaded: Loaded, was: kept.Kept, errors: Shown) -> dict[str, Any]:
    with scope(desk.actor):
        found = issued.of_case(loaded.id)
    form = {k: was.word(k) for k in TYPED}
    form["name"] = form["name"] or results.proposed_name(loaded)
    form["number"] = form["number"] or str(loaded.state.fields.get("result_no") or "")
    form["on"] = form["on"] or today().isoformat()
    form["how"] = form["how"] or next(iter(signing.ways()))
    return {"desk": desk, "errors": errors, "loaded": loaded, "draft": was.draft, "form": form, "ways": signing.ways().items(),
            "issued": [(r, issued.grouped(r.code), r.holds(today())) for r in found],
            "live": any(not r.withdrawn_at for r in found), "code": _waiting(was.draft)}  # fmt: skip


def _waiting(draft: UUID) -> str:
    """The code of a marked file that waits to be signed outside, grouped; empty when none does."""
    held = drafts.files(draft)
    return issued.grouped(held[-1][0]) if held else ""


def _done(request: HttpRequest, desk: Desk, loaded: Loaded, was: kept.Kept) -> bool:
    """Do what the form asks; False when the marked file now waits for its signature. Raises Refusal."""
    if request.POST.get("do") == "withdraw":
        results.withdraw(loaded.id, desk.actor, was.word("reason").strip(), timezone.now())
        messages.success(request, _("Đã thu hồi. Ai kiểm tra mã này từ giờ đều thấy."))
        return True
    result = results.Result(was.word("name").strip(), was.word("number").strip()[:60],
                            _day(was.word("on"), "on") or today(), _day(was.word("until"), "until"))  # fmt: skip
    held = drafts.files(was.draft)
    if request.POST.get("do") == "returned" and held:
        code, file = held[-1][0], _uploaded(request)
        results.came_back(file.data, code)
        return _issue(request, desk, loaded, file, "signed", code, result)
    file, how, code = results.as_pdf(_uploaded(request)), was.word("how"), issued.new_code()
    if results.is_signed(file.data):
        return _issue(request, desk, loaded, file, "signed", code, result)
    if how not in signing.ways():
        raise Refusal("sign.unknown_way", _("Hãy chọn cách ký."), None, {"field": "how"})
    marked = results.marked(file.data, code, qr_svg(f"{settings.SITE_URL}/kiem-tra/{code}/"), settings.SITE_URL)
    if how == signing.RETURNED:
        drafts.keep_file(was.draft, code, marked)
        return False
    if how == signing.TEST:
        marked = signing.sign_with_test_certificate(marked, desk.person.name, desk.agency)
    named = files.Checked(file.name, results.PDF, marked)
    return _issue(request, desk, loaded, named, "test" if how == signing.TEST else "scan", code, result)


def _issue(request: HttpRequest, desk: Desk, loaded: Loaded, file: files.Checked, how: issued.Signed, code: str,
           result: results.Result) -> bool:  # fmt: skip
    results.issue(loaded, desk.actor, file, how, code, result, timezone.now())
    messages.success(request, _("Đã phát hành kết quả điện tử."))
    return True


def _uploaded(request: HttpRequest) -> files.Checked:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal("result.file", _("Hãy chọn tệp kết quả (PDF, hoặc ảnh quét)."), None, {"field": "file"})
    return files.check(upload.name or "", upload.read(files.MAX_BYTES + 1))


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


def _pdf(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=results.PDF, headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'})


@at_desk
@require_safe
def to_sign(request: HttpRequest, desk: Desk, case_id: UUID, draft: UUID) -> HttpResponse:
    """The marked file, to be signed with the agency's own tool."""
    loaded, held = _dossier(desk, case_id), drafts.files(draft)
    if not held or (drafts.open_(draft) or {}).get("_page") != kept.page_of(request).split(str(draft))[0]:
        raise Http404
    return _pdf(held[-1][1], f"{loaded.reference}-de-ky")


@at_desk
@require_safe
def sheet(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """An issued result as it lies in the dossier."""
    loaded = _dossier(desk, case_id)
    with scope(desk.actor):
        known = {r.file for r in issued.of_case(case_id)}
    if file_id not in known:
        raise Http404
    return _pdf(files.path_of(file_id).read_bytes(), f"{loaded.reference}-ket-qua")
