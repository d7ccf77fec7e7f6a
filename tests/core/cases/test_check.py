"""What the check finds, what the log proves, and that readers never skip a late commit."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.cases.people import AGENCY, official, open_petition, send, until
from tests.roles import worker
from trongdan.core.cases import log, selectors, sweeper
from trongdan.core.cases.check import check
from trongdan.core.cases.outbox import read_batch
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.people.open_tables import OPEN_TABLES, PREFIXES_OPEN_TO_JOBS
from trongdan.kernel.errors import CalendarMissing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def as_job() -> Any:
    """The rest of the test connects as the worker's role."""
    with worker():
        yield


def tamper(owner_db: Any, statement: str, *values: Any) -> None:
    owner_db.execute("ALTER TABLE td_event DISABLE TRIGGER ALL")
    owner_db.execute(statement, values)
    owner_db.execute("ALTER TABLE td_event ENABLE TRIGGER ALL")


def test_an_untouched_database_has_no_difference() -> None:
    open_petition(send())
    assert list(check()) == []


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("UPDATE td_event SET on_date = on_date - 30 WHERE seq = 0", "sự kiện 0"),
        ("UPDATE td_event SET payload = payload || '{\"x\": 1}' WHERE seq = 0", "sự kiện 0"),
        ("UPDATE td_case SET due_on = due_on + 90", "cột due_on"),
        ("UPDATE td_case SET late = true", "cột late"),
        ("UPDATE td_clock SET due_at = due_at + 90 WHERE clock_id = 'handle'", "thời hạn handle"),
        ("UPDATE td_content SET body = 'Đã sửa'", "nội dung"),
        ("DELETE FROM td_case", "sự kiện"),
    ],
)
def test_whatever_was_changed_behind_the_trail_is_found(statement: str, subject: str, owner_db: Any) -> None:
    send()
    tamper(owner_db, statement)
    assert subject in {d.subject for d in check()}


def test_rebuilding_brings_the_derived_columns_back_from_the_trail(owner_db: Any) -> None:
    send()
    tamper(owner_db, "UPDATE td_case SET due_on = NULL, holder = 'nobody', late = true")
    assert list(check(rebuild=True)) != []
    assert list(check()) == []


def test_the_log_takes_every_event_once_and_proves_a_receipt_inside_a_signed_head(as_job: None) -> None:
    from base64 import b64decode

    from trongdan.core.cases.receipts import receipt_of
    from trongdan.kernel.checkpoint import open_checkpoint
    from trongdan.kernel.receipt import check_receipt, receipt_in_log
    from trongdan.platform import keys

    letters = [send() for _ in range(5)]
    assert until(5, log.extend) == 5
    with scope(JOB):
        assert log.extend() == 0
        assert log.checkpoint(datetime.now(UTC))
        assert not log.checkpoint(datetime.now(UTC))
        note = log.last_note() or ""
        document = receipt_of(load([letters[2].case])[letters[2].case])
        proof = log.proof_of(letters[2].case, 0, 5)

    def verify(signature: bytes, message: bytes) -> bool:
        return keys.verify(keys.public_key(), signature, message)

    later = open_checkpoint(note, log.origin(), keys.public_key(), verify)
    assert proof is not None
    path = [b64decode(p) for p in proof["path"]]
    assert receipt_in_log(check_receipt(document, verify), proof["index"], path, later)
    assert list(check()) == []


def test_a_reader_waits_for_a_transaction_that_began_earlier_and_then_skips_nothing(owner_db: Any, role_db: Any) -> None:
    slow = role_db("td_web")
    slow.execute("SELECT pg_current_xact_id()")  # an older transaction is still running
    done = send()
    with scope(JOB):
        assert read_batch(("0", 0), 10) == []
    slow.commit()
    assert until(1, lambda: len(read_batch(("0", 0), 10))) == 1
    with scope(JOB):
        assert [e.case_id for e in read_batch(("0", 0), 10)] == [done.case]


def test_the_sweeper_says_late_once_and_it_cannot_be_said_away() -> None:
    done = send()
    later = datetime.now(UTC) + timedelta(days=20)
    assert sweeper.sweep(later) == 1
    assert sweeper.sweep(later) == 0
    with scope(JOB):
        tags = [e.tag for e in load([done.case])[done.case].events]
        state = load([done.case])[done.case].state
    assert tags.count("clock:overdue") == 1
    assert state.clocks["handle"].overdue_for == state.clocks["handle"].due
    with scope(official("head")):
        assert load([done.case]), "the ladder: an overdue letter comes to the head"
    assert list(check()) == []


def test_search_understands_words_without_marks_and_stays_inside_the_scope(as_job: None) -> None:
    done = send("Đường trục thôn xuống cấp, hoà giải không thành")
    assert until(1, fill_search) == 1
    for words in ("duong truc", "HÒA giải", "hoa giai", done.reference, done.reference[2:].lower()):
        with scope(official("reception")):
            assert [line.id for line in selectors.search(words)] == [done.case], words
    with scope(official("reception", "c07900")):
        assert selectors.search("duong truc") == []
        assert selectors.search(done.reference) == []
    for hostile in ("%", "_", "'; DROP TABLE td_case; --", "\\", "a" * 5000, "\x00"):
        with scope(official("reception")):
            assert selectors.search(hostile) == []


def test_every_table_without_row_security_is_on_the_allow_list_with_its_reason(owner_db: Any) -> None:
    rows = owner_db.execute("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'r' "
                            "AND nspname = 'public' AND NOT relrowsecurity").fetchall()  # fmt: skip
    open_ = {name for (name,) in rows if not name.startswith(PREFIXES_OPEN_TO_JOBS)}
    assert open_ - set(OPEN_TABLES) == set()
    assert all(reason for _web, _job, reason in OPEN_TABLES.values())


def test_no_role_of_the_program_bypasses_row_security_or_signs_in_as_the_definer(owner_db: Any) -> None:
    rows = owner_db.execute("SELECT rolname, rolbypassrls, rolsuper, rolcanlogin FROM pg_roles WHERE rolname LIKE 'td\\_%'").fetchall()
    assert {r[0] for r in rows} == {"td_owner", "td_web", "td_job", "td_export", "td_definer"}
    assert all(not bypass and not superuser for _n, bypass, superuser, _l in rows)
    assert [login for name, _b, _s, login in rows if name == "td_definer"] == [False]


def test_an_inbox_of_two_hundred_thousand_cases_is_read_by_its_index(owner_db: Any) -> None:
    owner_db.execute(
        "INSERT INTO td_case (id, province_id, reference, kind, kind_version, seq, step, final, agency, holder, opened_on, due_on) "
        "SELECT gen_random_uuid(), 25, 'X' || n, 'letters.letter', 1, 0, 'received', n % 10 > 0, 'c' || (n % 148), 'reception', "
        "current_date, current_date + n % 40 FROM generate_series(1, 200000) n")  # fmt: skip
    owner_db.execute("INSERT INTO td_case_access (case_id, agency, reason) SELECT id, agency, 't' FROM td_case")
    owner_db.execute("ANALYZE td_case; ANALYZE td_case_access")
    who = official("reception", "c8")
    asks = {"td_case_inbox": partial(selectors.in_hand, who), "td_case_next": partial(selectors.of_agency, "c8")}
    for index, ask in asks.items():
        with scope(who), CaptureQueriesContext(connection) as sent, connection.cursor() as cursor:
            assert len(ask()) == selectors.PAGE
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(sent[-1]["sql"]))
            found = cursor.fetchone()[0]
        plan = (json.loads(found) if isinstance(found, str) else found)[0]
        assert "Seq Scan" not in str(plan), plan
        assert index in str(plan)
        assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 1000  # a page of some 270 rows


def test_the_numbers_of_a_morning_count_what_is_seen_and_no_more(owner_db: Any) -> None:
    letters = [send().case for _ in range(3)]
    who, other = official("reception"), official("reception", "c07900")
    owner_db.execute("UPDATE td_case SET due_on = current_date - 1 WHERE id = %s", [letters[0]])
    with scope(who):
        assert selectors.morning(who, today()) == selectors.Morning([("", 3)], hand=3, late=1, today=0, agency_late=1)
    owner_db.execute("INSERT INTO td_case_access (case_id, appointment, deny, reason) VALUES (%s, %s, true, 'xung đột lợi ích')",
                     [letters[0], f"{AGENCY}/reception"])  # fmt: skip
    with scope(who):
        assert selectors.morning(who, today()) == selectors.Morning([("", 2)], hand=2)
        assert len(selectors.in_hand(who)) == 2
    with scope(other):  # asked for another's post: the scope decides
        assert selectors.morning(who, today()) == selectors.Morning([])
        assert selectors.choices_of(AGENCY) == {"kind": [], "topic": [], "holder": []}


def test_a_page_of_the_inbox_is_one_statement(django_assert_num_queries: Any) -> None:
    send()
    with scope(official("reception")), django_assert_num_queries(1):
        assert [line.agency for line in selectors.in_hand(official("reception"))] == [AGENCY]


def test_a_case_that_runs_into_a_year_without_a_calendar_holds_no_other_up(as_job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = send("một"), send("hai")
    real = sweeper.perform_many

    def missing(commands: Any, *args: Any, **more: Any) -> Any:
        if any(command.case == str(far.case) for command, _, _ in commands):
            raise CalendarMissing(2028)
        return real(commands, *args, **more)

    monkeypatch.setattr(sweeper, "perform_many", missing)
    stuck: set[Any] = set()
    late = datetime.now(UTC) + timedelta(days=40)
    assert sweeper.sweep(late, stuck=stuck) == 1 and stuck == {far.case}
    assert sweeper.sweep(late, stuck=stuck) == 0, "and it is not tried again and again"
    with scope(JOB):
        assert "clock:overdue" in [e.tag for e in load([near.case])[near.case].events]
