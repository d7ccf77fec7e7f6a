"""The vault inside a transaction of `perform`: laid down with a new case, filled later, and held against what is written
outside. How it is opened is core/people/vault.py's; what is in it never passes through here in the clear but on its way in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.people import sealed
from trongdan.core.people.several import people
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

from .append import Batch
from .trail import Loaded

BASIS = "Luật Tố cáo Đ9 k1 đ.b, Đ56"


def lay_down(batch: Batch, case_id: UUID, identity: Mapping[str, str]) -> bytes:
    """A vault for a new case, with who the person is; the data key, for the files that came along."""
    key = keys.new_key()
    batch.vault_keys.append(sealed.key_row(case_id, key))
    if identity:
        batch.vault.append(sealed.identity_row(case_id, key, identity))
        batch.vault_terms += sealed.term_rows(case_id, identity)
    return key


def key_of(case_id: UUID) -> bytes | None:
    """The data key of a case's vault, to add to it; None when there is none. Runs inside a scope that sees the case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(parent, id), td_vault_key_of(id) FROM td_case WHERE id = %s", [case_id])
        row = cursor.fetchone()
    return sealed.unwrap(row[0], bytes(row[1])) if row and row[1] is not None else None


def move_in(batch: Batch, loaded: Loaded) -> None:
    """What lies outside goes in: the identity of a case that was an ordinary one until now. Files follow (papers.files)."""
    if loaded.parent is not None:
        batch.unnamed.append(str(loaded.id))  # the letter's vault holds it; this is a copy
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email, address FROM td_identity WHERE case_id = %s AND role = 'sender'", [loaded.id])
        row = cursor.fetchone()
    columns = ("name", "phone", "email", "address")
    lay_down(batch, loaded.id, {c: v for c, v in zip(columns, row or (), strict=False) if v})
    if row:
        batch.unnamed.append(str(loaded.id))


def put_people(batch: Batch, loaded: Loaded, command: Command, data: Mapping[str, Any]) -> None:
    """Fields of type "people" go into the vault and nowhere else: of their content only the commitment is written outside, and
    from then on no word written there may give any of them away. Raises Refusal."""
    for name, value in command.data.items():
        field = loaded.kind.fields.get(name)
        if field is None or field.type != "people" or not isinstance(value, str) or not value.strip():
            continue
        found = people(value, name)
        key = key_of(loaded.id) if loaded.state.vault else None
        if key is None:
            raise Refusal("people.no_vault", "Hồ sơ này không có kho kín để giữ danh sách người.", BASIS, {"field": name})
        root, content = loaded.parent or loaded.id, data[name]["content"]
        batch.vault.append(sealed.field_row(root, key, f"people:{content}", json.dumps(found, ensure_ascii=False).encode()))
        batch.vault_terms += [row for one in found for row in sealed.term_rows(root, one)]
        next(row for row in batch.contents if row["id"] == content)["body"] = None


def withdraw_text(batch: Batch, loaded: Loaded, texts: Mapping[str, str]) -> None:
    """The words of a letter go into its vault once a checked transcript stands in their place outside (domain 19)."""
    reference = loaded.state.fields.get("text")
    if not isinstance(reference, dict) or not texts.get(reference["content"]):
        return
    case_id, content = loaded.parent or loaded.id, reference["content"]
    fresh = next((row for row in batch.vault_keys if row["case_id"] == str(case_id)), None)
    key = sealed.unwrap(case_id, bytes.fromhex(fresh["wrapped"])) if fresh else key_of(loaded.id)
    if key is not None:
        batch.vault.append(sealed.field_row(case_id, key, f"text:{content}", texts[content].encode()))
        batch.withdrawn.append(content)


def refuse_traces(loaded: Loaded, command: Command, actor: Actor) -> None:
    """No word written in a vault case outside the vault may give the person away: held against keyed hashes, so that nothing
    has to be opened for it. Raises Refusal "vault.trace", with what was typed still there. Of an ordinary case this holds for
    the copies that are to be shown to others ("redaction.trace")."""
    inside = {name for name, field in loaded.kind.fields.items() if field.type == "people"}
    texts = [(name, value) for name, value in _texts(command) if name not in inside]
    if not texts or actor.door == "job":
        return
    case_id = loaded.id
    if not loaded.state.vault:
        _refuse_named(loaded, [(n, v) for n, v in texts if n in loaded.kind.fields and loaded.kind.fields[n].redacts])
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, mac FROM td_vault_terms(%s)", [case_id])
        terms = [(words, bytes(mac)) for words, mac in cursor.fetchall()]
    for name, text in texts:
        found = sealed.traces(text, terms)
        if found and actor.is_sender:
            raise Refusal("vault.own_trace", "Trong phần vừa viết có họ tên, địa chỉ hoặc số điện thoại của ông/bà. Hãy bỏ đi để "
                          "giữ kín; cơ quan hỏi và trả lời ông/bà ngay trên trang này.", None, {"field": name})  # fmt: skip
        if found:
            raise Refusal("vault.trace", f"Nội dung làm lộ người tố cáo: “{'”, “'.join(found[:3])}”. Hãy lược bỏ rồi lưu lại.",
                          BASIS, {"field": name})  # fmt: skip


def _refuse_named(loaded: Loaded, copies: Sequence[tuple[str, str]]) -> None:
    """A redacted copy holds neither the sender's name nor phone nor address, whatever the person who checked it overlooked."""
    for name, text in copies:
        with connection.cursor() as cursor:
            cursor.execute("SELECT td_gives_away(%s, %s)", [loaded.id, text])
            found = cursor.fetchone()[0] or []
        if found:
            raise Refusal("redaction.trace", f"Bản công khai còn {', '.join(found)} của người gửi. Hãy lược bỏ rồi lưu lại.", None,
                          {"field": name})  # fmt: skip


def _texts(command: Command) -> list[tuple[str, str]]:
    data: Mapping[str, Any] = command.data
    found = [(k, v) for k, v in data.items() if isinstance(v, str) and len(v) > 2]
    return found + ([("reason", command.reason)] if isinstance(command.reason, str) else [])
