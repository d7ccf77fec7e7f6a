"""How this agency signs: each paper's chain, and the agency's own way by its regulation. Set by the office or the head."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.core.cases.registry import kinds
from trongdan.core.cases.trail import today
from trongdan.core.papers.chains import ORDER, Chain, own_chains, set_chain
from trongdan.core.papers.render import titles
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.authority import role_words
from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import Kind

from .who import Desk, at_desk

SETTERS = ("office", "head")
STAFF = ("reception", "officer", "unit_head", "office", "deputy", "head", "registry")


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    agency = desk.actor.post.agency if desk.actor.post else ""
    may = desk.actor.post is not None and desk.actor.post.role in SETTERS
    errors: Shown = []
    if request.method == "POST":
        try:
            _set(request, desk, agency, may)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã ghi. Văn bản soạn từ nay theo chuỗi mới."))
            return redirect("desk:chains")
    own = own_chains(agency, today())
    # A form that several kinds share stands here once.
    first = {form: kind for kind in reversed(list(kinds().values())) for form in kind.chains}
    papers = [_line(kind, form, own.get(form)) for form, kind in first.items()]
    context = {"desk": desk, "tab": "chains", "papers": papers, "may": may, "errors": errors,
               "decision": request.POST.get("decision", "")}  # fmt: skip
    return render(request, "desk/chains.html", context, status=422 if errors else 200)


def _line(kind: Kind, form: str, own: Chain | None) -> dict[str, Any]:
    """A paper with its chain in words, and for each stage the posts that may be chosen."""
    declared: Chain = tuple((s.stage, s.roles) for s in kind.chains[form])
    now = dict(own or declared)
    stages = []
    for stage in ORDER:
        free = stage in ("initial", "check")
        if free or stage in dict(declared):
            choices = STAFF if free else dict(declared)[stage]
            stages.append({"id": stage, "name": STAGE_NAMES[stage], "free": free,
                           "choices": [(r, role_words(r), r in now.get(stage, ())) for r in choices]})  # fmt: skip
    words = [f"{STAGE_NAMES[s]}: {', '.join(role_words(r) for r in roles)}" for s, roles in own or declared]
    return {"kind": kind, "form": form, "title": titles()[form], "words": words, "own": own is not None, "stages": stages}


def _set(request: HttpRequest, desk: Desk, agency: str, may: bool) -> None:
    if not may:
        raise Refusal("post.not_yours", _("Chỉ văn phòng hoặc người đứng đầu mới đặt chuỗi trình ký."))
    kind, form = kinds().get(request.POST.get("kind", "")), request.POST.get("form", "")
    if kind is None or form not in kind.chains:
        raise Refusal("chain.unknown", _("Không có văn bản này. Hãy tải lại trang."))
    picked = {stage: [r for r in request.POST.getlist(stage) if r] for stage in ORDER}
    stages = [] if request.POST.get("do") == "reset" else [f"{s}:{'|'.join(r)}" for s, r in picked.items() if r]
    set_chain(agency, kind, form, stages, request.POST.get("decision", ""), today(), desk.person.id)
