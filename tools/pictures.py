"""Pictures of the pages for README and docs, taken in a real browser from a demo instance of its own.

    python tools/pictures.py            writes docs/pictures/*.png; needs Chromium (see tools/chromium.py)

Only the project's own invented letters and officials are seen. Each picture stays below 200 KB.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import chromium
from trongdan.doors.cli.demo import LETTERS, PASSWORD

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "pictures"
MOST = 200 * 1024
START_SECONDS = 90
FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync", "--force-color-profile=srgb"]
PHONE, DESK = (375, 760), (1280, 860)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{url}/khoe/", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def demo() -> Iterator[str]:
    """A demo instance in a folder that goes with it; its address."""
    with tempfile.TemporaryDirectory(prefix="td-pictures-", ignore_cleanup_errors=True) as home:
        port = _free_port()
        env = {k: v for k, v in os.environ.items() if not k.startswith("TRONGDAN_") or k == "TRONGDAN_CHROMIUM"}
        process = subprocess.Popen([sys.executable, "-m", "trongdan", "run", "--port", str(port)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, env={**env, "TRONGDAN_HOME": home})  # fmt: skip
        try:
            url, end = f"http://localhost:{port}", time.monotonic() + START_SECONDS
            while not _answers(url):
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("Bản trình diễn không chạy được.")
                time.sleep(0.2)
            yield url
        finally:
            process.terminate()
            process.wait(40)


def save(page: Page, name: str, height: int | None = None) -> None:
    """The page as a PNG of few colours; `height` cuts a long page off. Raises SystemExit when it is too big."""
    size = page.viewport_size or {"width": 0, "height": 0}
    clip = None
    if height is not None:
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height, page.evaluate("document.body.scrollHeight"))}
    data = page.screenshot(full_page=height is not None, clip=clip, animations="disabled")
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    if out.tell() > MOST:
        raise SystemExit(f"{name}: {out.tell()} byte, quá {MOST}.")
    (OUT / name).write_bytes(out.getvalue())
    print(f"docs/pictures/{name}: {out.tell() // 1024} KB")


def _page(browser: Browser, size: tuple[int, int], scale: float = 1) -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale, locale="vi-VN")
    return context.new_page()


def _sign_in(browser: Browser, url: str, login: str) -> Page:
    page = _page(browser, DESK)
    page.goto(f"{url}/ban-lam-viec/dang-nhap/")
    page.fill("#id_username", login)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/ban-lam-viec/")
    return page


def send_letter(page: Page, url: str) -> tuple[str, str]:
    """Send the first demo letter from a phone; its reference and the address of its tracking page."""
    _days, text, name = LETTERS[0]
    page.goto(f"{url}/gui-don/")
    page.fill("#f-text", text)
    page.fill("#f-commune", "Kim Bôi")
    page.fill("#f-name", name)
    page.fill("#f-address", "xóm (trình diễn)")
    page.wait_for_timeout(2200)  # a form sent sooner is taken for a robot's
    page.get_by_role("button", name="Gửi đơn", exact=True).click()
    page.wait_for_url("**/da-nhan/")
    return page.locator(".td-ref").inner_text(), page.locator(".td-receipt a").get_attribute("href") or ""


def open_matter(browser: Browser, url: str, reference: str) -> None:
    """The clerk confirms the reading, the chair accepts: so that the tracking page has something to tell."""
    clerk = _sign_in(browser, url, "tiepdan")
    clerk.goto(f"{url}/ban-lam-viec/tim/?q={reference}")
    clerk.locator("tr[data-row] a").last.click()
    clerk.locator("[data-accept]").click()
    clerk.get_by_role("link", name="Kiến nghị, phản ánh").first.click()
    matter = clerk.url
    chair = _sign_in(browser, url, "chutich")
    chair.goto(matter)
    box = chair.locator("details.td-act", has=chair.locator("summary", has_text="Thụ lý, giao giải quyết"))
    box.locator("summary").click()
    box.locator("button").click()
    chair.wait_for_load_state()


def take(browser: Browser, url: str) -> None:
    phone = _page(browser, PHONE, 2)
    phone.goto(f"{url}/")
    save(phone, "cong-trang-dau.png")
    reference, track = send_letter(phone, url)
    open_matter(browser, url, reference)
    phone.goto(url + track)
    save(phone, "theo-doi.png", height=1500)
    desk = _sign_in(browser, url, "tiepdan")
    save(desk, "ban-lam-viec.png")
    desk.locator("tr[data-row] a").first.click()  # the oldest letter: the complaint that waits longest
    desk.wait_for_load_state()
    save(desk, "ho-so.png", height=1100)


def main() -> int:
    program = chromium.find()
    if program is None:
        print(chromium.ADVICE, file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    flags = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    with demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=flags)
        try:
            take(browser, url)
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
