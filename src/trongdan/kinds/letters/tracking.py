"""What the sender sees of a letter and its matters: the trail in plain words, who holds it, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.alike import first_of
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.kernel.authority import role_words
from trongdan.kernel.case import VIETNAM, Actor, CaseState, ClockState, Event
from trongdan.kernel.clock import Due, Pause, Step
from trongdan.kernel.clockwork import variant_of
from trongdan.kernel.errors import Refusal
from trongdan.kernel.facts import facts_of
from trongdan.kernel.glance import TAG as LOOKED
from trongdan.kernel.guards import holds
from trongdan.kernel.kind import ELSEWHERE
from trongdan.kernel.lawbook import NO_CALENDAR, due_or_wait
from trongdan.kernel.offers import allowed
from trongdan.kernel.reference import format_reference, parse_reference, token_holds
from trongdan.law import load_law
from trongdan.platform import keys

SENDER = Actor(is_sender=True, door="portal")
HIDDEN = frozenset({"case:noted", "case:assigned", "clock:warned", "case:child:opened", "case:child:closed",
                    "letter:reading:suggested", "letter:arrival:registered", "vault:asked",
                    "case:linked", "case:grouped", "case:ungrouped"})  # fmt: skip
KERNEL_PLAIN = {
    "clock:overdue": "Cơ quan đã quá hạn", "case:assessed": "Ông/bà đã đánh giá",
    "clock:recomputed": "Thời hạn được tính lại", "paper:sent": "Văn bản đã được gửi",
    "clock:explained": "Cơ quan giải trình về việc chậm", "case:asked": "Cơ quan hỏi ông/bà",
    "case:agency:succeeded": "Cơ quan giữ việc của ông/bà đã sáp nhập; cơ quan mới tiếp tục, hạn không đổi",
    "case:access:opened": "Cơ quan khác đã mở xem việc này, có ghi lý do",
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
    why: str = ""  # the reason that somebody gave for looking at it


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
    waits: bool = False  # for the calendar of the year it ends in


@dataclass(frozen=True, slots=True)
class Action:
    """What the sender may do: the edge, its name, and the one thing asked in words ("" when nothing is)."""

    id: str
    name: str
    asks: str = ""  # a field of the kind, or "reason"
    label: str = ""


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
    actions: Sequence[Action]
    texts: Mapping[str, str]
    next_lawful: Sequence[Mapping[str, Any]]
    papers: Sequence[tuple[str, str, str]]  # (paper id, form, number)
    state: CaseState
    waiting: Sequence[tuple[str, str]] = ()
    forms: Sequence[tuple[str, str]] = ()  # (form, what it is for): filled in, to take away and sign
    unsigned: bool = False
    effect: tuple[str, date] | None = None
    next_words: str = ""
    elsewhere: str | None = None  # the agency that does a step of it for the one that answers
    asked: Sequence[Mapping[str, Any]] = ()  # questions and replies: {by, on, words}

    @property
    def phrase(self) -> str:
        """The id of the recorded sentence that tells where it stands."""
        return f"{self.kind}.{self.step}"

    @property
    def can_reopen(self) -> bool:
        """Whether a tap of the person opens it again: a petition; never a settled complaint or denunciation (domain 2)."""
        return any(action.id == "reopen" for action in self.actions)


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
    variant = variant_of(definition, loaded.state.fields)
    result = due_or_wait(load_law(), clock.rule, clock.started_on, variant, pauses, clock.extended)
    steps = result.steps() if isinstance(result, Due) else _set_elsewhere(loaded, clock)
    end = clock.stopped_on or today
    gone, days = 0, 0
    if clock.due:
        total = max(1, (clock.due - clock.started_on).days)
        gone = max(0, min(100, round(100 * (end - clock.started_on).days / total)))
        days = (clock.due - end).days
    return ClockView(clock.id, definition.name, clock, clock.basis, clock.verified, steps, gone,
                     bool(clock.due and end > clock.due), days, waits=clock.no_limit == NO_CALENDAR)  # fmt: skip


def _set_elsewhere(loaded: Loaded, clock: ClockState) -> tuple[Step, ...]:
    """The derivation of a last day that the law leaves to an act, or that another clock sets."""
    definition = loaded.kind.clocks[clock.id]
    if clock.due is None or not (definition.ends_on or definition.ends_with):
        return ()
    day = f"{clock.due:%d/%m/%Y}"
    if definition.ends_on:
        return (Step(clock.due, f"Văn bản giao việc ghi phải xong trước ngày {day} ({clock.basis}).",
                     f"The written order sets the day: {clock.due} ({clock.basis})."),)  # fmt: skip
    other = loaded.kind.clocks[str(definition.ends_with)].name
    return (Step(clock.due, f"Theo ngày cuối của “{other}”: {day} ({clock.basis}).",
                 f"As the limit it ends with: {clock.due} ({clock.basis})."),)  # fmt: skip


EFFECT = ("Quyết định có hiệu lực pháp luật từ ngày", "Quyết định có hiệu lực pháp luật, nếu không khiếu nại lần hai, từ ngày",
          "Chưa có hiệu lực pháp luật vì đã khiếu nại lần hai; thời hạn ấy hết ngày")  # fmt: skip


def legal_effect(loaded: Loaded, today: date) -> tuple[str, date] | None:
    """What is to be said of a decision's legal effect, and the day (Luật Khiếu nại Đ44, Đ57): it comes after the last day of
    the clock `effect`, unless a second complaint was lodged."""
    clock, fields = loaded.state.clocks.get("effect"), loaded.state.fields
    if clock is None or clock.due is None:
        return None
    if fields.get("appealed") and not fields.get("second_ended"):
        return EFFECT[2], clock.due
    first = "appealed" in loaded.kind.fields
    return EFFECT[1 if first and today <= clock.due else 0], clock.due + timedelta(days=1)


def sender_actions(loaded: Loaded) -> list[Action]:
    """What the sender may do now, with the words it asks for."""
    out = []
    for offer in allowed(loaded.kind, loaded.state, SENDER, datetime.now(VIETNAM), load_law()):
        edge = loaded.kind.edges.get(offer.action)
        if edge is None or not offer.ok or "sender" not in edge.by:
            continue
        asked = next((loaded.kind.fields[f] for f in edge.asks if loaded.kind.fields[f].type == "private"), None)
        out.append(Action(edge.id, edge.name, asked.id if asked else "reason" if edge.reason else "", asked.name if asked else ""))
    return out


def person_forms(loaded: Loaded, today: date) -> list[tuple[str, str]]:
    """(form, what it is for) of the forms that the person may take away now."""
    facts = {**facts_of(loaded.state, today), **loaded.state.fields}
    return [(f.form, f.text) for f in loaded.kind.person_forms if loaded.state.step in f.steps and holds(f.when, facts)]


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
    facts = {**facts_of(state, today), **state.fields}
    for step in (n for n in loaded.kind.next_lawful if state.step in n["steps"] and holds(n.get("given"), facts)):
        due: date | None = None
        if "late" in step:
            missed = state.clocks.get(step["late"])
            if missed is None or missed.due is None or missed.stopped_on or missed.paused or today <= missed.due:
                continue
            law = load_law()
            remote = state.fields.get("remote") and "remote" in law.rule(step["rule"]).versions[-1].variants
            result = due_or_wait(law, step["rule"], missed.due, "remote" if remote else None)
            due = result.due if isinstance(result, Due) else None
        elif (clock := state.clocks.get(step.get("clock", ""))) and clock.stopped_on is None:
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


def _why(event: Event, texts: Mapping[str, str]) -> str:
    reason = event.payload.get("reason") if event.tag == LOOKED else None
    return texts.get(reason["content"], "") if isinstance(reason, dict) else ""


def _form_sent(state: CaseState, tag: str, payload: Mapping[str, Any]) -> str | None:
    paper = state.papers.get(str(payload.get("paper", ""))) if tag == "paper:sent" else None
    return paper.form if paper else None


def holder_words(state: CaseState, agency: str, elsewhere: str | None = None) -> str:
    """Who has it in hand, in words: the role at the agency; the sender is addressed. `elsewhere`: the name of the agency that
    does a step for it."""
    if state.in_hand == "sender":
        return "ông/bà"
    if state.in_hand in (None, "none"):
        return agency
    if elsewhere:
        return f"{role_words(ELSEWHERE)}, {elsewhere}"
    return f"{role_words(state.in_hand)}, {agency}"


def case_view(loaded: Loaded, agencies: Mapping[str, str], texts: Mapping[str, str], today: date) -> CaseView:
    """One case as its sender sees it. Runs on loaded data; asks no statement."""
    kind, state = loaded.kind, loaded.state
    step = kind.steps[state.step]
    lines = []
    for event in loaded.events:
        words = _words(loaded, event.tag, event.payload)
        if words:
            lines.append(TrailLine(event.on, event.at, words, event.payload.get("number"),
                                   agencies.get(event.payload.get("agency") or event.payload.get("seen_by", "")),
                                   _form_sent(state, event.tag, event.payload), _why(event, texts)))  # fmt: skip
    own = {k: texts.get(v["content"], "") for k, v in state.fields.items() if isinstance(v, dict) and "content" in v}
    outcomes = dict(step.outcomes)
    issued = [(p.id, p.form, p.number or "") for p in state.papers.values() if p.effective and not p.dead]
    agency = agencies.get(state.agency, state.agency)
    elsewhere = agencies.get(state.hands) if state.hands != state.agency else None
    return CaseView(
        loaded.id, loaded.reference, format_reference(loaded.reference), kind.name, kind.noun, kind.id, state.step,
        step.plain, step.final, outcomes.get(state.outcome or ""), holder_words(state, agency, elsewhere),
        state.held[-1].since if state.held else None, agency,
        [clock_view(loaded, c, today) for c in state.clocks.values() if kind.clocks[c.id].public], lines,
        step.assessable, bool(state.assessments), sender_actions(loaded), own, lawful_steps(loaded, today), issued, state,
        waiting_clocks(loaded), person_forms(loaded, today),
        not state.fields.get("signed") and any(e.id == "sign" for e in kind.edges_from(state.step)),
        legal_effect(loaded, today), step.next, elsewhere,
        [{"by": a["by"], "on": date.fromisoformat(a["on"]), "words": texts.get(a["words"]["content"], "")} for a in state.asked],
    )  # fmt: skip


def joined_to(view: CaseView) -> str | None:
    """What a letter that was joined to an earlier one belongs to: that one's reference as shown; "" when it may be another
    person's; None for any other letter."""
    if view.step != "joined":
        return None
    with scope(Scope(case=view.id)):
        first = first_of(view.id)
    return format_reference(first[0]) if first and first[0] else ""


def family(case_id: UUID) -> tuple[list[Loaded], dict[str, str]]:
    """A letter and all that was opened from it and is its sender's to see (matters, a second complaint, carrying out a
    decision, a part that went elsewhere), with their texts. The token of the letter opens them all."""
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
    return loaded, texts


def view_for_sender(case_id: UUID, today: date) -> list[CaseView]:
    """The letter and its matters, for whoever holds the token: in four statements besides the scope's."""
    loaded, texts = family(case_id)
    agencies = names([a for one in loaded for a in (one.state.agency, one.state.hands)]
                     + [a for one in loaded for a in one.state.agencies]
                     + [e.payload["seen_by"] for one in loaded for e in one.events if e.tag == LOOKED])  # fmt: skip
    return [case_view(one, agencies, texts, today) for one in loaded]
