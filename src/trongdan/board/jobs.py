"""The worker's rounds for the board."""

from __future__ import annotations

from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.jobs import every

from .tally import fill


@every(2, "tally")
def tally() -> int:
    with scope(JOB):
        return fill()
