"""Signatures in PDF files, read and made by pyHanko. Imported by `signing` when one is asked for, and by nobody else."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
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

from .signing import CODE, TEST_NAME, Signature


def signatures_in(data: bytes) -> list[Signature]:
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


def _reader(data: bytes) -> PdfFileReader:
    try:
        return PdfFileReader(io.BytesIO(data), strict=False)
    except (PdfError, ValueError, KeyError, TypeError):
        raise _unreadable() from None


def _unreadable() -> Refusal:
    return Refusal("sign.not_pdf", _("Không đọc được tệp PDF này. Hãy đưa lên tệp PDF đã ký."))


def code_in(data: bytes) -> str | None:
    """The code of a draft lies in the document information, where signing tools leave it. Raises Refusal for no PDF."""
    reader = _reader(data)
    try:
        words = str(reader.trailer["/Info"]["/Keywords"])
    except (PdfError, KeyError, TypeError):
        return None
    return next((w for w in words.replace(",", " ").split() if w.startswith(CODE)), None)


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


def sign_as_test(pdf: bytes, who: str, agency: str) -> bytes:
    """A finished PDF with a signature by this instance's test certificate, in an increment."""
    meta = signers.PdfSignatureMetadata(field_name="Agency", name=who, location=agency, md_algorithm="sha256")
    out = io.BytesIO()
    with ThreadPoolExecutor(1) as alone:  # pyHanko starts an event loop, which a thread that already runs one refuses
        alone.submit(signers.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=_test_signer(), output=out).result()
    return out.getvalue()
