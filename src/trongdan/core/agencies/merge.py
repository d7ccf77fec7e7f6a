"""A unit is merged into another by a decision: the directory's part. Its cases follow by `core.cases.succession`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from trongdan.kernel.errors import Refusal

from .models import Agency, Appointment, Succession
from .selectors import Successors, resolve, successors

WHOLE = ("committee", "department")


@dataclass(frozen=True, slots=True)
class Merger:
    """What follows what, and how many appointments at the old unit come to an end the day before."""

    old: str
    new: str
    follow: Successors
    appointments: int


def look(old: str, new: str, on: date, today: date) -> Merger:
    """What a merger would change; nothing changes. Raises Refusal: unknown units, of different sorts, one that ended, a day to
    come."""
    if on > today:
        raise Refusal("merge.future", "Hãy chạy vào đúng ngày sáp nhập có hiệu lực, hoặc sau đó: trước ngày ấy cơ quan cũ còn "
                      "giải quyết.")  # fmt: skip
    found = {a.code: a for a in Agency.objects.filter(code__in=[old, new])}
    for code in (old, new):
        if code not in found or found[code].kind not in WHOLE:
            raise Refusal("merge.unknown", f"Không có Ủy ban nhân dân hay sở nào mang mã {code}. Xem các mã ở docs/data.")
    if old == new or found[old].kind != found[new].kind or found[old].level != found[new].level:
        raise Refusal("merge.kinds", "Chỉ sáp nhập được hai cơ quan khác nhau, cùng loại, cùng cấp.")
    if found[new].valid_to is not None:
        raise Refusal("merge.ended", f"{found[new].name} đã hết hoạt động, không nhận thêm được.")
    if found[old].valid_to is not None and resolve(old, today) != new:
        raise Refusal("merge.elsewhere", f"{found[old].name} đã nhập vào cơ quan khác.")
    follow = successors(old, new)
    held = Appointment.objects.filter(post__agency__code__in=list(follow.agencies), until=None).count()
    return Merger(old, new, follow, held)


def merge(merger: Merger, on: date, decision: str) -> None:
    """End the old unit, its rooms and who holds its posts the day before; note what follows it. Run as td_owner; again is once."""
    if not decision.strip():
        raise Refusal("succession.decision", "Sáp nhập, chia tách phải có số quyết định.", "Luật 72/2025/QH15")
    before = on - timedelta(days=1)
    with transaction.atomic():
        for old, new in merger.follow.agencies.items():
            Succession.objects.update_or_create(old_id=old, new_id=new, defaults={"on": on, "whole": True, "main": True})
        end_abolished()
        Appointment.objects.filter(post__agency__code__in=list(merger.follow.agencies), until=None).update(until=before)


def end_abolished() -> int:
    """Agencies that were succeeded have ended, whatever the shipped directory says of them; how many that changed."""
    ended = 0
    for row in Succession.objects.filter(old__valid_to=None, whole=True, main=True):
        ended += Agency.objects.filter(code=row.old_id).update(valid_to=row.on - timedelta(days=1))
    return ended
