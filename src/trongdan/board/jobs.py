"""The worker's rounds for the board."""

from __future__ import annotations

from django.utils import timezone

from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.jobs import every

from .national import keeping
from .national.port import NationalRefused, national_port
from .tally import fill


@every(2, "tally")
def tally() -> int:
    with scope(JOB):
        return fill()


@every(5, "national_mark")
def national_mark() -> int:
    with scope(JOB):
        return keeping.mark(timezone.now())


@every(15, "national_send", aside=True)
def national_send() -> int:
    port = national_port()
    return keeping.send_due(port, timezone.now()).sent if port else 0


@every(60, "national_reconcile", aside=True)
def national_reconcile() -> int:
    port = national_port()
    try:
        return keeping.reconcile(port, timezone.now())[0] if port else 0
    except NationalRefused:
        return 0  # the other side is away: the next round asks again
