"""What the closed list of guards does not say: numbers of representatives, and who must be sealed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


def representatives_fit(fields: Facts, _data: Facts, _today: str) -> bool:
    """Five to ten people send one or two, more than ten at most five (Luật Tiếp công dân Đ29); fewer speak for themselves."""
    people, sent = int(fields.get("people") or 1), int(fields.get("representatives") or 0)
    if people < 5:
        return sent <= people
    return 1 <= sent <= (2 if people <= 10 else 5)


def denouncer_sealed(fields: Facts, _data: Facts, _today: str) -> bool:
    """A denunciation told at the table is in the vault from the first moment, or is not written down here."""
    return fields.get("nature") != "to_cao" or bool(fields.get("keep_secret"))


def later_day(fields: Facts, _data: Facts, _today: str) -> bool:
    """The new day of a point lies after the one that binds now."""
    return str(fields.get("finish_on") or "") > str(fields.get("due.finish") or "")


FUNCTIONS = {"representatives_fit": representatives_fit, "denouncer_sealed": denouncer_sealed, "later_day": later_day}
