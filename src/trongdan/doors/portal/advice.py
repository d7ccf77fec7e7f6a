"""What the portal tells a sender before sending: what the letter reads as, what the law then promises, where else to go.

It advises and never blocks; the sender may keep their own word for it (domain 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trongdan.core.cases.registry import kinds
from trongdan.core.cases.trail import today
from trongdan.kernel.clock import UNIT_EN, UNIT_VI, Due
from trongdan.kinds.letters.reading import Reading
from trongdan.law import load_law

from .english import is_english, say, say_citation

NATURE_NAMES = {
    "khieu_nai": gettext_noop("khiếu nại"), "to_cao": gettext_noop("tố cáo"), "kien_nghi": gettext_noop("kiến nghị"),
    "phan_anh": gettext_noop("phản ánh"), "hoi_dap": gettext_noop("câu hỏi"), "khac": gettext_noop("việc khác"),
}  # fmt: skip
# The kind a letter of a nature is opened as; the clocks that are its promise.
PROMISES = {"khieu_nai": ("letters.complaint.first", ("accept", "settle")), "kien_nghi": ("letters.petition", ("notify", "answer")),
            "phan_anh": ("letters.petition", ("notify", "answer"))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit that the law sets once the letter is handled: "Giải quyết khiếu nại lần đầu: 30 ngày" and its article."""

    name: str
    limit: str
    basis: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`due`: until when the letter itself must be handled. `elsewhere`: where what nobody here settles goes. `sure`: the
    machine is certain enough; `urgent`: the letter speaks of danger, so telephones stand beside it."""

    nature: str
    name: str
    because: tuple[str, ...]
    place: str
    via: str | None
    missing: list[str]
    due: date | None
    promises: list[Promise]
    elsewhere: str
    sure: bool
    urgent: bool


def advice_for(reading: Reading, place: str, via: str | None) -> Advice:
    """`place` is the receiving agency's name, `via` the old name it was found by."""
    due = load_law().due("XLD-01", today())
    return Advice(reading.nature, _(NATURE_NAMES[reading.nature]), reading.because, say(place), via,
                  [say(m) for m in reading.missing], due.due if isinstance(due, Due) else None,
                  _promises(reading.nature), _elsewhere(reading), reading.decided, bool(reading.whole.urgent))  # fmt: skip


def _promises(nature: str) -> list[Promise]:
    kind_id, clocks = PROMISES.get(nature, ("", ()))
    if not kind_id:
        return []
    kind, units, out = kinds()[kind_id], UNIT_EN if is_english() else UNIT_VI, []
    for clock in (kind.clocks[c] for c in clocks if c in kind.clocks):
        version = load_law().rule(clock.rule).version_on(today())
        if version.value is not None and version.unit in units:
            out.append(Promise(say(clock.name), f"{version.value} {units[version.unit]}", say_citation(version.basis)))
    return out


def _elsewhere(reading: Reading) -> str:
    """Where a matter goes that is not settled as a complaint, denunciation or petition; empty for those that are."""
    route = reading.whole.competent.route
    if route is None:
        return ""
    return route.name_en if is_english() else f"{route.name}: {route.where} ({route.basis})"
