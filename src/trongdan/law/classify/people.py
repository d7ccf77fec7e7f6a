"""Who sends a letter: how many, whether they hide their name, whether name, address, date and a signature stand in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .named import Named
from .words import Text

_NUMBER_WORDS = {"hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_NUMBER = r"(\d{1,4}|hai|ba|bon|nam|sau|bay|tam|chin|muoi)"
_WHO = (r"(?:ho(?: dan| gia dinh)?|nguoi|nha|gia dinh|cong nhan|giao vien|thanh vien|tieu thuong|cu|anh em|phu huynh|can bo"
        r"|vien chuc|hoc vien|dieu duong)")
_MANY = (
    re.compile(rf"chung toi (?:gom(?: co)?|la|co) ?:? {_NUMBER} {_WHO}"),
    re.compile(rf"\b{_NUMBER} (?:ho|nha|nguoi|gia dinh) (?:dan )?(?:chung toi|ky ten|cung ky|ky don|dung don|o )"),
    re.compile(rf"(?:dai dien|thay mat)(?: cho)? {_NUMBER} {_WHO}"),
    re.compile(rf"{_NUMBER} (?:nguoi|ho) cung ky|kem(?: theo)? {_NUMBER} chu ky"),
)
_HIDE = re.compile(
    r"giau ten|khong ghi ten|khong neu ten (?:toi|chung toi)|khong xung ten|khong tien neu ten|xin khong ky ten"
    r"|khong dam (?:ghi|ky|neu) ten|dung neu ten|khong de ten|nac danh|mot nguoi dan|mot cong dan|khong noi ten")
_HIDE_WORDS = ("giau ten", "khong ghi ten", "khong neu ten", "khong xung", "khong tien neu", "khong ky ten", "khong dam",
               "dung neu", "khong de ten", "nac danh", "mot nguoi dan", "mot cong dan", "khong noi ten")  # fmt: skip
_SIGNED_WORDS = ("ky", "diem chi", "lam don", "nguoi khieu", "nguoi to", "viet don", "nguoi kien", "nguoi phan")
_CONTACT_WORDS = ("dien thoai", "so dt", "sdt", "email", "@", "zalo")
_SELF = re.compile(
    r"(?:ho (?:va )?ten|toi ten la|ten toi la|ten toi|toi ten|em ten la|em ten|chau ten|con ten"
    r"|nguoi (?:khieu nai|to cao|lam don|viet don|kien nghi|phan anh)|nguoi dai dien|toi la|toi|chung toi gom|chung toi la"
    r"|chung toi) ?:? ?")
_ADDRESS = re.compile(r"(?:dia chi|thuong tru|tru tai|cu tru|noi o|ngu tai|hien o|so nha|thon|xom|khu|to dan pho|tieu khu"
    r"|ap|ban|to \d)\b")
_SIGNED = re.compile(r"da ky|ky ten|cung ky|diem chi|\(ky\)|nguoi (?:lam don|khieu nai|to cao|viet don|kien nghi"
    r"|phan anh)\s*\n|chu ky")
_ADDRESS_OPENS = frozenset({"dia", "thuong", "tru", "cu", "noi", "ngu", "hien", "so", "thon", "xom", "khu", "to", "tieu", "ap",
                            "ban"})  # fmt: skip
_PHONE = re.compile(r"0\d{2,3}[ .]?\d{3}[ .]?\d{3,4}\b|0\d{9}\b")
_CONTACT = re.compile(r"dien thoai|so dt|sdt|email|@[a-z]|\bzalo\b")


_GROUP_LAST = re.compile(r"(?:cac ho dan|nhan dan|mot so nguoi dan|ba con|tap the)[^\n.]{0,25}$")
_LAST_NAME = re.compile(r"\W*((?:[^\W\d_]+ ){1,4}[^\W\d_]+)\W*(?:,|$)")
_WE = re.compile(r"chung\s+toi")
_WE_ARE = re.compile(r"chung toi(?: gom(?: co)?| la)? ?:")
_IN_LIST = re.compile(r"(?:[A-ZĐ][^\W\d_]+ ){1,3}[A-ZĐÀ-Ỹ][^\W\d_]*")
_NOT_IN_LIST = re.compile(r"\([^)]*\)|sinh năm \d+|sinh \d+")
_SIGNATURE = re.compile(r"[A-ZĐÀ-Ỹ][^\W\d_]+(?: [A-ZĐÀ-Ỹ][^\W\d_]*){1,3}")
_BETWEEN = re.compile(r"\s+[-–]\s+|,|;")
# A number and whom it counts, the beginning of every form of _MANY but the first.
_COUNTED = frozenset(f"{n} {who}" for n in (*_NUMBER_WORDS, "#", "##", "###", "####")
                     for who in ("ho", "nguoi", "nha", "gia", "cong", "giao", "thanh", "tieu", "cu", "anh", "phu", "can", "vien",
                                 "hoc", "dieu", "chu"))  # fmt: skip
SIGNATURES = 400  # characters at the end of a letter in which signatures are looked for


@dataclass(frozen=True, slots=True)
class Senders:
    """`count` at least one; `anonymous` when the sender hides their name; spans in the given text or None."""

    count: int
    anonymous: bool
    name: tuple[int, int] | None
    address: tuple[int, int] | None
    signature: tuple[int, int] | None
    contact: tuple[int, int] | None
    date: tuple[int, int] | None


def _any_in(plain: str, *words: str) -> bool:
    """Whether one of `words` stands in the letter: asked before a pattern none of whose forms lacks all of them, because
    looking for a word costs a hundredth of looking for a pattern."""
    return any(word in plain for word in words)


def find_senders(text: Text, named: tuple[Named, ...], pairs: Collection[str]) -> Senders:
    """What the letter says about who sends it. `pairs` are its words two by two, numbers by their length."""
    plain = text.folded.plain
    hide = _HIDE.search(plain) if _any_in(plain, *_HIDE_WORDS) else None
    name = _own_name(text, named)
    dates = [n for n in named if n.kind == "date" and n.code.count("-") == 2]
    # The day of the letter stands in its head or at its foot, not in the story.
    edge = [d for d in dates if d.start > 0.75 * len(plain) or d.start < 220]
    address = _first(_ADDRESS, plain, (at for word, at in zip(text.tokens, text.token_starts, strict=True)
                                       if word in _ADDRESS_OPENS))  # fmt: skip
    return Senders(_count(text, pairs), bool(hide) or _nobody(plain), None if hide else name, _span(text, address),
                   _span(text, _SIGNED.search(plain) if _any_in(plain, *_SIGNED_WORDS) else None),
                   _span(text, _contact(text)),
                   (edge[-1].start, edge[-1].end) if edge else None)  # fmt: skip


def _span(text: Text, match: re.Match[str] | None) -> tuple[int, int] | None:
    return None if match is None else (text.folded.at(match.start()), text.folded.at(match.end()))


def _first(pattern: re.Pattern[str], plain: str, starts: Iterable[int]) -> re.Match[str] | None:
    """What `search` gives, asked only at words that can open the pattern."""
    return next(filter(None, (pattern.match(plain, at) for at in starts)), None)


def _contact(text: Text) -> re.Match[str] | None:
    """The first telephone number, or word or sign of another way to reach the sender."""
    plain = text.folded.plain
    phone = _first(_PHONE, plain, (at for word, at in zip(text.tokens, text.token_starts, strict=True)
                                   if word[0] == "0" and len(word) > 2))  # fmt: skip
    other = _CONTACT.search(plain) if _any_in(plain, *_CONTACT_WORDS) else None
    return min(filter(None, (phone, other)), key=lambda m: m.start(), default=None)


def _nobody(plain: str) -> bool:
    """A letter that ends with a group without any name ("các hộ dân ngõ 3", "một số người dân")."""
    return bool(_GROUP_LAST.search(plain.rstrip(" .\n")[-60:]))


def _own_name(text: Text, named: tuple[Named, ...]) -> tuple[int, int] | None:
    """The sender's own name: after "tôi là", or alone on the last line."""
    plain = text.folded.plain
    for one in named:
        if one.kind == "person" and _SELF.search(plain[max(0, one.start - 28) : one.start]):
            return one.start, one.end
    tail = text.folded.kept.rstrip()
    last = tail.rsplit("\n", 1)[-1] if "\n" in tail else tail.rsplit(". ", 1)[-1]
    start = len(tail) - len(last)
    found = _LAST_NAME.match(last) if len(last) < 90 else None
    if found and all(w[0].isupper() for w in found.group(1).split()):
        return text.folded.at(start + found.start(1)), text.folded.at(start + found.end(1))
    return None


def _count(text: Text, pairs: Collection[str]) -> int:
    plain = text.folded.plain
    we = _WE.search(plain) is not None
    if we or not _COUNTED.isdisjoint(pairs):
        plain = " ".join(plain.split())
        for pattern in _MANY:
            found = pattern.search(plain)
            if found:
                word = next(g for g in found.groups() if g)
                return max(1, _NUMBER_WORDS.get(word) or int(word))
    if not we:
        return 1
    start = _WE_ARE.search(text.folded.plain)
    if start:
        line = text.folded.kept[start.end() :].split("\n\n")[0][:300].split(".")[0]
        names = _IN_LIST.findall(_NOT_IN_LIST.sub(",", line))
        if len(names) > 1:
            return len(names)
    tail = text.folded.kept.rstrip().rsplit("\n", 1)[-1][-SIGNATURES:]
    names = _SIGNATURE.findall(tail)
    separated = len(_BETWEEN.split(tail))
    return len(names) if len(names) > 1 and separated == len(names) else 1
