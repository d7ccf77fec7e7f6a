"""Letters that a clerk took in while there was no network, as the desk's own form would have recorded them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import resolve
from trongdan.core.cases.trail import today
from trongdan.core.leases.items import REASON, Slip
from trongdan.core.leases.packed import Typed, checked_files, day_typed
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference

from . import intake
from .twice import same_before

FLAGS = ("signed", "keep_secret")


def letter_of(typed: Typed, agency: str, reference: str | None, device: UUID) -> intake.Letter:
    """The letter as the desk's own form would record it. Raises Refusal for a file or a day that can't be taken."""
    words = {k: v.strip() for k, v in typed.fields.items()}
    checked = checked_files(typed)
    facts: dict[str, Any] = {flag: typed.flag(flag) for flag in FLAGS}
    postmark = day_typed(words.get("postmark", ""), "postmark")
    if postmark:
        facts["postmark"] = postmark.isoformat()
    if words.get("arrival_no"):
        facts["arrival_no"] = words["arrival_no"][:60]
    place = find_place(words["commune"]) if words.get("commune") else []
    if place:
        facts["commune"] = resolve(place[0].commune.agency, today())
    sender = {k: words[k] for k in ("name", "phone", "email", "address") if words.get(k)}
    channel = words.get("channel") if words.get("channel") in intake.FROM else "counter"
    if channel == "phone":
        facts["signed"] = False  # nobody signs by telephone (Luật Khiếu nại Đ8; domain 3)
    on = day_typed(words.get("on", ""), "on")
    text = typed.fields.get("text", "")
    return intake.Letter(text, agency, str(channel), sender, on, REASON, facts, checked, reference, str(device))


def take(typed: Typed, slip: Slip) -> tuple[UUID, str]:
    """Record it (core/leases/items.Taker). Raises Refusal "letter.twice" when it reads like one that is there, unless a person
    said that it is a letter of its own."""
    letter = letter_of(typed, slip.agency, slip.reference, slip.device)
    if not slip.decided:
        _not_twice(letter, slip.moment)
    receipt = intake.receive(letter, str(slip.item), slip.client, slip.actor, slip.moment)
    return receipt.case, receipt.reference


def _not_twice(letter: intake.Letter, now: datetime) -> None:
    on = letter.on or now.astimezone(VIETNAM).date()
    other = same_before(letter.text, letter.sender.get("name", ""), letter.agency, on)
    if other is not None:
        raise Refusal("letter.twice", _("Đơn này giống đơn mã %(code)s đã nhận: hãy xem là một đơn hay hai.")
                      % {"code": format_reference(other)})  # fmt: skip
