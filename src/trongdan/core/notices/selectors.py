"""Reading notices. All run inside the reader's scope, which shows only notices of cases that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .models import Notice, Status
from .rules import APP
from .words import CHANNELS, line


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as a page shows it. `error` is a class and a code; no address and no content is ever here."""

    id: int
    case_id: UUID
    reference: str
    words: str
    channel: str
    channel_words: str
    status: str
    status_words: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    read: bool
    resendable: bool


def _line(row: Notice) -> NoticeLine:
    outside = row.channel != APP
    return NoticeLine(
        row.id, row.case_id, row.reference, line(row.template, row.reference), row.channel,
        str(CHANNELS[row.channel]), row.status,
        str(Status(row.status).label), row.attempts, row.last_error, row.created_at, row.sent_at, row.next_at,
        row.read_at is not None, outside and row.status in (Status.FAILED, Status.NO_ADDRESS, Status.WAITING),
    )  # fmt: skip


def unread_of_posts(posts: Sequence[str], most: int = 50) -> list[NoticeLine]:
    """What the holders of these posts have not read, newest first."""
    found = Notice.objects.filter(to_kind="post", post__in=list(posts), read_at=None).order_by("-id")
    return [_line(row) for row in found[:most]]


def count_unread(posts: Sequence[str], most: int = 99) -> int:
    """How many notices these posts have not read, at most `most`."""
    return Notice.objects.filter(to_kind="post", post__in=list(posts), read_at=None)[:most].count()


def of_case(case_id: UUID, most: int = 200) -> list[NoticeLine]:
    """All notices to the person about a case and how they were delivered, newest first: for the case page."""
    return [_line(row) for row in Notice.objects.filter(case_id=case_id, to_kind="person").order_by("-id")[:most]]


def undelivered(most: int = 200) -> list[NoticeLine]:
    """Messages given up or without an address, newest first: somebody has to call or write instead."""
    found = Notice.objects.filter(status__in=(Status.FAILED, Status.NO_ADDRESS)).order_by("-id")
    return [_line(row) for row in found[:most]]
