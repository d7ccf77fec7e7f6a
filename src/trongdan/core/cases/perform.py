"""`perform`: the only way a case changes (design 4). Everything goes through here: the portal, the desk, the API,
imports, jobs.

Lock the cases concerned in the order of their ids, fold, decide, append, update the read columns, commit; once per
idempotency key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection

from trongdan.core.agencies.selectors import superior
from trongdan.kernel.case import SYSTEM, VIETNAM, Actor, CaseState, Command, Decision, Event, NewEvent, Spawn
from trongdan.kernel.decide import decide
from trongdan.kernel.errors import Refusal
from trongdan.kernel.folding import fold
from trongdan.kernel.journal import Sealed, event_fields, event_hash
from trongdan.kernel.lawbook import LawBook
from trongdan.kernel.reference import new_reference
from trongdan.law import load_law
from trongdan.platform.text import clean

from . import vaulting
from .access import denials, grants, see
from .alike import together
from .append import Batch, append, record
from .log import current_head
from .looking import filled, looked_up
from .once import Done, already, digest_of, known_keys
from .registry import kind as kind_of
from .rows import case_row, clock_rows
from .scope import INTAKE, JOB, Scope, scope, scope_of
from .sealing import seal_data, seal_reason, uuid7
from .trail import Loaded, bodies, load

_sorted = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str).encode
IDENTITY_COLUMNS = ("name", "phone", "email", "address")


@dataclass(slots=True)
class _Work:
    """One transaction being put together."""

    actor: Actor
    now: datetime
    law: LawBook
    identity: Mapping[str, str] | None = None
    batch: Batch = field(default_factory=Batch)
    open_cases: dict[UUID, Loaded] = field(default_factory=dict)
    new: set[UUID] = field(default_factory=set)
    vault_key: bytes | None = None
    opened: list[tuple[UUID, str]] = field(default_factory=list)
    chance: Callable[[int], bytes] = os.urandom  # for references

    @property
    def today(self) -> date:
        return self.now.astimezone(VIETNAM).date()


def perform(command: Command, actor: Actor, key: str | None = None, *, client: str = "",
            identity: Mapping[str, str] | None = None, now: datetime | None = None, law: LawBook | None = None
            ) -> Done:  # fmt: skip
    """Do a command, once per (client, key). Raises Refusal; nothing is written then.

    `identity` {name, phone, email, address} of whom an opened case is owed to lies apart from the trail."""
    work = _Work(actor, now or datetime.now(VIETNAM), law or load_law(), identity)
    digest = digest_of(command, identity)
    if key is not None and command.device and known_keys(client, [key]):
        return already(client, key, digest)  # it comes inside its caller's transaction, which an error would end
    try:
        if command.case is None:  # reads nothing of the case: decided first, then written in three trips
            done = _worked(work, command, (client, key, digest))
            record(_scope_for(command, actor), work.batch)
            return done
        with scope(_scope_for(command, actor)):
            done = _worked(work, command, (client, key, digest))
            append(work.batch)
        return done
    except IntegrityError as problem:
        if key is None or "td_command_key" not in str(problem):
            raise
    return already(client, key, digest)


def perform_many(commands: Iterable[tuple[Command, Mapping[str, str] | None, str | None]], actor: Actor, *,
                 client: str = "", now: datetime | None = None, law: LawBook | None = None,
                 loaded: Mapping[UUID, Loaded] | None = None, actors: Sequence[Actor] = (),
                 chance: Callable[[int], bytes] = os.urandom) -> list[Done | Refusal]:  # fmt: skip
    """Open many cases by the same `decide`, appended in one statement: for imports and simulations.

    Each item is (command, identity, key); a refused one is returned as its Refusal and the others go on. Keys used
    before raise IntegrityError for the whole batch: importers ask `known_keys` first. Commands on cases that are there
    already are done too, each case once (ValueError otherwise): all are loaded and locked together, unless `loaded` has
    them from the same transaction, locked. `actors` of each command, where they differ; `chance` makes the references."""
    out: list[Done | Refusal] = []
    moment, book = now or datetime.now(VIETNAM), law or load_law()
    whole, wanted = _Work(actor, moment, book, chance=chance), list(commands)
    with scope(JOB):
        known = loaded or load([UUID(command.case) for command, _, _ in wanted if command.case], lock=True)
        for (command, identity, key), who in zip(wanted, actors or [actor] * len(wanted), strict=True):
            own = known.get(UUID(command.case)) if command.case else None
            work = replace(whole, actor=who, identity=identity, open_cases={own.id: own} if own else {}, opened=[], new=set(),
                           batch=Batch())  # fmt: skip
            try:
                done = _worked(work, command, (client, key, digest_of(command, identity) if key is not None else b""))
            except Refusal as refusal:
                out.append(refusal)
                continue
            whole.batch.take(work.batch)
            out.append(done)
        changed = [row["id"] for row in whole.batch.changed]
        if len(set(changed)) != len(changed):
            raise ValueError("a batch changes a case twice")
        append(whole.batch)
    return out


# --- inside the transaction ------------------------------------------------------------------------------------------

def _scope_for(command: Command, actor: Actor) -> Scope:
    if command.case is None and (actor.is_sender or not actor.posts):
        return INTAKE
    return scope_of(actor, UUID(command.case) if command.case else None)


def _worked(work: _Work, command: Command, key: tuple[str, str | None, bytes]) -> Done:
    """The command done in memory, with the row of its key (client, key, digest) when it has one."""
    case_id, tags = _do(work, command)
    done = _done(work, case_id, tags)
    if key[1] is not None:
        work.batch.keys.append({"client": key[0], "key": key[1], "body_hash": key[2].hex(), "result": done.stored(),
                                "at": work.now.isoformat()})  # fmt: skip
    return done


def _do(work: _Work, command: Command) -> tuple[UUID, tuple[str, ...]]:
    if command.case is None:
        case_id = _open(work, command, command.reference or new_reference(work.chance), None)
        return case_id, tuple(e.event.tag for e in work.open_cases[case_id].trail)
    case_id = UUID(command.case)
    loaded = work.open_cases if case_id in work.open_cases else load([case_id], lock=True)
    if case_id not in loaded:
        raise Refusal("case.unknown", "Không có hồ sơ này, hoặc hồ sơ không thuộc phạm vi của ông/bà.", None)
    work.open_cases |= loaded
    before = loaded[case_id].state.seq
    _on(work, case_id, command, work.actor)
    trail = work.open_cases[case_id].trail
    return case_id, tuple(s.event.tag for s in trail if s.event.seq > before)


def _open(work: _Work, command: Command, reference: str, parent: UUID | None) -> UUID:
    kind = kind_of(command.kind)
    case_id = uuid7()
    command = filled(kind, None, command, work.today)
    data = seal_data(kind, command.action, case_id, command.data, work.batch.contents)
    reason = seal_reason(case_id, command.reason, work.batch.contents)
    if not command.agency:
        raise Refusal("agency.missing", "Chưa rõ cơ quan nhận.", None)
    ready = looked_up(kind, None, replace(command, data=data, reason=reason), work.actor, work.today)
    decision = decide(kind, None, ready, work.actor, work.now, work.law)
    decision = _with_log_head(decision, work.actor, command.device)
    blank = Loaded(case_id, reference, parent, 0, kind, (), CaseState(kind.id, kind.version))
    work.open_cases[case_id] = blank
    work.new.add(case_id)
    work.opened.append((case_id, reference))
    _take(work, case_id, decision, work.actor)
    state = work.open_cases[case_id].state
    work.batch.grants += [see(case_id, None, "tiếp nhận", f"{state.agency}/{name}") for name in kind.first_seen_by]
    if not kind.first_seen_by:
        work.batch.grants.append(see(case_id, state.agency, "tiếp nhận"))
    named = {c: v for c in IDENTITY_COLUMNS if (v := clean((work.identity or {}).get(c) or ""))}
    if state.vault and parent is None:
        work.vault_key = vaulting.lay_down(work.batch, case_id, named)
    elif named and not state.vault:
        work.batch.identities.append({"case_id": str(case_id), "role": "sender", **{c: named.get(c) for c in IDENTITY_COLUMNS}})
    return case_id


def _with_log_head(decision: Decision, actor: Actor, device: str | None) -> Decision:
    """The first event names the last signed head of the log, which the receipt repeats, the door it came by, and the device
    that kept it while there was no network."""
    first = decision.events[0]
    size, root = current_head()
    payload = {**first.payload, "log": {"size": size, "root": root}, "door": actor.door}
    if device:
        payload["device"] = device
    return replace(decision, events=(replace(first, payload=payload), *decision.events[1:]))


def _on(work: _Work, case_id: UUID, command: Command, actor: Actor) -> None:
    """One command on a case that is loaded; what follows from it is done in the same transaction."""
    loaded = work.open_cases[case_id]
    command = filled(loaded.kind, loaded.state, command, work.today)
    data = seal_data(loaded.kind, command.action, case_id, command.data, work.batch.contents)
    reason = seal_reason(case_id, command.reason, work.batch.contents)
    vaulting.put_people(work.batch, loaded, command, data)
    ready = looked_up(loaded.kind, loaded.state, replace(command, data=data, reason=reason), actor, work.today)
    vaulting.refuse_traces(loaded, command, actor)
    try:
        decision = decide(loaded.kind, loaded.state, ready, actor, work.now, work.law)
    except Refusal as refusal:
        if refusal.code == "case.changed" and command.seen_seq is not None:
            news = [s.event.tag for s in loaded.trail if s.event.seq > command.seen_seq]
            refusal.details["changed"] = news
        raise
    _take(work, case_id, decision, actor)
    if command.action == "vault.seal":
        vaulting.move_in(work.batch, work.open_cases[case_id])
    for spawn in decision.spawn:
        _spawn(work, case_id, spawn)
    for follow in decision.follow:
        _follow(work, follow)


def _take(work: _Work, case_id: UUID, decision: Decision, actor: Actor) -> None:
    """Chain the events of a decision onto a case, fold them in, and note the rows to write."""
    loaded = work.open_cases[case_id]
    trail, prev = list(loaded.trail), loaded.head
    for offset, new in enumerate(decision.events):
        stored, row = _event(loaded, new, len(trail), prev, actor, work.now)
        prev = bytes.fromhex(row["hash"])
        trail.append(stored)
        work.batch.events.append(row)
        work.batch.grants += grants(loaded, new, opening=not loaded.trail and offset == 0)
        denied, ended = denials(loaded, new)
        work.batch.grants += denied
        work.batch.undenied += ended
        together(work.batch, loaded.id, new)
    state = fold(loaded.kind, (s.event for s in trail[len(loaded.trail):]), loaded.state)
    work.open_cases[case_id] = replace(loaded, trail=tuple(trail), state=state)
    row = case_row(loaded.kind, state, case_id, loaded.reference, settings.PROVINCE_ID)
    row["parent"] = str(loaded.parent) if loaded.parent else None
    target = work.batch.cases if case_id in work.new else work.batch.changed
    target[:] = [r for r in target if r["id"] != row["id"]] + [row]
    if state.clocks is loaded.state.clocks:  # as they were
        return
    clocks = work.batch.first_clocks if case_id in work.new else work.batch.clocks
    clocks[:] = [r for r in clocks if r["case_id"] != str(case_id)] + clock_rows(state, case_id)


def _event(loaded: Loaded, new: NewEvent, seq: int, prev: bytes | None, actor: Actor, now: datetime) -> tuple[Any, dict[str, Any]]:
    from .trail import StoredEvent

    who = actor.reference()
    case_id = str(loaded.id)
    own = event_hash(prev, event_fields(Sealed(case_id, seq, now, new.on, new.tag, loaded.kind.id, loaded.kind.version,
                                               who["post"], who["person"], who["on_behalf"], new.payload)))  # fmt: skip
    event = Event(new.tag, new.on, now, new.payload, seq, loaded.kind.id, loaded.kind.version, who)
    row = {
        "case_id": case_id, "seq": seq, "province_id": settings.PROVINCE_ID, "at": now.isoformat(),
        "on_date": new.on.isoformat(), "tag": new.tag, "kind": loaded.kind.id, "kind_version": loaded.kind.version,
        "actor_post": who["post"], "actor_person": who["person"], "on_behalf": who["on_behalf"],
        "payload": new.payload, "prev": prev.hex() if prev else None, "hash": own.hex(),
    }  # fmt: skip
    return StoredEvent(event, prev, own), row


def _spawn(work: _Work, opener: UUID, spawn: Spawn) -> None:
    """Open a matter: its clocks count from the first receipt, and it gets copies of its own of text and identity. A letter
    and its matters are one flat family: what a matter opens is numbered after the letter's others."""
    kind = kind_of(spawn.kind)
    root = work.open_cases[opener].parent or opener
    with scope(JOB):
        if root not in work.open_cases:
            work.open_cases |= load([root], lock=True)
        texts, named = bodies(list({opener, root})), _identity_of(root)
    letter = work.open_cases[root]
    opening = next(e for e in kind.edges.values() if "new" in e.from_)
    pending = {row["id"]: row["body"] for row in work.batch.contents}
    data = {k: v for k, v in spawn.data.items() if k in opening.asks}
    case_texts = {k: (texts | pending).get(v["content"], "") for k, v in data.items() if isinstance(v, dict)}
    _let_go(work, opener, [v["content"] for v in data.values() if isinstance(v, dict)])
    if kind.vault.always and not letter.state.vault:
        _on(work, root, Command("", str(root), "vault.seal"), replace(SYSTEM, person=work.actor.person))
    sealed = work.open_cases[root].state.vault
    agency = _up(spawn) if spawn.at == "superior" else spawn.agency
    command = Command(kind.id, None, opening.id, {**data, **case_texts}, agency=agency, origin_on=spawn.origin_on,
                      parent=str(root), opener=str(opener) if opener != root else None, vault=sealed)  # fmt: skip
    identity, actor = work.identity, work.actor
    work.identity = None if sealed else named
    work.actor = replace(SYSTEM, person=actor.person, on_behalf=actor.post.id if actor.post else None)
    child = _open(work, command, f"{letter.reference}/{len(letter.state.children) + 1}", root)
    if sealed and (root == opener or kind.vault.always):  # a denunciation told at the table: the record's words as the letter's
        for case in dict.fromkeys((opener, root)):
            if _replaced(work.open_cases[case], spawn):
                vaulting.withdraw_text(work.batch, work.open_cases[case], texts)
    work.identity, work.actor = identity, actor
    if spawn.seen:
        work.batch.grants += _seen_from(work.open_cases[opener], child)
    for case in dict.fromkeys((root, opener)):
        _on(work, case, Command("", str(case), "case.child_opened", {"child": str(child), "kind": kind.id}), actor)
    if root != opener:
        _widen()


def _up(spawn: Spawn) -> str:
    up = superior(spawn.agency)
    if up is None:
        raise Refusal("spawn.above_us", "Cấp trên trực tiếp ở ngoài tỉnh, hệ thống này không chuyển thay được: hãy gửi đơn đến "
                      "cơ quan cấp trên, kèm bản kết luận hoặc văn bản đã nhận.", "Luật Tố cáo Đ37, Đ38")  # fmt: skip
    return up


def _replaced(letter: Loaded, spawn: Spawn) -> bool:
    """Whether the matter got a checked transcript in place of the letter's own words."""
    return letter.state.fields.get("text") != spawn.data.get("text")


def _seen_from(opener: Loaded, child: UUID) -> list[dict[str, Any]]:
    """Who handled the case it was opened from sees it: the agency, or of a vault case the posts that may see it at first."""
    at = opener.state.agency
    if not opener.state.vault:
        return [see(child, at, "đơn gốc")]
    return [see(child, None, "đơn gốc", f"{at}/{role}") for role in opener.kind.first_seen_by]


def _let_go(work: _Work, opener: UUID, contents: list[str]) -> None:
    """Texts that went to the new case alone (no event of the parent names them) are not kept with the parent."""
    told = _sorted([row["payload"] for row in work.batch.events if row["case_id"] == str(opener)])
    gone = {content for content in contents if content not in told}
    work.batch.contents = [row for row in work.batch.contents if row["case_id"] != str(opener) or row["id"] not in gone]


def _identity_of(case_id: UUID) -> dict[str, str] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email, address FROM td_identity WHERE case_id = %s AND role = 'sender'",
                       [case_id])  # fmt: skip
        row = cursor.fetchone()
    return {c: v for c, v in zip(IDENTITY_COLUMNS, row, strict=True) if v} if row else None


def _follow(work: _Work, command: Command) -> None:
    """What must be told to another case: seen by the system, whatever the actor's own scope."""
    case_id = UUID(str(command.case))
    with scope(JOB):
        if case_id not in work.open_cases:
            work.open_cases |= load([case_id], lock=True)
        if case_id in work.open_cases:
            _on(work, case_id, command, SYSTEM)
    _widen()


def _widen() -> None:
    """The append itself runs in the actor's scope again: widen it for the rows of the other case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('td.scope', %s, true)", [JOB.text()])


def _done(work: _Work, case_id: UUID, tags: tuple[str, ...]) -> Done:
    loaded = work.open_cases[case_id]
    others = tuple((i, r) for i, r in work.opened if i != case_id)
    return Done(case_id, loaded.reference, loaded.state.seq, tags, others, loaded.state, tuple(work.batch.contents),
                loaded.trail[0].hash, loaded.trail[0].event, vault_key=work.vault_key)
