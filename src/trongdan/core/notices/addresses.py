"""Where a person can be reached: read from the identity's own table at the moment of sending, kept nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from .rules import EMAIL, SMS

IDENTITY_ADDRESSES = "trongdan.core.notices.addresses.IdentityAddresses"


class Addresses(Protocol):
    """The port to wherever identities lie."""

    def reachable(self, cases: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
        """By which channels the person of each case can be reached; a case without any is left out."""
        ...

    def of(self, case: UUID, channel: str) -> str | None:
        """The e-mail address or phone number, None when there is none (any more)."""
        ...


_others: list[Addresses] = []


def also(source: Addresses) -> None:
    """Register where addresses of what is no case lie (an appointment's). Asked when the identities know none."""
    if not any(type(one) is type(source) for one in _others):
        _others.append(source)


class IdentityAddresses:
    """The table td_identity, inside a scope that opens identities (the worker's), then the others registered."""

    def reachable(self, cases: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
        wanted = list(cases)
        with connection.cursor() as cursor:
            cursor.execute("SELECT case_id, coalesce(email, '') <> '', coalesce(phone, '') <> '' FROM td_identity "
                           "WHERE role = 'sender' AND case_id = ANY(%s)", [wanted])  # fmt: skip
            rows = {row[0]: frozenset(c for c, has in ((EMAIL, row[1]), (SMS, row[2])) if has) for row in cursor.fetchall()}
        for other in _others:
            rows |= other.reachable([case for case in wanted if case not in rows])
        return {case: channels for case, channels in rows.items() if channels}

    def of(self, case: UUID, channel: str) -> str | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT email, phone FROM td_identity WHERE case_id = %s AND role = 'sender'", [case])
            row = cursor.fetchone()
        if row is None:
            return next((found for one in _others if (found := one.of(case, channel))), None)
        return cast("str | None", row[0 if channel == EMAIL else 1]) or None


def addresses() -> Addresses:
    """The implementation named by the setting NOTICE_ADDRESSES."""
    return cast("Addresses", import_string(str(getattr(settings, "NOTICE_ADDRESSES", IDENTITY_ADDRESSES)))())
