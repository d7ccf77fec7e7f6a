"""Registers fill themselves: whoever came stands there once, with who and what; a denouncer never does."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from docx import Document

from tests.board.people import DESK, at, cells_of, everything_in, tallied
from tests.core.cases.people import AGENCY, SENDER, official, open_petition, send
from trongdan.board import forms, registers
from trongdan.board.tally import check_tally
from trongdan.core.cases.perform import perform
from trongdan.core.cases.trail import today
from trongdan.kernel.case import Command

pytestmark = pytest.mark.django_db(transaction=True)
BOOK = f"{DESK}/so/tiep-nhan"
SECRET = "canary-bồ-câu-trắng"


def test_a_letter_stands_in_the_register_with_who_sent_it_what_it_asks_and_what_became_of_it() -> None:
    letter = send()
    open_petition(letter)
    perform(Command("letters.letter", str(letter.case), "open_matter", {"nature": "kien_nghi", "matter_kind": "letters.petition"}),
            official("reception"))  # fmt: skip
    tallied()
    page = at("tiepdan").get(f"{BOOK}/").content.decode()
    for words in ("Canary Văn Tên, xóm Mớ", "Cống đầu xóm bị tắc", "Kiến nghị", "UBND xã Kim Bôi", "1 dòng"):
        assert words in page, words
    settling = at("tiepdan").get(f"{DESK}/so/giai-quyet/").content.decode()
    assert settling.count("Chờ thụ lý") == 2 and "2 dòng" in settling


def test_the_workbook_and_the_document_say_what_the_page_says_and_no_more() -> None:
    send("=HYPERLINK(\"http://x\") đơn có dấu bằng")
    tallied()
    clerk = at("tiepdan")
    book = clerk.get(f"{BOOK}.xlsx")
    assert book["Content-Disposition"] == f'attachment; filename="so-tiep-nhan_{today().replace(day=1)}_{today()}.xlsx"'
    cells = cells_of(book.content)
    assert "Canary Văn Tên, xóm Mớ" in cells and "Mẫu 03/TCD, NĐ 154/2026/NĐ-CP" in cells
    assert any(c.startswith("=HYPERLINK") for c in cells) and "<f>" not in everything_in(book.content)
    document = Document(io.BytesIO(clerk.get(f"{BOOK}.docx").content))
    assert document.core_properties.author == ""
    assert [c.text for c in document.tables[0].rows[1].cells][2] == "Canary Văn Tên, xóm Mớ"
    assert [c.text for c in document.tables[0].rows[0].cells] == [c.name for c in forms.registers()["tiep-nhan"].columns]


def test_another_commune_has_no_line_of_it() -> None:
    send(agency="c04979" if AGENCY != "c04979" else "c04981")
    tallied()
    assert "0 dòng" in at("tiepdan").get(f"{BOOK}/").content.decode()


def test_a_role_that_needs_no_names_sees_none() -> None:
    open_petition(send())
    tallied()
    page = at("vanphong").get(f"{BOOK}/").content.decode()
    assert "Cống đầu xóm" in page and "Canary Văn Tên" not in page


def test_a_transferred_letter_stands_in_both_registers() -> None:
    letter = send("Tôi phản ánh xe chở đất làm hỏng đường.")
    case = str(letter.case)
    reception = official("reception")
    perform(Command("letters.letter", case, "transfer", {"nature": "phan_anh", "to_agency": "so-xd"}), reception)
    for action, role in (("initial", "unit_head"), ("check", "office"), ("sign", "head")):
        perform(Command("letters.letter", case, f"paper.{action}", {"paper": "p1"}), official(role))
    perform(Command("letters.letter", case, "paper.number", {"paper": "p1", "number": "41/PC"}), official("registry"))
    perform(Command("letters.letter", case, "paper.send", {"paper": "p1"}), official("registry"))
    tallied()
    own = at("tiepdan").get(f"{BOOK}/").content.decode()
    assert "Sở Xây dựng, văn bản số 41/PC" in own
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('td.scope', '{\"all\": true}', false)")
        cursor.execute("SELECT agency, fact, outcome FROM td_tally ORDER BY seq, fact DESC")
        lines = cursor.fetchall()
    assert lines == [(AGENCY, "in", None), (AGENCY, "settled", "transferred"), ("so-xd", "in", None)]


def test_a_vault_case_is_in_no_ordinary_register_and_bears_no_word_in_the_part_apart() -> None:
    done = perform(Command("letters.letter", None, "receive", {"text": SECRET, "channel": "portal", "keep_secret": True}, agency="ban-tcd"),
                   SENDER, "k-1", client="t", identity={"name": "Đinh Bí Mật", "phone": "0911", "address": "ngõ Kín"})  # fmt: skip
    tallied()
    board = at("bantcd")
    assert "0 dòng" in board.get(f"{BOOK}/").content.decode()
    apart = board.get(f"{BOOK}/?phan=rieng").content.decode()
    assert "1 dòng" in apart and "Lưu trong kho kín" in apart
    files = [board.get(f"{BOOK}.{ending}?phan=rieng").content for ending in ("xlsx", "docx")]
    for output in (apart, *map(everything_in, files)):
        for word in (SECRET, "Bí Mật", "0911", "ngõ Kín"):
            assert word not in output
    assert str(done.case) not in at("tiepdan").get(f"{BOOK}/?phan=rieng").content.decode()


def test_broken_days_pages_and_registers_are_calm() -> None:
    clerk = at("tiepdan")
    for query in ("tu=x", "den=2026-99-99", "trang=-1", "trang=" + "9" * 30, "tu=9999-01-01", "phan=%00"):
        assert clerk.get(f"{BOOK}/?{query}").status_code == 200
    assert clerk.get(f"{DESK}/so/khong-co/").status_code == 404


def test_a_register_too_long_for_a_file_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    tallied()
    monkeypatch.setattr(registers, "MOST", 0)
    clerk = at("tiepdan")
    page = clerk.get(f"{BOOK}.xlsx", follow=True)
    assert "Hãy chọn kỳ ngắn hơn" in page.content.decode()


def test_whatever_is_changed_in_the_tally_is_found_and_mended(owner_db: object) -> None:
    from tests.roles import worker

    open_petition(send())
    tallied()
    owner_db.execute("UPDATE td_tally SET late = true WHERE fact = 'settled'")  # type: ignore[attr-defined]
    with worker():
        assert [d.subject for d in check_tally(rebuild=True)] == ["dòng thống kê"]
        assert list(check_tally()) == []


def test_two_registers_or_forms_under_one_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    table = forms._table("registers.toml")
    table["register"].append({**table["register"][0], "id": "another"})
    monkeypatch.setattr(forms, "_table", lambda name: table)
    forms.registers.cache_clear()
    with pytest.raises(forms.FormError, match="trùng mẫu 03/TCD"):
        forms.registers()
    monkeypatch.undo()
    forms.registers.cache_clear()
    assert {(r.instrument, r.code) for r in forms.registers().values()} >= {("NĐ 154/2026/NĐ-CP", "03/TCD")}
