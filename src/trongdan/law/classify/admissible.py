"""The admissibility checklist pre-filled from the text: every answer with what in the letter gave it. A person decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from trongdan.law.admissibility import Item, checklist

from .cues import Hit
from .named import Named
from .people import Senders
from .words import Text

Span = tuple[int, int]
_COURT = re.compile(r"toa (?:an )?(?:da |dang )?(?:thu ly|xu|tuyen|xet xu)|ban an(?: so)?|da khoi kien|da kien ra toa"
    r"|phuc tham|so tham")
_NORMATIVE = re.compile(r"nghi dinh|thong tu|luat|nghi quyet cua (?:hoi dong nhan dan|hdnd)|bang gia dat cua tinh"
    r"|van ban noi bo|bi mat nha nuoc|y kien chi dao noi bo")
_ALSO = re.compile(r"dong (?:thoi )?(?:kinh )?gui|noi nhan|dong kinh gui")
_ELSEWHERE = re.compile(r"(?:thanh tra|cong an|cong an tinh|uy ban kiem tra|so [a-z ]{3,20}) (?:dang|da) (?:thu ly|dieu tra"
    r"|xac minh|giai quyet)")
_SETTLER = re.compile(r"giai quyet (?:don )?khieu nai (?:cua toi )?(?:khong dung|sai|bat cong)|nguoi (?:da )?giai quyet khieu nai")
_EVIDENCE = re.compile(r"ghi am|chung cu|bang chung|tai lieu kem|giay to kem|kem theo|anh chup|lam chung|camera|bien lai")
_OWN = re.compile(r"\b(?:cua|nha|gia dinh|ho|doi voi|cho|phat|thu cua|buoc) (?:toi|chung toi|gia dinh toi|ho toi"
    r"|cong ty (?:toi|chung toi))\b|\bchung toi bi\b|\btoi bi\b")


@dataclass(frozen=True, slots=True)
class Answer:
    """An item with `answer` yes, no or unknown, and the span that gave it (None when absence did, or nobody can tell)."""

    item: Item
    answer: str
    span: Span | None

    @property
    def good(self) -> bool | None:
        """Whether the answer lets the letter go on; None when unknown."""
        return None if self.answer == "unknown" else self.answer == self.item.good


@lru_cache(maxsize=256)
def _items(nature: str, on: date, cases: tuple[str, ...]) -> tuple[Item, ...]:
    return checklist(nature, on, cases)


def prefill(text: Text, nature: str, on: date, senders: Senders, named: tuple[Named, ...], hits: list[Hit]) -> tuple[Answer, ...]:
    """The checklist of the nature on a day, answered as far as the text tells; items of records and persons unknown."""
    cases = ("several",) if senders.count > 1 else ()
    items = _items(nature, on, cases)
    if not items:
        return ()
    known = _Known(text, senders, named, hits)
    out = []
    for item in items:
        say = getattr(known, item.id, None)
        answer, span = say() if say is not None and item.prefill == "text" else ("unknown", None)
        out.append(Answer(item, answer, span))
    return tuple(out)


class _Known:
    """One method per item a text can answer, named as the item: (answer, span)."""

    def __init__(self, text: Text, senders: Senders, named: tuple[Named, ...], hits: list[Hit]) -> None:
        self.text, self.senders, self.named, self.hits = text, senders, named, hits
        self.plain = text.folded.plain

    def _search(self, pattern: re.Pattern[str], found: str = "yes", absent: str = "unknown") -> tuple[str, Span | None]:
        match = pattern.search(self.plain)
        if match is None:
            return absent, None
        return found, (self.text.folded.at(match.start()), self.text.folded.at(match.end()))

    def _has(self, span: Span | None) -> tuple[str, Span | None]:
        return ("yes", span) if span else ("no", None)

    def _kind(self, *kinds: str) -> tuple[str, Span | None]:
        one = next((n for n in self.named if n.kind in kinds), None)
        return ("yes", (one.start, one.end)) if one else ("unknown", None)

    def _sign(self, *keys: str) -> tuple[str, Span | None]:
        hit = next((h for h in self.hits if h.cue.key in keys), None)
        return ("yes", self.text.span(hit.first, hit.last)) if hit else ("unknown", None)

    def vietnamese(self) -> tuple[str, Span | None]:
        words = self.text.words
        if len(words) < 5:
            return "unknown", None
        common = sum(w in _COMMON for w in words)
        return ("yes", None) if common >= 0.08 * len(words) else ("unknown", None)

    def date(self) -> tuple[str, Span | None]:
        return self._has(self.senders.date)

    def name(self) -> tuple[str, Span | None]:
        return self._has(self.senders.name)

    def address(self) -> tuple[str, Span | None]:
        return self._has(self.senders.address)

    def contact(self) -> tuple[str, Span | None]:
        return ("yes", self.senders.contact) if self.senders.contact else ("unknown", None)

    def nameless(self) -> tuple[str, Span | None]:
        if self.senders.anonymous:
            return "yes", None
        return ("no", self.senders.name) if self.senders.name else ("unknown", None)

    def body_complained_of(self) -> tuple[str, Span | None]:
        return self._kind("agency", "post")

    def content_reason_request(self) -> tuple[str, Span | None]:
        return self._sign("khieu_nai.ask_review", "khieu_nai.restore_own", "khieu_nai.objects")

    def denounced_named(self) -> tuple[str, Span | None]:
        return self._kind("person", "post")

    def matter_stated(self) -> tuple[str, Span | None]:
        return ("yes", None) if len(self.text.words) >= 8 else ("unknown", None)

    def sent_to_competent_too(self) -> tuple[str, Span | None]:
        return self._search(_ALSO)

    def internal_decision(self) -> tuple[str, Span | None]:
        return self._search(_NORMATIVE, found="unknown")

    def no_direct_effect(self) -> tuple[str, Span | None]:
        return self._search(_OWN, found="no")

    def in_court(self) -> tuple[str, Span | None]:
        return self._search(_COURT)

    def grounds(self) -> tuple[str, Span | None]:
        return self._search(_EVIDENCE)

    def grew_from_complaint(self) -> tuple[str, Span | None]:
        return self._search(_SETTLER)

    def judged(self) -> tuple[str, Span | None]:
        return self._search(_COURT)

    def pending_elsewhere(self) -> tuple[str, Span | None]:
        return self._search(_ELSEWHERE)


_COMMON = frozenset([
    "toi", "la", "cua", "co", "khong", "va", "nha", "cho", "da", "duoc", "nay", "xa", "voi", "ong", "ba", "de", "nghi", "thi", "bi",
    "o", "den", "nguoi", "ngay", "cac", "mot", "em", "chung",
])  # fmt: skip
