"""On the desk: letters on one matter beside a letter, what the files say of it, one answer for many, and how a matter grows."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.cases.people import AGENCY, SENDER, official
from tests.kinds.test_letters_alike import BOARD, LUC, MAN, group, group_all, send, state
from tests.law.classify.test_alike import DRAIN, DRAIN_TOO, TAKEN_1, TAKEN_2
from trongdan.core.cases.alike import Past
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import bodies, load
from trongdan.kernel.case import Command
from trongdan.kernel.reference import format_reference
from trongdan.kinds.letters.findings import base_finding
from trongdan.kinds.letters.intake import token_of
from trongdan.kinds.letters.paperwork import paper_data

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/ban-lam-viec/"
NAMELESS = "Tôi xin giấu tên. Tôi tố cáo ông Bùi Văn Mẫu, kế toán Trường Tiểu học Kim Bôi, lập khống phiếu chi 40 triệu đồng năm 2025. "


def desk(login: str = "tiepdan") -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def page(case: Any, login: str = "tiepdan") -> str:
    return re.sub(r"\s+", " ", desk(login).get(f"{HOME}ho-so/{case}/").content.decode())


def form(words: str, action: str) -> dict[str, str]:
    """The hidden and typed answers of the suggested form for an action."""
    part = next(p for p in words.split("<form ")[1:] if f'name="action" value="{action}"' in p and "finding-" in p).split("</form>")[0]
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', part))
    fields |= {m[1]: m[2] for m in re.finditer(r'<textarea[^>]* name="([a-z_]+)">([^<]*)<', part)}
    return {k: v for k, v in fields.items() if k != "csrfmiddlewaretoken"}


def to_guide(case: UUID) -> None:
    """A letter guided by paper, through its whole chain."""
    perform(Command("letters.letter", str(case), "guide", {"nature": "khieu_nai", "guidance": "Gửi nơi khác."}), official("reception"))
    for role, stage in (("unit_head", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number"), ("registry", "send")):
        perform(Command("letters.letter", str(case), f"paper.{stage}", {"paper": "p1", **({"number": "1"} if stage == "number" else {})}),
                official(role))  # fmt: skip


def test_a_letter_shows_the_others_on_its_matter_with_the_reasons_and_only_those_in_scope() -> None:
    mine, too, _theirs = send(DRAIN), send(DRAIN_TOO, LUC), send(DRAIN, LUC | {"address": "y"}, BOARD)
    group_all()
    shown = page(too.case)
    assert f"/ho-so/{mine.case}/" in shown
    assert "Cùng nơi: xóm Mớ" in shown
    assert "Giống nội dung" in shown
    assert "Ở Ban Tiếp công dân tỉnh: 1 đơn." in shown
    assert str(_theirs.case) not in shown


def test_a_repeat_is_joined_by_one_key_and_its_sender_reads_where_it_went() -> None:
    first = send(DRAIN)
    perform(Command("letters.letter", str(first.case), "file", {"filing_reason": "Thử."}), official("reception"))
    again = send(DRAIN)
    group_all()
    shown = page(again.case)
    assert "data-join" in shown
    sent = {"do": "join", "first": str(first.case), "key": str(uuid4())}
    for _ in range(2):
        assert desk().post(f"{HOME}ho-so/{again.case}/cung-viec/", sent).status_code == 302
    assert state(again.case).step == "joined"
    told = Client().get(f"/theo-doi/{again.reference}/{token_of(again.case)}/").content.decode()
    assert format_reference(first.reference) in told
    assert "giống đơn ông/bà đã gửi trước" in told
    assert f"/ho-so/{again.case}/" in page(first.case)


def test_another_persons_repeat_joined_by_an_official_names_no_reference_to_its_sender() -> None:
    first, other = send(DRAIN), send(DRAIN, LUC)
    group_all()
    desk().post(f"{HOME}ho-so/{other.case}/cung-viec/", {"do": "join", "first": str(first.case)})
    told = Client().get(f"/theo-doi/{other.reference}/{token_of(other.case)}/").content.decode()
    assert "giống một đơn cơ quan đã nhận trước" in told
    assert first.reference not in told.replace("-", "").replace(" ", "")


def test_a_person_takes_a_letter_out_of_its_group_and_puts_it_into_another() -> None:
    one, two, far = send(TAKEN_1), send(TAKEN_2, LUC), send(DRAIN)
    group_all()
    act = f"{HOME}ho-so/{two.case}/cung-viec/"
    desk().post(act, {"do": "out"})
    assert group(two.case) is None
    desk().post(act, {"do": "in", "reference": far.reference})
    assert group(two.case) == group(far.case) not in (None, group(one.case))
    refused = desk().post(act, {"do": "in", "reference": "không có"})
    assert (refused.status_code, "Không thấy đơn này" in refused.content.decode()) == (422, True)
    theirs = send(TAKEN_1, agency="c05116")
    assert desk().post(act, {"do": "in", "reference": theirs.reference}).status_code == 422


def test_a_letter_over_the_base_is_told_to_it_as_an_instruction_and_is_not_sent_back() -> None:
    letter = send(DRAIN, agency=BOARD)
    send(DRAIN_TOO, LUC, BOARD)
    group_all()
    shown = page(letter.case, "bantcd")
    assert "chưa có hồ sơ nào về việc này: đơn gửi vượt cấp" in shown
    answers = form(shown, "instruct")
    assert (answers["base_agency"], answers["base_finding"]) == (AGENCY, "none")
    assert desk("bantcd").post(f"{HOME}ho-so/{letter.case}/lam/", answers).status_code == 302
    for role, stage in (("reception", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number"), ("registry", "send")):
        data = {"paper": "p1", **({"number": "7"} if stage == "number" else {})}
        perform(Command("letters.letter", str(letter.case), f"paper.{stage}", data), official(role, BOARD))
    after = state(letter.case)
    (child,) = after.children
    assert (after.step, state(UUID(child)).agency, state(UUID(child)).clocks["report"].rule) == ("instructed", AGENCY, "PT-CD-01")
    assert state(UUID(child)).fields["ordered_by"] == BOARD
    told = Client().get(f"/theo-doi/{letter.reference}/{token_of(letter.case)}/").content.decode()
    assert "Yêu cầu của cấp trên" in told
    again = send(DRAIN, {"name": "Bùi Thị Ba", "address": "x"}, BOARD)
    group_all()
    assert "đang thực hiện yêu cầu của cấp trên" in page(again.case, "bantcd")


def test_while_the_base_is_in_time_the_sender_is_guided_to_wait_and_when_late_it_is_told() -> None:
    send(DRAIN)
    letter = send(DRAIN_TOO, LUC, BOARD)
    group_all()
    assert "còn trong hạn đến ngày" in page(letter.case, "bantcd")
    opened = state(letter.case).opened_on
    late = Past(case=None, letter=None, kind="letters.letter", agency=AGENCY, step="received", final=False, late=True, outcome=None,
                opened_on=opened, closed_on=None, due_on=opened, same_sender=False)  # fmt: skip
    found = base_finding(state(letter.case), [late], AGENCY, "UBND xã Kim Bôi", "kien_nghi")
    assert found is not None
    assert (found.action, found.answers["base_finding"]) == ("instruct", "unanswered")
    assert base_finding(state(letter.case), [late], AGENCY, "UBND xã Kim Bôi", "to_cao") is None


def test_what_was_guided_once_for_the_same_person_is_recognised_and_kept_with_the_reason() -> None:
    first = send(TAKEN_1, LUC)
    to_guide(first.case)
    own, other = send(TAKEN_2, LUC), send(TAKEN_1)
    group_all()
    shown = page(own.case)
    assert "đã hướng dẫn người gửi về cùng nội dung" in shown
    assert "Thông báo cho người gửi một lần" in shown
    answers = form(shown, "file")
    desk().post(f"{HOME}ho-so/{own.case}/lam/", answers)
    assert (state(own.case).step, state(own.case).fields["filing_ground"]) == ("filed", "guided")
    assert "đã hướng dẫn người gửi" not in page(other.case), "another person was not guided"
    last = send(TAKEN_2 + " Tôi nhắc lại.", LUC)
    group_all()
    assert "không phải thông báo lại" in page(last.case)


def test_a_letter_from_nobody_goes_to_inspection_with_evidence_and_is_kept_without() -> None:
    proven = send(NAMELESS + "Tôi gửi kèm theo bản chụp phiếu chi và có ghi âm làm chứng cứ.", {}, BOARD)
    bare = send("Tôi xin giấu tên, tôi tố cáo cán bộ ở đây nhũng nhiễu, tham nhũng. Đề nghị cấp trên về kiểm tra.", {}, BOARD)
    with_evidence = form(page(proven.case, "bantcd"), "inspect")
    assert (with_evidence["evidence"], with_evidence["inspect_agency"]) == ("1", "thanh-tra")
    desk("bantcd").post(f"{HOME}ho-so/{proven.case}/lam/", with_evidence | {"accused_words": "Kế toán Trường Tiểu học Kim Bôi"})
    for role, stage in (("reception", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number"), ("registry", "send")):
        data = {"paper": "p1", **({"number": "8"} if stage == "number" else {})}
        perform(Command("letters.letter", str(proven.case), f"paper.{stage}", data), official(role, BOARD))
    sent = state(proven.case)
    assert (sent.step, sent.agency, sent.vault) == ("inspecting", "thanh-tra", True)
    without = form(page(bare.case, "bantcd"), "keep_information")
    assert "không rõ họ tên" in without["kept_reason"].lower()
    desk("bantcd").post(f"{HOME}ho-so/{bare.case}/lam/", without)
    assert state(bare.case).outcome == "kept"


def petitions(texts: list[tuple[str, dict[str, str]]]) -> list[UUID]:
    out = []
    for text, who in texts:
        letter = send(text, who)
        group_all()
        data = {"nature": "kien_nghi", "matter_kind": "letters.petition"}
        out.append(perform(Command("letters.letter", str(letter.case), "open_matter", data), official("reception")).opened[0][0])
    return out


def test_one_answer_goes_to_all_letters_with_a_reason_for_each_and_only_once() -> None:
    matters = petitions([(DRAIN, MAN), (DRAIN_TOO, LUC), (DRAIN, LUC | {"name": "Bùi Thị Ba"})])
    for m in matters:
        perform(Command("letters.petition", str(m), "accept"), official("head"))
        perform(Command("letters.petition", str(m), "case.assign", {"post": f"{AGENCY}-kt/unit_head"}), official("head"))
    together = group(state_parent(matters[0]))
    client, url = desk("truongphong"), f"{HOME}nhom/{together}/"
    assert "Trả lời (kiến nghị, phản ánh)" in client.get(url).content.decode()
    body = {"kind": "letters.petition", "action": "answer", "key": "k-2", "answer": "Xã đã nạo vét cống ngày 20/11.", "result": "accepted",
            "action_taken": "Đội duy tu, xong 20/11.", "case": [str(m) for m in matters]}  # fmt: skip
    body |= {f"reason-{m}": f"Nhà số {n}: đã kiểm tra." for n, m in enumerate(matters)}
    for _ in range(2):
        assert client.post(f"{url}tra-loi/", body).status_code == 302
    for n, m in enumerate(matters):
        papers = state(m).papers
        assert [p.form for p in papers.values()] == ["answer_letter"], "once each"
        with scope(JOB):
            _form, words = paper_data(load([m])[m], "p1")
        assert words["own_answer"] == f"Nhà số {n}: đã kiểm tra."


def state_parent(matter: UUID) -> UUID:
    return UUID(state(matter).parent)


def test_letters_of_a_group_are_filed_together_only_with_a_reason_for_each() -> None:
    head = desk("tiepdan")
    together = group(state_parent(petitions([(DRAIN, MAN), (DRAIN_TOO, LUC)])[0]))
    letters = [send(DRAIN + f" Lần {n}.", {"name": f"Bùi Văn {n}", "address": "x"}) for n in range(2)]
    group_all()
    assert {group(one.case) for one in letters} == {together}
    body = {"kind": "letters.letter", "action": "file", "key": "k-1", "nature": "kien_nghi", "filing_reason": "Đã giải quyết chung.",
            "case": [str(one.case) for one in letters], f"reason-{letters[0].case}": "Nhà ở đầu xóm."}  # fmt: skip
    url = f"{HOME}nhom/{together}/tra-loi/"
    missing = head.post(url, body)
    assert (missing.status_code, "lý do riêng cho từng đơn" in missing.content.decode()) == (422, True)
    assert "Nhà ở đầu xóm." in missing.content.decode(), "what was typed comes back"
    assert {state(one.case).step for one in letters} == {"received"}
    body |= {f"reason-{letters[1].case}": "Nhà ở cuối xóm."}
    assert head.post(url, body).status_code == 302
    assert {state(one.case).step for one in letters} == {"filed"}
    head.post(url, body)
    assert [state(one.case).seq for one in letters] == [state(letters[0].case).seq] * 2
    for one, words in zip(letters, ("Nhà ở đầu xóm.", "Nhà ở cuối xóm."), strict=True):
        with scope(JOB):
            events, texts = load([one.case])[one.case].events, bodies([one.case])
        assert texts[events[-1].payload["reason"]["content"]] == words
        assert sum(e.tag == "letter:filing:decided" for e in events) == 1


def test_a_matter_of_five_people_is_a_warning_with_its_curve_for_those_above_and_has_no_vault_letter_in_it() -> None:
    letters = [send(DRAIN + f" Nhà thứ {n}.", {"name": f"Bùi Văn {n}", "address": "x"}) for n in range(5)]
    hidden = send(DRAIN + " Xin giữ kín.", LUC, keep_secret=True)
    group_all()
    shown = desk("tiepdan").get(f"{HOME}nhom/").content.decode()
    assert "Đang tăng" in shown
    assert "Nhiều người" in shown
    assert "5 người, 5 đơn" in shown
    assert "<svg" in shown
    above = desk("chutichtinh").get(f"{HOME}nhom/").content.decode()
    assert "5 người, 5 đơn" in above
    assert f"/nhom/{group(letters[0].case)}/" not in above, "a sum for those above, no case"
    inside = desk("tiepdan").get(f"{HOME}nhom/{group(letters[0].case)}/").content.decode()
    assert "mời cử người đại diện" in inside
    assert str(hidden.case) not in shown + inside
    assert desk("bantcd").get(f"{HOME}nhom/{group(letters[0].case)}/").status_code == 404
    perform(Command("letters.letter", str(letters[0].case), "vault.seal"), SENDER)
    assert "4 người, 4 đơn" in desk("tiepdan").get(f"{HOME}nhom/").content.decode()
