"""What was concluded at a meeting two months ago and what became of it, disclosed; and somebody received today: for the demo,
invented words on real places, through the services and `perform`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kernel.errors import Refusal

Actors = Callable[[str], Actor]
COMMUNE, OFFICER = "c04978", "c04978-kt/officer/1"  # xã Kim Bôi
STAGES = {"initial": "tiepdan", "check": "vanphong", "sign": "chutich", "number": "vanthu", "send": "vanthu"}
WHY = "Mưa lớn kéo dài, xe không vào được."


@dataclass(frozen=True, slots=True)
class Told:
    """A point: days from today on which it was to be done, to which it was moved, on which it was reported done."""

    task: str
    finish: int
    moved: int | None = None
    done: int | None = None
    account: str = ""
    public: bool = True


POINTS = (
    Told("Nạo vét cống thoát nước đầu xóm Mớ.", -40, done=-42),
    Told("Thay ba bóng đèn đường đoạn qua nhà văn hóa xóm.", -44, done=-45),
    Told("Rải đá dăm 200 m đường liên xóm.", -40, moved=-30, done=-31, account="Đợi đường khô mới rải được."),
    Told("Đặt thêm điểm tập kết rác ở đầu xã.", -38, done=-30, account="Chọn lại vị trí theo ý kiến của xóm."),
    Told("Sửa sân trường mầm non.", -35, account="Chưa bố trí được vốn; đã đề nghị tỉnh."),
    Told("Kẻ lại vạch sang đường trước chợ.", 20),
    Told("Lập danh sách hộ cần nối nước sạch.", 10, public=False),
)  # fmt: skip


def seed_conclusions(actor: Actors) -> None:
    """A conference held, concluded, followed up and disclosed. Does nothing when it is there."""
    from trongdan.core.cases.perform import perform
    from trongdan.kinds.dialogue.selectors import CONFERENCE

    today = datetime.now(VIETNAM).date()
    held = today - timedelta(days=60)
    facts = {"occasion": "yearly", "front_agreed": True, "subject": "Đường, điện, nước của xã", "starts_at": "8 giờ",
             "held_on": held.isoformat(), "place": "Nhà văn hóa xã Kim Bôi"}  # fmt: skip
    day = partial_day(today)
    planned = Command(CONFERENCE, None, "plan", facts, agency=COMMUNE)
    done = perform(planned, actor("vanphong"), "demo-held-dialogue", client="demo-dialogue", now=day(-80))
    if done.replayed:
        return
    meeting = done.case
    through(actor, perform(Command("", str(meeting), "notify"), actor("vanphong"), now=day(-75)), meeting, day(-75), "30/TB-UBND")
    perform(Command("", str(meeting), "open", {"chair": "head"}), actor("vanphong"), now=day(-60))
    told = {"attended": 64, "record": "Đã hỏi và trả lời về đường, điện, nước, rác."}
    through(actor, perform(Command("", str(meeting), "minutes", told), actor("vanphong"), now=day(-60)), meeting, day(-60))
    conclusion = perform(Command("", str(meeting), "conclude"), actor("vanphong"), now=day(-60)).opened[0][0]
    points = [_marked(actor, conclusion, one, today) for one in POINTS]
    words = {"points_text": "\n".join(f"{n}. {one.task}" for n, one in enumerate(POINTS, 1))}
    issued = perform(Command("", str(conclusion), "issue", words), actor("vanphong"), now=day(-58))
    through(actor, issued, conclusion, day(-57), "34/TB-UBND")
    report = perform(Command("", str(meeting), "report", {"results": "Đã trả lời; việc làm tiếp theo Thông báo kết luận."}),
                     actor("vanphong"), now=day(-55))  # fmt: skip
    through(actor, report, meeting, day(-55), "35/TB-UBND")
    places = {"published_at": ["media", "posted", "villages", "portal"]}
    perform(Command("", str(meeting), "publish", places), actor("vanphong"), now=day(-54))
    for point, one in zip(points, POINTS, strict=True):
        _followed(actor, point, one, today)
    _disclosed(actor, today)


def partial_day(today: date) -> Callable[[int], datetime]:
    """Days from today -> that day's morning."""
    return lambda n: datetime.combine(today + timedelta(days=n), time(9), VIETNAM)


def through(actor: Actors, drafted: Any, case: UUID, now: datetime, number: str = "") -> None:
    """The waiting paper of a case through the rest of its chain."""
    from trongdan.core.cases.perform import perform

    paper = drafted.state.waiting_paper
    for stage, _roles in paper.chain:
        if stage == "send" and not number:
            continue
        more = {"number": number} if stage == "number" else {}
        login = "chutich" if stage == "sign" else STAGES[stage]
        perform(Command("", str(case), f"paper.{stage}", {"paper": paper.id, **more}), actor(login), now=now)


def _marked(actor: Actors, conclusion: UUID, one: Told, today: date) -> UUID:
    from trongdan.core.cases.perform import perform

    facts = {"task": one.task, "doer": "Phòng Kinh tế", "doer_agency": COMMUNE, "proof_wanted": "Ảnh, biên bản nghiệm thu",
             "finish_on": (today + timedelta(days=one.finish)).isoformat()}  # fmt: skip
    done = perform(Command("", str(conclusion), "mark_point", facts), actor("vanphong"), now=partial_day(today)(-59))
    return UUID(str(done.opened[0][0]))


def _followed(actor: Actors, point: UUID, one: Told, today: date) -> None:
    """Given to the officer, moved, done, explained, its public words released: as it went."""
    from trongdan.core.cases.perform import perform

    day = partial_day(today)

    def do(action: str, login: str, on: int, **data: Any) -> None:
        perform(Command("", str(point), action, data), actor(login), now=day(on))

    do("start", "chutich", -56)
    do("case.assign", "chutich", -56, post=OFFICER)
    if one.moved is not None:
        do("redate", "chutich", one.finish - 4, finish_on=(today + timedelta(days=one.moved)).isoformat(), moved_why=WHY)
    if one.done is not None:
        when = (today + timedelta(days=one.done)).isoformat()
        do("report_done", "chuyenvien", one.done, action_taken="Đã làm xong.", done_on=when, proof="Biên bản nghiệm thu, ảnh")
    if one.account:
        do("account", "truongphong" if one.done is None else "chutich", -28, account=one.account)
    if one.public:
        more = {"public_account": one.account} if one.account else {}
        do("release_words", "vanphong", -27, public_task=one.task, public_checked=True, **more)


def _disclosed(actor: Actors, today: date) -> None:
    """The period that held it, to the council and the Front, then to everybody."""
    from trongdan.kinds.reception import disclosure
    from trongdan.kinds.reception.once import Doer

    since, until, day = today - timedelta(days=70), today - timedelta(days=20), partial_day(today)
    words = "Sửa sân trường chưa có vốn; đường phải đợi tạnh ráo."
    disclosure.explain(since, until, words, Doer(actor("chutich"), "demo", "promises-account"), day(-16))
    for number, stage in ((15, "council"), (14, "public")):
        order = disclosure.Order(since, until, stage, f"{70 - number}/QĐ-UBND", today - timedelta(days=number))
        disclosure.release(order, Doer(actor("chutich"), "demo", f"promises-{stage}"), day(-number))


def seed_table(actor: Actors) -> None:
    """Somebody came today out of turn, was heard, and a letter came of it. Once; on another day what is there stands."""
    from trongdan.core.cases.perform import perform
    from trongdan.kinds.reception import booking, services, table
    from trongdan.kinds.reception.once import Doer

    def doer(key: str, login: str = "tiepdan") -> Doer:
        return Doer(actor(login), "demo", f"table-{key}")

    plan = services.Plan(f"{COMMUNE}/head", datetime.now(VIETNAM).date(), time(7, 30), time(11, 30), "Nơi tiếp công dân xã Kim Bôi",
                         "extra", "Nhiều hộ cùng đến vì nước tràn vào nhà")  # fmt: skip
    try:
        session = services.plan(plan, doer("plan"))
        services.post(session, doer("post"))
        services.mark(session, "began", doer("began", "chutich"))
        slip = booking.book(booking.Ask(session, "door", {"name": "Đinh Công Lực", "phone": "0900000002"}), doer("book"))
    except Refusal:
        return
    begun = table.begin(slip.id, doer("begin"))
    text = "Nước tràn vào nhà ba hộ từ sau trận mưa đầu tháng. Tôi kiến nghị xã cho nạo vét cống đầu xóm."
    try:
        perform(Command("", str(begun.case), "write_down", {"text": text, "nature": "kien_nghi", "confirmed_how": "signature",
                                                            "topic": "thoát nước"}), actor("tiepdan"))  # fmt: skip
    except Refusal:  # seeded before
        return
    letter = {"channel": "counter", "own_word": "kien_nghi", "named_sender": True}
    perform(Command("", str(begun.case), "open_letter", letter), actor("tiepdan"))
