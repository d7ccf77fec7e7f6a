"""Who is signed in at the portal, and their own pages: "Việc của tôi", and who looked them up. Signing in is never required.

What is known of the person lies sealed in the session, for half an hour without use."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.registry import kinds
from trongdan.core.links import signin
from trongdan.core.links.own import Own, asked_about, own_cases
from trongdan.core.links.register import purposes
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, tracking_token
from trongdan.platform import keys

from .errors import shown

PERSON, ATTEMPT, NEXT = "person", "signin", "signin_next"
IDLE = 1800  # seconds
FIELDS = {"name": "họ và tên", "born": "ngày sinh", "sex": "giới tính", "residence": "nơi cư trú"}


@dataclass(frozen=True, slots=True)
class Person:
    """`level` of assurance; `until` in epoch seconds; the code and name of the business that they act for, "" when for none."""

    number: str
    name: str
    level: int
    until: float
    business: str = ""
    business_name: str = ""


def person_of(request: HttpRequest) -> Person | None:
    """Who is signed in, None for nobody; each use begins the half hour anew."""
    sealed = request.session.get(PERSON)
    if not sealed:
        return None
    try:
        found = Person(**json.loads(keys.decrypt(PERSON, base64.b64decode(sealed), PERSON.encode())))
    except (InvalidTag, ValueError, TypeError):
        found = None
    if found is None or found.until < time.time():
        del request.session[PERSON]
        return None
    if found.until - time.time() < IDLE - 60:
        _remember(request, found)
    return found


def may_own(person: Person | None) -> bool:
    """Whether a letter may be tied to who is signed in: only at the level at which one's own cases are
    opened, so that nobody less sure puts one into another's list."""
    return person is not None and person.level >= signin.assurance().own_cases


def _remember(request: HttpRequest, person: Person) -> None:
    plain = json.dumps(asdict(replace(person, until=time.time() + IDLE)))
    request.session[PERSON] = base64.b64encode(keys.encrypt(PERSON, plain.encode(), PERSON.encode())).decode()


def _back() -> str:
    return settings.SITE_URL + reverse("portal:signed_in")


def _next(request: HttpRequest, wanted: str) -> str:
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else reverse("portal:mine")


@require_safe
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """What signing in is for, and the way to it."""
    return _page(request, [])


def _page(request: HttpRequest, errors: Any, status: int = 200) -> HttpResponse:
    found = signin.provider()
    context = {"errors": errors, "offered": found is not None, "person": person_of(request),
               "mock": found is not None and found.issuer.startswith("http://127.0.0.1"),
               "query": urlencode({"ve": _next(request, request.GET.get("ve", ""))})}  # fmt: skip
    return render(request, "portal/sign_in.html", context, status=status)


@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider, with what must come back kept in this browser's session."""
    found = signin.provider()
    if found is None:
        return redirect("portal:sign_in")
    try:
        url, attempt = found.begin(_back())
    except Refusal as refusal:
        return _page(request, shown(refusal), 503)
    request.session[ATTEMPT] = asdict(attempt)
    request.session[NEXT] = _next(request, request.GET.get("ve", ""))
    return redirect(url)


@require_safe
@never_cache
def finish(request: HttpRequest) -> HttpResponse:
    """Back from the provider; an attempt is good for one time, whatever comes of it."""
    found, kept = signin.provider(), request.session.pop(ATTEMPT, None)
    if found is None:
        return redirect("portal:sign_in")
    try:
        attempt = signin.Attempt(**kept) if kept else None
        who = found.finish(attempt, {k: request.GET.get(k, "") for k in ("code", "state", "error")}, _back())
    except Refusal as refusal:
        return _page(request, shown(refusal), 503 if refusal.code == "signin.away" else 400)
    where = request.session.pop(NEXT, reverse("portal:mine"))
    request.session.cycle_key()
    acts = who.organisation
    _remember(request, Person(who.number, who.name, who.level, 0, acts.code if acts else "", acts.name if acts else ""))
    return redirect(where)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out here; at the provider the person stays signed in until they leave there."""
    request.session.pop(PERSON, None)
    messages.success(request, _("Ông/bà đã đăng xuất."))
    return redirect("portal:home")


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """One's own letters and dossiers, and who asked a national register about one."""
    person = person_of(request)
    if person is None:
        return redirect(f"{reverse('portal:sign_in')}?{urlencode({'ve': reverse('portal:mine')})}")
    enough = may_own(person)
    found, asked = (own_cases(person.number), asked_about(person.number)) if enough else ((), ())
    theirs = own_cases(person.business) if enough and person.business else ()
    labels = names([*(o.agency for o in (*found, *theirs)), *(a[1] for a in asked)])
    why = {p.id: p.words for p in purposes().values()}
    context = {
        "person": person, "enough": enough, "basis": signin.assurance().basis, "cases": [_line(o, labels) for o in found],
        "business_cases": [_line(o, labels) for o in theirs],
        "asked": [(at, labels.get(agency, agency), why.get(purpose, purpose), basis, ", ".join(FIELDS.get(f, f) for f in fields))
                  for at, agency, purpose, basis, fields in asked],
    }  # fmt: skip
    return render(request, "portal/mine.html", context)


def _line(own: Own, labels: dict[str, str]) -> dict[str, Any]:
    kind = kinds().get(own.kind)
    token = tracking_token(keys.secret("tokens"), str(own.case), own.generation)
    return {"url": reverse("portal:case", args=[own.reference, token]), "shown": format_reference(own.reference),
            "kind": kind.name if kind else own.kind, "agency": labels.get(own.agency, own.agency), "on": own.opened_on,
            "step": kind.steps[own.step].plain if kind else own.step, "due": None if own.final else own.due_on}  # fmt: skip
