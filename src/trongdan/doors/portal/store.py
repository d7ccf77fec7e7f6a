"""A person's own papers, and those of the business that they act for: what there is, where it comes from, how long it holds, who
looked, what it was used for. Added to and taken from by its owner alone."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import today
from trongdan.core.papers import files
from trongdan.core.store.items import About, bytes_of, own_items, put, remove
from trongdan.core.store.looks import looks, uses
from trongdan.core.store.owner import Owner
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.procedures import selectors
from trongdan.kinds.procedures.known import known, paper_of

from .errors import Shown, shown
from .person import Person, may_own, person_of

PAGE = {"person": "portal:store", "business": "portal:business_store"}
TYPED = ("name", "number", "issuer", "on", "until")


def _whose(request: HttpRequest, of: str) -> Owner | HttpResponse:
    """The store of who is signed in, or (`of` "business") of whom they act for; else the way to sign in, or back to where it
    says what is lacking."""
    person: Person | None = person_of(request)
    if person is None:
        return redirect(f"{reverse('portal:sign_in')}?{urlencode({'ve': reverse(PAGE[of])})}")
    if not may_own(person) or (of == "business" and not person.business):
        return redirect("portal:mine")
    return Owner("business", person.business) if of == "business" else Owner("person", person.number)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def papers(request: HttpRequest, of: str = "person") -> HttpResponse:
    """All papers; a form to put in one's own."""
    owner, errors = _whose(request, of), Shown()
    if isinstance(owner, HttpResponse):
        return owner
    typed = {k: request.POST.get(k, "").strip()[:200] for k in TYPED}
    if request.method == "POST":
        try:
            _put_in(request, owner, typed)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            messages.success(request, _("Đã đưa vào kho. Lần đầu dùng, cán bộ xem bản chính một lần."))
            return redirect(PAGE[of])
    context = _context(owner, errors, typed) | {"business": _acts_for(request, of)}
    return render(request, "portal/store.html", context, status=422 if errors else 200)


def _acts_for(request: HttpRequest, of: str) -> str:
    """The name of the business whose store is shown; "" for a person's own."""
    person = person_of(request)
    return person.business_name if person and of == "business" else ""


def _context(owner: Owner, errors: Shown, typed: dict[str, str]) -> dict[str, Any]:
    items, seen, used = own_items(owner), looks(owner), uses(owner)
    of_use = [a for some in used.values() for _at, a, _r in some]
    labels = names([*(i.agency for i in items), *(a for _at, a, _p in seen), *of_use])
    return {
        "errors": errors, "typed": typed, "known": [p.name for p in known().papers],
        "items": [(i, labels.get(i.agency, ""), i.holds(today()),
                   [(at, labels.get(a, a), format_reference(ref)) for at, a, ref in used.get(i.id, ())]) for i in items],
        "looks": [(at, labels.get(agency, agency), _procedure(code)) for at, agency, code in seen],
    }  # fmt: skip


def _procedure(code: str) -> str:
    found = selectors.procedure(code, today())
    return str(found.body["name"]) if found else code


def _put_in(request: HttpRequest, owner: Owner, typed: dict[str, str]) -> None:
    upload = request.FILES.get("file")
    if not typed["name"]:
        raise Refusal("store.name", _("Hãy ghi tên giấy tờ, như in ở đầu tờ giấy."), None, {"field": "name"})
    if upload is None:
        raise Refusal("store.file", _("Hãy chọn ảnh hoặc tệp PDF của giấy tờ."), None, {"field": "file"})
    checked = files.check(upload.name or "", upload.read(files.MAX_BYTES + 1))
    found = paper_of(typed["name"])
    about = About(typed["name"], found.id if found else "", typed["number"], typed["issuer"], _day(typed, "on"),
                  _day(typed, "until"))  # fmt: skip
    put(owner, checked, about, "own", timezone.now())


def _day(typed: dict[str, str], field: str) -> date | None:
    try:
        return date.fromisoformat(typed[field]) if typed[field] else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def one(request: HttpRequest, item: UUID, of: str = "person") -> HttpResponse:
    """The paper itself; sent with POST, it is taken out of the store."""
    owner = _whose(request, of)
    if isinstance(owner, HttpResponse):
        return owner
    found = next((i for i in own_items(owner) if i.id == item), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        remove(owner, item, timezone.now())
        messages.success(request, _("Đã bỏ giấy tờ khỏi kho. Hồ sơ đã dùng nó vẫn giữ bản của mình."))
        return redirect(PAGE[of])
    try:
        data = bytes_of(owner, item)
    except Refusal as refusal:
        return render(request, "portal/problem.html", {"title": _("Không mở được giấy tờ"), "words": refusal.message}, status=500)
    ending = found.file_name.rpartition(".")[2][:5]
    return HttpResponse(data, content_type=found.media, headers={"Content-Disposition": f'attachment; filename="giay-to.{ending}"'})
