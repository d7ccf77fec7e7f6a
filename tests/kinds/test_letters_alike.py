"""Letters about one matter, on the real database: repeats joined to the first, groups with their reasons, and what is in none."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from tests.core.cases.people import AGENCY, SENDER, official, wait_until_readable
from tests.law.classify.test_alike import DRAIN, DRAIN_TOO, TAKEN_1, TAKEN_2, TEACHER
from trongdan.core.cases import alike
from trongdan.core.cases.check import check
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, Scope, scope, scope_of
from trongdan.core.cases.trail import load
from trongdan.doors.cli._shell import as_role
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.alike import group_new
from trongdan.kinds.letters.keeping import keep_secret

pytestmark = pytest.mark.django_db(transaction=True)
MAN, LUC = {"name": "Bùi Thị Mận", "phone": "0912 000 111", "address": "xóm Mớ"}, {"name": "Đinh Văn Lực", "address": "xóm Mớ"}
BOARD = "ban-tcd"


def send(text: str, who: dict[str, str] = MAN, agency: str = AGENCY, **facts: Any) -> Done:
    if keep_secret(text, facts):
        facts["keep_secret"] = True
    data = {"text": text, "channel": "portal", "commune": AGENCY, **facts}
    return perform(Command("letters.letter", None, "receive", data, agency=agency), SENDER, str(uuid4()), client="t", identity=who)


def group_all() -> None:
    wait_until_readable()
    with as_role("td_job"):
        while group_new():
            wait_until_readable()


def state(case: UUID) -> Any:
    with scope(JOB):
        return load([case])[case].state


def group(case: UUID) -> UUID | None:
    with scope(JOB):
        return alike.group_of(case)


def rows_about(case: UUID) -> int:
    with as_role("td_job"), scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM td_alike WHERE case_id = %(c)s) + (SELECT count(*) FROM td_alike_term WHERE case_id "
                       "= %(c)s) + (SELECT count(*) FROM td_group_member WHERE case_id = %(c)s)", {"c": case})  # fmt: skip
        return int(cursor.fetchone()[0])


def test_the_same_letter_of_the_same_person_joins_the_first_without_a_new_process() -> None:
    first, again = send(DRAIN), send("  " + DRAIN.upper(), MAN | {"address": "XÓM MỚ"})
    group_all()
    joined = state(again.case)
    assert (joined.step, joined.outcome, joined.repeat_of) == ("joined", "joined", str(first.case))
    assert joined.clocks["handle"].stopped_on is not None
    assert state(first.case).step == "received"
    third = send(DRAIN)
    group_all()
    assert state(third.case).repeat_of == str(first.case), "a repeat of a repeat belongs to the first"
    assert list(check()) == []


def test_a_repeat_at_another_agency_or_of_a_closed_file_waits_for_an_official() -> None:
    first, elsewhere = send(DRAIN), send(DRAIN, agency=BOARD)
    perform(Command("letters.letter", str(first.case), "file", {"filing_reason": "Thử."}), official("reception"))
    late = send(DRAIN)
    group_all()
    for one in (elsewhere, late):
        assert (state(one.case).step, state(one.case).repeat_of) == ("received", str(first.case))
    perform(Command("letters.letter", str(late.case), "join_first"), official("reception"))
    assert state(late.case).step == "joined"


def test_the_same_words_of_another_person_are_no_repeat_but_one_matter() -> None:
    first, other, nobody = send(DRAIN), send(DRAIN, LUC), send(DRAIN, {})
    group_all()
    assert [state(c.case).repeat_of for c in (other, nobody)] == [None, None]
    assert group(first.case) == group(other.case) == group(nobody.case) is not None


def test_joining_needs_a_first_letter() -> None:
    letter = send(DRAIN)
    with pytest.raises(Refusal, match="đơn đã nhận trước"):
        perform(Command("letters.letter", str(letter.case), "join_first"), official("reception"))
    for wrong in (str(letter.case), "", "không phải mã"):
        with pytest.raises(Refusal):
            perform(Command("letters.letter", str(letter.case), "case.link", {"first": wrong}), official("reception"))


def test_one_matter_is_grouped_across_agencies_with_the_reasons() -> None:
    letters = [send(DRAIN), send(DRAIN_TOO, LUC), send(TAKEN_1), send(TAKEN_2, LUC, BOARD), send(TEACHER)]
    group_all()
    groups = [group(one.case) for one in letters]
    assert groups[0] == groups[1] is not None
    assert groups[2] == groups[3] not in (None, groups[0])
    assert groups[4] is None
    with scope(JOB):
        (new, first) = alike.members(groups[2])  # type: ignore[arg-type]
    assert (new.case, first.case) == (letters[3].case, letters[2].case)
    assert new.reasons[0]["kind"] == "decision"
    assert "1123" in new.reasons[0]["words"]


def test_more_letters_take_no_more_statements() -> None:
    counts = []
    for many in (2, 12):
        for n in range(many):
            send(f"{TEACHER} Lớp {n}, khóa {many}.", LUC | {"name": f"Bùi Văn {n} {many}"})
        wait_until_readable()
        with CaptureQueriesContext(connection) as queries, as_role("td_job"):
            group_new()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_vault_letter_is_in_no_signature_no_group_and_no_count() -> None:
    open_, hidden = send(TAKEN_1), send(TAKEN_2, LUC, keep_secret=True)
    group_all()
    assert (rows_about(hidden.case), group(open_.case)) == (0, None)


def test_a_letter_that_goes_into_the_vault_leaves_its_group_at_once_and_its_repeats_follow_it() -> None:
    first, repeat, other = send(DRAIN), send(DRAIN), send(DRAIN_TOO, LUC)
    group_all()
    together = group(first.case)
    assert together == group(other.case)
    perform(Command("letters.letter", str(first.case), "vault.seal"), SENDER)
    with scope(scope_of(official("reception"))):
        assert first.case not in {m.case for m in alike.members(together)}  # type: ignore[arg-type]
        assert alike.group_of(first.case) is None
        assert alike.repeated(repeat.case) is None
    group_all()
    group_all()
    assert state(repeat.case).vault, "the same words stand in it"
    assert rows_about(first.case) == rows_about(repeat.case) == 0
    with scope(JOB):
        assert [m.case for m in alike.members(together)] == [other.case]  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="kho kín"):
        perform(Command("letters.letter", str(first.case), "case.group", {"group": str(together)}), official("reception"))


def test_what_may_be_a_state_secret_leaves_its_group_and_comes_back_when_it_is_none() -> None:
    first, other = send(TAKEN_1), send(TAKEN_2, LUC)
    group_all()
    perform(Command("letters.letter", str(other.case), "case.secret_flag", reason="Thử."), official("reception"))
    assert group(other.case) is None
    group_all()
    assert rows_about(other.case) == 0
    perform(Command("letters.letter", str(other.case), "case.secret_lift", reason="Không phải."), official("head"))
    group_all()
    assert group(other.case) == group(first.case) is not None


def test_a_person_takes_a_letter_out_and_the_machine_does_not_put_it_back() -> None:
    first, other = send(TAKEN_1), send(TAKEN_2, LUC)
    group_all()
    was = group(first.case)
    perform(Command("letters.letter", str(other.case), "case.ungroup", {"group": str(was)}), official("reception"))
    assert group(other.case) is None
    send(TAKEN_1 + " Nhà tôi cũng vậy.", {"name": "Người Khác", "address": "x"})
    group_all()
    assert group(other.case) is None
    perform(Command("letters.letter", str(other.case), "case.group", {"group": str(was)}), official("reception"))
    assert group(other.case) == was
    with scope(JOB):
        mine = next(m for m in alike.members(was) if m.case == other.case)  # type: ignore[arg-type]
    assert (mine.by_person, mine.reasons) == (True, ({"kind": "chosen"},))
    tags = [e.tag for e in _events(other.case)]
    assert tags[-2:] == ["case:ungrouped", "case:grouped"]


def _events(case: UUID) -> Any:
    with scope(JOB):
        return load([case])[case].events


def test_only_letters_in_scope_are_shown_of_a_group_and_others_as_a_number_for_their_agency() -> None:
    mine, theirs = send(TAKEN_1), send(TAKEN_2, LUC, BOARD)
    group_all()
    together = group(mine.case)
    with scope(scope_of(official("reception"))):
        assert [m.case for m in alike.members(together)] == [mine.case]  # type: ignore[arg-type]
        assert [(e.agency, e.letters) for e in alike.elsewhere(together)] == [(BOARD, 1)]  # type: ignore[arg-type]
        past = alike.history(mine.case)
        assert [(p.case, p.letter, p.agency) for p in past] == [(None, None, BOARD)]
    with scope(scope_of(official("reception", "c05116"))):
        assert alike.group_of(theirs.case) is None
        assert (alike.members(together), alike.elsewhere(together), alike.history(mine.case)) == ([], [], [])  # type: ignore[arg-type]


def test_letters_elsewhere_are_counted_among_the_newest_alone_and_it_is_said() -> None:
    mine = send(TAKEN_1)
    send(TAKEN_2, LUC, BOARD)
    group_all()
    together = group(mine.case)
    with scope(scope_of(official("reception"))):
        counted = [alike.elsewhere(together, most) for most in (1, 2, 3)]  # type: ignore[arg-type]
    assert [[(e.letters, e.whole) for e in found] for found in counted] == [[(1, False)], [(1, False)], [(1, True)]]


def test_who_is_kept_out_of_a_letter_does_not_learn_of_it_from_the_group() -> None:
    mine, about = send(TAKEN_1), send(TAKEN_2, LUC, BOARD)
    group_all()
    together = group(mine.case)
    perform(Command("letters.letter", str(about.case), "record_accused", {"accused": [f"{AGENCY}/reception"]}),
            official("reception", BOARD))  # fmt: skip
    with scope(scope_of(official("reception"))):
        assert alike.elsewhere(together) == []  # type: ignore[arg-type]
        assert alike.history(mine.case) == []


def test_the_web_role_reads_no_signature_and_nobody_sets_a_group_without_a_scope() -> None:
    send(TAKEN_1)
    group_all()
    for query in ("SELECT * FROM td_alike", "SELECT * FROM td_alike_term", "DELETE FROM td_group_member"):
        with pytest.raises(DatabaseError, match="permission denied"), scope(JOB), connection.cursor() as cursor:
            cursor.execute(query)
    with scope(Scope()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_group_member")
        assert cursor.fetchone()[0] == 0


def test_the_sender_of_a_repeat_is_told_the_first_reference_but_never_that_of_another_person() -> None:
    first, again, other = send(DRAIN), send(DRAIN), send(DRAIN, LUC)
    group_all()
    perform(Command("letters.letter", str(other.case), "case.link", {"first": str(first.case)}), official("reception"))
    with scope(Scope(case=again.case)):
        assert alike.first_of(again.case) == (first.reference, state_opened(first))
    with scope(Scope(case=other.case)):
        assert alike.first_of(other.case) == (None, state_opened(first))
        assert alike.first_of(again.case) is None


def state_opened(done: Done) -> Any:
    assert done.state is not None
    return done.state.opened_on


def test_growth_counts_people_once_below_and_in_scope_and_never_the_vault() -> None:
    letters = [send(TAKEN_1), send(TAKEN_1), send(TAKEN_2, LUC), send(TAKEN_2 + " Chúng tôi gồm 4 hộ ký tên.", {"name": "A B", "address": "x"})]
    perform(Command("letters.letter", str(send(TAKEN_1 + " Bổ sung.", {"name": "C D", "address": "y"}).case), "vault.seal"), SENDER)
    group_all()
    together = group(letters[0].case)
    since = state_opened(letters[0])
    for who, mine in ((official("reception"), True), (official("head", "ubnd-tinh"), False)):
        with scope(scope_of(who)):
            (week,) = alike.growth(since, 5)
            assert (week.group, week.letters, week.people, week.mine) == (together, 3, 6, mine)
            assert alike.growth(since, 7) == ([week] if mine else [])
            assert "1123" in alike.matters([week.group])[week.group]
    for who in (official("reception", "c05116"), official("head", "so-yt")):
        with scope(scope_of(who)):
            assert (alike.growth(since, 1), alike.matters([together])) == ([], {})  # type: ignore[list-item]


def supplement(case: UUID, words: str) -> None:
    perform(Command("letters.letter", str(case), "ask_supplement", {"asked_for": "ghi rõ việc gì, ở đâu"}), official("reception"))
    perform(Command("letters.letter", str(case), "give_supplement", {"supplement": words}), SENDER)


def test_a_letter_that_says_too_little_comes_into_its_group_by_what_is_added_to_it() -> None:
    first, bare = send(TAKEN_1), send("Tôi hỏi việc của tôi bao giờ xong.", LUC)
    group_all()
    assert group(bare.case) is None
    supplement(bare.case, TAKEN_2)
    group_all()
    assert group(bare.case) is not None and group(bare.case) == group(first.case)
    assert state(bare.case).repeat_of is None
    later = send(TAKEN_1, {"name": "Hà Thị Nụ", "address": "xóm Đúp"})
    group_all()
    assert group(later.case) == group(bare.case)


def test_what_is_added_does_not_make_a_letter_a_repeat_nor_take_it_out_of_where_a_person_put_it() -> None:
    first, other = send(DRAIN), send(TEACHER)
    group_all()
    supplement(other.case, DRAIN)
    group_all()
    assert state(other.case).repeat_of is None and state(other.case).step != "joined"
    again = send(TEACHER)
    group_all()
    assert state(again.case).repeat_of == str(other.case), "it is known by its own words still"
    if (together := group(other.case)) is not None:
        perform(Command("letters.letter", str(other.case), "case.ungroup", {"group": str(together)}), official("reception"))
        supplement_again = Command("letters.letter", str(other.case), "give_supplement", {"supplement": DRAIN_TOO})
        perform(Command("letters.letter", str(other.case), "ask_supplement", {"asked_for": "thêm"}), official("reception"))
        perform(supplement_again, SENDER)
        group_all()
        assert group(other.case) is None, "the machine does not put it back"
    assert state(first.case).step == "received"


def test_of_a_vault_letter_nothing_that_is_added_is_signed() -> None:
    letter = send(TAKEN_1, keep_secret=True)
    supplement(letter.case, TAKEN_2)
    group_all()
    assert rows_about(letter.case) == 0


def differences(rebuild: bool = False) -> list[str]:
    with as_role("td_job"):
        return [d.words for d in check(rebuild=rebuild)]


def test_what_a_person_decided_and_what_repeats_are_held_to_the_trail_and_made_anew_from_it() -> None:
    first, again, other = send(DRAIN), send(DRAIN), send(DRAIN_TOO, LUC)
    group_all()
    chosen = uuid4()
    perform(Command("letters.letter", str(other.case), "case.group", {"group": str(chosen)}), official("reception"))
    out = send(DRAIN_TOO, {"name": "Hà Thị Nụ", "address": "xóm Đúp"})
    group_all()
    was = group(out.case)
    perform(Command("letters.letter", str(out.case), "case.ungroup", {"group": str(was)}), official("reception"))
    assert differences() == []
    with as_role("td_job"), scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_repeat SET first = %s WHERE case_id = %s", [other.case, again.case])
        cursor.execute("UPDATE td_group_member SET group_id = %s WHERE case_id = %s", [uuid4(), other.case])
        cursor.execute("DELETE FROM td_group_member WHERE case_id = %s", [out.case])
    assert sorted(differences(rebuild=True)) == ["nhóm do người ghép: khác với dấu vết"] * 2 + ["đơn trùng: khác với dấu vết"]
    assert differences() == []
    assert (group(other.case), group(out.case)) == (chosen, None)
    with scope(JOB):
        assert alike.first_of(again.case) is not None
    assert state(again.case).repeat_of == str(first.case)
    with as_role("td_job"):
        group_new()
    assert group(out.case) is None


def test_a_vault_letter_with_a_trace_in_a_group_is_found_and_the_trace_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from trongdan.core.cases import check_together

    letter = send(TAKEN_1, keep_secret=True)
    with as_role("td_job"), scope(JOB), connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_group_member (case_id, group_id, since) VALUES (%s, %s, current_date)", [letter.case, uuid4()])
    assert differences() == [], "the worker has its turn first"
    monkeypatch.setattr(check_together, "TURN", timedelta(0))
    assert differences(rebuild=True) == ["còn trong nhóm hay dấu so đơn, dù nội dung đã rút"]
    assert rows_about(letter.case) == 0 and differences() == []
