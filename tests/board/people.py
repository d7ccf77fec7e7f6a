"""The worker's tally, and the desk of an official, for the tests of the board."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.cases.people import wait_until_readable
from tests.roles import worker
from trongdan.board.tally import fill
from trongdan.core.cases.scope import JOB, scope

DESK = "/ban-lam-viec"


def tallied() -> None:
    """The tally is brought up to the trail, as the worker does it."""
    wait_until_readable()
    with worker():
        while True:
            with scope(JOB):
                if not fill():
                    return


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def cells_of(data: bytes) -> list[str]:
    """Every word in a workbook's first sheet, read from its own XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        root = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314  a workbook we made ourselves
    return ["".join(t.text or "" for t in item.iter() if t.tag.endswith("}t")) for item in root]


def everything_in(data: bytes) -> str:
    """All parts of a workbook or document as text, its metadata too."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def figure(page: str, name: str) -> int:
    """The figure of a report's page beside a name."""
    found: Any = re.search(rf'scope="row">{re.escape(name)}</th>\s*<td[^>]*><a [^>]*>(-?\d+)<', page)
    assert found, name
    return int(found[1])
