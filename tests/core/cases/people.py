"""Invented actors of xã Kim Bôi for the tests of the core."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import connection

from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.kernel.case import Actor, Command, Post

AGENCY = "c04978"
SENDER = Actor(is_sender=True, door="portal")
WORDS = "Cống đầu xóm bị tắc, canary-lời-đơn"


def official(role: str, agency: str = AGENCY, post: str | None = None) -> Actor:
    held = Post(post or f"{agency}/{role}", role, agency)
    return Actor(person=str(UUID(int=7)), posts=(held,), post=held)


def send(text: str = WORDS, key: str | None = None, agency: str = AGENCY, **facts: object) -> Done:
    command = Command("letters.letter", None, "receive", {"text": text, "channel": "portal", **facts}, agency=agency)
    return perform(command, SENDER, key or str(uuid4()), client="test",
                   identity={"name": "Canary Văn Tên", "phone": "0900000001", "address": "xóm Mớ"})  # fmt: skip


def open_petition(letter: Done) -> Done:
    data = {"nature": "kien_nghi", "matter_kind": "letters.petition", "topic": "giao thông"}
    return perform(Command("letters.letter", str(letter.case), "open_matter", data), official("reception"))


def wait_until_readable(seconds: float = 60.0) -> None:
    """Until readers may see every event: a snapshot spans the server, so a transaction of another process's tests, in a
    database of its own, holds all readers back."""
    end = time.monotonic() + seconds
    while True:
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(xid), '0') < pg_snapshot_xmin(pg_current_snapshot()) FROM td_event")
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < end, "some transaction held the readers back"
        time.sleep(0.02)


def until(wanted: int, take: Callable[[], int], seconds: float = 10.0) -> int:
    """Take until so many came: a transaction of a test beside this one holds every reader of the server back."""
    end, total = time.monotonic() + seconds, 0
    while total < wanted and time.monotonic() < end:
        with scope(JOB):
            total += take()
        if total < wanted:
            time.sleep(0.05)
    return total
