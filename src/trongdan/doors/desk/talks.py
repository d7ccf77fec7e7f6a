"""The dialogue inside a file (a complaint): what each side raises and what is answered, noted point by point while they talk; the
minutes (Mẫu 14) are made of it. The same record as of a conference with the people; nothing of it is shown outside the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.core.cases import drafts, talks
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference

from .actions import _field, _value
from .who import Desk, at_desk

SIDES = ("Người khiếu nại", "Người bị khiếu nại", "Người có quyền, nghĩa vụ liên quan", "Người chủ trì", "Người khác dự")


def _loaded(case_id: UUID) -> Loaded:
    found = load([case_id]).get(case_id)
    if found is None or found.kind.talk is None or found.kind.talk.public or found.state.secret or found.state.stub:
        raise Http404
    return found


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """The record of one file's dialogue; written to by who leads it or has the file, read by whoever sees the file."""
    was, errors = kept.reopened(request), Shown()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or uuid4(), dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            with scope(desk.actor):
                loaded = _loaded(case_id)
                words = _do(request, desk, loaded, was.draft)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            messages.success(request, words)
            return redirect("desk:case" if request.POST.get("do") == "minutes" else "desk:talk", case_id)
    with scope(desk.actor):
        context = _context(desk, _loaded(case_id), was)
    context |= {"desk": desk, "tab": "list", "errors": errors, "draft": was.draft}
    return render(request, "desk/talk.html", context, status=422 if errors else 200)


def _context(desk: Desk, loaded: Loaded, was: kept.Kept) -> dict[str, Any]:
    talk, asked = talks.talk_of(loaded), talks.questions(loaded.id)
    edge, known = loaded.kind.edges[talk.minutes], bodies([loaded.id])
    more = [_field(loaded, loaded.kind.fields[f], dict(was.typed), known) for f in edge.asks if f not in (talk.text, talk.answers)]
    return {
        "loaded": loaded, "shown": format_reference(loaded.reference), "kind": loaded.kind, "facts": loaded.state.fields,
        "raised": talks.put(talk, asked), "held": [q for q in asked if q.status == "held"],
        "open": talks.is_open(loaded, desk.actor),
        "sides": [_(s) for s in SIDES], "how": [(k, _(v)) for k, v in talks.HOW.items()], "minutes": edge.name, "fields": more,
        "typed": {k: was.word(k) for k in ("do", "question", "words", "answer", "more", "reason", "side")}, "f": {"key": "f"},
    }  # fmt: skip


def _do(request: HttpRequest, desk: Desk, loaded: Loaded, draft: UUID) -> str:
    """One change of the record; what to say of it. Inside the scope. Raises Refusal."""
    post, actor = request.POST, desk.actor
    question = drafts.parse_id(post.get("question", ""))
    match post.get("do", ""):
        case "take":
            talks.take_down(loaded, actor, draft, post.get("words", ""), "floor", post.get("side", ""))
            return _("Đã ghi. Đây là dự thảo cho đến khi biên bản được ký.")
        case "minutes":
            talk = talks.talk_of(loaded)
            asks = [f for f in loaded.kind.edges[talk.minutes].asks if f not in (talk.text, talk.answers)]
            facts = {f: v for f in asks if (v := _value(request, loaded, loaded.kind.fields[f])) not in (None, "", [])}
            talks.minutes(loaded, actor, facts, post.get("more", ""))
            return _("Đã lập dự thảo biên bản, đang chờ người chủ trì ký.")
        case "answer" if question:
            talks.note_answer(loaded, actor, question, post.get("answer", ""), post.get("how", ""), post.get("by", ""))
            return _("Đã ghi. Đây là dự thảo cho đến khi biên bản được ký.")
        case "hold" if question:
            talks.hold(loaded, actor, question, post.get("reason", ""))
            return _("Đã bỏ khỏi biên bản, có lý do.")
    raise Refusal("action.unknown", _("Không có thao tác này. Hãy tải lại trang."))
