"""The keys of an instance: an Ed25519 key that signs receipts and checkpoints, and secrets for tokens and drafts.

They lie in TRONGDAN_HOME/keys (0700), each file 0600, made once at first use. Losing them makes old receipts
unverifiable here, though anyone who kept the public key can still verify.
"""

from __future__ import annotations

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .home import subfolder


class KeyDamaged(Exception):
    """A key file that is not what was made: signing with it would make receipts that nobody can verify."""


def _once(path: Path, size: int = 32) -> bytes:
    """The secret in a file, made atomically by whoever comes first, never replaced. Raises KeyDamaged."""
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass  # another process made it first: its secret is the one
        finally:
            temporary.unlink()
        _settle(path.parent)
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)  # a copy brought back from a backup often comes back readable by all
    found = path.read_bytes()
    if len(found) != size:
        raise KeyDamaged(f"{path.name}: {len(found)} byte, phải là {size}. Hãy phục hồi tệp khóa từ bản sao lưu.")
    return found


def _settle(folder: Path) -> None:
    """The folder's entry on disk as well, so that no power cut takes a key that has already signed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@lru_cache(maxsize=32)
def secret(name: str) -> bytes:
    """A 32-byte secret of this instance, by purpose: "tokens", "drafts", "django"."""
    return _once(subfolder("keys") / f"{name}.key")


@lru_cache(maxsize=1)
def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret("signing"))


def sign(message: bytes) -> bytes:
    """An Ed25519 signature of 64 bytes."""
    return _signing_key().sign(message)


@lru_cache(maxsize=1)
def public_key() -> bytes:
    """The raw public key of 32 bytes."""
    return _signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_key_text() -> str:
    return base64.b64encode(public_key()).decode()


def verify(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature by `key` (raw, 32 bytes) holds."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def encrypt(purpose: str, plain: bytes, bound_to: bytes) -> bytes:
    """AES-256-GCM: nonce (12 bytes) and ciphertext, bound to a context that must be given again to open it."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(secret(purpose)).encrypt(nonce, plain, bound_to)


def decrypt(purpose: str, sealed: bytes, bound_to: bytes) -> bytes:
    """Raises cryptography.exceptions.InvalidTag when the context or the text was changed."""
    return AESGCM(secret(purpose)).decrypt(sealed[:12], sealed[12:], bound_to)


def new_key() -> bytes:
    """A data key of 32 bytes, to be kept only wrapped."""
    return secrets.token_bytes(32)


def seal_under(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """AES-256-GCM under a data key: nonce (12 bytes) and ciphertext, bound to a context."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def open_under(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Raises cryptography.exceptions.InvalidTag when key, context or text are not what they were."""
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to)
