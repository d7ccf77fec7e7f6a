"""What a case is: who acts on it, what happened to it, what it is asked to do, and its state. The state is folded from its events
(folding.py); nothing here changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from .conflict import ShutOut
from .kind import EVERYTHING, NEW, Json

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
    child_kinds: Mapping[str, str] = field(default_factory=dict)
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
    lent: str | None = None  # the other agency whose post does the step at hand; None while the answering agency's own does

    @property
    def hands(self) -> str:
        """The agency whose hands the work is in: the one that answers, or the one that does a step for it."""
        return self.lent if self.lent and self.in_hand == "assigned" else self.agency

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
