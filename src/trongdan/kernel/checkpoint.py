"""Checkpoints of the log as C2SP tlog-checkpoint text inside a C2SP signed note.

The text is three lines (origin, size, root in base64). Any witness that speaks the format can keep and verify it
without knowing this program. What it cannot show is said where it is served: a rollback to a state before which
nobody kept a checkpoint.

Nothing here knows a cipher: signing and verifying are functions given by the caller (Ed25519 in practice).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

Sign = Callable[[bytes], bytes]  # message -> signature
Verify = Callable[[bytes, bytes], bool]  # signature, message -> does it hold?

ED25519 = b"\x01"  # C2SP signed-note: the type byte of an Ed25519 key
_DASH = "\u2014 "


class BadCheckpoint(ValueError):
    """A text that is not a checkpoint, or whose signature does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log named `origin` at `size` leaves with the 32-byte `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The signed text, with its final line end."""
        if not _is_name(self.origin) or self.size < 0 or len(self.root) != 32:
            raise BadCheckpoint(f"origin {self.origin!r}, size {self.size}, root of {len(self.root)} bytes")
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def _is_name(name: str) -> bool:
    """C2SP signed-note: not empty, no spaces, no plus. No brace first, so that no receipt can pass for a checkpoint."""
    return bool(name) and not any(c.isspace() or c == "+" for c in name) and not name.startswith("{")


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a text; extension lines after the third are allowed by the format and not read."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] != "":
        raise BadCheckpoint("fewer than three lines, or no final line end")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or (size != "0" and size.startswith("0")) or len(size) > 18:
        raise BadCheckpoint("size is not a decimal number")
    checkpoint = Checkpoint(origin, int(size), _base64(root))
    if not text.startswith(checkpoint.text()):
        raise BadCheckpoint("not in canonical form")
    return checkpoint


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError) as problem:
        raise BadCheckpoint("not base64") from problem


def key_id(name: str, public_key: bytes) -> bytes:
    """C2SP signed-note: the first four bytes of SHA-256 over name, line end, type byte and key."""
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as witnesses take it: name+id+base64."""
    return f"{name}+{key_id(name, public_key).hex()}+{b64encode(ED25519 + public_key).decode()}"


def signed_note(text: str, name: str, public_key: bytes, sign: Sign) -> str:
    """The text as a signed note; `name` is the signer's (for a log its origin)."""
    if not _is_name(name) or not text.endswith("\n"):
        raise BadCheckpoint("a note ends with a line end and its signer's name has no spaces")
    signature = key_id(name, public_key) + sign(text.encode())
    return f"{text}\n{_DASH}{name} {b64encode(signature).decode()}\n"


def open_note(note: str, name: str, public_key: bytes, verify: Verify) -> str:
    """The text of a note that this signer signed. Other signers' lines (witnesses) are passed over.

    Raises BadCheckpoint when the note is malformed, lacks the signer, or a signature of the signer does not hold.
    """
    text, found, signatures = note.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise BadCheckpoint("not a signed note")
    text += "\n"
    held = False
    for line in signatures[:-1].split("\n"):
        signer, blank, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not blank or not _is_name(signer):
            raise BadCheckpoint("a signature line is malformed")
        raw = _base64(encoded)
        if signer != name or raw[:4] != key_id(name, public_key):
            continue
        if not verify(raw[4:], text.encode()):
            raise BadCheckpoint(f"the signature of {name} does not hold")
        held = True
    if not held:
        raise BadCheckpoint(f"not signed by {name}")
    return text


def signed_checkpoint(checkpoint: Checkpoint, public_key: bytes, sign: Sign) -> str:
    """What is served at /.well-known/trongdan/checkpoints: the log signs under its origin."""
    return signed_note(checkpoint.text(), checkpoint.origin, public_key, sign)


def open_checkpoint(note: str, origin: str, public_key: bytes, verify: Verify) -> Checkpoint:
    """The checkpoint in a note signed by the log `origin`. Raises BadCheckpoint."""
    checkpoint = parse_checkpoint(open_note(note, origin, public_key, verify))
    if checkpoint.origin != origin:
        raise BadCheckpoint(f"a checkpoint of {checkpoint.origin}, not of {origin}")
    return checkpoint
