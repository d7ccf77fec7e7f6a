"""The catalogue: importing it, and what a page and a search cost a citizen, with every procedure in it."""

from __future__ import annotations

import json
import os
import subprocess
import time
import tomllib
import urllib.parse
import urllib.request
from pathlib import Path

from . import machine
from .figures import Result, begin, step
from .instance import PROGRAM, folder, free_port
from .start import running

DATA = Path(os.environ.get("TRONGDAN_SHARED", machine.ROOT.parent / "shared")) / "data" / "procedures.jsonl"
JUDGED = machine.ROOT / "tests" / "kinds" / "procedures" / "judged.toml"
ROUNDS = 4


def run() -> None:
    """Needs the published catalogue, which is not part of the project; without it nothing is measured, and it says so."""
    if not DATA.exists():
        print(f"  KHÔNG ĐO: không có danh mục ở {DATA} (đặt TRONGDAN_SHARED)")
        return
    result = begin("procedures", "Danh mục thủ tục hành chính")
    judged = tomllib.loads(JUDGED.read_text("utf-8"))
    with folder() as home:
        port = free_port()
        with running(home, port, home / "run.log"):
            url = f"http://localhost:{port}"
            first, again = _imported(home), _imported(home)
            result.add("first", "Nhập lần đầu, cả danh mục", first, "s")
            result.add("again", "Nhập lại, so từng thủ tục", again, "s", 30)
            questions = [q for part in judged.values() for q, _right in part]
            _measure(result, url, questions)
            for part, label in (("tuned", "từ vựng viết theo"), ("held_out", "để riêng")):
                right = sum(_first(url, q) in codes for q, codes in judged[part])
                result.add(part, f"Câu hỏi {label}: đúng ngay thủ tục đầu, trong {len(judged[part])}", right, "câu")
    result.notes += [
        f"Danh mục công bố, {sum(1 for _ in DATA.open('rb'))} thủ tục; `trongdan run` như người vận hành chạy, một người hỏi "
        "lần lượt qua HTTP.",
        "Lần tìm đầu tiên của mỗi tiến trình web sau khi nhập hay sang ngày mới dựng lại chỉ mục tên; không tính vào p95, ghi "
        "riêng.",
    ]  # fmt: skip
    result.save()


def _imported(home: Path) -> float:
    step("nhập danh mục")
    start = time.perf_counter()
    subprocess.run([*PROGRAM, "procedures", "import", str(DATA)], env={**os.environ, "TRONGDAN_HOME": str(home)}, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    return time.perf_counter() - start


def _get(url: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=60) as answer:
        body = answer.read()
    return (time.perf_counter() - start) * 1000, body


def _first(url: str, question: str) -> str:
    items = json.loads(_get(f"{url}/api/v1/procedures?limit=1&q={urllib.parse.quote(question)}")[1])["items"]
    return items[0]["code"] if items else ""


def _measure(result: Result, url: str, questions: list[str]) -> None:
    cold = max(_get(f"{url}/api/v1/procedures?q=so+do")[0] for _ in range(6))
    result.add("cold", "Tìm lần đầu sau khi nhập (dựng chỉ mục)", cold, "ms")
    codes = [e["code"] for e in json.loads(_get(f"{url}/api/v1/procedures?limit=100")[1])["items"]]
    asked = {
        "search": ("Trang tìm, p95", [f"{url}/thu-tuc/?q={urllib.parse.quote(q)}" for q in questions]),
        "api": ("API tìm, p95", [f"{url}/api/v1/procedures?q={urllib.parse.quote(q)}" for q in questions]),
        "page": ("Trang một thủ tục, p95", [f"{url}/thu-tuc/{code}/" for code in codes]),
    }
    for name, (label, addresses) in asked.items():
        step(label)
        for address in addresses[:10]:
            _get(address)
        times = sorted(_get(address)[0] for _ in range(ROUNDS) for address in addresses)
        result.add(name, label, times[int(len(times) * 0.95)], "ms", 40)
