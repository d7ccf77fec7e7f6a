"""What a device brings: each item once, under the reference its slip says, or kept for a person to decide.

What an item becomes is known to its kind alone: a door hands over the takers (`Takers`) of the kinds it serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, Protocol
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from trongdan.core.cases.scope import scope
from trongdan.core.cases.selectors import is_known
from trongdan.core.papers import files
from trongdan.kernel.case import VIETNAM, Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import parse_reference

from . import held, leases
from .devices import Device, desk_of
from .packed import Typed, open_item

STAYS = frozenset({"box.unreadable", "lease.other_desk", "lease.other_officer"})  # it stays on the device, whose keeper is told
REASON = "Nhận khi mất mạng, ghi theo ngày nhận"  # the same at each try, so that a try again is the same command
State = Literal["recorded", "held", "refused"]


@dataclass(frozen=True, slots=True)
class Item:
    """What a device sends: its own id of it, the reference on the slip, the signed lease, the box."""

    id: UUID
    reference: str
    lease: Mapping[str, Any]
    box: bytes

    @property
    def digest(self) -> bytes:
        return sha256(self.box).digest()

    @property
    def sealed_by(self) -> UUID | None:
        """The device it was typed on, as its lease says: not yet believed."""
        with suppress(KeyError, TypeError, ValueError):
            return UUID(str(self.lease["statement"]["device"]))
        return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """"recorded": it is a case. "held": kept here until a person decides; the device may forget it. "refused": the device
    keeps it. `case` when there is one; `reference` in stored form; `words` say what to do."""

    state: State
    reference: str
    case: UUID | None = None
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """What an item is recorded under. `reference` is None when that of its slip is no longer free; `decided` says that a person
    looked at it."""

    item: UUID
    agency: str
    reference: str | None
    device: UUID
    actor: Actor
    moment: datetime
    decided: bool = False

    @property
    def client(self) -> str:
        return f"device:{self.device}"


class Taker(Protocol):
    """How items of one kind become cases. Raises Refusal; called inside the transaction that uses the lease."""

    def __call__(self, typed: Typed, slip: Slip) -> tuple[UUID, str]:
        """The case and its reference (stored form)."""


Takers = Mapping[str, Taker]


# --- a device brings an item --------------------------------------------------------------------------------------------


def take_in(item: Item, device: Device, actor: Actor, takers: Takers, *, hand_over: bool = False, now: datetime | None = None
            ) -> Outcome:  # fmt: skip
    """One item of a batch, in a transaction of its own: recorded once whatever is killed in the middle, kept for a person when
    a rule stands against it. `hand_over`: its keeper gives another officer's item to the desk, to be looked at."""
    desk, moment = desk_of(actor), now or datetime.now(VIETNAM)
    before = _before(item, actor)
    if before is not None:
        return before
    try:
        with scope(actor):
            lease = leases.take(item.lease, item.id, device, actor, moment.astimezone(VIETNAM).date())
            before = _before(item, actor)  # another window sent it while this one waited for the lease
            if before is not None:
                return before
            if lease.reference != item.reference:
                raise Refusal("lease.unreadable", _("Mã trên giấy hẹn khác mã hồ sơ cấp trước."))
            typed = open_item(item.id, item.reference, device.id, item.box)
            slip = Slip(item.id, lease.agency, lease.reference, device.id, actor, moment)
            case, reference = _taker(takers, typed)(typed, slip)
            leases.use(lease.reference, item.id, item.digest, case, moment)
        return Outcome("recorded", reference, case)
    except Refusal as refusal:
        why = refusal
    except IntegrityError:  # the same item at the same moment from another tab, or a reference that somebody else drew
        again = _before(item, actor)
        if again is not None:
            return again
        why = Refusal("lease.used", _("Mã hồ sơ này đã dùng cho một việc khác."))
    if why.code in STAYS and not (hand_over and why.code == "lease.other_officer"):
        return Outcome("refused", item.reference, None, why.code, str(why))
    with scope(actor):
        person = _person_of(item.reference)
        held.hold(item.id, desk, item.sealed_by or device.id, item.reference, person, item.box, item.digest, why)
    return Outcome("held", item.reference, None, why.code, str(why))


def _taker(takers: Takers, typed: Typed) -> Taker:
    if typed.kind not in takers:  # of a page newer than this server
        raise Refusal("item.kind", _("Máy chủ chưa biết loại việc này. Hãy báo người quản trị; giữ bản giấy."))
    return takers[typed.kind]


def _person_of(reference: str) -> str | None:
    row = leases.locked(reference)
    return str(row["person"]) if row else None


def _before(item: Item, actor: Actor) -> Outcome | None:
    """What became of this item when it came before; None for a new one. Raises Refusal when its content is another."""
    with scope(actor):
        used, kept = leases.used_by(item.id), held.find(item.id)
    if used is not None and used[2] == item.digest:
        return Outcome("recorded", used[1], used[0])
    if kept is not None and kept.digest == item.digest:
        if kept.settled_how == "recorded":
            return Outcome("recorded", kept.told, kept.case)
        return Outcome("held", kept.reference, None, kept.code, kept.words)
    if used is not None or kept is not None:
        words = _("Mã chống gửi trùng này đã dùng cho một nội dung khác. Hãy giữ bản giấy và báo người quản trị.")
        return Outcome("refused", item.reference, None, "key.reused", words)
    return None


# --- a person decides ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person says of a held item that is to go in: other values for fields, files to leave out (by shown name)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()


def open_held(one: held.Held) -> Typed:
    """What was typed, for the person who decides. Raises Refusal when the box is gone or can't be opened."""
    if one.box is None:
        raise Refusal("held.gone", _("Nội dung không còn giữ: mục này đã được giải quyết."))
    return open_item(one.item, one.reference, one.device, one.box)


def record_held(item: UUID, actor: Actor, decided: Decided, takers: Takers, now: datetime | None = None) -> Outcome:
    """A person takes it in, with what they decided, under the reference of the slip where that is still free. Raises Refusal;
    then it waits as before."""
    desk, moment = desk_of(actor), now or datetime.now(VIETNAM)
    with scope(actor):
        one = _still_waiting(item, desk)
        typed = open_held(one)
        kept = tuple(f for f in typed.files if files.safe_name(f[0]) not in decided.without)
        changed = Typed({**typed.fields, **decided.fields}, kept, typed.kind)
        lease = leases.locked(one.reference)
        free = lease is not None and lease["used_at"] is None and lease["device"] == one.device
        slip = Slip(item, desk.partition("/")[0], one.reference if free else None, one.device, actor, moment, decided=True)
        case, reference = _taker(takers, changed)(changed, slip)
        if free:
            leases.use(one.reference, item, one.digest, case, moment)
        held.settle(item, "recorded", actor.person, reference, case)
    return Outcome("recorded", reference, case)


def same_as(item: UUID, actor: Actor, typed_reference: str) -> str:
    """A person found that it repeats a case that is there; the reference of that one. Raises Refusal."""
    reference = parse_reference(typed_reference)
    with scope(actor):
        _still_waiting(item, desk_of(actor))
        if not is_known(reference):
            raise Refusal("held.no_such", _("Không có hồ sơ mang mã này trong phạm vi của ông/bà. Hãy xem lại mã."), None,
                          {"field": "reference"})  # fmt: skip
        held.settle(item, "same", actor.person, reference, None)
    return reference


def _still_waiting(item: UUID, desk: str) -> held.Held:
    one = held.find(item, lock=True)
    if one is None or one.desk != desk:
        raise Refusal("held.unknown", _("Không có mục này trong danh sách chờ xem lại."))
    if one.settled_at is not None:
        raise Refusal("held.settled", _("Mục này vừa được người khác giải quyết."))
    return one
