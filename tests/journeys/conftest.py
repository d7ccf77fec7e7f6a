"""A real browser on a real server: Chromium driven by Playwright, pages checked by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from trongdan.doors.cli.demo import PASSWORD

FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=flags)
        yield launched
        launched.close()


@pytest.fixture(autouse=True)
def _local_address(live_server: Any, settings: Any) -> None:
    settings.SITE_URL = live_server.url


class Visit:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, url: str, login: str | None = None, width: int = 1280, script: bool = True):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", java_script_enabled=script)
        self.page: Page = self.context.new_page()
        self.url = url
        if login:
            self.open("/ban-lam-viec/dang-nhap/")
            self.page.fill("#id_username", login)
            self.page.fill("#id_password", PASSWORD)
            self.page.click("main button")
            assert "/dang-nhap/" not in self.page.url, self.page.inner_text("main")

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self.page

    def text(self) -> str:
        return self.page.inner_text("main")

    def do(self, label: str, **answers: Any) -> str:
        """Open the action with this label on the case page, answer what it asks, send it."""
        box = self.page.locator("details.td-act", has=self.page.locator("summary", has_text=label)).filter(
            has=self.page.get_by_text(label, exact=True)).first
        if not box.evaluate("e => e.open"):
            box.locator("summary").click()
        for name, value in answers.items():
            field = box.locator(f"[name={name}]").first
            if isinstance(value, list):
                for one in value:
                    box.locator(f"[name={name}][value={one}]").check()
            elif value is True:
                field.check()
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "checkbox":
                box.locator(f"[name={name}][value={value}]").check()
            else:
                field.fill(value)
        box.locator("button").click()
        self.page.wait_for_load_state()
        main = self.text()
        assert "Chưa thực hiện được" not in main, main[:600]
        return main


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Any]:
    opened: list[Visit] = []
    officials: dict[str, Visit] = {}  # signed in once a test: Argon2 is slow on purpose

    def make(login: str | None = None, **more: Any) -> Visit:
        if login in officials:
            return officials[login]
        opened.append(Visit(browser, live_server.url, login, **more))
        if login:
            officials[login] = opened[-1]
        return opened[-1]

    yield make
    for one in opened:
        one.context.close()
