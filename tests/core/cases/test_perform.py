"""The one write path on the real database, in the web's own role."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from tests.core.cases.people import AGENCY, SENDER, WORDS, official, open_petition, send
from trongdan.core.cases import log
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.trail import bodies, load
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def head_stays_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log's head is asked for anew every few seconds; where statements are counted that moment must not come in between."""
    monkeypatch.setattr(log, "HEAD_SECONDS", 3600.0)


@pytest.mark.usefixtures("head_stays_fresh")
def test_an_intake_is_two_statements_between_begin_and_commit() -> None:
    send()  # connects, loads the kinds, reads the log's head
    with CaptureQueriesContext(connection) as queries:
        send()
    words = [q["sql"].split()[0] for q in queries]
    assert words == ["BEGIN", "SELECT", "WITH", "COMMIT"], [q["sql"][:80] for q in queries]


@pytest.mark.usefixtures("head_stays_fresh")
def test_an_intake_is_three_trips_to_the_database_and_leaves_no_scope_behind(tmp_path: Path) -> None:
    send()  # connects, loads the kinds, reads the log's head, prepares the statement
    raw = connection.connection.pgconn
    with open(tmp_path / "trace", "w+") as file:
        raw.trace(file.fileno())
        try:
            send()
        finally:
            raw.untrace()
    sent = [line.split("\t")[3] for line in (tmp_path / "trace").read_text().splitlines() if "\tF\t" in line]
    assert [message for message in sent if message in ("Query", "Sync")] == ["Query", "Sync", "Query"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('td.scope', true)")
        assert not cursor.fetchone()[0]


def test_a_letter_that_the_database_refuses_leaves_the_connection_as_it_was() -> None:
    send(key="k-7654321")
    for _ in range(2):
        with pytest.raises(Refusal):
            send("Một đơn khác", key="k-7654321")
    assert connection.connection.pgconn.transaction_status == TransactionStatus.IDLE
    assert send().seq == 0


def test_a_refusal_on_a_connection_costs_the_next_letter_nothing() -> None:
    """A rollback takes the driver's plans away, and with them those of the three trips: whoever comes next is taken all the same."""
    send()
    letter = send()
    open_petition(letter)  # a plan of the driver's own on this connection
    with pytest.raises(ZeroDivisionError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,), "else this shows nothing"
    assert send().seq == 0
    assert open_petition(send()).opened


def test_what_comes_in_a_transaction_goes_with_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        done = send()
        raise ZeroDivisionError
    with scope(JOB):
        assert load([done.case]) == {}


def test_the_same_key_and_body_gives_the_same_letter_and_another_body_is_refused() -> None:
    first, again = send(key="k-1234567"), send(key="k-1234567")
    assert (again.case, again.reference, again.replayed) == (first.case, first.reference, True)
    with pytest.raises(Refusal) as caught:
        send("Một đơn khác", key="k-1234567")
    assert caught.value.code == "key.reused"


def test_what_was_written_is_in_no_event_only_its_commitment() -> None:
    done = send()
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(e)::text, '') FROM td_event e WHERE case_id = %s", [done.case])
        trail = cursor.fetchone()[0]
    assert "canary" not in trail.lower()
    with scope(Scope(case=done.case)):
        assert WORDS in bodies([done.case]).values()


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (official("reception"), True),
        (official("head"), False),
        (official("officer"), False),
        (official("reception", "c07900"), False),
        (official("head", "ubnd-tinh"), False),
    ],
    ids=["its reception", "its head", "an officer of the agency", "another commune", "the province's chair"],
)
def test_until_it_is_classified_a_letter_is_seen_by_the_reception_it_is_addressed_to_alone(actor: Any, sees: bool) -> None:
    done = send()
    with scope(actor):
        assert bool(load([done.case])) is sees
        assert bool(bodies([done.case])) is sees


def test_once_classified_the_agency_sees_it_and_others_still_do_not() -> None:
    letter = send()
    matter = open_petition(letter).opened[0][0]
    with scope(official("head")):
        assert set(load([letter.case, matter])) == {letter.case, matter}
    with scope(official("head", "c07900")):
        assert load([letter.case, matter]) == {}


def test_who_the_sender_is_stays_shut_to_a_scope_that_does_not_open_identities() -> None:
    done = send()
    query = "SELECT count(*) FROM td_identity WHERE case_id = %s"
    with scope(Scope(agencies=(AGENCY,), posts=(f"{AGENCY}/reception",))), connection.cursor() as cursor:
        cursor.execute(query, [done.case])
        assert cursor.fetchone()[0] == 0
    with scope(official("reception")), connection.cursor() as cursor:
        cursor.execute(query, [done.case])
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize("table", ["td_case", "td_event", "td_clock", "td_content", "td_identity"])
def test_a_query_outside_any_scope_raises(table: str) -> None:
    send()
    with pytest.raises(DatabaseError, match=r"no scope is set|permission denied"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


def test_a_denial_wins_over_every_grant(owner_db: Any) -> None:
    letter = send()
    open_petition(letter)
    owner_db.execute("INSERT INTO td_case_access (case_id, appointment, deny, reason) VALUES (%s, %s, true, 'xung đột lợi ích')",
                     [letter.case, f"{AGENCY}/head"])  # fmt: skip
    with scope(official("head")):
        assert load([letter.case]) == {}


@pytest.mark.parametrize("change", ["UPDATE td_event SET tag = 'x'", "DELETE FROM td_event", "TRUNCATE td_event"])
def test_nobody_rewrites_the_trail_not_even_its_owner(change: str, owner_db: Any, role_db: Any) -> None:
    send()
    with pytest.raises(Exception, match=r"append-only|permission denied"):
        role_db("td_owner").execute(change)
    with pytest.raises(Exception, match=r"append-only|permission denied|no scope"):
        role_db("td_web").execute(change)


def test_a_matter_keeps_the_first_receipts_date_and_has_text_and_identity_of_its_own() -> None:
    letter = send()
    matter, reference = open_petition(letter).opened[0]
    assert reference == f"{letter.reference}/1"
    with scope(official("reception")):
        loaded = load([letter.case, matter])
        assert loaded[matter].state.origin_on == loaded[letter.case].state.opened_on
        own, first = (loaded[c].state.fields["text"]["content"] for c in (matter, letter.case))
        assert own != first
        assert bodies([matter])[own] == WORDS
    with scope(official("reception")), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM td_identity WHERE case_id = %s", [matter])
        assert cursor.fetchone()[0] == "Canary Văn Tên"


def test_when_a_matter_ends_its_letter_is_told_in_the_same_transaction() -> None:
    letter = send()
    matter = open_petition(letter).opened[0][0]
    perform(Command("letters.petition", str(matter), "withdraw", reason="Việc đã xong"), SENDER)
    with scope(JOB):
        state = load([letter.case])[letter.case].state
    assert state.children == {str(matter): False}


def test_a_command_decided_on_an_older_page_is_refused_and_says_what_changed() -> None:
    letter = send()
    perform(Command("letters.letter", str(letter.case), "register", {"arrival_no": "15"}), official("reception"))
    late = Command("letters.letter", str(letter.case), "file", {"filing_reason": "x"}, seen_seq=0)
    with pytest.raises(Refusal) as caught:
        perform(late, official("reception"))
    assert (caught.value.code, caught.value.details["changed"]) == ("case.changed", ["letter:arrival:registered"])


def test_a_refused_command_writes_nothing() -> None:
    with pytest.raises(Refusal):
        perform(Command("letters.letter", None, "receive", {"channel": "portal"}, agency=AGENCY), SENDER, "k-refused-1")
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM td_case), (SELECT count(*) FROM td_content), (SELECT count(*) FROM td_command_key)")
        assert cursor.fetchone() == (0, 0, 0)


def test_decomposed_and_dirty_text_is_kept_clean_and_commits_to_what_was_meant() -> None:
    import unicodedata

    done = send(unicodedata.normalize("NFD", "Đường hỏng\r\nrất nặng\x07"))
    with scope(Scope(case=done.case)):
        assert "Đường hỏng\nrất nặng" in bodies([done.case]).values()


def test_the_first_event_names_the_logs_last_head_so_that_the_receipt_can_be_made_again() -> None:
    done = send()
    with scope(Scope(case=done.case)):
        first = load([done.case])[done.case].trail[0].event
    assert first.payload["log"] == dict(zip(("size", "root"), log.current_head(), strict=True))
    assert json.dumps(first.payload["clocks"]).count('"rule": "XLD-01"') == 1
