"""The promise: several people who denounce together are as unknown as one; the one who speaks for them too; and it takes all of
them to take a denunciation back (Luật Tố cáo Đ23, Đ33 k2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from tests.core.cases.people import until, wait_until_readable
from tests.home_files import beside_the_database
from tests.roles import owner, worker
from trongdan.core.agencies.selectors import actor_for
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.people.several import people
from trongdan.core.people.vault import open_vault
from trongdan.doors.cli.demo import person_id
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import Letter, receive

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND, THIRD = "Đinh Thị Bí Mật", "Quách Văn Giấu Kín", "Hà Thị Không Tên"
LIST = (f"*{SECOND}; ngõ Canh Giữ, xóm Bảy; 0987 000 111\n{FIRST}; ngõ Canh Giữ, xóm Bảy; 0987654321\n"
        f"{THIRD}; đầu cầu Bí Ẩn, xóm Chín; khongten@example.vn\n")  # fmt: skip
MARKS = ("Bí Mật", "Giấu Kín", "Không Tên", "Canh Giữ", "Bí Ẩn", "0987 000 111", "0987000111", "0987654321", "khongten@example.vn")
PAGES = "/ban-lam-viec/ho-so/"


def actor(login: str) -> Actor:
    return actor_for(person_id(login), None, today())


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def read(case: UUID) -> Loaded:
    with scope(JOB):
        return load([case])[case]


def do(case: UUID, action: str, login: str = "chutichtinh", **data: Any) -> None:
    perform(Command("", str(case), action, data), actor(login))


@pytest.fixture
def matter() -> UUID:
    letter = receive(Letter("Chúng tôi tố cáo việc nhận tiền.", "ubnd-tinh", "portal", {"name": FIRST, "phone": "0987654321",
                            "address": "ngõ Canh Giữ, xóm Bảy"}, facts={"keep_secret": True}), "several-1", "t")  # fmt: skip
    perform(Command("", str(letter.case), "open_denunciation", {
        "accused": ["c04978/head"], "accused_words": "Chủ tịch UBND xã Kim Bôi", "matter_agency": "ubnd-tinh",
        "transcript": "Nhiều người trình bày việc nhận tiền.", "transcript_checked": True}), actor_for(person_id("bantcd"), "ubnd-tinh/reception", today()))  # fmt: skip
    (child,) = read(letter.case).state.children
    case = UUID(child)
    do(case, "case.assign", post="ubnd-tinh/officer/1")
    do(case, "sign", "cvtinh", how_signed="paper")
    do(case, "check_identity", "cvtinh", identity_checked="known", offender_clear=True, people=3)
    return case


def test_they_are_accepted_only_when_each_is_named_one_represents_them_and_all_have_signed(matter: UUID) -> None:
    with pytest.raises(Refusal, match="Nhiều người cùng tố cáo") as nobody:
        do(matter, "accept", "cvtinh", accepted_content="Nhận tiền")
    assert "Luật Tố cáo Đ23" in (nobody.value.citation or "")
    do(matter, "record_several", people=3, denouncers=LIST)
    with pytest.raises(Refusal, match="ký tên hoặc điểm chỉ"):
        do(matter, "accept", "cvtinh", accepted_content="Nhận tiền")
    do(matter, "record_several", people=3, denouncers=LIST, all_signed=True)
    do(matter, "accept", "cvtinh", accepted_content="Nhận tiền")
    assert list(check()) == []


@pytest.mark.parametrize(("text", "words"), [
    ("*Đinh Thị A; xóm Mớ; 0987\nQuách B", "Dòng 2"), ("*Đinh; xóm Mớ; 0987\nQuách Văn B; x; y", "Dòng 1"),
    ("*Đinh Thị A; xóm Mớ; 0987", "từ 2 đến"), ("Đinh Thị A; xóm Mớ; 0987\nQuách Văn B; xóm Mớ; 0988", "dấu \\*"),
])  # fmt: skip
def test_a_list_that_lacks_something_names_the_line_and_what_to_do(text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        people(text, "denouncers")


def test_their_names_lie_in_the_vault_alone_and_the_settler_reads_them_there(matter: UUID, tmp_path: Any) -> None:
    do(matter, "record_several", people=3, denouncers=LIST, all_signed=True)
    with worker():
        wait_until_readable()
        until(5, fill_search)
    found = open_vault(matter, actor("chutichtinh"), "Xác minh người tố cáo")
    assert [(one["name"], "represents" in one) for one in found.people] == [(SECOND, True), (FIRST, False), (THIRD, False)]
    page = at("chutichtinh").post(f"{PAGES}{matter}/kho-kin/", {"action": "vault.open", "reason": "Xem lại"}).content.decode()
    assert f"<strong>{SECOND}</strong> (người đại diện)" in page
    assert "3 người cùng gửi" in page
    for login in ("chutichtinh", "cvtinh", "bantcd", "chutich", "tiepdan"):
        for path in (f"{PAGES}{matter}/", PAGES, "/ban-lam-viec/tim/?q=giau+kin", "/ban-lam-viec/"):
            shown = at(login).get(path).content.decode()
            assert not [m for m in MARKS if m in shown and m not in path], (login, path)
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), \'\') FROM "{table}" t')
            dump = cursor.fetchone()[0]
            assert not [m for m in MARKS if m in dump], table
    for path in beside_the_database():
        data = path.read_bytes() if path.is_file() else b""
        assert not [m for m in MARKS if m.encode() in data or m in str(path)], path


def test_no_word_written_outside_may_name_any_of_them_afterwards(matter: UUID) -> None:
    do(matter, "record_several", people=3, denouncers=LIST, all_signed=True)
    for words in (f"Nhận tiền của bà {THIRD}", "Gặp ông quach van giau kin", "Gọi 0987.000.111"):
        with pytest.raises(Refusal) as refusal:
            do(matter, "accept", "cvtinh", accepted_content=words)
        assert refusal.value.code == "vault.trace"
    do(matter, "accept", "cvtinh", accepted_content="Nhận tiền của nhiều người")


def test_one_who_takes_it_back_does_not_end_it_and_all_together_may(matter: UUID) -> None:
    do(matter, "record_several", people=3, denouncers=LIST, all_signed=True)
    do(matter, "accept", "cvtinh", accepted_content="Nhận tiền")
    for stage, login in (("initial", "phongtinh"), ("check", "vanphongtinh"), ("sign", "chutichtinh"), ("number", "vanthutinh")):
        more = {"number": "1/QĐ"} if stage == "number" else {"how": "ink"} if stage == "sign" else {}
        do(matter, f"paper.{stage}", login, paper="p1", **more)
    with pytest.raises(Refusal, match="một số người hay tất cả"):
        do(matter, "record_withdrawal", "cvtinh", withdrawn="whole", withdrawn_content="Rút")
    assert read(matter).state.step == "accepted"
    do(matter, "record_withdrawal", "cvtinh", withdrawn="whole", withdrawn_by="some", withdrawn_content="Một người rút")
    finish_paper(matter)
    with pytest.raises(Refusal, match="vẫn tiếp tục được giải quyết"):
        do(matter, "terminate", "cvtinh", termination_ground="withdrawn")
    do(matter, "record_withdrawal", "cvtinh", withdrawn="whole", withdrawn_by="all", withdrawn_content="Tất cả rút")
    finish_paper(matter)
    do(matter, "terminate", "cvtinh", termination_ground="withdrawn")


def finish_paper(matter: UUID) -> None:
    """The minutes of a withdrawal through whatever chain they have."""
    by = {"initial": "phongtinh", "check": "vanphongtinh", "sign": "cvtinh", "number": "vanthutinh"}
    while (paper := read(matter).state.waiting_paper) is not None and paper.waits in by:
        more = {"number": f"{paper.id}/BB"} if paper.waits == "number" else {"how": "ink"} if paper.waits == "sign" else {}
        do(matter, f"paper.{paper.waits}", by[paper.waits], paper=paper.id, **more)


def test_the_law_asks_nothing_of_this_of_who_denounces_alone(matter: UUID) -> None:
    do(matter, "check_identity", "cvtinh", identity_checked="known", offender_clear=True, people=1)
    do(matter, "accept", "cvtinh", accepted_content="Nhận tiền")
    assert read(matter).state.papers["p1"].form == "denunciation_acceptance"
