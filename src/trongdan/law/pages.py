"""Competence and admissibility as pages of the documentation: the tables, each row with its article. Never edited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .admissibility.items import GROUPS, NATURES, items
from .competence.answer import DOES
from .competence.tables import Step, acts, bodies, routes

MARKS = {"primary": "đã đối chiếu", "secondary": "nguồn thứ cấp", "unread": "**chưa đối chiếu**"}
NATURE_WORDS = {"khieu_nai": "Khiếu nại", "to_cao": "Tố cáo", "kien_nghi": "Kiến nghị", "phan_anh": "Phản ánh"}
GROUP_WORDS = {"handling": "Điều kiện xử lý đơn", "accept": "Điều kiện thụ lý", "refuse": "Không thụ lý, không xử lý khi"}


def pages() -> dict[str, str]:
    """File name -> Markdown."""
    made = {"competence.md": _competence(), "admissibility.md": _admissibility()}
    return {name: "\n".join(lines) for name, lines in made.items()}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _competence() -> Iterator[str]:
    yield "# Thẩm quyền\n"
    yield ("`under` là quan hệ hành chính, `line` là ngành dọc. Khiếu nại lần đầu đến người đứng đầu; lần hai và tố cáo "
           "người đứng đầu, cấp phó lên cấp trên.\n")  # fmt: skip
    yield ("| cơ quan | quan hệ | cấp | người giải quyết | cấp trên | khiếu nại: lần đầu, lần hai "
           "| tố cáo: nhân viên, lãnh đạo | hiệu lực | đối chiếu |")  # fmt: skip
    yield "|---|---|---|---|---|---|---|---|---|"
    for body in bodies().values():
        for s in body.steps:
            yield (f"| {_cell(s.name)} | {body.relation} | {s.level} | {s.head} | {_above(s)} | {_both(s.first, s.second)} "
                   f"| {_both(s.staff, s.heads)} | {_since(s.since, s.until)} | {MARKS[s.verified]} |")  # fmt: skip
    yield "\n## Việc phải làm\n"
    yield "| tình huống | việc | văn bản | thời hạn | căn cứ | đối chiếu |"
    yield "|---|---|---|---|---|---|"
    for versions in acts().values():
        for a in versions:
            yield (f"| {a.id} | **{DOES[a.does]}**: {_cell(a.words)} | {_cell(a.paper)} | {a.clock or '–'} | {_cell(a.basis)} "
                   f"| {MARKS[a.verified]} |")  # fmt: skip
    yield "\n## Đường giải quyết khác\n"
    yield "| đường | nơi giải quyết | việc | căn cứ | đối chiếu |"
    yield "|---|---|---|---|---|"
    for r in routes():
        yield f"| {r.name} | {_cell(r.where)} | {DOES[r.does]} | {_cell(r.basis)} | {MARKS[r.verified]} |"


def _above(s: Step) -> str:
    up = f"{s.above[0]}/{s.above[1]}" if s.above else "–"
    return up if s.superior == s.above or s.superior is None else f"{up}; tố cáo: {s.superior[0]}/{s.superior[1]}"


def _both(a: str, b: str) -> str:
    return _cell(a if a == b else f"{a} · {b}")


def _since(since: date, until: date) -> str:
    first = _day(since) if since > date.min else ""
    last = _day(until) if until < date.max else ""
    return f"{first} – {last}".strip() if first or last else "–"


def _admissibility() -> Iterator[str]:
    yield "# Điều kiện xử lý, thụ lý\n"
    yield "Máy điền sẵn điều đọc được từ đơn; người có thẩm quyền quyết định bằng văn bản có chữ ký.\n"
    for nature in NATURES:
        yield f"## {NATURE_WORDS[nature]}\n"
        for group in GROUPS:
            listed = [i for i in items() if i.nature == nature and i.group == group]
            if not listed:
                continue
            yield f"### {GROUP_WORDS[group]}\n"
            for i in listed:
                span = "" if (i.since, i.until) == (date.min, date.max) else f" ({_since(i.since, i.until)})"
                cure = f" {i.cure}" if i.cure else ""
                yield f"- {i.question}{span} *{i.basis}; {MARKS[i.verified]}.* {i.missing}{cure}"
            yield ""
