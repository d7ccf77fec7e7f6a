"""The worker's turn: bytes whose paper never came to be (a transaction that ended)."""

from __future__ import annotations

import time

from trongdan.platform.jobs import every

from .items import sweep


@every(3600, "store_swept", aside=True)
def store_swept() -> int:
    sweep(time.time())
    return 0  # once an hour is enough, however much there was
