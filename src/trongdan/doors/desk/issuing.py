"""A paper on its way out of the desk: how it is signed, its number, the signed copy that stays in the file."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from trongdan.core.agencies.letterhead import number_mark
from trongdan.core.cases.trail import Loaded, today
from trongdan.core.papers import files, signing
from trongdan.core.papers.books import next_number
from trongdan.core.papers.declaration import missing, papers
from trongdan.core.papers.render import render_pdf
from trongdan.kernel.case import Actor, Command, PaperState
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.paperwork import paper_data
from trongdan.platform import keys

STAGES = ("paper.sign", "paper.number", "paper.send")
SCANS = ("application/pdf", "image/jpeg", "image/png")


def fields_of(action: str, paper: PaperState | None) -> list[dict[str, Any]]:
    """What the form of a stage asks: the way of signing, the number, the signed copy."""
    copy = {"id": "copy", "name": _("Bản đã ký (PDF hoặc ảnh quét)"), "type": "file", "value": ""}
    if action == "paper.sign":
        ways = list(signing.ways().items())
        return [{"id": "how", "name": _("Cách ký"), "type": "way", "value": ways[0][0], "choices": ways}, copy]
    number = {"id": "number", "name": _("Số văn bản (để trống: lấy số tiếp theo trong sổ)"), "type": "code", "value": ""}
    outside = paper is not None and paper.how in (signing.INK, signing.RETURNED)
    return ([number] if action == "paper.number" else []) + ([copy] if outside else [])


def draft_for_signing(loaded: Loaded, paper_id: str) -> tuple[str, dict[str, Any]]:
    """(form, words) of a paper with its code, so that a signed copy of it is recognised when it comes back."""
    form, words = paper_data(loaded, paper_id)
    return form, {**words, "code": signing.draft_code(paper_mark(loaded), paper_id, form, words)}


def paper_mark(loaded: Loaded) -> str:
    """What stands for a case in what goes out with a paper: its document information, its file name. The reference, but of a
    vault case a mark of its own: the denouncer holds the reference on a receipt, and the denounced gets the paper."""
    if not loaded.state.vault:
        return loaded.reference
    return "VB" + hmac.digest(keys.secret("paper-marks"), loaded.id.bytes, "sha256").hex()[:12]


def lacking(loaded: Loaded, paper_id: str) -> list[tuple[str, str]]:
    """(what, article) that the law asks of the paper and its words still lack."""
    form, words = paper_data(loaded, paper_id)
    return missing(form, words)


def require_complete(command: Command, loaded: Loaded) -> None:
    """A decision is signed when it has all that the law asks of it (Luật Khiếu nại Đ31, Đ40, Đ54, Đ56), names and addresses
    too, which lie outside the facts of the case. Raises Refusal naming what lacks."""
    if command.action != "paper.sign" or not command.data.get("paper"):
        return
    lacks = lacking(loaded, str(command.data["paper"])) if command.data["paper"] in loaded.state.papers else []
    if lacks:
        what = "; ".join(f"{name} ({basis})" for name, basis in lacks)
        raise Refusal("paper.incomplete", _("Chưa ký được, văn bản còn thiếu: %(what)s. Hãy trả lại để bổ sung.") % {"what": what})


def numbered(command: Command, loaded: Loaded, actor: Actor, typed: str) -> Command:
    """The typed number, or the next of our own book, taken in the transaction that uses it."""
    paper = loaded.state.papers.get(str(command.data.get("paper", "")))
    if typed or paper is None or actor.post is None or actor.post.role != "registry":
        return _with(command, number=typed, book="nhập")
    abbreviation = papers()[paper.form].abbreviation
    number = next_number(loaded.state.agency, abbreviation, today().year)
    return _with(command, number=f"{number:02d}/{abbreviation}-{number_mark(loaded.state.agency)}", book=abbreviation)


def with_copy(command: Command, loaded: Loaded, who: str, agency: str, uploads: Sequence[UploadedFile[Any]]) -> Command:
    """The command of a chain stage with the way of signing and the signed copy kept in the file. Inside the scope.

    Raises Refusal when the copy is missing, of another paper, changed after signing, or the way is not one of ours."""
    paper = loaded.state.papers.get(str(command.data.get("paper", "")))
    if paper is None or command.action not in STAGES:
        return command
    how = str(command.data.get("how") or paper.how or "")
    if command.action == "paper.sign" and how and how not in signing.ways():
        raise Refusal("sign.unknown_way", _("Hãy chọn cách ký."))
    if papers()[paper.form].scan and command.action == "paper.sign" and (how != signing.INK or not uploads):
        raise Refusal("sign.scan_missing", _("Văn bản này ký, điểm chỉ bằng tay: hãy in ra, đọc lại, để người trình bày ký hoặc "
                      "điểm chỉ, rồi chọn ký trên giấy và đưa bản quét lên."))  # fmt: skip
    last = command.action == "paper.send" or (command.action == "paper.sign" and "send" not in dict(paper.chain))
    if how == signing.TEST and last:
        return _keep(command, loaded, _sealed(loaded, paper, who, agency), who)
    if not uploads:
        if how == signing.RETURNED and command.action == "paper.sign":
            raise Refusal("sign.copy_missing", _("Hãy tải bản trình ký, ký số bằng phần mềm của cơ quan rồi đưa bản đã ký lên."))
        return command
    checked = files.check(uploads[0].name or "", uploads[0].read(files.MAX_BYTES + 1))
    if checked.media not in SCANS:
        raise Refusal("sign.copy_type", _("Bản đã ký phải là tệp PDF hoặc ảnh quét."))
    if checked.media != "application/pdf":
        checked = files.as_pdf(checked)
    if how == signing.RETURNED:
        signing.match_returned(checked.data, str(draft_for_signing(loaded, paper.id)[1]["code"]))
    return _keep(command, loaded, checked, who)


def _sealed(loaded: Loaded, paper: PaperState, who: str, agency: str) -> files.Checked:
    """The finished paper under the test certificate of the demonstration."""
    form, words = draft_for_signing(loaded, paper.id)
    words = {**words, "signer_name": words["signer_name"] or who}
    data = signing.sign_with_test_certificate(render_pdf(form, words), words["signer_name"], agency)
    return files.Checked(f"{papers()[form].title}.pdf", "application/pdf", data)


def _keep(command: Command, loaded: Loaded, copy: files.Checked, who: str) -> Command:
    file_id = files.keep(loaded.id, [copy], who, str(command.data["paper"]))[0]
    return _with(command, file={"id": str(file_id), "sha256": hashlib.sha256(copy.data).hexdigest()})


def _with(command: Command, **more: Any) -> Command:
    data: Mapping[str, Any] = {**command.data, **{k: v for k, v in more.items() if v}}
    return replace(command, data=data)
