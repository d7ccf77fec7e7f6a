"""What notices say: only that there is something, under which reference. Nothing of the matter, no name, no link.

A phone may be shared and a message read by others, so not even the kind of case is said; a tracking link would let
whoever reads the message read the case. A line fits one text message (70 characters).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

MORE = _(
    "Ông/bà xem tại {site} bằng mã này và mã bí mật trên giấy xác nhận, hoặc hỏi tại nơi đã nhận.\n\n"
    "Thư gửi tự động, không ghi nội dung để giữ kín việc của ông/bà. Xin không trả lời thư này."
)


@dataclass(frozen=True, slots=True)
class Words:
    """One line for every channel. `line` is the text message and the row on a page; the letter adds how to look."""

    line: Any


CHANNELS = {"app": _("trang theo dõi"), "email": _("thư điện tử"), "sms": _("tin nhắn")}
WORDS: dict[str, Words] = {
    "received": Words(_("Cơ quan đã nhận đơn của ông/bà. Mã {reference}.")),
    "needs_you": Words(_("Mã {reference}: cơ quan đề nghị ông/bà bổ sung.")),
    "new_paper": Words(_("Mã {reference}: ông/bà có văn bản mới.")),
    "news": Words(_("Mã {reference} có thông tin mới.")),
    "question": Words(_("Mã {reference}: cơ quan có điều muốn hỏi ông/bà.")),
    "appointment": Words(_("Mã {reference}: ngày mai ông/bà có lịch hẹn.")),
    "appointment_moved": Words(_("Mã {reference}: lịch hẹn của ông/bà đã đổi ngày.")),
    "post_vault": Words(_("Mã {reference}: kho kín được mở hoặc xin mở, có lý do.")),
    "post_assigned": Words(_("Mã {reference}: được giao cho ông/bà.")),
    "post_returned": Words(_("Mã {reference}: văn bản bị trả lại.")),
    "post_warned": Words(_("Mã {reference}: sắp đến hạn.")),
    "post_overdue": Words(_("Mã {reference}: quá hạn.")),
    "post_sender_acted": Words(_("Mã {reference}: người gửi có thông tin mới.")),
    "post_new": Words(_("Mã {reference}: việc mới chuyển đến.")),
}


def line(template: str, reference: str) -> str:
    """The one line, in the language of the page that is being shown."""
    return str(WORDS[template].line).format(reference=reference)


def message(template: str, reference: str) -> str:
    """A text message, in Vietnamese whatever language the worker runs in."""
    with translation.override("vi"):
        return line(template, reference)


def letter(template: str, reference: str) -> tuple[str, str]:
    """Subject and body of an e-mail, in Vietnamese."""
    with translation.override("vi"):
        said = line(template, reference)
        return said, f"Kính gửi ông/bà,\n\n{said}\n\n{str(MORE).format(site=settings.SITE_URL)}\n"
