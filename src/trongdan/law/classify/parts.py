"""Separate matters in one letter: listed ("một là…, hai là…", (1) (2)), or added ("ngoài ra…", "nhân đây kiến nghị…").

The machine only points them out: officials may not cut up a letter by themselves when other agencies are competent
(NĐ 154/2026 Đ14 k4)."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .words import Text

_SPELT = re.compile(r"\b(?:mot|hai|ba|bon|nam|sau) la\b[ ,:]|\b(?:thu|viec thu|dieu thu) (?:nhat|hai|ba|tu|nam|sau)\b[ ,:]"
    r"|\bviec (?:mot|hai|ba|bon)\b[ ,:]")
_NUMBERED = re.compile(r"(?:^|[\s;:.])\(([1-9])\)\s|(?:^|\n)[ \t]*([1-9])[.)/]\s")
_SAID = re.compile(r"\b(hai|ba|bon|nam|may|[2-6]) (?:viec|van de|noi dung|dieu|y kien|y)\b")
_MATTER = r"(?:viec|chuyen|dieu|van de|noi dung|y|cau|noi|chut|khoan)"
# Words at the head of a sentence with which people come to something else.
_ADDED = re.compile(
    r"(?:^|[.;!?\n…][ \t\n]{0,3})(?:va |ma |a[,:]? |ah[,:]? |roi )?("
    r"ngoai (?:ra|viec tren|viec ay|viec do|chuyen (?:nay|do|ay|tren))|ben canh (?:do|viec)|mat khac|dong thoi|them (?:nua"
    r"|vao do|mot)"
    r"|nhan (?:day|tien|the|dip nay|cam but|luc|buoi nay|viet don|ke)|san (?:day|tien|dip)|tien (?:day|the|thay|cung|noi|viet|hoi)"
    rf"|(?:lai )?con (?:mot |them )?{_MATTER} (?:nay|nua|khac|thu|buon|ve|o)|(?:mot |them (?:mot )?){_MATTER} (?:nua|khac|nho)"
    rf"|{_MATTER} (?:khac|nua|thu (?:hai|ba|2|3))\b|rieng (?:ve |viec |chuyen )|con (?:ve|viec|chuyen|phan|rieng|cai)\b"
    r"|(?:toi|chung toi|em|chau|gia dinh toi|ba con|nhan dan) (?:cung|con) (?:xin|mong|muon|de nghi|kien nghi|phan anh|to cao"
    r"|hoi|bao)"
    r"|cung (?:xin|mong|de nghi|kien nghi) (?:hoi|phan anh|kien nghi|xa|tinh|cac|duoc|cho|som)|cho (?:toi |em |chau "
    r"|minh )?hoi (?:them|luon)"
    r"|xin hoi (?:them|luon)|hoi (?:them|luon)|neu (?:tien|duoc) thi (?:cho )?(?:xin|mong)|ma lam cung)")
# The rubrics of a form are no matters.
_RUBRIC = re.compile(r"^\W*(?:nguoi (?:bi )?(?:to cao|khieu nai|lam don|viet don)|ho (?:va )?ten|noi dung|yeu cau|kien nghi"
    r"|dia chi|can cu|ly do|doi tuong|tai lieu|so can cuoc|cccd|sinh nam|dien thoai|de nghi|phan|chung cu|bang chung"
    r"|hanh vi)\b")  # fmt: skip
SHORTEST = 25  # characters; a shorter piece is no matter of its own


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the folded letter that may be a matter of its own. `how` listed, spelt or added."""

    start: int
    end: int
    how: str


def pieces(text: Text) -> tuple[Piece, ...]:
    """The pieces of a letter, none when it is one matter."""
    plain = text.folded.plain
    for pattern, how in ((_NUMBERED, "listed"), (_SPELT, "spelt")):
        found = _listed(plain, [m.start() for m in pattern.finditer(plain)], how)
        if len(found) > 1:
            return found
    said = _SAID.search(plain)
    if said:
        found = _after_colon(plain, said.end())
        if len(found) > 1:
            return found
    added = [m.start(1) for m in _ADDED.finditer(plain)]
    if added and added[0] > 60:
        cuts = [0, *[a for a in added[:3] if len(plain) - a >= SHORTEST], len(plain)]
        return tuple(Piece(a, b, "added") for a, b in itertools.pairwise(cuts) if b - a >= SHORTEST)
    return ()


def _listed(plain: str, starts: list[int], how: str) -> tuple[Piece, ...]:
    if len(starts) < 2:
        return ()
    ends = [*starts[1:], min(len(plain), _paragraph_end(plain, starts[-1]))]
    out = [Piece(a, b, how) for a, b in zip(starts, ends, strict=True) if b - a >= SHORTEST]
    rubrics = sum(bool(_RUBRIC.match(re.sub(r"^\W*\d\W+", "", plain[p.start : p.end].strip()))) for p in out)
    return () if rubrics else tuple(out)


def _paragraph_end(plain: str, start: int) -> int:
    stop = re.compile(r"\n\s*\n|\n|\. (?=(?:toi|chung toi|kinh|rat|xin|de nghi|em|mong)\b)").search(plain, start + 10)
    return stop.start() if stop else len(plain)


def _after_colon(plain: str, start: int) -> tuple[Piece, ...]:
    """"3 việc …: a; b; c." """
    colon = plain.find(":", start, start + 80)
    if colon < 0:
        return ()
    end = plain.find(".", colon)
    end = len(plain) if end < 0 else end
    out, at = [], colon + 1
    for bit in plain[colon + 1 : end].split(";"):
        if len(bit) >= SHORTEST:
            out.append(Piece(at, at + len(bit), "listed"))
        at += len(bit) + 1
    return tuple(out)
