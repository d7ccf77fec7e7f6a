"""Dialogues at the desk: the list with who met the yearly duty, planning one, and the page where one is prepared and led."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.province import province
from trongdan.core.agencies.selectors import names
from trongdan.core.cases import drafts, talks
from trongdan.core.cases.registry import kind as kind_of
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.papers import redaction
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.dialogue import asking, grouping, selectors, services
from trongdan.law import load_law
from trongdan.law.shares import shares

from . import opening
from .views import ABOVE
from .who import Desk, at_desk

PLANNERS = ("reception", "office")
WORDS = {selectors.CONFERENCE: "Hội nghị đối thoại với Nhân dân", selectors.ENTERPRISES: "Gặp gỡ doanh nghiệp"}


def _year(request: HttpRequest) -> int:
    text = request.GET.get("nam", "")
    return int(text) if text.isdecimal() and 2023 <= int(text) <= today().year else today().year


@at_desk
@require_safe
def index(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The meetings that the scope sees; and which communes held their yearly conference: for those above all of them."""
    with scope(desk.actor):
        lines = selectors.of_scope()
    year, post = _year(request), desk.actor.post
    communes = [c.agency for c in province().communes]
    wide = post is not None and post.role in ABOVE and post.agency not in communes
    wanted = communes if wide else [post.agency] if post and post.agency in communes else []
    found = selectors.duty_of_year(year, wanted) if wanted else {}
    called = names([line.agency for line in lines] + wanted)
    duty = sorted(((called.get(a, a), m) for a, m in found.items()), key=lambda row: (row[1].met, row[0]))
    rule = load_law().rule(selectors.DUTY)
    context = {
        "desk": desk, "tab": "dialogues", "year": year, "wide": wide, "duty": duty, "without": sum(not m.met for _a, m in duty),
        "basis": rule.versions[-1].basis, "verified": rule.versions[-1].source.verified, "may_plan": _may_plan(desk),
        "lines": [(line, _(WORDS[line.kind]), kind_of(line.kind).steps[line.step].name, called.get(line.agency, line.agency))
                  for line in lines],
        "years": [y for y in range(today().year, 2022, -1) if y != year][:3],
    }  # fmt: skip
    return render(request, "desk/dialogues.html", context)


def _may_plan(desk: Desk) -> bool:
    return desk.actor.post is not None and desk.actor.post.role in PLANNERS


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, desk: Desk, what: str) -> HttpResponse:
    """Plan a conference with the people or a meeting with enterprises, or record that voters ask for one."""
    kinds = {"hoi-nghi": (selectors.CONFERENCE, "plan"), "yeu-cau": (selectors.CONFERENCE, "record_request"),
             "doanh-nghiep": (selectors.ENTERPRISES, "plan")}  # fmt: skip
    if what not in kinds:
        raise Http404
    kind, edge = kinds[what]
    leave = ("asked_by", "voters") if edge == "plan" else ()
    was, errors = kept.reopened(request), Shown()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            if desk.actor.post is None or not _may_plan(desk):
                raise Refusal("post.not_yours", _("Chỉ văn phòng hoặc bộ phận tiếp công dân mới lập kế hoạch đối thoại."))
            facts = opening.data_from(request, kind, edge) | ({"request": True} if edge == "record_request" else {})
            done = services.plan(facts, kind, desk.actor.post.agency, desk.actor, str(was.draft))
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            messages.success(request, _("Đã ghi nhận."))
            return redirect("desk:dialogue" if edge == "plan" else "desk:case", done.case)
    context = {"desk": desk, "tab": "dialogues", "errors": errors, "draft": was.draft, "f": {"key": "f"}, "what": what,
               "title": kind_of(kind).edges[edge].name, "kind": _(WORDS[kind]), "share": shares()["DT-01-CT"],
               "fields": opening.fields(kind, edge, was, leave)}  # fmt: skip
    return render(request, "desk/dialogue_plan.html", context, status=422 if errors else 200)


def _loaded(case_id: UUID) -> Loaded:
    found = load([case_id]).get(case_id)
    if found is None or found.kind.id not in selectors.KINDS:
        raise Http404
    return found


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """One meeting: its questions read, grouped and put in order; answers noted while listening; the minutes drafted."""
    was, errors = kept.reopened(request), Shown()
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or uuid4(), dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            with scope(desk.actor):
                words = _do(request, desk, _loaded(case_id), was.draft)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            messages.success(request, words)
            here = request.POST.get("question", "")
            return redirect(reverse("desk:dialogue", args=[case_id]) + (f"#q-{here}" if here else ""))
    with scope(desk.actor):
        context = _page(_loaded(case_id), was)
    context |= {"desk": desk, "tab": "dialogues", "errors": errors, "draft": was.draft}
    return render(request, "desk/dialogue.html", context, status=422 if errors else 200)


def _page(loaded: Loaded, was: kept.Kept) -> dict[str, Any]:
    asked = talks.questions(loaded.id)
    counted = talks.voices(asked)
    new = [q for q in asked if q.status == "new"]
    put = selectors.told(asked)
    speaking = {q.id: q for q in put}
    alike = grouping.suggested({q.id: q.words for q in asked if q.status != "held" and q.same_as is None})
    by_id = {q.id: q for q in asked}
    before = _last_before(loaded)
    typed = {k: was.word(k) for k in ("do", "question", "words", "answer", "attended", "more", "public_text")}
    return {
        "loaded": loaded, "shown": format_reference(loaded.reference), "facts": loaded.state.fields,
        "step": loaded.kind.steps[loaded.state.step].name, "kind": loaded.kind.name, "typed": typed,
        "preparing": loaded.state.step in talks.talk_of(loaded).steps, "listening": loaded.state.step == "in_session",
        "new": [{"q": q, "channel": talks.CHANNELS[q.channel], "suggested": redaction.without(q.body, redaction.suggest(q.body))}
                for q in new],
        "put": [{"q": q, "people": counted[q.id][0], "supports": counted[q.id][1],
                 "same": [s for s in asked if s.same_as == q.id]} for q in put],
        "held": [q for q in asked if q.status == "held"],
        "alike": [[by_id[i] for i in g] for g in alike if any(i in speaking for i in g)],
        "how": [(k, _(v)) for k, v in talks.HOW.items()],
        "channels": [(k, _(v)) for k, v in talks.CHANNELS.items() if k != "portal"],
        "answered": sum(bool(q.answer) for q in put),
        "results": talks.record_words(talks.talk_of(loaded), asked) if loaded.state.step == "held" else "",
        "concluded": _points(loaded), "before": before, "kept": _points(before) if before else [],
        "public": loaded.state.step in ("noticed", "in_session", "held", "published"),
    }  # fmt: skip


def _points(loaded: Loaded) -> list[tuple[UUID, str, str, str]]:
    """(case, kind, reference, step) of what was concluded at a meeting, as far as the desk sees it. Inside the scope."""
    found = load([UUID(child) for child in loaded.state.children])
    return [(c.id, c.kind.name, format_reference(c.reference), c.kind.steps[c.state.step].name) for c in found.values()]


def _last_before(loaded: Loaded) -> Loaded | None:
    """The agency's last meeting of the kind before this one: a meeting opens with what became of it (domain 24)."""
    day = str(loaded.state.fields.get("held_on", ""))
    held = [line for line in selectors.of_scope() if line.kind == loaded.kind.id and line.agency == loaded.state.agency
            and line.step in ("held", "published") and line.id != loaded.id
            and str(line.facts.get("held_on", "")) <= day]  # fmt: skip
    last = max(held, key=lambda line: str(line.facts.get("held_on", "")), default=None)
    return load([last.id]).get(last.id) if last else None


def _do(request: HttpRequest, desk: Desk, loaded: Loaded, draft: UUID) -> str:
    """One change of the page; what to say of it. Inside the scope. Raises Refusal."""
    post, actor = request.POST, desk.actor
    question = drafts.parse_id(post.get("question", ""))
    match post.get("do", ""):
        case "take":
            talks.take_down(loaded, actor, draft, post.get("words", ""), post.get("channel", ""))
            return _("Đã ghi câu hỏi.")
        case "group":
            same = [i for i in map(drafts.parse_id, post.getlist("same")) if i]
            services.group(loaded, actor, drafts.parse_id(post.get("speaks", "")) or draft, same)
            return _("Đã gộp; từng người hỏi vẫn được đếm.")
        case "minutes":
            services.minutes(loaded, actor, _number(post.get("attended", "")), post.get("more", ""))
            return _("Đã lập dự thảo biên bản, đang chờ người chủ trì ký.")
        case "phone" if question:
            fresh = asking.support(question, asking.phone_mark(post.get("phone", "")))
            return _("Đã ghi một lượt ủng hộ. Số điện thoại không được lưu.") if fresh else _("Số này đã ủng hộ câu hỏi ấy rồi.")
        case action if question:
            return _one(action, post, loaded, desk, question)
    raise Refusal("action.unknown", _("Không có thao tác này. Hãy tải lại trang."))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _one(action: str, post: Mapping[str, str], loaded: Loaded, desk: Desk, question: UUID) -> str:
    """One change of one question."""
    actor = desk.actor
    match action:
        case "release":
            services.release(loaded, actor, question, post.get("public_text", ""), post.get("topic", ""))
            return _("Đã duyệt: mọi người đọc được câu hỏi này.")
        case "hold":
            talks.hold(loaded, actor, question, post.get("reason", ""))
            return _("Đã giữ lại, có lý do.")
        case "ungroup":
            services.ungroup(loaded, actor, question)
            return _("Đã tách ra.")
        case "place":
            talks.place(loaded, actor, question, _number(post.get("number", "")))
            return _("Đã xếp thứ tự.")
        case "answer":
            talks.note_answer(loaded, actor, question, post.get("answer", ""), post.get("how", ""), post.get("by", ""))
            return _("Đã ghi. Đây là dự thảo cho đến khi biên bản được ký.")
    raise Refusal("action.unknown", _("Không có thao tác này. Hãy tải lại trang."))
