"""The worker's part for papers and files: what left this system goes from it; scanned letters are read."""

from trongdan.platform.jobs import rounds

from . import leave, scans

__all__ = ["leave", "scans"]

rounds.add("scans", 2, scans.read_one, aside=True)  # a page takes seconds: no clock waits for it
rounds.add("scans_forgotten", 3600, scans.drop_old)
