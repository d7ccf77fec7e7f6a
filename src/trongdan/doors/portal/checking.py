"""Is this paper real? By the code on it: who issued it, when, whether it still holds, and whether a file is the very one. Nothing
about whose it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import today
from trongdan.core.papers import files
from trongdan.core.store import issued
from trongdan.kernel.errors import Refusal

from .errors import Shown, shown


@require_safe
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """By the code as typed from the paper."""
    typed, errors = request.GET.get("ma", "").strip(), Shown()
    if typed:
        code = issued.read_code(typed)
        if code is not None:
            return redirect("portal:check", code)
        words = _("Mã kiểm tra gồm 16 chữ và số, in bên cạnh mã QR ở cuối trang đầu. Hãy xem lại.")
        errors = shown(Refusal("check.code", words, None, {"field": "ma"}))
    return render(request, "portal/check_find.html", {"errors": errors, "typed": typed}, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the code stands for; with a file sent along, whether it is the issued one. The file is not kept."""
    found, errors = issued.by_code(issued.read_code(code) or ""), Shown()
    if found is None:
        words = _("Không có giấy tờ nào mang mã này. Hãy xem lại mã; nếu mã in đúng như vậy thì giấy tờ không do hệ thống này cấp.")
        refusal = Refusal("check.unknown", words, None, {"field": "ma"})
        return render(request, "portal/check_find.html", {"errors": shown(refusal), "typed": code}, status=404)
    same: bool | None = None
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            errors = shown(Refusal("check.file", _("Hãy chọn tệp muốn so."), None, {"field": "file"}))
        else:
            same = issued.same_file(found, upload.read(files.MAX_BYTES + 1))
    context = {"errors": errors, "found": found, "code": issued.grouped(found.code), "same": same,
               "agency": names([found.agency]).get(found.agency, found.agency), "holds": found.holds(today()),
               "over": found.valid_until is not None and found.valid_until < today()}  # fmt: skip
    return render(request, "portal/check.html", context, status=422 if errors else 200)
