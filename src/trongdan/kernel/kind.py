"""What a kind of case is, as read from its one TOML file (design 2 and 3).

Everything here is a frozen value; nothing reads a file or a clock. `kindfile` builds these
values from TOML and refuses what does not hold together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any  # the RFC 8785 subset: None, bool, int, NFC str, list, dict with str keys

NEW = "new"  # the pseudo-step before a case exists
STAY = "stay"  # the pseudo-target of an edge that does not move the case
BACK = "back"  # the pseudo-target of an edge that returns to the step the case came from
ANY_OPEN = "*"  # every step that is not final
EVERYTHING = "*"  # what a conflict shuts somebody out of

# Who holds a step besides a role of a post.
HOLDER_RELATIONS = frozenset({"assigned", "verifier", "sender", "none"})
ELSEWHERE = "assigned_elsewhere"  # of edges alone: who has a step in hand at another agency than the one that answers
ROLES = frozenset(
    {
        "reception", "officer", "unit_head", "office", "deputy", "head", "registry", "verifier", "inspector",
        "helper", "sender", "system", "counter",
    }
)  # fmt: skip
FIELD_TYPES = frozenset({"text", "private", "code", "bool", "date", "choice", "choices", "int", "post", "posts", "agency", "kind",
                         "digests", "people"})  # digests: commitments (hex) to files; posts: several; people: into the vault

# What became of a case, counted apart: a paper is no deed, a deed told is no deed seen (design 6, issue of the letters).
COUNTED = ("answered", "acted", "verified", "reopened")

# A function a kind may name beyond the closed list of guards: (fields, data, today) -> does it hold?
RuleFunction = Callable[[Mapping[str, Json], Mapping[str, Json], str], bool]


@dataclass(frozen=True, slots=True)
class FieldDef:
    """A fact of the case. Free text (`text` of officials, `private` of the person) never enters an event, only a salted
    commitment to it (design 8); `code` is a short plain mark: a number, a subject."""

    id: str
    name: str
    type: str
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    required: bool = False
    redacts: str = ""  # the field whose words it shows to others with the person taken out

    @property
    def sealed(self) -> bool:
        return self.type in ("text", "private", "people")


@dataclass(frozen=True, slots=True)
class StepDef:
    """Where a case can stand. `plain` is what the person served reads, `next` what comes after; `holder` who has it in hand."""

    id: str
    name: str
    plain: str
    holder: str | None = None
    final: bool = False
    outcomes: tuple[tuple[str, str], ...] = ()
    assessable: bool = False
    next: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition from the closed list of design 3, with the words and the article of its refusal."""

    test: str
    path: str
    argument: Json
    message: str
    basis: str | None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class EdgeDef:
    """A way from a step to a step. An edge with a paper takes effect when the paper is issued."""

    id: str
    name: str
    plain: str
    from_: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    event: str
    asks: tuple[str, ...] = ()
    needs: tuple[Guard, ...] = ()
    paper: str | None = None
    outcome: str | None = None
    outcome_from: str | None = None
    spawns: tuple[str, ...] = ()
    reason: bool = False
    holder: str | None = None
    sets: Mapping[str, Json] = field(default_factory=dict)
    to_agency: str | None = None
    passes: Mapping[str, Json] = field(default_factory=dict)  # field of the opened case -> fact of this one, or a plain value
    spawns_at: str = "own"  # "own": where this case is settled, or the agency it names; "superior": the next one up; or a field
    unseen: bool = False  # the agency doesn't see the opened case; what it passes on of the answers is kept there alone
    counts_from: str = "first"  # the opened case's clocks count from the "first" receipt, or from "now", this event
    binds: Mapping[str, str] = field(default_factory=dict)  # kind of an open child -> the edge that it then takes by itself
    fills: tuple[str, ...] = ()  # fields that reference data answers (the kind's `filler`), never the person who acts
    assigns: str | None = None  # the field that names the post which has the case in hand from then on
    lends: str | None = None  # the field that names that post's agency: another than the case's makes it a step elsewhere
    tells: str | None = None  # an edge of the case it was opened from that follows in the same transaction
    tells_with: Mapping[str, str] = field(default_factory=dict)  # field of that case -> fact of this one
    stub: bool = False  # the words leave this system by it: only what the event says stays (domain 12, 15)


@dataclass(frozen=True, slots=True)
class ClockDef:
    """A legal clock: which rule limits it and which events start, stop, pause, resume, extend or revise it."""

    id: str
    name: str
    rule: str
    starts: tuple[str, ...]
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    revises: tuple[str, ...] = ()
    whose: str = "agency"  # "agency": lateness is charged; "sender": the person's own last day; "alert": a red line
    when: str | None = None
    start_on: tuple[str, ...] = ("on",)  # "on", "origin" (the first receipt) or date fields, the first known counts
    variants: Mapping[str, str] = field(default_factory=dict)  # field id -> name of the variant it brings
    public: bool = True
    restarts: tuple[str, ...] = ()  # events from which it counts anew, running or not
    after: str | None = None  # the clock on whose last day it starts, once that day has gone by
    ends_on: str | None = None  # a date field that sets the last day where the law leaves it to an act
    ends_with: str | None = None  # the clock whose last day is its own
    warns_for: str | None = None  # a rule counted back from its last day: the warning comes while that is still to be kept
    rule_from: str | None = None  # in place of `rule`: the field that holds a limit given by versioned reference data


@dataclass(frozen=True, slots=True)
class FormDef:
    """A form that the person may take away filled in, to sign: at which steps, and what it is for."""

    form: str
    steps: tuple[str, ...]
    text: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class VaultDef:
    """Whose identity lies in the vault (domain 19): of every case, or of those with a field set. `opens` may open it alone,
    two of `emergency` together; each time with a reason. Any case opened from a secret letter lies in the vault too."""

    always: bool = False
    when: str | None = None
    opens: tuple[str, ...] = ("head",)
    emergency: tuple[str, ...] = ("deputy", "unit_head", "assigned")


@dataclass(frozen=True, slots=True)
class ConflictDef:
    """Whom a fact of the case keeps out of it (domain 1). `fields` name posts; `out_of` what is shut to them: everything,
    or parts of it. With `subordinates` those below them by the tree of that day are out as well. A case about somebody
    who holds one of `settled_above` is settled one level up, and passes there by itself."""

    id: str
    fields: tuple[str, ...]
    out_of: tuple[str, ...]
    message: str
    basis: str | None = None
    subordinates: bool = False
    settled_above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkDef:
    """The record of what is said at a dialogue (core/cases/talks.py): at which steps it is open, who keeps it, the edge that
    makes the minutes, its field for the words and the one for the commitments; `public`: what is raised is shown to everybody."""

    steps: tuple[str, ...]
    by: tuple[str, ...]
    minutes: str
    text: str
    answers: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class WatchDef:
    """A sign of gaming to look for (domain 22): it is shown beside the figure, it never blocks."""

    test: str  # last_day | repeated | returned | lag
    name: str
    event: str
    clock: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class ChainStage:
    """One stage of the signing chain (NĐ 30/2020 Đ13–19): what is done and by which roles."""

    stage: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case. `version` is stored in each event, so that old versions stay loadable."""

    id: str
    version: int
    name: str
    noun: str
    owed_to: str
    steps: Mapping[str, StepDef]
    edges: Mapping[str, EdgeDef]
    clocks: Mapping[str, ClockDef]
    fields: Mapping[str, FieldDef]
    chains: Mapping[str, tuple[ChainStage, ...]]
    watches: tuple[WatchDef, ...] = ()
    functions: Mapping[str, RuleFunction] = field(default_factory=dict)
    examples: tuple[Mapping[str, Json], ...] = ()
    next_lawful: tuple[Mapping[str, Json], ...] = ()
    confidential: bool = False
    retention: str = ""  # how long its file is kept, by the id of law/retention.toml
    person_forms: tuple[FormDef, ...] = ()
    first_seen_by: tuple[str, ...] = ()  # the only roles that see a new case, until it was classified (design 8)
    vault: VaultDef = VaultDef()
    conflicts: tuple[ConflictDef, ...] = ()
    seen_by: tuple[str, ...] = ("verifier",)  # fields whose posts, or whose agency, come to see the case
    factors: Mapping[str, str] = field(default_factory=dict)  # what the person may mark besides, each in words
    filler: str = ""  # who answers the fields that edges fill: a name in the room's filling.py
    tracked: bool = True  # whether who sent the letter follows it on the tracking page
    talk: TalkDef | None = None  # the record of what is said at a dialogue of such a case
    counts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what its events count as: COUNTED -> tags

    def edges_from(self, step: str) -> list[EdgeDef]:
        """The edges that leave a step, in the order of the file. An open step is also left by `*`."""
        final = step != NEW and self.steps[step].final
        return [
            edge for edge in self.edges.values()
            if step in edge.from_ or (ANY_OPEN in edge.from_ and step != NEW and not final)
        ]  # fmt: skip

    @property
    def sealed_fields(self) -> frozenset[str]:
        return frozenset(f.id for f in self.fields.values() if f.sealed)

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(e.event for e in self.edges.values())

    @property
    def named_posts(self) -> frozenset[str]:
        """The fields that name a post with a part in the case: `@field`, or `@field/role`, among those who act or sign."""
        acting = {name for e in self.edges.values() for name in e.by}
        signing = {name for c in self.chains.values() for s in c for name in s.roles}
        return frozenset(name[1:].partition("/")[0] for name in acting | signing if name.startswith("@"))

    def first_clocks(self) -> list[ClockDef]:
        """The clocks that an opening event starts, whatever else happens."""
        opening = {e.event for e in self.edges.values() if NEW in e.from_}
        return [c for c in self.clocks.values() if opening & set(c.starts)]


# Tags that belong to every kind; a kind may not declare them.
KERNEL_TAGS: Mapping[str, str] = {
    "case:assigned": "giao người thụ lý hồ sơ",
    "case:noted": "ghi chú",
    "case:linked": "liên kết với vụ việc khác",
    "case:grouped": "ghép vào nhóm đơn cùng nội dung",
    "case:ungrouped": "tách khỏi nhóm đơn cùng nội dung",
    "case:agency:succeeded": "cơ quan kế thừa nhận nguyên trạng khi sáp nhập, chia tách",
    "case:child:opened": "mở việc con",
    "case:child:closed": "việc con đã xong",
    "case:assessed": "người dân đánh giá",
    "case:secret:flagged": "có dấu hiệu bí mật nhà nước",
    "case:secret:confirmed": "xác nhận bí mật nhà nước",
    "case:secret:lifted": "không phải bí mật nhà nước",
    "case:erased": "hủy nội dung sau thời hạn lưu",
    "case:access:opened": "mở xem ngoài phạm vi, có lý do",
    "case:asked": "hỏi người gửi",
    "case:replied": "người gửi trả lời câu hỏi",
    "vault:sealed": "đưa thông tin người gửi vào kho kín",
    "vault:asked": "đề nghị mở khẩn cấp kho kín",
    "vault:opened": "mở kho kín, có lý do",
    "paper:drafted": "soạn văn bản",
    "paper:initialled": "ký nháy",
    "paper:checked": "kiểm tra thể thức",
    "paper:signed": "ký ban hành",
    "paper:numbered": "văn thư cấp số, ngày",
    "paper:sent": "phát hành",
    "paper:returned": "trả lại văn bản",
    "paper:withdrawn": "rút văn bản trình",
    "clock:warned": "sắp đến hạn",
    "clock:overdue": "quá hạn",
    "clock:explained": "giải trình chậm hạn",
    "clock:recomputed": "tính lại hạn",
}
