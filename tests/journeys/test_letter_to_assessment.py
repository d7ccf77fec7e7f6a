"""A letter goes from the door to the citizen's assessment, in real browsers, along the officials' real chain."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from trongdan.core.cases.check import check
from trongdan.core.cases.trail import today

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PETITION = ("Kính gửi UBND xã. Cống thoát nước đầu xóm bị tắc, nước tràn vào ba hộ. "
            "Tôi kiến nghị xã nạo vét cống trước mùa mưa.")  # fmt: skip
COMPLAINT = ("Tôi không đồng ý với quyết định phê duyệt phương án bồi thường vì đo thiếu diện tích thửa đất. Tôi khiếu nại, "
             "đề nghị Chủ tịch UBND xã xem xét lại quyết định.")  # fmt: skip


def send(visit: Any, text: str, **more: Any) -> tuple[Any, str, str]:
    """Send a letter from the portal; the visitor, the shown reference, the path of the tracking page."""
    person = visit(**more)
    page = person.open("/gui-don/")
    page.fill("#f-text", text)
    page.fill("#f-commune", "Vĩnh Đồng, huyện Kim Bôi")
    page.fill("#f-name", "Bùi Thị Mận")
    page.fill("#f-address", "xóm Mớ, xã Kim Bôi")
    time.sleep(2.1)  # a form sent sooner is a robot's
    page.get_by_role("button", name="Gửi đơn", exact=True).click()
    page.wait_for_url("**/da-nhan/")
    assert "UBND xã Kim Bôi đã nhận" in person.text()
    reference = page.locator(".td-ref").inner_text()
    href = page.locator(".td-receipt a").get_attribute("href") or ""
    return person, reference, href


def find(official: Any, reference: str) -> None:
    official.open("/ban-lam-viec/tim/?q=" + reference)
    official.page.locator("tr[data-row] a").last.click()
    official.page.wait_for_load_state()


def chain(visit: Any, case_url: str, *stages: tuple[str, str]) -> None:
    """Take a drafted paper through its stages: (sign-in, label of the action)."""
    for login, label in stages:
        official = visit(login)
        official.open(case_url)
        official.do(label)


FULL = (("truongphong", "Ký nháy"), ("vanphong", "Kiểm tra thể thức"), ("chutich", "Ký ban hành"), ("vanthu", "Cấp số, ngày"),
        ("vanthu", "Phát hành"))  # fmt: skip


def test_a_petition_is_sent_answered_signed_numbered_and_judged_and_a_no_reopens_it(visit: Any) -> None:
    person, reference, track = send(visit, PETITION)
    clerk = visit("tiepdan")
    clerk.open("/ban-lam-viec/")
    assert reference in clerk.text()
    find(clerk, reference)
    assert "kiến nghị" in clerk.text().lower()
    clerk.page.get_by_role("button", name="Đúng, mở việc (y)").click()
    clerk.page.wait_for_load_state()
    clerk.page.get_by_role("link", name="Kiến nghị, phản ánh").first.click()
    matter = clerk.page.url
    head = visit("chutich")
    head.open(matter)
    head.do("Thụ lý, giao giải quyết")
    head.do("Giao người thụ lý", post="c04978-kt/officer/1")
    officer = visit("chuyenvien")
    officer.open("/ban-lam-viec/")
    assert f"{reference}/1" in officer.text()
    officer.open(matter)
    officer.do("Ghi kết quả kiểm tra", findings="Đã kiểm tra: cống tắc do bùn đất.")
    officer.do("Trả lời", answer="Xã đã giao đội duy tu nạo vét toàn bộ tuyến cống.", result="accepted",
               action_taken="Đội duy tu nạo vét xong trước ngày 30 tháng này.")  # fmt: skip
    chain(visit, matter, *FULL)
    person.open(track)
    words = person.text()
    assert "Cơ quan đã trả lời bằng văn bản" in words and "Xã đã giao đội duy tu" in words and "01/CV-UBND" in words
    page = person.page
    page.locator("input[name=answered][value=yes]").last.check()
    page.locator("input[name=solved][value=no]").last.check()
    page.get_by_role("button", name="Gửi đánh giá", exact=True).last.click()
    assert "Ông/bà đã đánh giá" in person.text()
    details = page.locator("details", has_text="Việc chưa xong, đề nghị xem lại").last
    details.locator("summary").click()
    details.locator("textarea").fill("Nước vẫn tràn vào nhà.")
    details.get_by_role("button").click()
    assert "Cơ quan đang kiểm tra và giải quyết" in person.text()
    assert list(check()) == []


def test_a_first_complaint_goes_its_whole_legal_way_to_the_second_steps_last_day(visit: Any) -> None:
    person, reference, track = send(visit, COMPLAINT)
    clerk = visit("tiepdan")
    find(clerk, reference)
    clerk.do("Mở việc để giải quyết", nature="khieu_nai", topic="đất đai", matter_kind="letters.complaint.first")
    clerk.page.get_by_role("link", name="Khiếu nại lần đầu").first.click()
    matter = clerk.page.url
    clerk.do("Báo thiếu chữ ký")
    person.open(track)
    assert "thiếu chữ ký" in person.text() and "Mẫu 01" in person.text()
    clerk.open(matter)
    clerk.do("Ghi nhận chữ ký, điểm chỉ", how_signed="fingerprint")
    clerk.do("Thụ lý", accepted_content="Diện tích bồi thường của hộ.")
    chain(visit, matter, *FULL)
    head = visit("chutich")
    head.open(matter)
    head.do("Giao người thụ lý", post="c04978-kt/officer/1")
    officer = visit("chuyenvien")
    officer.open(matter)
    officer.do("Giao xác minh", verifier="c04978-vhxh/verifier")
    chain(visit, matter, *FULL)
    verifier = visit("xacminh")
    verifier.open(matter)
    verifier.do("Báo cáo kết quả xác minh", findings="Đo lại thừa hơn hồ sơ 12 m².", differs=True)
    chain(visit, matter, ("xacminh", "Ký ban hành"))
    officer.open(matter)
    assert "phải tổ chức đối thoại" in officer.page.content() or "Ra quyết định giải quyết" in officer.text()
    later = (today() + timedelta(days=6)).isoformat()
    officer.do("Mời đối thoại", dialogue_on=later, dialogue_place="Trụ sở UBND xã Kim Bôi")
    chain(visit, matter, *FULL[1:])
    officer.open(matter)
    officer.do("Lập biên bản đối thoại", attendance="came", dialogue_result="Thống nhất bổ sung diện tích.")
    chain(visit, matter, ("chutich", "Ký ban hành"))
    officer.open(matter)
    officer.do("Ra quyết định giải quyết", conclusion="Khiếu nại đúng một phần.", legal_grounds="Luật Đất đai 2024",
               measure="Sửa đổi phương án bồi thường.", result="partly")  # fmt: skip
    chain(visit, matter, *FULL)
    registry = visit("vanthu")
    registry.open(matter)
    registry.do("Ghi việc gửi quyết định", sent_on=today().isoformat(), sent_to=["complainant", "superior", "inspectorate"])
    person.open(track)
    words = person.text()
    assert "khiếu nại lần hai hoặc khởi kiện" in words and "Hạn khiếu nại lần hai" in words
    assert "02/QĐ-UBND" in words, "the verification order took 01 of the same book"
    assert list(check()) == []
