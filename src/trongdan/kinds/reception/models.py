"""What of receiving citizens is not a case: the calendar, places in the queue, who was there, and what was done to them.

Written by the services of this folder alone. Who a booking is for lies in `td_identity` under the booking's own id, seen by the
posts that `td_grant` names, like the sender of a case; nothing here holds a name.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Session(models.Model):
    """A reception day (buổi tiếp công dân) of a post. Public once posted: the law orders the calendar to be published.

    `taken` is the last number given, `now` the number being received; `moved_to` the day it was put off to."""

    class Sort(models.TextChoices):
        REGULAR = "regular", _("Định kỳ")
        EXTRA = "extra", _("Đột xuất")

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.CharField(max_length=40)
    post = models.CharField(max_length=80)
    on = models.DateField(db_column="on_date")
    starts = models.TimeField()
    ends = models.TimeField()
    place = models.CharField(max_length=200)
    sort = models.CharField(max_length=10, choices=Sort.choices, default=Sort.REGULAR)
    ground = models.CharField(max_length=300, default="", blank=True)  # why out of turn (Luật TCD Đ18 k3)
    joint = models.BooleanField(default=False)  # with other bodies at the same place, each at its own desk
    online = models.BooleanField(default=False)
    topic = models.CharField(max_length=300, default="", blank=True)
    attends = models.CharField(max_length=300, default="", blank=True)
    capacity = models.SmallIntegerField()
    taken = models.SmallIntegerField(default=0)
    now = models.SmallIntegerField(default=0)
    posted_at = models.DateTimeField(null=True)
    moved_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    moved_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    moved_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        db_table = "td_reception_session"
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="td_reception_hours"),
            models.CheckConstraint(condition=Q(capacity__gte=1, taken__gte=0, now__gte=0), name="td_reception_numbers"),
        )
        indexes = (models.Index(fields=["agency", "on"], name="td_reception_days"),)


class Booking(models.Model):
    """A place in the queue of a session, asked for on the portal, by phone or at the door. No name, no matter."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ tiếp")
        CALLED = "called", _("Đang tiếp")
        SERVED = "served", _("Đã tiếp")
        ABSENT = "absent", _("Không đến")
        CANCELLED = "cancelled", _("Đã hủy")

    id = models.UUIDField(primary_key=True, default=uuid4)
    session = models.ForeignKey(Session, models.PROTECT, related_name="bookings")
    number = models.SmallIntegerField()
    reference = models.CharField(max_length=24, unique=True)
    channel = models.CharField(max_length=10)  # portal | phone | door
    interpreter = models.CharField(max_length=40, default="", blank=True)  # the language, in the person's own words
    wheelchair = models.BooleanField(default=False)
    hearing = models.BooleanField(default=False)
    home_visit = models.BooleanField(default=False)
    people = models.SmallIntegerField(default=1)  # how many come with the same matter
    unnamed = models.BooleanField(default=False)  # asked that no name be written down before the talk
    online_case = models.CharField(max_length=20, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    record = models.UUIDField(null=True)  # the reception record (a case), once it was opened
    made_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "td_reception_booking"
        constraints = (models.UniqueConstraint(fields=["session", "number"], name="td_reception_number_once"),)


class Mark(models.Model):
    """One thing noted of a session, never changed: who came and went, who sat in the head's place, what was prepared.

    `person` is whoever was signed in: a head's coming is the head's own to note."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="marks")
    agency = models.CharField(max_length=40)
    what = models.CharField(max_length=12)  # began | ended | stood_in | absent | notified | tested | connected | recorded
    at = models.DateTimeField()
    person = models.UUIDField()
    post = models.CharField(max_length=80)
    words = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        db_table = "td_reception_mark"
        constraints = (models.UniqueConstraint(fields=["session", "what", "post"], name="td_reception_mark_once"),)


class Audit(models.Model):
    """Who did what to a calendar or a queue, once for each (client, key)."""

    at = models.DateTimeField()
    client = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    body_hash = models.BinaryField()
    person = models.UUIDField(null=True)
    post = models.CharField(max_length=80, default="", blank=True)
    agency = models.CharField(max_length=40)
    what = models.CharField(max_length=20)
    subject = models.UUIDField()

    class Meta:
        db_table = "td_reception_audit"
        constraints = (models.UniqueConstraint(fields=["client", "key"], name="td_reception_audit_once"),)
