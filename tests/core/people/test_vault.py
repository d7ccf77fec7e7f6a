"""The vault: who a denouncer is stays sealed, and each opening leaves a trace that somebody is told of."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from django.db import DatabaseError, connection

from tests.core.cases.people import send, until, wait_until_readable
from tests.home_files import beside_the_database
from tests.roles import worker
from trongdan.core.cases.perform import perform
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.selectors import late_below, search
from trongdan.core.cases.trail import bodies, load
from trongdan.core.notices.make import read_trail
from trongdan.core.papers import files
from trongdan.core.people import sealed
from trongdan.core.people.vault import open_vault
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal

from .denouncing import (
    CANARY,
    CHAIR,
    DEPUTY,
    NAME,
    OFFICER,
    PHONE,
    RECEPTION,
    SENDER,
    TRANSCRIPT,
    VERIFIER,
    denounce,
    matter_of,
    official,
    open_denunciation,
    picture,
    state_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = (NAME, "0987654321", PHONE, "bimat@example.vn", "Canh Giữ")
ME = Actor(is_sender=True, door="portal")


def everything(owner_db: Any) -> str:
    """Every row of every table, as a superuser's dump has it."""
    tables = [r[0] for r in owner_db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()]
    return " ".join(str(owner_db.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{t}" t').fetchone()[0]) for t in tables)


def test_a_denouncer_is_named_nowhere_in_the_whole_database(owner_db: Any) -> None:
    receipt = denounce(picture("don-cua-bi-mat.png", b"chu viet tay"))
    assert state_of(receipt.case).vault
    dump = everything(owner_db).replace(sealed.json.dumps(""), "")
    with scope(JOB):  # only the letter's own words may name their writer until a transcript stands in their place
        dump = dump.replace(" ".join(bodies([receipt.case]).values()), "")
    assert not [s for s in (*SECRETS, "don-cua-bi-mat") if s in dump]


def test_no_role_reads_a_sealed_row_by_itself(role_db: Any) -> None:
    denounce()
    for role in ("td_web", "td_job", "td_export"):
        db = role_db(role)
        db.execute("SELECT set_config('td.scope', %s, false)", [JOB.text()])
        with pytest.raises(Exception, match="permission denied"):
            db.execute("SELECT sealed FROM td_vault")


def test_the_vault_gives_nothing_to_a_transaction_that_left_no_trace() -> None:
    case = denounce().case
    with pytest.raises(DatabaseError, match="opens only in the transaction"), scope(RECEPTION), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM td_vault_read(%s)", [case])
    open_vault(case, RECEPTION, "Kiểm tra thông tin người tố cáo")
    with pytest.raises(DatabaseError, match="opens only in the transaction"), scope(RECEPTION), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM td_vault_read(%s)", [case])  # the trace of another transaction doesn't do


def test_who_received_the_letter_opens_it_with_a_reason_and_the_inspectorate_is_told() -> None:
    case = denounce().case
    with pytest.raises(Refusal) as caught:
        open_vault(case, RECEPTION, " ")
    assert caught.value.code == "vault.reason"
    found = open_vault(case, RECEPTION, "Kiểm tra thông tin người tố cáo (Đ24)")
    assert found.identity == SENDER
    with scope(JOB):
        (event,) = [e for e in load([case])[case].events if e.tag == "vault:opened"]
    assert event.actor["post"] == "ban-tcd/reception"
    assert event.payload["alert"] == ["thanh-tra/head"], "the board's own head is not appointed: the inspectorate watches"
    assert "Kiểm tra" not in json.dumps(dict(event.payload), ensure_ascii=False), "the reason is a reference"


def test_in_the_matter_the_named_settler_opens_and_nobody_else_alone() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    for other in (DEPUTY, OFFICER, VERIFIER, RECEPTION):
        with pytest.raises(Refusal):
            open_vault(matter, other, "Tôi muốn biết")
    assert open_vault(matter, CHAIR, "Mời làm việc").identity["name"] == NAME


def test_the_settlers_own_opening_is_told_to_the_inspectorate_and_never_to_the_denounced_line() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    open_vault(matter, CHAIR, "Mời làm việc")
    with worker():
        wait_until_readable()
        until(3, read_trail)
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT post FROM td_notice WHERE case_id = %s AND template = 'post_vault'", [matter])
        assert cursor.fetchall() == [("thanh-tra/head",)]
        cursor.execute("SELECT count(*) FROM td_notice WHERE channel <> 'app'")
        assert cursor.fetchone() == (0,), "nothing goes to a telephone that may be shared, or an employer's mail box"
    with scope(official("thanh-tra/head", "thanh-tra", "head")):
        assert load([matter]), "who is alerted can look at the opening"


def test_in_an_emergency_two_persons_open_together_each_with_a_reason() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    perform(Command("", str(matter), "case.assign", {"post": "ubnd-tinh/officer/1"}), CHAIR)
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT td_grant(%s, NULL, 'ubnd-tinh/deputy', false, 'thử')", [matter])
    with pytest.raises(Refusal) as alone:
        open_vault(matter, DEPUTY, "Người tố cáo bị đe dọa", "vault.confirm")
    assert alone.value.code == "vault.nothing_asked"
    perform(Command("", str(matter), "vault.ask", reason="Người tố cáo gọi: đang bị đe dọa"), OFFICER)
    with pytest.raises(Refusal) as same:
        open_vault(matter, OFFICER, "Cần ngay", "vault.confirm")
    assert same.value.code == "vault.same_person"
    assert open_vault(matter, DEPUTY, "Báo công an ngay", "vault.confirm").identity["name"] == NAME
    assert open_vault(matter, OFFICER, "Gọi lại cho người tố cáo").identity["phone"] == PHONE, "the first of the two sees it as well"


def test_a_sealed_field_moved_to_another_case_opens_nothing(owner_db: Any) -> None:
    first, second = denounce().case, denounce().case
    owner_db.execute("UPDATE td_vault SET sealed = (SELECT sealed FROM td_vault WHERE case_id = %s AND field = 'identity') "
                     "WHERE case_id = %s AND field = 'identity'", [first, second])  # fmt: skip
    with pytest.raises(InvalidTag):
        open_vault(second, RECEPTION, "Kiểm tra")


def test_handwriting_lies_encrypted_on_the_disk_and_its_name_and_type_nowhere_else() -> None:
    drawn = b"\x89PNG chu viet tay cua nguoi to cao " * 40
    case = denounce(picture("don-cua-bi-mat.png", drawn)).case
    with scope(Scope(case=case)):
        (row,) = files.listed(case)
    assert (row["name"], row["media"], row["sealed"]) == (files.SEALED_NAME, files.SEALED_MEDIA, True)
    on_disk = files.path_of(UUID(str(row["id"]))).read_bytes()
    assert b"chu viet tay" not in on_disk
    assert abs(len(on_disk) - sealed.PAD) < 100, "not even how long it is"
    assert not [p for p in beside_the_database() if "bi-mat" in p.name]
    (kept,) = open_vault(case, RECEPTION, "Lập bản chép").files
    assert (kept.name, files.reveal(kept.id, kept.key)) == ("don-cua-bi-mat.png", drawn)


def test_once_a_checked_transcript_stands_outside_the_letters_own_words_are_in_the_vault() -> None:
    letter = denounce().case
    matter = matter_of(open_denunciation(letter))
    with scope(JOB):
        assert not [t for t in bodies([letter, matter]).values() if CANARY in t or NAME in t]
        assert TRANSCRIPT in bodies([matter]).values()
    assert CANARY in open_vault(matter, CHAIR, "Đối chiếu bản gốc").texts[0]


@pytest.mark.parametrize("words", [f"Theo bà {NAME} kể.", "bà dinh thi bi mat nói", "gọi 0987.654.321", "thư bimat@example.vn"])
def test_a_word_that_gives_the_denouncer_away_is_refused_wherever_it_is_written(words: str) -> None:
    letter = denounce().case
    matter = matter_of(open_denunciation(letter))
    for command in (Command("", str(matter), "case.note", {"note": words}),
                    Command("", str(matter), "case.ask", {"question": words}),
                    Command("", str(matter), "flag_crime", {"crime_words": words})):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            perform(command, CHAIR)
        assert caught.value.code == "vault.trace"
    with pytest.raises(Refusal) as own:
        perform(Command("", str(letter), "give_supplement", {"supplement": words}), ME)
    assert own.value.code in ("vault.own_trace", "edge.not_from_here")


def test_questions_and_answers_go_to_and_fro_without_a_name() -> None:
    matter = matter_of(open_denunciation(denounce().case))
    perform(Command("", str(matter), "case.ask", {"question": "Việc xảy ra ngày nào?"}), CHAIR)
    assert state_of(matter).question_open
    with pytest.raises(Refusal) as caught:
        perform(Command("", str(matter), "case.reply", {"reply": f"Tôi, {NAME}, nhớ là ngày 3."}), ME)
    assert caught.value.code == "vault.own_trace"
    perform(Command("", str(matter), "case.reply", {"reply": "Ngày 3 tháng 7."}), ME)
    state = state_of(matter)
    assert [a["by"] for a in state.asked] == ["office", "sender"]
    with scope(JOB):
        event = load([matter])[matter].events[-1]
    assert event.actor == {"post": None, "person": None, "on_behalf": None}


def test_whoever_asks_is_kept_in_the_vault_from_then_on() -> None:
    letter = send("Cống xóm tắc.").case
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [letter])
        assert cursor.fetchone() == (1,)
    perform(Command("", str(letter), "vault.seal"), ME)
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [letter])
        assert cursor.fetchone() == (0,)
    reception = official("c04978/reception", "c04978", "reception")
    assert open_vault(letter, reception, "Gửi giấy mời").identity["name"] == "Canary Văn Tên"


def test_no_search_count_or_sum_of_others_holds_a_vault_case() -> None:
    letter = denounce()
    matter = matter_of(open_denunciation(letter.case))
    with worker():
        until(2, fill_search)
    for words in ("chim bo cau", "bi mat", "muoi hai trieu", "chu tich xa", NAME):
        for who in (RECEPTION, CHAIR, official("c04978/head", "c04978", "head"), official("x/head", "ubnd-tinh", "head")):
            with scope(who):
                assert search(words) == [], (words, who.post)
    with scope(CHAIR):
        assert [line.id for line in search(letter.reference)] == [matter]
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_case SET due_on = current_date - 5 WHERE id = ANY(%s)", [[letter.case, matter]])
    for agency in ("ubnd-tinh", "vp-ubnd", "mttq-tinh"):
        with scope(official(f"{agency}/head", agency, "head")):
            assert late_below() == []
