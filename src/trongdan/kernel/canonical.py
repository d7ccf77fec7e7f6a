"""Canonical JSON (RFC 8785) for the values that an event may hold: one value, one sequence of bytes.

The subset is narrower than JSON on purpose, so that a hash never depends on how a number or an accent was written:
None, bool, integers up to 2^53 - 1, NFC strings, lists, and objects with NFC string keys. Floats are refused (their
shortest form differs between languages), and so is NUL (PostgreSQL cannot store it, so the event could not be read
back as it was hashed).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from unicodedata import is_normalized

Json = Any
MAX_INTEGER = 2**53 - 1  # RFC 8785 3.2.2.3: beyond it a double is not exact
MAX_DEPTH = 64


class NotCanonical(ValueError):
    """A value outside the subset. `path` says where, e.g. "payload.data[2]"."""

    def __init__(self, path: str, reason: str):
        super().__init__(f"{path or 'value'}: {reason}")
        self.path = path
        self.reason = reason


_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode


def canonical(value: Json) -> bytes:
    """The RFC 8785 bytes (UTF-8) of a value. Raises NotCanonical when the value is outside the subset."""
    return _encode(_checked(value, "", 0)).encode()


def _checked(value: Json, path: str, depth: int) -> Json:
    """The value with its objects' keys in order, made of plain types only."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(path, "an integer beyond 2^53 - 1")
        return int(value)
    if depth >= MAX_DEPTH:
        raise NotCanonical(path, f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, list | tuple):
        return [_checked(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value)]
    if isinstance(value, Mapping):
        return _object(value, path, depth)
    raise NotCanonical(path, f"{type(value).__name__} is not allowed")


def _object(value: Mapping[Json, Json], path: str, depth: int) -> dict[str, Json]:
    keys: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise NotCanonical(path, f"a key of type {type(key).__name__}")
        keys[_text(key, path)] = item
    return {key: _checked(keys[key], f"{path}.{key}" if path else key, depth + 1) for key in _in_order(keys)}


def _in_order(keys: Mapping[str, Json]) -> list[str]:
    """RFC 8785 3.2.3 sorts by UTF-16 code units, which differs from code points only beyond the basic plane."""
    if all(key.isascii() for key in keys):
        return sorted(keys)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _text(text: str, path: str) -> str:
    if not text.isascii():
        if not is_normalized("NFC", text):
            raise NotCanonical(path, "a string that is not NFC")
        try:
            text.encode()
        except UnicodeEncodeError as problem:
            raise NotCanonical(path, "a lone surrogate") from problem
    if "\0" in text:
        raise NotCanonical(path, "a NUL")
    return str.__str__(text)
