"""Delivery: through a real SMTP server, with failures that are seen, waited for, given up and sent again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from trongdan.core.notices.channels import Carrier, Failed, Outgoing
from trongdan.core.notices.deliver import LEASE, Delivered, deliver_due
from trongdan.core.notices.models import Notice, Status
from trongdan.core.notices.quiet import BACKOFF_MINUTES
from trongdan.core.notices.selectors import of_case, undelivered, unread_of_posts
from trongdan.core.notices.services import mark_case_read, mark_read, resend
from trongdan.kernel.errors import Refusal

from .conftest import MakeCase, Post, free_port, use

pytestmark = pytest.mark.usefixtures("job_db")
DAY = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)
NIGHT = datetime(2026, 7, 20, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 7, 21, 0, 0, tzinfo=UTC)


def waiting(case: UUID, channel: str = "email", seq: int = 1, **columns: Any) -> Notice:
    row = {"to_kind": "person", "template": "new_paper", "reference": "000-000-0AP", "status": "waiting",
           "next_at": DAY, "created_at": DAY, **columns}  # fmt: skip
    return Notice.objects.create(case_id=case, channel=channel, event_seq=seq, **row)


def again(notice: Notice) -> Notice:
    notice.refresh_from_db()
    return notice


def test_what_is_due_is_sent_and_written_down(smtp: Post, outbox: Path, new_case: MakeCase) -> None:
    case = new_case(email="bui@example.vn", phone="0912345678")
    mail, text, later = waiting(case), waiting(case, "sms"), waiting(case, seq=2, next_at=DAY + timedelta(hours=1))
    assert deliver_due(DAY, 10) == Delivered(sent=2)
    assert [receivers for _, receivers, _ in smtp.received] == [["bui@example.vn"]]
    (file,) = outbox.iterdir()
    assert json.loads(file.read_text("utf-8"))["phone"] == "0912345678"
    for notice in (again(mail), again(text)):
        assert (notice.status, notice.sent_at, notice.next_at, notice.attempts) == ("sent", DAY, None, 1)
    assert again(later).status == "waiting"
    assert deliver_due(DAY, 10) == Delivered()


def test_the_address_is_the_one_at_the_moment_of_sending(smtp: Post, new_case: MakeCase) -> None:
    from django.db import connection

    case = new_case(email="old@example.vn")
    notice = waiting(case)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_identity WHERE case_id = %s", [case])
        cursor.execute("INSERT INTO td_identity (case_id, email) VALUES (%s, 'new@example.vn')", [case])
    assert deliver_due(DAY, 10).sent == 1
    assert smtp.received[0][1] == ["new@example.vn"]
    assert again(notice).status == "sent"


def test_a_person_without_that_address_any_more_is_shown_as_such(smtp: Post, new_case: MakeCase) -> None:
    notice = waiting(new_case(phone="0912345678"))
    assert deliver_due(DAY, 10) == Delivered(no_address=1)
    assert (again(notice).status, again(notice).next_at) == (Status.NO_ADDRESS, None)
    assert [line.id for line in undelivered()] == [notice.id]


def test_nothing_goes_out_at_night_and_all_of_it_in_the_morning(smtp: Post, new_case: MakeCase) -> None:
    notice = waiting(new_case(email="bui@example.vn"))
    assert deliver_due(NIGHT, 10) == Delivered()
    assert again(notice).status == "waiting"
    assert deliver_due(MORNING - timedelta(seconds=1), 10) == Delivered()
    assert deliver_due(MORNING, 10) == Delivered(sent=1)


def test_a_failure_is_tried_again_later_and_later_then_given_up_visibly(settings: Any, new_case: MakeCase) -> None:
    use(settings, free_port())
    settings.NOTICE_QUIET_HOURS = "00:00-00:00"
    notice, now = waiting(new_case(email="bui@example.vn")), DAY
    for minutes in BACKOFF_MINUTES:
        assert deliver_due(now, 10) == Delivered(again=1)
        assert again(notice).next_at == now + timedelta(minutes=minutes)
        assert notice.last_error == "ConnectionRefusedError"
        assert deliver_due(now + timedelta(minutes=minutes, seconds=-1), 10) == Delivered()
        now = notice.next_at or now
    assert deliver_due(now, 10) == Delivered(failed=1)
    assert (again(notice).status, notice.attempts, notice.next_at) == ("failed", len(BACKOFF_MINUTES) + 1, None)
    (shown,) = undelivered()
    assert (shown.error, shown.status_words, shown.resendable) == ("ConnectionRefusedError", "Không gửi được", True)


def test_a_refused_address_is_given_up_at_once_and_the_record_says_only_class_and_code(
    smtp: Post, new_case: MakeCase
) -> None:
    smtp.answers["gone@example.vn"] = "550 gone@example.vn is unknown"
    notice = waiting(new_case(email="gone@example.vn"))
    assert deliver_due(DAY, 10) == Delivered(failed=1)
    assert again(notice).last_error == "SMTPRecipientsRefused 550"


def test_a_failed_notice_is_sent_again_on_demand_outside_the_quiet_hours(smtp: Post, new_case: MakeCase) -> None:
    smtp.answers["bui@example.vn"] = "550 typo in our table"
    notice = waiting(new_case(email="bui@example.vn"))
    deliver_due(DAY, 10)
    smtp.answers.clear()
    assert resend(notice.id, NIGHT) == MORNING
    assert (again(notice).status, notice.attempts, notice.resends) == ("waiting", 0, 1)
    assert deliver_due(MORNING, 10) == Delivered(sent=1)
    assert again(notice).last_error == ""
    with pytest.raises(Refusal) as refusal:
        resend(notice.id, DAY)
    assert refusal.value.code == "notice.not_failed"
    with pytest.raises(Refusal) as refusal:
        resend(notice.id + 1000, DAY)
    assert refusal.value.code == "notice.unknown"
    assert len(smtp.received) == 1


def test_one_bad_address_does_not_hold_up_the_others(smtp: Post, new_case: MakeCase) -> None:
    smtp.answers["gone@example.vn"] = "550 no"
    smtp.answers["full@example.vn"] = "452 full"
    for address in ("gone@example.vn", "nonsense", "full@example.vn", "bui@example.vn"):
        waiting(new_case(email=address))
    assert deliver_due(DAY, 10) == Delivered(sent=1, again=1, failed=2)


def test_a_turn_takes_no_more_than_its_limit_and_the_oldest_first(smtp: Post, new_case: MakeCase) -> None:
    case = new_case(email="bui@example.vn")
    made = [waiting(case, seq=n, next_at=DAY - timedelta(minutes=n)) for n in range(5)]
    assert deliver_due(DAY, 2) == Delivered(sent=2)
    assert {again(n).event_seq for n in made if n.status == "sent"} <= {3, 4}
    assert [again(n).status for n in made] == ["waiting"] * 3 + ["sent"] * 2


def test_a_worker_that_died_while_sending_leaves_the_message_to_be_sent_after_its_lease(
    smtp: Post, new_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(self: Carrier, out: Outgoing, now: datetime) -> Failed | None:
        raise Killed

    notice = waiting(new_case(email="bui@example.vn"))
    with monkeypatch.context() as patch:
        patch.setattr(Carrier, "send", die)
        with pytest.raises(Killed):
            deliver_due(DAY, 10)
    assert again(notice).status == "sending"
    assert deliver_due(DAY + LEASE - timedelta(seconds=1), 10) == Delivered()
    assert deliver_due(DAY + LEASE, 10) == Delivered(sent=1)


def test_posts_read_their_own_notices_and_a_person_those_of_the_case(new_case: MakeCase) -> None:
    case = new_case()
    row = {"channel": "app", "status": "sent", "sent_at": DAY, "next_at": None}
    mine = waiting(case, to_kind="post", post="c05089/head", template="post_overdue", **row)
    other = waiting(case, to_kind="post", post="c05089/office", template="post_overdue", **row)
    person = waiting(case, **row)
    assert [line.id for line in unread_of_posts(["c05089/head", "c05089/deputy"])] == [mine.id]
    assert unread_of_posts(["c05089/head"])[0].words == "Mã 000-000-0AP: quá hạn."
    assert mark_read([mine.id, other.id, person.id], ["c05089/head"], DAY) == 1
    assert unread_of_posts(["c05089/head"]) == []
    assert [line.id for line in unread_of_posts(["c05089/office"])] == [other.id]
    assert [(line.id, line.read, line.resendable) for line in of_case(case)] == [(person.id, False, False)]
    assert mark_case_read(case, DAY) == 1
    assert of_case(case)[0].read
