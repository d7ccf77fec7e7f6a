"""The tracking page: what comes next, what the sender adds, the next lawful step, and words that are never lost."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from tests.core.cases.people import official
from tests.core.cases.test_after import answered
from tests.doors.portal.test_send import jpeg, upload
from tests.kinds.test_watches import slip
from trongdan.core.cases import drafts
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.cases.trail import today as vietnam_today
from trongdan.core.papers import files
from trongdan.core.papers.check import check_files
from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import Letter, Receipt, receive, token_of
from trongdan.kinds.letters.tracking import lawful_steps

pytestmark = pytest.mark.django_db(transaction=True)


def letter(text: str = "Cống tắc.", **more: Any) -> tuple[Receipt, str]:
    sender = {"name": "Bùi Thị Mận", "address": "xóm Mớ"}
    receipt = receive(Letter(text, "c04978", "portal", sender, **more), str(uuid4()), "t")
    return receipt, f"/theo-doi/{receipt.reference}/{receipt.token}/"


def ask_supplement(receipt: Receipt) -> None:
    perform(Command("letters.letter", str(receipt.case), "ask_supplement", {"asked_for": "Ảnh chụp cống"}), official("reception"))


def test_the_page_says_what_comes_next_and_who_holds_it(client: Client) -> None:
    _receipt, page = letter()
    words = client.get(page).content.decode()
    assert "Tiếp theo:" in words
    assert "Cơ quan xếp loại đơn" in words
    assert "Người đang giữ" in words


def test_the_paper_that_was_asked_for_is_added_with_its_file_and_the_trail_commits_to_it(client: Client) -> None:
    receipt, page = letter()
    ask_supplement(receipt)
    assert "Ảnh chụp cống" in client.get(page).content.decode()
    form = {"case": str(receipt.case), "do": "give_supplement", "words": "Gửi ảnh", "draft": str(uuid4())}
    for _twice in range(2):
        answer = client.post(page, {**form, "files": upload("cong.jpg", jpeg())})
        assert answer.status_code == 302, answer.content.decode()[:2000]
    with scope(JOB):
        kept = files.listed(receipt.case)
        loaded = load([receipt.case])[receipt.case]
    assert [(f["name"], f["source"]) for f in kept] == [("cong.jpg", "người gửi bổ sung")]
    assert loaded.state.step == "received"
    assert len(loaded.events[-1].payload["data"]["supplement_files"]) == 1
    assert list(check()) + list(check_files()) == []


@pytest.mark.parametrize(("words", "attached", "told"), [("", None, "Chưa có gì để bổ sung"),
                                                         ("Đây ạ", ("x.jpg", b"MZ not a picture"), "không phải ảnh, PDF hay Word")])  # fmt: skip
def test_a_refused_addition_says_why_and_keeps_what_was_written(client: Client, words: str, attached: Any, told: str) -> None:
    receipt, page = letter()
    ask_supplement(receipt)
    form: dict[str, Any] = {"case": str(receipt.case), "do": "give_supplement", "words": words, "draft": str(uuid4())}
    if attached:
        form["files"] = upload(*attached)
    answer = client.post(page, form)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert f">{words}</textarea>" in answer.content.decode()


def test_an_assessment_whose_protection_ran_out_comes_back_on_its_own_page_and_nowhere_else() -> None:
    strict, draft = Client(enforce_csrf_checks=True), str(uuid4())
    receipt, page = letter()
    answer = strict.post(page, {"case": str(receipt.case), "do": "withdraw", "words": "Tôi tự sửa được rồi", "draft": draft})
    assert answer.status_code == 403
    assert f"{page}?nhap={draft}" in answer.content.decode()
    assert "Tôi tự sửa được rồi" in strict.get(f"{page}?nhap={draft}").content.decode()
    _other, elsewhere = letter()
    assert "Tôi tự sửa được rồi" not in strict.get(f"{elsewhere}?nhap={draft}").content.decode()


def test_pages_are_found_by_their_heads_too(client: Client) -> None:
    _receipt, page = letter()
    assert [client.head(p).status_code for p in ("/", "/gui-don/", page, "/theo-doi/")] == [200] * 4


def complaint_matter() -> tuple[Receipt, str, UUID]:
    receipt, page = letter("Tôi khiếu nại quyết định bồi thường.", facts={"signed": True})
    data = {"nature": "khieu_nai", "matter_kind": "letters.complaint.first", "signed": True}
    done = perform(Command("letters.letter", str(receipt.case), "open_matter", data), official("reception"))
    return receipt, page, done.opened[0][0]


def test_a_complaint_left_without_decision_past_its_limit_shows_the_second_step_with_its_last_day_and_the_paper_drafted(
        client: Client) -> None:  # fmt: skip
    _receipt, page, matter = complaint_matter()
    kind = "letters.complaint.first"
    perform(Command(kind, str(matter), "accept", {"accepted_content": "Diện tích"}), official("head"))
    for role, action in (("unit_head", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number")):
        extra = {"number": "1/TB"} if action == "number" else {}
        perform(Command(kind, str(matter), f"paper.{action}", {"paper": "p1", **extra}), official(role))
    form = f"{page}mau-01/{matter}.pdf?lan=2"
    assert client.get(form).status_code == 404, "nothing is late yet"
    with scope(JOB):
        loaded = load([matter])[matter]
    settle = loaded.state.clocks["settle"].due
    assert settle is not None
    assert lawful_steps(loaded, settle) == []
    step = lawful_steps(loaded, settle + timedelta(days=1))[0]
    assert step["due"] > settle + timedelta(days=29)
    from trongdan.kinds.letters.paperwork import second_complaint_data

    with scope(JOB):
        words = second_complaint_data(loaded)
    assert "Phú Thọ" in words["agency"]
    assert "mà chưa có quyết định" in words["decision_no"]


def test_unsent_forms_are_forgotten_after_their_time() -> None:
    old, young = uuid4(), uuid4()
    for draft in (old, young):
        drafts.save(draft, {"text": "chưa gửi"})
        drafts.keep_file(draft, "a.jpg", b"x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_draft SET at = now() - interval '31 days' WHERE id = %s", [old])
    with scope(JOB):
        assert drafts.drop_old() == 1
    assert drafts.open_(old) is None
    assert (drafts.files(old), len(drafts.files(young))) == ([], 1)


def test_an_issued_paper_can_be_read_in_large_print(client: Client) -> None:
    receipt, page = letter()
    slip(receipt.case, "so-xd", vietnam_today().isoformat())
    plain, large = (client.get(f"{page}van-ban/{receipt.case}/p1.pdf{query}") for query in ("", "?chu=lon"))
    assert (plain.status_code, large.status_code) == (200, 200)
    assert "?chu=lon" in client.get(page).content.decode()

    def size(pdf: bytes) -> float:
        sizes: list[float] = []
        PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=lambda _t, _c, tm, _f, s: sizes.append(abs(tm[0] or 1) * s))
        return max(sizes)

    assert size(large.content) > size(plain.content)


def test_a_tap_assesses_and_reopens_a_petition_and_says_that_the_agency_reads_the_reason() -> None:
    case = answered("tap-1")
    with scope(JOB):
        letter = load([case])[case].parent
        loaded = load([letter])[letter]
    url = f"/theo-doi/{loaded.reference}/{token_of(letter, loaded.generation)}/"
    client = Client()
    shown = client.get(url).content.decode()
    assert "Gửi đánh giá và đề nghị xem lại" in shown
    form = {"case": str(case), "do": "assess_reopen", "answered": "yes", "acted": "no", "solved": "no", "draft": str(uuid4())}
    refused = client.post(url, form)
    assert refused.status_code == 422
    assert "điều gì chưa được giải quyết" in refused.content.decode()
    for _ in range(2):  # pressed twice
        assert client.post(url, {**form, "reason": "Cống vẫn tắc."}).status_code == 302
    with scope(JOB):
        tags = [e.tag for e in load([case])[case].events]
    assert tags.count("case:assessed") == tags.count("petition:reopening:asked") == 1


def test_a_settled_complaint_offers_no_reopening_beside_its_assessment() -> None:
    _receipt, page, matter = complaint_matter()
    kind = "letters.complaint.first"
    perform(Command(kind, str(matter), "refuse", {"refusal_ground": kinds()[kind].fields["refusal_ground"].choices[0][0]}),
            official("head"))  # fmt: skip
    for role, action in (("unit_head", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number")):
        perform(Command(kind, str(matter), f"paper.{action}", {"paper": "p1", **({"number": "1"} if role == "registry" else {})}),
                official(role))  # fmt: skip
    shown = Client().get(page).content.decode()
    assert "đề nghị xem lại" not in shown
    assert "Bước tiếp theo ông/bà có quyền làm" in shown
    assert "Đánh giá không làm thay đổi hiệu lực của quyết định" in shown
    forged = {"case": str(matter), "do": "assess_reopen", "solved": "no", "reason": "x", "draft": str(uuid4())}
    assert Client().post(page, forged).status_code == 422
    with scope(JOB):
        assert "case:assessed" not in {e.tag for e in load([matter])[matter].events}, "nothing of it was done"
