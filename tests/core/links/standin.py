"""The stand-in for the national systems, answering over HTTP for the time of a test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from trongdan.core.links.simulator import Simulator


@contextmanager
def standing_in(**how: Any) -> Iterator[Simulator]:
    """One on a free port; `how` as of Simulator."""
    made = Simulator(**how)
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
