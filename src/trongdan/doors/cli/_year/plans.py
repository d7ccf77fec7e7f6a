"""How files go in the simulated year: each is a generator that asks for its next command and learns what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import Letter, letter_command

from .words import TRANSCRIPT
from .world import SENDER, Ask, Going, Plan, World, through

LETTER, PETITION, COMPLAINT, DENUNCIATION = "letters.letter", "letters.petition", "letters.complaint.first", "letters.denunciation"


def _arrive(world: World, at: datetime, letter: Letter) -> Going:
    direct = letter.channel == "portal"
    actor = SENDER if direct else world.actor(letter.agency, "reception")
    return (yield Ask(at, actor, letter_command(letter), letter.sender))


def petition(world: World, chance: Random, at: datetime, letter: Letter, topic: str, pace: float) -> Plan:
    """A letter with a proposal or a report: from its arrival to its answer, or to one of the ways that end before."""
    done = yield from _arrive(world, at, letter)
    if done is None:
        return
    case, agency, fate = str(done.case), done.state.agency, chance.random()
    at = world.later(at, chance, 2.5 * pace, agency)
    reception = world.actor(agency, "reception")
    if fate < 0.02:
        return  # forgotten
    if fate < 0.05:
        done = yield Ask(at, reception, Command(LETTER, case, "ask_supplement", {"asked_for": "Nơi xảy ra sự việc."}))
        at = world.later(at, chance, 4, agency)
        done = done and (yield Ask(at, SENDER, Command(LETTER, case, "give_supplement", {"supplement": "Ở cuối xóm."})))
        at = world.later(at, chance, 2 * pace, agency)
    elif fate < 0.11:
        yield Ask(at, reception, Command(LETTER, case, "file", {"nature": "phan_anh", "filing_reason": "Việc đã được trả lời."}))
        return
    elif fate < 0.14:
        yield from _guide(world, chance, case, agency, at, "kien_nghi")
        return
    elif fate < 0.16:
        yield Ask(at, SENDER, Command(LETTER, case, "withdraw", reason="Đã xong."))
        return
    if done is None:
        return
    nature = "kien_nghi" if chance.random() < 0.4 else "phan_anh"
    data = {"nature": nature, "topic": topic, "matter_kind": PETITION}
    done = yield Ask(at, reception, Command(LETTER, case, "open_matter", data))
    if done is not None:
        yield from _petition(world, chance, str(done.opened[0][0]), agency, at, pace)


def _guide(world: World, chance: Random, case: str, agency: str, at: datetime, nature: str) -> Going:
    data = {"nature": nature, "guidance": "Ông/bà gửi đến cơ quan có thẩm quyền, kèm giấy tờ đã có."}
    done = yield Ask(at, world.actor(agency, "reception"), Command(LETTER, case, "guide", data))
    if done is not None:
        yield from through(world, chance, case, done, at)


def _petition(world: World, chance: Random, case: str, agency: str, at: datetime, pace: float) -> Going:
    head, officer = world.actor(agency, "head"), world.one(agency, "officer", chance)
    at = world.later(at, chance, 2 * pace, agency)
    done = yield Ask(at, head, Command(PETITION, case, "accept"))
    if done is None or officer is None or chance.random() < 0.03:
        return
    at = world.later(at, chance, 0.7, agency)
    done = yield Ask(at, head, Command(PETITION, case, "case.assign", {"post": officer}))
    doer = world.actor(agency, "officer", officer)
    at = world.later(at, chance, 7 * pace, agency)
    if done is not None and chance.random() < 0.04:
        done = yield Ask(at, head, Command(PETITION, case, "extend", reason="Cần kiểm tra thực địa."))
        at = world.later(at, chance, 6 * pace, agency)
    if done is None or chance.random() < 0.04:
        return  # nobody answers
    result = chance.choice(("accepted", "accepted", "partly", "explained"))
    data = {"answer": "Cơ quan đã kiểm tra thực tế và trả lời.", "result": result,
            "action_taken": "Giao đơn vị quản lý sửa chữa, xong trong tháng."}  # fmt: skip
    done = yield Ask(at, doer, Command(PETITION, case, "answer", data))
    ended = done and (yield from through(world, chance, case, done, at))
    if ended and chance.random() < 0.12:
        verdict = {"answered": "yes", "acted": chance.choice(("yes", "no")), "solved": chance.choice(("yes", "no", "partly"))}
        yield Ask(world.later(ended[1], chance, 3, agency), SENDER, Command(PETITION, case, "case.assess", verdict))


def complaint(world: World, chance: Random, at: datetime, letter: Letter, topic: str) -> Plan:
    """A first complaint: accepted, verified, decided, sent, published; refused, withdrawn or left lying in between."""
    done = yield from _arrive(world, at, letter)
    if done is None:
        return
    root, agency = str(done.case), done.state.agency
    at = world.later(at, chance, 3, agency)
    signed = chance.random() < 0.93
    data = {"nature": "khieu_nai", "topic": topic, "matter_kind": COMPLAINT, "signed": signed}
    done = yield Ask(at, world.actor(agency, "reception"), Command(LETTER, root, "open_matter", data))
    if done is None or not signed:
        return
    case, fate = str(done.opened[0][0]), chance.random()
    reception, at = world.actor(agency, "reception"), world.later(at, chance, 4, agency)
    if fate < 0.06:
        yield Ask(at, SENDER, Command(COMPLAINT, case, "withdraw", reason="Đã thỏa thuận xong."))
        return
    if fate < 0.24:
        done = yield Ask(at, reception, Command(COMPLAINT, case, "refuse", {"refusal_ground": _first_ground()}))
        if done is not None:
            yield from through(world, chance, case, done, at)
        return
    done = yield Ask(at, reception, Command(COMPLAINT, case, "accept", {"accepted_content": "Nội dung khiếu nại trong đơn."}))
    going = done and (yield from through(world, chance, case, done, at))
    if going:
        yield from _settle_complaint(world, chance, case, agency, going)


def _first_ground() -> str:
    """A lawful ground to refuse, from the kind's own list."""
    from trongdan.core.cases.registry import kind

    return str(kind(COMPLAINT).fields["refusal_ground"].choices[0][0])


def _settle_complaint(world: World, chance: Random, case: str, agency: str, going: Any) -> Going:
    head, verifier = world.actor(agency, "head"), world.one(agency, "verifier", chance)
    if verifier is None:
        return
    steps: list[tuple[float, Any, str, dict[str, Any]]] = [
        (3, head, "order_verification", {"verifier": verifier}),
        (11, world.actor(agency, "verifier", verifier), "report_verification",
         {"findings": "Đã đối chiếu hồ sơ.", "differs": False}),
        (4, head, "decide", {"conclusion": "Kết luận từng nội dung.", "legal_grounds": "Luật Đất đai.", "measure": "Giữ nguyên.",
                             "result": chance.choice(("upheld", "partly", "rejected", "rejected"))}),
    ]  # fmt: skip
    for days, who, action, data in steps:
        at = world.later(going[1], chance, days, agency)
        if chance.random() < 0.05:
            return  # left lying
        done = yield Ask(at, who, Command(COMPLAINT, case, action, data))
        going = done and (yield from through(world, chance, case, done, at))
        if not going:
            return
    at = world.later(going[1], chance, 1, agency)
    sent = {"sent_on": at.date().isoformat(), "sent_to": ["complainant", "superior", "inspectorate"]}
    done = yield Ask(at, world.actor(agency, "registry"), Command(COMPLAINT, case, "send_decision", sent))
    at = world.later(at, chance, 4, agency)
    if done is not None and chance.random() < 0.7:
        data = {"received_on": at.date().isoformat()}
        yield Ask(at, world.actor(agency, "registry"), Command(COMPLAINT, case, "record_receipt", data))
    if chance.random() < 0.08:
        at = world.later(at, chance, 9, agency)
        yield Ask(at, SENDER, Command(COMPLAINT, case, "lodge_second", {"second_text": "Tôi không đồng ý với quyết định."}))


def denunciation(world: World, chance: Random, at: datetime, letter: Letter, accused: str) -> Plan:
    """A denunciation of a commune's head, received at the province: everything of it lies in the vault."""
    done = yield from _arrive(world, at, letter)
    if done is None:
        return
    root, desk = str(done.case), done.state.agency
    at = world.later(at, chance, 2, desk)
    if chance.random() < 0.2:
        why = {"nature": "to_cao", "filing_reason": "Không có họ tên, không có chứng cứ cụ thể."}
        yield Ask(at, world.actor(desk, "reception"), Command(LETTER, root, "file", why))
        return
    data: dict[str, Any] = {"accused": [f"{accused}/head"], "accused_words": "Người đứng đầu một xã", "matter_agency": accused,
                            "signed": True, "transcript": TRANSCRIPT, "transcript_checked": True}  # fmt: skip
    done = yield Ask(at, world.actor(desk, "reception"), Command(LETTER, root, "open_denunciation", data))
    if done is None:
        return
    case, agency = str(done.opened[0][0]), "ubnd-tinh"
    officer = world.one(agency, "officer", chance)
    at = world.later(at, chance, 1, agency)
    done = yield Ask(at, world.actor(agency, "head"), Command(DENUNCIATION, case, "case.assign", {"post": officer}))
    doer = world.actor(agency, "officer", officer)
    for days, action, asked in (
        (2, "check_identity", {"identity_checked": "known", "offender_clear": True}),
        (2, "accept", {"accepted_content": "Nội dung trong bản chép."}),
    ):
        if done is None or chance.random() < 0.06:
            return
        at = world.later(at, chance, days, agency)
        done = yield Ask(at, doer, Command(DENUNCIATION, case, action, asked))
    going = done and (yield from through(world, chance, case, done, at))
    if going:
        yield from _verify_denunciation(world, chance, case, agency, doer, going)


def _verify_denunciation(world: World, chance: Random, case: str, agency: str, doer: Any, going: Any) -> Going:
    lead, member = world.one("thanh-tra", "verifier", chance), world.one("thanh-tra", "officer", chance)
    if lead is None or member is None:
        return
    steps: list[tuple[float, Any, str, dict[str, Any]]] = [
        (3, doer, "order_verification", {"verifier": lead, "team": [lead, member], "verify_content": "Từng nội dung.",
                                         "no_kin": True}),
        (15, world.actor("thanh-tra", "verifier", lead), "report_verification", {
            "findings": "Kết quả từng nội dung.", "accused_says": "Có giải trình.", "proposal": "partly",
            "proposed_measures": "Kiểm điểm."}),
        (4, doer, "conclude", {"conclusion": "Tố cáo đúng một phần.", "legal_grounds": "Luật Tố cáo.",
                               "responsibility": "Người đứng đầu.", "measures": "Thu hồi, kiểm điểm.",
                               "result": chance.choice(("right", "partly", "wrong"))}),
    ]  # fmt: skip
    for days, who, action, data in steps:
        at = world.later(going[1], chance, days, agency)
        more = {"verify_until": (at + timedelta(days=20)).date().isoformat()} if action == "order_verification" else {}
        done = yield Ask(at, who, Command(DENUNCIATION, case, action, {**data, **more}))
        going = done and (yield from through(world, chance, case, done, at))
        if not going:
            return
