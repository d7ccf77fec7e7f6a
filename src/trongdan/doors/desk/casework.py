"""The case page: the matter, its clocks and trail, what may be done next and why the rest may not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases import selectors
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, bodies, load, today
from trongdan.core.papers import files
from trongdan.core.papers.declaration import papers
from trongdan.core.papers.render import render_docx, render_pdf, titles
from trongdan.core.people.selectors import names_of
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.case import Command
from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.duty import late_shares, watches
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import KERNEL_TAGS
from trongdan.kernel.reference import format_reference
from trongdan.kinds.letters.paperwork import paper_data
from trongdan.kinds.letters.reading import read
from trongdan.kinds.letters.tracking import clock_view, holder_words
from trongdan.law import load_law

from .actions import action_forms, command_from
from .dossier import whole_file_zip
from .who import Desk, at_desk


def _load(desk: Desk, case_id: UUID) -> Loaded:
    """The case, if the desk's scope sees it. Runs inside the scope."""
    found = load([case_id])
    if case_id not in found:
        raise Http404
    return found[case_id]


def _timeline(loaded: Loaded, texts: dict[str, str]) -> list[dict[str, Any]]:
    """Every event, with who did it, its words and what was written."""
    people = names_of({str(e.actor.get("person") or "") for e in loaded.events})
    titles_of = post_titles([str(e.actor.get("post") or "") for e in loaded.events])
    out = []
    for event in loaded.events:
        edge = loaded.kind.edges.get(str(event.payload.get("edge", "")))
        notes = [texts.get(v["content"], "") for v in _sealed(event.payload)]
        words = edge.name if edge and not event.tag.startswith("paper:") else KERNEL_TAGS.get(event.tag, event.tag)
        paper = loaded.state.papers.get(str(event.payload.get("paper", "")))
        out.append({"on": event.on, "at": event.at, "words": words, "notes": [n for n in notes if n][:4],
                    "paper": titles().get(paper.form, "") if paper and event.tag.startswith("paper:") else "",
                    "number": event.payload.get("number"), "late_entry": event.payload.get("late_entry"),
                    "who": people.get(str(event.actor.get("person") or "")) or _("hệ thống"),
                    "post": titles_of.get(str(event.actor.get("post") or ""), "")})  # fmt: skip
    return out


def _sealed(payload: Any) -> list[dict[str, str]]:
    """The references to text in a payload, but not the letter's own text, which stands beside."""
    out = []
    for key, value in payload.items():
        if key in ("data", "draft", "verdict") and isinstance(value, dict):
            out += [v for k, v in value.items() if k != "text" and isinstance(v, dict) and "content" in v]
        elif isinstance(value, dict) and "content" in value:
            out.append(value)
    return out


def _papers(loaded: Loaded) -> list[dict[str, Any]]:
    return [{"id": p.id, "title": titles().get(p.form, p.form), "number": p.number, "dated": p.dated, "dead": p.dead,
             "waits": STAGE_NAMES.get(p.waits or "", ""), "done": [s for s, _r in p.chain[: max(0, p.stage)]],
             "chain": [(STAGE_NAMES[s], i < p.stage, i == p.stage) for i, (s, _r) in enumerate(p.chain)]}
            for p in loaded.state.papers.values()]  # fmt: skip


def _facts(loaded: Loaded, texts: dict[str, str]) -> list[tuple[str, str]]:
    """The facts of the case by their labels; text fields by what was written."""
    out = []
    agency_names = names([v for v in loaded.state.fields.values() if isinstance(v, str)])
    for key, value in loaded.state.fields.items():
        definition = loaded.kind.fields.get(key)
        if definition is None or key == "text" or value in (None, "", False):
            continue
        if isinstance(value, dict):
            words: str = texts.get(value.get("content", ""), _("(đã xóa theo hạn lưu)"))
        elif isinstance(value, list):
            words = "; ".join(str(dict(definition.choices).get(v, v)) for v in value)
        elif value is True:
            words = _("có")
        else:
            words = dict(definition.choices).get(str(value)) or agency_names.get(str(value), str(value))
        out.append((definition.name, words))
    return out


def _identity(case_id: UUID) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, phone, email FROM td_identity WHERE case_id = %s AND role = 'sender'", [case_id])
        row = cursor.fetchone()
    return {k: v for k, v in zip(("name", "address", "phone", "email"), row or (), strict=False) if v}


@at_desk
@require_GET
def case(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    return _page(request, desk, case_id, [], {})


def _page(request: HttpRequest, desk: Desk, case_id: UUID, errors: Shown, typed: dict[str, Any]) -> HttpResponse:
    with scope(desk.actor):
        loaded = _load(desk, case_id)
        texts = bodies([case_id])
        secret = loaded.state.secret
        if secret:  # a stub: the words are withdrawn from every page until the head decides (domain 12)
            texts = {}
        attached = [] if secret else files.listed(case_id)
        sender = _identity(case_id)
        family = load([UUID(c) for c in loaded.state.children] + ([loaded.parent] if loaded.parent else []))
        context = _context(desk, loaded, texts, typed)
    text = texts.get(str(loaded.state.fields.get("text", {}).get("content", "")), "")
    new_letter = text and loaded.kind.id == "letters.letter" and loaded.state.step == "received"
    reading = read(text, bool(sender.get("name"))) if new_letter else None
    context |= {"errors": errors, "files": attached, "sender": sender, "text": text, "reading": reading, "secret": secret,
                "family": [(f, f.kind.steps[f.state.step].name, format_reference(f.reference)) for f in family.values()],
                "natures": dict(loaded.kind.fields["nature"].choices) if "nature" in loaded.kind.fields else {}}  # fmt: skip
    return render(request, "desk/case.html", context, status=422 if errors else 200)


def _context(desk: Desk, loaded: Loaded, texts: dict[str, str], typed: dict[str, Any]) -> dict[str, Any]:
    state = loaded.state
    agency = names([state.agency]).get(state.agency, state.agency)
    late = [(loaded.kind.clocks[c.id].name, share) for c in state.clocks.values() if c.overdue_for
            for share in late_shares(state, c.id, today())]  # fmt: skip
    return {
        "desk": desk, "loaded": loaded, "shown": format_reference(loaded.reference), "state": state,
        "kind": loaded.kind, "tab": "list",
        "step": loaded.kind.steps[state.step], "agency": agency, "holder": holder_words(state, agency),
        "assigned": post_titles([state.assigned or ""]).get(state.assigned or "", ""),
        "outcome": dict(loaded.kind.steps[state.step].outcomes).get(state.outcome or "", ""),
        "clocks": [clock_view(loaded, c, today()) for c in state.clocks.values()], "late": late,
        "watches": watches(loaded.kind, state, loaded.events, load_law().calendar),
        "timeline": _timeline(loaded, texts), "papers": _papers(loaded), "facts": _facts(loaded, texts),
        "forms": action_forms(loaded, desk.actor, typed), "seq": state.seq,
    }  # fmt: skip


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Do one action on a case, as the page offered it."""
    try:
        with scope(desk.actor):
            loaded = _load(desk, case_id)
            command: Command = command_from(request, loaded, desk.actor)
            perform(command, desk.actor)
            if request.FILES:
                checked = [files.check(f.name or "", f.read(files.MAX_BYTES + 1)) for f in request.FILES.getlist("files")]
                files.keep(case_id, checked, desk.post_title, str(command.data.get("paper") or "") or None)
    except Refusal as refusal:
        typed = {"action": request.POST.get("action", ""), **{k: request.POST.getlist(k) for k in request.POST}}
        return _page(request, desk, case_id, shown(refusal), typed)
    messages.success(request, _("Đã ghi nhận."))
    with scope(desk.actor):
        visible = bool(load([case_id]))
    return redirect("desk:case", case_id) if visible else redirect("desk:home")


@at_desk
@require_POST
def presence(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    with scope(desk.actor):
        _load(desk, case_id)
        return JsonResponse({"others": selectors.present(case_id, desk.person.id, desk.person.name)})


@at_desk
@require_GET
def paper_file(request: HttpRequest, desk: Desk, case_id: UUID, paper: str, ending: str) -> HttpResponse:
    """A paper as PDF or as DOCX to edit; a draft too, so that the chain reads what it signs."""
    if ending not in ("pdf", "docx"):
        raise Http404
    with scope(desk.actor):
        loaded = _load(desk, case_id)
        if paper in loaded.state.papers:
            form, words = paper_data(loaded, paper)
        elif paper in papers():
            form, words = paper_data(loaded, None, form=paper)
        else:
            raise Http404
    name = f"{loaded.reference.replace('/', '-')}-{paper}.{ending}"
    data, media = (render_pdf(form, words), "application/pdf") if ending == "pdf" else (
        render_docx(form, words), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")  # fmt: skip
    return HttpResponse(data, content_type=media, headers={"Content-Disposition": f'inline; filename="{name}"'})


@at_desk
@require_GET
def file(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """An attached file. Always a download, so that nothing in it runs here."""
    with scope(desk.actor):
        _load(desk, case_id)
        found = next((f for f in files.listed(case_id) if f["id"] == file_id), None)
    if found is None:
        raise Http404
    ending = str(found["name"]).rsplit(".", 1)[-1]
    headers = {"Content-Disposition": f'attachment; filename="{found["sheet"]}.{ending}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(files.path_of(file_id).read_bytes(), content_type=str(found["media"]), headers=headers)


@at_desk
@require_GET
def whole_file(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """The whole file with its index and numbered sheets (bút lục), in one ZIP (NĐ 30/2020 Đ29)."""
    with scope(desk.actor):
        loaded = _load(desk, case_id)
        data = whole_file_zip(loaded)
    name = f"{loaded.reference.replace('/', '-')}.zip"
    return HttpResponse(data, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
