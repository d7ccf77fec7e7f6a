"""The worker's rounds: notices made from the trail, and messages sent when they are due."""

from __future__ import annotations

from django.utils import timezone

from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.jobs import every

from .deliver import deliver_due
from .make import read_trail


@every(2, "notices")
def make() -> int:
    with scope(JOB):
        return read_trail()


@every(10, "messages", aside=True)
def deliver() -> int:
    return deliver_due(timezone.now()).total
