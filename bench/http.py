"""A load generator that costs little: one process, one epoll, kept-alive sockets, requests written as bytes.

It shares the processors with what it measures, so its own cost is measured too (`Flood.cpu`).
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Seen = Callable[["Request", int, bytes, bytes], None]  # request, status, head, body


@dataclass(slots=True)
class Request:
    """Bytes to send. `source` is the address to come from (any of 127.0.0.0/8), `tag` what the caller likes."""

    data: bytes
    source: str = ""
    tag: object = None


def build(method: str, path: str, port: int, body: bytes = b"", **headers: str) -> bytes:
    """A request of HTTP/1.1. Header names are given with underscores."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Flood:
    """What a run did: seconds, statuses, latency of each answer in milliseconds, own processor time in seconds."""

    seconds: float = 0.0
    cpu: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def good(self, status: int) -> int:
        return self.statuses.get(status, 0)


class _Line:
    """One connection, one request under way at a time."""

    def __init__(self, port: int):
        self.port = port
        self.source = ""
        self.socket: socket.socket | None = None
        self.request: Request | None = None
        self.begun = 0.0
        self.buffer = b""
        self.head_end, self.want = -1, 0

    def send(self, request: Request, watcher: selectors.BaseSelector) -> None:
        open_ = self.socket if request.source == self.source else None
        ours = open_ or self._connect(request.source, watcher)
        self.request, self.buffer, self.head_end = request, b"", -1
        self.begun = time.perf_counter()
        ours.sendall(request.data)

    def _connect(self, source: str, watcher: selectors.BaseSelector) -> socket.socket:
        self.close(watcher)
        made = socket.create_connection(("127.0.0.1", self.port), timeout=30, source_address=(source, 0) if source else None)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket, self.source = made, source
        watcher.register(made, selectors.EVENT_READ, self)
        return made

    def take(self) -> tuple[int, bytes, bytes] | None:
        """Read on; (status, head, body) when the answer is whole."""
        part = self.socket.recv(262144) if self.socket else b""
        if not part:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        self.buffer += part
        if self.head_end < 0:
            self.head_end = self.buffer.find(b"\r\n\r\n")
            if self.head_end < 0:
                return None
            self.want = self.head_end + 4 + _length(self.buffer[: self.head_end])
        if len(self.buffer) < self.want:
            return None
        head = self.buffer[: self.head_end]
        return int(head[9:12]), head, self.buffer[self.head_end + 4 : self.want]

    def close(self, watcher: selectors.BaseSelector) -> None:
        if self.socket is not None:
            watcher.unregister(self.socket)
            self.socket.close()
            self.socket = None


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"\r\ncontent-length:")
    if at < 0:
        if b"\r\ntransfer-encoding:" in lower:
            raise ValueError("chunked answers are not read here")
        return 0
    end = lower.find(b"\r\n", at + 2)
    return int(lower[at + 17 : end if end > 0 else None])


def flood(port: int, requests: Iterator[Request], connections: int = 16, *, seconds: float = float("inf"),
          rate: float = 0.0, seen: Seen | None = None) -> Flood:  # fmt: skip
    """Send requests over so many connections until they run out or the time is over, and wait for all answers.

    `rate` (a second) spaces them; a late start then counts into the latency, as it would for the person waiting.
    Raises OSError when the server breaks off."""
    with selectors.DefaultSelector() as watcher:
        lines = [_Line(port) for _ in range(connections)]
        run = _Run(requests, lines[:], watcher, seconds, rate, seen)
        try:
            return run.go()
        finally:
            for line in lines:
                line.close(watcher)


class _Run:
    """One flood under way."""

    def __init__(self, requests: Iterator[Request], idle: list[_Line], watcher: selectors.BaseSelector, seconds: float,
                 rate: float, seen: Seen | None):  # fmt: skip
        self.requests, self.idle, self.watcher, self.rate, self.seen = requests, idle, watcher, rate, seen
        self.out, self.sent, self.busy, self.more = Flood(), 0, 0, True
        self.start = time.perf_counter()
        self.end = self.start + seconds

    def go(self) -> Flood:
        cpu = time.process_time()
        while self.more or self.busy:
            pause = self._send()
            for key, _ in self.watcher.select(pause):
                self._take(key.data)
        self.out.seconds, self.out.cpu = time.perf_counter() - self.start, time.process_time() - cpu
        return self.out

    def _due(self) -> float:
        """When the next request is to be sent."""
        return self.start + self.sent / self.rate if self.rate else 0.0

    def _send(self) -> float:
        """Start what is due on idle lines; how long to wait for answers before more is due."""
        now = time.perf_counter()
        self.more = self.more and now < self.end
        while self.more and self.idle and self._due() <= now:
            request = next(self.requests, None)
            if request is None:
                self.more = False
                break
            line, due = self.idle.pop(), self._due()
            line.send(request, self.watcher)
            line.begun = min(line.begun, due) if self.rate else line.begun
            self.sent, self.busy = self.sent + 1, self.busy + 1
        waiting = self.rate and self.idle and self.more
        return max(0.0, min(self._due() - now, 1.0)) if waiting else 30.0 if self.busy else 0.0

    def _take(self, line: _Line) -> None:
        whole = line.take()
        if whole is None or line.request is None:
            return
        status, head, body = whole
        self.out.latencies.append((time.perf_counter() - line.begun) * 1000)
        self.out.statuses[status] = self.out.statuses.get(status, 0) + 1
        if self.seen is not None:
            self.seen(line.request, status, head, body)
        if b"connection: close" in head.lower():
            line.close(self.watcher)
        self.idle.append(line)
        self.busy -= 1
