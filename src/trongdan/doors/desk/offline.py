"""Work without the network: the page that a browser keeps, its service worker, references lent to it, and what it brings."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.core.leases import items, leases
from trongdan.core.leases.devices import COOKIE, Device, of_cookie, seen
from trongdan.core.leases.packed import LETTER
from trongdan.core.papers import files
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kinds.letters import offline as letters
from trongdan.kinds.reception import offline as reception
from trongdan.platform import boxes

from .paper_intake import REMEMBERED, home_commune
from .who import Desk, View, at_desk

MOST_ITEMS = 10  # a request: below Django's own limit of files, and small enough to try again
MOST_BYTES = 24 * 1024 * 1024  # of one item: what a slow line brings over before it fails again
ASSETS = ("ui/desk.css", "ui/app.js", "ui/queue.js", "ui/offline.js", "ui/fonts/be-vietnam-pro-vietnamese-400-normal.woff2",
          "ui/fonts/be-vietnam-pro-vietnamese-600-normal.woff2", "ui/fonts/be-vietnam-pro-latin-400-normal.woff2",
          "ui/fonts/be-vietnam-pro-latin-600-normal.woff2")  # fmt: skip
TAKERS: items.Takers = {LETTER: letters.take, reception.KIND: reception.take}
PAGE_CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")  # fmt: skip
WORKER_CSP = "default-src 'none'; script-src 'self'; connect-src 'self'"


def _asset(name: str) -> bytes:
    """The bytes of a built file, collected or not."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    with open(found, "rb") as file:
        return file.read()


def _shell() -> str:
    """The page, the same for everybody: no request, so no name, no message and no token can get into it."""
    context = {"demo": settings.DEMO, "province": "tỉnh Phú Thọ", "max_files": files.MAX_FILES, "max_bytes": files.MAX_BYTES,
               "most_bytes": MOST_BYTES}  # fmt: skip
    return render_to_string("desk/offline.html", context)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Nhận đơn, tiếp công dân khi mất mạng. Open without sign-in: there is nothing in it, and a browser keeps it."""
    return HttpResponse(_shell(), headers={"Content-Security-Policy": PAGE_CSP})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: new bytes, so a new version, whenever the page or one of its files is another."""
    total = sha256(_shell().encode())
    for name in ASSETS:
        total.update(_asset(name))
    context = {"version": total.hexdigest()[:16], "page": reverse("desk:offline"), "queue": static("ui/queue.js"),
               "scope": reverse("desk:home"), "assets": json.dumps([static(name) for name in ASSETS])}  # fmt: skip
    code = render_to_string("desk/offline_worker.js", context)
    return HttpResponse(code, content_type="text/javascript; charset=utf-8", headers={"Content-Security-Policy": WORKER_CSP})


# --- what the page and its worker ask, in JSON ---------------------------------------------------------------------------


def _json(view: View) -> View:
    """A refusal as JSON, with its sentence."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return JsonResponse({"code": refusal.code, "words": str(refusal)}, status=409)

    return inner


def device_of(request: HttpRequest, desk: Desk) -> Device | None:
    """The device of this browser, as its cookie says, if it is one of this agency's."""
    with scope(desk.actor):
        return of_cookie(request.COOKIES.get(COOKIE, ""))


def _with_device(view: Callable[[HttpRequest, Desk, Device], HttpResponse]) -> View:
    @at_desk
    @_json
    @wraps(view)
    def inner(request: HttpRequest, desk: Desk) -> HttpResponse:
        device = device_of(request, desk)
        if device is None:
            raise Refusal("device.unknown", _("Máy này chưa được ghi tên cho việc nhận đơn, tiếp công dân khi mất mạng."))
        return view(request, desk, device)

    return inner


@at_desk
@require_safe
def state(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who is at the desk, which device this is, the key to seal to. The worker has no other way to a CSRF token."""
    device = device_of(request, desk)
    told = {"csrf": get_token(request), "person": str(desk.person.id), "name": desk.person.name, "post": desk.post_id,
            "title": desk.post_title, "agency": desk.agency, "takes_letters": desk.takes_letters,
            "commune": home_commune(desk), "days": _days(desk),
            "key": base64.b64encode(boxes.public_key()).decode(), "key_name": boxes.key_name(),
            "device": device and {"id": str(device.id), "name": device.name, "lost": device.lost_at is not None}}  # fmt: skip
    return JsonResponse(told)


def _days(desk: Desk) -> list[dict[str, str]]:
    """The reception days that a device keeps to choose from: day, hour and post, nobody who comes."""
    if not desk.takes_letters or desk.actor.post is None:
        return []
    with scope(desk.actor):
        found = reception.days_ahead(desk.actor.post.agency, today())
    return [{"id": str(d.id), "on": d.on.isoformat(), "words": f"{d.on:%d/%m/%Y} {d.starts}, {d.who}"} for d in found]


@require_POST
@_with_device
def lend(request: HttpRequest, desk: Desk, device: Device) -> HttpResponse:
    """More references for this officer on this device: form field `wanted`."""
    wanted = request.POST.get("wanted", "")
    with scope(desk.actor):
        made = leases.lend(device, desk.actor, int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 0, datetime.now(VIETNAM))
        seen(device.id)
    return JsonResponse({"leases": made})


@require_POST
@_with_device
def take(request: HttpRequest, desk: Desk, device: Device) -> HttpResponse:
    """A batch from a device: `items` (JSON: [{id, reference, lease}]), a file `box-ID` for each, `hand_over` for another
    officer's. An answer for each item; one that fails holds up no other, and what a broken line did not answer is sent again."""
    done = []
    with scope(desk.actor):
        seen(device.id)
    for item in _items(request):
        outcome = items.take_in(item, device, desk.actor, TAKERS, hand_over=request.POST.get("hand_over") == "1")
        if outcome.case is not None:
            remember(request, outcome.case)
        done.append({"id": str(item.id), "state": outcome.state, "code": outcome.code, "words": outcome.words,
                     "reference": format_reference(outcome.reference),
                     "receipt": reverse("desk:receipt", args=[outcome.case]) if outcome.case else "",
                     "page": _page_for(outcome, item.id)})  # fmt: skip
    return JsonResponse({"items": done})


def _page_for(outcome: items.Outcome, item: UUID) -> str:
    if outcome.case is not None:
        return reverse("desk:case", args=[outcome.case])
    return reverse("desk:offline_held", args=[item]) if outcome.state == "held" else ""


def _items(request: HttpRequest) -> list[items.Item]:
    try:
        told = json.loads(request.POST.get("items", ""))
        if len(told) > MOST_ITEMS:
            raise ValueError("too many")
        out = []
        for one in told:
            upload = request.FILES[f"box-{one['id']}"]
            if isinstance(upload, list) or (upload.size or 0) > MOST_BYTES + 64 * 1024:
                raise ValueError("too large")
            out.append(items.Item(UUID(one["id"]), str(one["reference"])[:20], dict(one["lease"]), upload.read()))
    except (ValueError, KeyError, TypeError):
        words = _("Không đọc được những gì máy gửi lên. Mọi thứ vẫn ở trên máy; hãy tải lại trang.")
        raise Refusal("batch.unreadable", words) from None
    return out


def remember(request: HttpRequest, case: UUID) -> None:
    """This sign-in recorded it: it may print the receipt, which holds the sender's secret, and nobody later."""
    request.session["recorded"] = [str(case), *request.session.get("recorded", [])][:REMEMBERED]
