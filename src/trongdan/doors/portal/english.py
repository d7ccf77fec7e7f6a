"""What comes to the portal as Vietnamese data, in the reader's language: labels of kinds, offices, refusals, citations.

The kernel, the kinds and the law speak Vietnamese; only here, at the door, is it looked up in the catalogue. What the
sender or an agency wrote is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

from trongdan.kernel.authority import role_words
from trongdan.kernel.clock import Step
from trongdan.kernel.kind import ELSEWHERE
from trongdan.kinds.letters.tracking import CaseView, ClockView, TrailLine

from .citing import cite

# Sentences that are filled in where they are said, as `tools/messages.py` reads them from the source. It checks that each
# one of the refusals is here.
PATTERNS = (
    gettext_noop("Kho đã có {0} giấy tờ loại này. Hãy bỏ bớt giấy tờ không cần nữa."),
    gettext_noop("Bản công khai còn {0} của người gửi. Hãy lược bỏ rồi lưu lại."),
    gettext_noop("UBND xã {0}"),
    gettext_noop("UBND phường {0}"),
    gettext_noop("Buổi trực tuyến này nhận đăng ký đến hết ngày {0}. Hãy chọn buổi khác."),
    gettext_noop("Chưa có lịch nghỉ năm {0}. Hãy bổ sung lịch năm {1} trước khi tính hạn."),
    gettext_noop("Quy định {0} chưa có hoặc không còn hiệu lực vào ngày {1}."),
    gettext_noop("{0} là nghĩa vụ theo kỳ, không phải thời hạn tính từ một ngày."),
    gettext_noop("{0} không được gia hạn {1} lần."),
    gettext_noop("{0} không có trường hợp “{1}” (có: {2})."),
    gettext_noop("{0} cần nêu trường hợp ({1})."),
    gettext_noop("Thời hạn “{0}” không còn được gia hạn: pháp luật không cho phép hoặc đã gia hạn đủ số lần."),
    gettext_noop("Việc “{0}” thuộc về {1} của cơ quan đang giải quyết."),
    gettext_noop("Việc “{0}” ({1}) không thuộc chức danh của ông/bà."),
    gettext_noop("Hồ sơ đang ở bước “{0}” nên chưa thể “{1}”."),
    gettext_noop("Việc “{0}” cần ghi lý do."),
    gettext_noop("Có thông tin không thuộc thao tác này: {0}"),
    gettext_noop("“{0}” không hợp lệ. Hãy kiểm tra lại."),
    gettext_noop("Mỗi mục chấm từ {0} đến {1}."),
    gettext_noop("Còn thiếu: {0}."),
    gettext_noop("Tệp “{0}” trống. Hãy chọn lại."),
    gettext_noop("Tệp “{0}” quá {1} MB. Hãy chụp nhỏ hơn hoặc chia nhỏ."),
    gettext_noop("Tệp “{0}” không phải ảnh, PDF hay Word (.docx). Hãy chọn tệp khác."),
    gettext_noop("Tệp “{0}” có nội dung khác với đuôi tên. Hãy gửi đúng tệp gốc."),
    gettext_noop("Không mở được ảnh “{0}”. Hãy chụp lại hoặc chọn tệp khác."),
    gettext_noop("Ảnh “{0}” quá lớn. Hãy thu nhỏ rồi gửi lại."),
    gettext_noop("Đơn dài quá {0} ký tự. Hãy viết phần chính và gửi phần còn lại bằng tệp đính kèm."),
    gettext_noop("Không có quy định mang mã {0}."),
    gettext_noop("Nội dung làm lộ người tố cáo: “{0}”. Hãy lược bỏ rồi lưu lại."),
)
# Days in a derivation, and the one that a calendar's names write month first.
_ISO = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b|(?<=substituted from )(?P<m2>\d\d)/(?P<d2>\d\d)/(?P<y2>\d{4})")


def is_english() -> bool:
    return (get_language() or "").startswith("en")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The longest first: of two that fit, the one that says more."""
    made = []
    for words in sorted(PATTERNS, key=len, reverse=True):
        made.append((words, re.compile(re.sub(r"\\\{\d+\\\}", "(.+?)", re.escape(words)), re.DOTALL)))
    return tuple(made)


def say(words: str) -> str:
    """Words known to the catalogue, in the reader's language; others as they are."""
    if not words or not is_english():
        return words
    if (said := gettext(words)) != words:
        return said
    for msgid, pattern in _patterns():
        if found := pattern.fullmatch(words):
            return gettext(msgid).format(*(say(part) for part in found.groups()))
    return words


def say_citation(citation: str | None) -> str:
    return cite(citation or "") if is_english() else citation or ""


def say_steps(steps: Iterable[Step]) -> tuple[Step, ...]:
    """A derivation whose English cites in English and writes its days as the rest of the page does."""
    if not is_english():
        return tuple(steps)

    def day(found: re.Match[str]) -> str:
        parts = [found[name] or found[name + "2"] for name in "ymd"]
        return date_format(date(*map(int, parts)), "j F Y")

    return tuple(replace(step, en=_ISO.sub(day, cite(step.en))) for step in steps)


def _holder(view: CaseView) -> str:
    """As `tracking.holder_words`, in the reader's language."""
    where, holder = say(view.agency), view.state.in_hand
    if holder == "sender":
        return say(view.holder)
    if view.elsewhere:
        return f"{say(role_words(ELSEWHERE))}, {say(view.elsewhere)}"
    return where if holder in (None, "none") else f"{say(role_words(holder))}, {where}"


def _clock(clock: ClockView) -> ClockView:
    state = replace(clock.state, no_limit=say(clock.state.no_limit)) if clock.state.no_limit else clock.state
    return replace(clock, name=say(clock.name), state=state, basis=say_citation(clock.basis), steps=say_steps(clock.steps))


def _line(line: TrailLine) -> TrailLine:
    return replace(line, words=say(line.words), agency=say(line.agency) if line.agency else None)


def _lawful(step: Any) -> dict[str, Any]:
    return {**step, "text": say(step["text"]), "basis": say_citation(step["basis"])}


def in_words(views: Sequence[CaseView]) -> list[CaseView]:
    """Cases as their sender reads them, in his language."""
    if not is_english():
        return list(views)
    return [
        replace(
            view, name=say(view.name), step_words=say(view.step_words), next_words=say(view.next_words),
            outcome=say(view.outcome) if view.outcome else None,
            holder=_holder(view), agency=say(view.agency), clocks=[_clock(c) for c in view.clocks],
            trail=[_line(line) for line in view.trail],
            actions=[replace(a, name=say(a.name), label=say(a.label)) for a in view.actions],
            next_lawful=[_lawful(step) for step in view.next_lawful],
            waiting=[(say(name), say(wants)) for name, wants in view.waiting],
            forms=[(form, say(text)) for form, text in view.forms],
            effect=(say(view.effect[0]), view.effect[1]) if view.effect else None,
        )
        for view in views
    ]  # fmt: skip
