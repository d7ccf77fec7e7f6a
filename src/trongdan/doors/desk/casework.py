"""The case page, and what is done on it: actions, presence, papers, files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trongdan.core.cases import drafts, selectors
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.papers import files
from trongdan.core.papers.declaration import papers
from trongdan.core.papers.receiving import perform_with_files
from trongdan.core.papers.render import DOCX, render_docx, render_pdf
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters import first_time
from trongdan.kinds.letters.paperwork import paper_data

from . import issuing
from .actions import command_from, commits_to
from .case_page import page_of, proposal_of, timeline
from .dossier import whole_file_zip
from .paper_intake import printable
from .proposed import drafted
from .who import Desk, at_desk


def _load(desk: Desk, case_id: UUID) -> Loaded:
    """The case, if the desk's scope sees it. Runs inside the scope."""
    found = load([case_id])
    if case_id not in found:
        raise Http404
    return found[case_id]


def _load_open(desk: Desk, case_id: UUID) -> Loaded:
    """The same, unless its content was withdrawn for signs of a state secret: then nothing of it leaves (domain 12)."""
    loaded = _load(desk, case_id)
    if loaded.state.secret or loaded.state.stub:
        raise Http404
    return loaded


@at_desk
@require_safe
def case(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """The case; with ?nhap=… what was typed in a form of it before the session or the form's protection ran out."""
    was = kept.reopened(request)
    if was.typed:
        messages.info(request, _("Những gì ông/bà viết vẫn còn. Hãy xem lại rồi bấm gửi."))
    return _page(request, desk, case_id, [], {**was.typed, "action": was.word("action")}, was.draft)


def _page(request: HttpRequest, desk: Desk, case_id: UUID, errors: Shown, typed: dict[str, Any], draft: UUID) -> HttpResponse:
    with scope(desk.actor):
        context = page_of(desk, _load(desk, case_id), errors, typed)
    context |= {"printable": printable(request, case_id), "draft": draft}
    return render(request, "desk/case.html", context, status=422 if errors else 200)


def refused_page(request: HttpRequest, desk: Desk, case_id: UUID, errors: Shown) -> HttpResponse:
    """The case page again, saying what could not be done."""
    return _page(request, desk, case_id, errors, {}, uuid4())


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Do one action on a case, as the page offered it. What was typed is kept until it is done."""
    draft = kept.draft_of(request) or uuid4()
    kept.keep(request, draft)
    try:
        with scope(desk.actor):
            loaded = _load(desk, case_id)
            command = command_from(request, loaded, desk.actor)
            issuing.require_complete(command, loaded)
            done = _done(request, desk, loaded, command)
            for matter, _reference in done.opened:  # who settles it needs what the letter came with
                files.copy(case_id, matter)
    except Refusal as refusal:
        typed = {**dict(request.POST.lists()), "action": request.POST.get("action", "")}
        return _page(request, desk, case_id, [*shown(refusal), *_meanwhile(refusal, desk, case_id)], typed, draft)
    drafts.drop(draft)
    messages.success(request, _("Đã ghi nhận."))
    with scope(desk.actor):
        visible = bool(load([case_id]))
    return redirect("desk:case", case_id) if visible else redirect("desk:home")


def _done(request: HttpRequest, desk: Desk, loaded: Loaded, command: Command) -> Done:
    """The command with what came along. Where its event commits to files they are the person's own: they are kept with it, in the
    vault where there is one. Others are the officer's, and lie in the file as they are. Inside the scope."""
    attached = [files.check(f.name or "", f.read(files.MAX_BYTES + 1)) for f in request.FILES.getlist("files")]
    committed = commits_to(loaded, command.action)
    if attached and committed:
        whole = replace(command, data={**command.data, committed: [f.commitment for f in attached]})
        return perform_with_files(whole, attached, desk.post_title, desk.actor, None, "desk")
    copies = [f for f in request.FILES.getlist("copy") if f]
    done = perform(issuing.with_copy(command, loaded, desk.person.name, desk.agency, copies), desk.actor)
    files.keep(loaded.id, attached, desk.post_title)
    return done


def _meanwhile(refusal: Refusal, desk: Desk, case_id: UUID) -> Shown:
    """After a lost race, what changed meanwhile: "Ra quyết định giải quyết (Bùi Văn Hiệu)" (design 4)."""
    if refusal.code != "case.changed":
        return []
    with scope(desk.actor):
        loaded = _load(desk, case_id)
        news = timeline(loaded, {}, desk.actor.post.agency if desk.actor.post else "")
    seen = int(refusal.details.get("seen", loaded.state.seq))
    return [("", _("Vừa có: %(what)s (%(who)s).") % {"what": e["words"], "who": e["who"]}, "") for e in news if e["seq"] > seen]


@at_desk
@require_POST
def first(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """A second complaint that came on paper: its first is looked for, and the form that records it comes back filled in, to be
    confirmed."""
    try:
        with scope(desk.actor):
            second = _load_open(desk, case_id)
            if not first_time.wants_first(second):
                raise Http404
            found = first_time.find(second, request.POST.get("first", ""))
            filled = first_time.proposed(found, second, today())
    except Refusal as refusal:
        return refused_page(request, desk, case_id, shown(refusal))
    draft, page = uuid4(), reverse("desk:case", args=[case_id])
    drafts.save(draft, {"_typed": {"action": [first_time.RECORD], **{k: [v] for k, v in filled.items()}}, "_page": page})
    return redirect(f"{page}?nhap={draft}")


@at_desk
@require_POST
def presence(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    with scope(desk.actor):
        _load(desk, case_id)
        return JsonResponse({"others": selectors.present(case_id, desk.person.id, desk.person.name)})


@at_desk
@require_safe
def paper_file(request: HttpRequest, desk: Desk, case_id: UUID, paper: str, ending: str) -> HttpResponse:
    """A paper as PDF or as DOCX to edit; a draft too, so that the chain reads what it signs."""
    if ending not in ("pdf", "docx"):
        raise Http404
    with scope(desk.actor):
        loaded = _load_open(desk, case_id)
        kept = loaded.state.papers.get(paper)
        copy = files.signed_copy(kept.file) if kept and ending == "pdf" else None
        if kept:
            form, words = issuing.draft_for_signing(loaded, paper)
        elif paper in papers():
            form, words = paper_data(loaded, None, form=paper, draft=drafted(paper, proposal_of(loaded)))
        else:
            raise Http404
    name = f"{issuing.paper_mark(loaded).replace('/', '-')}-{paper}.{ending}"
    if ending == "docx":
        data, media = render_docx(form, words), DOCX
    else:
        data, media = copy or render_pdf(form, words), "application/pdf"
    return HttpResponse(data, content_type=media, headers={"Content-Disposition": f'inline; filename="{name}"'})


@at_desk
@require_safe
def file(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """An attached file. Always a download, so that nothing in it runs here."""
    with scope(desk.actor):
        _load_open(desk, case_id)
        found = next((f for f in files.listed(case_id) if f["id"] == file_id and not f["sealed"]), None)
    if found is None:
        raise Http404
    if request.GET.get("ban") == "doc":  # the copy whose words can be found
        if found["sure"] is None or not files.readable_of(file_id).exists():
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{found["sheet"]}-doc-duoc.pdf"'}
        return HttpResponse(files.readable_of(file_id).read_bytes(), content_type="application/pdf", headers=headers)
    ending = str(found["name"]).rsplit(".", 1)[-1]
    headers = {"Content-Disposition": f'attachment; filename="{found["sheet"]}.{ending}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(files.path_of(file_id).read_bytes(), content_type=str(found["media"]), headers=headers)


@at_desk
@require_safe
def whole_file(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """The whole file with its index and numbered sheets (bút lục), in one ZIP (NĐ 30/2020 Đ29)."""
    with scope(desk.actor):
        loaded = _load_open(desk, case_id)
        data = whole_file_zip(loaded)
    name = f"{issuing.paper_mark(loaded).replace('/', '-')}.zip"
    return HttpResponse(data, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
