"""Story: a letter about the chair of a commune is received. On no page that the menu, the registers and the reports give an official
who may not see it does one character change: no count, no sum, no curve, no list. Only the figures of the whole province, as its own
offices read them, count it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from tests.core.cases.people import until, wait_until_readable
from tests.core.people.denouncing import denounce
from tests.roles import worker
from tests.stories.about_the_chair import COMMUNE, letter_about_the_chair
from trongdan.board import tally
from trongdan.core.cases import projector
from trongdan.doors.cli.demo import OFFICIALS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]
DESK = "/ban-lam-viec/"
PUBLIC = ("/", "/ket-luan/", "/thu-tuc/", "/lich-tiep-cong-dan/", "/da-cong-khai/", "/doi-thoai/", "/trung-tam/")
# What differs on a page from one time it is asked for to the next: a form's tokens, a stamp, the time of day.
OF_THE_MOMENT = re.compile(r'value="[^"]{20,}"|\b\d{1,2}:\d{2}\b|[0-9a-f]{8}-[0-9a-f-]{27}')
OF_THE_PROVINCE = f"{DESK}bao-cao/xu-ly-don/?coquan=tinh"
INSPECTORATE = {login for login, _name, posts in OFFICIALS if posts[0].startswith("thanh-tra")}
PROVINCE = {login for login, _name, posts in OFFICIALS if posts[0].startswith("ubnd-tinh")}
LINK = re.compile(r' href="(/ban-lam-viec/[^"#]*)"')
# Signing in and out; single cases and procedures; files with the time they were made; each is looked at elsewhere.
NOT_FOLLOWED = ("/dang-", "/yeu-to-thu-hai/", "/ho-so/", "/quy-trinh/", "?q=", "?ma=", ".xlsx", ".docx", ".pdf", ".zip")
DATED = ("/so/", "/bao-cao/")
ALL_DAYS = "tu=2026-01-01&den=2030-12-31"


def desks() -> dict[str, Client]:
    """Every official of the demonstration, signed in."""
    out = {}
    for login, _name, _posts in OFFICIALS:
        out[login] = Client()
        out[login].force_login(get_user_model().objects.get(username=login))
    return out


def seen(client: Client, paths: list[str]) -> Iterator[tuple[str, str]]:
    """(address, the page without what is of the moment)."""
    for path in paths:
        answer = client.get(path)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield path, f"{answer.status_code} {OF_THE_MOMENT.sub('', text.decode('utf-8', 'replace'))}"


def menu(client: Client) -> list[str]:
    """Every page that the menu leads to, every register and report also over all days."""
    paths = {DESK, f"{DESK}ho-so/", *links(client, DESK)}
    paths |= {one for path in paths if "/muc/" in path for one in links(client, path)}
    paths |= {one for path in paths if path == f"{DESK}so/" for one in links(client, path)}
    dated = {path for path in paths if any(part in path for part in DATED)}
    return sorted(paths | {f"{path}{'&' if '?' in path else '?'}{ALL_DAYS}" for path in dated})


def links(client: Client, path: str) -> set[str]:
    found = LINK.findall(client.get(path).content.decode("utf-8", "replace"))
    return {one.replace("&amp;", "&") for one in found if not any(part in one for part in NOT_FOLLOWED)}


def everything(clients: dict[str, Client], paths: dict[str, list[str]]) -> dict[tuple[str, str], str]:
    """Every page of everybody's menu, and the public ones, once the worker has caught up."""
    with worker():
        wait_until_readable()
        for work in (projector.fill_search, tally.fill):
            until(1, work, seconds=1.0)
    cache.clear()
    out = {("", path): text for path, text in seen(Client(), [*PUBLIC])}
    for login, client in clients.items():
        out |= {(login, path): text for path, text in seen(client, paths[login])}
    return out


@pytest.fixture
def was() -> tuple[dict[str, Client], dict[str, list[str]], dict[tuple[str, str], str]]:
    """Everybody's desk, the pages of each, and how they look before."""
    clients = desks()
    paths = {login: menu(client) for login, client in clients.items()}
    pages = everything(clients, paths)
    assert len(pages) > 1000, "the menus, registers and reports were read"
    return clients, paths, pages


def changed_for_the_blind(was: Any, case: UUID) -> list[tuple[str, str]]:
    """(login, address) of every page that looks another way now to somebody who may not open the case."""
    clients, paths, pages = was
    may = {login for login, client in clients.items() if client.get(f"{DESK}ho-so/{case}/").status_code == 200}
    assert "bantcd" in may and not may & {*COMMUNE}
    changed = [key for key, text in everything(clients, paths).items() if pages[key] != text]
    assert ("bantcd", DESK) in changed, "who receives it sees it: the comparison sees what changes"
    return [(login, path) for login, path in changed if login not in may]


def beyond(changed: list[tuple[str, str]], reporting: set[str]) -> list[tuple[str, str]]:
    """What changed beside the figures of the whole province as `reporting` read them."""
    return [(login, path) for login, path in changed if not (login in reporting and path.startswith(OF_THE_PROVINCE))]


def test_a_denunciation_in_the_vault_moves_nothing_but_the_inspectorate_s_figures_of_the_whole_province(was: Any) -> None:
    """Decision 0039: the vault is counted once, for the whole province, for who reports denunciations."""
    changed = changed_for_the_blind(was, denounce().case)
    assert beyond(changed, INSPECTORATE) == []


def test_a_letter_about_the_chair_moves_nothing_but_the_figures_of_the_whole_province(
    was: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies with the province, which must report how many letters it received; no commune's figures hold it."""
    changed = changed_for_the_blind(was, letter_about_the_chair(monkeypatch)[1])
    assert beyond(changed, PROVINCE | INSPECTORATE) == []
