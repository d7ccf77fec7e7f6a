"""One tap after the result: a code used once, five factors on demand, and the rated never learn who rated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.core.cases.people import official
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.kinds.procedures.test_dossier import COUNTER, at, do, holder, read, take_in
from trongdan.core.cases.assessments import own
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import today
from trongdan.doors.desk.case_page import timeline
from trongdan.kernel.case import Command
from trongdan.kinds.procedures.judging import RATER, code_of, factors

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 8, 4)


@pytest.fixture(autouse=True)
def catalogue() -> None:
    bring(row(), on=date(2026, 1, 1))


def finished() -> UUID:
    case = take_in().case
    do(case, "finish", holder(case), DAY, result="granted")
    return case


def page_of(case: UUID) -> str:
    return f"/danh-gia/{read(case).reference}/{code_of(case)}/"


def test_one_tap_is_recorded_and_the_code_is_spent(client: Client) -> None:
    case = finished()
    assert "Hài lòng" in client.get(page_of(case)).content.decode()
    assert client.post(page_of(case), {"tap": "good"}).status_code == 302
    assert read(case).state.assessments[0]["solved"] == "yes"
    assert "Đã ghi nhận" in client.get(page_of(case)).content.decode()
    client.post(page_of(case), {"tap": "bad"})
    assert len(read(case).state.assessments) == 1
    assert list(check()) == []


def test_factors_are_marked_only_by_who_wants_to_and_a_wrong_mark_is_refused(client: Client) -> None:
    case = finished()
    refused = client.post(page_of(case), {"tap": "", "reason": "Chờ lâu"})
    assert (refused.status_code, "Chờ lâu" in refused.content.decode()) == (422, True), "nothing typed is lost"
    assert client.post(page_of(case), {"tap": "", "staff": "9"}).status_code == 422
    assert client.post(page_of(case), {"tap": "fair", "staff": "5", "rules": "2", "reason": "Chờ lâu"}).status_code == 302
    verdict = read(case).state.assessments[0]
    assert (verdict["solved"], verdict["factors"]) == ("partly", {"staff": 5, "rules": 2})


def test_nothing_is_judged_before_the_result_or_with_a_wrong_code(client: Client) -> None:
    case = take_in().case
    assert "Chưa có kết quả" in client.get(page_of(case)).content.decode()
    assert client.post(page_of(case), {"tap": "good"}).status_code == 422
    reference = read(case).reference
    for wrong in (f"/danh-gia/{reference}/AAAAAAAA/", "/danh-gia/2222-2222/AAAAAAAA/", f"/danh-gia/{reference}/%00/"):
        assert client.get(wrong).status_code == 404
    assert client.get("/danh-gia/", {"ma": reference, "so": "AAAAAAAA"}).status_code == 422
    typed = code_of(case).lower().replace("o", "0")
    assert client.get("/danh-gia/", {"ma": reference, "so": f"{typed[:4]}-{typed[4:]}"}).headers["Location"] == page_of(case)


def test_the_code_of_the_slip_opens_nothing_of_the_dossier(client: Client) -> None:
    case = finished()
    assert client.get(f"/theo-doi/{read(case).reference}/{code_of(case)}/").status_code == 404
    assert "Bùi Thị Mận" not in client.get(page_of(case)).content.decode()


def test_the_rated_see_neither_who_nor_when_only_batches_of_five_and_whole_weeks() -> None:
    for n in range(5):
        case = finished()
        perform(Command("", str(case), "case.assess", {"solved": "yes", "staff": 4 if n else 1}), RATER, now=at(DAY))
    head = official("head")
    with scope(head):
        assert [e for e in timeline(read(case), {}, "c04978") if "đánh giá" in e["words"]] == []
        [batch] = own("c04978", today())
        assert (batch.people, batch.yes["solved"]) == (5, 5)
        assert factors("c04978", today()) == {"staff": [(date(2026, 8, 3), date(2026, 8, 9), 5, 4)]}
        assert factors("c04978", DAY) == {}, "not before the week is over"
    with scope(official("head", agency="c04993")):
        assert factors("c04978", today()) == {}, "nobody else's"


def test_what_somebody_in_the_vault_marked_is_in_no_sum_of_factors(owner_db: Any) -> None:
    for _n in range(5):
        case = finished()
        perform(Command("", str(case), "case.assess", {"staff": 5}), RATER, now=at(DAY))
    with scope(COUNTER):
        assert factors("c04978", today()) != {}
    owner_db.execute("UPDATE td_case SET vault = true WHERE id = %s", [case])
    with scope(COUNTER):
        assert factors("c04978", today()) == {}, "four are no batch"


def test_four_people_are_no_batch() -> None:
    for _n in range(4):
        perform(Command("", str(finished()), "case.assess", {"staff": 5}), RATER, now=at(DAY + timedelta(days=1)))
    with scope(COUNTER):
        assert factors("c04978", today()) == {}
