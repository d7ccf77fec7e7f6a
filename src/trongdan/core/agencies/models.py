"""Agencies, their two relations, what became of abolished ones, and the posts that hold authority in time."""

from __future__ import annotations

from django.db import models


class Agency(models.Model):
    """An agency or a room of one. `under` is administration, `line` the vertical body (domain 14)."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    short = models.CharField(max_length=120)
    level = models.CharField(max_length=10)  # tinh | xa | huyen
    kind = models.CharField(max_length=30)
    place = models.CharField(max_length=10, blank=True)  # the commune's official code
    under = models.ForeignKey("self", models.PROTECT, null=True, related_name="subordinates", db_index=True)
    line = models.ForeignKey("self", models.PROTECT, null=True, related_name="line_subordinates", db_index=True)
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="rooms")  # a room's agency
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    assumed = models.BooleanField(default=False)
    sort = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "td_agency"

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """What an abolished unit became: whole, or a part of it."""

    old = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    on = models.DateField()
    whole = models.BooleanField()
    main = models.BooleanField()

    class Meta:
        db_table = "td_succession"
        constraints = (models.UniqueConstraint(fields=["old", "new"], name="td_succession_once"),)


class PostRow(models.Model):
    """A post (chức danh). Authority belongs to it; people hold it by appointment or delegation."""

    id = models.CharField(max_length=80, primary_key=True)
    role = models.CharField(max_length=20)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts")  # the agency that answers
    room = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="room_posts")
    title = models.CharField(max_length=200)

    class Meta:
        db_table = "td_post"


class Appointment(models.Model):
    """A person in a post, from a day, by a decision."""

    person = models.UUIDField(db_index=True)
    post = models.ForeignKey(PostRow, models.PROTECT, related_name="appointments")
    since = models.DateField()
    until = models.DateField(null=True)
    decision = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "td_appointment"
        constraints = (models.UniqueConstraint(fields=["person", "post", "since"], name="td_appointment_once"),)


class Delegation(models.Model):
    """Powers of a post lent to another by a decision with a number; some the law does not allow to lend."""

    post = models.ForeignKey(PostRow, models.PROTECT, related_name="delegations")
    to_post = models.ForeignKey(PostRow, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    decision = models.CharField(max_length=80)

    class Meta:
        db_table = "td_delegation"
