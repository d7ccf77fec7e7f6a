"""What may happen next, decided purely: the state, the law and the actor in, events out, or a Refusal that says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from . import alike, chain, conflict, glance, lending, succession, vault
from .authority import refuse_excluded, require, require_new
from .case import VIETNAM, Actor, CaseState, Command, Decision, NewEvent, PaperState
from .clockwork import clock_notes, next_notes, recompute, staged
from .errors import Refusal
from .facts import facts_of
from .guards import Grounds, check_guards
from .kind import BACK, NEW, STAY, EdgeDef, Json, Kind
from .lawbook import LawBook
from .spawning import moved, spawned, told
from .verdict import verdict_of


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of `decide`, unpacked."""

    kind: Kind
    state: CaseState
    command: Command
    actor: Actor
    on: date
    today: date
    law: LawBook


def decide(kind: Kind, state: CaseState | None, command: Command, actor: Actor, now: datetime, law: LawBook) -> Decision:
    """The events that a command makes. `now` is aware; `command.on` is the legal date (today when None).

    Raises Refusal with a code, a Vietnamese sentence that says what to do, and the article if the law is the reason.
    """
    current = state or CaseState(kind=kind.id, kind_version=kind.version)
    today = now.astimezone(VIETNAM).date()
    on = command.on or today
    ask = Ask(kind, current, command, actor, on, today, law)
    _check_dates(ask)
    if command.seen_seq is not None and command.seen_seq != current.seq:
        raise Refusal("case.changed", "Hồ sơ vừa có thay đổi mới. Hãy xem lại trước khi tiếp tục.", None,
                      {"seen": command.seen_seq, "now": current.seq})  # fmt: skip
    action = _ACTIONS.get(command.action)
    if action is not None:
        return action(ask)
    edge = kind.edges.get(command.action)
    if edge is None:
        raise Refusal("action.unknown", "Không có thao tác này với loại hồ sơ này. Hãy tải lại trang.", None)
    return _edge(ask, edge)


def _check_dates(ask: Ask) -> None:
    if ask.on > ask.today:
        raise Refusal("on.future", "Ngày ghi nhận không được sau ngày hôm nay.", None)
    if ask.on != ask.today and not ask.command.reason:
        raise Refusal("on.reason", "Ngày ghi nhận khác ngày hôm nay: hãy ghi lý do.", None)
    opened = ask.state.opened_on
    if opened and ask.on < opened:
        raise Refusal("on.before_opening", "Ngày ghi nhận không được trước ngày nhận.", None)


# --- edges of the kind -------------------------------------------------------------------------------------------

def _edge(ask: Ask, edge: EdgeDef) -> Decision:
    _require_from(ask, edge)
    if NEW in edge.from_:
        require_new(ask.kind, ask.actor, edge.by, edge.name)
    else:
        require(ask.state, ask.actor, edge.by, edge.name)
    refuse_secret(ask)
    answers = _answers(ask, edge)
    if edge.reason and not ask.command.reason and not answers.get("reason"):
        raise Refusal("reason.missing", f"Việc “{edge.name}” cần ghi lý do.", None)
    if edge.to_agency and answers.get(edge.to_agency) == ask.state.agency:
        raise Refusal("transfer.same", "Hồ sơ đang ở chính cơ quan này. Hãy chọn cơ quan khác.", None, {"field": edge.to_agency})
    check_edge(ask, edge, answers)
    conflict.refuse_named(ask.kind, ask.state.shut_out, answers, ask.command.looked_up)
    if edge.paper is None:
        return _effect(ask, edge, answers, {})
    event = chain.drafted(ask.kind, edge, ask.state, ask.command, answers, ask.on)
    if chain.effective_stage(chain.chain_for(ask.kind, edge, ask.command), edge) >= 0:
        return Decision((_with_date_reason(ask, event),))
    done = _effect(ask, edge, answers, {"paper": event.payload["paper"]})
    return Decision((event, *done.events), done.spawn, done.follow)


def _require_from(ask: Ask, edge: EdgeDef) -> None:
    if edge in ask.kind.edges_from(ask.state.step):
        return
    step = ask.kind.steps.get(ask.state.step)
    where = step.name if step else "mới"
    raise Refusal("edge.not_from_here", f"Hồ sơ đang ở bước “{where}” nên chưa thể “{edge.name}”.", None,
                  {"step": ask.state.step})  # fmt: skip


def refuse_secret(ask: Ask) -> None:
    if ask.state.secret == "confirmed":  # noqa: S105  a state secret, not a password
        raise Refusal("case.secret", "Hồ sơ được xác định có bí mật nhà nước: chỉ giải quyết ngoài hệ thống này.",
                      "Luật Bảo vệ bí mật nhà nước")  # fmt: skip


def _answers(ask: Ask, edge: EdgeDef) -> dict[str, Json]:
    """The command's answers to what the edge asks, typed; anything else is refused so that no door slips a field in."""
    data = {k: v for k, v in ask.command.data.items() if v not in (None, "") and k != "paper"}
    unknown = set(data) - set(edge.asks)
    if unknown:
        raise Refusal("data.unknown", "Có thông tin không thuộc thao tác này: " + ", ".join(sorted(unknown)), None)
    for field_id in edge.asks:
        definition = ask.kind.fields[field_id]
        if definition.required and field_id not in data and not ask.state.fields.get(field_id):
            raise Refusal("data.missing", f"Còn thiếu: {definition.name}.", None, {"field": field_id})
        if field_id in data:
            _check_type(field_id, definition.name, definition.type, data[field_id], [c for c, _ in definition.choices])
    return {**edge.sets, **data}


def _check_type(field_id: str, name: str, type_: str, value: Json, choices: list[str]) -> None:
    good: Mapping[str, Callable[[Json], bool]] = {
        "bool": lambda v: isinstance(v, bool),
        "int": lambda v: isinstance(v, int) and not isinstance(v, bool) and abs(v) < 2**53,
        "date": _is_day,
        "choice": lambda v: v in choices,
        "choices": lambda v: isinstance(v, list) and all(x in choices for x in v),
        "digests": lambda v: isinstance(v, list) and all(isinstance(x, str) and len(x) == 64 for x in v),
        "posts": lambda v: isinstance(v, list) and bool(v) and all(isinstance(x, str) and "/" in x for x in v),
        "private": _is_sealed,
        "people": _is_sealed,
        "text": _is_sealed,
        "code": lambda v: isinstance(v, str) and len(v) <= 300,
    }
    if not good.get(type_, lambda v: isinstance(v, str))(value):
        raise Refusal("data.invalid", f"“{name}” không hợp lệ. Hãy kiểm tra lại.", None, {"field": field_id})


def _is_sealed(value: Json) -> bool:
    return isinstance(value, dict) and "content" in value


def _is_day(value: Json) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def check_edge(ask: Ask, edge: EdgeDef, data: Mapping[str, Json] | None) -> None:
    """What an edge itself sets is its effect, not an answer: guards see the facts as they were before it."""
    post = ask.actor.post.id if ask.actor.post else None
    answers = {k: v for k, v in (data or {}).items() if k not in edge.sets}
    facts = {**facts_of(ask.state, ask.on), **ask.state.fields, **answers}
    late = frozenset(c.id for c in ask.state.clocks.values() if c.running and c.due is not None and ask.on > c.due)
    check_guards(ask.kind, edge, Grounds(facts, ask.state.children_open, post, ask.on, ask.law, late), data is not None)


def _effect(ask: Ask, edge: EdgeDef, answers: Mapping[str, Json], extra: Mapping[str, Json]) -> Decision:
    """The event of the edge itself: step, holder, clocks, outcome; and the cases it opens."""
    fields = {**ask.state.fields, **answers}
    opening = ask.state.seq < 0
    payload: dict[str, Json] = {"edge": edge.id, **extra}
    if kept := {k: v for k, v in answers.items() if k not in moved(edge)}:
        payload["data"] = kept
    if edge.to != STAY:
        step = ask.kind.steps[(ask.state.came_from or "") if edge.to == BACK else edge.to]
        payload |= {"step": step.id, "holder": edge.holder or step.holder or "none", "final": step.final}
    elif edge.holder:
        payload["holder"] = edge.holder
    if opening:
        payload |= {"agency": ask.command.agency or "", "origin_on": (ask.command.origin_on or ask.on).isoformat(),
                    **{k: v for k, v in (("parent", ask.command.parent), ("opener", ask.command.opener)) if v}}
    payload |= vault.marks(ask, edge, fields)
    going = fields.get(edge.to_agency) if edge.to_agency else None
    if going and going != ask.state.agency:
        payload |= {"agency": going, "assigned": None}
    payload |= lending.marks(edge, ask.state, fields, str(payload.get("agency") or ask.state.agency), bool(payload.get("final")))
    payload |= conflict.brought(ask.kind, answers, ask.command.looked_up, str(payload.get("agency") or ask.state.agency))
    outcome = edge.outcome or (fields.get(edge.outcome_from) if edge.outcome_from else None)
    if outcome:
        payload["outcome"] = outcome
    notes = clock_notes(ask.kind, ask.state, edge.event, ask.on, fields, ask.law, ask.command.origin_on)
    if notes:
        payload["clocks"] = notes
    event = _with_date_reason(ask, NewEvent(edge.event, ask.on, payload))
    follow = (*told(edge, ask.state, answers, ask.on), *_told_parent(ask, edge), *_bound_children(ask, edge))
    return Decision((event,), spawned(edge, ask.state, answers, ask.on), follow)


def _bound_children(ask: Ask, edge: EdgeDef) -> tuple[Command, ...]:
    """What follows in the cases opened from this one: a signed notice binds the points that were drafts until then."""
    children = [(c, edge.binds.get(ask.state.child_kinds.get(c, ""))) for c, is_open in ask.state.children.items() if is_open]
    return tuple(Command("", child, action) for child, action in children if action)


def _told_parent(ask: Ask, edge: EdgeDef) -> tuple[Command, ...]:
    if edge.to in (STAY, BACK) or not ask.kind.steps[edge.to].final:
        return ()
    told = [case for case in (ask.state.parent, ask.state.opener) if case]
    return tuple(Command("", case, "case.child_closed", {"child": ask.command.case}) for case in told)


def _with_date_reason(ask: Ask, event: NewEvent) -> NewEvent:
    """Two dates an event: why they differ stays with it (design 4)."""
    extra: dict[str, Json] = {}
    if ask.on != ask.today:
        extra["late_entry"] = True
    if ask.command.reason:
        extra["reason"] = ask.command.reason
    return NewEvent(event.tag, event.on, {**event.payload, **extra}) if extra else event


# --- actions every kind has -----------------------------------------------------------------------------------------

def _assign(ask: Ask) -> Decision:
    return _one(ask, "case:assigned", lending.given(ask))


def _note(ask: Ask) -> Decision:
    refuse_excluded(ask.actor, ask.state)
    if not ask.command.data.get("note"):
        raise Refusal("note.empty", "Ghi chú còn trống.", None)
    return _one(ask, "case:noted", {"note": ask.command.data["note"]})


def _refuse_closed(ask: Ask) -> None:
    step = ask.kind.steps.get(ask.state.step)
    if step is None or step.final:
        raise Refusal("case.closed", "Hồ sơ đã kết thúc.", None)


def _one(ask: Ask, tag: str, payload: Mapping[str, Json]) -> Decision:
    return Decision((_with_date_reason(ask, NewEvent(tag, ask.on, payload)),))


def _stage(stage: str) -> Callable[[Ask], Decision]:
    def act(ask: Ask) -> Decision:
        paper = chain.paper_of(ask.state, ask.command)
        chain.require_stage(ask.state, ask.actor, paper, stage)
        require(ask.state, ask.actor, paper.waits_for, chain.STAGE_NAMES[stage])
        event, takes_effect = chain.advanced(paper, stage, ask.command, ask.on, ask.kind.edges.get(paper.edge or ""))
        event = _with_date_reason(ask, staged(ask.kind, ask.state, event, paper.form, ask.law))
        if not takes_effect or paper.edge is None:
            return Decision((event,))
        edge = ask.kind.edges[paper.edge]
        _require_from(ask, edge)
        check_edge(ask, edge, paper.data)
        done = _effect(ask, edge, paper.data, {"paper": paper.id, **_numbering(paper, event)})
        return Decision((event, *done.events), done.spawn, done.follow)

    return act


def _numbering(paper: PaperState, event: NewEvent) -> dict[str, Json]:
    """The paper's number and date: of this very event, or given to it before."""
    before = {"number": paper.number, "dated": paper.dated.isoformat() if paper.dated else None}
    return {k: v for k in ("number", "dated") if (v := event.payload.get(k) or before[k])}


def _return_paper(ask: Ask) -> Decision:
    paper = chain.paper_of(ask.state, ask.command)
    if paper.effective or paper.number or paper.waits in (None, "redraft"):
        raise Refusal("paper.not_waiting", "Văn bản không ở bước có thể trả lại.", None)
    require(ask.state, ask.actor, paper.waits_for, "trả lại văn bản")
    if not ask.command.data.get("remark"):
        raise Refusal("paper.remark", "Trả lại văn bản cần ghi rõ phải sửa gì.", None)
    return _one(ask, "paper:returned", {"paper": paper.id, "remark": ask.command.data["remark"]})


def _withdraw_paper(ask: Ask) -> Decision:
    paper = chain.paper_of(ask.state, ask.command)
    if not paper.open:
        raise Refusal("paper.effective", "Văn bản đã ban hành, không rút được.", None)
    if ask.actor.post is None or ask.actor.post.id != paper.drafted_by:
        raise Refusal("paper.not_drafter", "Chỉ người soạn mới rút được văn bản đang trình.", None)
    return _one(ask, "paper:withdrawn", {"paper": paper.id})


def _assess(ask: Ask) -> Decision:
    return _one(ask, "case:assessed", {"verdict": verdict_of(ask.kind, ask.state, ask.actor, ask.command.data)})


def _explain(ask: Ask) -> Decision:
    clock = ask.state.clocks.get(str(ask.command.data.get("clock", "")))
    refuse_excluded(ask.actor, ask.state)
    if clock is None or clock.overdue_for is None:
        raise Refusal("explain.not_late", "Thời hạn này không bị chậm.", None)
    if not ask.command.data.get("explanation"):
        raise Refusal("explain.empty", "Hãy ghi nội dung giải trình.", None)
    if ask.actor.post is None or ask.actor.post.agency not in (*ask.state.agencies, ask.state.lent):
        raise Refusal("explain.not_holder", "Chỉ người, cơ quan đã giữ hồ sơ mới giải trình.", None)
    return _one(ask, "clock:explained", {"clock": clock.id, "explanation": ask.command.data["explanation"]})


def _sweep(ask: Ask) -> Decision:
    """The sweeper's word on each running clock: nearly due, or late. Once for each due value (design 4)."""
    require(ask.state, ask.actor, ("system",), "quét thời hạn")
    events = []
    for clock in ask.state.clocks.values():
        if not clock.running or clock.due is None or clock.whose == "sender":
            continue
        who = {"clock": clock.id, "due": clock.due.isoformat(), "by": ask.state.in_hand, "agency": ask.state.agency}
        charged = ask.state.hands if clock.whose == "alert" else ask.state.agency
        payload = {k: v for k, v in who.items() if k != "agency"} | {"charged": charged}
        if ask.today > clock.due and clock.overdue_for != clock.due:
            notes = [{"clock": clock.id, "do": "overdue"}, *next_notes(ask.kind, ask.state, clock, ask.law)]
            events.append(NewEvent("clock:overdue", ask.on, {**payload, "clocks": notes}))
        elif clock.warn_on and ask.today >= clock.warn_on and clock.warned_for != clock.due and ask.today <= clock.due:
            events.append(NewEvent("clock:warned", ask.on, {**payload, "clocks": [{"clock": clock.id, "do": "warned"}]}))
    return Decision(tuple(events))


def _recompute(ask: Ask) -> Decision:
    require(ask.state, ask.actor, ("system",), "tính lại thời hạn")
    notes = [recompute(ask.kind, ask.state, c.id, ask.law) for c in ask.state.clocks.values() if c.stopped_on is None]
    changed = [n for n in notes if n is not None]
    if not changed:
        return Decision(())
    return _one(ask, "clock:recomputed", {"clocks": changed})


def _child_opened(ask: Ask) -> Decision:
    return _one(ask, "case:child:opened", {"child": ask.command.data["child"], "kind": ask.command.data.get("kind")})


def _child_closed(ask: Ask) -> Decision:
    child = str(ask.command.data.get("child", ""))
    if child not in ask.state.children or not ask.state.children[child]:
        return Decision(())
    return _one(ask, "case:child:closed", {"child": child})


def _secret(tag: str, value: str | None, by: tuple[str, ...]) -> Callable[[Ask], Decision]:
    """Signs of a state secret (domain 12): anyone of the agency flags at once, the head confirms or lifts."""

    def act(ask: Ask) -> Decision:
        require(ask.state, ask.actor, by, "bí mật nhà nước")
        if not ask.command.reason:
            raise Refusal("secret.reason", "Hãy ghi lý do.", None)
        if value != "flagged" and ask.state.secret is None:
            raise Refusal("secret.not_flagged", "Hồ sơ chưa được đánh dấu.", None)
        return _one(ask, tag, {"secret": value})

    return act


ANY_OFFICIAL = ("reception", "officer", "unit_head", "office", "deputy", "head", "registry", "verifier", "inspector")


def _erase(ask: Ask) -> Decision:
    """The words, names and files of a closed case go after its retention; that they were there and went stays."""
    require(ask.state, ask.actor, ("system",), "hủy nội dung")
    if ask.state.closed_on is None:
        raise Refusal("erase.open", "Hồ sơ chưa kết thúc, chưa thể hủy nội dung.", "NĐ 30/2020/NĐ-CP Đ29")
    decision, kept = ask.command.data.get("decision"), ask.command.data.get("kept_until")
    if not isinstance(decision, str) or not decision.strip():
        raise Refusal("erase.decision", "Hủy tài liệu phải có quyết định. Hãy ghi số quyết định hủy.", "Luật Lưu trữ")
    if not _is_day(kept) or ask.today <= date.fromisoformat(str(kept)):
        raise Refusal("erase.too_early", "Chưa hết thời hạn lưu hồ sơ.", "NĐ 30/2020/NĐ-CP Đ29")
    return _one(ask, "case:erased", {"decision": decision, "kept_until": kept})


_ACTIONS: Mapping[str, Callable[[Ask], Decision]] = {
    "case.assign": _assign,
    "case.note": _note,
    "case.assess": _assess,
    "case.child_opened": _child_opened,
    "case.child_closed": _child_closed,
    "case.secret_flag": _secret("case:secret:flagged", "flagged", ANY_OFFICIAL),
    "case.secret_confirm": _secret("case:secret:confirmed", "confirmed", ("head",)),
    "case.secret_lift": _secret("case:secret:lifted", None, ("head",)),
    "paper.initial": _stage("initial"),
    "paper.check": _stage("check"),
    "paper.sign": _stage("sign"),
    "paper.number": _stage("number"),
    "paper.send": _stage("send"),
    "paper.return": _return_paper,
    "paper.withdraw": _withdraw_paper,
    "case.erase": _erase,
    "clock.sweep": _sweep,
    "clock.explain": _explain,
    "clock.recompute": _recompute,
    **vault.ACTIONS,
    **alike.ACTIONS,
    **succession.ACTIONS,
    **glance.ACTIONS,
}
