"""What leaders and people say to each other: voters' recommendations, dialogues, what was heard."""

from django.urls import path

from . import voters

urlpatterns = [
    path("kien-nghi-cu-tri/", voters.register, name="voters"),
    path("kien-nghi-cu-tri/ghi/", voters.record, name="voter_record"),
]
