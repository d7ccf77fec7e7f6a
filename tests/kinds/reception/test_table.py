"""At the table, and what is concluded there: a place in the queue becomes a record, its matters letters, its promises cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.core.cases.people import official
from tests.kinds.reception.test_calendar import AGENCY, NOON, SENDER, by, posted
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.tracking import view_for_sender
from trongdan.kinds.reception import booking, promises, table
from trongdan.kinds.reception.models import Booking, Session
from trongdan.kinds.reception.rules import representatives_fit

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Cống đầu xóm tắc, nước tràn vào nhà; canary-lời-nói"


def begun(secret: bool = False, people: int = 1) -> table.Begun:
    ask = booking.Ask(posted(8), "door", {"name": "Canary Văn Khách", "phone": "0900000777"}, people=people)
    slip = booking.book(ask, by("reception"), NOON)
    return table.begin(slip.id, by("reception"), keep_secret=secret)


def do(case: UUID, action: str, role: str = "reception", agency: str = AGENCY, **data: Any) -> Any:
    reason = data.pop("reason", None)
    return perform(Command("", str(case), action, data, reason=reason), official(role, agency))


def written(case: UUID, **more: Any) -> None:
    do(case, "write_down", text=WORDS, nature="kien_nghi", confirmed_how="signature", **more)


def state(case: UUID) -> Any:
    with scope(JOB):
        return load([case])[case].state


def issue(case: UUID, number: str = "12/TB-UBND") -> None:
    """The notice of conclusions through its whole chain."""
    do(case, "issue", points_text="1. Phòng Kinh tế làm lại cống, xong trước hạn.")
    paper = next(iter(state(case).papers))
    for action, role, more in (("paper.initial", "reception", {}), ("paper.check", "office", {}), ("paper.sign", "head", {}),
                               ("paper.number", "registry", {"number": number}), ("paper.send", "registry", {})):  # fmt: skip
        do(case, action, role, paper=paper, **more)


# --- the record -----------------------------------------------------------------------------------------------------------------


def test_a_place_in_the_queue_becomes_one_record_with_the_person_s_name_apart() -> None:
    one = begun()
    with scope(official("reception")):
        place = Booking.objects.get(record=one.case)
        assert place.state == Booking.State.CALLED
        assert Session.objects.get(id=place.session_id).now == place.number, "the waiting room sees who is received"
    assert table.begin(place.id, by("reception")).case == one.case
    loaded = state(one.case)
    assert (loaded.step, loaded.fields["number"], loaded.fields["named_sender"]) == ("at_table", 1, True)
    assert "Canary" not in str(loaded.fields)
    with pytest.raises(Refusal):
        table.begin(place.id, by("reception", "c04990"))


def test_who_cannot_write_is_read_to_before_the_fingerprint() -> None:
    one = begun()
    with pytest.raises(Refusal) as refused:
        do(one.case, "write_down", text=WORDS, nature="kien_nghi", confirmed_how="fingerprint", cannot_write=True)
    assert refused.value.details["field"] == "read_back"
    do(one.case, "write_down", text=WORDS, nature="kien_nghi", confirmed_how="fingerprint", cannot_write=True, read_back=True)
    assert state(one.case).step == "owed"


def test_the_person_confirms_on_an_own_telephone_and_nobody_else_does() -> None:
    one = begun()
    do(one.case, "show", text=WORDS, nature="hoi_dap")
    with pytest.raises(Refusal):
        do(one.case, "confirm")
    perform(Command("", str(one.case), "confirm"), SENDER)
    assert (state(one.case).step, state(one.case).fields["confirmed_how"]) == ("owed", "phone")


def test_a_matter_becomes_a_letter_with_its_own_clock_and_the_person_follows_both_by_one_code() -> None:
    one = begun()
    written(one.case)
    done = do(one.case, "open_letter", channel="counter", own_word="kien_nghi", named_sender=True)
    letter = done.opened[0][0]
    assert set(state(letter).clocks) == {"handle", "red_line"} and set(state(one.case).clocks) == {"answer"}
    opened = do(letter, "open_matter", nature="kien_nghi", matter_kind="letters.petition", topic="giao thông")
    views = view_for_sender(one.case, today())
    assert [v.kind for v in views] == ["reception.record", "letters.letter", "letters.petition"]
    assert views[2].id == opened.opened[0][0] and views[1].texts["text"] == WORDS


def test_a_denunciation_at_the_table_is_sealed_from_the_first_moment_or_not_written_down(owner_db: Any) -> None:
    plain = begun()
    with pytest.raises(Refusal) as refused:
        do(plain.case, "write_down", text="Tôi tố cáo", nature="to_cao", confirmed_how="signature")
    assert "Giữ kín" in refused.value.message
    slip = booking.book(booking.Ask(posted(9), "door", {"name": "Bạch Thị Kín"}), by("reception"), NOON)
    one = table.begin(slip.id, by("reception"), keep_secret=True)
    assert state(one.case).vault
    assert owner_db.execute("SELECT count(*) FROM td_identity WHERE case_id = %s", [one.case]).fetchone() == (0,)
    do(one.case, "write_down", text="Người này thu tiền không biên lai", nature="to_cao", confirmed_how="signature", keep_secret=True)
    letter = do(one.case, "open_letter", channel="counter", own_word="to_cao").opened[0][0]
    assert state(letter).vault
    data = {"accused_words": "Ông X", "matter_agency": "ubnd-tinh", "transcript": "Thu tiền không biên lai (lược bỏ)",
            "transcript_checked": True, "signed": True}  # fmt: skip
    matter = do(letter, "open_denunciation", **data).opened[0][0]
    assert state(matter).vault
    left = owner_db.execute("SELECT case_id, body FROM td_content WHERE field = 'text' AND body IS NOT NULL AND case_id = ANY(%s)",
                            [[one.case, letter, matter]]).fetchall()  # fmt: skip
    assert [(c, b) for c, b in left] == [(matter, "Thu tiền không biên lai (lược bỏ)")]


@pytest.mark.parametrize(("people", "sent", "fits"), [
    (1, 0, True), (4, 1, True), (5, 0, False), (5, 2, True), (10, 3, False), (11, 5, True), (40, 6, False),
])  # fmt: skip
def test_a_crowd_sends_as_many_as_the_law_says(people: int, sent: int, fits: bool) -> None:
    assert representatives_fit({"people": people, "representatives": sent}, {}, "") is fits


# --- conclusions ------------------------------------------------------------------------------------------------------------------


def concluded(finish: date | None = None, doer_agency: str = AGENCY) -> tuple[UUID, UUID, UUID]:
    """(record, conclusion, point), not signed yet."""
    one = begun()
    written(one.case)
    day = today()
    conclusion = do(one.case, "conclude", closes_by=day.isoformat()).opened[0][0]
    point = do(conclusion, "mark_point", task="Làm lại cống đầu xóm", doer="Phòng Kinh tế", doer_agency=doer_agency,
               finish_on=(finish or day + timedelta(days=20)).isoformat(), proof_wanted="Ảnh, biên bản").opened[0][0]  # fmt: skip
    return one.case, conclusion, point


def test_a_marked_point_is_a_draft_until_the_head_signs_and_then_owed_by_the_day_the_head_gave() -> None:
    record, conclusion, point = concluded(doer_agency="so-xd")
    assert (state(point).step, state(point).clocks, state(point).agency) == ("draft", {}, AGENCY)
    with scope(official("head", "so-xd")):
        assert load([point]) == {}
    issue(conclusion)
    bound = state(point)
    assert (bound.step, bound.agency, bound.clocks["finish"].due) == ("binding", "so-xd", date.fromisoformat(bound.fields["finish_on"]))
    with scope(official("head", "so-xd")):
        assert point in load([point]) and record not in load([record])


def test_a_point_not_taken_over_needs_its_reason_which_the_person_reads() -> None:
    record, conclusion, point = concluded()
    with pytest.raises(Refusal):
        do(point, "leave_out")
    do(point, "leave_out", left_out_why="Thuộc thẩm quyền tỉnh, đã chuyển.")
    do(conclusion, "mark_point", task="Việc khác", doer_agency=AGENCY, finish_on=(today() + timedelta(days=9)).isoformat(), proof_wanted="Ảnh")
    issue(conclusion)
    assert state(point).step == "left_out"
    view = next(v for v in view_for_sender(record, today()) if v.id == point)
    assert view.texts["left_out_why"] == "Thuộc thẩm quyền tỉnh, đã chuyển."


def test_kept_late_and_broken_are_counted_by_agency_and_post_for_those_above(owner_db: Any) -> None:
    day = today()
    _record, conclusion, point = concluded()
    issue(conclusion)
    do(point, "case.assign", "head", post="c04978-kt/officer/1")
    later = second_point()
    do(point, "report_done", "head", action_taken="Đã làm", done_on=day.isoformat(), proof="Biên bản")
    with scope(official("head", "ubnd-tinh")):
        (line,) = [k for k in promises.figures(day - timedelta(days=1), day, day) if k.post]
        assert (line.agency, line.post, line.kept, line.broken) == (AGENCY, "c04978-kt/officer/1", 1, 0)
        (broken,) = [k for k in promises.figures(day - timedelta(days=1), day, day + timedelta(days=60)) if not k.post]
        assert broken.broken == 1
    with scope(official("head", "c04990")):
        assert promises.figures(day - timedelta(days=1), day, day) == []
    with scope(official("reception")):
        assert {p.case for p in promises.points(AGENCY)} == {point, later}
        assert {p.verdict(day) for p in promises.points(AGENCY)} == {"kept", "running"}


def second_point() -> UUID:
    """Another conclusion with a point that nobody has in hand."""
    slip = booking.book(booking.Ask(posted(9), "door", {"name": "Khách Hai"}), by("reception"), NOON)
    one = table.begin(slip.id, by("reception"))
    written(one.case)
    day = today()
    conclusion = do(one.case, "conclude", closes_by=day.isoformat()).opened[0][0]
    point = do(conclusion, "mark_point", task="Sửa đèn", doer_agency=AGENCY, finish_on=(day + timedelta(days=5)).isoformat(),
               proof_wanted="Ảnh").opened[0][0]  # fmt: skip
    issue(conclusion, "13/TB-UBND")
    return UUID(str(point))


def test_the_person_says_it_was_not_done_and_it_is_owed_again_by_the_same_day() -> None:
    record, conclusion, point = concluded()
    issue(conclusion)
    do(point, "report_done", "head", action_taken="Đã làm", done_on=today().isoformat(), proof="Ảnh")
    do(point, "check", "head", checked_how="Đã đến xem")
    perform(Command("", str(point), "contest", {"not_done_words": "Mới đào, chưa đặt cống"}), SENDER)
    again = state(point)
    assert (again.step, again.clocks["finish"].due) == ("binding", date.fromisoformat(again.fields["finish_on"]))
    assert again.clocks["finish"].running
    assert state(point).parent == str(record)


