"""Letters that a clerk took in while there was no network: each once, under the reference its slip says, or shown to a person.

An item comes sealed (platform/boxes). What is in it: four bytes with the length of its header, the header (JSON: `fields` as
on the desk's form, `files` [{name, size}]), then the files' bytes one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import resolve
from trongdan.core.cases.scope import scope
from trongdan.core.cases.selectors import is_known
from trongdan.core.cases.trail import today
from trongdan.core.leases import held, leases
from trongdan.core.leases.devices import Device, desk_of
from trongdan.core.papers import files
from trongdan.kernel.case import VIETNAM, Actor
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, parse_reference
from trongdan.platform import boxes

from . import intake
from .twice import same_before

STAYS = frozenset({"box.unreadable", "lease.other_desk", "lease.other_officer"})  # it stays on the device, whose keeper is told
FLAGS = ("signed", "keep_secret")
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
class Typed:
    """An opened item: what was typed, and the files as (name, bytes)."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, bytes], ...]

    def flag(self, name: str) -> bool:
        return self.fields.get(name, "") not in ("", "0")


def bound_to(item: UUID, reference: str, device: UUID) -> bytes:
    """What a box is bound to: nobody can put it under another reference or another device's name."""
    return f"{item}|{reference}|{device}".encode()


def unpack(plain: bytes) -> Typed:
    """Raises Refusal "box.unreadable"."""
    try:
        size = int.from_bytes(plain[:4], "big")
        header = json.loads(plain[4 : 4 + size])
        fields = {str(k): str(v) for k, v in header["fields"].items()}
        out, at = [], 4 + size
        for file in header["files"]:
            end = at + int(file["size"])
            out.append((str(file["name"]), plain[at:end]))
            at = end
        if at != len(plain):
            raise ValueError("a file is cut short")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable() from None
    return Typed(fields, tuple(out))


def pack(fields: Mapping[str, str], attached: list[tuple[str, bytes]]) -> bytes:
    """What the browser packs (frontend/src/queue.js), for the tests and for a device that isn't a browser."""
    header = json.dumps({"fields": dict(fields), "files": [{"name": n, "size": len(d)} for n, d in attached]}).encode()
    return len(header).to_bytes(4, "big") + header + b"".join(d for _n, d in attached)


def open_item(item: UUID, reference: str, device: UUID, box: bytes) -> Typed:
    """Raises Refusal "box.unreadable"."""
    try:
        return unpack(boxes.open_box(box, bound_to(item, reference, device)))
    except boxes.BoxUnreadable:
        raise _unreadable() from None


def _unreadable() -> Refusal:
    return Refusal("box.unreadable", _("Máy chủ không mở được đơn này: nó được khóa bằng khóa khác hoặc đã hỏng. Đơn vẫn ở trên "
                   "máy; hãy báo người quản trị và giữ bản giấy."))  # fmt: skip


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None


def letter_of(typed: Typed, agency: str, reference: str | None, device: UUID) -> intake.Letter:
    """The letter as the desk's own form would record it. Raises Refusal for a file or a day that can't be taken."""
    words = {k: v.strip() for k, v in typed.fields.items()}
    if len(typed.files) > files.MAX_FILES:
        raise Refusal("file.many", _("Gửi được nhiều nhất %(n)s tệp mỗi lần. Hãy bỏ bớt.") % {"n": files.MAX_FILES}, None,
                      {"field": "files"})  # fmt: skip
    checked = tuple(files.check(name, data) for name, data in typed.files)
    facts: dict[str, Any] = {flag: typed.flag(flag) for flag in FLAGS}
    postmark = _day(words.get("postmark", ""), "postmark")
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
    return intake.Letter(typed.fields.get("text", ""), agency, str(channel), sender, _day(words.get("on", ""), "on"), REASON, facts,
                         checked, reference, str(device))  # fmt: skip


# --- a device brings an item --------------------------------------------------------------------------------------------


def take_in(item: Item, device: Device, actor: Actor, hand_over: bool = False, now: datetime | None = None) -> Outcome:
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
            letter = letter_of(open_item(item.id, item.reference, device.id, item.box), lease.agency, lease.reference, device.id)
            _not_twice(letter, moment)
            receipt = intake.receive(letter, str(item.id), client_of(device.id), actor, moment)
            leases.use(lease.reference, item.id, item.digest, receipt.case, moment)
        return Outcome("recorded", receipt.reference, receipt.case)
    except Refusal as refusal:
        why = refusal
    except IntegrityError:  # the same item at the same moment from another tab, or a reference that somebody else drew
        again = _before(item, actor)
        if again is not None:
            return again
        why = Refusal("lease.used", _("Mã hồ sơ này đã dùng cho một đơn khác."))
    if why.code in STAYS and not (hand_over and why.code == "lease.other_officer"):
        return Outcome("refused", item.reference, None, why.code, str(why))
    with scope(actor):
        person = _person_of(item.reference)
        held.hold(item.id, desk, item.sealed_by or device.id, item.reference, person, item.box, item.digest, why)
    return Outcome("held", item.reference, None, why.code, str(why))


def client_of(device: UUID) -> str:
    return f"device:{device}"


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


def _not_twice(letter: intake.Letter, now: datetime) -> None:
    on = letter.on or now.astimezone(VIETNAM).date()
    other = same_before(letter.text, letter.sender.get("name", ""), letter.agency, on)
    if other is not None:
        raise Refusal("letter.twice", _("Đơn này giống đơn mã %(code)s đã nhận: hãy xem là một đơn hay hai.")
                      % {"code": format_reference(other)})  # fmt: skip


# --- a person decides ----------------------------------------------------------------------------------------------------


def open_held(one: held.Held) -> Typed:
    """What was typed, for the person who decides. Raises Refusal when the box is gone or can't be opened."""
    if one.box is None:
        raise Refusal("held.gone", _("Nội dung không còn giữ: đơn này đã được giải quyết."))
    return open_item(one.item, one.reference, one.device, one.box)


def shown_name(name: str) -> str:
    """A file's name as it may be shown."""
    return files.safe_name(name)


def file_names(typed: Typed) -> list[str]:
    return [shown_name(name) for name, _data in typed.files]


def refused_files(typed: Typed) -> list[tuple[str, str]]:
    """(name, why) of the files that can't be taken."""
    out = []
    for name, data in typed.files:
        try:
            files.check(name, data)
        except Refusal as refusal:
            out.append((files.safe_name(name), str(refusal)))
    return out


def record_held(item: UUID, actor: Actor, on: str, without: list[str], now: datetime | None = None) -> Outcome:
    """A person takes it in: on the day they say, without the files they leave out (by name), under the reference of the slip
    where that is still free. Raises Refusal; then it waits as before."""
    desk, moment = desk_of(actor), now or datetime.now(VIETNAM)
    with scope(actor):
        one = _still_waiting(item, desk)
        typed = open_held(one)
        fields = {**typed.fields, "on": on}
        kept = Typed(fields, tuple(f for f in typed.files if files.safe_name(f[0]) not in without))
        lease = leases.locked(one.reference)
        free = lease is not None and lease["used_at"] is None and lease["device"] == one.device
        letter = letter_of(kept, desk.partition("/")[0], one.reference if free else None, one.device)
        receipt = intake.receive(letter, str(item), client_of(one.device), actor, moment)
        if free:
            leases.use(one.reference, item, one.digest, receipt.case, moment)
        held.settle(item, "recorded", actor.person, receipt.reference, receipt.case)
    return Outcome("recorded", receipt.reference, receipt.case)


def same_as(item: UUID, actor: Actor, typed_reference: str) -> str:
    """A person found that it repeats a letter that is there; the reference of that one. Raises Refusal."""
    reference = parse_reference(typed_reference)
    with scope(actor):
        _still_waiting(item, desk_of(actor))
        if not is_known(reference):
            raise Refusal("held.no_such", _("Không có đơn mang mã này trong phạm vi của ông/bà. Hãy xem lại mã."), None,
                          {"field": "reference"})  # fmt: skip
        held.settle(item, "same", actor.person, reference, None)
    return reference


def _still_waiting(item: UUID, desk: str) -> held.Held:
    one = held.find(item, lock=True)
    if one is None or one.desk != desk:
        raise Refusal("held.unknown", _("Không có đơn này trong danh sách chờ xem lại."))
    if one.settled_at is not None:
        raise Refusal("held.settled", _("Đơn này vừa được người khác giải quyết."))
    return one
