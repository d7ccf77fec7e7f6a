"""The worker's round: what waited for a register that was away."""

from __future__ import annotations

from django.utils import timezone

from trongdan.platform.jobs import every

from .register import ask_waiting, register_link


@every(20, "register_waiting", aside=True)
def register_waiting() -> int:
    link = register_link()
    return ask_waiting(link, timezone.now()) if link is not None and link.breaker.allows() else 0
