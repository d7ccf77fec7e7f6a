"""The worker's part for papers and files: what left this system goes from it; scanned letters are read."""

import time

from trongdan.platform.jobs import every, rounds

from . import leave, readable, receiving, scans

__all__ = ["leave", "readable", "receiving", "scans"]

rounds.add("scans", 2, scans.read_one, aside=True)  # a page takes seconds: no clock waits for it
rounds.add("readable", 5, readable.make_one, aside=True)
rounds.add("scans_forgotten", 3600, scans.drop_old)


@every(86_400, "files_swept", aside=True)
def files_swept() -> int:
    receiving.sweep(time.time())
    return 0  # once a day is enough, however much there was
