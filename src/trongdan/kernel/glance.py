"""Looking at a case that is not one's own, with a reason that its person can read (domain 10, 19): at the reception table somebody
tells of a matter that another agency holds. It gives no part in the case; a vault case is never looked at so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .authority import refuse_excluded
from .case import Decision, NewEvent
from .errors import Refusal

if TYPE_CHECKING:  # decide registers these actions
    from .decide import Ask

TAG = "case:access:opened"
ROLES = ("reception", "head", "deputy", "inspector")


def refusal() -> Refusal:
    """One sentence for a case that is not there, of the vault, a state secret, or kept from the actor: which it is tells too
    much."""
    return Refusal("look.closed", "Không mở được hồ sơ mang mã này. Hồ sơ trong kho kín, có xung đột lợi ích với ông/bà, hoặc "
                   "không có thì không mở bằng cách này.")  # fmt: skip


def _look(ask: Ask) -> Decision:
    """The event of a look: which agency and post, until when, why. Raises Refusal."""
    if ask.actor.post is None or ask.actor.post.role not in ROLES:
        raise Refusal("look.not_yours", "Chức danh của ông/bà không mở xem việc của cơ quan khác.", "Luật Tiếp công dân Đ8")
    if ask.state.vault or ask.state.secret or ask.state.stub or ask.state.kept_out(ask.actor):
        raise refusal()
    refuse_excluded(ask.actor, ask.state)
    if not ask.command.reason:
        raise Refusal("look.reason", "Hãy ghi vì sao cần mở xem: người gửi đọc được lý do này.", None, {"field": "reason"})
    payload = {"seen_by": ask.actor.post.agency, "post": ask.actor.post.id, "until": ask.today.isoformat()}
    return Decision((NewEvent(TAG, ask.on, {**payload, "reason": ask.command.reason}),))


ACTIONS: Mapping[str, Callable[[Ask], Decision]] = {"case.look": _look}
