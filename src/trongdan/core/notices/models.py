"""Notices: that there is something, to whom, and how its delivery went. Never what it is, nor an address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a notice stands. `SENDING` is a lease: when its `next_at` has passed, the sender died and it is taken up again."""

    WAITING = "waiting", _("Chờ gửi")
    SENDING = "sending", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    NO_ADDRESS = "no_address", _("Không có nơi nhận")


class Notice(models.Model):
    """One message to one receiver by one channel. Written by make, deliver and services of this folder alone."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.UUIDField()
    event_seq = models.IntegerField()  # the event it tells of: the same event is never told twice
    to_kind = models.CharField(max_length=10)  # person | post
    post = models.CharField(max_length=80, null=True)  # noqa: DJ001  a person has no post: NULL, as in the key below
    channel = models.CharField(max_length=10)  # app | email | sms
    template = models.CharField(max_length=40)
    reference = models.CharField(max_length=24)
    status = models.CharField(max_length=12, choices=Status.choices)
    attempts = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=80, default="", blank=True)  # the class and code of an error, never its words
    resends = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "td_notice"
        constraints = (
            models.UniqueConstraint(fields=["case_id", "event_seq", "to_kind", "post", "channel", "template"],
                                    nulls_distinct=False, name="td_notice_once"),
            models.CheckConstraint(condition=Q(to_kind="person", post=None) | Q(to_kind="post", post__isnull=False),
                                   name="td_notice_receiver"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="td_notice_status"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="td_notice_due"),
            models.Index(fields=["post", "-id"], condition=Q(to_kind="post", read_at=None), name="td_notice_unread"),
            models.Index(fields=["-id"], condition=Q(status__in=["failed", "no_address"]), name="td_notice_failed"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reference} {self.template} ({self.channel})"
