"""Who is at the desk: the signed-in person, the posts held today, the one acted from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from trongdan.core.agencies.selectors import actor_for, office, posts_held
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.core.notices.selectors import count_unread
from trongdan.core.people.models import Person
from trongdan.doors.portal import kept
from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kinds.waiting.writing import centre_code

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Desk:
    """`posts` are (id, title); `agency` the short name of the agency acted for."""

    person: Person
    actor: Actor
    posts: list[tuple[str, str]]
    agency: str
    office_kind: str = ""  # committee, department, front …
    unread: int = 0  # notices to these posts, for the bell; counted for pages only

    @property
    def post_id(self) -> str:
        return self.actor.post.id if self.actor.post else ""

    @property
    def takes_letters(self) -> bool:
        return self.actor.post is not None and self.actor.post.role == "reception"

    @property
    def at_counter(self) -> bool:
        return self.actor.post is not None and self.actor.post.role == "counter"

    @property
    def at_centre(self) -> bool:
        """Whether a post is at a one-stop centre's counters."""
        return any(centre_code(p) for p in self.actor.posts)

    @property
    def sees_lines(self) -> bool:
        return self.at_centre or any(p.role in ("head", "deputy", "office") for p in self.actor.posts)

    @property
    def at_front(self) -> bool:
        """Whether this desk is the Fatherland Front's, with its own sample and register."""
        return self.office_kind == "front"

    @property
    def told(self) -> list[str]:
        """The addresses of notices to this desk: its posts, and the roles they are at their agencies."""
        return sorted({p.id for p in self.actor.posts} | {f"{p.agency}/{p.role}" for p in self.actor.posts})

    @property
    def post_title(self) -> str:
        return dict(self.posts).get(self.post_id, "")


def at_desk(view: View) -> View:
    """Sign-in, a person, and at least one post; the view gets a Desk."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = Person.objects.filter(user_id=request.user.pk or 0).first()
        if person is None:
            return _nobody(request, _("Tài khoản này chưa gắn với cán bộ nào. Hãy liên hệ người quản trị."))
        actor = actor_for(person.id, request.session.get("post"), today())
        if actor.post is None:
            return _nobody(request, _("Hôm nay ông/bà không giữ chức danh nào trong hệ thống."))
        held = [(p.id, title) for p, title, _behalf in posts_held(person.id, today())]
        agency, office_kind = office(actor.post.agency)
        desk = Desk(person, actor, held, agency, office_kind)
        if request.method == "GET":
            with scope(actor):
                desk = replace(desk, unread=count_unread(desk.told))
        return view(request, desk, *args, **kwargs)

    @wraps(view)
    def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A form sent after the session ended: its words wait, and come back on its page after signing in again."""
        draft = kept.draft_of(request) if request.method == "POST" and not request.user.is_authenticated else None
        if draft is None:
            return login_required(inner)(request, *args, **kwargs)
        kept.keep(request, draft)
        with suppress(Refusal):
            kept.keep_files(request, draft)
        messages.info(request, _("Phiên làm việc đã hết. Những gì ông/bà viết vẫn còn; đăng nhập lại để gửi."))
        return redirect_to_login(f"{kept.page_of(request)}?nhap={draft}")

    return outer


def _nobody(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "portal/problem.html", {"title": _("Chưa vào được bàn làm việc"), "words": words}, status=403)
