"""The demo: the real province with invented officials and invented letters, marked as such on every page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.law import load_law

PASSWORD = "trongdan-demo"  # noqa: S105  the demo's own, printed at start; --no-demo makes no such users
SINCE = "2025-07-01"
COMMUNE = "c04978"  # xã Kim Bôi
# sign-in, invented name, posts
OFFICIALS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("tiepdan", "Quách Thị Ngần", ("c04978-vp/reception",)),
    ("chutich", "Bùi Văn Hiệu", ("c04978/head",)),
    ("phochutich", "Đinh Thị Lụa", ("c04978/deputy",)),
    ("vanphong", "Nguyễn Thế Chỉnh", ("c04978-vp/office",)),
    ("vanthu", "Hà Thị Thơm", ("c04978-vp/registry",)),
    ("truongphong", "Bùi Đức Thuận", ("c04978-kt/unit_head",)),
    ("chuyenvien", "Trần Thu Hằng", ("c04978-kt/officer/1",)),
    ("xacminh", "Bùi Thanh Sơn", ("c04978-vhxh/verifier", "c04978-vhxh/officer/2")),
    ("bithu", "Quách Công Bằng", ("c04978-du/head",)),
    ("tiepdandu", "Bùi Thị Hòa", ("c04978-du/reception",)),
    ("chutichhdnd", "Đinh Văn Nghị", ("c04978-hdnd/head",)),
    ("bantcd", "Lê Minh Quyết", ("ban-tcd/reception", "ubnd-tinh/reception")),
    ("motcua", "Bùi Thị Thu", ("c04978-hcc/counter",)),
    ("motcuatinh", "Nguyễn Thị Hòa", ("hcc-tinh/counter",)),
    ("cvdatdai", "Lê Văn Hưng", ("so-nnmt/officer/1",)),
    ("giamdocso", "Trịnh Quang Vinh", ("so-nnmt/head",)),
    ("chutichtinh", "Phạm Quốc Khánh", ("ubnd-tinh/head",)),
    ("photinh", "Hoàng Thị Vân", ("ubnd-tinh/deputy",)),
    ("vanphongtinh", "Ngô Quang Huy", ("ubnd-tinh/office",)),
    ("vanthutinh", "Đặng Thu Trang", ("ubnd-tinh/registry",)),
    ("phongtinh", "Tạ Văn Lâm", ("ubnd-tinh/unit_head",)),
    ("cvtinh", "Phùng Minh Đức", ("ubnd-tinh/officer/1",)),
    ("mattran", "Hà Thị Bưởi", ("mttq-tinh/officer/1",)),
    ("thanhtra", "Vũ Hoài An", ("thanh-tra/head",)),
    ("xacminhtinh", "Lương Thị Nga", ("thanh-tra/verifier",)),
    ("quay", "Bùi Thị Hợp", ("c04978-hcc/officer/1",)),
    ("giamdocxa", "Đinh Văn Thắng", ("c04978-hcc/head",)),
    ("quaytinh", "Nguyễn Thị Lan Anh", ("hcc-tinh/officer/1",)),
    ("giamdoctinh", "Trần Quốc Hưng", ("hcc-tinh/head",)),
    ("thanhtravien", "Cao Xuân Bách", ("thanh-tra/officer/1",)),
)
# days ago, text, name: invented matters on real places
LETTERS: tuple[tuple[int, str, str], ...] = (
    (0, ("Kính gửi UBND xã. Cống thoát nước đầu xóm bị tắc từ sau trận mưa đầu tháng, nước tràn vào nhà ba hộ. Đề nghị xã cho "
        "người nạo vét cống trước đợt mưa tới."), "Bùi Thị Mận"),
    (3, ("Đèn đường đoạn qua nhà văn hóa xóm không sáng đã hai tuần, buổi tối trẻ con đi học về rất nguy hiểm. Tôi phản ánh để "
        "xã kiểm tra."), "Đinh Công Lực"),
    (13, ("Tôi không đồng ý với quyết định phê duyệt phương án bồi thường đối với thửa đất của gia đình tôi vì diện tích đo thiếu. "
         "Tôi khiếu nại, đề nghị Chủ tịch UBND xã xem xét lại quyết định."), "Quách Văn Tám"),
)  # fmt: skip


# who arranges it, who receives, days after the first that can be posted, place, subject
RECEPTIONS: tuple[tuple[str, str, int, str, str], ...] = (
    ("tiepdan", "c04978/head", 0, "", "Đất đai, nước sạch"),
    ("tiepdan", "c04978/head", 14, "", ""),
    ("tiepdandu", "c04978-du/head", 2, "Trụ sở Đảng ủy xã Kim Bôi", ""),
    ("bantcd", "ubnd-tinh/head", 7, "Trụ sở Tiếp công dân tỉnh", "Bồi thường, giải phóng mặt bằng"),
)

# An invented denunciation: who wrote it is in the vault, the commune never sees it.
DENOUNCED = ("Tôi tên là Bạch Thị Nụ. Tôi tố cáo ông Bùi Văn Hiệu cho đổ đất lấn hành lang mương ở đồng Cửa Chùa và thu của mỗi hộ "
             "một khoản tiền không có biên lai. Đề nghị tỉnh xác minh.")  # fmt: skip
TRANSCRIPT = ("Người tố cáo trình bày: Chủ tịch UBND xã cho đổ đất lấn hành lang mương ở đồng Cửa Chùa và thu tiền của các hộ "
              "không có biên lai. Đề nghị xác minh.")  # fmt: skip


def person_id(login: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"trongdan-demo:{login}")


def seed_people() -> None:
    """Officials with their sign-ins and appointments; does nothing for those that are there."""
    from django.contrib.auth.models import User

    from trongdan.core.agencies.models import Appointment
    from trongdan.core.people.models import Person

    for login, name, posts in OFFICIALS:
        user = User.objects.filter(username=login).first() or User.objects.create_user(login, password=PASSWORD)
        User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
        Person.objects.get_or_create(id=person_id(login), defaults={"user": user, "name": name, "demo": True})
        for post in posts:
            Appointment.objects.get_or_create(person=person_id(login), post_id=post, since=SINCE,
                                              defaults={"decision": "dữ liệu trình diễn"})  # fmt: skip


def actor(login: str) -> Actor:
    from trongdan.core.agencies.selectors import actor_for

    return actor_for(person_id(login), None, datetime.now(VIETNAM).date())


def seed_letters() -> None:
    """A few letters on their way, so that no page is empty. Through `perform`, like everything."""
    from trongdan.core.cases.perform import perform
    from trongdan.kinds.letters.intake import Letter, receive

    now = datetime.now(VIETNAM)
    for number, (days, text, name) in enumerate(LETTERS):
        letter = Letter(text, COMMUNE, "counter" if days else "portal", {"name": name, "address": "xóm (trình diễn)"},
                        facts={"commune": COMMUNE, "signed": days != 0})  # fmt: skip
        receipt = receive(letter, f"demo-{number}", "demo", actor("tiepdan"), now - timedelta(days=days))
        if number == 1 and not receipt.replayed:
            data = {"nature": "phan_anh", "topic": "giao thông", "matter_kind": "letters.petition"}
            done = perform(Command("letters.letter", str(receipt.case), "open_matter", data), actor("tiepdan"))
            perform(Command("letters.petition", str(done.opened[0][0]), "accept"), actor("chutich"))


def seed_denunciation() -> None:
    """One denunciation at the province, so that its pages are not empty."""
    from trongdan.core.cases.perform import perform
    from trongdan.kinds.letters.intake import Letter, receive

    sender = {"name": "Bạch Thị Nụ", "address": "xóm (trình diễn)", "phone": "0900000009"}
    receipt = receive(Letter(DENOUNCED, COMMUNE, "portal", sender, facts={"commune": COMMUNE}), "demo-denunciation", "demo")
    if receipt.replayed:
        return
    data = {"accused": [f"{COMMUNE}/head"], "accused_words": "Ông Bùi Văn Hiệu, Chủ tịch UBND xã Kim Bôi",
            "matter_agency": COMMUNE, "transcript": TRANSCRIPT, "transcript_checked": True}  # fmt: skip
    done = perform(Command("letters.letter", str(receipt.case), "open_denunciation", data), actor("bantcd"))
    matter = str(done.opened[0][0])
    perform(Command("", matter, "case.assign", {"post": "ubnd-tinh/officer/1"}), actor("chutichtinh"))
    perform(Command("", matter, "case.ask", {"question": "Việc thu tiền diễn ra khoảng ngày nào, ai thu?"}), actor("cvtinh"))


def seed_receptions() -> None:
    """A reception calendar for the next weeks: the commune's chair and secretary, the province's chair; two places booked."""
    from trongdan.kinds.reception import booking, services
    from trongdan.kinds.reception.once import Doer

    first, place = services.soonest(datetime.now(VIETNAM).date()), "Nơi tiếp công dân xã Kim Bôi"
    calendar = load_law().calendar
    for number, (login, post, days, where, topic) in enumerate(RECEPTIONS):
        on = calendar.next_working(first + timedelta(days=days))
        plan = services.Plan(post, on, time(7, 30), time(11, 30), where or place, topic=topic, joint=post == "ubnd-tinh/head")
        try:
            session = services.plan(plan, Doer(actor(login), "demo", f"reception-{number}"))
            services.post(session, Doer(actor(login), "demo", f"reception-post-{number}"))
        except Refusal:  # seeded on another day: its days stand as they are
            continue
        if number == 0:
            for guest, name in enumerate(("Bùi Thị Mận", "Quách Văn Tám")):
                ask = booking.Ask(session, "phone", {"name": name, "phone": f"090000000{guest}"}, wheelchair=guest == 0)
                booking.book(ask, Doer(actor(login), "demo", f"booking-{guest}"))


def seed() -> Iterable[str]:
    """Province, officials, letters; returns the lines that `trongdan run` prints."""
    from trongdan.core.agencies.load import load_province
    from trongdan.kinds.procedures.services import apply_demo
    from trongdan.kinds.waiting.load import load_centres

    from ._demo_conclusions import seed_conclusions, seed_table
    from ._demo_meetings import seed_meetings

    load_province()
    load_centres()
    seed_people()
    apply_demo(date.fromisoformat(SINCE))
    seed_letters()
    seed_denunciation()
    seed_receptions()
    seed_meetings(actor)
    seed_conclusions(actor)
    seed_table(actor)
    width = max(len(login) for login, _, _ in OFFICIALS)
    return [f"Đăng nhập bàn làm việc (mật khẩu chung: {PASSWORD}):",
            *(f"  {login:<{width}}  {name} – {posts[0]}" for login, name, posts in OFFICIALS)]  # fmt: skip
