"""Whose idempotency key a key is: the same for one network address, and no address. Keys lie where every role of the database may
read, and who sends a letter by this door may be a denouncer."""

from __future__ import annotations

import hmac

from django.http import HttpRequest

from trongdan.platform import keys


def client_of(request: HttpRequest) -> str:
    """"api:" and a keyed digest of where the request came from."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return "api:" + hmac.digest(keys.secret("tokens"), f"client|{address}".encode(), "sha256").hex()[:24]
