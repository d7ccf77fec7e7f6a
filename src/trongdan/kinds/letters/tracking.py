"""What the sender sees of a letter and its matters: the trail in plain words, who holds it, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.kernel.authority import ROLE_WORDS
from trongdan.kernel.case import CaseState, ClockState
from trongdan.kernel.clock import Due, Pause
from trongdan.kernel.clockwork import variant_of
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, parse_reference, token_holds
from trongdan.law import load_law
from trongdan.platform import keys

HIDDEN = frozenset({"case:noted", "case:assigned", "clock:warned", "case:child:opened", "case:child:closed",
                    "letter:reading:suggested", "letter:arrival:registered", "case:access:opened", "vault:asked"})  # fmt: skip
KERNEL_PLAIN = {
    "clock:overdue": "Cơ quan đã quá hạn", "case:assessed": "Ông/bà đã đánh giá",
    "clock:recomputed": "Thời hạn được tính lại", "paper:sent": "Văn bản đã được gửi",
    "clock:explained": "Cơ quan giải trình về việc chậm", "case:asked": "Cơ quan hỏi ông/bà",
    "case:replied": "Ông/bà trả lời", "vault:sealed": "Thông tin của ông/bà được đưa vào kho kín",
    "vault:opened": "Người có trách nhiệm đã mở kho kín, có ghi lý do",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrailLine:
    on: date
    at: datetime
    words: str
    number: str | None = None
    agency: str | None = None
    form: str | None = None  # of the paper that the line is about


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as people see it: its derivation, how much of its time is gone (0 to 100), late or paused."""

    id: str
    name: str
    state: ClockState
    basis: str
    verified: str
    steps: tuple[Any, ...]
    gone: int
    late: bool
    days: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case for its sender."""

    id: UUID
    reference: str
    shown: str
    name: str
    noun: str
    kind: str
    step: str
    step_words: str
    final: bool
    outcome: str | None
    holder: str
    held_since: date | None
    agency: str
    clocks: Sequence[ClockView]
    trail: Sequence[TrailLine]
    assessable: bool
    assessed: bool
    actions: Sequence[tuple[str, str]]
    texts: Mapping[str, str]
    next_lawful: Sequence[Mapping[str, Any]]
    papers: Sequence[tuple[str, str, str]]  # (paper id, form, number)
    state: CaseState
    waiting: Sequence[tuple[str, str]] = ()
    next_words: str = ""
    asked: Sequence[Mapping[str, Any]] = ()  # questions and replies: {by, on, words}


def open_by_token(reference_text: str, token: str) -> UUID:
    """The case of a reference, if the token opens it. The same refusal whether the reference or the token is wrong."""
    wrong = Refusal("track.not_found", "Mã hồ sơ hoặc mã bí mật không đúng. Ông/bà xem lại trên giấy xác nhận.", None)
    try:
        reference = parse_reference(reference_text).partition("/")[0]
    except Refusal:
        raise wrong from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, generation FROM td_find_reference(%s)", [reference])
        row = cursor.fetchone()
    if row is None or not token_holds(keys.secret("tokens"), str(row[0]), row[1], token):
        raise wrong
    return UUID(str(row[0]))


def clock_view(loaded: Loaded, clock: ClockState, today: date) -> ClockView:
    """A clock with its derivation, computed from what its events recorded."""
    definition = loaded.kind.clocks[clock.id]
    pauses = [Pause(a, b) for a, b in clock.pauses]
    result = load_law().due(clock.rule, clock.started_on, variant_of(definition, loaded.state.fields), pauses, clock.extended)
    steps = result.steps() if isinstance(result, Due) else ()
    end = clock.stopped_on or today
    gone, days = 0, 0
    if clock.due:
        total = max(1, (clock.due - clock.started_on).days)
        gone = max(0, min(100, round(100 * (end - clock.started_on).days / total)))
        days = (clock.due - end).days
    return ClockView(clock.id, definition.name, clock, clock.basis, clock.verified, steps, gone,
                     bool(clock.due and end > clock.due), days)  # fmt: skip


def waiting_clocks(loaded: Loaded) -> list[tuple[str, str]]:
    """(clock, what it waits for) of limits whose event has come but whose condition hasn't: an unsigned complaint is not
    yet to be accepted, and the page says why no clock runs (Luật Khiếu nại Đ8, Đ11 k5)."""
    tags = {e.tag for e in loaded.events}
    final = loaded.kind.steps[loaded.state.step].final
    fields = loaded.kind.fields
    return [(c.name, fields[c.when].help or fields[c.when].name) for c in loaded.kind.clocks.values()
            if c.public and c.when and c.when in loaded.kind.fields and not final and c.id not in loaded.state.clocks
            and not loaded.state.fields.get(c.when) and tags & set(c.starts) and not tags & set(c.stops)]  # fmt: skip


def lawful_steps(loaded: Loaded, today: date) -> list[Mapping[str, Any]]:
    """What the person may lawfully do next, each with its last day (`due`, None when the law sets none here): by the clock
    that runs for it, or counted from the end of a limit that the agency let pass (`late`, Luật Khiếu nại Đ33 k1)."""
    state, out = loaded.state, list[Mapping[str, Any]]()
    for step in (n for n in loaded.kind.next_lawful if state.step in n["steps"]):
        due: date | None = None
        if "late" in step:
            missed = state.clocks.get(step["late"])
            if missed is None or missed.due is None or missed.stopped_on or missed.paused or today <= missed.due:
                continue
            result = load_law().due(step["rule"], missed.due, "remote" if state.fields.get("remote") else None)
            due = result.due if isinstance(result, Due) else None
        elif clock := state.clocks.get(step.get("clock", "")):
            due = clock.due
        out.append({**step, "due": due})
    return out


def _words(loaded: Loaded, tag: str, payload: Mapping[str, Any]) -> str | None:
    if tag in HIDDEN or (tag.startswith("paper:") and tag != "paper:sent"):
        return None
    if tag in KERNEL_PLAIN:
        return KERNEL_PLAIN[tag]
    edge = loaded.kind.edges.get(str(payload.get("edge", "")))
    return edge.plain or edge.name if edge else None


def _form_sent(state: CaseState, tag: str, payload: Mapping[str, Any]) -> str | None:
    paper = state.papers.get(str(payload.get("paper", ""))) if tag == "paper:sent" else None
    return paper.form if paper else None


def holder_words(state: CaseState, agency: str) -> str:
    """Who has it in hand, in words: the role at the agency; the sender is addressed."""
    if state.in_hand == "sender":
        return "ông/bà"
    if state.in_hand in (None, "none"):
        return agency
    return f"{ROLE_WORDS.get(state.in_hand, state.in_hand)}, {agency}"


def case_view(loaded: Loaded, agencies: Mapping[str, str], texts: Mapping[str, str], today: date) -> CaseView:
    """One case as its sender sees it. Runs on loaded data; asks no statement."""
    kind, state = loaded.kind, loaded.state
    step = kind.steps[state.step]
    lines = []
    for event in loaded.events:
        words = _words(loaded, event.tag, event.payload)
        if words:
            lines.append(TrailLine(event.on, event.at, words, event.payload.get("number"),
                                   agencies.get(event.payload.get("agency", "")),
                                   _form_sent(state, event.tag, event.payload)))  # fmt: skip
    own = {k: texts.get(v["content"], "") for k, v in state.fields.items() if isinstance(v, dict) and "content" in v}
    actions = [(e.id, e.name) for e in kind.edges_from(state.step) if "sender" in e.by]
    outcomes = dict(step.outcomes)
    issued = [(p.id, p.form, p.number or "") for p in state.papers.values() if p.effective and not p.dead]
    agency = agencies.get(state.agency, state.agency)
    return CaseView(
        loaded.id, loaded.reference, format_reference(loaded.reference), kind.name, kind.noun, kind.id, state.step,
        step.plain, step.final, outcomes.get(state.outcome or ""), holder_words(state, agency),
        state.held[-1].since if state.held else None, agency,
        [clock_view(loaded, c, today) for c in state.clocks.values() if kind.clocks[c.id].public], lines,
        step.assessable, bool(state.assessments), actions, own, lawful_steps(loaded, today), issued, state, waiting_clocks(loaded),
        step.next,
        [{"by": a["by"], "on": date.fromisoformat(a["on"]), "words": texts.get(a["words"]["content"], "")} for a in state.asked],
    )  # fmt: skip


def view_for_sender(case_id: UUID, today: date) -> list[CaseView]:
    """The letter and its matters, for whoever holds the token: in four statements besides the scope's."""
    with scope(Scope(case=case_id)):
        letter = load([case_id])
    if case_id not in letter:
        raise Refusal("track.not_found", "Không tìm thấy hồ sơ.", None)
    loaded = [letter[case_id]]
    texts: dict[str, str] = {}
    with scope(Scope(case=case_id)):
        texts |= bodies([case_id])
    for child in loaded[0].state.children:
        with scope(Scope(case=UUID(child))):
            found = load([UUID(child)])
            texts |= bodies([UUID(child)])
        loaded += [one for one in found.values() if one.kind.tracked]
    agencies = names([one.state.agency for one in loaded] + [a for one in loaded for a in one.state.agencies])
    return [case_view(one, agencies, texts, today) for one in loaded]
