"""The result of a dossier as a file that anyone may check: marked with a code, signed, issued in the trail, kept for its owner.

A file signed elsewhere is taken as it is: a mark would break the signature; its code then stands on the slip beside it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded
from trongdan.core.papers import files, signing
from trongdan.core.store import issued
from trongdan.core.store.items import About, put
from trongdan.core.store.owner import owner_of_case
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal

from .again import title_of
from .intake import KIND
from .known import paper_of
from .selectors import version

PDF = "application/pdf"
SOURCE = "kết quả"
MARK = f"{signing.CODE}ket-qua:"


@dataclass(frozen=True, slots=True)
class Result:
    """What is issued: the paper's name, number, days."""

    name: str
    number: str
    issued_on: date
    valid_until: date | None = None


def proposed_name(loaded: Loaded) -> str:
    """What the catalogue says the procedure gives: the first of its results that is a paper; else the procedure's own name."""
    found = version(int(loaded.state.fields.get("procedure_version") or 0))
    results = [title_of(r) for r in found.body.get("results", ())] if found else []
    return next((r for r in results if not r.lower().startswith(("văn bản từ chối", "thông báo"))),
                str(loaded.state.fields.get("procedure_name") or ""))  # fmt: skip


def as_pdf(file: files.Checked) -> files.Checked:
    """Raises Refusal for what is neither a PDF nor a picture."""
    if file.media == PDF:
        return file
    if file.media.startswith("image/"):
        return files.as_pdf(file)
    raise Refusal("result.type", "Kết quả phải là tệp PDF hoặc ảnh quét. Hãy xuất ra PDF rồi đưa lên.", None, {"field": "file"})


def is_signed(pdf: bytes) -> bool:
    """Whether a PDF carries signatures that hold. Raises Refusal when one does not."""
    held = signing.signatures(pdf)
    if held and not (held[-1].whole and all(s.intact for s in held)):
        words = "Nội dung đã thay đổi sau khi ký: chữ ký số không còn đúng. Hãy ký lại."
        raise Refusal("sign.broken", words, None, {"field": "file"})
    return bool(held)


def marked(pdf: bytes, code: str, qr_svg: bytes, site: str) -> bytes:
    """The PDF with its code and where to check it."""
    from trongdan.core.papers.stamp import stamp  # pyHanko is a third of what a web process would load at its start

    lines = [f"Kiểm tra giấy tờ này: quét mã, hoặc vào {site}/kiem-tra/", f"Mã kiểm tra: {issued.grouped(code)}"]
    return stamp(pdf, qr_svg, lines, MARK + code)


def came_back(pdf: bytes, code: str) -> None:
    """Raises Refusal unless this is the marked file of that code, signed and unchanged since."""
    signing.match_returned(pdf, MARK + code)


def issue(loaded: Loaded, actor: Actor, file: files.Checked, how: issued.Signed, code: str, result: Result, now: datetime) -> None:
    """Issue it: the event, the file among the dossier's sheets, the check by code and the owner's copy are one transaction.
    Raises Refusal."""
    _sensible(result)
    digest, case = sha256(file.data), loaded.id
    data = {"result_code": code, "result_file": [digest.hexdigest()], "result_name": result.name[:300],
            "result_on": result.issued_on.isoformat()}  # fmt: skip
    if result.valid_until:
        data["result_until"] = result.valid_until.isoformat()
    with scope(actor):
        perform(Command(KIND, str(case), "issue_result", data), actor, now=now)
        sheet = files.keep(case, [file], SOURCE)[0]
        agency = loaded.state.agency
        issued.issue(issued.Issued(code, agency, result.name, result.number, result.issued_on, result.valid_until, how,
                                   digest.digest(), None, sheet), case, now)  # fmt: skip
        with scope(Scope(case=case, identity=True)):
            owner = owner_of_case(case)
        if owner is not None:
            known = paper_of(result.name)
            about = About(result.name, known.id if known else "", result.number, "", result.issued_on, result.valid_until)
            put(owner, file, about, "issued", now, agency, case, code)


def _sensible(result: Result) -> None:
    if not result.name.strip():
        raise Refusal("result.name", "Hãy ghi tên giấy tờ kết quả.", None, {"field": "name"})
    if result.valid_until and result.valid_until < result.issued_on:
        raise Refusal("result.until", "Ngày hết hạn phải sau ngày cấp.", None, {"field": "until"})


def withdraw(case: UUID, actor: Actor, reason: str, now: datetime) -> None:
    """Withdraw the electronic result of a dossier, with the reason; who checks it is told so from then on. Raises Refusal."""
    with scope(actor):
        perform(Command(KIND, str(case), "withdraw_result", reason=reason), actor, now=now)
        issued.withdraw(case, now)
