"""The desk's lists: the morning page, the agency's cases, search, and a clerk's intake of a letter on paper."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import names
from trongdan.core.cases import drafts, selectors
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.core.papers import files
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.authority import ROLE_WORDS
from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters import intake

from .who import Desk, at_desk

ABOVE = ("head", "deputy", "office", "inspector", "reception")  # who watches over the agencies below


def rows(lines: list[selectors.CaseLine]) -> list[dict[str, Any]]:
    """Lines with their words, for the table."""
    task = {**STAGE_NAMES, None: ""}
    agency_names = names([line.agency for line in lines])
    out = []
    for line in lines:
        kind = kinds()[line.kind]
        days = (line.due_on - today()).days if line.due_on else None
        nature = dict(kind.fields["nature"].choices).get(line.nature or "", line.nature) if "nature" in kind.fields else ""
        out.append({"line": line, "kind": kind.name, "step": kind.steps[line.step].name, "task": task.get(line.waits, ""),
                    "days": days, "nature": nature,
                    "agency": agency_names.get(line.agency, line.agency),
                    "holder": ROLE_WORDS.get(line.holder or "none", line.holder)})  # fmt: skip
    return out


@at_desk
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The morning page of a post: what I must do today, what is late and who holds it."""
    stage = request.GET.get("viec")
    stage = stage if stage in ("", *STAGE_NAMES) else None
    with scope(desk.actor):
        lines = selectors.in_hand(desk.actor, stage=stage)
        if stage is None:
            lines += [v for v in selectors.verifying(desk.actor) if v.id not in {line.id for line in lines}]
        tasks = _tasks(selectors.tasks(desk.actor))
        numbers = selectors.counts(desk.actor, today())
        post = desk.actor.post
        late = selectors.of_agency(post.agency, "late") if post else []
        below = selectors.late_below() if post and post.role in ABOVE else []
    context = {"desk": desk, "rows": rows(lines), "n": numbers, "late": rows(late), "tasks": tasks, "stage": stage, "tab": "home",
               "below": _below(below)}  # fmt: skip
    return render(request, "desk/home.html", context)


def _below(found: list[selectors.LateBelow]) -> list[dict[str, Any]]:
    """Who below holds how much too long, in words."""
    agency_names = names([b.agency for b in found])
    return [{"agency": agency_names.get(b.agency, b.agency), "holder": ROLE_WORDS.get(b.holder, b.holder), "cases": b.cases,
             "oldest": b.oldest, "days": (today() - b.oldest).days} for b in found]  # fmt: skip


def _tasks(found: list[tuple[str, str, str | None, int]]) -> list[tuple[str, str, int]]:
    """(filter, words, how many): what waits for a signature, a number and so on, then what is to be handled."""
    sums: dict[str, int] = {}
    for _kind, _step, waits, count in found:
        sums[waits or ""] = sums.get(waits or "", 0) + count
    return [(stage, STAGE_NAMES.get(stage) or _("Xem xét, xử lý"), sums[stage]) for stage in (*STAGE_NAMES, "") if stage in sums]


@at_desk
def agency_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The agency's cases: open, late, closed."""
    only = request.GET.get("loc", "open")
    only = only if only in ("open", "late", "closed") else "open"
    with scope(desk.actor):
        lines = selectors.of_agency(desk.actor.post.agency if desk.actor.post else "", only)
    return render(request, "desk/list.html", {"desk": desk, "rows": rows(lines), "only": only, "tab": "list"})


@at_desk
@require_GET
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Search by reference, number or words, without diacritics."""
    words = request.GET.get("q", "")[:200]
    with scope(desk.actor):
        lines = selectors.search(words) if words.strip() else []
    return render(request, "desk/search.html", {"desk": desk, "rows": rows(lines), "q": words, "tab": "search"})


@at_desk
@require_POST
def switch_post(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Act from another post one holds."""
    wanted = request.POST.get("post", "")
    if wanted in dict(desk.posts):
        request.session["post"] = wanted
    return redirect("desk:home")


INTAKE_FIELDS = ("text", "commune", "name", "address", "phone", "email", "on", "postmark", "arrival_no", "channel")


@at_desk
@require_http_methods(["GET", "POST"])
def intake_form(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A clerk records a letter that came on paper, with its postmark and số đến, on behalf of who sent it."""
    form = {k: request.POST.get(k, "") for k in INTAKE_FIELDS}
    errors: Shown = []
    draft = drafts.parse_id(request.POST.get("draft", "")) or UUID(drafts.new_id())
    if request.method == "POST":
        drafts.save(draft, form)
        try:
            receipt = _take_in(request, desk, form, draft)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(draft)
            messages.success(request, _("Đã ghi nhận đơn. Hãy in giấy xác nhận cho người gửi."))
            return redirect("desk:case", receipt.case)
    context = {"desk": desk, "form": form, "errors": errors, "draft": draft, "today": today().isoformat(), "tab": "intake",
               "signed": bool(request.POST.get("signed"))}  # fmt: skip
    return render(request, "desk/intake.html", context, status=422 if errors else 200)


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


def _take_in(request: HttpRequest, desk: Desk, form: dict[str, str], draft: UUID) -> intake.Receipt:
    if desk.actor.post is None or desk.actor.post.role != "reception":
        raise Refusal("post.not_yours", _("Chỉ bộ phận tiếp công dân, xử lý đơn mới ghi nhận đơn."))
    checked = [files.check(f.name or "", f.read(files.MAX_BYTES + 1)) for f in request.FILES.getlist("files")[: files.MAX_FILES]]
    on, postmark = _day(form["on"], "on"), _day(form["postmark"], "postmark")
    facts: dict[str, Any] = {"signed": bool(request.POST.get("signed"))}
    if postmark:
        facts["postmark"] = postmark.isoformat()
    if form["arrival_no"].strip():
        facts["arrival_no"] = form["arrival_no"].strip()[:60]
    place = find_place(form["commune"]) if form["commune"].strip() else []
    if place:
        facts["commune"] = place[0].commune.agency
    sender = {k: form[k].strip() for k in ("name", "phone", "email", "address") if form[k].strip()}
    channel = form["channel"] if form["channel"] in ("counter", "post", "phone") else "counter"
    reason = _("Ghi theo ngày nhận đơn giấy") if on and on != today() else None
    letter = intake.Letter(form["text"], desk.actor.post.agency, channel, sender, on, reason, facts, tuple(checked))
    return intake.receive(letter, str(draft), f"desk:{desk.person.id}", desk.actor)
