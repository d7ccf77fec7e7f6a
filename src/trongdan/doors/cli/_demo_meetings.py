"""What deputies and people say face to face, for the demo: invented words on real places, through `perform`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from trongdan.kernel.case import VIETNAM, Actor, Command

COMMUNE = "c04978"  # xã Kim Bôi
VOTERS = (
    (40, "assembly", "Đoàn đại biểu Quốc hội tỉnh", "Tiếp xúc cử tri sau kỳ họp thứ nhất", "giao thông",
     "Cử tri đề nghị làm lại đoạn đường liên xóm dài khoảng 200 m, mùa mưa xe không đi được."),
    (12, "council", "Tổ đại biểu Hội đồng nhân dân tỉnh số 5", "Kỳ họp thường lệ giữa năm", "môi trường",
     "Cử tri đề nghị đặt thêm điểm tập kết rác ở đầu xã, xe thu gom đi đủ số chuyến."),
)  # fmt: skip


def seed_meetings(actor: Callable[[str], Actor]) -> None:
    """Voters' recommendations on their way. Does nothing for those that are there."""
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
