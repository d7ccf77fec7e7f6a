from django.urls import path

from . import documents, judging, limits, procedures, published, views

app_name = "portal"
TRACK = "theo-doi/<str:reference>/<str:token>/"
urlpatterns = [
    path("", views.home, name="home"),
    path("gui-don/", views.send, name="send"),
    path("to-cao/", views.denounce, name="denounce"),
    path("theo-doi/", views.find, name="track"),
    path("da-nhan/", views.received, name="received"),
    path(TRACK, views.track, name="case"),
    path(TRACK + "giay-xac-nhan.pdf", documents.receipt_pdf, name="receipt_pdf"),
    path(TRACK + "giay-xac-nhan.json", documents.receipt_json, name="receipt_json"),
    path(TRACK + "van-ban/<uuid:case_id>/<str:paper>.pdf", documents.paper_pdf, name="paper"),
    path(TRACK + "mau/<uuid:case_id>/<slug:form>.pdf", documents.person_form, name="form"),
    path(TRACK + "mau-01/<uuid:case_id>.pdf", documents.complaint_form, name="form01"),
    path(TRACK + "mau-to-cao/<uuid:case_id>.pdf", documents.denunciation_form, name="denunciation_form"),
    path("danh-gia/", judging.find, name="judge_find"),
    path("danh-gia/<str:reference>/<str:code>/", judging.judge, name="judge"),
    path("thu-tuc/", procedures.find, name="procedures"),
    path("thu-tuc/viec/<slug:event_id>/", procedures.life, name="life"),
    path("thu-tuc/<str:code>/", procedures.one, name="procedure"),
    path("da-cong-khai/", published.page, name="published"),
    path("thoi-han/", limits.page, name="limits"),
    path(".well-known/trongdan/checkpoints", documents.checkpoints, name="checkpoints"),
    path(".well-known/trongdan/key", documents.public_key, name="public_key"),
]
