"""What a desk can open: a few pages at hand for everybody, the rest in parts by the work they belong to.

A part is a page of its own with a line on what each page is for, so that nobody must know where a thing lies. Which pages a
desk sees is a matter of tidiness only: each view asks for itself who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from trongdan.core.leases.devices import MAY_REPORT

from . import listening
from .who import Desk, at_desk

Shows = Callable[[Desk], bool]


def _all(_desk: Desk) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Page:
    """`url` a name in this door; `tab` what its templates call themselves; `what` a line for who does not know it."""

    url: str
    tab: str
    name: str
    what: str = ""
    shows: Shows = _all


@dataclass(frozen=True, slots=True)
class Part:
    id: str
    name: str
    pages: tuple[Page, ...]

    def shown(self, desk: Desk) -> list[Page]:
        return [page for page in self.pages if page.shows(desk)]


AT_HAND = (
    Page("home", "home", _("Hôm nay")),
    Page("list", "list", _("Hồ sơ của cơ quan")),
    Page("intake", "intake", _("Nhận đơn giấy"), shows=lambda desk: desk.takes_letters),
    Page("counter", "counter", _("Một cửa"), shows=lambda desk: desk.at_counter),
    Page("chains", "chains", _("Trình ký")),
    Page("notices", "notices", _("Thông báo")),
)
PARTS = (
    Part("tiep-dan", _("Tiếp dân, đối thoại"), (
        Page("reception", "reception", _("Lịch tiếp công dân"), _("Buổi tiếp, niêm yết, hàng chờ, ghi có mặt.")),
        Page("conclusions", "conclusions", _("Kết luận, cam kết"), _("Ý kiến chỉ đạo sau tiếp công dân: đúng, muộn, chưa làm.")),
        Page("reception_kept", "reception_kept", _("Đủ, thiếu so với luật"),
             _("Mỗi người đứng đầu đã trực tiếp tiếp mấy ngày, luật cần mấy ngày.")),
        Page("offline_devices", "offline", _("Khi mất mạng"), _("Máy nhận đơn khi mất mạng, mã cấp trước, đơn chờ xem lại."),
             shows=lambda desk: desk.actor.post is not None and desk.actor.post.role in MAY_REPORT),
        Page("voters", "voters", _("Kiến nghị cử tri"), _("Kiến nghị do đại biểu chuyển đến, trả lời và theo đến khi làm xong.")),
        Page("dialogues", "dialogues", _("Đối thoại"), _("Hội nghị với Nhân dân, doanh nghiệp: câu hỏi, biên bản, kết quả.")),
        Page("listening", "listening", _("Lắng nghe"), _("Trước khi về xã: dân nói gì, xã đang nợ gì."), listening.listens),
    )),
    Part("mot-cua", _("Hàng chờ, kết nối"), (
        Page("window", "window", _("Gọi số"), _("Ngồi quầy, gọi số, lấy số giúp người dân."), lambda desk: desk.at_centre),
        Page("boards", "board", _("Hàng chờ"), _("Ai đợi bao lâu, các giờ tới, nên mở thêm quầy nào."),
             lambda desk: desk.sees_lines),
        Page("asked_again", "asked_again", _("Giấy tờ Nhà nước đã có"), _("Thủ tục nào còn đòi giấy mà cơ quan nhà nước đang có."),
             lambda desk: desk.sees_lines),
        Page("national_portal", "national_portal", _("Cổng Dịch vụ công quốc gia"),
             _("Hồ sơ đã về mà chưa vào hệ thống; trạng thái chưa tới Cổng."), lambda desk: desk.sees_lines),
        Page("fees", "fees", _("Tiền phải trả lại"), _("Phí nộp trực tuyến hai lần, sai số tiền; đã trả lại chưa."),
             lambda desk: desk.at_centre),
        Page("population", "population", _("Đối chiếu dân cư"), _("Hỏi đúng hay khác; mất kết nối thì hỏi lại sau."),
             lambda desk: desk.at_centre),
    )),
    Part("theo-doi", _("Theo dõi, sổ, báo cáo"), (
        Page("front", "front", _("Hỏi lại người dân"), _("Mẫu ngẫu nhiên của Mặt trận để gọi hỏi."), lambda desk: desk.at_front),
        Page("forwarded", "forwarded", _("Đơn đã chuyển"), _("Đơn Mặt trận đã chuyển và trả lời còn nợ."),
             lambda desk: desk.at_front),
        Page("groups", "groups", _("Nhiều đơn, một việc"), _("Những việc nhiều người cùng gửi đơn, đang tăng thế nào.")),
        Page("assessments", "assessments", _("Đánh giá của người dân"), _("Người dân nói gì sau khi được trả lời.")),
        Page("after", "after", _("Sau khi trả lời"), _("Đã trả lời, đã làm, đã kiểm tra, người dân xác nhận: đếm riêng.")),
        Page("registers", "registers", _("Sổ, báo cáo"), _("Sổ tiếp nhận, sổ theo dõi, báo cáo định kỳ; tải Excel, Word.")),
        Page("national", "registers", _("Cơ sở dữ liệu quốc gia"), _("Hồ sơ chưa gửi, chỗ lệch nhau.")),
    )),
)  # fmt: skip


@at_desk
@require_safe
def part(request: HttpRequest, desk: Desk, part_id: str) -> HttpResponse:
    """The pages of a part, each with what it is for."""
    found = next((p for p in PARTS if p.id == part_id), None)
    if found is None or not found.shown(desk):
        raise Http404
    return render(request, "desk/part.html", {"desk": desk, "part": found, "pages": found.shown(desk), "tab": found.id})
