"""A letter about officials of the agency it is addressed to passes by them (design 8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.cases.people import official
from trongdan.core.agencies.named import names_official
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load
from trongdan.kinds.letters.intake import Letter, receive

pytestmark = pytest.mark.django_db
COMMUNE, BOARD = "c04978", "ban-tcd"


@pytest.mark.parametrize("text", [
    "Ông Bùi Văn Hiệu nhận tiền của nhà tôi.", "BÙI VĂN HIỆU ép dân ký giấy", "ong bui van hieu khong tra loi",
    "Kính gửi: UBND xã\nTôi tố cáo ông Bùi Văn Hiệu.",
])  # fmt: skip
def test_a_holder_of_a_post_named_in_full_is_recognised_with_or_without_marks(text: str) -> None:
    assert names_official(text, COMMUNE)


@pytest.mark.parametrize(("text", "sender"), [
    ("Kính gửi ông Bùi Văn Hiệu, Chủ tịch UBND xã.\nXóm tôi đề nghị nạo vét cống.", ""),
    ("Tôi là Bùi Văn Hiệu, đề nghị cấp lại giấy khai sinh.", "Bùi Văn Hiệu"),
    ("Chủ tịch xã chưa trả lời tôi.", ""), ("Nhà ông Hiệu lấn đường đi chung.", ""), ("", ""),
])  # fmt: skip
def test_an_address_line_a_namesake_or_a_bare_title_is_not_a_named_official(text: str, sender: str) -> None:
    assert not names_official(text, COMMUNE, sender)


def test_a_letter_that_names_the_chair_reaches_the_province_and_nobody_of_the_commune_sees_it() -> None:
    receipt = receive(Letter("Tôi tố cáo ông Bùi Văn Hiệu nhận tiền.", COMMUNE, "portal"), "named-1", "t")
    assert (receipt.state.agency, receipt.state.fields["named_official"]) == (BOARD, True)
    for role in ("reception", "head", "deputy", "office", "registry"):
        with scope(official(role, COMMUNE)):
            assert not load([receipt.case])
    with scope(official("reception", BOARD)):
        assert load([receipt.case])


def test_a_letter_that_names_nobody_stays_with_the_commune(django_assert_num_queries: Any) -> None:
    receipt = receive(Letter("Đề nghị nạo vét cống.", COMMUNE, "portal"), "named-2", "t")
    assert receipt.state.agency == COMMUNE
    with django_assert_num_queries(0):  # the directory is in the process: an intake asks nothing more
        names_official("Đề nghị nạo vét cống.", COMMUNE)
