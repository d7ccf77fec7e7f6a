"""Notices made from the trail."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from trongdan.core.cases.outbox import OutboxEvent
from trongdan.core.notices.make import make_notices
from trongdan.core.notices.models import Notice

from .conftest import MakeCase, use

pytestmark = pytest.mark.usefixtures("job_db", "_channels")
DAY = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)  # ten in the morning
NIGHT = datetime(2026, 7, 20, 16, 0, tzinfo=UTC)  # eleven in the evening


@pytest.fixture
def _channels(settings: Any) -> None:
    use(settings, 25)


def event(case: UUID, tag: str, seq: int = 1, on: date = date(2026, 7, 20), **payload: Any) -> OutboxEvent:
    return OutboxEvent("1", seq, case, seq, tag, on, DAY, "letters.letter", payload, b"")


def rows(case: UUID) -> list[tuple[str, str | None, str, str, str]]:
    found = Notice.objects.filter(case_id=case).order_by("id")
    return [(n.to_kind, n.post, n.channel, n.template, n.status) for n in found]


def test_a_person_is_told_by_the_ways_she_gave_and_no_other(new_case: MakeCase) -> None:
    both, phone, none = new_case(email="b@x.vn", phone="09"), new_case(phone="09"), new_case()
    made = make_notices([event(case, "paper:sent") for case in (both, phone, none)], DAY)
    assert made == 6
    assert [row[2:] for row in rows(both)] == [
        ("app", "new_paper", "sent"), ("email", "new_paper", "waiting"), ("sms", "new_paper", "waiting"),
    ]  # fmt: skip
    assert [row[2] for row in rows(phone)] == ["app", "sms"]
    assert [row[2] for row in rows(none)] == ["app"]


def test_no_address_name_or_word_of_the_case_is_kept_with_a_notice(new_case: MakeCase) -> None:
    case = new_case(email="bui.mau@example.vn", phone="0912345678")
    make_notices([event(case, "paper:sent", data={"text": {"content": "x"}})], DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(n::text, ' ') FROM td_notice n WHERE case_id = %s", [case])
        stored = cursor.fetchone()[0]
    for canary in ("bui.mau", "0912345678", "Mẫu", "content"):
        assert canary not in stored


def test_the_person_reads_the_letters_number_and_the_office_the_matters(new_case: MakeCase) -> None:
    case = new_case(reference="TD0000000AP/2", email="b@x.vn", assigned="c05089/officer/1", holder="assigned")
    make_notices([event(case, "paper:sent"), event(case, "clock:warned", 2)], DAY)
    found = Notice.objects.filter(case_id=case)
    assert {n.reference for n in found if n.to_kind == "person"} == {"000-000-0AP"}
    assert {(n.reference, n.post) for n in found if n.to_kind == "post"} == {("000-000-0AP/2", "c05089/officer/1")}


def test_an_event_read_twice_is_told_once(new_case: MakeCase) -> None:
    case = new_case(email="b@x.vn", assigned="c05089/officer/1")
    events = [event(case, "paper:sent"), event(case, "case:assigned", 2, assigned="c05089/officer/2")]
    assert make_notices(events, DAY) == 3
    Notice.objects.filter(case_id=case).update(status="sent", next_at=None)
    assert make_notices(events, DAY) == 0
    assert ("post", "c05089/officer/2", "app", "post_assigned", "sent") in rows(case)


def test_the_database_itself_refuses_a_second_row_for_the_same_event(new_case: MakeCase) -> None:
    case = new_case()
    make_notices([event(case, "paper:sent")], DAY)
    row = Notice.objects.get(case_id=case)
    row.pk = None
    with pytest.raises(IntegrityError, match="td_notice_once"), transaction.atomic():
        row.save(force_insert=True)


def test_a_nights_events_of_a_case_are_one_message_in_the_morning(new_case: MakeCase) -> None:
    case = new_case(phone="0912345678")
    make_notices([event(case, "paper:sent", 1), event(case, "paper:sent", 2)], NIGHT)
    make_notices([event(case, "paper:sent", 3)], NIGHT)
    waiting = Notice.objects.filter(case_id=case, channel="sms")
    assert [n.next_at for n in waiting] == [datetime(2026, 7, 21, 0, 0, tzinfo=UTC)]
    assert Notice.objects.filter(case_id=case, channel="app").count() == 3


def test_after_a_message_went_out_the_next_event_is_told_anew(new_case: MakeCase) -> None:
    case = new_case(phone="0912345678")
    make_notices([event(case, "paper:sent", 1)], DAY)
    Notice.objects.filter(case_id=case, channel="sms").update(status="sent", next_at=None)
    make_notices([event(case, "paper:sent", 2)], DAY)
    assert Notice.objects.filter(case_id=case, channel="sms").count() == 2


def test_letters_brought_over_from_earlier_weeks_send_nobody_a_message(new_case: MakeCase) -> None:
    old, new = new_case(email="b@x.vn"), new_case(email="b@x.vn")
    make_notices([event(old, "letter:receipt:recorded", 0, on=date(2026, 6, 1), origin_on="2026-06-01"),
                  event(new, "letter:receipt:recorded", 0, on=date(2026, 7, 17), origin_on="2026-07-17")], DAY)  # fmt: skip
    assert rows(old) == []
    assert rows(new) == [("person", None, "email", "received", "waiting")]


def test_a_case_with_signs_of_a_state_secret_sends_nothing_outside(new_case: MakeCase) -> None:
    case = new_case(email="b@x.vn", phone="09", secret="flagged")
    make_notices([event(case, "paper:sent"), event(case, "clock:overdue", 2)], DAY)
    assert {row[2] for row in rows(case)} == {"app"}


def test_lateness_is_told_to_the_holder_and_the_head(new_case: MakeCase) -> None:
    case = new_case(holder="registry", assigned="c05089/officer/1")
    make_notices([event(case, "clock:overdue")], DAY)
    assert {row[1] for row in rows(case) if row[0] == "post"} == {"c05089/registry", "c05089/officer/1", "c05089/head"}


def test_events_that_concern_nobody_and_cases_that_are_gone_make_nothing(new_case: MakeCase) -> None:
    assert make_notices([event(new_case(email="b@x.vn"), "case:noted"), event(uuid4(), "paper:sent")], DAY) == 0
    assert make_notices([], DAY) == 0


def test_a_thousand_events_cost_as_many_statements_as_one(new_case: MakeCase, django_assert_num_queries: Any) -> None:
    case = new_case(email="b@x.vn", holder="reception")
    events = [event(case, "paper:sent", seq) for seq in range(1000)]
    with django_assert_num_queries(5):  # case, address, two of what is there, insert
        assert make_notices(events, DAY) == 1001


def test_where_no_server_is_set_no_mail_is_promised(new_case: MakeCase, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    case = new_case(email="b@x.vn")
    make_notices([event(case, "paper:sent")], DAY)
    assert [row[2] for row in rows(case)] == ["app"]


def test_a_notice_is_for_a_person_or_for_a_post_never_for_both() -> None:
    row = {"event_seq": 1, "channel": "app", "template": "news", "reference": "x", "status": "sent", "created_at": DAY}
    for wrong in ({"to_kind": "person", "post": "c05089/head"}, {"to_kind": "post", "post": None}, {"to_kind": "all"}):
        with pytest.raises(IntegrityError, match="td_notice_receiver"), transaction.atomic():
            Notice.objects.create(case_id=uuid4(), **row, **wrong)
