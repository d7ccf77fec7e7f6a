"""The Fatherland Front's desk: its own sample of closed cases with a call list, and its register of forwarded letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.selectors import answering, names
from trongdan.core.cases import drafts, selectors
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.satisfaction import selectors as read
from trongdan.kinds.satisfaction import services

from .views import rows
from .who import Desk, at_desk

FORWARDED = "letters.forwarded"
SIZE = 200  # what the form proposes: a proportion within seven points, nineteen times in twenty
View = Callable[..., HttpResponse]
QUESTIONS = (("answered", "Cơ quan đã trả lời ông/bà chưa?"), ("acted", "Cơ quan đã làm việc cần làm chưa?"),
             ("solved", "Việc của ông/bà đã xong chưa?"))  # fmt: skip
SAID = (("yes", "Rồi"), ("partly", "Một phần"), ("no", "Chưa"), ("unknown", "Không trả lời"))
FIELDS = ("agency", "letter_no", "letter_on", "nature", "about", "name", "address")


def at_front(view: View) -> View:
    """A post of the Front; for others there is nothing at this address."""

    @wraps(view)
    def inner(request: HttpRequest, desk: Desk, *args: Any, **kwargs: Any) -> HttpResponse:
        if not desk.at_front:
            raise Http404
        return view(request, desk, *args, **kwargs)

    return at_desk(inner)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


def _front(desk: Desk) -> str:
    return desk.actor.post.agency if desk.actor.post else ""


@at_front
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The samples drawn so far, and the form that draws the next."""
    errors: Shown = []
    form = {k: request.POST.get(k, "") for k in ("since", "until", "size")}
    if request.method == "POST":
        try:
            since, until = _day(form["since"], "since"), _day(form["until"], "until")
            size = int(form["size"]) if form["size"].isdecimal() and len(form["size"]) < 7 else 0
            with scope(desk.actor):
                made = services.draw_sample(_front(desk), since, until, size, desk.person.id)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã rút mẫu."))
            return redirect("desk:sample", made)
    with scope(desk.actor):
        found = read.samples()
    context = {"desk": desk, "tab": "front", "samples": found, "errors": errors, "form": form, "size": SIZE}
    return render(request, "desk/front.html", context, status=422 if errors else 200)


@at_front
@require_safe
def sample(request: HttpRequest, desk: Desk, sample_id: UUID) -> HttpResponse:
    """A call list: without names, which each line shows when it is opened."""
    with scope(desk.actor):
        one = read.sample(sample_id)
        if one is None:
            raise Http404
        places, results = read.call_list(sample_id), read.results(sample_id)
        again = read.drawn_again(sample_id)
    agencies = names([p.agency for p in places])
    lines = [(p, kinds()[p.kind].name, agencies.get(p.agency, p.agency), _outcome(p.kind, p.outcome),
              services.REACHED.get(p.reached, "")) for p in places]  # fmt: skip
    asked = [(question, [(word, results[q][said]) for said, word in SAID]) for q, question in QUESTIONS]
    context = {"desk": desk, "tab": "front", "sample": one, "lines": lines, "asked": asked, "again": again}
    return render(request, "desk/front_sample.html", context)


def _outcome(kind: str, outcome: str) -> str:
    return next((words for step in kinds()[kind].steps.values() for id_, words in step.outcomes if id_ == outcome), outcome)


@at_front
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, desk: Desk, sample_id: UUID, case_id: UUID) -> HttpResponse:
    """One person of the list: whom to call and about what, and what they said."""
    errors: Shown = []
    key = drafts.parse_id(request.POST.get("key", "")) or uuid4()
    typed = {k: request.POST.get(k, "") for k in ("reached", "answered", "acted", "solved", "words")}
    if request.method == "POST":
        try:
            with scope(desk.actor):
                if case_id not in {p.case for p in read.call_list(sample_id)}:
                    raise Http404
                services.record_call(sample_id, case_id, key, typed, desk.person.id)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("desk:sample", sample_id)
    with scope(desk.actor):
        who = read.contact(sample_id, case_id, desk.person.id)
        place = next((p for p in read.call_list(sample_id) if p.case == case_id), None)
    if place is None:
        raise Http404
    context = {"desk": desk, "tab": "front", "who": who, "place": place, "errors": errors, "typed": typed, "key": key,
               "kind": kinds()[place.kind].name, "agency": names([place.agency]).get(place.agency, place.agency),
               "sample_id": sample_id, "questions": QUESTIONS, "said": SAID, "reached": list(services.REACHED.items())}  # fmt: skip
    return render(request, "desk/front_call.html", context, status=422 if errors else 200)


@at_front
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The letters this Front forwarded, each with the reply owed; and the form that records another."""
    errors: Shown = []
    was = kept.reopened(request)
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            case = _forward(desk, {k: was.word(k).strip() for k in FIELDS}, str(was.draft))
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            drafts.drop(was.draft)
            messages.success(request, _("Đã ghi. Cơ quan nhận thấy đơn này trong danh sách của mình."))
            return redirect("desk:case", case)
    with scope(desk.actor):
        found = selectors.of_kind(FORWARDED)
    natures = kinds()[FORWARDED].fields["nature"].choices
    context = {"desk": desk, "tab": "forwarded", "rows": rows(found), "errors": errors, "draft": was.draft,
               "form": {k: was.word(k) for k in FIELDS}, "agencies": answering(), "natures": natures,
               "today": today().isoformat()}  # fmt: skip
    return render(request, "desk/forwarded.html", context, status=422 if errors else 200)


def _forward(desk: Desk, form: dict[str, str], key: str) -> UUID:
    if form["agency"] not in {a.code for a in answering()}:
        raise Refusal("agency.missing", _("Hãy chọn cơ quan giải quyết."), None, {"field": "agency"})
    data = {"forwarded_by": _front(desk), **{k: form[k] for k in ("letter_no", "letter_on", "nature", "about") if form[k]}}
    sender = {k: form[k][:400] for k in ("name", "address") if form[k]}
    command = Command(FORWARDED, None, "open", data, agency=form["agency"])
    return perform(command, desk.actor, key, client=f"desk:{desk.person.id}", identity=sender).case
