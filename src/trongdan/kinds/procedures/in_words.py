"""Times, fees, levels of a procedure as a list or a page says them. Pure; takes the JSON of typed.Procedure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .typed import CHANNELS, LEVELS, UNIT_WORDS

Body = Mapping[str, Any]
UNSAID = "Chưa công bố"
_WHOLE = re.compile(r"/\s*(?:01\s+|1\s+)?(?:hồ sơ|lần)\b(?!\s*/)", re.IGNORECASE)
CURRENCY = {"VND": "đồng", "USD": "USD"}


def time_words(value: int, unit: str | None) -> str:
    """"5 ngày làm việc"; a number whose unit nobody published says so."""
    return f"{value} {UNIT_WORDS[unit]}" if unit else f"{value} (bản công bố không ghi đơn vị)"


def duration_words(body: Body) -> str:
    """The time in one line: one when all ways to file agree, else each with its ways."""
    by_time: dict[str, list[str]] = {}
    for d in body["durations"]:
        ways = by_time.setdefault(time_words(d["value"], d["unit"]), [])
        if CHANNELS[d["channel"]] not in ways:
            ways.append(CHANNELS[d["channel"]])
    if not by_time:
        return UNSAID
    if len(by_time) == 1:
        return next(iter(by_time))
    return "; ".join(f"{time} ({', '.join(ways).lower()})" for time, ways in by_time.items())


def money(amount: int, currency: str) -> str:
    return f"{amount:,} {CURRENCY[currency]}".replace(",", ".")


def fee_words(body: Body) -> str:
    """The fee in one line: "Miễn phí", one amount, "từ … đến …", or that it was not published."""
    amounts = sorted({(f["currency"], f["amount"]) for f in body["fees"] if f["amount"] is not None})
    if not amounts:
        return "Xem mức thu ở phần chi tiết" if body["fees"] else UNSAID
    if amounts == [("VND", 0)]:
        return "Miễn phí"
    if len(amounts) == 1:
        return money(amounts[0][1], amounts[0][0])
    low, high = amounts[0], amounts[-1]
    if low[0] != high[0]:
        return "; ".join(money(a, c) for c, a in amounts)
    least = "miễn phí" if low[1] == 0 else money(low[1], low[0])
    return f"Từ {least} đến {money(high[1], high[0])}"


def fees_asked(body: Body, channel: str) -> list[tuple[int, str]]:
    """What the catalogue asks in đồng of who files by `channel` (typed.CHANNELS; of all ways where it says nothing of that one),
    each amount with its words ("" when it has none); free ways and those that only words tell are left out."""
    known = [f for f in body["fees"] if f["amount"] and f["currency"] == "VND"]
    mine = [f for f in body["fees"] if f["channel"] == channel]
    return list(dict.fromkeys((f["amount"], f["words"]) for f in known if not mine or f in mine))


def of_the_whole(words: str) -> bool:
    """Whether an amount with these words is asked of the dossier, not of a page, a card or a gun."""
    return not words or bool(_WHOLE.search(words))


def level_words(levels: Sequence[str]) -> str:
    return ", ".join(LEVELS[level] for level in levels) or UNSAID


def copies_words(document: Mapping[str, Any]) -> str:
    """"1 bản chính, 1 bản sao"; empty when the text does not say."""
    parts = [f"{document[key]} {words}" for key, words in (("originals", "bản chính"), ("copies", "bản sao")) if document[key]]
    return ", ".join(parts)
