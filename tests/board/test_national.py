"""What the national database must know of a case gets there, again and again until it is there, and nothing of a denouncer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import override_settings

from tests.board.people import DESK, at
from tests.core.cases.people import AGENCY, SENDER, official, open_petition, send, wait_until_readable
from tests.kinds.reception.test_calendar import NOON as DECEMBER
from tests.kinds.reception.test_calendar import by, posted
from tests.kinds.reception.test_table import WORDS, begun, do, written
from tests.roles import worker
from trongdan.board.national import keeping, port
from trongdan.board.national.record import declared, records
from trongdan.board.national.simulator import Faults, Simulator
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.kernel.case import VIETNAM, Command
from trongdan.kernel.reference import format_reference
from trongdan.kinds.reception import booking, table

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(VIETNAM) + timedelta(minutes=1)
SECRET = "canary-bồ-câu-trắng"


@pytest.fixture
def there() -> Iterator[Simulator]:
    made = Simulator(token="t0k3n").start()
    with override_settings(NATIONAL_URL=made.url, NATIONAL_TOKEN="t0k3n"):
        yield made
    made.stop()


def marked() -> None:
    wait_until_readable()
    with worker():
        while True:
            with scope(JOB):
                if not keeping.mark(NOW):
                    return


def sent(now: datetime = NOW) -> keeping.Sent:
    found = port.national_port()
    assert found is not None
    with worker():
        return keeping.send_due(found, now)


def row(case: UUID | str) -> dict[str, Any]:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(n) FROM td_national n WHERE case_id = %s", [str(case)])
        found = cursor.fetchone()[0]
    return dict(json.loads(found) if isinstance(found, str) else found)


def test_a_letter_and_its_matter_reach_the_database_as_declared(there: Simulator) -> None:
    letter = send()
    matter = open_petition(letter).opened[0]
    marked()
    assert sent() == keeping.Sent(sent=2)
    theirs = there.records[format_reference(matter[1])]
    assert theirs["nguoi_gui"] == "Canary Văn Tên" and theirs["loai"] == "Kiến nghị, phản ánh" and theirs["trang_thai"] == "Chờ thụ lý"
    assert there.records[format_reference(letter.reference)]["ket_qua"] == "Đã mở vụ việc để giải quyết"
    assert row(letter.case)["waiting"] is None and row(letter.case)["their_id"].startswith("QG-")


def test_nothing_is_sent_twice_and_a_change_is_sent_again(there: Simulator) -> None:
    letter = send()
    marked()
    assert sent() == keeping.Sent(sent=1)
    assert sent() == keeping.Sent()
    open_petition(letter)
    marked()
    assert sent() == keeping.Sent(sent=2)
    assert there.records[format_reference(letter.reference)]["phan_loai"] == "Kiến nghị"


def test_what_fails_is_tried_again_later_and_its_age_stays(there: Simulator) -> None:
    letter = send()
    marked()
    there.faults.fail = 1.0
    assert sent() == keeping.Sent(failed=1)
    assert sent() == keeping.Sent(), "not before its time"
    assert (row(letter.case)["last_error"], row(letter.case)["attempts"]) == ("http_503", 1)
    since = row(letter.case)["waiting"]
    there.faults.fail = 0.0
    assert sent(NOW + timedelta(minutes=2)) == keeping.Sent(sent=1)
    assert since and row(letter.case)["waiting"] is None


def test_a_refused_record_waits_until_it_changes_and_an_absent_server_costs_nothing(there: Simulator) -> None:
    letter = send()
    marked()
    with override_settings(NATIONAL_TOKEN="wrong"):
        assert sent() == keeping.Sent(failed=1)
    assert row(letter.case)["next_at"] is None and row(letter.case)["last_error"] == "http_401"
    open_petition(letter)
    marked()
    assert row(letter.case)["next_at"] is not None and row(letter.case)["attempts"] == 0
    there.stop()
    assert sent() == keeping.Sent(failed=2)


def test_reconciliation_says_what_differs_and_sends_it_anew(there: Simulator) -> None:
    letter, lost = send(), send("Một đơn khác.")
    marked()
    sent()
    there.records[format_reference(letter.reference)]["trang_thai"] = "?"
    del there.records[format_reference(lost.reference)]
    with worker():
        assert keeping.reconcile(port.HttpPort(), NOW) == (2, 2)
    assert row(letter.case)["differs"] == ["trang_thai"] and row(lost.case)["differs"] == ["*"]
    page = at("tiepdan").get(f"{DESK}/quoc-gia/").content.decode()
    assert "bên kia không có" in page and "Trạng thái" in page
    assert sent() == keeping.Sent(sent=2)
    with worker():
        assert keeping.reconcile(port.HttpPort(), NOW + timedelta(days=2)) == (2, 0)


def test_nothing_of_a_denouncer_goes_by_any_way(there: Simulator, tmp_path: Path) -> None:
    done = perform(Command("letters.letter", None, "receive", {"text": SECRET, "channel": "portal", "keep_secret": True, "commune": AGENCY},
                           agency="ban-tcd"), SENDER, "k-1", client="t",
                   identity={"name": "Đinh Bí Mật", "phone": "0911", "address": "ngõ Kín"})  # fmt: skip
    perform(Command("letters.letter", str(done.case), "open_denunciation", {
        "accused": [f"{AGENCY}/head"], "accused_words": "Chủ tịch xã", "matter_agency": "ubnd-tinh", "transcript": "Chủ tịch xã nhận tiền.",
        "transcript_checked": True, "topic": "đất đai"}), official("reception", "ban-tcd"))  # fmt: skip
    marked()
    with worker(), scope(JOB):
        made = [record for _, record in records([done.case]).values()]
    outputs = [port.as_json(made).decode(), port.as_xml(made).decode()]
    assert sent() == keeping.Sent(sent=2)
    outputs.append(json.dumps(there.records, ensure_ascii=False))
    outputs.append(at("bantcd").get(f"{DESK}/quoc-gia/{done.case}/").content.decode())
    for output in outputs:
        for word in (SECRET, "Bí Mật", "0911", "ngõ Kín", "nhận tiền", "đất đai", "Kim Bôi"):
            assert word not in output.replace("xã Kim Bôi (trình diễn)", ""), word
    private = {f.id for f in declared().fields if f.private}
    assert all(not private & set(r) for r in there.records.values()) and len(there.records) == 2
    chair = at("chutich")
    assert chair.get(f"{DESK}/quoc-gia/{done.case}/").status_code == 404
    assert "Không còn bản ghi nào chờ gửi" in chair.get(f"{DESK}/quoc-gia/").content.decode()


def test_sums_of_what_waits_never_count_the_vault() -> None:
    send()
    send("Xin giữ kín.", keep_secret=True)
    marked()
    with scope(official("head")):
        assert [(agency, count) for agency, count, _ in keeping.behind()] == [(AGENCY, 1)]


def test_a_clerk_copies_from_one_screen_and_notes_it_unless_the_case_moved_on() -> None:
    letter = send()
    marked()
    clerk = at("tiepdan")
    path = f"{DESK}/quoc-gia/{letter.case}/"
    page = clerk.get(path).content.decode()
    assert page.count("data-copy=") == len(declared().fields) and 'value="Canary Văn Tên"' in page and "chưa đối chiếu" in page
    digest = page.split('name="digest" value="')[1].split('"')[0]
    open_petition(letter)
    marked()
    assert "vừa có thay đổi" in clerk.post(path, {"digest": digest}, follow=True).content.decode()
    again = clerk.get(path).content.decode().split('name="digest" value="')[1].split('"')[0]
    assert "Đã ghi nhận" in clerk.post(path, {"digest": again, "their_id": "QG-1"}, follow=True).content.decode()
    assert row(letter.case)["waiting"] is None and row(letter.case)["sent_by"] == "c04978-vp/reception"


def test_a_package_goes_out_and_its_answer_comes_back(tmp_path: Path) -> None:
    letter = send("Đơn & <dấu> lạ")
    marked()
    with worker(), scope(JOB):
        made = [record for _, record in records([letter.case]).values()]
    package = json.loads(port.as_json(made))
    assert package["records"][0]["noi_dung"] == "Đơn & <dấu> lạ"
    assert ET.fromstring(port.as_xml(made)).findtext("record/noi_dung") == "Đơn & <dấu> lạ"  # noqa: S314  our own
    with worker():
        assert keeping.confirm([{"ma": made[0]["ma"], "id": "QG-7"}, {"ma": "7K3-9QX-M4P", "id": "?"}], NOW) == 1
    assert row(letter.case)["their_id"] == "QG-7"


def test_the_simulator_refuses_what_is_not_declared_and_its_faults_come_the_same_each_time() -> None:
    made = [Simulator(faults=Faults(fail=0.5, seed=3)) for _ in range(2)]
    tried = [[s.answer("POST", "/records/query", "", {"ma": []})[0] for _ in range(20)] for s in made]
    assert tried[0] == tried[1] and {200, 503} == set(tried[0])
    other = Simulator()
    assert other.answer("PUT", "/records/A", "", {"ma": "A", "so_can_cuoc": "1"})[0] == 422
    assert other.answer("GET", "/", "", None)[0] == 404
    for one in (*made, other):
        one.server.server_close()


def test_commands_say_in_plain_words_what_is_missing(tmp_path: Path) -> None:
    from trongdan.doors.cli.national import command

    bad = tmp_path / "x.json"
    bad.write_text("{")
    done = CliRunner().invoke(command, ["confirm", str(bad)])
    assert done.exit_code == 1 and "Tệp không phải JSON." in done.output
    bad.write_text('{"ma": 1}')
    assert "danh sách" in CliRunner().invoke(command, ["confirm", str(bad)]).output


def test_a_reception_is_a_record_once_what_was_said_is_confirmed_and_of_a_sealed_one_only_its_course(there: Simulator) -> None:
    one = begun()
    marked()
    assert sent() == keeping.Sent(), "at the table nothing is told yet"
    written(one.case, topic="thoát nước")
    marked()
    assert sent() == keeping.Sent(sent=1)
    theirs = there.records[format_reference(one.reference)]
    assert (theirs["loai"], theirs["phan_loai"], theirs["nguoi_gui"]) == ("Tiếp công dân", "Kiến nghị", "Canary Văn Khách")
    assert theirs["noi_dung"] == WORDS and theirs["nguoi_tiep"] and theirs["han"] and "huong_xu_ly" not in theirs
    do(one.case, "tell", result="accepted", result_words="Đã mở việc", contact="Phòng Kinh tế")
    marked()
    sent()
    told = there.records[format_reference(one.reference)]
    assert (told["huong_xu_ly"], told["ket_qua"]) == ("Đã thụ lý, đang giải quyết", "Đã thông báo kết quả xử lý")
    slip = booking.book(booking.Ask(posted(9), "door", {"name": "Bạch Thị Kín"}), by("reception"), DECEMBER)
    kept = table.begin(slip.id, by("reception"), keep_secret=True)
    do(kept.case, "write_down", text=SECRET, nature="to_cao", confirmed_how="signature", keep_secret=True)
    marked()
    assert sent() == keeping.Sent(sent=1)
    sealed = there.records[format_reference(kept.reference)]
    assert set(sealed) <= {f.id for f in declared().fields if not f.private}
    assert "Kín" not in str(sealed) and SECRET not in str(sealed)
