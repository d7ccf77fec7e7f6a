"""A recommendation of voters comes in, by the clerk who got the deputies' document: one command, once per key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from trongdan.core.cases.perform import perform
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import tracking_token
from trongdan.platform import keys

from .selectors import KIND

MAX_TEXT = 20_000  # characters: one recommendation, not the whole summary of a session


@dataclass(frozen=True, slots=True)
class Recorded:
    """The case, its reference, and the secret with which the deputies' office follows it and confirms."""

    case: UUID
    reference: str
    token: str
    replayed: bool = False


def record(facts: Mapping[str, Any], deputies: Mapping[str, str], agency: str, actor: Actor, key: str,
           on: date | None = None, reason: str | None = None) -> Recorded:  # fmt: skip
    """Record one recommendation at an agency. `facts` are the fields that the kind asks; `deputies` {name, phone, email,
    address} is the office that forwarded it. Raises Refusal; nothing is written then."""
    text = str(facts.get("text", ""))
    if not text.strip():
        raise Refusal("voter.empty", "Kiến nghị chưa có nội dung.", None, {"field": "text"})
    if len(text) > MAX_TEXT:
        raise Refusal("voter.too_long", "Nội dung quá dài. Hãy ghi mỗi kiến nghị một lần, để theo dõi riêng từng kiến nghị.",
                      None, {"field": "text"})  # fmt: skip
    command = Command(KIND, None, "record", facts, on=on, reason=reason, agency=agency)
    done = perform(command, actor, key, client=f"voter:{actor.person}", identity=deputies)
    token = tracking_token(keys.secret("tokens"), str(done.case), 0)
    return Recorded(done.case, done.reference, token, done.replayed)
