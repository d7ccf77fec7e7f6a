"""A real SMTP conversation with a server on this machine, and text messages into a file."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trongdan.core.notices.channels import Carrier, Failed, Outgoing, channels_on
from trongdan.core.notices.gateway import GatewayRefused

from .conftest import Post, free_port, use

NOW = datetime(2026, 7, 20, 3, 0, tzinfo=UTC)


def mail(address: str, notice: int = 7) -> Outgoing:
    return Outgoing(notice, "email", address, "new_paper", "7K3-9QX-M4P")


def text(phone: str, notice: int = 8) -> Outgoing:
    return Outgoing(notice, "sms", phone, "new_paper", "7K3-9QX-M4P")


def test_a_letter_arrives_in_vietnamese_marked_as_automatic_with_a_number_of_its_own(smtp: Post, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "khong-tra-loi@phutho.example"
    with Carrier() as carrier:
        assert carrier.send(mail("bui@example.vn"), NOW) is None
    (sender, receivers, letter), = smtp.received  # fmt: skip
    assert (sender, receivers) == ("khong-tra-loi@phutho.example", ["bui@example.vn"])
    assert letter["Subject"].strip() == "Mã 7K3-9QX-M4P: ông/bà có văn bản mới."
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == "<trongdan-notice-7@phutho.example>"
    body = letter.get_content().replace("\r\n", "\n")
    assert body.startswith("Kính gửi ông/bà,\n\nMã 7K3-9QX-M4P: ông/bà có văn bản mới.")
    assert settings.SITE_URL in body


def test_many_letters_go_over_one_connection(smtp: Post) -> None:
    with Carrier() as carrier:
        for number in range(5):
            assert carrier.send(mail(f"a{number}@example.vn", number), NOW) is None
    assert len(smtp.received) == 5
    assert smtp.connections == 1


def test_a_refused_address_is_final_and_its_error_names_no_address(smtp: Post) -> None:
    smtp.answers["gone@example.vn"] = "550 gone@example.vn: no such user"
    with Carrier() as carrier:
        assert carrier.send(mail("gone@example.vn"), NOW) == Failed("SMTPRecipientsRefused 550", final=True)
        assert carrier.send(mail("bui@example.vn"), NOW) is None
    assert [receivers for _, receivers, _ in smtp.received] == [["bui@example.vn"]]


def test_a_full_mailbox_is_for_later(smtp: Post) -> None:
    smtp.answers["full@example.vn"] = "452 mailbox full"
    with Carrier() as carrier:
        assert carrier.send(mail("full@example.vn"), NOW) == Failed("SMTPRecipientsRefused 452", final=False)


def test_a_server_that_is_not_there_is_for_later(settings: Any) -> None:
    use(settings, free_port())
    with Carrier() as carrier:
        assert carrier.send(mail("bui@example.vn"), NOW) == Failed("ConnectionRefusedError", final=False)


@pytest.mark.parametrize("address", ["", "not an address", "a@b\nBcc: everyone@example.vn", "\r\n", "a@"])
def test_an_address_that_is_none_fails_for_good_and_adds_no_receiver(smtp: Post, address: str) -> None:
    with Carrier() as carrier:
        failed = carrier.send(mail(address), NOW)
    assert failed is not None
    assert failed.final
    assert smtp.received == []


def test_text_messages_are_lines_in_a_private_file(outbox: Path) -> None:
    with Carrier() as carrier:
        assert carrier.send(text("0912 345 678", 1), NOW) is None
        assert carrier.send(text("0912 345 679", 2), NOW) is None
    (file,) = outbox.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [json.loads(row) for row in file.read_text("utf-8").splitlines()] == [
        {"key": f"trongdan-notice-{n}", "at": "2026-07-20T03:00:00+00:00", "phone": f"0912 345 67{7 + n}",
         "text": "Mã 7K3-9QX-M4P: ông/bà có văn bản mới."} for n in (1, 2)
    ]  # fmt: skip


class Provider:
    """A provider that is out of credit."""

    def send(self, phone: str, text: str, key: str, at: datetime) -> None:
        raise GatewayRefused("402", final=False)


def test_a_provider_plugs_in_by_a_setting_and_its_refusal_is_a_code(settings: Any) -> None:
    settings.NOTICE_TEXT_GATEWAY = f"{__name__}.Provider"
    with Carrier() as carrier:
        assert carrier.send(text("0912345678"), NOW) == Failed("GatewayRefused 402", final=False)


def test_without_gateway_and_server_there_is_no_way_out_and_nothing_pretends_otherwise(settings: Any) -> None:
    use(settings, 25)
    assert channels_on() == {"email", "sms"}
    settings.EMAIL_HOST, settings.NOTICE_TEXT_GATEWAY = "", ""
    assert channels_on() == set()
    with Carrier() as carrier:
        assert carrier.send(text("0912345678"), NOW) == Failed("GatewayRefused off", final=False)
