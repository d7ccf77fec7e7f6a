"""REST: send a letter, follow, reply, assess. OpenAPI 3.1 at /api/v1/openapi.json; errors are problem+json."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Schema, Status
from ninja.errors import HttpError, ValidationError
from pydantic import Field
from pydantic_core import to_json

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import resolve
from trongdan.core.cases.perform import perform
from trongdan.core.cases.trail import today
from trongdan.kernel.case import Actor, CaseState, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters import intake
from trongdan.kinds.letters.tracking import open_by_token, view_for_sender
from trongdan.law import load_law

from .clients import client_of
from .dossiers import router as dossiers
from .problems import problem, refused
from .procedures import router as procedures
from .questions import router as questions
from .strict import Strict

api = NinjaAPI(title="Trọng Dân", version="1", urls_namespace="api", openapi_url="/openapi.json", docs_url=None,
               description="Gửi đơn, theo dõi và đánh giá. Thời hạn luôn kèm cách tính và điều luật.")  # fmt: skip
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)]
VERDICT = "^(yes|no|partly|unknown)$"


class Sender(Strict):
    name: str | None = Field(None, max_length=200)
    phone: str | None = Field(None, max_length=40)
    email: str | None = Field(None, max_length=200)
    address: str | None = Field(None, max_length=400)


class LetterIn(Strict):
    text: str = Field(min_length=1, max_length=intake.MAX_TEXT)
    commune: str = Field(min_length=1, max_length=120, description="Tên (cũ hoặc mới) hoặc mã năm số của xã, phường")
    on: date | None = Field(None, description="Ngày nhận theo pháp luật, nếu khác hôm nay")
    sender: Sender | None = None
    to: Literal["commune", "province"] = Field("commune", description="Gửi xã, phường nơi xảy ra việc, hay thẳng lên tỉnh")
    keep_secret: bool = Field(default=False, description="Giữ kín người gửi: họ tên, địa chỉ, tệp vào kho kín, không có thông báo "
                              "nào gửi đi")  # fmt: skip


class StepOut(Schema):
    day: date | None
    vi: str
    en: str


class DeadlineOut(Schema):
    clock: str
    due: date | None
    caution_due: date | None = None
    basis: str
    steps: list[StepOut]


class LetterOut(Schema):
    reference: str
    token: str
    kind: str
    deadlines: list[DeadlineOut]
    receipt: dict[str, Any]
    track_url: str


class TrailOut(Schema):
    on: date
    at: datetime
    words: str
    number: str | None


class MatterOut(Schema):
    reference: str
    kind: str
    state: str
    words: str
    outcome: str | None
    holder: str
    deadlines: list[DeadlineOut]
    trail: list[TrailOut]


class CaseOut(MatterOut):
    matters: list[MatterOut]


class AssessmentIn(Strict):
    answered: str = Field("unknown", pattern=VERDICT)
    acted: str = Field("unknown", pattern=VERDICT)
    solved: str = Field("unknown", pattern=VERDICT)
    reason: str | None = Field(None, max_length=5000)
    matter: int | None = Field(None, ge=1, le=999)


class Recorded(Schema):
    recorded: bool


class Problem(Schema):
    type: str
    title: str
    status: int
    detail: str
    code: str
    citation: str | None = None


PROBLEMS = {400: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem}


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refused(refusal)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = ", ".join(sorted({".".join(str(p) for p in e["loc"][1:]) or "nội dung" for e in error.errors}))
    return problem(422, "request.invalid", f"Yêu cầu chưa hợp lệ ở: {places}. Hãy sửa rồi gửi lại.")


@api.exception_handler(HttpError)
def on_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The framework's own refusal: a body that is no JSON, of another type or in another encoding."""
    return problem(error.status_code, "request.unreadable", "Không đọc được nội dung. Hãy gửi JSON, mã hóa UTF-8.")


@api.exception_handler(RequestDataTooBig)
def on_too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, "request.too_big", f"Nội dung gửi quá lớn: đơn dài nhất {intake.MAX_TEXT:,} ký tự.".replace(",", "."))


def deadlines_of(state: CaseState) -> list[dict[str, Any]]:
    """The running limits of an agency on a fresh case, each with its derivation."""
    return [
        {"clock": clock.id, "due": clock.due, "caution_due": clock.caution_due, "basis": clock.basis,
         "steps": [{"day": s.day, "vi": s.vi, "en": s.en}
                   for s in load_law().derivation(clock.rule, clock.started_on, clock.variant)]}
        for clock in state.clocks.values() if clock.whose == "agency"
    ]  # fmt: skip


@api.post("/letters", response={201: LetterOut, **PROBLEMS}, summary="Gửi đơn")
def send_letter(request: HttpRequest, response: HttpResponse, body: LetterIn,
                key: IdempotencyKey) -> Any:  # fmt: skip
    """Ghi nhận đơn và trả giấy xác nhận có ký. Gửi lại cùng `Idempotency-Key` thì không tạo đơn thứ hai."""
    matches = find_place(body.commune)
    if not matches:
        raise Refusal("place.unknown", "Không nhận ra xã, phường này. Hãy ghi tên hoặc mã năm số.", None, {"status": 422})
    sender = {k: v for k, v in body.sender.model_dump().items() if v} if body.sender else {}
    here = resolve(matches[0].commune.agency, today())
    at = intake.PROVINCE_DESK if body.to == "province" else here
    letter = intake.Letter(body.text, at, "api", sender, body.on, "Nhập qua kết nối, ghi ngày nhận thực tế" if body.on else None,
                           {"commune": here, "keep_secret": body.keep_secret})  # fmt: skip
    receipt = intake.receive(letter, key, client_of(request))
    url = f"{settings.SITE_URL}/theo-doi/{receipt.reference}/{receipt.token}/"
    return _created({"reference": receipt.reference, "token": receipt.token, "kind": intake.KIND, "track_url": url,
                     "deadlines": deadlines_of(receipt.state), "receipt": receipt.document})  # fmt: skip


def _created(answer: dict[str, Any]) -> HttpResponse:
    """201 with a LetterOut. Written here and not validated again by the framework, at a cost that shows in bench/; that
    it is what the contract says is a test's to hold."""
    return HttpResponse(to_json(answer), status=201, content_type="application/json; charset=utf-8")


def _matter(view: Any) -> dict[str, Any]:
    clocks = [{"clock": c.id, "due": c.state.due, "caution_due": c.state.caution_due, "basis": c.basis,
               "steps": [{"day": s.day, "vi": s.vi, "en": s.en} for s in c.steps]} for c in view.clocks]  # fmt: skip
    return {"reference": view.reference, "kind": view.kind, "state": view.step, "words": view.step_words,
            "outcome": view.outcome, "holder": view.holder, "deadlines": clocks,
            "trail": [{"on": t.on, "at": t.at, "words": t.words, "number": t.number} for t in view.trail]}  # fmt: skip


@api.get("/cases/{reference}", response={200: CaseOut, **PROBLEMS}, summary="Theo dõi hồ sơ")
def follow(request: HttpRequest, reference: str, token: str) -> Any:
    """Trạng thái, dấu vết, các việc mở từ đơn và thời hạn của chúng."""
    views = view_for_sender(open_by_token(reference, token), today())
    return Status(200, {**_matter(views[0]), "matters": [_matter(v) for v in views[1:]]})


@api.post("/cases/{reference}/assessment", response={200: Recorded, **PROBLEMS}, summary="Đánh giá kết quả")
def assess(request: HttpRequest, reference: str, token: str, body: AssessmentIn) -> Any:
    """Trả lời rồi, làm rồi, xong rồi: ba câu hỏi khác nhau. `matter` chọn việc thứ mấy của đơn."""
    views = view_for_sender(open_by_token(reference, token), today())
    index = body.matter if body.matter is not None else (1 if len(views) > 1 else 0)
    if index >= len(views):
        raise Refusal("matter.unknown", "Đơn này không có việc mang số đó.", None, {"status": 404})
    view = views[index]
    data = {k: v for k, v in body.model_dump().items() if k != "matter" and v is not None}
    actor = Actor(is_sender=True, door="api")
    perform(Command(view.kind, str(view.id), "case.assess", data), actor)
    return Status(200, {"recorded": True})


api.add_router("", procedures)
api.add_router("", dossiers)
api.add_router("", questions)
