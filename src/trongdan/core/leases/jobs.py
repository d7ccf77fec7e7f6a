"""The worker's part: boxes that nobody needs any more."""

from __future__ import annotations

from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.jobs import every

from .held import forget_old


@every(3600, "offline")
def forget() -> int:
    with scope(JOB):
        return forget_old()
