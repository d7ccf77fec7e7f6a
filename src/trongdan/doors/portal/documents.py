"""Papers a sender can take along: the receipt as PDF and as a signed file, issued papers, a form to sign."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from trongdan.core.cases.log import last_note, proof_of
from trongdan.core.cases.receipts import receipt_of
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.papers import files
from trongdan.core.papers.render import render_pdf
from trongdan.core.store import issued
from trongdan.kernel.checkpoint import parse_checkpoint
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.paperwork import paper_data, receipt_data, second_complaint_data
from trongdan.kinds.letters.tracking import family, lawful_steps, open_by_token, person_forms
from trongdan.kinds.procedures.intake import KIND as DOSSIER
from trongdan.platform import keys

from .qr import qr_svg
from .slips import slip


def _case(reference: str, token: str) -> UUID:
    try:
        return open_by_token(reference, token)
    except Refusal:
        raise Http404 from None


def _matter(letter: UUID, case_id: UUID) -> UUID:
    """The case, which must be the letter itself or have been opened from it, however far below."""
    if case_id not in {one.id for one in family(letter)[0]}:
        raise Http404
    return case_id


def _file(data: bytes, media: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_safe
def receipt_json(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """The signed receipt; once the log has reached it, with the proof of its place and the checkpoint."""
    case_id = _case(reference, token)
    with scope(Scope(case=case_id)):
        loaded = load([case_id])[case_id]
        document: dict[str, Any] | None = receipt_of(loaded)
        salts = files.salts_of(case_id)
        note = last_note()
        proof = proof_of(case_id, 0, parse_checkpoint(note.partition("\n\n")[0] + "\n").size) if note else None
    if document is None:
        raise Http404
    if salts:
        document |= {"file_salts": salts}
    if proof:
        document |= {"proof": proof, "checkpoint": note}
    body = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return _file(body, "application/json", f"{reference}.json")


@require_safe
def receipt_pdf(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    return receipt_file(reference, token)


def receipt_file(reference: str, token: str) -> HttpResponse:
    """Giấy xác nhận đã nhận đơn, in the larger print for people."""
    case_id = _case(reference, token)
    url = settings.SITE_URL + reverse("portal:case", args=[reference, token])
    with scope(Scope(case=case_id, identity=True)):
        loaded = load([case_id])[case_id]
        if loaded.kind.id == DOSSIER:
            return _file(slip(loaded, token, large=True), "application/pdf", f"{reference}.pdf")
        data = receipt_data(loaded, url, token)
    return _file(render_pdf("letter_receipt", data, large=True, images={"qr.svg": qr_svg(url)}), "application/pdf",
                 f"{reference}.pdf")  # fmt: skip


@require_safe
def paper_pdf(request: HttpRequest, reference: str, token: str, case_id: UUID, paper: str) -> HttpResponse:
    """A paper issued in the letter or one of its matters; with ?chu=lon its words in the larger print, to be read beside it."""
    large = request.GET.get("chu") == "lon"
    _matter(_case(reference, token), case_id)
    with scope(Scope(case=case_id, identity=True)):
        loaded = load([case_id])[case_id]
        state = loaded.state.papers.get(paper)
        if state is None or not state.effective or state.dead:
            raise Http404
        form, data = paper_data(loaded, paper)
    if large:
        return _file(render_pdf(form, data, large=True), "application/pdf", f"{reference}-{paper}-chu-to.pdf")
    return _file(files.signed_copy(state.file) or render_pdf(form, data), "application/pdf", f"{reference}-{paper}.pdf")


@require_safe
def result_pdf(request: HttpRequest, reference: str, token: str, code: str) -> HttpResponse:
    """The electronic result of a dossier, as it was issued; a withdrawn one too: it is the person's to see what was."""
    case_id = _case(reference, token)
    with scope(Scope(case=case_id)):
        found = next((r for r in issued.of_case(case_id) if r.code == code), None)
    if found is None or found.file is None:
        raise Http404
    return _file(files.path_of(found.file).read_bytes(), "application/pdf", f"{reference}-ket-qua.pdf")


@require_safe
def person_form(request: HttpRequest, reference: str, token: str, case_id: UUID, form: str) -> HttpResponse:
    """A form that the law asks the person to sign, filled in with what is known."""
    _matter(_case(reference, token), case_id)
    with scope(Scope(case=case_id, identity=True)):
        loaded = load([case_id])[case_id]
        if form not in {name for name, _text in person_forms(loaded, today())}:
            raise Http404
        _form, data = paper_data(loaded, None, form=form)
    return _file(render_pdf(form, data, large=True), "application/pdf", f"{reference}-{form}.pdf")


@require_safe
def complaint_form(request: HttpRequest, reference: str, token: str, case_id: UUID) -> HttpResponse:
    """Đơn khiếu nại (Mẫu 01), filled in for the sender to sign: the first, or with ?lan=2 the second when the law opens it."""
    letter = _case(reference, token)
    second = request.GET.get("lan") == "2"
    wanted = _matter(letter, case_id) if second else letter
    with scope(Scope(case=wanted, identity=True)):
        loaded = load([wanted])[wanted]
        if not second:
            _form, data = paper_data(loaded, None, form="complaint_form")
        elif any(step.get("form") for step in lawful_steps(loaded, today())):
            data = second_complaint_data(loaded)
        else:
            raise Http404
    name = f"{reference}-mau-01{'-lan-2' if second else ''}.pdf"
    return _file(render_pdf("complaint_form", data, large=True), "application/pdf", name)


@require_safe
def denunciation_form(request: HttpRequest, reference: str, token: str, case_id: UUID) -> HttpResponse:
    """Đơn tố cáo, or the sheet for withdrawing one, to be signed: who the person is stays a dotted line, written by hand."""
    letter = _case(reference, token)
    form = "withdrawal_form" if request.GET.get("rut") else "denunciation_form"
    with scope(Scope(case=letter)):
        loaded = load([letter])[letter]
        _form, words = paper_data(loaded, None, form=form)
    data = {"agency": words["agency"], "reference": words["reference"]}
    return _file(render_pdf(form, data, large=True), "application/pdf", f"{reference}-de-ky.pdf")


@require_safe
def checkpoints(request: HttpRequest) -> HttpResponse:
    """The log's last signed head, for anyone to keep."""
    return HttpResponse(last_note() or "", content_type="text/plain; charset=utf-8")


@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    return HttpResponse(keys.public_key_text() + "\n", content_type="text/plain")
