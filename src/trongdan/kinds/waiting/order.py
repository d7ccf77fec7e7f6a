"""In which order people are called: one moment a ticket, the earlier first. Pure.

Everybody's moment is when the ticket was taken. It lies earlier for who is to be helped (NĐ 63/2010 Đ18 k8), for who has
an appointment and comes in time, and for who was away when called and comes back. So nobody waits without end: a ticket
can only be passed by those who come within these minutes after it. A transfer keeps the moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from .reference import Rules


def moment(taken: datetime, rules: Rules, *, helped: bool = False, appointment: datetime | None = None,
           back: datetime | None = None) -> datetime:  # fmt: skip
    """The moment of a ticket. `appointment`: the hour agreed on; `back`: when one who was away came back."""
    if back is not None:
        return back - rules.return_ahead
    found = taken - rules.support_ahead if helped else taken
    if appointment is not None and taken <= appointment + rules.late_grace:
        found = min(found, appointment - rules.appointment_ahead)
    return found


def why(rules: Rules, *, helped: bool, appointment: datetime | None, back: bool) -> tuple[str, int]:
    """(reason, minutes): which part of the rule a ticket's moment comes from; ("taken", 0) for most."""
    if back:
        return "back", _minutes(rules.return_ahead)
    if appointment is not None:
        return "appointment", _minutes(rules.appointment_ahead)
    return ("helped", _minutes(rules.support_ahead)) if helped else ("taken", 0)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
