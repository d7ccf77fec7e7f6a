"""Dossiers over REST: hand one in, follow it by number, and the states of all for a register kept elsewhere."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import Field
from pydantic_core import to_json

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import resolve
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import today
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.tracking import open_by_token, view_for_sender
from trongdan.kinds.procedures import intake
from trongdan.kinds.procedures.states import changed_since

from .clients import client_of
from .procedures import Problem
from .strict import Strict

router = Router()
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)]
PROBLEMS = {401: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST = 1000
_ANSWER = "application/json; charset=utf-8"


class Applicant(Strict):
    name: str = Field(min_length=1, max_length=200)
    phone: str | None = Field(None, max_length=40)
    email: str | None = Field(None, max_length=200)
    address: str | None = Field(None, max_length=400)


class DossierIn(Strict):
    procedure: str = Field(min_length=1, max_length=12, description="Mã thủ tục, như 1.001193")
    commune: str | None = Field(None, max_length=120, description="Xã, phường giải quyết: tên (cũ hoặc mới) hoặc mã năm số")
    agency: str | None = Field(None, max_length=40, description="Hoặc mã sở giải quyết, như so-nnmt")
    applicant: Applicant
    papers: list[Annotated[int, Field(ge=1, le=200)]] = Field(default_factory=list, max_length=100,
                                                              description="Giấy tờ đã có, số thứ tự trong danh mục")  # fmt: skip
    text: str = Field("", max_length=intake.MOST_TEXT)
    representative: str = Field("", max_length=400)
    national_code: str = Field("", max_length=60, description="Mã hồ sơ trên Cổng Dịch vụ công quốc gia")


class DossierOut(Schema):
    reference: str
    token: str
    state: str
    track_url: str


class StepOut(Schema):
    on: date
    words: str


class StatusOut(Schema):
    reference: str
    procedure: str
    name: str
    state: str
    words: str
    outcome: str | None
    holder: str
    due: date | None
    trail: list[StepOut]


class StateOut(Schema):
    reference: str
    national_code: str
    procedure: str
    agency: str
    state: str
    outcome: str | None
    received: date | None
    due: date | None
    closed: date | None
    delivered: bool
    late: bool
    changed: datetime


class StatesOut(Schema):
    items: list[StateOut]
    next: str
    more: bool


def _agency(body: DossierIn) -> str:
    if body.agency:
        return body.agency
    places = find_place(body.commune) if body.commune else []
    if not places:
        raise Refusal("place.unknown", "Không nhận ra xã, phường này. Hãy ghi tên hoặc mã năm số.", None, {"status": 422})
    return resolve(places[0].commune.agency, today())


@router.post("/dossiers", response={201: DossierOut, **PROBLEMS}, summary="Nộp hồ sơ thủ tục")
def hand_in(request: HttpRequest, body: DossierIn, key: IdempotencyKey) -> Any:
    """Hồ sơ vào hàng chờ của Một cửa nơi giải quyết; hạn tính từ khi Một cửa tiếp nhận. Gửi lại cùng `Idempotency-Key` thì
    không tạo hồ sơ thứ hai."""
    agency = _agency(body)
    person = {k: v for k, v in body.applicant.model_dump().items() if v}
    dossier = intake.Dossier(body.procedure, agency, "online", person, agency, sorted(set(body.papers)), "", body.representative,
                             body.text, body.national_code, by_person=True)  # fmt: skip
    taken = intake.receive(dossier, key, client_of(request), intake.SENDER)
    url = f"{settings.SITE_URL}/theo-doi/{taken.reference}/{taken.token}/"
    answer = {"reference": taken.reference, "token": taken.token, "state": taken.state.step, "track_url": url}
    return HttpResponse(to_json(answer), status=201, content_type=_ANSWER)


@router.get("/dossiers/states", response={200: StatesOut, **PROBLEMS}, summary="Trạng thái hồ sơ, đọc tiếp được")
def states(request: HttpRequest, after: Annotated[str, Query(max_length=40)] = "",
           limit: Annotated[int, Query(ge=1, le=MOST)] = 200) -> Any:  # fmt: skip
    """Những hồ sơ đổi từ mốc `after` (để trống: từ đầu), không có tên hay lời của ai. Lần sau gửi lại `next`; đứt giữa chừng
    thì đọc tiếp từ mốc cuối đã nhận. Cần khóa của máy chủ: `Authorization: Bearer …` (TRONGDAN_STATES_KEY)."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.STATES_KEY
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Refusal("states.key", "Cần khóa đúng để đọc trạng thái hồ sơ.")
    with scope(JOB):
        found, cursor, more = changed_since(after, limit)
    answer = {"items": [asdict(one) for one in found], "next": cursor, "more": more}
    return HttpResponse(to_json(answer), content_type=_ANSWER)


@router.get("/dossiers/{reference}", response={200: StatusOut, **PROBLEMS}, summary="Hồ sơ đang ở đâu")
def status(request: HttpRequest, reference: str, token: str) -> Any:
    """Trạng thái, ai đang giữ, hẹn ngày nào, đã qua những bước nào."""
    view = view_for_sender(open_by_token(reference, token), today())[0]
    if view.kind != intake.KIND:
        raise Refusal("track.not_found", "Mã hồ sơ hoặc mã bí mật không đúng. Ông/bà xem lại trên giấy xác nhận.")
    clock = view.state.clocks.get("settle")
    answer = {"reference": view.reference, "procedure": view.state.fields.get("topic"), "state": view.step,
              "name": view.state.fields.get("procedure_name") or "", "words": view.step_words, "outcome": view.outcome,
              "holder": view.holder, "due": clock.due if clock else None,
              "trail": [{"on": line.on, "words": line.words} for line in view.trail]}  # fmt: skip
    return HttpResponse(to_json(answer), content_type=_ANSWER)
