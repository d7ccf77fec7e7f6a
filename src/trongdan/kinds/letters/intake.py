"""A letter comes in: one command, and the receipt that proves it. Called by every door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from trongdan.core.agencies.named import names_official, reception_above
from trongdan.core.cases.once import Done
from trongdan.core.cases.receipts import receipt_of, sealed_receipt
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers.files import Checked
from trongdan.core.papers.receiving import perform_with_files
from trongdan.kernel.case import Actor, CaseState, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import tracking_token
from trongdan.platform import keys

from .keeping import keep_secret

KIND = "letters.letter"
PROVINCE_DESK = "ban-tcd"
MAX_TEXT = 100_000  # characters: some forty pages
FROM = {"counter": "nộp trực tiếp", "post": "gửi qua bưu chính", "phone": "ghi qua điện thoại"}  # who a sheet came from
DIRECT = ("portal", "api")  # nobody at the agency has read it yet: it can still pass by whom it names (design 8)
SENDER = Actor(is_sender=True, door="portal")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it comes to a door. `commune` is the agency code it is addressed to (c04978, so-xd …)."""

    text: str
    agency: str
    channel: str
    sender: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    reason: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Checked, ...] = ()
    reference: str | None = None  # lent beforehand to `device`, which worked without the network
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets at once."""

    case: UUID
    reference: str
    token: str
    state: CaseState
    document: Mapping[str, Any]
    replayed: bool = False


def token_of(case_id: UUID, generation: int = 0) -> str:
    return tracking_token(keys.secret("tokens"), str(case_id), generation)


def letter_command(letter: Letter) -> Command:
    """The command that records a letter. Raises Refusal for an empty or an oversized text."""
    if not letter.text.strip():
        raise Refusal("letter.empty", "Đơn chưa có nội dung. Hãy viết điều ông/bà muốn cơ quan giải quyết.", None)
    if len(letter.text) > MAX_TEXT:
        raise Refusal("letter.too_long", f"Đơn dài quá {MAX_TEXT:,} ký tự. Hãy viết phần chính và gửi phần còn lại bằng tệp "
                      "đính kèm.".replace(",", "."), None)  # fmt: skip
    named = bool(letter.sender.get("name") and (letter.sender.get("address") or letter.sender.get("phone")))
    data = {"text": letter.text, "channel": letter.channel, "named_sender": named, **letter.facts}
    data.pop("keep_secret", None)
    if keep_secret(letter.text, letter.facts):
        data["keep_secret"] = True
    if letter.files:
        data |= {"attachments": len(letter.files), "files": [f.commitment for f in letter.files]}
    agency = letter.agency
    if letter.channel in DIRECT and names_official(letter.text, agency, letter.sender.get("name", "")):
        agency, data["named_official"] = reception_above(agency), True
    return Command(KIND, None, "receive", data, on=letter.on, reason=letter.reason, agency=agency, reference=letter.reference,
                   device=letter.device)  # fmt: skip


def receive(letter: Letter, key: str, client: str, actor: Actor = SENDER, now: datetime | None = None) -> Receipt:
    """Record a letter once per (client, key), keep its files, and give its receipt. Raises Refusal; nothing is written
    then. The first event commits to the files; they are kept in its transaction."""
    done = perform_with_files(letter_command(letter), letter.files, FROM.get(letter.channel, "người gửi"), actor, key, client,
                              letter.sender, now)  # fmt: skip
    return _again(done) if done.replayed else _receipt(done)


def supplement(kind: str, case: UUID, words: str, files: tuple[Checked, ...], key: str) -> None:
    """What the sender adds to a letter or a matter, once per key; its event commits to the files as the first one does.
    Raises Refusal when there is neither a word nor a file."""
    if not words.strip() and not files:
        raise Refusal("supplement.empty", "Chưa có gì để bổ sung. Hãy viết hoặc chọn tệp.", None, {"field": "words"})
    data: dict[str, Any] = {"supplement": words} if words.strip() else {}
    if files:
        data["supplement_files"] = [f.commitment for f in files]
    perform_with_files(Command(kind, str(case), "give_supplement", data), files, "người gửi bổ sung", SENDER, key, "portal")


def _receipt(done: Done) -> Receipt:
    if done.state is None or done.opening is None:
        raise ValueError("a new case carries its state and first event")
    text = next(row for row in done.contents if row["field"] == "text")
    document = sealed_receipt(done.reference, KIND, done.opening, done.first_hash, text["commitment"], text["salt"])
    return Receipt(done.case, done.reference, token_of(done.case), done.state, document)


def _again(done: Done) -> Receipt:
    """The receipt of a letter recorded before: the same statement, for the same key."""
    with scope(Scope(case=done.case)):
        loaded = load([done.case])[done.case]
        document = receipt_of(loaded)
    return Receipt(done.case, done.reference, token_of(done.case, loaded.generation), loaded.state, document or {}, replayed=True)
