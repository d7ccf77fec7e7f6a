"""Letters through the portal's form as browsers send them: cookie, CSRF, stamp, draft; the limits against robots stay on.

The limits are per address of the connection (doors/portal/robots.py). Nothing is switched off for the bench: each sender
comes from an own address of 127.0.0.0/8, opens the form, waits longer than a robot would, and sends once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from .figures import Result, percentile, say, step
from .http import Flood, Request, build, flood
from .words import letter, name_of

COMMUNES = ("Kim Bôi", "Vĩnh Đồng, huyện Kim Bôi", "Đà Bắc", "Tam Nông")
WAIT = 2.5  # seconds between opening and sending: the form refuses what is sent within two
_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|draft|stamp)" value="([^"]+)"')
_COOKIE = re.compile(rb"(?i)\r\nset-cookie: ?([^;\r\n]+)")


def address(number: int) -> str:
    """127.1.0.1 and on: one for each sender."""
    return f"127.{1 + number // 62500 % 200}.{number // 250 % 250}.{1 + number % 250}"


def open_forms(port: int, senders: int, connections: int) -> tuple[dict[int, tuple[str, dict[str, str]]], Flood]:
    """Each sender's cookie and hidden fields, and how the opening went."""
    kept: dict[int, tuple[str, dict[str, str]]] = {}

    def seen(request: Request, status: int, head: bytes, body: bytes) -> None:
        if status == 200:
            fields = dict(_HIDDEN.findall(body.decode()))
            kept[int(str(request.tag))] = ("; ".join(c.decode() for c in _COOKIE.findall(head)), fields)

    wanted = (Request(build("GET", "/gui-don/", port), address(n), n) for n in range(senders))
    return kept, flood(port, wanted, connections, seen=seen)


def forms(port: int, kept: dict[int, tuple[str, dict[str, str]]]) -> Iterator[Request]:
    for n, (cookie, hidden) in kept.items():
        fields = {**hidden, "text": letter(10_000_000 + n), "commune": COMMUNES[n % len(COMMUNES)], "to": "commune", "do": "send",
                  "name": name_of(n), "phone": f"09{n:08d}", "address": f"xóm {n % 23 + 1}", "email": "", "own_word": "",
                  "website": ""}  # fmt: skip
        form = build("POST", "/gui-don/", port, urlencode(fields).encode(), Cookie=cookie, Origin=f"http://localhost:{port}",
                     Content_Type="application/x-www-form-urlencoded")  # fmt: skip
        yield Request(form, address(n), n)


def measure(result: Result, port: int, senders: int, connections: int) -> None:
    """Add the portal's figures. Raises RuntimeError when letters were refused: that would measure something else."""
    kept, opened = open_forms(port, senders, connections)
    say(f"{len(kept)} biểu mẫu đã mở; đợi {WAIT:g} giây như người gửi")
    time.sleep(WAIT)
    sent = list(forms(port, kept))
    with step(f"Gửi {len(sent)} đơn qua biểu mẫu của cổng"):
        run = flood(port, iter(sent), connections)
    if run.good(302) != senders:
        raise RuntimeError(f"{senders} letters by the form, answers {run.statuses}")
    words = "Đơn gửi qua biểu mẫu của cổng mỗi giây (CSRF, phiên, bản nháp)"
    result.add("portal_rate", words, run.rate, "đơn/giây", 100, more=True)
    result.add("portal_p95", "95 % đơn qua biểu mẫu được trả lời trong", percentile(run.latencies, 0.95), "ms")
    result.add("form_rate", "Biểu mẫu mở mỗi giây", opened.rate, "trang/giây")
