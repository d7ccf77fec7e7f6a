"""Centres, counters, appointments, numbers. Not cases; written by `services` of this folder alone.

Nothing here says who somebody is: a number has no name, an appointment neither. Who asks to be reminded leaves a telephone
number or an address, sealed in a table of its own that only the worker reads and empties.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Centre(models.Model):
    """A Trung tâm Phục vụ hành chính công: its own code among the agencies (hcc-tinh, c04978-hcc)."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    commune = models.CharField(max_length=10, blank=True)  # five digits; empty for the province's
    above = models.CharField(max_length=40)  # the agency it answers to, which sees its board
    sort = models.CharField(max_length=200)

    class Meta:
        db_table = "td_centre"


class Session(models.Model):
    """When a centre is open on a working day, from a day on, by a decision."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="sessions")
    since = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    decision = models.CharField(max_length=80)

    class Meta:
        db_table = "td_centre_session"
        constraints = (
            models.UniqueConstraint(fields=["centre", "since", "starts"], name="td_centre_session_once"),
            models.CheckConstraint(condition=Q(starts__lt=models.F("ends")), name="td_centre_session_order"),
        )


class Counter(models.Model):
    """A counter and the groups it serves. `person` is the official who sits there; open while somebody does."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="counters")
    number = models.SmallIntegerField()
    serves = ArrayField(models.CharField(max_length=20))
    open = models.BooleanField(default=False)
    person = models.UUIDField(null=True)
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "td_counter"
        constraints = (
            models.UniqueConstraint(fields=["centre", "number"], name="td_counter_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(person__isnull=False), name="td_counter_one_seat"),
            models.CheckConstraint(condition=Q(open=False) | Q(person__isnull=False), name="td_counter_staffed"),
        )


class Booking(models.TextChoices):
    BOOKED = "booked", "đã hẹn"
    CAME = "came", "đã đến"
    CANCELLED = "cancelled", "đã hủy"
    MISSED = "missed", "không đến"


class Appointment(models.Model):
    """An hour agreed on. Its code opens it: to change, to cancel, to take the number on arrival."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=24, unique=True)
    centre = models.ForeignKey(Centre, models.PROTECT)
    service = models.CharField(max_length=20)
    procedure = models.CharField(max_length=40, blank=True)  # by its code in the catalogue, when it was chosen there
    starts_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Booking.choices)
    needs = ArrayField(models.CharField(max_length=20), default=list)  # interpreter, signs, steps, home; emptied afterwards
    reminded_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "td_appointment_slot"
        constraints = (models.CheckConstraint(condition=Q(status__in=Booking.values), name="td_appointment_slot_status"),)
        indexes = (
            models.Index(fields=["centre", "starts_at"], condition=Q(status="booked"), name="td_appointment_slot_day"),
            models.Index(fields=["starts_at"], condition=Q(status="booked", reminded_at=None), name="td_appointment_slot_remind"),
        )


class Contact(models.Model):
    """Where a reminder goes, sealed. The web may add one and no more."""

    appointment = models.OneToOneField(Appointment, models.CASCADE, primary_key=True, db_column="appointment")
    sealed = models.BinaryField()

    class Meta:
        db_table = "td_appointment_contact"


class Standing(models.TextChoices):
    WAITING = "waiting", "đang đợi"
    CALLED = "called", "đã gọi"
    SERVING = "serving", "đang làm"
    DONE = "done", "xong"
    AWAY = "away", "vắng khi gọi"
    LEFT = "left", "không đợi nữa"
    UNSERVED = "unserved", "hết ngày chưa được gọi"


AT_COUNTER = (Standing.CALLED.value, Standing.SERVING.value)


class Ticket(models.Model):
    """A number of a day. `moment` orders the line (order.py); `told` is the wait in seconds as it was told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=24, unique=True)
    centre = models.ForeignKey(Centre, models.PROTECT)
    day = models.DateField()
    service = models.CharField(max_length=20)
    label = models.CharField(max_length=8)
    via = models.CharField(max_length=12)  # kiosk | web | clerk | appointment
    helped = models.BooleanField(default=False)
    appointment = models.ForeignKey(Appointment, models.SET_NULL, null=True)
    taken_at = models.DateTimeField()
    moment = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Standing.choices)
    counter = models.ForeignKey(Counter, models.PROTECT, null=True)
    calls = models.SmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    first_called_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told = models.IntegerField(null=True)
    back = models.BooleanField(default=False)

    class Meta:
        db_table = "td_ticket"
        constraints = (
            models.UniqueConstraint(fields=["centre", "day", "label"], name="td_ticket_label"),
            models.UniqueConstraint(fields=["counter"], condition=Q(status__in=AT_COUNTER), name="td_ticket_one_at_a_counter"),
            models.CheckConstraint(condition=Q(status__in=Standing.values), name="td_ticket_status"),
            models.CheckConstraint(condition=~Q(status__in=AT_COUNTER) | Q(counter__isnull=False), name="td_ticket_where"),
        )
        indexes = (
            models.Index(fields=["centre", "day", "moment", "id"], condition=Q(status="waiting"), name="td_ticket_line"),
            models.Index(fields=["centre", "-called_at"], condition=Q(status__in=AT_COUNTER), name="td_ticket_screen"),
            models.Index(fields=["centre", "day", "status"], name="td_ticket_day"),
        )


class Measure(models.Model):
    """What an hour of a group came to: comers, visits in seconds, estimates beside waits. Sums only."""

    centre = models.ForeignKey(Centre, models.PROTECT)
    service = models.CharField(max_length=20)
    day = models.DateField()
    hour = models.SmallIntegerField()
    came = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    squares = models.FloatField(default=0)
    calls = models.IntegerField(default=0)
    waited = models.FloatField(default=0)
    told = models.FloatField(default=0)  # of calls whose wait was told
    told_waited = models.FloatField(default=0)
    judged = models.IntegerField(default=0)
    error = models.FloatField(default=0)
    near = models.IntegerField(default=0)

    class Meta:
        db_table = "td_wait_measure"
        constraints = (models.UniqueConstraint(fields=["centre", "day", "service", "hour"], name="td_wait_measure_once"),)


class Number(models.Model):
    """The last number of a group on a day."""

    centre = models.ForeignKey(Centre, models.PROTECT)
    day = models.DateField()
    prefix = models.CharField(max_length=2)
    last = models.SmallIntegerField()

    class Meta:
        db_table = "td_ticket_number"
        constraints = (models.UniqueConstraint(fields=["centre", "day", "prefix"], name="td_ticket_number_once"),)


class Entry(models.Model):
    """What was done, when, from which post: only ever added."""

    at = models.DateTimeField()
    centre = models.CharField(max_length=40)
    what = models.CharField(max_length=20)
    ticket = models.UUIDField(null=True)
    appointment = models.UUIDField(null=True)
    counter = models.SmallIntegerField(null=True)
    service = models.CharField(max_length=20, blank=True)
    post = models.CharField(max_length=80, blank=True)
    person = models.UUIDField(null=True)
    client = models.CharField(max_length=80)
    key = models.CharField(max_length=80)

    class Meta:
        db_table = "td_waiting_entry"
        constraints = (models.UniqueConstraint(fields=["client", "key"], name="td_waiting_entry_once"),)
        indexes = (models.Index(fields=["ticket"], name="td_waiting_entry_ticket"),)
