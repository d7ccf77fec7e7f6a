"""Pages for what went wrong: a clear sentence, what to do next, and what was typed is still there."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from trongdan.kernel.errors import Refusal

from . import kept
from .english import say, say_citation

Shown = list[tuple[str, str, str]]


def shown(refusal: Refusal) -> Shown:
    """A refusal as the error summary takes it."""
    return [(str(refusal.details.get("field", "")), say(refusal.message), say_citation(refusal.citation))]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection ran out (an old page, cookies off): its words are kept and can be opened again."""
    draft = kept.draft_of(request)
    if draft is not None:
        kept.keep(request, draft)
        with suppress(Refusal):  # a file that may not be sent is not kept either
            kept.keep_files(request, draft)
        words = _("Trang đã mở quá lâu hoặc trình duyệt chặn cookie. Những gì ông/bà viết vẫn còn; hãy mở lại và gửi.")
    else:
        words = _("Trang đã mở quá lâu hoặc trình duyệt chặn cookie. Hãy mở lại trang rồi làm lại.")
    context = {"title": _("Chưa gửi được"), "words": words, "draft": draft, "page": kept.page_of(request)}
    return render(request, "portal/problem.html", context, status=403)


def too_much(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A form larger than the server takes in: it was never read, so the words are still in the browser alone."""
    words = _("Những gì gửi lên quá lớn hoặc quá nhiều tệp nên chưa nhận được. Hãy bấm nút quay lại của trình duyệt, "
              "chữ đã viết vẫn còn ở đó; gửi ít tệp hơn, mỗi tệp tối đa 10 MB.")  # fmt: skip
    return render(request, "portal/problem.html", {"title": _("Chưa gửi được"), "words": words}, status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("Địa chỉ này không có. Hãy về trang đầu hoặc xem lại đường dẫn trên giấy xác nhận.")
    return render(request, "portal/problem.html", {"title": _("Không có trang này"), "words": words}, status=404)


def failure(request: HttpRequest) -> HttpResponse:
    words = _("Hệ thống gặp trục trặc, đã được ghi lại. Những gì ông/bà viết vẫn còn. Hãy thử lại sau ít phút.")
    draft = None
    with suppress(Exception):  # a request that can't be read any more: the page is shown without the way back
        draft = kept.draft_of(request)
    context = {"title": _("Có trục trặc"), "words": words, "draft": draft, "page": kept.page_of(request)}
    return render(request, "portal/problem.html", context, status=500)
