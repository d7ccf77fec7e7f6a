"""The figures of a period follow from the trail, tie to their cases, and stay as they were closed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.board.people import DESK, at, cells_of, figure, tallied
from tests.core.cases.people import AGENCY, SENDER, official
from trongdan.board import forms, reports
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import VIETNAM, Command
from trongdan.kernel.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS, PETITIONS = f"{DESK}/bao-cao/xu-ly-don", f"{DESK}/bao-cao/kien-nghi"
SINCE, UNTIL = date(2026, 8, 1), date(2026, 8, 31)
STAGES = {"initial": "unit_head", "check": "office", "sign": "head", "number": "registry", "send": "registry"}


def on(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)


def letter(day: date, agency: str = AGENCY, **facts: Any) -> UUID:
    command = Command("letters.letter", None, "receive", {"text": "Cống tắc.", "channel": "counter", **facts}, agency=agency)
    return perform(command, SENDER, now=on(day)).case


def matter(case: UUID, day: date) -> UUID:
    data = {"nature": "kien_nghi", "matter_kind": "letters.petition", "topic": "giao thông"}
    return perform(Command("letters.letter", str(case), "open_matter", data), official("reception"), now=on(day)).opened[0][0]


def answered(case: UUID, day: date) -> None:
    head, officer = official("head"), official("officer", post=f"{AGENCY}-kt/officer/1")
    perform(Command("", str(case), "accept"), head, now=on(day))
    perform(Command("", str(case), "case.assign", {"post": f"{AGENCY}-kt/officer/1"}), head, now=on(day))
    perform(Command("", str(case), "answer", {"answer": "Đã sửa.", "result": "explained"}), officer, now=on(day))
    for stage in ("initial", "check", "sign", "number"):
        data = {"paper": "p1", **({"number": "9/CV"} if stage == "number" else {})}
        perform(Command("", str(case), f"paper.{stage}", data), official(STAGES[stage]), now=on(day))


def filed(case: UUID, day: date) -> None:
    perform(Command("letters.letter", str(case), "file", {"filing_reason": "Trùng."}), official("reception"), now=on(day))


def a_few_months() -> None:
    july, august, september = date(2026, 7, 6), date(2026, 8, 10), date(2026, 9, 7)
    filed(letter(july), july + timedelta(days=2))  # over before the period
    filed(letter(july), august)  # carried into it, handled in it, late
    letter(july)  # carried through it
    answered(matter(letter(august), august + timedelta(days=1)), september)
    answered(matter(letter(august), august + timedelta(days=1)), august + timedelta(days=9))
    letter(august)
    letter(august, agency="c04978", keep_secret=True)  # of the vault
    filed(letter(september), september + timedelta(days=1))  # after it


def counted_by_hand(kind: str, agency: str, since: date, until: date) -> Counter[str]:
    """The same figures from the trail alone, by another way: states on the evening before each day."""
    found: Counter[str] = Counter()
    with scope(JOB):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM td_case WHERE kind = %s AND NOT vault", [kind])
            ids = [row[0] for row in cursor.fetchall()]
        for case in load(ids).values():
            first, last = case.events[0], next((e for e in case.events if e.payload.get("final")), None)
            if first.payload["agency"] != agency or first.on > until:
                continue
            came_before, ended = first.on < since, last.on if last else date.max
            if came_before and ended >= since:
                found["carried"] += 1
            found["received"] += not came_before
            found["done"] += since <= ended <= until
            found["remaining"] += ended > until
    return found


@pytest.mark.parametrize(("form", "kind", "done"), [("xu-ly-don", "letters.letter", "handled"), ("kien-nghi", "letters.petition", "settled")])
def test_totals_tie_with_the_trail_counted_another_way(form: str, kind: str, done: str) -> None:
    a_few_months()
    tallied()
    page = at("chutich").get(f"{DESK}/bao-cao/{form}/?tu={SINCE}&den={UNTIL}").content.decode()
    names = {n.id: n.name for n in forms.forms()[form].numbers}
    got = {i: figure(page, names[i]) for i in ("carried", "received", "total", done, "remaining")}
    by_hand = counted_by_hand(kind, AGENCY, SINCE, UNTIL)
    assert got == {"carried": by_hand["carried"], "received": by_hand["received"], done: by_hand["done"],
                   "total": by_hand["carried"] + by_hand["received"], "remaining": by_hand["remaining"]}  # fmt: skip
    assert got["total"] - got[done] == got["remaining"] and got["received"] > 0


def test_every_number_opens_to_as_many_cases_as_it_says() -> None:
    a_few_months()
    tallied()
    clerk = at("tiepdan")  # sees letters that are not classified yet, which the chair does not
    page = clerk.get(f"{LETTERS}/?tu={SINCE}&den={UNTIL}").content.decode()
    seen = 0
    for number in forms.forms()["xu-ly-don"].numbers:
        behind = clerk.get(f"{LETTERS}/{number.id}/?tu={SINCE}&den={UNTIL}").content.decode()
        assert behind.count("data-row") == figure(page, number.name), number.id
        seen += behind.count("data-row")
    assert seen > 8


def test_a_closed_period_stays_and_what_comes_later_is_a_correction() -> None:
    a_few_months()
    late_one = letter(date(2026, 8, 20))
    tallied()
    period = "ky=tinh:2026:t08"
    chair = at("chutich")
    before = figure(chair.get(f"{LETTERS}/?{period}").content.decode(), "Đã xử lý trong kỳ")
    assert "Đã chốt" in chair.post(f"{LETTERS}/?{period}", follow=True).content.decode()
    command = Command("letters.letter", str(late_one), "file", {"filing_reason": "Trùng."}, on=date(2026, 8, 28), reason="Ghi sổ muộn.")
    perform(command, official("reception"))
    tallied()
    page = chair.get(f"{LETTERS}/?{period}").content.decode()
    assert figure(page, "Đã xử lý trong kỳ") == before
    assert page.count("+1</td>") == 2 and page.count(">-1</td>") == 1  # handled, filed; one fewer remains
    cells = cells_of(chair.get(f"{LETTERS}.xlsx?{period}").content)
    assert any(c.startswith("Điều chỉnh sau khi chốt: Đã xử lý trong kỳ: +1") for c in cells)
    assert any(c.startswith("Số liệu chốt lúc") for c in cells)
    assert "Kỳ này đã chốt" in chair.post(f"{LETTERS}/?{period}", follow=True).content.decode()


def test_a_closed_period_cannot_be_changed_and_a_broken_seal_is_told(owner_db: Any) -> None:
    a_few_months()
    tallied()
    chair = at("chutich")
    chair.post(f"{LETTERS}/?ky=tinh:2026:t08")
    with pytest.raises(Exception, match="append-only"):
        owner_db.execute("UPDATE td_report SET closed_by = 'x'")
    owner_db.execute("ALTER TABLE td_report DISABLE TRIGGER ALL")
    owner_db.execute("UPDATE td_report SET numbers = replace(numbers::text, '\"received\": 3', '\"received\": 1')::jsonb")
    page = chair.get(f"{LETTERS}/?ky=tinh:2026:t08")
    assert page.status_code == 409 and "không còn khớp dấu niêm" in page.content.decode()


def test_a_period_that_runs_still_and_an_officers_hand_close_nothing() -> None:
    chair = at("chutich")
    year = datetime.now(VIETNAM).year
    assert "Kỳ báo cáo chưa hết" in chair.post(f"{LETTERS}/?ky=ttcp:{year + 1}:nam", follow=True).content.decode()
    assert "không chốt số liệu" in at("chuyenvien").post(f"{LETTERS}/?ky=tinh:2026:t08", follow=True).content.decode()


def test_a_commune_reads_neither_its_neighbours_figures_nor_the_provinces() -> None:
    chair = at("chutich")
    for agency in ("c04981", "ubnd-tinh", "tinh"):
        assert chair.get(f"{LETTERS}/?coquan={agency}").status_code == 404
        assert chair.get(f"{LETTERS}/received/?coquan={agency}").status_code == 404


def test_the_province_reads_every_agencys_sums_and_the_inspectorate_alone_those_of_the_vault() -> None:
    a_few_months()
    tallied()
    query = f"?tu={SINCE}&den={UNTIL}&coquan=tinh"
    province, inspectorate = (at(who).get(f"{LETTERS}/{query}").content.decode() for who in ("chutichtinh", "thanhtra"))
    assert figure(province, "Tiếp nhận trong kỳ") == figure(inspectorate, "Tiếp nhận trong kỳ") == 3
    assert "UBND xã Kim Bôi" in province
    one = at("thanhtra").get(f"{LETTERS}/?tu={SINCE}&den={UNTIL}&coquan={AGENCY}")
    assert one.status_code == 200 and figure(one.content.decode(), "Tiếp nhận trong kỳ") == 3, "each row opens to its agency"
    assert "data-row" not in at("thanhtra").get(f"{LETTERS}/received/?tu={SINCE}&den={UNTIL}&coquan={AGENCY}").content.decode()
    assert "Trong kho kín, cả tỉnh" in inspectorate and "Trong kho kín, cả tỉnh" not in province


def test_periods_are_those_declared_with_their_cut_off() -> None:
    year = forms.period("ttcp:2026:nam")
    assert year is not None and (year.since, year.until) == (date(2025, 12, 15), date(2026, 12, 14))
    leap = forms.period("tinh:2028:t02")
    assert leap is not None and leap.until == date(2028, 2, 29)
    assert forms.period("ttcp:9:nam") is None and forms.period("x") is None and not year.verified


def test_figures_are_not_given_to_whom_they_are_not_even_from_the_code() -> None:
    with scope(official("head")):
        assert reports.figures(forms.forms()["xu-ly-don"], "c04981", SINCE, UNTIL, on(UNTIL)) == {"c04981": dict.fromkeys(
            (n.id for n in forms.forms()["xu-ly-don"].numbers), 0)}  # fmt: skip
        period = forms.period("tinh:2026:t08")
        assert period is not None
        with pytest.raises(Refusal, match="Chỉ cơ quan báo cáo"):
            reports.close(forms.forms()["xu-ly-don"], period, "c04981", official("head"), datetime.now(VIETNAM))
