"""A stand-in for the national database: keeps records in memory, answers slowly, fails, loses and alters at will. For trials and
tests on one's own machine; never holds real letters."""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from .record import Record, declared


@dataclass
class Faults:
    """`latency` in seconds; the others are shares from 0 to 1. `seed` makes the faults the same each time."""

    latency: float = 0.0
    fail: float = 0.0
    lose: float = 0.0
    alter: float = 0.0
    seed: int = 1


@dataclass
class Simulator:
    """An HTTP server on this machine. `records` is what it holds."""

    port: int = 0
    token: str = ""
    faults: Faults = field(default_factory=Faults)
    records: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.faults.seed)  # noqa: S311  faults, no secrets
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

        self._thread: threading.Thread | None = None

    def start(self) -> Simulator:
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """May be called again."""
        if self._thread is not None:
            self.server.shutdown()
            self._thread = None
        self.server.server_close()

    def _happens(self, share: float) -> bool:
        with self._lock:
            return self._chance.random() < share

    def answer(self, method: str, path: str, token: str, body: Any) -> tuple[int, Any]:
        """(status, body) of a request."""
        time.sleep(self.faults.latency)
        if self.token and token != f"Bearer {self.token}":
            return 401, {"error": "token"}
        if self._happens(self.faults.fail):
            return 503, {"error": "busy"}
        if method == "PUT" and path.startswith("/records/") and isinstance(body, dict):
            return self._put(unquote(path.removeprefix("/records/")), body)
        if method == "POST" and path == "/records/query" and isinstance(body, dict):
            with self._lock:
                return 200, {"records": {ma: self.records[ma] for ma in body.get("ma", []) if ma in self.records}}
        return 404, {"error": "path"}

    def _put(self, reference: str, body: Record) -> tuple[int, Any]:
        known = {f.id for f in declared().fields}
        missing = [f.id for f in declared().fields if f.required and not body.get(f.id)]
        if missing or set(body) - known or body.get("ma") != reference:
            return 422, {"error": "fields", "missing": missing}
        if not self._happens(self.faults.lose):
            kept = {**body, "trang_thai": "?"} if self._happens(self.faults.alter) else dict(body)
            with self._lock:
                self.records[reference] = kept
        return 200, {"id": f"QG-{reference}"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        simulator = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                try:
                    body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                except ValueError:
                    body = None
                status, answer = simulator.answer(self.command, self.path, self.headers.get("Authorization") or "", body)
                data = json.dumps(answer, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_PUT = do_POST = do_GET = _do  # noqa: N815  names that http.server calls

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's name
                """Nothing of a record goes into a log."""

        return Handler
