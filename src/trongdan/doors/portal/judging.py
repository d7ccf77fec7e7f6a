"""Đánh giá bằng một chạm: the number and the code of the slip, three buttons, and five factors for who wants to say more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trongdan.kernel.errors import Refusal
from trongdan.kernel.verdict import HIGH, LOW
from trongdan.kinds.procedures import judging

from .english import say
from .errors import Shown, shown

MOST_WORDS = 2000


@require_http_methods(["GET", "HEAD"])
def find(request: HttpRequest) -> HttpResponse:
    """The number and the code, when one comes without the link."""
    reference, code = request.GET.get("ma", "").strip(), request.GET.get("so", "").strip()
    errors = Shown()
    if reference or code:
        try:
            loaded = judging.open_to_judge(reference, code)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            return redirect("portal:judge", loaded.reference, judging.code_of(loaded.id))
    return render(request, "portal/judge_find.html", {"errors": errors, "reference": reference, "code": code},
                  status=422 if errors else 200)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """One tap is enough; the same page says that it was recorded. The code works once."""
    errors, words = Shown(), request.POST.get("reason", "").strip()[:MOST_WORDS]
    try:
        loaded = judging.open_to_judge(reference, code)
    except Refusal as refusal:
        return render(request, "portal/problem.html", {"title": _("Không mở được hồ sơ"), "words": say(refusal.message)},
                      status=404)  # fmt: skip
    if request.method == "POST" and not loaded.state.assessments:
        marks = {f: int(v) for f in loaded.kind.factors if (v := request.POST.get(f, "")).isdecimal() and len(v) == 1}
        try:
            judging.judge(loaded, request.POST.get("tap", ""), marks, words)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            return redirect("portal:judge", reference, code)
    step = loaded.kind.steps[loaded.state.step]
    context: dict[str, Any] = {
        "errors": errors, "done": bool(loaded.state.assessments), "ready": step.assessable, "step": say(step.plain),
        "name": loaded.state.fields.get("procedure_name"), "words": words, "marks": range(LOW, HIGH + 1),
        "factors": [(f, say(label), request.POST.get(f, "")) for f, label in loaded.kind.factors.items()],
        "taps": [("good", _("Hài lòng")), ("fair", _("Bình thường")), ("bad", _("Không hài lòng"))],
    }  # fmt: skip
    return render(request, "portal/judge.html", context, status=422 if errors else 200)
