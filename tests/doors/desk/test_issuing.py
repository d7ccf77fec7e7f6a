"""A paper leaves the desk signed: in ink with its scan, by an outside tool with the matched copy, or by the test certificate."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.core.cases.people import official, open_petition, send
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers import files, signing
from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import token_of

pytestmark = pytest.mark.django_db(transaction=True)
AGENCY = "c04978"


@pytest.fixture(autouse=True)
def _demonstration(settings: Any) -> None:
    settings.DEMO = True


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


@pytest.fixture
def drafted() -> tuple[str, UUID]:
    """(reference of the letter, its petition with an answer that waits for the chair's signature)."""
    letter = send("Đề nghị nạo vét cống.", "issuing-1")
    case = open_petition(letter).opened[0][0]
    head, clerk = official("head", AGENCY), official("officer", AGENCY, f"{AGENCY}-kt/officer/1")
    perform(Command("letters.petition", str(case), "accept"), head)
    perform(Command("letters.petition", str(case), "case.assign", {"post": f"{AGENCY}-kt/officer/1"}), head)
    data = {"answer": "Đã nạo vét.", "action_taken": "Xong ngày 5.", "result": "accepted"}
    perform(Command("letters.petition", str(case), "answer", data), clerk)
    for action, role in (("initial", "unit_head"), ("check", "office")):
        perform(Command("letters.petition", str(case), f"paper.{action}", {"paper": "p1"}), official(role, AGENCY))
    return letter.reference, case


def act(login: str, case: UUID, action: str, **data: Any) -> Any:
    return at(login).post(f"/ban-lam-viec/ho-so/{case}/lam/", {"action": action, "paper": "p1", **data})


def state(case: UUID) -> Any:
    with scope(JOB):
        return load([case])[case].state


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(out, "JPEG")
    return SimpleUploadedFile("ban-ky.jpg", out.getvalue())


def test_a_paper_signed_in_ink_leaves_only_with_its_scan_and_the_person_gets_that_scan(drafted: tuple[str, UUID]) -> None:
    reference, case = drafted
    assert act("chutich", case, "paper.sign", how="ink").status_code == 302
    assert act("vanthu", case, "paper.number").status_code == 302
    refused = act("vanthu", case, "paper.send")
    assert refused.status_code == 422
    assert "đính kèm bản đã ký" in refused.content.decode()
    assert act("vanthu", case, "paper.send", copy=picture()).status_code == 302
    kept = files.signed_copy(state(case).papers["p1"].file)
    assert kept is not None
    assert kept.startswith(b"%PDF-")
    with scope(JOB):
        letter = next(iter(load([UUID(str(state(case).parent))]).values()))
    assert letter.reference == reference
    got = Client().get(f"/theo-doi/{reference}/{token_of(letter.id)}/van-ban/{case}/p1.pdf")
    assert got.content == kept


def test_a_copy_signed_outside_is_matched_with_what_was_sent_out(drafted: tuple[str, UUID]) -> None:
    _reference, case = drafted
    missing = act("chutich", case, "paper.sign", how="returned")
    assert missing.status_code == 422
    out = at("chutich").get(f"/ban-lam-viec/ho-so/{case}/van-ban/p1.pdf").content
    unsigned = act("chutich", case, "paper.sign", how="returned", copy=SimpleUploadedFile("a.pdf", out))
    assert "chưa có chữ ký số" in unsigned.content.decode()
    assert not state(case).papers["p1"].signed_by
    copy = signing.sign_with_test_certificate(out, "Bùi Văn Hiệu", "UBND xã Kim Bôi")
    assert act("chutich", case, "paper.sign", how="returned", copy=SimpleUploadedFile("a.pdf", copy)).status_code == 302
    paper = state(case).papers["p1"]
    assert (paper.how, files.signed_copy(paper.file)) == ("returned", copy)
    assert "nội dung còn nguyên" in at("chutich").get(f"/ban-lam-viec/ho-so/{case}/").content.decode()


def test_the_test_certificate_signs_the_numbered_paper_as_it_is_sent(drafted: tuple[str, UUID]) -> None:
    _reference, case = drafted
    for login, action in (("chutich", "paper.sign"), ("vanthu", "paper.number"), ("vanthu", "paper.send")):
        more = {"how": "test"} if action == "paper.sign" else {}
        assert act(login, case, action, **more).status_code == 302
    copy = files.signed_copy(state(case).papers["p1"].file)
    assert copy is not None
    assert [(s.intact, s.whole, s.test) for s in signing.signatures(copy)] == [(True, True, True)]


def test_a_way_of_signing_that_is_not_ours_is_refused(drafted: tuple[str, UUID]) -> None:
    assert act("chutich", drafted[1], "paper.sign", how="bằng miệng").status_code == 422


def test_a_flagged_case_gives_out_nothing_of_its_content_until_the_head_decides(drafted: tuple[str, UUID]) -> None:
    _reference, case = drafted
    assert act("chuyenvien", case, "case.secret_flag", reason="có số liệu quân sự").status_code == 302
    page = at("chutich").get(f"/ban-lam-viec/ho-so/{case}/")
    assert "nạo vét" not in page.content.decode()
    for path in ("van-ban/p1.pdf", "van-ban/p1.docx", "muc-luc.zip"):
        assert at("chutich").get(f"/ban-lam-viec/ho-so/{case}/{path}").status_code == 404
    assert act("chutich", case, "case.secret_lift", reason="không phải").status_code == 302
    assert "nạo vét" in at("chutich").get(f"/ban-lam-viec/ho-so/{case}/").content.decode()


def test_a_numbered_paper_that_is_still_to_be_sent_stays_in_the_registry_s_hands(drafted: tuple[str, UUID]) -> None:
    _reference, case = drafted
    act("chutich", case, "paper.sign", how="ink")
    act("vanthu", case, "paper.number")
    assert state(case).closed_on is not None  # the answer is given; the paper has not left yet
    home = at("vanthu").get("/ban-lam-viec/").content.decode()
    assert f"/ban-lam-viec/ho-so/{case}/" in home
    assert "Phát hành (1)" in at("vanthu").get("/ban-lam-viec/?viec=send").content.decode() or "chờ phát hành" in home
