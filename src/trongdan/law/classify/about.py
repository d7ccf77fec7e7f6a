"""Whom a letter is about, as a question for `law/competence`: the body and the official it names, its history and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from trongdan.law.competence import About, Competence, Question, about_of, who_settles

from .named import Named
from .words import Text

_TO = re.compile(r"(?:dong )?kinh gui[^\n]*(?:\n[ \t]*[-–+][^\n]*)*")
_DENOUNCED = re.compile(r"nguoi bi to cao ?:|\bto cao\b(?! (?:cua|lan|tiep))|\bto giac\b")
_COMPLAINED = re.compile(r"doi tuong (?:bi )?khieu nai ?:|\bkhieu nai\b|khong dong y|khong nhat tri|quyet dinh")
_SECOND = re.compile(r"khieu nai lan hai|lan (?:hai|thu hai|2)\b|quyet dinh giai quyet khieu nai lan dau"
    r"|giai quyet khieu nai lan (?:dau|1)")
_DECIDED = re.compile(r"quyet dinh giai quyet khieu nai lan (?:hai|2)|da co quyet dinh lan hai")
_COURT = re.compile(r"toa (?:an )?(?:da )?(?:thu ly|xu|tuyen)|ban an|dang kien|da khoi kien|xet xu|phuc tham|so tham")
_SIGNS = {
    "crime": re.compile(r"khoi to|co quan dieu tra|dau hieu toi pham|nhan hoi lo|chiem doat|lua dao|tham o|danh bac|ma tuy"
    r"|chem|giet|cuong doat"),
    "party": re.compile(r"ky luat dang|khai tru|ve dang\b|uy ban kiem tra (?:xem|xet)"),
    "court_pending": _COURT,
    "land_dispute": re.compile(r"(?:tranh chap|lan (?:sang|dat)|ranh gioi|xay lan|loi di chung)"),
    "neighbours": re.compile(r"hang xom|nha ben canh|hai nha|hoa giai"),
    "labour": re.compile(r"tien luong|no luong|hop dong lao dong|tai nan lao dong|tien cong|lam thue"),
    "civil_dispute": re.compile(r"vay|giay tay|dat coc|thua ke|ly hon|hop dong|choi hui|no tien|khong tra"),
    "civil_servant_discipline": re.compile(r"quyet dinh (?:ky luat|buoc thoi viec|cach chuc|canh cao|ha bac luong|khien trach)"),
    "procedure": re.compile(r"thu tuc|ho so|can cuoc|khai sinh|cu tru|giay to"),
}  # fmt: skip
_ROUTE_ONLY = {"khac": ("party", "court_pending", "land_dispute", "neighbours", "labour", "civil_dispute", "crime"),
               "hoi_dap": ("procedure",), "khieu_nai": ("civil_servant_discipline",), "to_cao": ("crime",),
               "kien_nghi": (), "phan_anh": ()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a letter is about: the words found, their spans, and what `law/competence` makes of them."""

    about: About
    agency: str
    official: str
    spans: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def _about(agency: str, official: str, level: str) -> About:
    return about_of(agency, official, level)


def target_of(text: Text, nature: str, named: tuple[Named, ...]) -> Target:
    """The body and the official the letter is about: nearest after the words that accuse or complain, never the one it is
    sent to when another is named."""
    plain = text.folded.plain
    kept = text.folded.kept
    to = _TO.search(plain, 0, 900)
    sent = to.span() if to else (0, 0)
    anchor = (_DENOUNCED if nature == "to_cao" else _COMPLAINED).search(plain, sent[1]) if nature in ("to_cao",
        "khieu_nai") else None
    start = anchor.start() if anchor else sent[1]
    agency = official = None
    for one in named:
        if text.folded.back is not None or one.start < start or sent[0] <= one.start < sent[1]:
            continue
        if one.kind == "agency" and agency is None:
            agency = one
        if one.kind == "post" and official is None and one.start < start + 400:
            official = one
    if agency is None and nature in ("khieu_nai", "kien_nghi", "phan_anh"):
        agency = next((n for n in named if n.kind == "agency"), None)
    agency_words = _with_place(kept, plain, agency)
    official_words = _with_place(kept, plain, official)
    private = nature == "khac" and official is None and agency is None
    about = _about(agency_words, official_words, "ngoài nhà nước" if private else "")
    spans = tuple((n.start, n.end) for n in (agency, official) if n)
    return Target(about, agency_words, official_words, spans)


def _with_place(kept: str, plain: str, one: Named | None) -> str:
    """The name with the "xã", "tỉnh" that follows it, for the level."""
    if one is None:
        return ""
    after = re.match(r"[ ,]{1,2}(?:ubnd |cong an )?(?:xa|phuong|tinh|huyen|thanh pho|thi xa)\b", plain[one.end : one.end + 22])
    return kept[one.start : one.end + (after.end() if after else 0)]


def question_of(text: Text, nature: str, field: str, target: Target, on: date, at: About, anonymous: bool) -> Question:
    """The question for `who_settles`."""
    plain = text.folded.plain
    signs = {name for name in _ROUTE_ONLY.get(nature, ()) if _SIGNS[name].search(plain)}
    if anonymous and nature == "to_cao":
        signs.add("anonymous")
    history = "first"
    if nature == "khieu_nai":
        if _DECIDED.search(plain):
            history = "decided"
        elif _SECOND.search(plain):
            history = "second"
        elif _SIGNS["court_pending"].search(plain):
            history = "in_court"
    return Question(nature, target.about, on=on, at=at, field=field, history=history, signs=frozenset(signs))


def competent(question: Question) -> Competence:
    """Who settles, by `law/competence`."""
    return _settled(question)


@lru_cache(maxsize=4096)
def _settled(question: Question) -> Competence:
    return who_settles(question)
