"""Canonical JSON (RFC 8785) for the values that an event may hold: one value, one sequence of bytes.

The subset is narrower than JSON on purpose, so that a hash never depends on how a number or an accent was written:
None, bool, integers up to 2^53 - 1, NFC strings, lists, and objects with NFC string keys. Floats are refused (their
shortest form differs between languages), and so is NUL (PostgreSQL cannot store it, so the event could not be read
back as it was hashed).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any
from unicodedata import is_normalized

Json = Any
MAX_INTEGER = 2**53 - 1  # RFC 8785 3.2.2.3: beyond it a double is not exact
MAX_DEPTH = 64
MANY_KEYS = 64  # an object with more is no event's: how its keys are written is not kept


class NotCanonical(ValueError):
    """A value outside the subset. `path` says where, e.g. "payload.data[2]"."""

    def __init__(self, path: str, reason: str):
        super().__init__(f"{path or 'value'}: {reason}")
        self.path = path
        self.reason = reason


def canonical(value: Json) -> bytes:
    """The RFC 8785 bytes (UTF-8) of a value. Raises NotCanonical when the value is outside the subset."""
    return _written(value, 0).encode()


def _written(value: Json, depth: int) -> str:
    """The text of a value, checked as it is written: every letter passes here twice, so it is one walk (bench/)."""
    if type(value) is str:
        return _text(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical("", "an integer beyond 2^53 - 1")
        return int.__repr__(value)
    if depth >= MAX_DEPTH:
        raise NotCanonical("", f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, list | tuple):
        return f"[{','.join([_item(i, item, depth + 1) for i, item in enumerate(value)])}]"
    if isinstance(value, Mapping):
        return _object(value, depth)
    raise NotCanonical("", f"{type(value).__name__} is not allowed")


def _item(index: int, value: Json, depth: int) -> str:
    try:
        return _written(value, depth)
    except NotCanonical as problem:
        raise _inside(f"[{index}]", problem) from None


def _inside(where: str, problem: NotCanonical) -> NotCanonical:
    """The same problem, seen from the value around it."""
    dot = "." if problem.path and not problem.path.startswith("[") else ""
    return NotCanonical(where + dot + problem.path, problem.reason)


def _object(value: Mapping[Json, Json], depth: int) -> str:
    keys = tuple(value)
    parts = []
    for key, name in _names(keys) if len(keys) <= MANY_KEYS else _names.__wrapped__(keys):
        item = value[key]
        try:
            parts.append(name + (_text(item) if type(item) is str else _written(item, depth + 1)))
        except NotCanonical as problem:
            raise _inside(str.__str__(key), problem) from None
    return "{" + ",".join(parts) + "}"


@lru_cache(maxsize=512)
def _names(keys: tuple[Json, ...]) -> list[tuple[str, str]]:
    """The keys of an object in their order, each with how it is written. The same few sets of keys come all the time.

    RFC 8785 3.2.3 sorts by UTF-16 code units, which differs from code points only beyond the basic plane."""
    for key in keys:
        if not isinstance(key, str):
            raise NotCanonical("", f"a key of type {type(key).__name__}")
    written = [(key, f"{_text(str.__str__(key))}:") for key in keys]
    plain = all(map(str.isascii, keys))
    return sorted(written, key=lambda pair: pair[0] if plain else pair[0].encode("utf-16-be"))


def _text(text: str) -> str:
    if not text.isascii():
        if not is_normalized("NFC", text):
            raise NotCanonical("", "a string that is not NFC")
        try:
            text.encode()
        except UnicodeEncodeError as problem:
            raise NotCanonical("", "a lone surrogate") from problem
    if "\0" in text:
        raise NotCanonical("", "a NUL")
    return encode_basestring(text)
