"""Bad days at the counter: an upload that breaks off, a server that ends between a dossier and its files, the same thing sent
twice. Nothing is lost, nothing is doubled, and no litter stays."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from tests.core.links.test_signin import NUMBER as PERSON
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.kinds.procedures.test_counter import PAGE, sign_in
from tests.roles import worker
from trongdan.core.cases import drafts
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers import files, receiving
from trongdan.core.papers.check import check_files
from trongdan.kinds.letters.intake import Letter, receive, supplement
from trongdan.platform.home import subfolder

pytestmark = pytest.mark.django_db(transaction=True)


def picture(color: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), color).save(out, "PNG")
    return out.getvalue()


def letter(*colors: str) -> Letter:
    return Letter("Tôi kiến nghị nạo vét cống.", "c04978", "portal", {"name": "Bùi Thị Mận", "address": "xóm Mớ"},
                  files=tuple(files.check(f"{c}.png", picture(c)) for c in colors))  # fmt: skip


def cases() -> int:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_case")
        return int(cursor.fetchone()[0])


def sheets(case: UUID) -> list[str]:
    with scope(JOB):
        return [str(f["name"]) for f in files.listed(case)]


@pytest.fixture(autouse=True)
def own_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "readable").mkdir()
    for module in (files, receiving):
        monkeypatch.setattr(module, "subfolder", lambda name: tmp_path / name if name == "readable" else tmp_path)
    return tmp_path


@pytest.fixture
def counter() -> Client:
    bring(row(documents="Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị1 bản chính"), on=date(2026, 1, 1))
    return sign_in("motcua")


def send(client: Client, **more: Any) -> Any:
    return client.post(PAGE, {"code": "1.900001", "name": "Bùi Thị Mận", "phone": "0900 000 001", "whole": "g0", "draft": str(uuid4())} | more)


# --- uploads that break off -----------------------------------------------------------------------------------------------


def test_a_disk_that_fails_between_two_files_leaves_no_letter_and_the_same_sent_again_is_whole(
        own_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    real, written = files.write_whole, list[Path]()

    def full(path: Path, data: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        real(path, data)

    before = cases()
    monkeypatch.setattr(files, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        receive(letter("red", "blue"), "cut-1", "t")
    assert cases() == before, "a letter without its files is none"
    monkeypatch.setattr(files, "write_whole", real)
    receipt = receive(letter("red", "blue"), "cut-1", "t")
    assert sheets(receipt.case) == ["red.png", "blue.png"]
    assert receive(letter("red", "blue"), "cut-1", "t").reference == receipt.reference
    assert sheets(receipt.case) == ["red.png", "blue.png"], "sent again it is the same letter with the same files"
    with worker():
        assert receiving.sweep(time.time()) == 0, "young bytes may belong to a transaction that is open"
        assert receiving.sweep(time.time() + 2 * receiving.OLD) == 1, "the first file of the letter that never was"
        assert list(check_files()) == []


def test_a_half_written_file_is_swept_and_those_of_cases_never_are(own_disk: Path) -> None:
    receipt = receive(letter("red"), "sweep-1", "t")
    half = own_disk / "ab" / f"{uuid4().hex}.part"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"x")
    with worker():
        assert receiving.sweep(time.time() + 2 * receiving.OLD) == 1
    assert not half.exists() and sheets(receipt.case) == ["red.png"]
    with worker():
        assert list(check_files()) == []


def test_an_upload_that_broke_off_is_not_among_the_kept_files_of_a_form(counter: Client) -> None:
    draft = uuid4()
    drafts.keep_file(draft, "du.png", picture())
    (subfolder("drafts") / draft.hex / "01.part").write_bytes(b"half")
    assert [name for name, _data in drafts.files(draft)] == ["du.png"]
    drafts.keep_file(draft, "sau.png", picture("red"))
    assert [name for name, _data in drafts.files(draft)] == ["du.png", "sau.png"]
    drafts.drop_files(draft, ["0"])
    assert [name for name, _data in drafts.files(draft)] == ["sau.png"]
    drafts.drop(draft)
    assert not (subfolder("drafts") / draft.hex).exists(), "nor does it stay when the form is done"


def test_two_sendings_at_once_are_one_letter_with_its_files_once() -> None:
    before = cases()

    def one(_n: int) -> str:
        try:
            return receive(letter("red", "blue"), "once-1", "t").reference
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(one, range(4)))
    assert len(found) == 1 and cases() == before + 1
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE reference = %s", [next(iter(found))])
        case = cursor.fetchone()[0]
    assert sheets(case) == ["red.png", "blue.png"]


def test_a_supplement_and_its_files_are_one_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.core.cases.people import official
    from trongdan.core.cases.perform import perform
    from trongdan.kernel.case import Command

    receipt = receive(letter(), "sup-1", "t")
    perform(Command("letters.letter", str(receipt.case), "ask_supplement", {"asked_for": "ảnh cống"}), official("reception"))
    real = files.write_whole
    monkeypatch.setattr(files, "write_whole", lambda _path, _data: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with scope(JOB):
        steps = load([receipt.case])[receipt.case].state.step
    with pytest.raises(OSError, match="Input"):
        supplement("letters.letter", receipt.case, "đây", letter("red").files, "sup-2")
    with scope(JOB):
        assert load([receipt.case])[receipt.case].state.step == steps
    monkeypatch.setattr(files, "write_whole", real)
    supplement("letters.letter", receipt.case, "đây", letter("red").files, "sup-2")
    assert sheets(receipt.case) == ["red.png"]


# --- the same thing twice -------------------------------------------------------------------------------------------------


def test_the_same_person_and_procedure_again_is_told_and_asked_and_never_doubled_by_a_second_click(counter: Client) -> None:
    draft = str(uuid4())
    first = send(counter, draft=draft)
    assert first.status_code == 302
    assert send(counter, draft=draft)["Location"] == first["Location"], "the same form again is the same dossier"
    asked = send(counter, phone="0900000001")
    page = asked.content.decode()
    assert asked.status_code == 422 and "đang có hồ sơ cùng thủ tục" in page and "UBND xã Kim Bôi" in page
    assert "f-again" in page and "Bùi Thị Mận" in page
    assert send(counter, again="đàn ong thứ hai, ở rừng khác").status_code == 302
    assert send(counter, phone="0900000002").status_code == 302, "of the same name, another person"
    assert send(counter, phone="").status_code == 302, "a name alone tells nobody apart"


def test_by_the_number_it_is_found_at_any_centre_and_by_whatever_name(counter: Client) -> None:
    assert send(counter, number=PERSON).status_code == 302
    elsewhere = send(counter, number=PERSON, name="Bùi Thị Mận Em", phone="", place="xã Lạc Sơn")
    assert elsewhere.status_code == 422 and "đang có hồ sơ cùng thủ tục" in elsewhere.content.decode()


def test_what_has_ended_is_not_the_same_thing_again(counter: Client) -> None:
    from tests.core.cases.people import official
    from trongdan.core.cases.perform import perform
    from trongdan.kernel.case import Command

    first = send(counter, number=PERSON)
    case = first["Location"].rpartition("=")[2]
    perform(Command("", case, "take_back", reason="đổi ý"), official("counter", post="c04978-hcc/counter"))
    assert send(counter, number=PERSON).status_code == 302
