"""The promise "say it once": what was handed in or issued is kept for its owner, offered at the next dossier, and seen by nobody
without a trace."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.core.links.standin import standing_in
from tests.core.links.test_signin import NUMBER as PERSON
from tests.core.links.test_signin import vneid
from tests.doors.portal.test_person import provider, signed_in
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.kinds.procedures.test_counter import PAGE, sign_in
from tests.kinds.procedures.test_dossier import holder
from tests.roles import worker
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.links.simulator import Simulator, person_of
from trongdan.core.links.vneid import BUSINESSES, NUMBERS, VNeID
from trongdan.core.papers import files
from trongdan.core.papers.check import check_files
from trongdan.core.papers.erase import Erasable, erase
from trongdan.core.store import issued, items
from trongdan.core.store.items import About, own_items, put, sweep
from trongdan.core.store.looks import look, looks, uses
from trongdan.core.store.owner import Owner, owner_of, owner_of_case
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures.again import fits, kept_for_again, title_of

__all__ = ["provider", "vneid"]
pytestmark = pytest.mark.django_db(transaction=True)
VNEID_OTHER = NUMBERS[1]
ME = Owner("person", PERSON)


@pytest.fixture(autouse=True)
def own_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests left on the disk is not this one's to sweep."""
    monkeypatch.setattr(items, "subfolder", lambda _name: tmp_path)


def picture(color: str = "white") -> Any:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), color).save(out, "PNG")
    out.seek(0)
    out.name = "anh.png"
    return out


def pdf(words: str = "Giấy phép") -> bytes:
    import typst

    made = typst.compile(f"= {words}".encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def register(settings: Any) -> Iterator[Simulator]:
    with standing_in(seed=1) as made:
        settings.REGISTER_URL = made.url
        yield made


@pytest.fixture
def counter() -> Client:
    papers = ("Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị nuôi ong1 bản chính"
              "Bản sao có chứng thực Giấy chứng nhận tập huấn nuôi ong (nếu đã cấp)1 bản sao")  # fmt: skip
    bring(row(documents=papers, result="Giấy phép nuôi ong trong rừng"),
          row("1.900005", "Gia hạn nuôi ong", documents="Tên giấy tờMẫu đơn, tờ khaiSố lượng"
              "Giấy chứng nhận tập huấn nuôi ong, theo mẫu của sở1 bản chínhGiấy phép nuôi ong trong rừng đã cấp1 bản chính"),
          on=date(2026, 1, 1))  # fmt: skip
    return sign_in("motcua")


def send(client: Client, draft: str | None = None, **more: Any) -> Any:
    typed = {"code": "1.900001", "name": "Bùi Thị Mận", "paper": ["1"], "number": PERSON, "consent": "1",
             "draft": draft or str(uuid4())} | more  # fmt: skip
    return client.post(PAGE, typed)


def case_of(answer: Any) -> UUID:
    assert answer.status_code == 302, text(answer)[:800]
    return UUID(answer["Location"].rpartition("=")[2])


def first_dossier(client: Client) -> UUID:
    """Handed in with a scan of the certificate, marked as the second paper asked."""
    draft = str(uuid4())
    kept = send(client, draft, files=picture(), do="files")
    assert "anh.png" in kept.content.decode() and kept.status_code == 200
    return case_of(send(client, draft, paper=["1", "2"], means0="2", no0="07/TH", until0="2030-01-01"))


def look_for(client: Client, draft: str, code: str = "1.900005") -> Any:
    return send(client, draft, code=code, paper=[], do="look")


def offered(answer: Any) -> list[str]:
    return re.findall(r'name="reuse" value="([^"]+)"', answer.content.decode())


def finished(client: Client, case: UUID) -> Client:
    """The dossier settled by whoever holds it; that person's browser."""
    while True:
        who = holder(case)
        with scope(JOB):
            state = load([case])[case].state
        if state.fields["desk"] == state.fields["desks"]:
            perform(Command("", str(case), "finish", {"result": "granted", "result_no": "12/GP"}), who)
            break
        perform(Command("", str(case), "pass_on", {}), who)
    return browser_of(str(who.post.id if who.post else ""))


def browser_of(post: str) -> Client:
    from django.contrib.auth.models import User

    from trongdan.core.agencies.models import Appointment
    from trongdan.core.people.models import Person

    person = Appointment.objects.filter(post_id=post).order_by("-since").values_list("person", flat=True).first()
    client = Client()
    client.force_login(User.objects.get(person=Person.objects.get(id=person)))
    client.post("/ban-lam-viec/chuc-danh/", {"post": post})
    return client


def issue(client: Client, case: UUID, **more: Any) -> Any:
    file = io.BytesIO(pdf())
    file.name = "ket-qua.pdf"
    return client.post(f"/ban-lam-viec/ho-so/{case}/ket-qua/", {"name": "Giấy phép nuôi ong trong rừng", "number": "12/GP", "how": "test",
                                                               "on": today().isoformat(), "file": file, "do": "issue",
                                                               "draft": str(uuid4())} | more)  # fmt: skip


def test_a_paper_handed_in_once_is_offered_at_the_next_dossier_and_counts_as_brought(counter: Client) -> None:
    first = first_dossier(counter)
    draft = str(uuid4())
    page = look_for(counter, draft)
    assert "Giấy chứng nhận tập huấn nuôi ong, số 07/TH" in text(page)
    assert "đã xem bản chính" in text(page) and "hết hạn 01/01/2030" in text(page)
    found = offered(page)
    assert len(found) == 1 and found[0].startswith("1:")
    refused = send(counter, draft, code="1.900005", paper=["2"], looked="1")
    assert refused.status_code == 422, "what is not ticked is not brought"
    second = case_of(send(counter, draft, code="1.900005", paper=["2"], looked="1", reuse=found))
    with scope(JOB):
        sheets = files.listed(second)
        reference, state = load([second])[second].reference, load([second])[second].state
    assert [s["source"] for s in sheets] == ["kho giấy tờ của người nộp"]
    assert state.fields["papers_in"] == "1 2"
    copied = files.path_of(sheets[0]["id"]).read_bytes()  # type: ignore[arg-type]
    (kept,) = own_items(ME)
    assert copied == items.bytes_of(ME, kept.id) and len(state.fields["files"]) == 1, "the trail commits to the copy"
    with worker():
        assert not list(check_files())
    assert (kept.how, kept.case, kept.agency) == ("received", first, "c04978")
    assert [r for _at, _a, r in uses(ME)[kept.id]] == [reference]


def test_the_register_fills_in_what_it_knows_and_nothing_typed_is_overwritten(counter: Client, register: Simulator) -> None:
    person = person_of(1, "025081000123") or {}
    page = send(counter, name="", number="025 081 000 123", do="look").content.decode()
    assert person["name"] in page and person["residence"].split(",")[0] in page
    other = send(counter, number="025081000123", do="look")
    assert "Bùi Thị Mận" in other.content.decode()
    assert "Họ tên đã ghi khác" in text(other)


def test_when_the_register_is_away_the_store_still_offers_and_the_dossier_is_taken_in(counter: Client, settings: Any) -> None:
    settings.REGISTER_URL = ""
    first_dossier(counter)
    page = look_for(counter, str(uuid4()))
    assert "không trả lời" in text(page) and offered(page)


def test_without_a_yes_nothing_is_looked_up_and_a_bad_number_names_its_field(counter: Client) -> None:
    first_dossier(counter)
    for change, words in (({"consent": ""}, "đồng ý"), ({"number": "12"}, "12 chữ số"), ({"number": ""}, "số định danh")):
        answer = send(counter, code="1.900005", do="look", **change)
        assert (answer.status_code, words in text(answer)) == (422, True), change
        assert "Bùi Thị Mận" in answer.content.decode()
    assert looks(ME) == [], "a look that was refused is none"
    assert not offered(send(counter, code="1.900005", paper=[], do="files", looked="1", consent="")), "nor is a page that says it looked"


def test_a_look_is_on_record_once_for_a_form_and_only_a_counter_may(counter: Client) -> None:
    first_dossier(counter)
    draft = str(uuid4())
    for _again in range(3):
        look_for(counter, draft)
    assert [(a, p) for _at, a, p in looks(ME)] == [("c04978", "1.900005")]
    other = sign_in("chuyenvien")
    assert other.post(PAGE, {"code": "1.900005", "number": PERSON, "consent": "1", "do": "look", "draft": str(uuid4())}).status_code == 422
    assert len(looks(ME)) == 1


def test_only_papers_the_procedure_asks_for_are_shown(counter: Client) -> None:
    put(ME, files.check("a.png", picture("red").read()), About("Bằng tốt nghiệp đại học ngành thú y"), "received", timezone.now(), "c04978")
    page = look_for(counter, str(uuid4()))
    assert "Bằng tốt nghiệp" not in page.content.decode()
    assert "Kho chưa có giấy tờ nào dùng lại được" in text(page)


def test_without_the_number_neither_the_database_nor_the_disk_tells_anything(counter: Client) -> None:
    first_dossier(counter)
    (kept,) = own_items(ME)
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("SELECT * FROM td_store_item")
    with worker(), scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM td_store_item i")
        rows = " ".join(r[0] for r in cursor.fetchall())
    on_disk = items.path_of(kept.id).read_bytes()
    assert "ong" not in rows and PERSON not in rows and b"PNG" not in on_disk
    stranger = Owner("person", "025081000999")
    assert own_items(stranger) == []
    with pytest.raises(Refusal, match="Không mở được"):
        items.bytes_of(stranger, kept.id)
    assert PERSON not in repr(ME)


def test_the_same_bytes_are_one_paper_and_a_counter_s_word_outranks_one_s_own(counter: Client) -> None:
    file = files.check("a.png", picture("blue").read())
    mine = put(ME, file, About("Giấy chứng nhận tập huấn nuôi ong"), "own", timezone.now())
    assert put(ME, file, About("Giấy chứng nhận tập huấn nuôi ong"), "received", timezone.now(), "c04978") == mine
    (kept,) = own_items(ME)
    assert (kept.how, kept.agency) == ("received", "c04978")
    assert put(ME, file, About("Khác"), "own", timezone.now()) == mine
    assert own_items(ME)[0].how == "received", "and is not lowered again"


def test_a_full_store_refuses_one_more_and_leaves_no_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "MOST", 2)
    for color in ("red", "blue"):
        put(ME, files.check("a.png", picture(color).read()), About("Giấy"), "own", timezone.now())
    with pytest.raises(Refusal, match="Kho đã có 2"):
        put(ME, files.check("a.png", picture("green").read()), About("Giấy"), "own", timezone.now())
    assert len(own_items(ME)) == 2
    assert sweep(timezone.now().timestamp() + 10, older=0) == 0


def test_bytes_whose_paper_never_came_to_be_are_taken_away_once_they_are_old(counter: Client) -> None:
    lost = items.path_of(uuid4())
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"x")
    put(ME, files.check("a.png", picture().read()), About("Giấy"), "own", timezone.now())
    with worker():
        assert sweep(timezone.now().timestamp()) == 0, "it may be of a transaction that is still open"
        assert sweep(timezone.now().timestamp() + 90_000) == 1
    assert not lost.exists() and items.bytes_of(ME, own_items(ME)[0].id)


def test_files_taken_back_move_what_was_said_of_the_others(counter: Client) -> None:
    draft = str(uuid4())
    send(counter, draft, files=picture("red"), do="files")
    send(counter, draft, files=picture("blue"), do="files", means0="1")
    page = send(counter, draft, do="files", drop="0", means0="1", means1="2", no1="09").content.decode()
    assert page.count('class="govuk-fieldset govuk-form-group td-kept"') == 1
    assert re.search(r'<option value="2" selected>', page) and 'value="09"' in page


def test_what_a_person_fills_in_is_not_kept_for_again() -> None:
    assert not kept_for_again("Đơn đề nghị cấp giấy phép") and not kept_for_again("Tờ khai đăng ký kết hôn")
    assert not kept_for_again("Giấy tờ tùy thân của người đi khai (xuất trình)"), "what says who stands there is not a copy"
    assert kept_for_again("Bản sao Giấy phép xây dựng") and kept_for_again("Bản sao thẻ, xuất trình bản chính để đối chiếu")
    assert title_of("Bản sao có chứng thực hoặc bản sao kèm bản chính để đối chiếu Giấy phép xây dựng (nếu có)") == "Giấy phép xây dựng"
    assert title_of("02 bản sao trích lục khai sinh; trường hợp mất thì xin cấp lại") == "Trích lục khai sinh"
    assert fits("Giấy phép xây dựng", "", "Bản sao Giấy phép xây dựng nhà ở") and not fits("Giấy chứng nhận", "", "Giấy chứng nhận hộ nghèo")
    assert not fits("Giấy phép xây dựng", "", "Đơn đề nghị cấp lại giấy phép xây dựng")
    assert fits("Khai sinh", "birth", "Giấy khai sinh của trẻ") and not fits("Khai sinh", "birth", "Giấy chứng tử")


# --- the owner ------------------------------------------------------------------------------------------------------------


def test_the_owner_sees_each_paper_where_it_comes_from_who_looked_and_what_it_was_used_for(counter: Client, provider: VNeID) -> None:
    first_dossier(counter)
    draft = str(uuid4())
    found = offered(look_for(counter, draft))
    case_of(send(counter, draft, code="1.900005", paper=["2"], looked="1", reuse=found))
    browser = signed_in()
    page = browser.get("/cua-toi/giay-to/")
    assert "Giấy chứng nhận tập huấn nuôi ong, số 07/TH" in text(page)
    assert "cán bộ đã xem bản chính" in text(page) and "Đã dùng cho:" in text(page)
    assert "Gia hạn nuôi ong" in text(page), "who looked, and for what"
    assert "Hồ sơ thủ tục hành chính" in text(browser.get("/cua-toi/")), "and the counter's dossiers are among one's own"
    assert "tập huấn" not in text(signed_in(number=VNEID_OTHER).get("/cua-toi/giay-to/"))


def test_the_owner_puts_a_paper_in_takes_it_back_and_it_is_gone_from_the_disk(provider: VNeID) -> None:
    browser = signed_in()
    bad = browser.post("/cua-toi/giay-to/", {"name": "", "file": picture()})
    assert bad.status_code == 422 and "tên giấy tờ" in text(bad)
    assert browser.post("/cua-toi/giay-to/", {"name": "Giấy khai sinh"}).status_code == 422
    assert browser.post("/cua-toi/giay-to/", {"name": "Giấy khai sinh", "file": picture(), "until": "hôm qua"}).status_code == 422
    done = browser.post("/cua-toi/giay-to/", {"name": "Giấy khai sinh", "number": "33", "file": picture()}, follow=True)
    assert "Giấy khai sinh, số 33" in text(done) and "tự đưa lên" in text(done)
    (kept,) = own_items(ME)
    assert (kept.how, kept.about.means) == ("own", "birth")
    there = browser.get(f"/cua-toi/giay-to/{kept.id}/")
    assert there["Content-Type"] == "image/png" and "Giấy" not in there["Content-Disposition"], "the file's name tells nothing"
    assert signed_in(number=VNEID_OTHER).get(f"/cua-toi/giay-to/{kept.id}/").status_code == 404
    assert signed_in(number=VNEID_OTHER).post(f"/cua-toi/giay-to/{kept.id}/").status_code == 404
    browser.post(f"/cua-toi/giay-to/{kept.id}/")
    assert own_items(ME) == [] and not items.path_of(kept.id).exists()


def test_nobody_signed_in_or_at_a_low_level_opens_a_store(provider: VNeID) -> None:
    assert Client().get("/cua-toi/giay-to/")["Location"].startswith("/dang-nhap/")
    assert signed_in("loa1").get("/cua-toi/giay-to/")["Location"] == "/cua-toi/"


def test_erasing_a_dossier_takes_its_result_and_the_number_but_leaves_the_owner_s_paper(counter: Client) -> None:
    case = first_dossier(counter)
    issue(finished(counter, case), case)
    with scope(JOB):
        assert owner_of_case(case) == ME
        reference = load([case])[case].reference
    with worker():
        erase(Erasable(case, reference, "procedures.dossier", date(2020, 12, 31), unread=True), "12/QĐ-UBND")
        with scope(JOB):
            assert owner_of_case(case) is None and issued.of_case(case) == []
    assert {i.case for i in own_items(ME)} == {None} and len(own_items(ME)) == 2


def test_an_expired_paper_is_not_offered(counter: Client) -> None:
    for days, color in ((-1, "red"), (0, "blue")):
        put(ME, files.check("a.png", picture(color).read()),
            About("Giấy chứng nhận tập huấn nuôi ong", valid_until=today() + timedelta(days=days)), "received", timezone.now(), "c04978")  # fmt: skip
    assert len(offered(look_for(counter, str(uuid4())))) == 1


def test_a_paper_taken_from_the_store_between_tick_and_enter_is_said(counter: Client) -> None:
    first_dossier(counter)
    draft = str(uuid4())
    found = offered(look_for(counter, draft))
    items.remove(ME, own_items(ME)[0].id, timezone.now())
    answer = send(counter, draft, code="1.900005", paper=["2"], looked="1", reuse=found)
    assert answer.status_code == 422 and "không còn trong kho" in text(answer)


def test_a_business_has_its_store_by_its_code(counter: Client) -> None:
    assert owner_of("0100 109 106") == Owner("business", "0100109106")
    assert owner_of("0100109106-001").number == "0100109106001"
    draft = str(uuid4())
    send(counter, draft, files=picture(), do="files", number="0100109106")
    case_of(send(counter, draft, paper=["1", "2"], means0="2", number="0100109106"))
    assert len(own_items(Owner("business", "0100109106"))) == 1 and own_items(Owner("person", "000100109106")) == []


def test_who_acts_for_a_business_sees_its_papers_and_dossiers_and_nobody_else_does(counter: Client, provider: VNeID) -> None:
    code, name = BUSINESSES[NUMBERS[0]]
    draft = str(uuid4())
    send(counter, draft, files=picture(), do="files", number=code)
    case_of(send(counter, draft, paper=["1", "2"], means0="2", number=code, no0="88/TH"))
    (kept,) = own_items(Owner("business", code))
    browser = signed_in(acts_for=code)
    mine = text(browser.get("/cua-toi/"))
    assert f"Đại diện cho {name} (mã số {code})" in mine.replace(" .", ".")
    assert f"Của {name}" in mine and "Hồ sơ thủ tục hành chính" in mine
    page = text(browser.get("/cua-doanh-nghiep/giay-to/"))
    assert f"Giấy tờ của {name}" in page and "số 88/TH" in page
    assert browser.get(f"/cua-doanh-nghiep/giay-to/{kept.id}/").status_code == 200
    assert "88/TH" not in text(browser.get("/cua-toi/giay-to/")), "a person's own papers are another store"
    assert browser.get(f"/cua-toi/giay-to/{kept.id}/").status_code == 404
    for other in (signed_in(), signed_in("loa1", acts_for=code), signed_in(number=VNEID_OTHER, acts_for=code)):
        assert other.get("/cua-doanh-nghiep/giay-to/")["Location"] == "/cua-toi/"
        assert other.get(f"/cua-doanh-nghiep/giay-to/{kept.id}/")["Location"] == "/cua-toi/"
        assert other.post(f"/cua-doanh-nghiep/giay-to/{kept.id}/")["Location"] == "/cua-toi/"
        assert f"Của {name}" not in text(other.get("/cua-toi/"))
    assert Client().get("/cua-doanh-nghiep/giay-to/")["Location"].startswith("/dang-nhap/")
    assert browser.post("/cua-doanh-nghiep/giay-to/", {"name": "Điều lệ công ty", "file": picture("red")})["Location"] == "/cua-doanh-nghiep/giay-to/"
    assert len(own_items(Owner("business", code))) == 2


def test_the_database_refuses_a_look_that_says_neither_who_nor_why() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="needs an agency"):
        cursor.execute("SELECT * FROM td_store_look(%s, %s, '', '', '', '', now())", [ME.subject, uuid4()])


def test_only_a_counter_s_post_may_look() -> None:
    from tests.core.cases.people import official

    with pytest.raises(Refusal, match="Một cửa"):
        look(ME, official("officer"), uuid4(), "1.900005", timezone.now())


def test_a_moment_s_day_on_a_page_is_the_day_in_vietnam() -> None:
    from datetime import UTC, datetime

    from trongdan.platform.ui.templatetags.ui import vi_date

    assert vi_date(datetime(2026, 11, 26, 17, 30, tzinfo=UTC)) == "27/11/2026"
