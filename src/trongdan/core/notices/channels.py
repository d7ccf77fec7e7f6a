"""The ways out: e-mail by an SMTP conversation, text messages by the gateway. Failures come back as a class, not as words."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from .gateway import GatewayRefused, TextGateway, text_gateway
from .rules import EMAIL, SMS
from .words import letter, message

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True, slots=True)
class Failed:
    """How a delivery failed: "SMTPRecipientsRefused 550". `final` when trying again is useless."""

    error: str
    final: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way, with the address resolved a moment ago. It is never stored nor logged."""

    notice: int
    channel: str
    address: str
    template: str
    reference: str

    @property
    def key(self) -> str:
        return f"trongdan-notice-{self.notice}"


def channels_on() -> frozenset[str]:
    """The channels this installation has: e-mail once a server is set, text messages once a gateway is."""
    on = set()
    if settings.EMAIL_BACKEND != SMTP_BACKEND or settings.EMAIL_HOST:
        on.add(EMAIL)
    if text_gateway() is not None:
        on.add(SMS)
    return frozenset(on)


class Carrier:
    """Sends messages one after another, over one SMTP connection where that lasts. Use as a context manager."""

    def __init__(self) -> None:
        self._mail: Any = None
        self._texts: TextGateway | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._hang_up()

    def send(self, out: Outgoing, now: datetime) -> Failed | None:
        """None when the server or gateway took the message. Never raises what a server or an address can cause."""
        try:
            if out.channel == EMAIL:
                self._email(out)
            else:
                self._text(out, now)
        except GatewayRefused as refused:
            return Failed(f"GatewayRefused {refused.code}"[:80], refused.final)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._hang_up()
            return _failure(error)
        return None

    def _email(self, out: Outgoing) -> None:
        if "@" not in parseaddr(out.address)[1]:
            raise ValueError
        if self._mail is None:
            self._mail = get_connection()
            self._mail.open()
        subject, body = letter(out.template, out.reference)
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{out.key}@{domain}>", "Auto-Submitted": "auto-generated"}
        EmailMessage(subject, body, None, [out.address], headers=headers, connection=self._mail).send()

    def _text(self, out: Outgoing, now: datetime) -> None:
        self._texts = self._texts or text_gateway()
        if self._texts is None:
            raise GatewayRefused("off")
        self._texts.send(out.address, message(out.template, out.reference), out.key, now)

    def _hang_up(self) -> None:
        mail, self._mail = self._mail, None
        if mail is not None:
            with suppress(smtplib.SMTPException, OSError):  # the server may be gone already
                mail.close()


def _failure(error: Exception) -> Failed:
    """The class of an error and the server's code. Its words stay out: they quote the address (RFC 5321 4.2)."""
    codes = [int(code) for code in [getattr(error, "smtp_code", None)] if code]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [int(code) for code, _ in error.recipients.values()]
    name = type(error).__name__ if not isinstance(error, UnicodeError) else "UnicodeError"
    # A refusal of 500 or more is for good (RFC 5321 4.2.1), except of our own sign-in, which the operator mends.
    refused = bool(codes) and min(codes) >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
    bad_address = isinstance(error, ValueError) and not isinstance(error, OSError | smtplib.SMTPException)
    return Failed(" ".join([name, *map(str, codes)])[:80], refused or bad_address)
