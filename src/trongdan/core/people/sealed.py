"""What goes into the vault, sealed: a data key a case (wrapped by the instance's, which lies outside the database), each
field bound to its case and its name. Writes nothing itself: rows for the append, bytes for the disk."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from trongdan.platform import keys
from trongdan.platform.text import fold

PURPOSE = "vault"
TERMS = "vault-terms"
LONGEST = 12  # words of the longest thing that may give a person away
PAD = 64 * 1024  # a sealed file says its length in steps of this only

Row = dict[str, Any]
_words = re.compile(r"[^\W_]+").findall


def bound(case_id: UUID, field: str) -> bytes:
    """The associated data: a sealed field opens nowhere but in its own place."""
    return f"trongdan/vault/1|{case_id}|{field}".encode()


def wrap(case_id: UUID, key: bytes) -> bytes:
    return keys.encrypt(PURPOSE, key, bound(case_id, "key"))


def unwrap(case_id: UUID, wrapped: bytes) -> bytes:
    """Raises InvalidTag when it is another case's."""
    return keys.decrypt(PURPOSE, wrapped, bound(case_id, "key"))


def key_row(case_id: UUID, key: bytes) -> Row:
    return {"case_id": str(case_id), "wrapped": wrap(case_id, key).hex()}


def field_row(case_id: UUID, key: bytes, field: str, plain: bytes) -> Row:
    return {"case_id": str(case_id), "field": field, "sealed": keys.seal_under(key, plain, bound(case_id, field)).hex()}


def identity_row(case_id: UUID, key: bytes, identity: Mapping[str, str]) -> Row:
    return field_row(case_id, key, "identity", json.dumps(dict(identity), ensure_ascii=False).encode())


# --- what would give the person away -----------------------------------------------------------------------------------


def _mac(words: str) -> bytes:
    return hmac.digest(keys.secret(TERMS), words.encode(), "sha256")


def _terms(identity: Mapping[str, str]) -> Iterable[str]:
    """Name, telephone, e-mail, the whole address: as folded words. A bare given name or village would find everybody."""
    name = " ".join(_words(fold(identity.get("name", ""))))
    if " " in name:
        yield name
    digits = "".join(c for c in identity.get("phone", "") if c.isdigit())
    if len(digits) >= 8:
        yield digits
    for key in ("email", "address"):
        words = _words(fold(identity.get(key, "")))
        if len(words) > 1:
            yield " ".join(words[:LONGEST])


def term_rows(case_id: UUID, identity: Mapping[str, str]) -> list[Row]:
    terms = dict.fromkeys(_terms(identity))
    return [{"case_id": str(case_id), "words": len(term.split()), "mac": _mac(term).hex()} for term in terms]


def traces(text: str, terms: Iterable[tuple[int, bytes]]) -> list[str]:
    """The words of a text that give the person away, as folded; the text is held against keyed hashes alone."""
    wanted: dict[int, set[bytes]] = {}
    for length, mac in terms:
        wanted.setdefault(length, set()).add(bytes(mac))
    if not wanted or not text:
        return []
    found = []
    words = _words(fold(text))
    for size, macs in wanted.items():
        found += [run for run in _runs(words, size) if _mac(run) in macs]
    # A telephone number is written with any spacing.
    digits = [d for d in _numbers(text) if _mac(d) in wanted.get(1, set())]
    return list(dict.fromkeys(found + digits))


def _runs(words: list[str], size: int) -> Iterable[str]:
    return dict.fromkeys(" ".join(words[i : i + size]) for i in range(len(words) - size + 1))


def _numbers(text: str) -> Iterable[str]:
    run = ""
    for c in text + "\n":
        if c.isdigit():
            run += c
        elif c not in " .-()+ ":
            if len(run) >= 8:
                yield run
            run = ""


# --- files ---------------------------------------------------------------------------------------------------------------


def sealed_file(file_id: UUID, data: bytes) -> tuple[bytes, bytes]:
    """(bytes for the disk, the file's own key). The length is hidden in steps of PAD."""
    key = keys.new_key()
    padded = len(data).to_bytes(8, "big") + data
    padded += b"\0" * (-len(padded) % PAD)
    return keys.seal_under(key, padded, bound(file_id, "file")), key


def opened_file(file_id: UUID, sealed: bytes, key: bytes) -> bytes:
    padded = keys.open_under(key, sealed, bound(file_id, "file"))
    return padded[8 : 8 + int.from_bytes(padded[:8], "big")]


def file_row(case_id: UUID, case_key: bytes, file_id: UUID, key: bytes, about: Mapping[str, Any]) -> Row:
    """A file's key with what is known of it (name, media, size): its metadata identify as well as its bytes."""
    body = json.dumps({**about, "key": key.hex()}, ensure_ascii=False).encode()
    return field_row(case_id, case_key, f"file:{file_id}", body)
