"""From TOML to a `Kind`, refusing whatever does not hold together, with file, key and reason (design 3).

Pure: the caller reads the files and passes parsed tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .chain import STAGE_TAGS
from .errors import KindError
from .facts import is_fact
from .guarded import conflicts_of, hold_together, vault_of
from .guards import BY_LAW, GUARD_TESTS, names_in
from .kind import (
    ANY_OPEN,
    BACK,
    ELSEWHERE,
    FIELD_TYPES,
    HOLDER_RELATIONS,
    KERNEL_TAGS,
    NEW,
    ROLES,
    STAY,
    ChainStage,
    ClockDef,
    EdgeDef,
    FieldDef,
    FormDef,
    Guard,
    Kind,
    RuleFunction,
    StepDef,
    TalkDef,
    WatchDef,
)

Table = Mapping[str, Any]
STAGES = ("initial", "check", "sign", "number", "send")
WATCHES = frozenset({"last_day", "repeated", "returned", "lag"})
_KIND_KEYS = frozenset([
    "id", "version", "name", "noun", "owed_to", "steps", "edges", "clocks", "fields", "chains", "watches",
    "next_lawful", "confidential", "first_seen_by", "retention", "person_forms", "vault", "conflicts", "seen_by", "tracked",
    "filler", "counts", "factors", "talk",
])  # fmt: skip


class _File:
    """One file being read: every refusal names it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def refuse(self, key: str, reason: str) -> KindError:
        return KindError(self.name, key, reason)

    def only(self, table: Table, keys: Collection[str], where: str) -> None:
        extra = set(table) - set(keys)
        if extra:
            raise self.refuse(where, f"unknown keys {sorted(extra)}")

    def need(self, table: Table, key: str, where: str) -> Any:
        if key not in table:
            raise self.refuse(f"{where}.{key}", "missing")
        return table[key]


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """Choices as a table {id = "label"} or a list of ids."""
    if isinstance(value, Mapping):
        return tuple((k, str(v)) for k, v in value.items())
    return tuple((str(v), str(v)) for v in value or ())


def _many(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _field(f: _File, t: Table) -> FieldDef:
    f.only(t, {"id", "name", "type", "choices", "help", "required", "redacts"}, "fields")
    type_ = t.get("type", "text")
    if type_ not in FIELD_TYPES:
        raise f.refuse(f"fields.{t.get('id')}", f"type {type_!r} is none of {sorted(FIELD_TYPES)}")
    return FieldDef(f.need(t, "id", "fields"), f.need(t, "name", "fields"), type_, _pairs(t.get("choices")),
                    t.get("help", ""), t.get("required", False), t.get("redacts", ""))  # fmt: skip


def _step(f: _File, t: Table) -> StepDef:
    f.only(t, {"id", "name", "plain", "holder", "final", "outcomes", "assessable", "next"}, "steps")
    holder = t.get("holder")
    if holder is not None and holder not in ROLES | HOLDER_RELATIONS:
        raise f.refuse(f"steps.{t.get('id')}.holder", f"{holder!r} is neither a role nor a relation")
    return StepDef(f.need(t, "id", "steps"), f.need(t, "name", "steps"), f.need(t, "plain", "steps"), holder,
                   t.get("final", False), _pairs(t.get("outcomes")), t.get("assessable", False), t.get("next", ""))  # fmt: skip


_ARGUMENTS = ("in", "than", "between", "limit", "is", "all")


def _guard(f: _File, t: Table, where: str) -> Guard:
    tests = [k for k in t if k in GUARD_TESTS and not (k == "rule" and set(BY_LAW) & set(t))]
    if len(tests) != 1:
        raise f.refuse(where, f"a guard has exactly one of {sorted(GUARD_TESTS)}")
    test, message = tests[0], f.need(t, "message", where)
    f.only(t, {test, "message", "basis", "when", *(("rule", "of") if test in BY_LAW else _ARGUMENTS)}, where)
    argument = next((t[k] for k in _ARGUMENTS if k in t), None)
    path = str(t[test])
    if test in BY_LAW:
        argument = (f.need(t, "rule", where), f.need(t, "of", where))
    if test == "rule":
        argument, path = t[test], str(t.get("is", ""))
    if test == "no_open_child":
        path = ""
    return Guard(test, path, argument, message, t.get("basis"), t.get("when"))


_EDGE_KEYS = frozenset([
    "id", "name", "plain", "from", "to", "by", "event", "asks", "needs", "paper", "outcome", "outcome_from",
    "spawns", "reason", "holder", "sets", "to_agency", "passes", "spawns_at", "counts_from", "unseen", "stub",
    "fills", "assigns", "lends", "tells", "tells_with", "binds",
])  # fmt: skip


def _edge(f: _File, t: Table) -> EdgeDef:
    f.only(t, _EDGE_KEYS, f"edges.{t.get('id')}")
    id_ = f.need(t, "id", "edges")
    where = f"edges.{id_}"
    by = _many(f.need(t, "by", where))
    strange = {name for name in by if not name.startswith("@")} - ROLES - HOLDER_RELATIONS - {ELSEWHERE}
    strange |= {name for name in by if name.startswith("@") and "/" in name and name.partition("/")[2] not in ROLES}
    if strange:
        raise f.refuse(f"{where}.by", f"unknown roles {sorted(strange)}")
    return EdgeDef(
        id=id_, name=f.need(t, "name", where), plain=t.get("plain", ""), from_=_many(f.need(t, "from", where)),
        to=f.need(t, "to", where), by=by, event=f.need(t, "event", where), asks=_many(t.get("asks")),
        needs=tuple(_guard(f, g, f"{where}.needs") for g in t.get("needs", ())), paper=t.get("paper"),
        outcome=t.get("outcome"), outcome_from=t.get("outcome_from"), spawns=_many(t.get("spawns")),
        reason=t.get("reason", False), holder=t.get("holder"), sets=t.get("sets", {}), to_agency=t.get("to_agency"),
        passes=dict(t.get("passes", {})), spawns_at=t.get("spawns_at", "own"), counts_from=t.get("counts_from", "first"),
        stub=t.get("stub", False), unseen=t.get("unseen", False), fills=_many(t.get("fills")), assigns=t.get("assigns"),
        lends=t.get("lends"),
        tells=t.get("tells"), tells_with=dict(t.get("tells_with", {})),
        binds=dict(t.get("binds", {})),
    )  # fmt: skip


def _form(f: _File, t: Table) -> FormDef:
    f.only(t, {"form", "steps", "text", "when"}, "person_forms")
    return FormDef(f.need(t, "form", "person_forms"), _many(f.need(t, "steps", "person_forms")),
                   f.need(t, "text", "person_forms"), t.get("when"))  # fmt: skip


_CLOCK_KEYS = frozenset([
    "id", "name", "rule", "starts", "stops", "pauses", "resumes", "extends", "revises", "whose", "when",
    "start_on", "variants", "public", "restarts", "after", "ends_on", "ends_with", "rule_from",
    "warns_for",
])  # fmt: skip


def _clock(f: _File, t: Table) -> ClockDef:
    where = f"clocks.{t.get('id')}"
    numbers = [k for k, v in t.items() if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if numbers:
        raise f.refuse(where, f"a number in {numbers}: limits belong to law/, never to a kind")
    f.only(t, _CLOCK_KEYS, where)
    if ("rule" in t) == ("rule_from" in t):
        raise f.refuse(where, "either rule or rule_from")
    if t.get("whose", "agency") not in ("agency", "sender", "alert"):
        raise f.refuse(f"{where}.whose", "agency, sender or alert")
    return ClockDef(
        id=f.need(t, "id", "clocks"), name=f.need(t, "name", where), rule=t.get("rule", ""),
        starts=_many(t.get("starts")), stops=_many(t.get("stops")), pauses=_many(t.get("pauses")),
        resumes=_many(t.get("resumes")), extends=_many(t.get("extends")), revises=_many(t.get("revises")),
        whose=t.get("whose", "agency"), when=t.get("when"), start_on=_many(t.get("start_on", "on")),
        variants=dict(t.get("variants", {})), public=t.get("public", True), restarts=_many(t.get("restarts")),
        after=t.get("after"), ends_on=t.get("ends_on"), ends_with=t.get("ends_with"), rule_from=t.get("rule_from"),
        warns_for=t.get("warns_for"),
    )  # fmt: skip


def _chain(f: _File, form: str, stages: Iterable[str]) -> tuple[ChainStage, ...]:
    """`["initial:unit_head", "sign:head|deputy"]` into stages, in the order of NĐ 30/2020."""
    out = []
    for text in stages:
        stage, _, roles = text.partition(":")
        names = tuple(roles.split("|"))
        if stage not in STAGES or {n for n in names if not n.startswith("@")} - ROLES - HOLDER_RELATIONS:
            raise f.refuse(f"chains.{form}", f"{text!r} is not stage:role|role")
        out.append(ChainStage(stage, names))
    order = [STAGES.index(s.stage) for s in out]
    if order != sorted(order):
        raise f.refuse(f"chains.{form}", "stages out of order: văn thư numbers after signature (NĐ 30/2020 Đ15)")
    return tuple(out)


def _watch(f: _File, t: Table) -> WatchDef:
    f.only(t, {"test", "name", "event", "clock", "field"}, "watches")
    if t.get("test") not in WATCHES:
        raise f.refuse("watches", f"test must be one of {sorted(WATCHES)}")
    return WatchDef(t["test"], f.need(t, "name", "watches"), f.need(t, "event", "watches"), t.get("clock"), t.get("field"))


def _talk(f: _File, t: Table | None) -> TalkDef | None:
    if t is None:
        return None
    f.only(t, {"steps", "by", "minutes", "text", "answers", "public"}, "talk")
    by = _many(f.need(t, "by", "talk"))
    if {name for name in by if not name.startswith("@")} - ROLES - HOLDER_RELATIONS:
        raise f.refuse("talk.by", f"unknown roles in {by}")
    return TalkDef(_many(f.need(t, "steps", "talk")), by, f.need(t, "minutes", "talk"), f.need(t, "text", "talk"),
                   f.need(t, "answers", "talk"), t.get("public", False))  # fmt: skip


def load_kind(table: Table, file: str, functions: Mapping[str, RuleFunction] | None = None,
              examples: Iterable[Table] = ()) -> Kind:  # fmt: skip
    """One kind from its parsed TOML. Raises KindError with file, key and reason."""
    f = _File(file)
    f.only(table, _KIND_KEYS, "top level")
    kind = Kind(
        id=f.need(table, "id", "top"), version=f.need(table, "version", "top"), name=f.need(table, "name", "top"),
        noun=f.need(table, "noun", "top"), owed_to=f.need(table, "owed_to", "top"),
        steps={s.id: s for s in (_step(f, t) for t in table.get("steps", ()))},
        edges={e.id: e for e in (_edge(f, t) for t in table.get("edges", ()))},
        clocks={c.id: c for c in (_clock(f, t) for t in table.get("clocks", ()))},
        fields={d.id: d for d in (_field(f, t) for t in table.get("fields", ()))},
        chains={form: _chain(f, form, stages) for form, stages in table.get("chains", {}).items()},
        watches=tuple(_watch(f, t) for t in table.get("watches", ())),
        functions=dict(functions or {}), examples=tuple(examples),
        next_lawful=tuple(table.get("next_lawful", ())), confidential=table.get("confidential", False),
        first_seen_by=_many(table.get("first_seen_by")), retention=table.get("retention", ""),
        person_forms=tuple(_form(f, t) for t in table.get("person_forms", ())),
        vault=vault_of(f, table.get("vault", {})), conflicts=conflicts_of(f, table.get("conflicts", ())),
        seen_by=_many(table.get("seen_by", "verifier")), tracked=table.get("tracked", True),
        counts={what: _many(tags) for what, tags in table.get("counts", {}).items()},
        filler=table.get("filler", ""), factors=dict(table.get("factors", {})), talk=_talk(f, table.get("talk")),
    )  # fmt: skip
    for name, listed in (("steps", kind.steps), ("edges", kind.edges), ("clocks", kind.clocks), ("fields", kind.fields)):
        if len(listed) != len(table.get(name, ())):
            raise f.refuse(name, "an id is declared twice")
    _hold_together(f, kind)
    hold_together(f, kind)
    return kind


def _hold_together(f: _File, kind: Kind) -> None:
    for edge in kind.edges.values():
        _check_edge(f, kind, edge)
    reached = _reachable(kind)
    for step in kind.steps.values():
        if step.id not in reached:
            raise f.refuse(f"steps.{step.id}", "unreachable: no way leads here from a new case")
        if not step.final and step.holder in (None, "none") and not kind.clocks:
            raise f.refuse(f"steps.{step.id}", "open, but neither a holder nor a clock")
        if not step.final and step.holder is None:
            raise f.refuse(f"steps.{step.id}.holder", "an open step must say who holds it")
    tags = kind.tags | set(KERNEL_TAGS) | {f"{tag}:{form}" for tag in STAGE_TAGS.values() for form in kind.chains}
    for clock in kind.clocks.values():
        _check_clock(f, kind, clock, tags)
    for form in kind.person_forms:
        if set(form.steps) - set(kind.steps) or not all(is_fact(kind, n) for n in names_in(form.when)):
            raise f.refuse("person_forms", f"{form.form!r} names an unknown step or fact")
    if kind.talk is not None:
        _check_talk(f, kind, kind.talk)
    for watch in kind.watches:
        if watch.event not in tags or (watch.clock and watch.clock not in kind.clocks):
            raise f.refuse("watches", f"{watch.name!r} names an unknown event or clock")


def _check_talk(f: _File, kind: Kind, talk: TalkDef) -> None:
    edge = kind.edges.get(talk.minutes)
    if set(talk.steps) - set(kind.steps) or edge is None or not edge.paper or not {talk.text, talk.answers} <= set(edge.asks):
        raise f.refuse("talk", "names steps, and an edge with a paper that asks for its words and their commitments")


def _check_clock(f: _File, kind: Kind, clock: ClockDef, tags: Collection[str]) -> None:
    where = f"clocks.{clock.id}"
    used = {*clock.starts, *clock.stops, *clock.pauses, *clock.resumes, *clock.extends, *clock.revises, *clock.restarts}
    if used - set(tags):
        raise f.refuse(where, f"no edge writes {sorted(used - set(tags))}")
    fields = set(clock.variants) | (set(clock.start_on) - {"on", "origin"}) | ({clock.ends_on, clock.rule_from} - {None})
    if fields - set(kind.fields):
        raise f.refuse(where, f"unknown fields {sorted(map(str, fields - set(kind.fields)))}")
    if {clock.after, clock.ends_with} - {None} - (set(kind.clocks) - {clock.id}):
        raise f.refuse(where, f"unknown clock {clock.after or clock.ends_with!r}")
    if not (clock.starts or clock.restarts or clock.after):
        raise f.refuse(where, "nothing starts it")


def _check_edge(f: _File, kind: Kind, edge: EdgeDef) -> None:
    where = f"edges.{edge.id}"
    for step in edge.from_:
        if step not in (NEW, ANY_OPEN) and step not in kind.steps:
            raise f.refuse(f"{where}.from", f"unknown step {step!r}")
    if edge.to == BACK and any(s in (NEW, ANY_OPEN) or kind.steps[s].final for s in edge.from_):
        raise f.refuse(f"{where}.to", "only an open step is left back to where the case came from")
    if edge.to not in (STAY, BACK) and edge.to not in kind.steps:
        raise f.refuse(f"{where}.to", f"unknown step {edge.to!r}")
    if edge.event in KERNEL_TAGS:
        raise f.refuse(f"{where}.event", "a tag of the kernel")
    unknown = (set(edge.asks) | set(edge.sets) | ({edge.outcome_from, edge.assigns, edge.lends} - {None})) - set(kind.fields)
    if unknown:
        raise f.refuse(where, f"unknown fields {sorted(map(str, unknown))}")
    if set(edge.fills) - set(edge.asks) or (edge.fills and not kind.filler):
        raise f.refuse(f"{where}.fills", "what is filled is asked too, and the kind names its filler")
    if edge.paper and edge.paper not in kind.chains:
        raise f.refuse(f"{where}.paper", f"no signing chain for {edge.paper!r}")
    for guard in edge.needs:
        _check_guard(f, kind, guard, where)
    outcome = edge.outcome
    if outcome and edge.to not in (STAY, BACK) and outcome not in dict(kind.steps[edge.to].outcomes):
        raise f.refuse(f"{where}.outcome", f"{outcome!r} is no outcome of step {edge.to!r}")


def _check_guard(f: _File, kind: Kind, guard: Guard, where: str) -> None:
    if guard.test == "rule" and guard.argument not in kind.functions:
        raise f.refuse(f"{where}.needs", f"rules.py has no {guard.argument!r}")
    if guard.test == "late" and guard.path not in kind.clocks:
        raise f.refuse(f"{where}.needs", f"unknown clock {guard.path!r}")
    named = names_in(guard.when) | ({guard.path} if guard.test not in ("rule", "no_open_child", "late") else set())
    strange = {n for n in named | ({guard.argument[1]} if guard.test in BY_LAW else set()) if not is_fact(kind, n)}
    if strange:
        raise f.refuse(f"{where}.needs", f"unknown field {sorted(strange)}")


def _reachable(kind: Kind) -> set[str]:
    seen: set[str] = set()
    todo = [NEW]
    while todo:
        for edge in kind.edges_from(todo.pop()):
            if edge.to not in (STAY, BACK) and edge.to not in seen:
                seen.add(edge.to)
                todo.append(edge.to)
    return seen


def check_registry(kinds: Iterable[Kind], rules: Collection[str], forms: Collection[str],
                   retentions: Collection[str] | None = None) -> dict[str, Kind]:  # fmt: skip
    """All kinds together: rules that law/ has, papers that have a template, each tag declared once, spawned kinds
    that exist, every edge walked by an example."""
    registry: dict[str, Kind] = {}
    owners: dict[str, str] = {}
    for kind in kinds:
        f = _File(kind.id)
        if kind.id in registry:
            raise f.refuse("id", "two kinds have this id")
        registry[kind.id] = kind
        for tag in kind.tags:
            if tag in owners:
                raise f.refuse(f"event {tag}", f"already declared by {owners[tag]}")
            owners[tag] = kind.id
        _check_references(f, kind, rules, forms)
        if retentions is not None and kind.retention not in retentions:
            raise f.refuse("retention", f"law/ has no retention {kind.retention!r}")
        walked = {edge for example in kind.examples for edge in walked_edges(example)}
        if set(kind.edges) - walked:
            raise f.refuse("examples", f"no example walks {sorted(set(kind.edges) - walked)}")
    for kind in registry.values():
        for edge in kind.edges.values():
            for told, action in edge.binds.items():
                if told not in registry or "system" not in getattr(registry[told].edges.get(action), "by", ()):
                    raise _File(kind.id).refuse(f"edges.{edge.id}.binds", f"{told} has no {action!r} that the system may take")
            if set(edge.spawns) - set(registry):
                raise _File(kind.id).refuse(f"edges.{edge.id}.spawns", f"unknown kinds {edge.spawns}")
    return registry


def _check_references(f: _File, kind: Kind, rules: Collection[str], forms: Collection[str]) -> None:
    for clock in kind.clocks.values():
        if clock.warns_for is not None and clock.warns_for not in rules:
            raise f.refuse(f"clocks.{clock.id}.warns_for", f"law/ has no rule {clock.warns_for!r}")
        if clock.rule_from is None and clock.rule not in rules:
            raise f.refuse(f"clocks.{clock.id}.rule", f"law/ has no rule {clock.rule!r}")
    for form in (*kind.chains, *(p.form for p in kind.person_forms)):
        if form not in forms:
            raise f.refuse(f"chains.{form}", "no such paper template")
    for edge in kind.edges.values():
        named = {g.argument[0] for g in edge.needs if g.test in BY_LAW} - set(rules)
        if named:
            raise f.refuse(f"edges.{edge.id}.needs", f"law/ has no rules {sorted(named)}")


def walked_edges(example: Table) -> list[str]:
    """The edge ids that an example's `do` lines name."""
    return [line["do"] for line in example.get("walk", ()) if "do" in line]
