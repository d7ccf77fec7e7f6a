"""Say it once: which papers of somebody's store fit what a procedure asks. Pure; an offer, which the counter takes or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from trongdan.core.store.items import Item

from .complete import Asked
from .known import known, paper_of
from .search import words_in

LONGEST = 160  # characters of a title
FEWEST = 4  # words that two titles must begin with alike: "giấy chứng nhận" alone would fit everything
_LEAD = re.compile(r"^(?:\(?\d+\)?\s*)?(?:các |một |bộ )?bản (?:sao|chính|chụp|gốc|scan|photo\w*|điện tử)\b", re.IGNORECASE)
# What a paper's own name begins with, after "bản sao có chứng thực hoặc bản sao kèm bản chính để đối chiếu …".
_NOUN = re.compile(r"\b(?:giấy|chứng (?:chỉ|minh|từ|nhận)|quyết định|văn bằng|bằng (?!bản|văn)|hợp đồng|thẻ|sổ (?!gốc)|hộ chiếu|"
                   r"điều lệ|biên bản|báo cáo|phiếu|hóa đơn|tài liệu|văn bản|trích lục|hồ sơ|thông báo|nghị quyết|bản vẽ|di chúc|"
                   r"bản án)", re.IGNORECASE)  # fmt: skip
_TAIL = re.compile(r"\s*(?:[(;:.]|,? nếu |,? trong trường hợp |,? đối với |,? theo mẫu |,? theo quy định |,? do |,? kèm theo |"
                   r", trừ ).*$", re.IGNORECASE | re.DOTALL)  # fmt: skip


def title_of(name: str) -> str:
    """What a paper is called once the catalogue's "bản sao … (nếu có)" is off it."""
    said = name.strip(" -–+•")
    if lead := _LEAD.match(said):
        noun = _NOUN.search(said, lead.end())
        said = said[noun.start() if noun else lead.end() :]
    bare = _TAIL.sub("", said).strip(" ,")
    title = bare or name
    return (title[:1].upper() + title[1:])[:LONGEST].strip()


def kept_for_again(name: str) -> bool:
    """Whether a paper is one to keep: what a person fills in for one procedure is not, nor what is only shown at the counter."""
    folded = f" {' '.join(words_in(name))} "
    only_shown = " xuat trinh " in folded and " ban sao " not in folded
    return not only_shown and not folded.startswith(known().forms)


def fits(title: str, means: str, asked: str) -> bool:
    """Whether a kept paper is what a procedure asks for: the same known paper, or one title begins with the whole other."""
    if not kept_for_again(asked):
        return False
    found = paper_of(asked)
    if found is not None or means:
        return found is not None and found.id == means
    one, other = words_in(title), words_in(title_of(asked))
    same = min(len(one), len(other))
    return same >= FEWEST and one[:same] == other[:same]


def offers(items: Iterable[Item], papers: Sequence[Asked], on: date) -> Mapping[int, list[Item]]:
    """place of the asked paper -> what fits it and holds on the day, newest first; the same kind twice is both."""
    able = [item for item in items if item.holds(on)]
    found = {paper.number: [i for i in able if fits(i.about.name, i.about.means, paper.name)] for paper in papers}
    return {number: some for number, some in found.items() if some}
