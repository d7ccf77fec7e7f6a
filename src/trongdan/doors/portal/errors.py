"""Pages for what went wrong: a clear sentence, what to do next, and what was typed is still there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from trongdan.core.cases import drafts
from trongdan.kernel.errors import Refusal

from .english import say, say_citation

Shown = list[tuple[str, str, str]]


def shown(refusal: Refusal) -> Shown:
    """A refusal as the error summary takes it."""
    return [(str(refusal.details.get("field", "")), say(refusal.message), say_citation(refusal.citation))]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection ran out (an old page, cookies off): its words are kept and can be opened again."""
    draft = drafts.parse_id(request.POST.get("draft", ""))
    if draft is not None:
        drafts.save(draft, {k: v for k, v in request.POST.items() if k not in ("csrfmiddlewaretoken", "draft", "do")})
    words = _("Trang đã mở quá lâu hoặc trình duyệt chặn cookie. Những gì ông/bà viết vẫn còn; hãy mở lại và gửi.")
    return render(request, "portal/problem.html", {"title": _("Chưa gửi được"), "words": words, "draft": draft}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("Địa chỉ này không có. Hãy về trang đầu hoặc xem lại đường dẫn trên giấy xác nhận.")
    return render(request, "portal/problem.html", {"title": _("Không có trang này"), "words": words}, status=404)


def failure(request: HttpRequest) -> HttpResponse:
    words = _("Hệ thống gặp trục trặc, đã được ghi lại. Những gì ông/bà viết vẫn còn. Hãy thử lại sau ít phút.")
    return render(request, "portal/problem.html", {"title": _("Có trục trặc"), "words": words}, status=500)
