"""What leaders and people say to each other: voters' recommendations, dialogues, what was heard."""

from django.urls import path

from . import dialogues, listening, voters

urlpatterns = [
    path("kien-nghi-cu-tri/", voters.register, name="voters"),
    path("kien-nghi-cu-tri/ghi/", voters.record, name="voter_record"),
    path("doi-thoai/", dialogues.index, name="dialogues"),
    path("doi-thoai/lap/<slug:what>/", dialogues.plan, name="dialogue_plan"),
    path("doi-thoai/<uuid:case_id>/", dialogues.meeting, name="dialogue"),
    path("lang-nghe/", listening.places, name="listening"),
    path("lang-nghe/<slug:place>/", listening.visit, name="visit"),
]
