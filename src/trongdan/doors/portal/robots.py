"""Limits against robots without a third party and without a puzzle: a field people don't see, a page that must have been
open a moment, and a ceiling a connection."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from trongdan.kernel.errors import Refusal

SALT = "trongdan.letter.form"
SOONEST = 2  # seconds between opening the form and sending it
WINDOW, CEILING = 600, 60  # letters a connection in ten minutes: a helper's table at a village fair stays below it
_seen: OrderedDict[str, list[float]] = OrderedDict()
_lock = Lock()


def new_stamp() -> str:
    return signing.dumps(int(time.time()), salt=SALT)


def check_stamp(request: HttpRequest) -> None:
    """Raise Refusal for what only a robot does. A page kept open for days still works."""
    slow_down = Refusal("robot.slow", _("Gửi nhanh quá. Hãy đợi một chút rồi bấm gửi lại; nội dung vẫn còn."))
    if request.POST.get("website"):
        raise slow_down
    try:
        opened = float(signing.loads(request.POST.get("stamp", ""), salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise slow_down from None
    if time.time() - opened < SOONEST:
        raise slow_down
    _count(request.META.get("REMOTE_ADDR", ""))


def _count(address: str) -> None:
    now = time.monotonic()
    with _lock:
        times = [t for t in _seen.pop(address, []) if now - t < WINDOW]
        if len(times) >= CEILING:
            _seen[address] = times
            raise Refusal("robot.many", _("Từ đường mạng này đã gửi rất nhiều đơn. Hãy đợi mười phút, hoặc đến nơi tiếp công dân."))
        _seen[address] = [*times, now]
        while len(_seen) > 10_000:
            _seen.popitem(last=False)
