"""Signing as a port (NĐ 30/2020 Đ13; domain 11): the ways a paper of an agency gets its signature, and what each must prove.

Three ways work everywhere: ink, of which văn thư attaches the scan; an outside signing tool, whose signed PDF comes
back and is matched with what was sent out; and, in a demonstration only, a test certificate made by this instance.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.registry import SimpleCertificateStore

from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

INK, RETURNED, TEST = "ink", "returned", "test"
TEST_NAME = "CHỨNG THƯ THỬ NGHIỆM, không có giá trị pháp lý"
WORDS = {INK: "ký trên giấy", RETURNED: "ký số ngoài hệ thống", TEST: "ký số thử nghiệm"}
_CODE = "trongdan:"


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
    return f"{_CODE}{reference}:{paper}:{digest}"


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
    reader = _reader(data)
    try:
        return [_signature(found) for found in reader.embedded_regular_signatures]
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError):
        raise _unreadable() from None


def _signature(found: EmbeddedPdfSignature) -> Signature:
    """A signature with whether the bytes it covers are still those that were signed, by that certificate."""
    name = str(found.signer_cert.subject.native.get("common_name", ""))
    same, valid = validate_sig_integrity(found.signer_info, found.signer_cert, "data", found.compute_digest())
    whole = found.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    return Signature(name, found.self_reported_timestamp, same and valid, whole, name == TEST_NAME)


def match_returned(data: bytes, code: str) -> list[Signature]:
    """The signatures of a signed PDF that came back. Raises Refusal when it is another paper, an older wording,
    unsigned, or changed since it was signed."""
    found = _code_in(_reader(data))
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


def _reader(data: bytes) -> PdfFileReader:
    try:
        return PdfFileReader(io.BytesIO(data), strict=False)
    except (PdfError, ValueError, KeyError, TypeError):
        raise _unreadable() from None


def _unreadable() -> Refusal:
    return Refusal("sign.not_pdf", _("Không đọc được tệp PDF này. Hãy đưa lên tệp PDF đã ký."))


def _code_in(reader: PdfFileReader) -> str | None:
    """The code lies in the document information, where signing tools leave it."""
    try:
        words = str(reader.trailer["/Info"]["/Keywords"])
    except (PdfError, KeyError, TypeError):
        return None
    return next((w for w in words.replace(",", " ").split() if w.startswith(_CODE)), None)


# --- the test certificate ---------------------------------------------------------------------------------------------

@lru_cache(maxsize=1)
def _test_signer() -> signers.SimpleSigner:
    """A key of this instance and its own certificate, which says in its name that it is a test."""
    key = ec.derive_private_key(int.from_bytes(keys.secret("test-seal")) >> 1, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, TEST_NAME)])
    now = datetime.now(UTC)
    unused = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
              "decipher_only")  # fmt: skip
    usage = x509.KeyUsage(digital_signature=True, content_commitment=True, **dict.fromkeys(unused, False))
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
                   .not_valid_after(now + timedelta(days=3650)).add_extension(usage, critical=True)
                   .sign(key, hashes.SHA256()))  # fmt: skip
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
                                asn1_keys.PrivateKeyInfo.load(private),
                                SimpleCertificateStore())  # type: ignore[no-untyped-call]  # fmt: skip


def sign_with_test_certificate(pdf: bytes, who: str, agency: str) -> bytes:
    """A PAdES signature over a finished PDF, in an increment, so that the PDF before it stays as it was.

    Raises Refusal outside a demonstration: a test certificate never signs a real paper."""
    if not settings.DEMO:
        raise Refusal("sign.test_only", _("Chứng thư thử nghiệm chỉ dùng trong bản trình diễn."))
    meta = signers.PdfSignatureMetadata(field_name="Agency", name=who, location=agency, md_algorithm="sha256")
    out = io.BytesIO()
    with ThreadPoolExecutor(1) as alone:  # pyHanko starts an event loop, which a thread that already runs one refuses
        alone.submit(signers.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=_test_signer(), output=out).result()
    return out.getvalue()
