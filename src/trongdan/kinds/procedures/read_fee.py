"""Fees as published, read: "25,000 Việt Nam Đồng(/giao dịch)", "135 VNĐ(135.000 đồng/lần)" in a wrong unit, "Miễn phí"."""

from __future__ import annotations

import re

from .typed import Fee, Note

_PRINTED = re.compile(r"\s*([\d.,]+)\s*(VNĐ|Việt Nam Đồng|USD|Đồng)\s*(.*)", re.DOTALL)
_SPOKEN = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{4,9})\s*(?:đồng|đ\b|vnđ|/)", re.IGNORECASE)
_MILLIONS = re.compile(r"(\d{1,3}(?:[.,]\d)?)\s*triệu", re.IGNORECASE)
_FREE = re.compile(r"(?:phí|lệ phí)?\s*:?\s*(?:miễn phí|không thu|0\s*đồng|không đồng|o đồng)", re.IGNORECASE)
_LABEL = re.compile(r"\s*(?:lệ\s+)?phí\s*:\s*", re.IGNORECASE)
SMALLEST = 1000  # VND: there is no fee below it, so a smaller number lost its thousands
WORDS = 400


def whole(printed: str) -> int:
    """"1,350,000" and "1.350.000" alike."""
    return int(re.sub(r"[.,]", "", printed) or 0)


def spoken(words: str) -> list[int]:
    """The amounts in VND that words name: "5.000 đồng", "30 triệu đồng"."""
    millions = [round(float(m.replace(",", ".")) * 1_000_000) for m in _MILLIONS.findall(words)]
    return [whole(amount) for amount in _SPOKEN.findall(words)] + millions


def read_fee(text: str, note: str, channel: str) -> tuple[Fee | None, list[Note]]:
    """The fee of one channel. Where the field says that nothing is known and the description begins with an amount, the
    columns had slipped: the description's counts."""
    text = text.strip()
    if text in ("", "Không có thông tin"):
        slipped = re.sub(r"^Không có thông tin", "", note).strip()
        if not (_PRINTED.match(slipped) or slipped.startswith("Miễn phí")):
            return None, [Note("fee", "fee_unknown", "")]
        text, note = slipped, ""
    text = _LABEL.sub("", text, count=1)
    if _FREE.match(text):
        return Fee(0, "VND", " ".join(text[len("Miễn phí"):].split())[:WORDS], channel), []
    match = _PRINTED.match(text)
    if not match:
        words = " ".join(text.split())[:WORDS]
        return Fee(None, "VND", words, channel), [Note("fee", "fee_words", words[:160])]
    amount, words = whole(match[1]), " ".join(match[3].strip("() ").split())
    if match[2] == "USD":
        return Fee(amount, "USD", words[:WORDS], channel), []
    return _in_dong(amount, words, note, channel)


def _in_dong(amount: int, words: str, note: str, channel: str) -> tuple[Fee, list[Note]]:
    if "USD" in words and amount < SMALLEST:
        return Fee(amount, "USD", words[:WORDS], channel, mended=True), [Note("fee", "fee_mended", f"{amount} VNĐ: {words[:120]}")]
    named = spoken(words) or spoken(note)
    if 0 < amount < SMALLEST:
        if amount * 1000 in named:
            return Fee(amount * 1000, "VND", words[:WORDS], channel, mended=True), [
                Note("fee", "fee_mended", f"{amount} → {amount * 1000}: {words[:120]}")]  # fmt: skip
        return Fee(None, "VND", f"{amount} ({words})"[:WORDS], channel), [Note("fee", "fee_unit", f"{amount}: {words[:120]}")]
    if named and amount not in named and len(named) == 1 and amount > 0:
        return Fee(amount, "VND", words[:WORDS], channel), [Note("fee", "fee_disagrees", f"{amount}: {words[:120]}")]
    return Fee(amount, "VND", words[:WORDS], channel), []
