"""Signing as a port (NĐ 30/2020 Đ13; domain 11): the ways a paper of an agency gets its signature, and what each must prove.

Three ways work everywhere: ink, of which văn thư attaches the scan; an outside signing tool, whose signed PDF comes
back and is matched with what was sent out; and, in a demonstration only, a test certificate made by this instance.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from trongdan.kernel.errors import Refusal

INK, RETURNED, TEST = "ink", "returned", "test"
TEST_NAME = "CHỨNG THƯ THỬ NGHIỆM, không có giá trị pháp lý"
WORDS = {INK: "ký trên giấy", RETURNED: "ký số ngoài hệ thống", TEST: "ký số thử nghiệm"}
CODE = "trongdan:"


def ways() -> dict[str, str]:
    """way -> words, of this installation. The test certificate exists in a demonstration only."""
    out = {INK: _("Ký trên giấy; văn thư quét bản đã ký, đóng dấu"), RETURNED: _("Ký số bằng phần mềm khác; tải bản đã ký lên")}
    return {TEST: _("Ký số bằng chứng thư thử nghiệm"), **out} if settings.DEMO else out


def draft_code(reference: str, paper: str, form: str, words: Mapping[str, Any]) -> str:
    """What marks an exported draft: case, paper, and a digest of the words as they were sent out to be signed.

    Number, date and signer come after signature, so they are not part of it."""
    later = ("number", "dated", "date_words", "signer_name", "signer_capacity", "code")
    fixed = {k: str(v) for k, v in words.items() if k not in later}
    digest = hashlib.sha256(json.dumps([form, fixed], ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
    return f"{CODE}{reference}:{paper}:{digest}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature found in a PDF. `intact`: the bytes it covers are as signed. `whole`: it covers the whole file (an
    earlier signature doesn't: văn thư's number and the agency's seal come after it). Trust in the issuer is not judged here."""

    signer: str
    at: datetime | None
    intact: bool
    whole: bool
    test: bool


def signatures(data: bytes) -> list[Signature]:
    """The signatures in a PDF, in their order. Raises Refusal when it is no readable PDF."""
    from .signed_pdf import signatures_in  # pyHanko is a third of what a web process would load at its start

    return signatures_in(data)


def match_returned(data: bytes, code: str) -> list[Signature]:
    """The signatures of a signed PDF that came back. Raises Refusal when it is another paper, an older wording,
    unsigned, or changed since it was signed."""
    from .signed_pdf import code_in

    found = code_in(data)
    if found is None:
        raise Refusal("sign.no_code", _("Tệp này không phải bản tải từ hồ sơ để ký. Hãy tải bản trình ký, ký số rồi đưa lên."))
    if found.rpartition(":")[0] != code.rpartition(":")[0]:
        raise Refusal("sign.other_paper", _("Đây là văn bản của hồ sơ khác. Hãy chọn đúng tệp."))
    if found != code:
        raise Refusal("sign.old_wording", _("Bản đã ký không phải nội dung đang trình. Hãy tải bản trình ký mới nhất và ký lại."))
    held = signatures(data)
    if not held:
        raise Refusal("sign.unsigned", _("Tệp PDF này chưa có chữ ký số. Hãy ký số rồi đưa lên lại."))
    if not (held[-1].whole and all(s.intact for s in held)):
        raise Refusal("sign.broken", _("Nội dung đã thay đổi sau khi ký: chữ ký số không còn đúng. Hãy ký lại."))
    return held


def sign_with_test_certificate(pdf: bytes, who: str, agency: str) -> bytes:
    """A PAdES signature over a finished PDF, in an increment, so that the PDF before it stays as it was.

    Raises Refusal outside a demonstration: a test certificate never signs a real paper."""
    if not settings.DEMO:
        raise Refusal("sign.test_only", _("Chứng thư thử nghiệm chỉ dùng trong bản trình diễn."))
    from .signed_pdf import sign_as_test

    return sign_as_test(pdf, who, agency)
