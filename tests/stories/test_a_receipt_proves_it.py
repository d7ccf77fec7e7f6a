"""Story: whoever has the receipt can prove what was sent and when, without us, without a network."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from trongdan.doors.cli.verify import command as verify
from trongdan.doors.portal import robots
from trongdan.platform import keys

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Đường trục thôn Mớ hỏng nặng, đề nghị xã sửa trước mùa mưa."


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Path, Path, Path]:
    """What the sender kept: the receipt's file, the words, the photo."""
    monkeypatch.setattr(robots, "SOONEST", 0)
    robots._seen.clear()
    photo = io.BytesIO()
    Image.new("RGB", (60, 40), "brown").save(photo, "JPEG")
    person = Client()
    data: dict[str, Any] = {"text": TEXT, "commune": "Kim Bôi", "to": "commune", "do": "send", "draft": str(uuid4()),
                            "stamp": robots.new_stamp(), "files": SimpleUploadedFile("duong.jpg", photo.getvalue())}  # fmt: skip
    assert person.post("/gui-don/", data).status_code == 302
    page = person.get("/da-nhan/").content.decode()
    track = page.split('class="td-receipt"')[1].split('href="')[1].split('"')[0]
    receipt, words, picture = tmp_path / "giay.json", tmp_path / "don.txt", tmp_path / "duong.jpg"
    receipt.write_bytes(person.get(track + "giay-xac-nhan.json").content)
    words.write_text(TEXT, "utf-8")
    picture.write_bytes(photo.getvalue())
    return receipt, words, picture


def run(*arguments: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(verify, [str(a) for a in arguments])
    return outcome.exit_code, outcome.output


def test_receipt_words_and_photo_are_proven_by_the_published_key(kept: tuple[Path, Path, Path]) -> None:
    receipt, words, photo = kept
    code, said = run(receipt, "--key", keys.public_key_text(), "--text", words, "--file", photo)
    assert code == 0, said
    assert "Chữ ký đúng" in said
    assert "đúng như lúc nhận" in said
    assert "đúng tệp đã gửi" in said


def test_other_words_another_photo_another_date_or_another_key_are_seen(kept: tuple[Path, Path, Path]) -> None:
    receipt, words, photo = kept
    words.write_text(TEXT.replace("nặng", "nhẹ"), "utf-8")
    assert run(receipt, "--text", words)[0] == 1
    photo.write_bytes(photo.read_bytes() + b" ")
    assert run(receipt, "--file", photo)[0] == 1
    document = json.loads(receipt.read_text("utf-8"))
    document["statement"]["on"] = "2020-01-01"
    receipt.write_text(json.dumps(document), "utf-8")
    assert run(receipt)[0] != 0
