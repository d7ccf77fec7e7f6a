"""A desk without the network, as its browser does it, in Python: enrols, borrows references, seals, sends."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.test import Client
from PIL import Image

from trongdan.core.cases.trail import today
from trongdan.core.leases import packed
from trongdan.platform import boxes

BASE = "/ban-lam-viec/mat-mang/"


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def enrolled(login: str = "tiepdan") -> Client:
    client = at(login)
    assert client.post(BASE + "may/", {"name": "máy quầy 1"}).status_code == 302
    return client


def borrow(client: Client, wanted: int = 2) -> list[dict[str, Any]]:
    answer = client.post(BASE + "ma/", {"wanted": str(wanted)})
    assert answer.status_code == 200, answer.content.decode()
    return list(answer.json()["leases"])


def picture(name: str = "don.png") -> tuple[str, bytes]:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return name, out.getvalue()


def sealed(lease: Mapping[str, Any], text: str = "Cống đầu xóm bị tắc, đề nghị xã nạo vét.", files: list[tuple[str, bytes]] | None = None,
           item: UUID | None = None, **fields: str) -> dict[str, Any]:
    stated, one = lease["statement"], item or uuid4()
    typed = {"text": text, "name": "Bùi Thị Mận", "phone": "0900000001", "commune": "Kim Bôi", "channel": "counter",
             "on": today().isoformat(), **fields}  # fmt: skip
    bound = packed.bound_to(one, stated["reference"], UUID(stated["device"]))
    return {"id": str(one), "reference": stated["reference"], "lease": lease, "box": boxes.seal(packed.pack(typed, files or []), bound)}


def said(lease: Mapping[str, Any], session: UUID, files: list[tuple[str, bytes]] | None = None, item: UUID | None = None,
         **fields: str) -> dict[str, Any]:  # fmt: skip
    """A record of somebody received at a table without the network."""
    stated, one = lease["statement"], item or uuid4()
    typed = {"text": "Cống đầu xóm tắc, nước tràn vào nhà; canary-lời-nói", "name": "Bùi Thị Mận", "phone": "0900000001", "nature": "kien_nghi",
             "session": str(session), "people": "1", "confirmed_how": "signature", **fields}  # fmt: skip
    bound = packed.bound_to(one, stated["reference"], UUID(stated["device"]))
    box = boxes.seal(packed.pack(typed, files or [], "reception"), bound)
    return {"id": str(one), "reference": stated["reference"], "lease": lease, "box": box}


def send(client: Client, *items: dict[str, Any], hand_over: bool = False) -> list[dict[str, Any]]:
    told = [{k: v for k, v in item.items() if k != "box"} for item in items]
    data: dict[str, Any] = {f"box-{item['id']}": io.BytesIO(item["box"]) for item in items}
    for body in data.values():
        body.name = "box"
    answer = client.post(BASE + "gui/", {"items": json.dumps(told), **({"hand_over": "1"} if hand_over else {}), **data})
    assert answer.status_code == 200, answer.content.decode()
    return list(answer.json()["items"])
