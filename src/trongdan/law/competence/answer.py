"""What is asked about competence, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# What the agency that received a letter does with it, in a word; `acts.toml` says it in a sentence.
DOES = {"thu_ly": "Thụ lý", "chuyen": "Chuyển", "huong_dan": "Hướng dẫn", "tra_lai": "Trả lại", "luu": "Lưu",
        "bao_cao_chi_dao": "Báo cáo để chỉ đạo", "xem_xet": "Người phân loại xem xét"}  # fmt: skip
LEVELS = ("xa", "huyen", "tinh", "trung_uong", "ngoai", "")
POSTS = ("head", "deputy", "staff", "body", "former", "former_head", "")
HISTORIES = ("first", "second", "decided", "in_court", "overdue_below")
NATURES = ("khieu_nai", "to_cao", "kien_nghi", "phan_anh", "hoi_dap", "khac")
# The three things called PAKN (domain 5); the citizen never chooses, desk and reports never mix them.
PAKN = {"tiep_cong_dan": "Kiến nghị, phản ánh theo Luật Tiếp công dân",
        "quy_dinh_hanh_chinh": "Phản ánh, kiến nghị về quy định hành chính (NĐ 20/2008/NĐ-CP)",
        "hien_truong": "Phản ánh hiện trường theo quy định của tỉnh"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """Whom a letter is about, or which agency asks.

    `level`: xa, huyen (until 2025-06-30), tinh, trung_uong, ngoai (no public body), "" unknown.
    `kind`: an id of `bodies.toml` (ubnd, so, cong_an, thue, toa_an…), "" unknown.
    `post`: head, deputy, staff, body (the agency itself), former (left the post), former_head (was head or deputy),
    "" unknown.
    `key`: tells two agencies of one level and kind apart (an agency's code); "" when it does not matter."""

    level: str = ""
    kind: str = ""
    post: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A matter as far as it is known.

    `signs` are the marks that the classifier or an officer put on it: ids of `routes.toml` (crime, land_dispute,
    procedure, party…), and `original_papers`, `anonymous`, `anonymous_clear`, `civil_servant_discipline`,
    `administrative_rule`, `field_report`, `duplicate`, `same_field`. `field` is a field of letters ("đất đai")."""

    nature: str
    about: About
    on: date
    at: About = About()
    field: str = ""
    history: str = "first"
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter goes that is not settled as a complaint, denunciation or petition."""

    id: str
    name: str
    name_en: str
    where: str
    does: str
    basis: str
    verified: str
    act: str = ""  # what is done, where that is not simply to pass on or to guide: an id of `acts.toml`


@dataclass(frozen=True, slots=True)
class Competence:
    """Who settles, and what the receiving agency must do.

    `settler` is a title for people, `body` the level and kind of the settling agency (None when nobody can be named);
    `does` one of DOES; `paper` the name of the paper; `clock` a rule id; `basis` the articles; `verified` primary,
    secondary or unread (the weakest of what was relied on); `why` sentences in Vietnamese, one step each; `pakn` which
    of the three things called PAKN; `choices` what else the person may lawfully do; `shut_out` who may not act."""

    nature: str
    settler: str
    body: About | None
    does: str
    does_words: str
    paper: str
    clock: str | None
    basis: str
    verified: str
    why: tuple[str, ...] = ()
    route: Route | None = None
    pakn: str | None = None
    choices: tuple[str, ...] = ()
    shut_out: tuple[str, ...] = ()
