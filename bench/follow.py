"""What follows a letter: the machine's reading by the worker, the page with its QR, the receipt as PDF.

Letters come at a rate while `trongdan work` runs beside; how far the worker is behind is read from its own cursor.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg

from trongdan.platform.postgres import Cluster

from . import instance, machine
from .figures import Result, percentile, step
from .http import Flood, Request, build, flood

READERS = {"reading": "máy đọc đơn", "search": "tìm kiếm", "log": "sổ cái"}
GIVE_UP = 240  # seconds to wait for the worker after the last letter


def behind(db: psycopg.Connection[Any], reader: str) -> float:
    """Age in seconds of the oldest event that a reader has not taken; 0 when it has all."""
    row = db.execute(
        "SELECT extract(epoch FROM clock_timestamp() - min(e.at)) FROM td_event e WHERE (e.xid, e.position) > (coalesce("
        "(SELECT xid FROM td_cursor WHERE reader = %s), '0'), coalesce((SELECT position FROM td_cursor WHERE reader = %s), 0))",
        [reader, reader]).fetchone()  # fmt: skip
    return float(row[0] or 0.0) if row else 0.0


@dataclass
class _Probe:
    """Asks for page and PDF of the newest letter, again and again, as its sender would."""

    port: int
    newest: tuple[str, float] | None = None
    pages: list[float] = field(default_factory=list)
    papers: list[float] = field(default_factory=list)
    ended: bool = False
    failed: str = ""

    def note(self, request: Request, status: int, head: bytes, body: bytes) -> None:
        """Remember the letter just answered, if one is waited for."""
        if status == 201 and self.newest is None:
            self.newest = (urlsplit(json.loads(body)["track_url"]).path, time.perf_counter())

    def loop(self) -> None:
        while not self.ended:
            time.sleep(0.25)
            if self.newest is None:
                continue
            path, begun = self.newest
            self.newest = None
            for more, kept in (("", self.pages), ("giay-xac-nhan.pdf", self.papers)):
                done = flood(self.port, iter([Request(build("GET", path + more, self.port))]), 1)
                if done.good(200) != 1:
                    self.failed = f"{more or 'page'}: {done.statuses}"
                    return
                kept.append(time.perf_counter() - begun)


def _watch(cluster: Cluster, lags: dict[str, list[float]], stop: threading.Event) -> None:
    with instance.owner(cluster) as db:
        while not stop.wait(1.0):
            for reader in READERS:
                lags[reader].append(behind(db, reader))


def _wait(cluster: Cluster, since: float) -> dict[str, float]:
    """Seconds after `since` until each reader had everything; GIVE_UP when it had not by then."""
    out: dict[str, float] = {}
    with instance.owner(cluster) as db:
        while len(out) < len(READERS) and time.monotonic() - since < GIVE_UP:
            for reader in set(READERS) - set(out):
                if behind(db, reader) == 0.0:
                    out[reader] = time.monotonic() - since
            time.sleep(0.1)
    return {reader: out.get(reader, float(GIVE_UP)) for reader in READERS}


@dataclass
class _Followed:
    """One run: what came in, how late each follower was at the worst, what the sender waited for."""

    run: Flood
    lags: dict[str, float]
    probe: _Probe
    cpu: float


def _follow(cluster: Cluster, port: int, rate: float, seconds: float, connections: int, first: int) -> _Followed:
    """Letters at a rate with the worker beside; afterwards until it has everything."""
    from .intake import ready

    probe, stop = _Probe(port), threading.Event()
    lags: dict[str, list[float]] = {reader: [] for reader in READERS}
    with instance.running("work") as worker:
        with step("Tiến trình nền bắt kịp những đơn trước đó"):
            if max(_wait(cluster, time.monotonic()).values()) >= GIVE_UP:
                raise RuntimeError(f"the worker did not catch up within {GIVE_UP} seconds")
        threads = [threading.Thread(target=probe.loop), threading.Thread(target=_watch, args=(cluster, lags, stop))]
        requests, cpu = ready(port, first, int(rate * seconds)), machine.cpu_seconds([worker.pid])
        for thread in threads:
            thread.start()
        try:
            with step(f"{rate:g} đơn mỗi giây trong {seconds:g} giây, tiến trình nền chạy bên cạnh"):
                run = flood(port, iter(requests), connections, rate=rate, seen=probe.note)
            waited = _wait(cluster, time.monotonic())
        finally:
            probe.ended = True
            stop.set()
            for thread in threads:
                thread.join()
        cpu = machine.cpu_seconds([worker.pid]) - cpu
    if probe.failed or not probe.papers:
        raise RuntimeError(probe.failed or "no page was asked for")
    return _Followed(run, {reader: max([waited[reader], *lags[reader]]) for reader in READERS}, probe, cpu)


def measure(result: Result, cluster: Cluster, port: int, rates: dict[str, float], seconds: float, connections: int) -> None:
    """Add the figures of what follows, with letters at each rate (a second) for `seconds`: those of the first have targets."""
    for number, (name, rate) in enumerate(rates.items()):
        found, aim = _follow(cluster, port, rate, seconds, connections, 20_000_000 * (number + 1)), None if number else 5.0
        label, good = f"Khi đơn đến {rate:g} mỗi giây, tiến trình nền chạy bên cạnh", max(1, found.run.good(201))
        result.add(f"{name}_rate", f"{label}: nhận được", good / found.run.seconds, "đơn/giây")
        for reader, words in READERS.items():
            result.add(f"{name}_{reader}", f"{label}: chậm nhất, {words}", found.lags[reader], "giây",
                       aim if reader == "reading" else None)  # fmt: skip
        for id_, words, kept in (("page", "trang theo dõi", found.probe.pages),
                                 ("pdf", "giấy xác nhận PDF có mã QR", found.probe.papers)):  # fmt: skip
            result.add(f"{name}_{id_}", f"{label}: 95 % có {words} sau", percentile(kept, 0.95), "giây", aim)
        result.add(f"{name}_worker", f"{label}: CPU của tiến trình nền cho một đơn", found.cpu / good * 1000, "ms")
        result.details[name] = {"wanted_rate": rate, "statuses": found.run.statuses, "probes": len(found.probe.papers),
                                "p95_ms": round(percentile(found.run.latencies, 0.95), 1)}  # fmt: skip
