"""What came with a letter is proven by its receipt and missed when it is lost."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.core.cases.people import official
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers import files
from trongdan.core.papers.check import check_files
from trongdan.kernel.case import Command
from trongdan.kernel.receipt import receipt_opens_file
from trongdan.kinds.letters.intake import Letter, receive, supplement

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "green")
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của bà Mận"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def letter(key: str) -> tuple[object, bytes]:
    sent = photo()
    return receive(Letter("Cống tắc.", "c04978", "portal", files=(files.check("a.jpg", sent),)), key, "t"), sent


def test_the_receipt_opens_to_the_photo_as_it_was_sent_and_to_no_other() -> None:
    receipt, sent = letter("files-1")
    with scope(Scope(case=receipt.case)):  # type: ignore[attr-defined]
        document = {**receipt.document, "file_salts": files.salts_of(receipt.case)}  # type: ignore[attr-defined]
        kept = files.path_of(files.listed(receipt.case)[0]["id"]).read_bytes()  # type: ignore[attr-defined, arg-type]
    assert receipt_opens_file(document, sent)
    assert not receipt_opens_file(document, sent + b" ")
    assert "Mận".encode() not in kept
    assert not receipt_opens_file({**document, "file_salts": ["xx"]}, sent)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_again_keeps_the_files_once() -> None:
    first, _ = letter("files-2")
    again, _ = letter("files-2")
    with scope(JOB):
        assert len(files.listed(first.case)) == 1  # type: ignore[attr-defined]
    assert again.replayed  # type: ignore[attr-defined]


def test_check_names_the_sheet_that_is_lost_or_changed_and_the_letter_that_lacks_one() -> None:
    receipt, _sent = letter("files-3")
    reference = receipt.reference  # type: ignore[attr-defined]
    with scope(JOB):
        path = files.path_of(files.listed(receipt.case)[0]["id"])  # type: ignore[attr-defined, arg-type]
    assert not list(check_files())
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    assert [(d.reference, d.subject, d.words) for d in check_files()] == [(reference, "bút lục 1", "khác với lúc lưu")]
    path.unlink()
    assert [d.words for d in check_files()] == ["không còn trên đĩa"]
    path.write_bytes(whole)
    promised = Letter("Cống tắc.", "c04978", "portal", facts={"files": ["ab" * 32]})
    short = receive(promised, "files-4", "t")
    assert [(d.reference, d.subject) for d in check_files()] == [(short.reference, "tệp gửi kèm")]
    assert not [d for d in check() if d.reference == reference]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["sender", "desk"])
def test_what_a_secret_sender_adds_later_goes_into_the_vault_as_well(client: Client, by: str) -> None:
    sender = {"name": "Bùi Thị Mận", "address": "xóm Mớ"}
    receipt = receive(Letter("Cống tắc.", "c04978", "portal", sender, facts={"keep_secret": True}), f"vault-{by}", "t")
    perform(Command("letters.letter", str(receipt.case), "ask_supplement", {"asked_for": "ảnh"}), official("reception"))
    if by == "sender":
        supplement("letters.letter", receipt.case, "đây", (files.check("anh-ba-Man.jpg", photo()),), "sup")
    else:
        client.force_login(get_user_model().objects.get(username="tiepdan"))
        page = f"/ban-lam-viec/ho-so/{receipt.case}/"
        assert "Cam kết" not in client.get(page).content.decode(), "what the machine fills is not asked"
        upload = SimpleUploadedFile("anh-ba-Man.jpg", photo(), "image/jpeg")
        form = {"action": "give_supplement", "supplement": "đây", "files": upload}
        assert client.post(f"{page}lam/", form).status_code == 302
    with scope(JOB):
        (kept,) = files.listed(receipt.case)
        state = load([receipt.case])[receipt.case]
    assert (kept["name"], kept["media"]) == (files.SEALED_NAME, files.SEALED_MEDIA)
    assert len(state.events[-1].payload["data"]["supplement_files"]) == 1
    assert not files.path_of(kept["id"]).read_bytes().startswith(b"\xff\xd8")
    assert list(check_files()) == []
