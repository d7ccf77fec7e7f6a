from django.urls import path

from . import centres, documents, limits, views

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
    path("trung-tam/", centres.centres, name="centres"),
    path("trung-tam/<slug:code>/", centres.centre, name="centre"),
    path("trung-tam/<slug:code>/lay-so/", centres.take, name="take"),
    path("trung-tam/<slug:code>/dat-lich/", centres.book, name="book"),
    path("trung-tam/<slug:code>/man-hinh/", centres.screen_page, name="screen"),
    path("trung-tam/<slug:code>/may-lay-so/<str:token>/", centres.kiosk, name="kiosk"),
    path("so-thu-tu/<str:code>/", centres.ticket, name="ticket"),
    path("lich-hen/", centres.find_appointment, name="appointment_find"),
    path("lich-hen/<str:code>/", centres.appointment, name="appointment"),
    path("thoi-han/", limits.page, name="limits"),
    path(".well-known/trongdan/checkpoints", documents.checkpoints, name="checkpoints"),
    path(".well-known/trongdan/key", documents.public_key, name="public_key"),
]
