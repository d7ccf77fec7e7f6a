"""The page that is turned to the person at the table: they read what was written of their words, and sign on the screen.

Nothing of the desk is on it: no menu, no other case, no name of anybody but the one who receives."""

from __future__ import annotations

import base64
import binascii
import io
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from PIL import Image

from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.core.papers import files
from trongdan.core.papers.receiving import perform_with_files
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal

from .who import Desk, at_desk

ACTION, FIELD = "sign_on_screen", "drawn"
HEAD = "data:image/png;base64,"
MOST = 400_000  # characters of the drawing as it is sent: a signature over the whole frame is a tenth of that
FEW = 60  # pixels: a dot, or a touch by mistake
NAME, SOURCE = "chu-ky-tren-man-hinh.png", "người đến ký trên màn hình"


def _record(desk: Desk, case_id: UUID) -> tuple[Loaded, str]:
    """The record that waits to be confirmed, or was just signed so, with its words."""
    with scope(desk.actor):
        loaded = load([case_id]).get(case_id)
        if loaded is None or ACTION not in loaded.kind.edges or loaded.state.secret:
            raise Http404
        known = bodies([case_id])
    stored = loaded.state.fields.get("text")
    return loaded, known.get(stored.get("content", ""), "") if isinstance(stored, dict) else ""


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Read and sign; signed, the page says until when the answer is owed."""
    loaded, text = _record(desk, case_id)
    signed = loaded.state.fields.get("confirmed_how") == "screen"
    waits = loaded.state.step in loaded.kind.edges[ACTION].from_
    if not waits and not signed:
        return redirect("desk:case", case_id)
    errors = Shown()
    if request.method == "POST" and waits:
        try:
            _sign(request, desk, case_id)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            return redirect("desk:sign_here", case_id)
    clock = loaded.state.clocks.get("answer")
    context = {"loaded": loaded, "text": text, "errors": errors, "signed": signed and not waits, "agency": desk.agency,
               "by": desk.person.name, "draft": uuid4(), "due": clock.due if clock else None}  # fmt: skip
    return render(request, "desk/sign_here.html", context, status=422 if errors else 200)


def _sign(request: HttpRequest, desk: Desk, case_id: UUID) -> None:
    picture = drawn(request.POST.get(FIELD, ""))
    command = Command("", str(case_id), ACTION, {"files": [picture.commitment], "signed": True})
    key = str(kept.draft_of(request) or uuid4())
    with scope(desk.actor):
        perform_with_files(command, [picture], SOURCE, desk.actor, key, f"desk:{desk.person.id}")


def drawn(sent: str) -> files.Checked:
    """The drawing of a canvas (a data: URL of a PNG) as a file. Raises Refusal for none, a blank one, or another thing."""
    if not sent:
        raise _asked("drawn.none", _("Chưa có chữ ký. Mời ông/bà ký vào khung bằng ngón tay, bút hoặc chuột."))
    if not sent.startswith(HEAD) or len(sent) > MOST:
        raise _unreadable()
    try:
        data = base64.b64decode(sent.removeprefix(HEAD), validate=True)
        checked = files.check(NAME, data)
        with Image.open(io.BytesIO(checked.data)) as image:
            ink = sum(image.convert("L").histogram()[:128])
    except (binascii.Error, OSError):
        raise _unreadable() from None
    if ink < FEW:
        raise _asked("drawn.blank", _("Khung ký còn trống. Mời ông/bà ký vào khung bằng ngón tay, bút hoặc chuột."))
    return checked


def _unreadable() -> Refusal:
    return _asked("drawn.unreadable", _("Không đọc được chữ ký vừa vẽ. Mời ông/bà ký lại, hoặc ký vào bản in."))


def _asked(code: str, words: str) -> Refusal:
    return Refusal(code, words, None, {"field": FIELD})
