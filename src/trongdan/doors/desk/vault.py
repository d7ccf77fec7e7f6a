"""Opening the vault at the desk: shown once, in the answer to the opening itself, and never kept by the browser.

From there a file gets the copy that others see: a picture with regions blacked out, or a checked transcript."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load
from trongdan.core.cases.vaulting import refuse_traces
from trongdan.core.papers import files, redact_pdf, redaction
from trongdan.core.papers.render import DOCX, render_pdf
from trongdan.core.people.vault import Opened, SealedFile, open_vault
from trongdan.doors.portal.errors import shown
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference

from .casework import refused_page
from .who import Desk, at_desk

PDF = "application/pdf"
PICTURES = ("image/jpeg", "image/png", "image/webp")
ROWS = 2  # regions of one's own beside the usual ones


@at_desk
@require_POST
def opened(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Open, ask in an emergency, or confirm. An opening's answer is the only page that shows what is there."""
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "").strip()
    _seen(desk, case_id)
    try:
        if action == "vault.ask":
            with scope(desk.actor):
                perform(Command("", str(case_id), action, reason=reason or None), desk.actor)
            messages.success(request, _("Đã ghi đề nghị mở khẩn cấp. Cần một người khác xác nhận trong hôm nay."))
            return redirect("desk:case", case_id)
        found = open_vault(case_id, desk.actor, reason, "vault.confirm" if action == "vault.confirm" else "vault.open")
    except Refusal as refusal:
        return refused_page(request, desk, case_id, shown(refusal))
    return render(request, "desk/vault.html", _context(desk, case_id, found, reason))


def _seen(desk: Desk, case_id: UUID) -> None:
    with scope(desk.actor):
        if case_id not in load([case_id]):
            raise Http404


def _context(desk: Desk, case_id: UUID, found: Opened, reason: str) -> dict[str, Any]:
    with scope(desk.actor):
        reference = load([case_id])[case_id].reference
    texts = [(text, [(text[s.start : s.end].strip(), s.why) for s in redaction.suggest(text)]) for text in found.texts]
    return {
        "desk": desk, "case_id": case_id, "shown": format_reference(reference), "reason": reason, "tab": "list",
        "identity": [(label, found.identity[k]) for k, label in _labels() if found.identity.get(k)], "texts": texts,
        "people": [(one.get("name", ""), one.get("address", ""), one.get("phone") or one.get("email", ""), "represents" in one)
                   for one in found.people],
        "files": [_file(f, _known(found)) for f in found.files], "usual": list(enumerate(redaction.USUAL)), "rows": range(ROWS),
    }  # fmt: skip


def _known(found: Opened) -> list[str]:
    """What may give somebody away: of who sent it, and of each who sent it with them."""
    return [v for one in (found.identity, *found.people) for k, v in one.items() if k != "represents"]


def _labels() -> list[tuple[str, str]]:
    return [("name", _("Họ tên")), ("address", _("Địa chỉ")), ("phone", _("Điện thoại")), ("email", _("Thư điện tử"))]


def _file(file: SealedFile, known: Sequence[str]) -> dict[str, Any]:
    """A file as the page shows it: a picture or the pages of a PDF in place, other files to take down, a Word file's text for a
    transcript."""
    data = files.reveal(file.id, file.key)
    address = f"data:{file.media};base64,{b64encode(data).decode()}"
    from docx import Document  # loaded when the first file is looked through, not at each start

    words = "\n".join(p.text for p in Document(io.BytesIO(data)).paragraphs) if file.media == DOCX else ""
    pages, unread = _pages(data, known) if file.media == PDF else ([], "")
    return {"id": file.id, "name": file.name, "size": file.size, "picture": address if file.media in PICTURES else "",
            "pages": pages, "unread": unread, "address": address,
            "words": redaction.without(words, redaction.suggest(words))}  # fmt: skip


def _pages(data: bytes, known: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    """(pages as shown, why they can't be). Each place found carries the regions it would cover, as the form sends them back."""
    try:
        found = redact_pdf.pages(data, known)
    except Refusal as refusal:
        return [], refusal.message
    return [{"number": p.number, "text": p.text, "picture": f"data:image/png;base64,{b64encode(p.picture).decode()}",
             "found": [(f.number, f.words, f.why, ";".join(f"{p.number},{r.left},{r.top},{r.width},{r.height}" for r in f.regions))
                       for f in p.found]} for p in found], ""  # fmt: skip


@at_desk
@require_POST
def cover(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Make the copy of a sealed file that others see. It opens the vault once more, which is recorded like any opening."""
    _seen(desk, case_id)
    try:
        if not request.POST.get("checked"):
            words = _("Hãy xem lại cả tài liệu và đánh dấu đã kiểm tra trước khi lập bản cho người khác xem.")
            raise Refusal("redaction.unchecked", words)
        reason = _("Lập bản đã che: %(reason)s") % {"reason": request.POST.get("reason", "").strip() or _("để người khác xem")}
        found = open_vault(case_id, desk.actor, reason)
        wanted = request.POST.get("file", "")
        file = next((f for f in found.files if str(f.id) == wanted), None)
        if file is None:
            raise Refusal("redaction.no_file", _("Không còn tệp này trong kho kín. Hãy mở lại."))
        copy = _transcript(request, desk, case_id) if request.POST.get("words", "").strip() else _covered(request, file)
        with scope(desk.actor):
            files.keep(case_id, [copy], _("bản đã che, %(who)s") % {"who": desk.post_title})
    except Refusal as refusal:
        return refused_page(request, desk, case_id, shown(refusal))
    messages.success(request, _("Đã lập bản cho người khác xem; tệp gốc vẫn nằm trong kho kín."))
    return redirect("desk:case", case_id)


def _covered(request: HttpRequest, file: SealedFile) -> files.Checked:
    if file.media == PDF:
        covered = redact_pdf.cover(files.reveal(file.id, file.key), _by_page(request))
        return files.Checked(f"da-che-{uuid4().hex[:6]}.pdf", PDF, covered)
    if file.media not in PICTURES:
        raise Refusal("redaction.words", _("Tệp này không phải ảnh hay PDF: hãy ghi bản chép."), None, {"field": "words"})
    regions = [r for n, r in enumerate(redaction.USUAL) if request.POST.get(f"usual{n}")] + _own_regions(request)
    return files.Checked(f"da-che-{uuid4().hex[:6]}.png", "image/png", redaction.cover(files.reveal(file.id, file.key), regions))


def _by_page(request: HttpRequest) -> dict[int, list[redaction.Region]]:
    """What the form ticked and typed: page -> regions. Raises Refusal."""
    out: dict[int, list[redaction.Region]] = {}
    try:
        for mark in request.POST.getlist("span"):
            for one in mark.split(";"):
                page, left, top, width, height = (int(n) for n in one.split(","))
                out.setdefault(page, []).append(redaction.Region(left, top, width, height))
    except ValueError:
        raise Refusal("redaction.region", _("Không đọc được vùng cần che. Hãy mở lại kho kín.")) from None
    for n, region in enumerate(_own_regions(request)):
        page_typed = request.POST.get(f"page{n}", "").strip() or "1"
        if not page_typed.isdigit():
            raise Refusal("redaction.page", _("Số trang chưa đúng."), None, {"field": "regions"})
        out.setdefault(int(page_typed[:4]), []).append(region)
    return out


def _own_regions(request: HttpRequest) -> list[redaction.Region]:
    out = []
    for n in range(ROWS):
        numbers = [request.POST.get(f"{side}{n}", "").strip() for side in ("left", "top", "width", "height")]
        if any(numbers):
            if not all(number.isdigit() for number in numbers):
                words = _("Vùng che cần đủ bốn số từ 0 đến 100: trái, trên, rộng, cao.")
                raise Refusal("redaction.region", words, None, {"field": "regions"})
            left, top, width, height = map(int, numbers)
            out.append(redaction.Region(left, top, width, height))
    return out


def _transcript(request: HttpRequest, desk: Desk, case_id: UUID) -> files.Checked:
    words = request.POST["words"].strip()
    with scope(desk.actor):
        refuse_traces(load([case_id])[case_id], Command("", str(case_id), "transcript", {"words": words}), desk.actor)
    pdf = render_pdf("redacted_copy", {"own_text": words, "who": desk.post_title})
    return files.Checked(f"ban-chep-{uuid4().hex[:6]}.pdf", "application/pdf", pdf)
