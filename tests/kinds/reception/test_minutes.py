"""The minutes of a whole reception day: every number and what became of it; no name, no word, nothing of who is kept secret."""

from __future__ import annotations

import io
from datetime import datetime, time
from uuid import UUID

import pytest
from docx import Document
from pypdf import PdfReader

from tests.core.cases.people import official
from tests.doors.desk.offline import at
from tests.kinds.reception.test_calendar import AGENCY, by
from tests.kinds.reception.test_table import WORDS, do
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.reference import format_reference
from trongdan.kinds.reception import booking, minutes, services, table
from trongdan.kinds.reception.models import Session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day() -> UUID:
    wanted = services.Plan(f"{AGENCY}/head", today(), time(0, 0), time(23, 59), "Nơi tiếp công dân", "extra", "Mất nước", attends="Phòng Kinh tế")
    made = services.plan(wanted, by("reception"))
    services.post(made, by("reception"))
    return made


def came(day: UUID, name: str, secret: bool = False) -> table.Begun:
    slip = booking.book(booking.Ask(day, "door", {"name": name, "phone": "0900000777"}), by("reception"))
    return table.begin(slip.id, by("reception"), keep_secret=secret)


def words(day: UUID, role: str = "reception") -> dict[str, str]:
    with scope(official(role)):
        return minutes.minutes_words(Session.objects.get(id=day), today())


def test_every_number_stands_there_with_what_became_of_it(day: UUID) -> None:
    services.mark(day, "began", by("head"))
    answered, owed = came(day, "Canary Văn Khách"), came(day, "Canary Thị Khách")
    do(answered.case, "write_down", text=WORDS, nature="hoi_dap", confirmed_how="signature")
    do(answered.case, "answer_now", answer="Xã nạo vét trong tuần này.")
    do(owed.case, "write_down", text=WORDS, nature="kien_nghi", confirmed_how="signature")
    do(owed.case, "open_letter", channel="counter", own_word="kien_nghi", signed=True)
    away = booking.book(booking.Ask(day, "door", unnamed=True), by("reception"))
    services.not_there(away.id, by("reception"))
    said = words(day)
    one, two, three = said["turns"].split("\n")
    assert one == f"- Số 1: {format_reference(answered.reference)}, hỏi; đã trả lời tại buổi tiếp."
    assert f"- Số 2: {format_reference(owed.reference)}, kiến nghị; đã ghi, chờ trả lời (chậm nhất " in two
    assert "mở đơn" in two.lower()
    assert three == "- Số 3: không đến."
    assert "Đã cấp 3 số; có bản ghi 2 lượt, 2 người; không đến 1" in said["counts"]
    assert "Chủ tịch UBND xã Kim Bôi ghi bắt đầu tiếp" in said["came"]
    assert said["receiver"].endswith("Cùng dự: Phòng Kinh tế")


def test_no_name_no_word_and_of_who_is_kept_secret_a_number_alone(day: UUID) -> None:
    secret = came(day, "Canary Văn Kín", secret=True)
    do(secret.case, "write_down", text=WORDS, nature="to_cao", confirmed_how="signature", keep_secret=True)
    open_one = came(day, "Canary Văn Khách")
    do(open_one.case, "write_down", text=WORDS, nature="kien_nghi", confirmed_how="signature")
    said = str(words(day))
    assert "Canary" not in said
    assert "canary" not in said
    assert format_reference(secret.reference) not in said
    assert "tố cáo" not in said
    assert "- Số 1: giữ kín, ghi ở hồ sơ riêng." in said


def test_the_file_opens_as_pdf_and_docx_for_the_body_s_own_desk_alone(day: UUID) -> None:
    one = came(day, "Canary Văn Khách")
    do(one.case, "write_down", text=WORDS, nature="kien_nghi", confirmed_how="signature")
    do(one.case, "conclude", closes_by=today().isoformat())
    page = f"/ban-lam-viec/tiep-cong-dan/{day}/bien-ban"
    clerk = at("tiepdan")
    assert f"{page}.pdf" in clerk.get(f"/ban-lam-viec/tiep-cong-dan/{day}/").content.decode()
    pdf = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(clerk.get(f"{page}.pdf").content)).pages)
    docx = "\n".join(p.text for p in Document(io.BytesIO(clerk.get(f"{page}.docx").content)).paragraphs)
    for text in (pdf, docx):
        assert "BIÊN BẢN" in text
        assert format_reference(one.reference) in text
        assert "Canary" not in text
    assert at("bantcd").get(f"{page}.pdf").status_code == 404
    assert clerk.get(f"{page}.exe").status_code == 404


def test_a_day_nobody_came_to_says_so(day: UUID) -> None:
    said = words(day)
    assert said["turns"] == "Không có ai đến."
    assert said["came"] == "Chưa ai ghi đã trực tiếp tiếp."
    assert datetime.now(VIETNAM).date().isoformat() == said["dated"]
