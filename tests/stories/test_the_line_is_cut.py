"""Story: a highland commune's line is cut for hours; the server dies while the heap is being sent. Nothing is lost or doubled."""

from __future__ import annotations

import base64
import contextlib
import http.client
import http.cookiejar
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.doors.desk.offline import picture
from tests.stories.test_nothing_acknowledged_is_lost import environment
from trongdan.doors.cli.demo import PASSWORD
from trongdan.platform.postgres import Cluster

pytestmark = pytest.mark.slow
DESK = "/ban-lam-viec/"
SEALER = """
import base64, json, sys
from uuid import UUID
from trongdan.core.leases import packed
from trongdan.platform import boxes
told = json.load(sys.stdin)
for item in told:
    stated = item["lease"]["statement"]
    fields = {"text": item["text"], "name": "Bùi Thị Mận", "on": item["on"], "channel": "counter"}
    plain = packed.pack(fields, [("don.png", base64.b64decode(item["picture"]))])
    bound = packed.bound_to(UUID(item["id"]), stated["reference"], UUID(stated["device"]))
    print(base64.b64encode(boxes.seal(plain, bound, base64.b64decode(item["key"]))).decode())
"""
SUBJECTS = ("cống tắc", "đèn đường hỏng", "mương sạt", "chó thả rông", "loa phát to", "đất lấn", "rác ùn ứ", "nước bẩn", "cầu gãy",
            "đường lún", "điện yếu", "chợ cháy", "ao cạn", "rừng chặt", "trâu lạc", "khói lò gạch", "tường đổ", "giếng cạn",
            "biển báo mất", "lúa chết", "thuế tính sai", "sổ đỏ chậm", "lương chưa trả", "trường dột")  # fmt: skip


class Browser:
    """What a browser does, without one: cookies, the CSRF token, several files in one request."""

    def __init__(self, base: str) -> None:
        self.base = base
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=60) as answer:
            return str(answer.read().decode())

    def form(self, path: str, token_from: str, **data: str) -> str:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.get(token_from))
        assert token
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **data}).encode()
        with self.opener.open(urllib.request.Request(self.base + path, body, {"Referer": self.base + path}), timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, csrf: str, fields: dict[str, str], files: dict[str, bytes]) -> Any:
        edge = uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
        parts += [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"; filename="box"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode()
                  + v + b"\r\n" for k, v in files.items()]  # fmt: skip
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-CSRFToken": csrf, "Referer": self.base + path}
        with self.opener.open(urllib.request.Request(self.base + path, b"".join([*parts, f"--{edge}--\r\n".encode()]), headers), timeout=60) as answer:
            return json.loads(answer.read())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    web = subprocess.Popen([sys.executable, "-m", "trongdan", "serve", "--port", str(port)], env=environment(home, "td_web"),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/khoe/", timeout=5).close()
            return web
        except (urllib.error.URLError, OSError):
            assert web.poll() is None, "the server ended"
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def sealed(home: Path, state: dict[str, Any], leases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    items = [{"id": str(uuid4()), "reference": lease["statement"]["reference"], "lease": lease, "text": f"{subject} ở xóm, đề nghị xã xem.",
              "on": lease["statement"]["on"], "key": state["key"], "picture": base64.b64encode(picture()[1]).decode()}
             for lease, subject in zip(leases, SUBJECTS, strict=True)]  # fmt: skip
    done = subprocess.run([sys.executable, "-c", "from trongdan.doors.cli._shell import setup; setup('td_web')\n" + SEALER],
                          input=json.dumps(items).encode(), env=environment(home, "td_web"), capture_output=True, check=True)  # fmt: skip
    return [item | {"box": base64.b64decode(line)} for item, line in zip(items, done.stdout.split(), strict=True)]


def send(browser: Browser, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the page does: batches, and what gets no answer stays."""
    csrf = json.loads(browser.get(DESK + "mat-mang/trang-thai/"))["csrf"]
    out = []
    for n in range(0, len(items), 8):
        batch = items[n : n + 8]
        told = json.dumps([{k: item[k] for k in ("id", "reference", "lease")} for item in batch])
        out += browser.post(DESK + "mat-mang/gui/", csrf, {"items": told}, {f"box-{i['id']}": i["box"] for i in batch})["items"]
    return out


@pytest.mark.timeout(300)
def test_a_server_killed_while_the_heap_is_sent_loses_and_doubles_no_letter(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    cluster = Cluster(home / "pg")  # fsync on
    cluster.start()
    web = None
    try:
        subprocess.run([sys.executable, "-m", "trongdan", "migrate", "--demo"], env=environment(home, "td_owner"), check=True, capture_output=True)
        web = serve(home, port)
        clerk = Browser(f"http://127.0.0.1:{port}")
        clerk.form(DESK + "dang-nhap/", DESK + "dang-nhap/", username="tiepdan", password=PASSWORD)
        clerk.form(DESK + "mat-mang/may/", DESK + "mat-mang/may/", name="máy quầy 1")
        state = json.loads(clerk.get(DESK + "mat-mang/trang-thai/"))
        worker = clerk.get(DESK + "mat-mang.js")
        for name in [*re.findall(r'"(/static/[^"]+)"', worker), DESK + "mat-mang/"]:
            assert clerk.opener.open(clerk.base + name).status == 200, "all that the browser keeps is there under its own name"
        leases = clerk.post(DESK + "mat-mang/ma/", state["csrf"], {"wanted": str(len(SUBJECTS))}, {})["leases"]
        items = sealed(home, state, leases)

        with psycopg.connect(cluster.conninfo("postgres", "trongdan"), autocommit=True) as db:
            def went_in() -> int:
                return int(db.execute("SELECT count(*) FROM td_lease WHERE used_at IS NOT NULL").fetchone()[0])  # type: ignore[index]

            def try_once() -> None:
                with contextlib.suppress(OSError, urllib.error.URLError, http.client.HTTPException, ValueError):
                    send(clerk, items)  # the line is cut: the device keeps what got no answer

            for least in (2, 11):  # twice, in the middle of two different batches
                sending = threading.Thread(target=try_once)
                sending.start()
                while went_in() < least and sending.is_alive():
                    time.sleep(0.002)
                web.kill()
                web.wait(30)
                sending.join(60)
                time.sleep(0.5)
                assert least <= went_in() < len(items), "killed in the middle"
                web = serve(home, port)

            answers = send(clerk, items)
            assert [a["state"] for a in answers] == ["recorded"] * len(items), answers
            assert went_in() == len(items)
            stored = db.execute("SELECT c.reference, count(f.id) FROM td_case c LEFT JOIN td_file f ON f.case_id = c.id "
                                "WHERE c.reference = ANY(%s) GROUP BY 1", [[i["reference"] for i in items]]).fetchall()  # fmt: skip
            assert sorted(stored) == sorted((i["reference"], 1) for i in items), "each under its slip's reference, once, with its file"
            typed = db.execute("SELECT count(*) FROM td_case c JOIN td_content t ON t.case_id = c.id WHERE t.body LIKE '%% ở xóm, đề nghị xã xem.'").fetchone()
            assert typed == (len(items),)
            assert db.execute("SELECT count(*) FROM td_held").fetchone() == (0,)
        checked = subprocess.run([sys.executable, "-m", "trongdan", "check"], env=environment(home, "td_job"), capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout
    finally:
        if web is not None:
            web.kill()
            web.wait(30)
        cluster.stop()
