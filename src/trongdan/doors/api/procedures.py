"""The catalogue of procedures over REST: search by plain words, and one procedure with all that is known of it. Public."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic_core import to_json

from trongdan.core.cases.trail import today
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures.in_words import duration_words, fee_words, level_words
from trongdan.kinds.procedures.selectors import procedure, search
from trongdan.kinds.procedures.took import took

MOST = 100
router = Router()
Level = Literal["commune", "province", "ministry", "other"]
Channel = Literal["counter", "online", "post"]


class Problem(Schema):
    type: str
    title: str
    status: int
    detail: str
    code: str
    citation: str | None = None


class ProcedureLine(Schema):
    code: str
    name: str
    field: str
    level: str
    levels: list[Level]
    duration: str
    fee: str
    url: str


class ProcedureList(Schema):
    items: list[ProcedureLine]
    total: int


class DurationOut(Schema):
    value: int
    unit: Literal["hour", "working_day", "calendar_day", "month"] | None
    channel: Channel
    read_in: Literal["duration", "note", "steps"]


class CaseTimeOut(Schema):
    value: int
    unit: Literal["hour", "working_day", "calendar_day", "month"]
    words: str


class FeeOut(Schema):
    amount: int | None
    currency: Literal["VND", "USD"]
    words: str
    channel: Channel
    mended: bool


class DocumentOut(Schema):
    name: str
    originals: int | None
    copies: int | None
    form: str
    group: str
    remark: bool


class TookOut(Schema):
    people: int
    median_days: float
    most_days: float


class ProcedureOut(ProcedureLine):
    since: date
    ministry: str
    agency: str
    decision: str
    applicants: list[str]
    channels: list[Channel]
    durations: list[DurationOut]
    cases: list[CaseTimeOut]
    fees: list[FeeOut]
    documents: list[DocumentOut]
    steps: list[str]
    results: list[str]
    legal: list[str]
    conditions: str
    source_url: str
    took: TookOut | None


PROBLEMS = {404: Problem, 422: Problem}
_ANSWER = "application/json; charset=utf-8"


def _url(code: str) -> str:
    return settings.SITE_URL + reverse("portal:procedure", args=[code])


@router.get("/procedures", response={200: ProcedureList, **PROBLEMS}, summary="Tìm thủ tục")
def find(request: HttpRequest, q: Annotated[str, Query(max_length=200)] = "",
         limit: Annotated[int, Query(ge=1, le=MOST)] = 20) -> Any:  # fmt: skip
    """Tìm bằng lời thường, không cần dấu ("lam lai so do"). Không có `q`: cả danh mục, theo mã. `total`: có bao nhiêu."""
    found, total = search(q, today(), limit)
    items = [{"code": e.code, "name": e.name, "field": e.field, "level": level_words(e.levels), "levels": e.levels,
              "duration": e.duration, "fee": e.fee, "url": _url(e.code)} for e in found]  # fmt: skip
    return HttpResponse(to_json({"items": items, "total": total}), content_type=_ANSWER)


@router.get("/procedures/{code}", response={200: ProcedureOut, **PROBLEMS}, summary="Xem một thủ tục")
def one(request: HttpRequest, code: str) -> Any:
    """Bản đang có hiệu lực: ai, cần gì, bao lâu, bao nhiêu tiền; `took`: thực tế đã giải quyết trong bao lâu, khi có từ năm
    người trở lên."""
    found = procedure(code[:12], today())
    if found is None:
        raise Refusal("procedure.unknown", "Không có thủ tục mang mã này trong danh mục đang áp dụng.", None)
    body = {k: v for k, v in found.body.items() if k != "notes"}
    real = took(found.code)
    waited = None if real is None else {"people": real.people, "median_days": real.median, "most_days": real.most}
    return HttpResponse(to_json({
        **body, "level": level_words(body["levels"]), "duration": duration_words(body), "fee": fee_words(body),
        "since": found.since, "url": _url(found.code), "took": waited}), content_type=_ANSWER)  # fmt: skip
