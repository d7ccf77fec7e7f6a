"""The worker's rounds: what waited for a register that was away; the portal's dossiers, states and reconciliation."""

from __future__ import annotations

from django.utils import timezone

from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.jobs import every

from . import portal
from .calling import LinkDown
from .own import forget_hidden
from .register import ask_waiting, register_link


@every(20, "register_waiting", aside=True)
def register_waiting() -> int:
    link = register_link()
    return ask_waiting(link, timezone.now()) if link is not None and link.breaker.allows() else 0


@every(15, "portal_send", aside=True)
def portal_send() -> int:
    link = portal.portal_link()
    return portal.send_due(link, timezone.now())[0] if link is not None and link.breaker.allows() else 0


@every(30, "portal_pull", aside=True)
def portal_pull() -> int:
    link = portal.portal_link()
    try:
        return portal.pull(link, timezone.now()) if link is not None else 0
    except LinkDown:
        return 0  # away: the next round asks again


@every(300, "portal_reconcile", aside=True)
def portal_reconcile() -> int:
    link = portal.portal_link()
    try:
        return portal.reconcile(link, timezone.now())[0] if link is not None else 0
    except LinkDown:
        return 0


@every(600, "own_cases")
def own_hidden() -> int:
    """Links to cases that went into the vault meanwhile."""
    with scope(JOB):
        return forget_hidden()
