"""What a case is: its events folded into a state (design 4). `fold` reads what was recorded and computes no law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone

from .conflict import ShutOut, read
from .kind import EVERYTHING, NEW, Json, Kind

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving since 1975


@dataclass(frozen=True, slots=True)
class Post:
    """A post (chức danh) that an appointment or a delegation gives: authority belongs to it, not to a person."""

    id: str
    role: str
    agency: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, resolved on the day: posts held, what was delegated, what the person is shut out of."""

    person: str | None = None
    posts: tuple[Post, ...] = ()
    post: Post | None = None
    on_behalf: str | None = None
    door: str = "desk"
    is_sender: bool = False
    excluded: frozenset[str] = frozenset()

    def reference(self) -> dict[str, str | None]:
        """What an event keeps of the actor."""
        return {"post": self.post.id if self.post else None, "person": self.person, "on_behalf": self.on_behalf}


SYSTEM = Actor(post=Post("system", "system", ""), posts=(Post("system", "system", ""),), door="job")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: `at` by the server, `on` the legal date, never later (design 4)."""

    tag: str
    on: date
    at: datetime
    payload: Mapping[str, Json]
    seq: int
    kind: str
    kind_version: int
    actor: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewEvent:
    tag: str
    on: date
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Spawn:
    """A case to open in the same transaction, with the date and event its clocks count from."""

    kind: str
    data: Mapping[str, Json]
    agency: str
    origin_on: date
    origin_event: int
    at: str = "own"  # "superior": the agency is the next one up, which the core looks up
    seen: bool = True  # whether the agency of the case it comes from sees it


@dataclass(frozen=True, slots=True)
class Command:
    """What someone wants done. `case` None opens one; `chain` overrides the kind's signing chain for the agency.

    `reference` was lent beforehand to `device`, which worked without the network (design 4); None: a new one is drawn.
    `looked_up` is what the core found out for it on that day: `shut_out` (conflicts), `route` (the agency that must settle
    instead), `alert` (posts told of an opening of the vault)."""

    kind: str
    case: str | None
    action: str
    data: Mapping[str, Json] = field(default_factory=dict)
    on: date | None = None
    reason: Json = None  # sealed like all free text
    agency: str | None = None
    chain: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    origin_on: date | None = None
    parent: str | None = None
    opener: str | None = None  # the matter that opened it, when that is not the letter itself
    vault: bool = False  # who it is owed to lies in the vault already: the case it was opened from says so
    seen_seq: int | None = None
    looked_up: Mapping[str, Json] = field(default_factory=dict)
    reference: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: events of this case, cases to open, commands on other cases, all in one transaction."""

    events: tuple[NewEvent, ...]
    spawn: tuple[Spawn, ...] = ()
    follow: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock as the events left it. `due` is None while paused; then `days_left` says what remains."""

    id: str
    rule: str
    version: str
    calendar_version: str
    started_on: date
    due: date | None
    caution_due: date | None = None
    warn_on: date | None = None
    days_left: int | None = None
    variant: str | None = None
    basis: str = ""
    verified: str = ""
    local: bool = False
    whose: str = "agency"
    pauses: tuple[tuple[date, date | None], ...] = ()
    extended: int = 0
    stopped_on: date | None = None
    no_limit: str | None = None
    warned_for: date | None = None
    overdue_for: date | None = None
    overdue_on: date | None = None

    @property
    def running(self) -> bool:
        return self.stopped_on is None and not self.paused

    @property
    def paused(self) -> bool:
        return self.stopped_on is None and bool(self.pauses) and self.pauses[-1][1] is None

    @property
    def next_on(self) -> date | None:
        """The day on which the sweeper has something to say about this clock."""
        if not self.running or self.due is None or self.whose == "sender":
            return None
        if self.warn_on is not None and self.warned_for != self.due:
            return self.warn_on
        return self.due + timedelta(days=1) if self.overdue_for != self.due else None


@dataclass(frozen=True, slots=True)
class PaperState:
    """A paper on its way through the signing chain. `waits` is the stage it now waits for, None at the end."""

    id: str
    form: str
    edge: str | None
    data: Mapping[str, Json]
    chain: tuple[tuple[str, tuple[str, ...]], ...]
    stage: int
    drafted_by: str | None
    number: str | None = None
    dated: date | None = None
    effective: bool = False
    dead: bool = False
    remark: Json = None
    signed_by: str | None = None
    drafted_on: date | None = None
    returned: int = 0
    how: str | None = None  # the way it was signed: a port's name
    file: str | None = None  # the kept file that is the signed paper itself
    agency: str = ""  # whose paper it is: the agency that had the case as it was drafted

    @property
    def waits(self) -> str | None:
        """The next stage; "redraft" when a returned paper is back with its drafter; None at the end."""
        if self.dead or self.stage >= len(self.chain):
            return None
        return self.chain[self.stage][0] if self.stage >= 0 else "redraft"

    @property
    def waits_for(self) -> tuple[str, ...]:
        if self.dead or self.stage >= len(self.chain):
            return ()
        return self.chain[self.stage][1] if self.stage >= 0 else ("assigned",)

    @property
    def open(self) -> bool:
        return not self.dead and not self.effective


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """Who had the case in hand from a day on: late time is charged by it (domain 22)."""

    since: date
    agency: str
    holder: str


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as its events left it."""

    kind: str
    kind_version: int
    seq: int = -1
    step: str = NEW
    agency: str = ""
    assigned: str | None = None
    fields: Mapping[str, Json] = field(default_factory=dict)
    clocks: Mapping[str, ClockState] = field(default_factory=dict)
    papers: Mapping[str, PaperState] = field(default_factory=dict)
    children: Mapping[str, bool] = field(default_factory=dict)  # case id -> still open
    outcome: str | None = None
    opened_on: date | None = None
    origin_on: date | None = None
    parent: str | None = None
    closed_on: date | None = None
    holder: str | None = None
    held: tuple[HeldSpan, ...] = ()
    secret: str | None = None  # None | "flagged" | "confirmed"
    assessments: tuple[Mapping[str, Json], ...] = ()
    agencies: tuple[str, ...] = ()
    came_from: str | None = None  # the step before this one
    opener: str | None = None
    vault: bool = False  # who it is owed to lies in the vault (domain 19)
    vault_asked: tuple[Mapping[str, Json], ...] = ()  # emergency openings asked for: {person, post, on, done}
    shut_out: Mapping[str, ShutOut] = field(default_factory=dict)  # conflict id -> who is kept out by it
    stub: bool = False  # its words have left this system
    asked: tuple[Mapping[str, Json], ...] = ()  # questions to the sender and replies: {by, words, on}
    repeat_of: str | None = None  # the case received before that this one repeats

    def kept_out(self, actor: Actor) -> bool:
        """Whether a conflict keeps somebody out of all of it."""
        posts = [(p.id, p.agency) for p in actor.posts]
        return any(EVERYTHING in s.out_of and s.has(actor.person, posts) for s in self.shut_out.values())

    @property
    def question_open(self) -> bool:
        return bool(self.asked) and self.asked[-1]["by"] == "office"

    @property
    def children_open(self) -> bool:
        return any(self.children.values())

    @property
    def waiting_paper(self) -> PaperState | None:
        """The paper that holds the case up, if one is on its way through the chain."""
        return next((p for p in self.papers.values() if p.open and p.waits), None)

    @property
    def waits(self) -> str | None:
        """The stage of the signing chain that a paper of the case waits for: what its holder must do now."""
        paper = self.waiting_paper
        return paper.waits if paper else None

    @property
    def unsent(self) -> bool:
        """Whether a paper took effect and has not left yet: văn thư's to do, while the case goes on or is closed."""
        return any(p.effective and not p.dead and p.waits == "send" for p in self.papers.values())

    @property
    def in_hand(self) -> str | None:
        """The role or relation that has the case in hand: the chain's next stage before the step's holder."""
        paper = self.waiting_paper
        if paper is not None:
            return paper.waits_for[0]
        if self.holder == "assigned" and self.assigned is None:
            return "head"  # nobody was named yet: it lies with the head
        return self.holder


def fold(kind: Kind, events: Iterable[Event], state: CaseState | None = None) -> CaseState:
    """The state that the events make, starting from `state` when given (so that a few new events are cheap)."""
    current = state or CaseState(kind=kind.id, kind_version=kind.version)
    for event in events:
        current = _apply(current, event)
    return current


def _apply(state: CaseState, event: Event) -> CaseState:
    payload = event.payload
    changes: dict[str, object] = {"seq": event.seq, "kind": event.kind, "kind_version": event.kind_version}
    if state.seq < 0:
        changes["opened_on"] = event.on
        changes["origin_on"] = _day(payload.get("origin_on")) or event.on
        changes["parent"] = payload.get("parent")
        changes["opener"] = payload.get("opener")
    changes |= _protected(state, event)
    for key in ("step", "agency", "assigned", "outcome", "holder", "secret"):
        if key in payload:
            changes[key] = payload[key]
    if payload.get("step", state.step) != state.step:
        changes["came_from"] = state.step
    if payload.get("agency") and payload["agency"] not in state.agencies:
        changes["agencies"] = (*state.agencies, payload["agency"])
    if payload.get("data"):
        changes["fields"] = {**state.fields, **payload["data"]}
    if payload.get("clocks"):
        changes["clocks"] = _apply_clocks(state.clocks, payload["clocks"], event.on)
    if event.tag.startswith("paper:"):
        changes["papers"] = _apply_paper(state.papers, event, state.agency)
    if event.tag.startswith("case:child:"):
        changes["children"] = {**state.children, payload["child"]: event.tag == "case:child:opened"}
    if event.tag == "case:assessed":
        changes["assessments"] = (*state.assessments, {**payload["verdict"], "on": event.on.isoformat()})
    if "final" in payload:
        changes["closed_on"] = event.on if payload["final"] else None
    return _hold(replace(state, **changes), event.on)  # type: ignore[arg-type]


def _protected(state: CaseState, event: Event) -> dict[str, object]:
    """What keeps people safe: the vault, who is kept out, and what is said without a name."""
    payload = event.payload
    out: dict[str, object] = {key: True for key in ("vault", "stub") if payload.get(key)}
    if payload.get("shut_out"):
        out["shut_out"] = {**state.shut_out, **{e["conflict"]: read(e) for e in payload["shut_out"]}}
    if event.tag in _SAID:
        out["asked"] = (*state.asked, {"by": _SAID[event.tag], "words": payload["words"], "on": event.on.isoformat()})
    if event.tag.startswith("vault:"):
        out["vault_asked"] = _asked_for(state, event)
    if event.tag == "case:linked":
        out["repeat_of"] = payload["first"]
    return out


_SAID: Mapping[str, str] = {"case:asked": "office", "case:replied": "sender"}


def _asked_for(state: CaseState, event: Event) -> tuple[Mapping[str, Json], ...]:
    """Emergency openings: one asks, another confirms; a confirmed one is done."""
    if event.tag == "vault:asked":
        who = {"person": event.actor.get("person"), "post": event.actor.get("post"), "on": event.on.isoformat(), "done": False}
        return (*state.vault_asked, who)
    if event.payload.get("emergency"):
        return tuple({**one, "done": True, "second": event.actor.get("person")} if not one["done"] else one
                     for one in state.vault_asked)  # fmt: skip
    return state.vault_asked


def _hold(state: CaseState, on: date) -> CaseState:
    """Remember a change of hands."""
    holder, agency = state.in_hand or "none", state.agency
    if state.held and (state.held[-1].holder, state.held[-1].agency) == (holder, agency):
        return state
    return replace(state, held=(*state.held, HeldSpan(on, agency, holder)))


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if value else None


def _apply_clocks(clocks: Mapping[str, ClockState], notes: Iterable[Mapping[str, Json]], on: date
                  ) -> dict[str, ClockState]:  # fmt: skip
    out = dict(clocks)
    for note in notes:
        out[note["clock"]] = _apply_clock(out.get(note["clock"]), note, on)
    return out


def _apply_clock(clock: ClockState | None, note: Mapping[str, Json], on: date) -> ClockState:
    do = note["do"]
    if do == "start" or clock is None:
        clock = ClockState(
            id=note["clock"], rule=note["rule"], version=note["version"], calendar_version=note["calendar_version"],
            started_on=date.fromisoformat(note["started"]), due=_day(note.get("due")), whose=note.get("whose", "agency"),
            caution_due=_day(note.get("caution_due")), warn_on=_day(note.get("warn")), days_left=note.get("days_left"),
            variant=note.get("variant"), basis=note.get("basis", ""), verified=note.get("verified", ""),
            local=note.get("local", False), no_limit=note.get("no_limit"), extended=note.get("extended", 0),
        )  # fmt: skip
    if do == "start":
        return clock
    if do == "stop":
        return replace(clock, stopped_on=on)
    if do == "warned":
        return replace(clock, warned_for=clock.due)
    if do == "overdue":
        return replace(clock, overdue_for=clock.due, overdue_on=on)
    clock = replace(
        clock, due=_day(note.get("due")), caution_due=_day(note.get("caution_due")), warn_on=_day(note.get("warn")),
        days_left=note.get("days_left"), variant=note.get("variant"), basis=note.get("basis", clock.basis),
        verified=note.get("verified", clock.verified), local=note.get("local", clock.local),
        no_limit=note.get("no_limit"), extended=note.get("extended", clock.extended),
        version=note.get("version", clock.version),
        calendar_version=note.get("calendar_version", clock.calendar_version),
    )  # fmt: skip
    if do == "pause":
        return replace(clock, pauses=(*clock.pauses, (on, None)))
    if do == "resume" and clock.pauses:
        return replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], on)))
    return clock


def _apply_paper(papers: Mapping[str, PaperState], event: Event, agency: str) -> dict[str, PaperState]:
    payload, out = event.payload, dict(papers)
    paper_id = payload["paper"]
    if event.tag == "paper:drafted":
        previous = out.get(paper_id)
        out[paper_id] = PaperState(
            id=paper_id, form=payload["form"], edge=payload.get("edge"), data=payload.get("draft", {}),
            chain=tuple((s["stage"], tuple(s["roles"])) for s in payload["chain"]), stage=0,
            drafted_by=event.actor.get("post"), drafted_on=event.on,
            returned=previous.returned if previous else 0, agency=agency,
        )  # fmt: skip
        return out
    paper = out[paper_id]
    if event.tag == "paper:returned":
        out[paper_id] = replace(paper, stage=-1, remark=payload.get("remark"), returned=paper.returned + 1)
    elif event.tag == "paper:withdrawn":
        out[paper_id] = replace(paper, dead=True)
    else:
        out[paper_id] = replace(
            paper, stage=paper.stage + 1, number=payload.get("number", paper.number),
            dated=_day(payload.get("dated")) or paper.dated, effective=paper.effective or payload.get("effective", False),
            signed_by=event.actor.get("post") if event.tag == "paper:signed" else paper.signed_by,
            how=payload.get("how", paper.how), file=(payload.get("file") or {}).get("id", paper.file),
        )  # fmt: skip
    return out
