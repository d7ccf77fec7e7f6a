"""The counter: few letters, ticks, a name, Enter; what is missing in one line; the slip; the process and its checks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import wait_until_readable
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.roles import worker
from trongdan.board.tally import fill
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.cli.demo import PASSWORD
from trongdan.kinds.procedures.intake import token_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/ban-lam-viec/mot-cua/"


def tally_turn() -> None:
    with scope(JOB):
        while fill():
            pass


def sign_in(login: str) -> Client:
    client = Client()
    assert client.login(username=login, password=PASSWORD)
    return client


@pytest.fixture
def counter() -> Client:
    bring(row(documents="Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị1 bản chínhSơ đồ tổ1 bản chính"), row("1.900003", "Cấp phép nuôi hươu", level="Cấp tỉnh"),
          row("1.900004", "Việc của bộ", level="Cấp bộ"), on=date(2026, 1, 1))  # fmt: skip
    return sign_in("motcua")


def send(client: Client, **more: Any) -> Any:
    return client.post(PAGE, {"code": "1.900001", "name": "Bùi Thị Mận", "phone": "0900000001", "whole": "g0",
                              "draft": "6f2f6a4e-4a0b-4a84-9d55-0f0d8a1a7c11"} | more)  # fmt: skip


def test_a_few_letters_open_the_right_procedure_with_its_papers(counter: Client) -> None:
    page = counter.get(PAGE, {"q": "nuoi ong"}).content.decode()
    assert "Cấp giấy phép nuôi ong trong rừng" in page
    assert "Sơ đồ tổ" in page and "5 ngày làm việc" in page
    assert "Việc của bộ" not in counter.get(PAGE, {"q": "viec cua bo"}).content.decode(), "nothing that no centre of the province takes"


def test_a_name_a_tick_and_enter_are_enough_and_the_slip_can_be_printed(counter: Client) -> None:
    done = send(counter)
    assert done.status_code == 302
    page = counter.get(done.headers["Location"]).content.decode()
    assert "Hẹn trả kết quả" in page
    case = done.headers["Location"].rpartition("=")[2]
    slip = counter.get(f"/ban-lam-viec/ho-so/{case}/giay-hen.pdf")
    assert slip.content.startswith(b"%PDF")
    assert sign_in("bantcd").get(f"/ban-lam-viec/ho-so/{case}/giay-hen.pdf").status_code == 404, "it holds the person's secret"
    assert counter.get(f"/ban-lam-viec/ho-so/{case}/phieu-kiem-soat.pdf").content.startswith(b"%PDF")
    with scope(JOB):
        loaded = next(iter(load([UUID(case)]).values()))
    token = token_of(loaded.id)
    followed = Client().get(f"/theo-doi/{loaded.reference}/{token}/")
    assert "Đã tiếp nhận hồ sơ, hẹn ngày trả kết quả" in followed.content.decode()
    assert "kho kín" not in followed.content.decode()
    assert Client().get(f"/theo-doi/{loaded.reference}/{token}/giay-xac-nhan.pdf").content.startswith(b"%PDF")
    assert counter.get(f"/ban-lam-viec/ho-so/{case}/").status_code == 200


def test_what_is_missing_is_said_in_one_line_and_nothing_typed_is_lost(counter: Client) -> None:
    refused = send(counter, whole="", paper="1")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Chưa đủ giấy tờ: Sơ đồ tổ." in page
    assert "Bùi Thị Mận" in page and "0900000001" in page
    assert send(counter, whole="", paper="1", waived="Tổ cũ, đã có trong hồ sơ trước").status_code == 302


def test_each_mistake_names_its_field_and_a_stranger_takes_nothing_in(counter: Client) -> None:
    for change, words in (({"name": " "}, "họ tên"), ({"code": "1.000000"}, "chọn thủ tục"), ({"place": "Atlantis"}, "Chưa nhận ra xã"),
                          ({"code": "1.900003"}, "chọn sở"), ({"agency": "so-khong-co"}, "cơ quan giải quyết")):  # fmt: skip
        answer = send(counter, **change)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), change
    assert send(sign_in("chutich")).status_code == 422


def test_the_fee_of_the_catalogue_is_offered_where_it_is_typed_and_a_number_nobody_can_read_loses_nothing(counter: Client) -> None:
    bring(row(), row("1.900008", "Cấp thẻ người nuôi ong", fee="25,000 Việt Nam Đồng(/thẻ)"), on=date(2026, 1, 1))
    page = counter.get(PAGE, {"ma": "1.900008"}).content.decode()
    assert '<option value="25.000">/thẻ</option>' in page and "Danh mục ghi: 25.000 (/thẻ)" in page
    free = counter.get(PAGE, {"ma": "1.900001"}).content.decode()
    assert "Số biên lai" in free and "Danh mục ghi" not in free
    refused = send(counter, code="1.900008", fee_paid="hai lăm nghìn", fee_receipt="0000123")
    assert (refused.status_code, "Không đọc được số tiền" in refused.content.decode()) == (422, True)
    assert "hai lăm nghìn" in refused.content.decode() and "Bùi Thị Mận" in refused.content.decode()
    field = refused.content.decode().partition('id="f-fee_paid"')[0].rpartition("<details")[2]
    assert field.partition(">")[0].endswith(" open"), "the field that is wrong is not folded away"
    assert send(counter, code="1.900008", fee_paid="25,5", fee_receipt="0000123").status_code == 422, "not 255"
    done = send(counter, code="1.900008", fee_paid="25 000 đ", fee_receipt="0000123")
    with scope(JOB):
        loaded = next(iter(load([UUID(done.headers["Location"].rpartition("=")[2])]).values()))
    assert (loaded.state.fields["fee_paid"], loaded.state.fields["fee_receipt"]) == (25000, "0000123")


def test_the_fee_to_ask_for_is_proposed_where_the_catalogue_names_one_and_only_its_words_where_it_is_by_the_piece(counter: Client) -> None:
    bring(row(), row("1.900008", "Cấp thẻ người nuôi ong", fee="25,000 Việt Nam Đồng(/hồ sơ)"),
          row("1.900009", "Chứng thực sổ ong", fee="2,000 Việt Nam Đồng(/trang)"), on=date(2026, 1, 1))  # fmt: skip
    page = case_page(counter, "1.900008")
    assert 'value="25000"' in page and "Theo danh mục thủ tục 1.900008: 25.000 đồng (/hồ sơ)." in page
    piece = case_page(counter, "1.900009")
    assert "Theo danh mục thủ tục 1.900009: 2.000 đồng (/trang)." in piece and 'value="2000"' not in piece
    assert "Theo danh mục thủ tục" not in case_page(counter, "1.900001"), "free: nothing is asked for"


def case_page(counter: Client, code: str) -> str:
    case = send(counter, code=code, draft=str(uuid4())).headers["Location"].rpartition("=")[2]
    return counter.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()


def test_pressed_twice_it_is_one_dossier(counter: Client) -> None:
    assert send(counter).headers["Location"] == send(counter).headers["Location"]


def test_the_process_is_shown_to_all_and_written_by_the_office_with_its_checks(counter: Client) -> None:
    url = "/ban-lam-viec/mot-cua/quy-trinh/1.900001/"
    assert "máy chia từ thời hạn công bố" in counter.get(url).content.decode()
    form = {"name": ["Xem", "Ký"], "post": ["c04978-kt/officer/1", "c04978/head"], "hours": ["24", "30"], "days": "", "decision": "7/QĐ", "since": "2026-08-01"}
    assert "Chỉ văn phòng" in counter.post(url, form).content.decode()
    office = sign_in("vanphong")
    refused = office.post(url, form).content.decode()
    assert "54 giờ, vượt 40 giờ" in refused and "7/QĐ" in refused
    assert office.post(url, form | {"hours": ["24", "8"]}).status_code == 302
    assert "theo 7/QĐ" in office.get(url).content.decode()
    assert office.get("/ban-lam-viec/mot-cua/quy-trinh/9.999999/").status_code == 404


def test_the_register_of_dossiers_fills_itself(counter: Client) -> None:
    send(counter)
    with worker():
        wait_until_readable()
        tally_turn()
    page = sign_in("chutich").get("/ban-lam-viec/so/ho-so-mot-cua/", {"tu": "2026-01-01", "den": "2030-01-01"}).content.decode()
    assert "Cấp giấy phép nuôi ong trong rừng" in page
    assert "Mẫu số 07" in page and "chưa đối chiếu" in page
