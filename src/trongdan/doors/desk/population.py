"""The population register at the desk: hold what a person said against it; what waited while it was away, and what differs."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.core.cases.scope import scope
from trongdan.core.links.contract import Attribute
from trongdan.core.links.register import Answer, checks, confirm, purposes, register_link
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

from .who import Desk, at_desk

WORDS = {"name": "họ và tên", "born": "ngày sinh", "sex": "giới tính", "residence": "nơi cư trú"}
TYPED = ("number", "about", "purpose", *WORDS)


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The question, its answer once (it is not kept), and the agency's report of what waited."""
    typed = {k: clean(request.POST.get(k, ""))[:200].strip() for k in TYPED}
    errors: Shown = []
    answer: Answer | None = None
    if request.method == "POST":
        said = cast("dict[Attribute, str]", {k: typed[k] for k in WORDS if typed[k]})
        try:
            if not typed["about"]:
                raise Refusal("register.about", _("Hãy ghi mã hồ sơ cần đối chiếu."), None, {"field": "about"})
            answer = confirm(register_link(), typed["number"], said, typed["purpose"], typed["about"], desk.actor, timezone.now())
        except Refusal as refusal:
            errors = shown(refusal)
    with scope(desk.actor):
        report = checks(desk.actor.post.agency if desk.actor.post else "")
    context: dict[str, Any] = {
        "desk": desk, "tab": "population", "errors": errors, "answer": answer, "typed": typed,
        "fields": [(k, words, typed[k]) for k, words in WORDS.items()], "purposes": purposes().values(),
        "differs": [WORDS[d] for d in answer.differs if d in WORDS] if answer else [],
        "report": [(c, [WORDS.get(d, d) for d in c.differs]) for c in report], "connected": register_link() is not None,
    }  # fmt: skip
    return render(request, "desk/population.html", context, status=422 if errors else 200)
