"""From `make run` to the first page; what everything holds in memory at rest; what the first page weighs."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from trongdan.platform.process import die_with_parent

from . import machine
from .figures import Result, begin, step
from .http import Request, build, flood
from .instance import PROGRAM, WAIT, free_port

REST = 20.0  # seconds of nobody asking before memory is read
KB = 1024
_IN_CSS = re.compile(r"url\([\"']?([^\"')]+)")


@contextmanager
def running(home: Path, port: int, log: Path) -> Iterator[tuple[int, float]]:
    """`trongdan run` below `home`: (its process, seconds until its first page had come). Ended at the end."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRONGDAN_", "DJANGO_"))}
    start = time.perf_counter()
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [*PROGRAM, "run", "--port", str(port)], env={**kept, "TRONGDAN_HOME": str(home)}, stdin=subprocess.DEVNULL,
            stdout=out, stderr=out, preexec_fn=die_with_parent(signal.SIGTERM))  # fmt: skip
    try:
        while not _page(f"http://localhost:{port}/"):
            if process.poll() is not None or time.perf_counter() - start > WAIT:
                raise RuntimeError(log.read_text("utf-8", errors="replace")[-2000:])
            time.sleep(0.05)
        yield process.pid, time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _page(url: str) -> bool:
    """Whether the page itself comes, not only an open port."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return answer.status == 200 and b"</html>" in answer.read()
    except OSError:
        return False


class _Links(HTMLParser):
    """What a browser fetches by itself for a page: styles, scripts, pictures, icons, preloads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "img", "source") and values.get("src"):
            self.found.append(str(values["src"]))
        fetched = {"stylesheet", "icon", "preload", "manifest", "modulepreload"} & set((values.get("rel") or "").split())
        if tag == "link" and fetched and values.get("href"):
            self.found.append(str(values["href"]))


def fetch(url: str) -> tuple[int, str]:
    """(bytes of head and body as they cross the wire, text). Asks for gzip, which every browser takes."""
    parts, got = urlsplit(url), []
    asked = build("GET", parts.path or "/", parts.port or 80, Accept_Encoding="gzip")

    def seen(request: Request, status: int, head: bytes, body: bytes) -> None:
        if status != 200:
            raise RuntimeError(f"{url}: {status}")
        plain = gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body
        got.append((len(head) + 4 + len(body), plain.decode("utf-8", errors="replace")))

    flood(parts.port or 80, iter([Request(asked)]), 1, seen=seen)
    return got[0]


def weight(url: str) -> dict[str, int]:
    """Address -> bytes over the wire, of a page and all that a browser fetches for it (styles' own files too)."""
    total, html = fetch(url)
    out, links = {urlsplit(url).path: total}, _Links()
    links.feed(html)
    todo = [urljoin(url, link) for link in links.found if not link.startswith("data:")]
    while todo:
        one = todo.pop()
        path = urlsplit(one).path
        if path in out or urlsplit(one).netloc != urlsplit(url).netloc:
            continue
        out[path], text = fetch(one)
        if path.endswith(".css"):
            todo += [urljoin(one, link) for link in _IN_CSS.findall(text) if not link.startswith("data:")]
    return out


def _memory(result: Result, pid: int) -> None:
    time.sleep(REST)
    parts: dict[str, list[int]] = {"web": [], "worker": [], "database": [], "run": []}
    from trongdan.platform.process import command_of

    for one in machine.children(pid):
        words = command_of(one)
        part = "database" if "postgres" in words else "web" if " serve " in words else "worker" if " work" in words else "run"
        parts[part].append(one)
    held = {part: machine.pss_mb(pids) for part, pids in parts.items()}
    result.details["memory"] = {part: {"mb": round(mb, 1), "processes": len(parts[part])} for part, mb in held.items()}
    result.add("memory", f"Bộ nhớ khi nghỉ: web, tiến trình nền, cơ sở dữ liệu và `run` (PSS, sau {REST:g} giây)",
               sum(held.values()), "MB", 400)  # fmt: skip
    for part, words in (("web", "web"), ("worker", "tiến trình nền"), ("database", "cơ sở dữ liệu")):
        result.add(f"memory_{part}", f"Trong đó: {words}", held[part], "MB")


def run() -> Result:
    """Measure and save."""
    result = begin("start", "Khởi động, bộ nhớ, trang đầu")
    top = Path(tempfile.mkdtemp(prefix="td-bench-"))
    home, port = top / "home", free_port()
    try:
        with step("Lần chạy đầu, thư mục dữ liệu trống"), running(home, port, top / "first.log") as (_, seconds):
            words = "Từ lúc gõ lệnh đến trang đầu, lần đầu (tạo cơ sở dữ liệu, bảng, tỉnh trình diễn)"
            result.add("first", words, seconds, "giây", 40)
        with step("Lần chạy thứ hai"), running(home, port, top / "second.log") as (pid, seconds):
            result.add("second", "Từ lúc gõ lệnh đến trang đầu, lần sau", seconds, "giây", 8)
            sizes = weight(f"http://localhost:{port}/")
            words = "Trang đầu của cổng qua mạng, với mọi tệp kèm theo, đã nén"
            result.add("first_page", words, sum(sizes.values()) / KB, "KB", 100)
            result.details["first_page"] = dict(sorted(sizes.items()))
            _memory(result, pid)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    result.notes += [
        "`trongdan run` như người dùng chạy; đo từ lúc gõ lệnh đến khi trang đầu trả về trọn vẹn.",
        "Bộ nhớ: PSS của mọi tiến trình (phần dùng chung chia đều), khi không ai truy cập.",
        "Trang đầu: tổng số byte của trang và mọi tệp mà trình duyệt tự tải (kiểu dáng, phông chữ, kịch bản, hình), cả "
        "dòng đầu HTTP.",
    ]
    result.save()
    return result
