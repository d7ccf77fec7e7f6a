"""Results that anyone may check: issued with a code, signed, withdrawn with a reason; the check names nobody."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.test import Client

from tests.kinds.procedures.test_counter import sign_in
from tests.kinds.procedures.test_said_once import (
    counter,
    finished,
    first_dossier,
    issue,
    look_for,
    offered,
    own_disk,
    pdf,
    picture,
    text,
)
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers import files, signing
from trongdan.core.store import issued
from trongdan.kinds.procedures.intake import token_of

__all__ = ["counter", "own_disk"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_issued_result_can_be_checked_by_anybody_and_names_nobody(counter: Client) -> None:
    case = first_dossier(counter)
    officer = finished(counter, case)
    assert "Giấy phép nuôi ong trong rừng" in officer.get(f"/ban-lam-viec/ho-so/{case}/ket-qua/").content.decode(), "from the catalogue"
    done = issue(officer, case)
    assert done.status_code == 302, text(done)[:600]
    with scope(JOB):
        (result,) = issued.of_case(case)
        loaded = load([case])[case]
    assert loaded.state.fields["result_code"] == result.code
    page = Client().get("/kiem-tra/", {"ma": issued.grouped(result.code).lower()}, follow=True)
    assert "Giấy tờ có thật và đang có giá trị" in text(page) and "12/GP" in text(page)
    assert "Mận" not in page.content.decode() and loaded.reference not in page.content.decode()
    file = files.path_of(result.file).read_bytes() if result.file else b""
    assert [s.test for s in signing.signatures(file)] == [True]
    for data, words in ((file, "giống từng chữ"), (file[:-1] + b"x", "khác tệp đã cấp")):
        sent = io.BytesIO(data)
        sent.name = "a.pdf"
        assert words in text(Client().post(f"/kiem-tra/{result.code}/", {"file": sent}))
    followed = Client().get(f"/theo-doi/{loaded.reference}/{token_of(case)}/")
    assert "Tải kết quả" in text(followed)
    own = Client().get(f"/theo-doi/{loaded.reference}/{token_of(case)}/ket-qua/{result.code}.pdf")
    assert own.content == file
    assert Client().get(f"/theo-doi/{loaded.reference}/{token_of(case)}/ket-qua/{'0' * 16}.pdf").status_code == 404


def test_a_result_goes_to_its_owner_s_store_and_is_offered_until_it_is_withdrawn(counter: Client) -> None:
    case = first_dossier(counter)
    officer = finished(counter, case)
    issue(officer, case)
    page = look_for(counter, str(uuid4()))
    assert len(offered(page)) == 2 and "kết quả đã cấp" in text(page)
    again = issue(officer, case)
    assert again.status_code == 422 and "đã có kết quả điện tử" in text(again)
    bare = officer.post(f"/ban-lam-viec/ho-so/{case}/ket-qua/", {"do": "withdraw", "reason": " ", "draft": str(uuid4())})
    assert bare.status_code == 422, "never without a reason"
    gone = officer.post(f"/ban-lam-viec/ho-so/{case}/ket-qua/", {"do": "withdraw", "reason": "ghi sai tên rừng", "draft": str(uuid4())})
    assert gone.status_code == 302
    with scope(JOB):
        (result,) = issued.of_case(case)
    check = Client().get(f"/kiem-tra/{result.code}/")
    assert "đã bị thu hồi" in text(check) and "sai tên" not in check.content.decode()
    assert len(offered(look_for(counter, str(uuid4())))) == 1
    assert issue(officer, case).status_code == 302, "then the right one"
    assert len(offered(look_for(counter, str(uuid4())))) == 2


def test_a_result_is_signed_outside_and_only_the_marked_file_comes_back(counter: Client) -> None:
    case = first_dossier(counter)
    officer = finished(counter, case)
    draft, where = str(uuid4()), f"/ban-lam-viec/ho-so/{case}/ket-qua/"
    waits = issue(officer, case, how="returned", draft=draft)
    assert waits.status_code == 200 and "tệp để ký" in text(waits)
    marked = officer.get(f"{where}{draft}/de-ky.pdf").content
    assert marked.startswith(b"%PDF")
    for data, words in ((pdf(), "không phải bản tải"), (marked, "chưa có chữ ký số")):
        sent = io.BytesIO(data)
        sent.name = "ky.pdf"
        answer = issue(officer, case, draft=draft, do="returned", file=sent)
        assert (answer.status_code, words in text(answer)) == (422, True), words
    signed = io.BytesIO(signing.sign_with_test_certificate(marked, "Người ký", "UBND"))
    signed.name = "ky.pdf"
    assert issue(officer, case, draft=draft, do="returned", file=signed).status_code == 302
    with scope(JOB):
        (result,) = issued.of_case(case)
    assert result.how == "signed"
    assert officer.get(f"{where}{uuid4()}/de-ky.pdf").status_code == 404


def test_a_scan_of_the_signed_paper_is_marked_and_says_what_it_is_and_a_changed_signature_is_refused(counter: Client) -> None:
    case = first_dossier(counter)
    officer = finished(counter, case)
    signed = signing.sign_with_test_certificate(pdf(), "Người ký", "UBND")
    broken = io.BytesIO(signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1) + b"\n% them")
    broken.name = "a.pdf"
    answer = issue(officer, case, file=broken)
    assert answer.status_code == 422 and "đã thay đổi sau khi ký" in text(answer)
    docx = io.BytesIO(b"khong phai")
    docx.name = "a.pdf"
    assert issue(officer, case, file=docx).status_code == 422
    assert issue(officer, case, until="2020-01-01").status_code == 422
    scan = picture()
    scan.name = "quet.png"
    assert issue(officer, case, how="ink", file=scan).status_code == 302
    with scope(JOB):
        (result,) = issued.of_case(case)
    assert "bản quét của bản giấy đã ký" in text(Client().get(f"/kiem-tra/{result.code}/"))


def test_a_result_is_issued_on_its_own_page_alone_and_by_who_holds_the_dossier(counter: Client) -> None:
    case = first_dossier(counter)
    assert sign_in("motcua").get(f"/ban-lam-viec/ho-so/{case}/ket-qua/").status_code == 404, "not before it is settled"
    officer = finished(counter, case)
    forged = officer.post(f"/ban-lam-viec/ho-so/{case}/lam/", {"action": "issue_result", "result_code": "0" * 16, "result_file": "ab",
                                                              "result_name": "x", "result_on": "2026-08-05"})  # fmt: skip
    assert forged.status_code == 422 and "trang riêng" in text(forged)
    assert issue(counter, case).status_code == 422
    with scope(JOB):
        assert issued.of_case(case) == []


def test_a_code_nobody_issued_is_said_to_be_none_and_a_wrong_one_to_be_wrong() -> None:
    unknown = Client().get("/kiem-tra/0123456789ABCDEF/")
    assert unknown.status_code == 404 and "Không có giấy tờ nào mang mã này" in text(unknown)
    assert Client().get("/kiem-tra/", {"ma": "12"}).status_code == 422
    assert issued.read_code("0l23-4567 89ab.cdef") == "0123456789ABCDEF", "as somebody reads it from paper"
    assert issued.read_code("U123456789ABCDEF") is None
    assert len({issued.new_code() for _ in range(200)}) == 200
