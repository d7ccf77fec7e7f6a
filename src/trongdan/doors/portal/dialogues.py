"""Dialogues for everybody: when and where, what is asked, a question of one's own, and later the answers. No name is asked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import names, resolve
from trongdan.core.cases import drafts
from trongdan.core.cases.raised import checked
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import bodies, load, today
from trongdan.kernel.errors import Refusal
from trongdan.kinds.dialogue import asking, selectors
from trongdan.kinds.letters.reading import read

from .english import say
from .errors import Shown, shown
from .kept import Kept, keep, reopened
from .robots import check_stamp, new_stamp

COOKIE, SALT = "td_thiet_bi", "trongdan.device"
YEAR = 365 * 24 * 3600


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Announced meetings: those still to come, and those that were, of the province or of one commune (?xa=)."""
    words, agency, unknown = request.GET.get("xa", "").strip()[:80], None, False
    if words:
        found = find_place(words)
        agency, unknown = (resolve(found[0].commune.agency, today()), False) if found else (None, True)
    meetings = [] if unknown else selectors.announced(agency)
    called = names([m.agency for m in meetings])
    lines = [(m, called.get(m.agency, m.agency)) for m in meetings]
    context = {"coming": [x for x in reversed(lines) if x[0].step in ("noticed", "in_session")],
               "past": [x for x in lines if x[0].step in ("held", "published")], "commune": words, "unknown": unknown}  # fmt: skip
    return render(request, "portal/dialogues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """One meeting. What is typed is kept as a draft before it is checked, as everywhere."""
    try:
        found = selectors.meeting(reference)
    except Refusal:
        found = None
    if found is None:
        raise Http404
    was, errors, advise = reopened(request), Shown(), False
    if request.method == "POST" and request.POST.get("do") == "support":
        return _supported(request, found)
    if request.method == "POST":
        was = Kept(drafts.parse_id(request.POST.get("draft", "")) or uuid4(), dict(request.POST.lists()))
        keep(request, was.draft)
        try:
            words = checked(was.word("words"))
            advise = not request.POST.get("sure") and read(words, today()).nature == "to_cao"
            if not advise:
                check_stamp(request)
                asking.ask(found.case, was.draft, words, today())
                drafts.drop(was.draft)
                messages.success(request, _("Đã nhận câu hỏi. Cán bộ đọc để bỏ họ tên, số điện thoại rồi mới đưa ra cho mọi "
                                            "người đọc."))  # fmt: skip
                return redirect("portal:dialogue", found.reference)
        except Refusal as refusal:
            errors = shown(refusal)
    context = _context(found) | {"errors": errors, "draft": was.draft, "words": was.word("words"), "advise": advise,
                                 "stamp": new_stamp()}  # fmt: skip
    return render(request, "portal/dialogue.html", context, status=422 if errors or advise else 200)


def _context(found: selectors.Meeting) -> dict[str, Any]:
    """What everybody sees: the facts of the notice, the agenda, the questions let go, the results once they are out."""
    with scope(Scope(case=found.case)):
        loaded = load([found.case])[found.case]
        texts = bodies([found.case])

    def text(field: str) -> str:
        value = loaded.state.fields.get(field)
        return texts.get(value["content"], "") if isinstance(value, dict) else ""

    until = found.facts.get("questions_until") or found.facts.get("held_on", "")
    return {
        "meeting": found, "agency": names([found.agency]).get(found.agency, found.agency), "facts": found.facts,
        "agenda": text("agenda"), "results": text("results") if found.published else "",
        "questions": selectors.public_questions(found.case), "asks": found.asks and today().isoformat() <= until, "until": until,
    }  # fmt: skip


def _supported(request: HttpRequest, found: selectors.Meeting) -> HttpResponse:
    """One support a device: the device is a random number in a cookie of its own, set only now."""
    try:
        device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        device = uuid4().hex
    answer = redirect(reverse("portal:dialogue", args=[found.reference]) + "#cau-hoi")
    try:
        question = drafts.parse_id(request.POST.get("question", ""))
        if question is None or question not in {q.id for q in selectors.public_questions(found.case)}:
            raise Refusal("support.closed", _("Câu hỏi này không còn nhận ủng hộ."))
        check_stamp(request)
        fresh = asking.support(question, f"device:{device}")
    except Refusal as refusal:
        messages.info(request, say(refusal.message))
        return answer
    messages.success(request, _("Đã ghi một lượt ủng hộ.") if fresh else _("Máy này đã ủng hộ câu hỏi ấy rồi."))
    answer.set_cookie(COOKIE, signing.dumps(str(device), salt=SALT), max_age=YEAR, httponly=True, samesite="Lax",
                      secure=request.is_secure(), path=reverse("portal:dialogues"))  # fmt: skip
    return answer

