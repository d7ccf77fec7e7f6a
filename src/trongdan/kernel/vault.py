"""The vault (domain 19) and the channel to whoever lies in it: who may open it, and questions without a name.

What is in it never comes here: these actions only say that somebody opened it, why, and who is told of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from .authority import may, refuse_excluded, require
from .case import Actor, CaseState, Decision, NewEvent
from .errors import Refusal
from .kind import EdgeDef, Json, Kind

if TYPE_CHECKING:  # decide registers these actions
    from .decide import Ask

ASKERS = ("assigned", "verifier", "head", "deputy", "reception", "unit_head")
BASIS = "Luật Tố cáo Đ9 k1 đ.b, Đ56"


def inherits(kind: Kind, fields: Mapping[str, Json]) -> bool:
    """Whether a new case's identity goes into the vault by the rule of its kind."""
    return kind.vault.always or bool(kind.vault.when and fields.get(kind.vault.when))


def marks(ask: Ask, edge: EdgeDef, fields: Mapping[str, Json]) -> dict[str, bool]:
    """What an event of the kind says of the vault: a new case lies in it; the words leave this system by it."""
    sealed = ask.state.seq < 0 and (ask.command.vault or inherits(ask.kind, fields))
    return {k: True for k, holds in (("vault", sealed), ("stub", edge.stub)) if holds}


def may_open(kind: Kind, state: CaseState, actor: Actor, today: date) -> bool:
    """Alone: the named settler, or one of two whose emergency was confirmed today."""
    if not state.vault or state.kept_out(actor):
        return False
    return may(state, actor, kind.vault.opens) or _confirmed(state, actor, today)


def _confirmed(state: CaseState, actor: Actor, today: date) -> bool:
    return any(one["done"] and one["on"] == today.isoformat() and actor.person in (one["person"], one.get("second"))
               for one in state.vault_asked)  # fmt: skip


def waiting(state: CaseState, today: date) -> Mapping[str, Json] | None:
    """The emergency opening asked for today that still wants a second person."""
    return next((one for one in state.vault_asked if not one["done"] and one["on"] == today.isoformat()), None)


def _seal(ask: Ask) -> Decision:
    """Whoever asks is protected from then on, as a denouncer is: the sender, or who received the letter."""
    if not ask.actor.is_sender:
        require(ask.state, ask.actor, ("reception", "head", "deputy", "assigned", "system"), "đưa vào kho kín")
    if ask.state.vault:
        raise Refusal("vault.already", "Thông tin người gửi đã nằm trong kho kín.", BASIS)
    return _one(ask, "vault:sealed", {"vault": True})


def _open(ask: Ask) -> Decision:
    _require_vault(ask)
    if not may_open(ask.kind, ask.state, ask.actor, ask.today):
        raise Refusal("vault.not_yours", "Chỉ người giải quyết được nêu tên mới mở được kho kín. Việc gấp thì hai người cùng mở: "
                      "một người đề nghị, một người khác xác nhận.", BASIS)  # fmt: skip
    again = not may(ask.state, ask.actor, ask.kind.vault.opens)
    return _one(ask, "vault:opened", {"alert": _alert(ask), **({"again": True} if again else {})})


def _ask_emergency(ask: Ask) -> Decision:
    _require_vault(ask)
    require(ask.state, ask.actor, ask.kind.vault.emergency, "đề nghị mở khẩn cấp kho kín")
    if waiting(ask.state, ask.today):
        raise Refusal("vault.asked", "Đã có người đề nghị mở khẩn cấp hôm nay. Cần một người khác xác nhận.", BASIS)
    return _one(ask, "vault:asked", {"alert": _alert(ask)})


def _confirm(ask: Ask) -> Decision:
    _require_vault(ask)
    require(ask.state, ask.actor, (*ask.kind.vault.emergency, *ask.kind.vault.opens), "xác nhận mở khẩn cấp kho kín")
    first = waiting(ask.state, ask.today)
    if first is None:
        raise Refusal("vault.nothing_asked", "Hôm nay chưa có ai đề nghị mở khẩn cấp.", BASIS)
    if ask.actor.person is None or ask.actor.person == first["person"]:
        raise Refusal("vault.same_person", "Mở khẩn cấp phải có hai người khác nhau.", BASIS)
    return _one(ask, "vault:opened", {"alert": _alert(ask), "emergency": True, "first": first["post"]})


def _require_vault(ask: Ask) -> None:
    refuse_excluded(ask.actor, ask.state)
    if not ask.state.vault:
        raise Refusal("vault.none", "Hồ sơ này không có thông tin trong kho kín.")
    if not ask.command.reason:
        raise Refusal("vault.reason", "Mở kho kín phải ghi rõ lý do; lý do được lưu và báo cho người giám sát.", BASIS,
                      {"field": "reason"})  # fmt: skip


def _alert(ask: Ask) -> list[str]:
    return [str(post) for post in ask.command.looked_up.get("alert", ())]


def _question(ask: Ask) -> Decision:
    """A question to whoever sent the letter, through the tracking page: no name is needed to ask or to answer."""
    require(ask.state, ask.actor, ASKERS, "hỏi người gửi")
    step = ask.kind.steps.get(ask.state.step)
    if step is None or step.final:
        raise Refusal("case.closed", "Hồ sơ đã kết thúc.", None)
    if not ask.kind.tracked:
        raise Refusal("ask.nobody", "Hồ sơ này không có người gửi theo dõi để hỏi.")
    if not ask.command.data.get("question"):
        raise Refusal("ask.empty", "Hãy ghi câu hỏi.", None, {"field": "question"})
    return _one(ask, "case:asked", {"words": ask.command.data["question"]})


def _reply(ask: Ask) -> Decision:
    if not ask.actor.is_sender:
        raise Refusal("ask.not_sender", "Chỉ người gửi mới trả lời được ở đây.", None)
    if not ask.state.asked:
        raise Refusal("ask.none", "Cơ quan chưa hỏi điều gì. Ông/bà có thể gửi thêm bằng cách bổ sung đơn.", None)
    if not ask.command.data.get("reply"):
        raise Refusal("ask.reply_empty", "Hãy viết câu trả lời.", None, {"field": "reply"})
    return _one(ask, "case:replied", {"words": ask.command.data["reply"]})


def _one(ask: Ask, tag: str, payload: Mapping[str, Json]) -> Decision:
    extra = {"reason": ask.command.reason} if ask.command.reason else {}
    return Decision((NewEvent(tag, ask.on, {**payload, **extra}),))


ACTIONS: Mapping[str, Callable[[Ask], Decision]] = {
    "vault.seal": _seal, "vault.open": _open, "vault.ask": _ask_emergency, "vault.confirm": _confirm,
    "case.ask": _question, "case.reply": _reply,
}  # fmt: skip
