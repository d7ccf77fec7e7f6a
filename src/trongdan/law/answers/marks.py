"""What makes an answer bind: a decision by its number, a day, somebody responsible, an article. Found by their shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trongdan.law.classify.fold import Folded

from .words import cues, folded

# Laws, decrees, circulars, decisions of the Prime Minister, and every normative document (its number holds the year): what was
# decided for everybody, not here for this person.
_GENERAL = re.compile(r"\b\d+/\d{4}/[A-ZĐ][A-ZĐ0-9]*(?:-[A-ZĐ0-9]+)*|\b\d+-?/?(?:NQ/TW|NQ-TW|NĐ-CP|QĐ-TTg|QH\d*)\b")
_NUMBER = re.compile(r"\b\d{1,5}(?:/\d{4})?/[A-ZĐ][A-ZĐa-z]{0,7}(?:-[A-ZĐ][A-ZĐa-z0-9]*)*")
_DAY = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\bngay \d{1,2}(?: thang \d{1,2}|[/.-]\d{1,2})|\b(?:trong |truoc |het )?thang "
                  r"\d{1,2}(?:/\d{4}| nam \d{4})|\bquy (?:[1-4]|i{1,3}v?|iv)\b(?:/| nam )\d{4}|\b(?:trong|sau|cham nhat) \d{1,3} "
                  r"ngay\b")  # fmt: skip
_ARTICLE = re.compile(r"\bdieu \d{1,3}\b|\bkhoan \d{1,2} dieu\b")
_NAME = re.compile(r"(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]*\s+){1,4}[A-ZÀ-ỸĐ][a-zà-ỹđ]+")
_SUM = re.compile(r"\b\d(?:[\d.,]*\d)?\s{0,2}(?:%|(?:dong|trieu|ty|nghin|ngan|met|km|m2|m|cm|kg|g|ho|lit|cay|bong|chiec|xe|tiet"
                  r"|lan|chuyen|gio|bien|hop|con|ngay|nguoi|so do)\b)")


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` decision | day | person | article | figure | general (a law or another rule for everybody), from `start` to `end`
    of the folded text."""

    kind: str
    start: int
    end: int


def marks(answer: str, letter: str = "") -> tuple[Mark, ...]:
    """The marks of an answer, in order. What stands in the letter already, its parcel or its own number, marks nothing."""
    text, known = folded(answer), folded(letter).plain
    shapes = (("article", _ARTICLE), ("figure", _SUM))
    out = [Mark(kind, *m.span()) for kind, pattern in shapes for m in pattern.finditer(text.plain)]
    general = [m.span() for m in _GENERAL.finditer(text.kept)]
    out += [Mark("general", *span) for span in general]
    numbers = [m.span() for m in _NUMBER.finditer(text.kept) if not any(a <= m.start() < b for a, b in general)]
    out += [Mark("decision", *span) for span in numbers]
    ends = [b for _a, b in (*numbers, *general)]  # the day right after a number is the document's, not when something is done
    out += [Mark("day", *m.span()) for m in _DAY.finditer(text.plain)
            if not any(0 <= m.start() - e <= 7 and text.plain[e : m.start()].strip() in ("", "ngay") for e in ends)]  # fmt: skip
    out += _persons(text)
    fresh = [m for m in out if m.kind in ("person", "article", "general") or not _told(text.plain[m.start : m.end], known)]
    return tuple(sorted(fresh, key=lambda m: m.start))


def _told(words: str, known: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(words.strip())}(?![a-z0-9])", known) is not None


def _persons(text: Folded) -> list[Mark]:
    """Somebody by name after a title, a post that answers for it, or a unit that it was given to."""
    out = []
    for title in cues().named.finditer(text.plain):
        if name := _NAME.match(text.kept, title.end()):
            out.append(Mark("person", title.start(), name.end()))
    out += [Mark("person", *m.span()) for m in cues().post.finditer(text.plain)]
    out += [Mark("person", *m.span("unit")) for m in cues().unit.finditer(text.plain) if text.kept[m.start("unit")].isupper()]
    return out
