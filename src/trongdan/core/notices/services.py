"""What people do with notices: read them, and send again one that did not arrive. Inside the actor's scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from trongdan.kernel.errors import Refusal

from .models import Notice, Status
from .quiet import quiet_hours

UNDELIVERED = (Status.FAILED, Status.NO_ADDRESS, Status.WAITING)


def resend(notice_id: int, now: datetime | None = None) -> datetime:
    """Send a notice again that did not arrive, with all its attempts anew; when it will go (after the quiet hours).

    Raises Refusal "notice.unknown" (none such in the scope) or "notice.not_failed" (sent, or being sent just now).
    """
    moment = quiet_hours().next_allowed(now or timezone.now())
    changed = Notice.objects.filter(id=notice_id, status__in=UNDELIVERED).update(
        status=Status.WAITING, attempts=0, next_at=moment, resends=F("resends") + 1)  # fmt: skip
    if changed:
        return moment
    if not Notice.objects.filter(id=notice_id).exists():
        raise Refusal("notice.unknown", _("Không có thông báo này trong phạm vi của ông/bà. Hãy tải lại trang."))
    raise Refusal("notice.not_failed", _("Thông báo này đã gửi hoặc đang được gửi, không cần gửi lại."))


def mark_read(notices: Iterable[int], posts: Iterable[str], now: datetime | None = None) -> int:
    """Notices to these posts as read; how many were unread."""
    return Notice.objects.filter(id__in=list(notices), to_kind="post", post__in=list(posts), read_at=None).update(
        read_at=now or timezone.now())  # fmt: skip


def mark_case_read(case_id: UUID, now: datetime | None = None) -> int:
    """The person's notices of a case as read, once its tracking page was opened."""
    return Notice.objects.filter(case_id=case_id, to_kind="person", channel="app", read_at=None).update(
        read_at=now or timezone.now())  # fmt: skip

