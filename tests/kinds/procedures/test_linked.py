"""Linked procedures: said once, several dossiers that know each other; the second waits for the first one's result."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import official
from tests.kinds.procedures.rows import HEAD, row
from tests.kinds.procedures.test_catalogue import bring
from tests.kinds.procedures.test_counter import PAGE, sign_in
from tests.kinds.procedures.test_dossier import AGENCY, COUNTER, START, at, clockwork, do, read
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures import intake, linked, selectors
from trongdan.kinds.procedures.complete import asked_papers

pytestmark = pytest.mark.django_db(transaction=True)
BIRTH, HOME, CARD = "1.001193", "1.004222", "1.001939"


@pytest.fixture
def catalogue() -> None:
    bring(row(BIRTH, "Đăng ký khai sinh cho bé", duration="1 Ngày làm việc", documents=HEAD + "Giấy chứng sinh của cơ sở y tế1 bản chính"),
          row(HOME, "Đăng ký thường trú cho bé", duration="7 Ngày làm việc",
              documents=HEAD + "Tờ khai thay đổi thông tin cư trú1 bản chínhGiấy khai sinh của trẻ em1 bản chính"),
          row(CARD, "Cấp thẻ bảo hiểm y tế cho bé", duration="5 Ngày làm việc", documents=HEAD + "Giấy chứng sinh của cơ sở y tế1 bản chính"),
          on=date(2026, 1, 1))  # fmt: skip


def hand_in(parts: dict[str, tuple[int, ...]], key: str = "", **more: Any) -> intake.Taken:
    about: dict[str, Any] = {"code": BIRTH, "agency": AGENCY, "channel": "counter", "applicant": {"name": "Bùi Thị Mận", "address": "xóm Mớ"},
                             "centre": "c04978", "papers": (1,), "fee_paid": 8000, "fee_receipt": "0000123"} | more  # fmt: skip
    return linked.receive_together(intake.Dossier(**about), parts, key or str(uuid4()), "t", COUNTER, at(START))


def children(case: UUID) -> dict[str, Loaded]:
    found = read(case)
    with scope(JOB):
        return {str(c.state.fields["topic"]): c for c in load([UUID(i) for i in found.state.children]).values() if c.kind.id == intake.KIND}


def finish(case: UUID, **data: Any) -> None:
    post = read(case).state.assigned
    assert post
    do(case, "finish", official("officer", post=post), START, **({"result": "granted", "result_no": "1/KS"} | data))


@pytest.mark.usefixtures("catalogue")
def test_papers_are_asked_for_once_and_what_the_first_gives_is_not_asked_for_at_all() -> None:
    found = selectors.procedure(BIRTH, START)
    assert found
    home, card = linked.along(BIRTH, asked_papers(found.body), START)
    assert [a.name for a in home.left] == ["Tờ khai thay đổi thông tin cư trú"], "the birth certificate comes from the first dossier"
    assert (card.left, [a.number for a in card.said]) == ((), [1]), "the paper of the birth is said already"
    assert linked.along("1.900001", [], START) == []


@pytest.mark.usefixtures("catalogue")
def test_one_application_is_several_dossiers_that_wait_for_the_first_ones_result() -> None:
    taken = hand_in({HOME: (1,), CARD: ()})
    found = children(taken.case)
    assert set(found) == {HOME, CARD}
    assert {c.reference for c in found.values()} == {f"{taken.reference}/1", f"{taken.reference}/2"}
    for child in found.values():
        assert (child.state.step, child.state.clocks, child.state.fields["waits_for"]) == ("queued", {}, BIRTH)
        assert not {"fee_paid", "fee_receipt", "linked", "limit"} & set(child.state.fields), "what is the first one's alone stays there"
    assert (found[HOME].state.fields["papers_in"], found[CARD].state.fields["papers_in"]) == ("1", "0")
    clockwork(START)
    assert children(taken.case)[HOME].state.step == "queued"
    finish(taken.case)
    clockwork(START)
    clockwork(START)
    begun = children(taken.case)
    assert [begun[c].state.step for c in (HOME, CARD)] == ["processing", "processing"]
    assert begun[HOME].state.clocks["settle"].due == date(2026, 8, 12), "seven working days from the birth's result"


@pytest.mark.usefixtures("catalogue")
def test_a_first_dossier_without_the_result_asked_for_leaves_the_others_to_a_person() -> None:
    taken = hand_in({HOME: (1,)})
    finish(taken.case, result="denied", result_words="Không đúng nơi.")
    clockwork(START)
    child = children(taken.case)[HOME]
    assert (child.state.step, child.state.fields["first_failed"]) == ("queued", True)
    do(child.id, "begin", COUNTER, START)
    assert read(child.id).state.step == "processing", "the counter decides; nothing is lost"


@pytest.mark.usefixtures("catalogue")
def test_a_linked_application_is_whole_or_not_there_and_the_same_key_is_the_same_one() -> None:
    with pytest.raises(Refusal) as refused:
        hand_in({"1.900001": ()})
    assert refused.value.code == "linked.unknown"
    bring(row(BIRTH, "Đăng ký khai sinh cho bé", duration="1 Ngày làm việc"), on=date(2026, 8, 1))
    with pytest.raises(Refusal) as refused:
        hand_in({HOME: (1,)}, key="whole")
    assert refused.value.code == "procedure.not_in_force"
    first = hand_in({}, key="whole")
    assert not first.replayed, "nothing had stayed of the one that was refused"


@pytest.mark.usefixtures("catalogue")
def test_sent_again_it_opens_no_second_family() -> None:
    first, again = hand_in({HOME: (1,), CARD: ()}, key="k"), hand_in({HOME: (1,), CARD: ()}, key="k")
    assert (first.case, again.replayed, len(children(first.case))) == (again.case, True, 2)


@pytest.mark.usefixtures("catalogue")
def test_a_part_that_need_not_wait_begins_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    part = linked.Part(CARD, waits=False, outside="")
    monkeypatch.setattr(linked, "sets", lambda: {BIRTH: linked.LinkedSet("x", "x", BIRTH, (), (part,))})
    child = children(hand_in({CARD: ()}).case)[CARD]
    assert (child.state.step, child.state.clocks["settle"].due) == ("processing", date(2026, 8, 10))


@pytest.mark.usefixtures("catalogue")
def test_a_late_first_dossier_still_owes_an_apology_of_its_own() -> None:
    taken = hand_in({HOME: (1,)})
    clockwork(date(2026, 8, 4))
    with scope(JOB):
        kinds = [c.kind.id for c in load([UUID(i) for i in read(taken.case).state.children]).values()]
    assert sorted(kinds) == ["procedures.apology", "procedures.dossier"]


@pytest.mark.usefixtures("catalogue")
def test_the_counter_ticks_what_goes_along_and_the_person_has_one_slip_and_one_page() -> None:
    counter = sign_in("motcua")
    page = counter.get(PAGE, {"q": BIRTH}).content.decode()
    assert "Đăng ký thường trú cho bé" in page and "Tờ khai thay đổi thông tin cư trú" in page
    form = {"code": BIRTH, "name": "Bùi Thị Mận", "phone": "0900000001", "whole": "g0", "draft": str(uuid4()), "linked": [HOME, CARD]}
    refused = counter.post(PAGE, form)
    assert refused.status_code == 422
    assert "Tờ khai thay đổi thông tin cư trú" in refused.content.decode()
    done = counter.post(PAGE, form | {"along": [f"{HOME}-1"]})
    assert done.status_code == 302, done.content.decode()
    case = UUID(done.headers["Location"].rpartition("=")[2])
    shown = counter.get(done.headers["Location"]).content.decode()
    reference = read(case).reference
    assert "Đăng ký thường trú cho bé" in shown, "the receipt names what went along"
    assert counter.get(f"/ban-lam-viec/ho-so/{case}/giay-hen.pdf").content.startswith(b"%PDF")
    assert [line.startswith(f"{n}. ") for n, line in enumerate(linked.part_lines(read(case)), 1)] == [True, True]
    followed = Client().get(f"/theo-doi/{reference}/{intake.token_of(case)}/").content.decode()
    assert f"{intake.shown(reference)}/1" in followed and f"{intake.shown(reference)}/2" in followed, "one page for all three"
    assert "Hồ sơ chờ kết quả của thủ tục nộp cùng" in followed
