"""Signing as a port: the copy that comes back is the paper that was sent out, signed and unchanged."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from trongdan.core.papers import signing
from trongdan.core.papers.render import render_pdf
from trongdan.kernel.errors import Refusal

FORM, REFERENCE = "answer_letter", "TD12345678X"
WORDS = {"agency": "UBND xã Kim Bôi", "answer": "Đã nạo vét cống xóm Mớ."}


def exported(words: dict[str, str] | None = None, paper: str = "p1", reference: str = REFERENCE) -> tuple[bytes, str]:
    words = words or WORDS
    code = signing.draft_code(reference, paper, FORM, words)
    return render_pdf(FORM, {**words, "code": code}), code


def signed(pdf: bytes) -> bytes:
    return signing.sign_with_test_certificate(pdf, "Bùi Văn Hiệu", "UBND xã Kim Bôi")


@pytest.fixture(autouse=True)
def _demonstration(settings: Any) -> None:
    settings.DEMO = True


def test_a_signed_copy_of_what_was_sent_out_is_accepted_and_says_who_signed() -> None:
    pdf, code = exported()
    (one,) = signing.match_returned(signed(pdf), code)
    assert one.intact
    assert one.whole
    assert one.test
    assert one.signer == signing.TEST_NAME


def test_the_signature_is_an_increment_and_the_signed_pdf_opens() -> None:
    pdf, _code = exported()
    out = signed(pdf)
    assert out.startswith(pdf)
    assert len(list(PdfFileReader(io.BytesIO(out)).embedded_regular_signatures)) == 1


@pytest.mark.parametrize(("copy", "refused"), [
    ("unsigned", "sign.unsigned"), ("other paper", "sign.other_paper"), ("other case", "sign.other_paper"),
    ("other wording", "sign.old_wording"), ("without code", "sign.no_code"), ("no pdf", "sign.not_pdf"),
    ("a byte changed", "sign.broken"), ("added to after signing", "sign.broken"),
])  # fmt: skip
def test_any_other_copy_is_refused_with_its_reason(copy: str, refused: str) -> None:
    pdf, code = exported()
    out = {
        "unsigned": lambda: pdf, "other paper": lambda: signed(exported(paper="p2")[0]),
        "other case": lambda: signed(exported(reference="TD99999999X")[0]),
        "other wording": lambda: signed(exported({**WORDS, "answer": "Không giải quyết."})[0]),
        "without code": lambda: signed(render_pdf(FORM, WORDS)), "no pdf": lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 400,
        "a byte changed": lambda: _touched(signed(pdf)), "added to after signing": lambda: _added(signed(pdf)),
    }[copy]()  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        signing.match_returned(out, code)
    assert refusal.value.code == refused


def _touched(pdf: bytes) -> bytes:
    at = pdf.index(b"stream") + 400
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1:]


def _added(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_number_date_and_signer_may_come_after_export() -> None:
    _pdf, code = exported()
    assert signing.draft_code(REFERENCE, "p1", FORM, {**WORDS, "number": "12/UBND", "signer_name": "Bùi Văn Hiệu"}) == code


def test_the_test_certificate_signs_nothing_outside_a_demonstration(settings: Any) -> None:
    settings.DEMO = False
    assert signing.TEST not in signing.ways()
    with pytest.raises(Refusal, match="trình diễn"):
        signed(exported()[0])
