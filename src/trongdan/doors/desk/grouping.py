"""What is done about letters on one matter: joined, put into a group or taken out; a group's own page, how it grows; one answer
for many letters, with a reason for each."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trongdan.board import crowds
from trongdan.core.agencies.selectors import names
from trongdan.core.cases import alike, selectors
from trongdan.core.cases.once import known_keys
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference

from . import joint
from .casework import refused_page
from .same_matter import LETTER, lines, outside
from .who import Desk, at_desk


@at_desk
@require_POST
def act(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """One thing done about a letter's group: joined to its first, taken out, put in with another letter."""
    try:
        with scope(desk.actor):
            found = load([case_id])
            if case_id not in found:
                raise Http404
            _do(request, desk.actor, found[case_id])
    except Refusal as refusal:
        return refused_page(request, desk, case_id, shown(refusal))
    messages.success(request, _("Đã ghi nhận."))
    return redirect("desk:case", case_id)


def _do(request: HttpRequest, actor: Actor, loaded: Loaded) -> None:
    key, case = request.POST.get("key") or None, str(loaded.id)
    what, reason = request.POST.get("do", ""), request.POST.get("reason") or None

    def one(action: str, step: str, of: str = case, **data: str) -> None:
        if key and known_keys(joint.CLIENT, [f"{key}-{step}"]):
            return  # the form was sent twice
        perform(Command(LETTER, of, action, data, reason=reason if of == case else None), actor, f"{key}-{step}" if key else None,
                client=joint.CLIENT)  # fmt: skip

    if what == "join":
        first = _other(request.POST.get("first", ""), loaded)
        one("case.link", "link", first=str(first))
        one("join_first", "join")
    elif what == "out":
        one("case.ungroup", "out", group=str(alike.group_of(loaded.id) or ""))
    elif what == "in":
        other = _other(request.POST.get("reference", ""), loaded)
        group = alike.group_of(other)
        if group is None:
            group = alike.group_of(loaded.id) or uuid4()
            one("case.group", "other", str(other), group=str(group))
        if alike.group_of(loaded.id) != group:
            one("case.group", "in", group=str(group))


def _other(words: str, loaded: Loaded) -> UUID:
    """The other letter that was meant, by id or reference, inside the scope. Raises Refusal."""
    line = next((x for x in selectors.search(words, 5) if x.kind == LETTER), None) if words.strip() else None
    try:
        other = line.id if line else UUID(words)
    except ValueError:
        other = None
    there = load([other]) if other else {}
    if other is None or other == loaded.id or other not in there or there[other].kind.id != LETTER or there[other].state.vault:
        raise Refusal("group.unknown", _("Không thấy đơn này trong phạm vi của ông/bà. Hãy nhập đúng mã đơn."), None,
                      {"field": "reference"})  # fmt: skip
    return other


# --- the groups -----------------------------------------------------------------------------------------------------------


@at_desk
@require_safe
def groups(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The matters that many write about, those that grow first: an early warning for who answers for them."""
    with scope(desk.actor):
        found = crowds.crowds(today())
        matters = alike.matters([c.group for c in found])
    agencies = names(list({code for c in found for code in (*c.agencies, *c.communes)}))
    rows = [{"crowd": c, "matter": matters.get(c.group, ""), "agencies": [agencies.get(a, a) for a in c.agencies],
             "communes": [agencies.get(a, a) for a in c.communes], "curve": curve(c)} for c in found]  # fmt: skip
    return render(request, "desk/groups.html", {"desk": desk, "tab": "groups", "rows": rows, "warning": crowds.warning()})


@at_desk
@require_safe
def group(request: HttpRequest, desk: Desk, group_id: UUID) -> HttpResponse:
    return _group_page(request, desk, group_id, [], {})


def _group_page(request: HttpRequest, desk: Desk, group_id: UUID, errors: Shown, typed: dict[str, Any]) -> HttpResponse:
    with scope(desk.actor):
        members = alike.members(group_id)
        if not members:
            raise Http404
        others = alike.elsewhere(group_id)
        crowd = crowds.of_group(group_id, today())
        offers = joint.offers(desk.actor, [m.case for m in members], typed)
        many = joint.many_people([m.case for m in members]) if crowd and crowd.many else []
    agencies = names([*(m.agency for m in members), *(e.agency for e in others)])
    context = {"desk": desk, "tab": "groups", "group": group_id, "members": lines(members, agencies), "crowd": crowd,
               "elsewhere": outside(others, agencies), "errors": errors,
               "offers": offers, "key": typed.get("key") or uuid4(), "many": many, "warning": crowds.warning(),
               "curve": curve(crowd) if crowd else None}  # fmt: skip
    return render(request, "desk/group.html", context, status=422 if errors else 200)


WIDTH, HEIGHT = 480, 120  # of a curve, in its own units


def curve(crowd: crowds.Crowd) -> dict[str, Any]:
    """The people of a group added up week by week, as the points of a line and as a table for who can't see it."""
    weeks = crowd.weeks
    last = max(1, len(weeks) - 1)
    top = max(1, crowd.people)
    points = [(round(WIDTH * i / last), round(HEIGHT - HEIGHT * total / top)) for i, (_w, _n, total) in enumerate(weeks)]
    line = [(0, HEIGHT), (WIDTH, points[0][1])] if len(points) == 1 else points
    return {"points": " ".join(f"{x},{y}" for x, y in line), "weeks": weeks, "width": WIDTH, "height": HEIGHT, "top": crowd.people}


@at_desk
@require_POST
def answer_all(request: HttpRequest, desk: Desk, group_id: UUID) -> HttpResponse:
    """One answer to the chosen letters of a group, once for each: what was done is not done again when the form is sent twice."""
    key = request.POST.get("key", "")
    keys = [f"{key}-{case}" for case in request.POST.getlist("case")]
    if key and keys and known_keys(joint.CLIENT, keys) == set(keys):  # sent twice: it is done
        messages.success(request, _("Đã ghi nhận."))
        return redirect("desk:group", group_id)
    try:
        with scope(desk.actor):
            inside = {m.case for m in alike.members(group_id)}
            todo = joint.commands(request, desk.actor, inside)
    except Refusal as refusal:
        typed = {**dict(request.POST.lists()), "key": key}
        return _group_page(request, desk, group_id, shown(refusal), typed)
    done, refused = joint.do_all(todo, desk.actor, key)
    if done:
        messages.success(request, _("Đã ghi nhận %(n)s hồ sơ.") % {"n": done})
    if refused:
        errors: Shown = [("", f"{format_reference(reference)}: {words}", "") for reference, words in refused]
        return _group_page(request, desk, group_id, errors, {})
    return redirect("desk:group", group_id)
