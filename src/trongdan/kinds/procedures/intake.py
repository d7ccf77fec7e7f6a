"""A dossier comes in: one command, its slip with the day. Called by the counter and the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from trongdan.core.agencies.models import Agency
from trongdan.core.cases.once import Done
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.core.papers.files import Checked
from trongdan.core.papers.receiving import perform_with_files
from trongdan.kernel.case import Actor, CaseState, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference, tracking_token
from trongdan.platform import keys

from .in_words import money
from .selectors import version

KIND = "procedures.dossier"
SETTLES = ("committee", "department")
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as it comes to a door. `agency` settles it; `centre` is the agency whose counter took it and gives the
    result back. `papers`: places in the procedure's list of papers, from 1."""

    code: str
    agency: str
    channel: str
    applicant: Mapping[str, str]
    centre: str = ""
    papers: Sequence[int] = ()
    waived: str = ""
    representative: str = ""
    text: str = ""
    national_code: str = ""
    on: date | None = None
    reason: str | None = None
    files: tuple[Checked, ...] = field(default=())
    fee_paid: int | None = None
    fee_receipt: str = ""
    digests: tuple[str, ...] = ()  # sha256 (hex) of files that are kept elsewhere
    linked: tuple[str, ...] = ()  # procedures handed in together with this one (linked.py)
    by_person: bool = False  # handed in over the net: a counter looks at it first, and the time begins when it takes it


@dataclass(frozen=True, slots=True)
class Taken:
    """What the person gets at once."""

    case: UUID
    reference: str
    token: str
    state: CaseState
    replayed: bool = False


def token_of(case_id: UUID, generation: int = 0) -> str:
    return tracking_token(keys.secret("tokens"), str(case_id), generation)


def shown(reference: str) -> str:
    return format_reference(reference)


def command_of(dossier: Dossier) -> Command:
    """The command that records a dossier. Raises Refusal naming the field."""
    if not (dossier.applicant.get("name") or "").strip():
        raise Refusal("dossier.name", "Hãy ghi họ tên người nộp hồ sơ, hoặc tên tổ chức.", None, {"field": "name"})
    if len(dossier.text) > MOST_TEXT:
        raise Refusal("dossier.too_long", "Nội dung đề nghị quá dài. Hãy gửi phần còn lại bằng tệp đính kèm.", None,
                      {"field": "text"})  # fmt: skip
    if not Agency.objects.filter(code=dossier.agency, kind__in=SETTLES, valid_to=None).exists():
        raise Refusal("dossier.agency", "Hãy chọn cơ quan giải quyết: Ủy ban nhân dân xã, phường, hoặc sở.", None,
                      {"field": "agency"})  # fmt: skip
    data: dict[str, Any] = {
        "topic": dossier.code, "channel": dossier.channel, "national_code": dossier.national_code[:60],
        "received_by": f"{dossier.centre}/counter" if dossier.centre else "", "representative": dossier.representative,
        "papers_in": " ".join(str(n) for n in dossier.papers)[:300], "papers_waived": dossier.waived, "text": dossier.text,
        "fee_paid": dossier.fee_paid, "fee_receipt": dossier.fee_receipt[:60],
        "linked": " ".join(dossier.linked),
    }  # fmt: skip
    if dossier.files or dossier.digests:
        data["files"] = [*(f.commitment for f in dossier.files), *dossier.digests]
    kept = {k: v for k, v in data.items() if v not in ("", None)}
    action = "receive"
    if dossier.by_person:
        action, kept = "submit", {k: v for k, v in kept.items() if k not in ("papers_waived", "fee_paid", "fee_receipt")}
    return Command(KIND, None, action, kept, on=dossier.on, reason=dossier.reason, agency=dossier.agency)


def receive(dossier: Dossier, key: str, client: str, actor: Actor, now: datetime | None = None) -> Taken:
    """Record a dossier, once per (client, key). Raises Refusal."""
    done = perform_with_files(command_of(dossier), dossier.files, "người nộp hồ sơ", actor, key, client, dossier.applicant, now)
    return taken_of(done)


def taken_of(done: Done) -> Taken:
    """What the person gets of a dossier that was recorded, now or before."""
    return Taken(done.case, done.reference, token_of(done.case), _state(done), done.replayed)


def _state(done: Done) -> CaseState:
    if done.state is not None:
        return done.state
    with scope(Scope(case=done.case)):
        return load([done.case])[done.case].state


SENDER = Actor(is_sender=True, door="api")


def papers_of(loaded: Loaded) -> tuple[list[str], list[str]]:
    """(received, not received) of the papers that the procedure asks, by the catalogue the dossier began with."""
    found = version(int(loaded.state.fields["procedure_version"]))
    asked = [d["name"] for d in found.body["documents"] if not d["remark"]] if found else []
    have = {int(n) for n in str(loaded.state.fields.get("papers_in") or "").split() if n.isdecimal()}
    return [name for n, name in enumerate(asked, 1) if n in have], [name for n, name in enumerate(asked, 1) if n not in have]


def slip_words(loaded: Loaded, centre: str, agency: str, token: str) -> dict[str, Any]:
    """What form 01 says beyond what every paper knows. Runs inside a scope."""
    fields, texts = loaded.state.fields, bodies([loaded.id])
    received, _not = papers_of(loaded)

    def text(name: str) -> str:
        value = fields.get(name)
        return texts.get(value.get("content", ""), "") if isinstance(value, dict) else ""

    listed = "\n".join(f"{n}. {name}" for n, name in enumerate(received, 1)) or "theo bản kê kèm hồ sơ"
    paid = fields.get("fee_paid")
    return {"centre": centre, "agency_named": agency, "token": token, "papers_list": listed, "papers_waived": text("papers_waived"),
            "representative": text("representative"), "fee_words": money(int(paid), "VND") if paid else "",
            "limit_words": str(fields.get("limit_words") or ""), "number": loaded.reference}  # fmt: skip
