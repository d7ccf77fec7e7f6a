"""What an agency asks the sender of a letter, and the reply, over REST. The proof is the letter's token, as for following it.

No name is needed to be asked or to answer, and none may stand in an answer of somebody who lies in the vault: the same rules as
on the portal's page, for it is the same command (kernel/vault.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status
from pydantic import Field

from trongdan.core.cases.perform import perform
from trongdan.core.cases.trail import today
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters import intake
from trongdan.kinds.letters.tracking import CaseView, open_by_token, view_for_sender

from .procedures import Problem
from .strict import Strict

router = Router()
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=100)]
PROBLEMS = {400: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem}
CLIENT = "api"  # and no network address: keys are kept where every role may read, and who replies may be a denouncer


class SaidOut(Schema):
    by: Literal["office", "sender"]
    on: date
    words: str


class AskedOut(Schema):
    matter: int = Field(description="0 là chính đơn; 1, 2… là việc thứ mấy mở từ đơn")
    reference: str
    open: bool = Field(description="Câu cuối là của cơ quan, chưa được trả lời")
    said: list[SaidOut]


class QuestionsOut(Schema):
    items: list[AskedOut]


class ReplyIn(Strict):
    reply: str = Field(min_length=1, max_length=intake.MAX_TEXT)
    matter: int | None = Field(None, ge=0, le=999, description="Như ở danh sách câu hỏi; để trống khi chỉ hỏi về một việc")


class Recorded(Schema):
    recorded: bool


@router.get("/cases/{reference}/questions", response={200: QuestionsOut, **PROBLEMS}, summary="Cơ quan hỏi gì")
def questions(request: HttpRequest, reference: str, token: str) -> Any:
    """Các câu cơ quan hỏi người gửi và các câu đã trả lời, của đơn và từng việc mở từ đơn; việc chưa bị hỏi thì không có."""
    views = view_for_sender(open_by_token(reference, token), today())
    return Status(200, {"items": [
        {"matter": number, "reference": view.reference, "open": view.state.question_open, "said": list(view.asked)}
        for number, view in enumerate(views) if view.asked
    ]})  # fmt: skip


@router.post("/cases/{reference}/replies", response={200: Recorded, **PROBLEMS}, summary="Trả lời cơ quan")
def reply(request: HttpRequest, reference: str, token: str, body: ReplyIn, key: IdempotencyKey) -> Any:
    """Không cần nêu tên. Gửi lại cùng `Idempotency-Key` thì không ghi lần thứ hai. Người được giữ kín viết lời lộ ra mình thì
    được nhắc bỏ đi, chưa ghi gì."""
    views = view_for_sender(open_by_token(reference, token), today())
    view = _asked(views, body.matter)
    command = Command(view.kind, str(view.id), "case.reply", {"reply": body.reply if body.reply.strip() else ""})
    perform(command, Actor(is_sender=True, door="api"), f"{views[0].id}:{key}", client=CLIENT)  # a key of this letter's alone
    return Status(200, {"recorded": True})


def _asked(views: Sequence[CaseView], number: int | None) -> CaseView:
    """The matter replied to: as numbered, else the only one ever asked about. By what was ever asked, not by what is open now:
    the same reply sent again must find the same matter. Raises Refusal."""
    if number is not None:
        if number >= len(views):
            raise Refusal("matter.unknown", "Đơn này không có việc mang số đó.", None, {"status": 404})
        return views[number]
    asked = [view for view in views if view.asked]
    if len(asked) > 1:
        raise Refusal("ask.which", "Cơ quan hỏi về nhiều việc. Hãy ghi số của việc đang trả lời.", None, {"field": "matter"})
    return asked[0] if asked else views[0]
