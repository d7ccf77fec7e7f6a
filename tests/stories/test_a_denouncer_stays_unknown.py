"""Story: a denunciation of the chair of a commune goes its whole way at the province. Whoever looks from the commune, into any
output there is, finds nothing; what lawfully reaches the denounced carries no trace of who denounced."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from docx import Document
from PIL import Image
from pypdf import PdfReader

from tests.board.people import everything_in, tallied
from tests.core.cases.people import until, wait_until_readable
from tests.home_files import beside_the_database
from tests.roles import worker
from trongdan.board.national.keeping import mark
from trongdan.core.agencies.selectors import actor_for
from trongdan.core.cases import selectors
from trongdan.core.cases.perform import perform
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.notices.make import read_trail
from trongdan.doors.cli.demo import person_id
from trongdan.doors.portal import robots
from trongdan.kernel.case import Actor, Command
from trongdan.platform.home import home

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "mười hai triệu đồng tiền chim bồ câu"
NAME, PHONE, MAIL, PLACE = "Đinh Thị Bí Mật", "0987654321", "bimat@example.vn", "ngõ Canh Giữ, xóm Bảy"
FILE = "don-viet-tay-cua-bi-mat.png"
TRANSCRIPT = "Người tố cáo trình bày: Chủ tịch xã đã nhận một khoản tiền lớn."
COMMUNE = ("tiepdan", "chutich", "phochutich", "vanphong", "vanthu", "truongphong", "chuyenvien", "xacminh")
DESK = "/ban-lam-viec/"
READABLE = ("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
            "AND has_table_privilege(oid, 'SELECT') ORDER BY 1")  # fmt: skip


@dataclass(frozen=True)
class Denounced:
    reference: str
    token: str
    letter: UUID
    matter: UUID


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def actor(login: str) -> Actor:
    return actor_for(person_id(login), None, today())


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 600), "white").save(out, "PNG")
    return out.getvalue()


def numbers() -> list[Any]:
    """What the commune's posts see counted, grouped and listed."""
    out: list[Any] = []
    for login in COMMUNE:
        who = actor(login)
        with scope(who):
            out += [selectors.morning(who, today()), selectors.choices_of("c04978"), selectors.late_below(),
                    [line.id for line in selectors.of_agency("c04978")]]  # fmt: skip
    return out


@pytest.fixture
def before() -> list[Any]:
    return numbers()


@pytest.fixture
def denounced(before: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Denounced:
    """Sent by the portal straight to the province, transcribed and opened at its reception, accepted by the chair."""
    monkeypatch.setattr(robots, "SOONEST", 0)
    robots._seen.clear()
    caplog.set_level(logging.DEBUG)
    person = Client()
    assert "Gửi thẳng lên tỉnh" in person.get("/to-cao/").content.decode(), "offered before anything is typed"
    form = person.get("/gui-don/?kin=1&toi=tinh").content.decode()
    assert form.index("Gửi cho ai?") < form.index('name="text"')
    data = {"text": f"Tôi tên là {NAME}. Ông Bùi Văn Hiệu đã nhận {CANARY} của nhà tôi.", "commune": "Kim Bôi", "to": "province",
            "secret": "1", "own_word": "to_cao", "do": "send", "name": NAME, "phone": PHONE, "email": MAIL, "address": PLACE,
            "draft": str(uuid4()), "stamp": robots.new_stamp(), "files": SimpleUploadedFile(FILE, picture(), "image/png")}  # fmt: skip
    assert person.post("/gui-don/", data).status_code == 302
    assert "khóa trong kho kín" in person.get("/da-nhan/").content.decode()
    reference, token, *_more = person.session["received"]
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE reference = %s", [reference])
        letter = cursor.fetchone()[0]
    return Denounced(reference, token, letter, _opened(letter))


def _opened(letter: UUID) -> UUID:
    desk = at("bantcd")
    page = desk.get(f"{DESK}ho-so/{letter}/").content.decode()
    assert "Kho kín" in page
    assert not [t for t in (PHONE, MAIL, "Canh Giữ", FILE) if t in page], "the letter's own words alone still name their writer"
    done = desk.post(f"{DESK}ho-so/{letter}/lam/", {
        "action": "open_denunciation", "accused": ["Chủ tịch UBND xã Kim Bôi", "", ""], "accused_words": "Chủ tịch UBND xã Kim Bôi",
        "matter_agency": "c04978", "transcript": TRANSCRIPT, "transcript_checked": "1"})  # fmt: skip
    assert done.status_code == 302, done.content.decode()[:2000]
    with scope(JOB):
        (child,) = load([letter])[letter].state.children
    matter = UUID(child)
    chair, officer = actor("chutichtinh"), actor("cvtinh")
    perform(Command("", child, "case.assign", {"post": "ubnd-tinh/officer/1"}), chair)
    perform(Command("", child, "sign", {"how_signed": "paper"}), officer)
    perform(Command("", child, "check_identity", {"identity_checked": "known", "offender_clear": True}), officer)
    perform(Command("", child, "accept", {"accepted_content": "Nhận tiền của dân"}), officer)
    _sign(matter, "p1")
    perform(Command("", child, "notify_denounced", {"notice_content": "Nhận một khoản tiền của dân"}), officer)
    perform(Command("", child, "order_verification", {
        "verifier": "thanh-tra/verifier", "team": ["thanh-tra/officer/1"], "verify_content": "Việc nhận tiền", "no_kin": True,
        "verify_until": today().isoformat()}), officer)  # fmt: skip
    with worker():
        wait_until_readable()
        until(5, fill_search)
        until(5, read_trail)
    return matter


def _sign(matter: UUID, paper: str) -> None:
    for stage, login in (("initial", "phongtinh"), ("check", "vanphongtinh"), ("sign", "chutichtinh"), ("number", "vanthutinh")):
        data = {"paper": paper, **({"number": "01/QĐ-UBND"} if stage == "number" else {}), **({"how": "ink"} if stage == "sign" else {})}
        perform(Command("", str(matter), f"paper.{stage}", data), actor(login))


def traces(words: str, it: Denounced | None = None) -> list[str]:
    kept = [CANARY, "chim bồ câu", NAME, "bi-mat", PHONE, MAIL, "Canh Giữ"]
    if it is not None:
        kept += [it.reference, it.reference[2:], str(it.letter), str(it.matter), it.token, TRANSCRIPT]
    return [t for t in kept if t in words]


@pytest.mark.parametrize("login", COMMUNE)
def test_no_page_of_the_commune_shows_a_trace(denounced: Denounced, login: str) -> None:
    desk = at(login)
    for path in ("", "ho-so/", "ho-so/?loc=late", "ho-so/?loc=closed", "thong-bao/", "danh-gia/", "trinh-ky/", "tim/?q=chim+bo+cau",
                 "tim/?q=nguoi+to+cao+trinh+bay", "tim/?q=dinh+thi", "tim/?q=khoan+tien"):  # fmt: skip
        found = traces(desk.get(DESK + path).content.decode(), denounced)
        assert not [t for t in found if t not in path], path
    for case in (denounced.letter, denounced.matter):
        for path in ("", "muc-luc.zip", "giay-xac-nhan.pdf", "van-ban/p2.pdf", "van-ban/p2.docx", f"tep/{uuid4()}/"):
            answer = desk.get(f"{DESK}ho-so/{case}/{path}")
            assert answer.status_code == 404, path
            assert not traces(answer.content.decode().replace(str(case), ""), denounced), "error pages say nothing either"
        for path, data in (("lam/", {"action": "case.note", "note": "?"}), ("kho-kin/", {"action": "vault.open", "reason": "tò mò"}),
                           ("kho-kin/che/", {"checked": "1"}), ("co-mat/", {})):  # fmt: skip
            answer = desk.post(f"{DESK}ho-so/{case}/{path}", data)
            assert answer.status_code == 404, path
            assert not traces(answer.content.decode().replace(str(case), ""), denounced)
    assert f"ho-so/{denounced.matter}" not in desk.get(f"{DESK}tim/?q={denounced.reference}").content.decode()


def test_what_the_commune_counts_groups_and_lists_is_what_it_was(before: list[Any], denounced: Denounced) -> None:
    assert numbers() == before


@pytest.mark.parametrize("login", ["chutich", "tiepdan", "vanthu"])
def test_the_whole_database_as_the_commune_may_see_it_holds_no_trace(denounced: Denounced, login: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(READABLE)
        tables = [row[0] for row in cursor.fetchall()]
    assert {"td_case", "td_event", "td_content", "td_identity", "td_file", "td_notice"} <= set(tables)
    assert not {"td_vault", "td_vault_key", "td_vault_term", "td_case_access"} & set(tables)
    with scope(actor(login)), connection.cursor() as cursor:
        for table in tables:
            if table == "td_command_key":  # hashes, and references that say nothing of what they are of
                continue
            cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), \'\') FROM "{table}" t')
            found = traces(cursor.fetchone()[0], denounced)
            assert not [t for t in found if not (table == "td_log_leaf" and t in (str(denounced.letter), str(denounced.matter)))], table


def test_an_export_of_everything_names_nobody(denounced: Denounced, role_db: Any) -> None:
    for role in ("td_export", "td_job", "td_web"):
        db = role_db(role)
        db.execute("SELECT set_config('td.scope', %s, false)", [JOB.text()])
        tables = db.execute(READABLE).fetchall()
        for (table,) in tables:
            words = db.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), \'\') FROM "{table}" t').fetchone()[0]
            assert not traces(words), (role, table)


def test_what_reaches_the_denounced_carries_no_trace_in_words_in_metadata_or_in_its_name(denounced: Denounced) -> None:
    desk = at("cvtinh")
    with scope(JOB):
        papers = load([denounced.matter])[denounced.matter].state.papers
    assert {p.form for p in papers.values()} == {"denunciation_acceptance", "denounced_notice", "verification_team"}
    for paper in papers.values():
        pdf = desk.get(f"{DESK}ho-so/{denounced.matter}/van-ban/{paper.id}.pdf")
        read = PdfReader(io.BytesIO(pdf.content))
        words = "".join(page.extract_text() for page in read.pages) + str(read.metadata) + str(read.xmp_metadata and read.xmp_metadata.stream)
        docx = desk.get(f"{DESK}ho-so/{denounced.matter}/van-ban/{paper.id}.docx")
        document = Document(io.BytesIO(docx.content))
        words += "\n".join(p.text for p in document.paragraphs) + str(vars(document.core_properties._element))
        words += " ".join(c.text for t in document.tables for r in t.rows for c in r.cells)
        names = pdf.headers["Content-Disposition"] + docx.headers["Content-Disposition"]
        assert not traces(words + names, denounced), paper.form
        assert denounced.reference[2:].encode() not in pdf.content + docx.content, paper.form


def test_no_log_line_no_file_and_no_message_holds_a_trace(denounced: Denounced, caplog: pytest.LogCaptureFixture) -> None:
    Client().get(f"/theo-doi/{denounced.reference}/{'A' * 24}/")
    Client().get(f"/theo-doi/{denounced.reference}/{denounced.token}/")
    assert not [t for t in traces(caplog.text, denounced) if t not in (denounced.reference, denounced.reference[2:], str(denounced.letter),
                                                                        str(denounced.matter))]  # fmt: skip
    for path in (p for p in beside_the_database() if p.is_file()):
        assert not traces(str(path.relative_to(home())), denounced), path
        data = path.read_bytes()
        assert not [t for t in (NAME, CANARY, PHONE, FILE) if t.encode() in data], path
        assert picture()[:60] not in data, path
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE channel <> 'app'), coalesce(string_agg(n::text, ' '), '') FROM td_notice n "
                       "WHERE case_id = ANY(%s)", [[denounced.letter, denounced.matter]])  # fmt: skip
        outside, told = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM td_notice WHERE post LIKE 'c04978%%' AND case_id = ANY(%s)",
                       [[denounced.letter, denounced.matter]])  # fmt: skip
        assert (outside, cursor.fetchone()[0], traces(told)) == (0, 0, [])


def test_the_api_and_a_wrong_token_tell_nothing(denounced: Denounced) -> None:
    wrong = Client().get(f"/api/v1/cases/{denounced.reference}?token={'A' * 24}")
    assert wrong.status_code == 404 and not traces(wrong.content.decode())
    own = Client().get(f"/api/v1/cases/{denounced.reference}?token={denounced.token}")
    assert own.status_code == 200
    assert not traces(own.content.decode()), "not even to the denouncer: others may look over a shoulder"
    assert "letters.denunciation" in json.dumps(own.json())


def test_the_tracking_page_the_receipt_and_the_sheets_show_no_name_and_carry_questions(denounced: Denounced) -> None:
    perform(Command("", str(denounced.matter), "case.ask", {"question": "Việc xảy ra ngày nào?"}), actor("cvtinh"))
    track = f"/theo-doi/{denounced.reference}/{denounced.token}/"
    page = Client().get(track).content.decode()
    assert "Việc xảy ra ngày nào?" in page and not traces(page)
    for path in ("giay-xac-nhan.pdf", f"mau-to-cao/{denounced.matter}.pdf", f"mau-to-cao/{denounced.matter}.pdf?rut=1"):
        read = PdfReader(io.BytesIO(Client().get(track + path).content))
        assert not traces("".join(p.extract_text() for p in read.pages) + str(read.metadata)), path
    person = Client(HTTP_ACCEPT_LANGUAGE="vi")
    refused = person.post(track, {"case": str(denounced.matter), "do": "reply", "words": f"Tôi là {NAME}, ngày 3."})
    assert refused.status_code == 422 and "Hãy bỏ đi để giữ kín" in refused.content.decode()
    assert "ngày 3." in refused.content.decode(), "nothing typed is lost"
    assert person.post(track, {"case": str(denounced.matter), "do": "reply", "words": "Khoảng ngày 3."}).status_code == 302
    answered = at("cvtinh").get(f"{DESK}ho-so/{denounced.matter}/").content.decode()
    assert "Khoảng ngày 3." in answered and not traces(answered)


def test_the_settler_opens_the_vault_covers_the_handwriting_and_the_denouncer_sees_that_it_was_opened(denounced: Denounced) -> None:
    chair = at("chutichtinh")
    opened = chair.post(f"{DESK}ho-so/{denounced.matter}/kho-kin/", {"action": "vault.open", "reason": "Mời người tố cáo làm việc"})
    page = opened.content.decode()
    assert NAME in page and CANARY in page and "data:image/png;base64," in page
    assert opened.headers["Cache-Control"] == "no-store"
    file = page.split('name="file" value="', 1)[1].split('"', 1)[0]
    unchecked = chair.post(f"{DESK}ho-so/{denounced.matter}/kho-kin/che/", {"file": file, "usual0": "1"})
    assert unchecked.status_code == 422
    covered = chair.post(f"{DESK}ho-so/{denounced.matter}/kho-kin/che/", {"file": file, "usual0": "1", "usual1": "1", "checked": "1"})
    assert covered.status_code == 302, covered.content.decode()[:1500]
    copies = at("cvtinh").get(f"{DESK}ho-so/{denounced.matter}/").content.decode()
    assert "da-che-" in copies and not traces(copies)
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_file WHERE case_id = %s AND NOT sealed", [denounced.matter])
        copy = at("cvtinh").get(f"{DESK}ho-so/{denounced.matter}/tep/{cursor.fetchone()[0]}/")
    pixels = Image.open(io.BytesIO(copy.content))
    assert (pixels.getpixel((200, 80)), pixels.getpixel((200, 300))) == ((0, 0, 0), (255, 255, 255))
    track = Client().get(f"/theo-doi/{denounced.reference}/{denounced.token}/").content.decode()
    assert track.count("đã mở kho kín, có ghi lý do") == 2


def test_the_matter_says_why_it_lies_at_the_province(denounced: Denounced) -> None:
    page = at("cvtinh").get(f"{DESK}ho-so/{denounced.matter}/").content.decode()
    assert "Tự chuyển từ UBND xã Kim Bôi đến UBND tỉnh." in page
    assert "Luật Tố cáo Đ8 k3, Đ12 k1" in page


@pytest.mark.parametrize("login", ["chutich", "tiepdan", "vanphong", "vanthu"])
def test_registers_figures_and_the_national_record_tell_the_commune_nothing(denounced: Denounced, login: str) -> None:
    tallied()
    with worker():
        while True:
            with scope(JOB):
                if not mark(timezone.now()):
                    break
    desk = at(login)
    outputs = [desk.get(DESK + path).content.decode() for path in (
        "so/", "so/tiep-nhan/", "so/tiep-nhan/?phan=rieng", "so/giai-quyet/", "so/giai-quyet/?phan=rieng", "bao-cao/to-cao/",
        "bao-cao/xu-ly-don/", "bao-cao/xu-ly-don/received/", "bao-cao/to-cao/received/", "bao-cao/to-cao/received/?coquan=ubnd-tinh",
        "quoc-gia/")]  # fmt: skip
    for case in (denounced.letter, denounced.matter):
        answer = desk.get(f"{DESK}quoc-gia/{case}/")
        assert answer.status_code == 404 and not traces(answer.content.decode().replace(str(case), ""), denounced)
    for book in ("so/tiep-nhan", "so/giai-quyet", "bao-cao/xu-ly-don", "bao-cao/to-cao"):
        outputs += [everything_in(desk.get(f"{DESK}{book}.{ending}?phan=rieng").content) for ending in ("xlsx", "docx")]
    for output in outputs:
        assert not traces(output, denounced)
    assert all("0 dòng" in output for output in outputs[1:5])
    with scope(actor(login)), connection.cursor() as cursor:
        for table in ("td_tally", "td_national", "td_report"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM td_national t")
        assert not traces(cursor.fetchone()[0]), "not even the worker's own notes"
