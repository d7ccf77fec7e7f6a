"""What lies in TRONGDAN_HOME beside the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from trongdan.platform.home import home


def beside_the_database() -> Iterator[Path]:
    """Every folder and file but the cluster's own ("pg"). That one is not even entered: another worker's test may drop a database
    at that moment, and a folder that is being walked goes away."""
    for place, folders, names in os.walk(home()):
        if Path(place) == home() and "pg" in folders:
            folders.remove("pg")
        yield from (Path(place) / name for name in (*folders, *names))
