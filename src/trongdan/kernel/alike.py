"""Cases about one matter: one repeats another that came before, or a person puts it into a group or takes it out.

What the machine finds is advice and lies beside the trail; only what is done about it comes here. A vault case is in no group,
and no repeat of another: whoever could read that would know of it (domain 19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from .authority import require
from .case import Decision, NewEvent
from .errors import Refusal
from .kind import Json

if TYPE_CHECKING:  # decide registers these actions
    from .decide import Ask

GROUPERS = ("reception", "officer", "unit_head", "deputy", "head", "inspector", "assigned")


def _link(ask: Ask) -> Decision:
    """`first`: the case that came before."""
    _allowed(ask, (*GROUPERS, "system"), "ghi đơn trùng")
    first = _id(ask, "first")
    if first == ask.command.case:
        raise Refusal("link.itself", "Một đơn không trùng với chính nó. Hãy chọn đơn đã nhận trước.", None, {"field": "first"})
    step = ask.kind.steps.get(ask.state.step)
    if step is None or step.final:
        raise Refusal("case.closed", "Hồ sơ đã kết thúc.", None)
    return Decision(() if ask.state.repeat_of == first else (NewEvent("case:linked", ask.on, {"first": first, "how": "repeat"}),))


def _group(ask: Ask) -> Decision:
    _allowed(ask, GROUPERS, "ghép nhóm đơn cùng nội dung")
    return _one(ask, "case:grouped", {"group": _id(ask, "group")})


def _ungroup(ask: Ask) -> Decision:
    _allowed(ask, GROUPERS, "tách khỏi nhóm đơn cùng nội dung")
    return _one(ask, "case:ungrouped", {"group": _id(ask, "group")})


def _allowed(ask: Ask, by: tuple[str, ...], what: str) -> None:
    require(ask.state, ask.actor, by, what)
    if ask.state.vault or ask.state.secret or ask.state.stub:
        raise Refusal("group.closed", "Hồ sơ trong kho kín, có dấu hiệu bí mật nhà nước hoặc đã bàn giao thì không ghép với đơn "
                      "khác.", "Luật Tố cáo Đ56" if ask.state.vault else None)  # fmt: skip


def _id(ask: Ask, key: str) -> str:
    try:
        return str(UUID(str(ask.command.data.get(key, ""))))
    except ValueError:
        raise Refusal("group.unknown", "Chưa rõ ghép với đơn nào. Hãy nhập mã của đơn ấy.", None, {"field": key}) from None


def _one(ask: Ask, tag: str, payload: Mapping[str, Json]) -> Decision:
    extra = {"reason": ask.command.reason} if ask.command.reason else {}
    return Decision((NewEvent(tag, ask.on, {**payload, **extra}),))


ACTIONS: Mapping[str, Callable[[Ask], Decision]] = {"case.link": _link, "case.group": _group, "case.ungroup": _ungroup}
