"""What lies in an item that a device sealed: of which kind it is, what was typed, and the files.

An item comes sealed (platform/boxes). In it: four bytes with the length of its header, the header (JSON: `kind`, absent for a
letter; `fields` as on the page's form; `files` [{name, size}]), then the files' bytes one after the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from trongdan.core.papers import files
from trongdan.kernel.errors import Refusal
from trongdan.platform import boxes

LETTER = "letter"  # what an item without a kind is: the pages that devices keep wrote none before there were two


@dataclass(frozen=True, slots=True)
class Typed:
    """An opened item: of which kind, what was typed, and the files as (name, bytes)."""

    fields: Mapping[str, str]
    files: tuple[tuple[str, bytes], ...]
    kind: str = LETTER

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
        kind = str(header.get("kind") or LETTER)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable() from None
    return Typed(fields, tuple(out), kind)


def pack(fields: Mapping[str, str], attached: list[tuple[str, bytes]], kind: str = LETTER) -> bytes:
    """What the browser packs (frontend/src/queue.js), for the tests and for a device that isn't a browser."""
    told = {"kind": kind, "fields": dict(fields), "files": [{"name": n, "size": len(d)} for n, d in attached]}
    header = json.dumps(told).encode()
    return len(header).to_bytes(4, "big") + header + b"".join(d for _n, d in attached)


def open_item(item: UUID, reference: str, device: UUID, box: bytes) -> Typed:
    """Raises Refusal "box.unreadable"."""
    try:
        return unpack(boxes.open_box(box, bound_to(item, reference, device)))
    except boxes.BoxUnreadable:
        raise _unreadable() from None


def _unreadable() -> Refusal:
    return Refusal("box.unreadable", _("Máy chủ không mở được mục này: nó được khóa bằng khóa khác hoặc đã hỏng. Nó vẫn ở trên "
                   "máy; hãy báo người quản trị và giữ bản giấy."))  # fmt: skip


def day_typed(text: str, name: str) -> date | None:
    """A day of a field called `name`; None for an empty one. Raises Refusal "day.invalid"."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": name}) from None


def checked_files(typed: Typed) -> tuple[files.Checked, ...]:
    """The files of an item as a door checks them. Raises Refusal."""
    if len(typed.files) > files.MAX_FILES:
        raise Refusal("file.many", _("Gửi được nhiều nhất %(n)s tệp mỗi lần. Hãy bỏ bớt.") % {"n": files.MAX_FILES}, None,
                      {"field": "files"})  # fmt: skip
    return tuple(files.check(name, data) for name, data in typed.files)


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
