"""The number a person is given: random, readable over the phone, and wrong when any one symbol is wrong.

A reference is "TD", eight symbols of Crockford's base32 (no I, L, O, U) and a check symbol; it is stored as
"TD7K39QXM4P" and shown as "7K3-9QX-M4P". Matters opened from a letter are "TD7K39QXM4P/1", "/2"; the sender keeps one
reference throughout. The tracking token beside it is a secret; the reference alone opens nothing.
"""

from __future__ import annotations

import hmac
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Callable

from .errors import Refusal

PREFIX = "TD"
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY = 8  # 40 random bits
TOKEN_BYTES = 18  # 144 bits, 24 characters

_VALUE = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", "Đ": "D"})
_BLANKS = frozenset({"Zs", "Pd", "Cc", "Cf"})  # spaces, any dash, line ends, invisible marks that copying brings


def _times_two(value: int) -> int:
    """Multiplication by x in GF(32) modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def check_symbol(body: str) -> str:
    """The check symbol of eight symbols: a weighted sum in GF(32), evaluated by Horner's rule.

    The weights are distinct powers of the generator, the check symbol's own being 1. So a single wrong symbol, an
    exchange of any two symbols (neighbours or not) and a doubled pair read as another double are always caught.
    """
    total = 0
    for symbol in body:
        total = _times_two(total ^ _VALUE[symbol])
    return SYMBOLS[total]


def new_reference(rand: Callable[[int], bytes]) -> str:
    """A new reference from 5 random bytes, e.g. "TD7K39QXM4P". Uniqueness is the store's to enforce."""
    bits = int.from_bytes(rand(5), "big")
    body = "".join(SYMBOLS[bits >> 5 * i & 31] for i in reversed(range(BODY)))
    return PREFIX + body + check_symbol(body)


def format_reference(reference: str) -> str:
    """As people read it: "7K3-9QX-M4P", or "7K3-9QX-M4P/1" for a matter."""
    main, slash, matter = reference.removeprefix(PREFIX).partition("/")
    return "-".join(main[i : i + 3] for i in range(0, len(main), 3)) + slash + matter


def parse_reference(text: str) -> str:
    """The reference in stored form ("TD7K39QXM4P" or "TD7K39QXM4P/1") from what a person typed.

    Lower case, spaces, any dash, full-width forms, O for 0 and I or L for 1 are understood; "TD" may be left out.
    Raises Refusal "reference.unreadable" or "reference.mistyped".
    """
    folded = unicodedata.normalize("NFKC", text[:100]).upper()
    main, slash, matter = "".join(c for c in folded if unicodedata.category(c) not in _BLANKS).partition("/")
    main = main.translate(_CONFUSED)
    if len(main) == len(PREFIX) + BODY + 1 and main.startswith(PREFIX):
        main = main[len(PREFIX) :]
    if len(main) != BODY + 1 or not set(main) <= _VALUE.keys():
        raise Refusal("reference.unreadable", "Mã hồ sơ gồm 9 chữ và số, như 7K3-9QX-M4P. Ông/bà xem lại trên giấy"
                      " hoặc tin nhắn đã nhận.")  # fmt: skip
    if slash and not (matter.isascii() and matter.isdigit() and 0 < int(matter) < 1000):
        raise Refusal("reference.unreadable", "Phần sau dấu “/” của mã hồ sơ phải là số thứ tự, như 7K3-9QX-M4P/1.")
    if check_symbol(main[:BODY]) != main[BODY]:
        raise Refusal("reference.mistyped", "Mã hồ sơ có một ký tự chưa đúng. Ông/bà đối chiếu lại từng nhóm ba ký tự.")
    return PREFIX + main + (f"/{int(matter)}" if slash else "")


def tracking_token(key: bytes, case_id: str, generation: int) -> str:
    """The secret half of the tracking link: HMAC-SHA256 over case and generation, 24 url-safe characters.

    It is computed whenever needed and never stored; raising the case's generation revokes every link handed out.
    """
    message = f"trongdan/track/1|{case_id.lower()}|{generation}".encode()
    return urlsafe_b64encode(hmac.digest(key, message, "sha256")[:TOKEN_BYTES]).decode()


def token_holds(key: bytes, case_id: str, generation: int, token: str) -> bool:
    """Whether a token opens the case, compared in constant time. Anything that is not a token is simply false."""
    given = token[: 2 * TOKEN_BYTES].encode("utf-8", "surrogatepass")
    return hmac.compare_digest(tracking_token(key, case_id, generation).encode(), given)
