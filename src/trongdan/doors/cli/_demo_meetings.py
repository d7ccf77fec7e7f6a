"""What deputies and people say face to face, for the demo: invented words on real places, through `perform`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from trongdan.kernel.case import VIETNAM, Actor, Command

COMMUNE = "c04978"  # xã Kim Bôi
VOTERS = (
    (40, "assembly", "Đoàn đại biểu Quốc hội tỉnh", "Tiếp xúc cử tri sau kỳ họp thứ nhất", "giao thông",
     "Cử tri đề nghị làm lại đoạn đường liên xóm dài khoảng 200 m, mùa mưa xe không đi được."),
    (12, "council", "Tổ đại biểu Hội đồng nhân dân tỉnh số 5", "Kỳ họp thường lệ giữa năm", "môi trường",
     "Cử tri đề nghị đặt thêm điểm tập kết rác ở đầu xã, xe thu gom đi đủ số chuyến."),
)  # fmt: skip


def seed_meetings(actor: Callable[[str], Actor]) -> None:
    """Voters' recommendations and a dialogue on their way. Does nothing for those that are there."""
    _voters(actor)
    _dialogue(actor)


def _voters(actor: Callable[[str], Actor]) -> None:
    from trongdan.core.cases.perform import perform
    from trongdan.kinds.coordination.selectors import KIND
    from trongdan.kinds.coordination.services import record

    today = datetime.now(VIETNAM).date()
    for number, (days, by, group, session, topic, text) in enumerate(VOTERS):
        facts = {"text": text, "forwarded_by": by, "deputy_group": group, "session": session, "topic": topic, "commune": COMMUNE}
        done = record(facts, {"name": "Văn phòng (trình diễn)"}, COMMUNE, actor("vanphong"), f"demo-voter-{number}",
                      today - timedelta(days=days), "Ghi theo ngày nhận văn bản")  # fmt: skip
        if done.replayed or number:
            continue
        perform(Command(KIND, str(done.case), "accept"), actor("chutich"))
        perform(Command(KIND, str(done.case), "case.assign", {"post": "c04978-kt/officer/1"}), actor("chutich"))


QUESTIONS = (
    "Bao giờ xã nạo vét cống thoát nước đầu xóm Mớ?", "Khi nào có đèn đường đoạn qua nhà văn hóa xóm?",
    "Khi nào nạo vét cống thoát nước xóm Mớ, mưa là nước vào nhà?",
)  # fmt: skip


def _dialogue(actor: Callable[[str], Actor]) -> None:
    """A conference announced in time, with questions: two read and let go, one that still waits."""
    from trongdan.core.cases import talks
    from trongdan.core.cases.perform import perform
    from trongdan.core.cases.scope import scope
    from trongdan.core.cases.trail import load
    from trongdan.kinds.dialogue import selectors, services

    day = datetime.now(VIETNAM).date() + timedelta(days=21)
    facts = {"occasion": "yearly", "front_agreed": True, "subject": "Tình hình của xã, thoát nước, đèn đường", "starts_at": "8 giờ",
             "held_on": day.isoformat(), "place": "Nhà văn hóa xã Kim Bôi",
             "agenda": "Chủ tịch UBND xã báo cáo; hỏi và trả lời; kết luận."}  # fmt: skip
    done = services.plan(facts, selectors.CONFERENCE, COMMUNE, actor("vanphong"), "demo-dialogue")
    if done.replayed:
        return
    case = str(done.case)
    drafted = perform(Command("", case, "notify"), actor("vanphong"))
    paper = next(iter(drafted.state.papers)) if drafted.state else ""
    for login, stage in (("vanphong", "check"), ("chutich", "sign"), ("vanthu", "number")):
        more = {"number": "31/TB-UBND"} if stage == "number" else {}
        perform(Command("", case, f"paper.{stage}", {"paper": paper, **more}), actor(login))
    for number, words in enumerate(QUESTIONS):
        with scope(actor("vanphong")):
            loaded, key = load([done.case])[done.case], _key(number)
            talks.take_down(loaded, actor("vanphong"), key, words, "paper")
            if number < 2:
                services.release(loaded, actor("vanphong"), key, words, "hạ tầng")


def _key(number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"trongdan-demo-question:{number}")
