"""Boxes: what a device seals to this server's public key, and can't open again itself.

ECDH on P-256 with a key made for one box, HKDF-SHA256, AES-256-GCM: what every browser's WebCrypto has. A box is
"TD1", the box's public key (65 bytes, uncompressed), a nonce (12) and the ciphertext; it is bound to a context that must
be given again to open it. The private key is derived from TRONGDAN_HOME/keys/offline.key.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import keys

MAGIC = b"TD1"
POINT, NONCE = 65, 12
INFO = b"trongdan/box/1"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
CURVE = ec.SECP256R1()


class BoxUnreadable(Exception):
    """Not a box, sealed to another key, cut short, or bound to something else."""


@lru_cache(maxsize=1)
def _private() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(keys.secret("offline"), "big") % (ORDER - 1) + 1, CURVE)


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key() -> bytes:
    """The point that devices seal to: 65 bytes, uncompressed."""
    return _raw(_private().public_key())


def key_name() -> str:
    """Sixteen hex digits that name the key, so that a box sealed to a lost one is told from a damaged one."""
    return sha256(public_key()).hexdigest()[:16]


def _cipher(shared: bytes, own: bytes, server: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, own + server, INFO).derive(shared))


def seal(plain: bytes, bound_to: bytes, server: bytes | None = None) -> bytes:
    """What a browser does (frontend/src/queue.js), in Python: for the tests, and for a device that isn't a browser."""
    target = server or public_key()
    own = ec.generate_private_key(CURVE)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, target))
    point, nonce = _raw(own.public_key()), secrets.token_bytes(NONCE)
    return MAGIC + point + nonce + _cipher(shared, point, target).encrypt(nonce, plain, bound_to)


def open_box(box: bytes, bound_to: bytes) -> bytes:
    """What was sealed. Raises BoxUnreadable."""
    point, rest = box[len(MAGIC) : len(MAGIC) + POINT], box[len(MAGIC) + POINT :]
    if not box.startswith(MAGIC) or len(rest) < NONCE + 16:
        raise BoxUnreadable("no box")
    try:
        shared = _private().exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
        return _cipher(shared, point, public_key()).decrypt(rest[:NONCE], rest[NONCE:], bound_to)
    except (ValueError, InvalidTag):
        raise BoxUnreadable("sealed to another key, damaged or bound to something else") from None
