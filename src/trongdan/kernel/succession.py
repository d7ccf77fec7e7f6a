"""An agency ends and another takes over what it held (merger, division): the case goes on where it stood, its clocks untouched.

Which agency and post follow which is the directory's to say; here they only take each other's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .authority import require
from .case import Decision, NewEvent
from .errors import Refusal
from .kind import Json

if TYPE_CHECKING:  # decide registers these actions
    from .decide import Ask

TAG = "case:agency:succeeded"


def _succeed(ask: Ask) -> Decision:
    """`agencies` and `posts`: old to new; `decision`: the number of the decision that says so. No event when nothing of the case
    was the old agency's. A post without a counterpart is let go: the case waits at its agency to be given to somebody."""
    require(ask.state, ask.actor, ("system",), "chuyển việc cho cơ quan kế thừa")
    agencies, posts = dict(ask.command.data.get("agencies") or {}), dict(ask.command.data.get("posts") or {})
    decision = ask.command.data.get("decision")
    if not isinstance(decision, str) or not decision.strip():
        raise Refusal("succession.decision", "Sáp nhập, chia tách phải có số quyết định.", "Luật 72/2025/QH15")
    state, payload = ask.state, dict[str, Json]()
    if state.agency in agencies:
        payload["agency"] = agencies[state.agency]
    if state.assigned and (state.assigned in posts or state.assigned.partition("/")[0] in agencies):
        payload["assigned"] = posts.get(state.assigned)
    if state.lent in agencies:
        after = agencies[state.lent]
        payload["lent"] = after if payload.get("assigned") and after != payload.get("agency", state.agency) else None
    if moved := _moved(ask, agencies, posts):
        payload["data"] = moved
    if not payload:
        return Decision(())
    return Decision((NewEvent(TAG, ask.on, {"from": state.agency, "decision": decision.strip(), **payload}),))


def _moved(ask: Ask, agencies: Mapping[str, str], posts: Mapping[str, str]) -> dict[str, Json]:
    """The fields that name a post, or a role at an agency ("c04978/counter"), which has a counterpart now."""

    def after(post: str) -> str:
        agency, _, role = post.partition("/")
        at = agencies.get(agency) if "/" not in role else None
        return posts.get(post) or (f"{at}/{role}" if at else post)

    out: dict[str, Json] = {}
    for definition in ask.kind.fields.values():
        value = ask.state.fields.get(definition.id)
        if definition.type == "post" and isinstance(value, str) and after(value) != value:
            out[definition.id] = after(value)
        elif definition.type == "posts" and isinstance(value, list) and [after(v) for v in value] != value:
            out[definition.id] = [after(v) for v in value]
    return out


ACTIONS: Mapping[str, Callable[[Ask], Decision]] = {"case.succeed": _succeed}
