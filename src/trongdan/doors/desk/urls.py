from django.contrib.auth import views as auth
from django.urls import path

from . import assessments, casework, chains, counter, notices, paper_intake, signin, vault, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("dang-nhap/", signin.SignIn.as_view(), name="login"),
    path("dang-xuat/", auth.LogoutView.as_view(next_page="desk:login"), name="logout"),
    path("yeu-to-thu-hai/", signin.second_factor, name="second_factor"),
    path("chuc-danh/", views.switch_post, name="switch_post"),
    path("ho-so/", views.agency_list, name="list"),
    path("tim/", views.find, name="search"),
    path("thong-bao/", notices.unread, name="notices"),
    path("thong-bao/da-xem/", notices.mark_all_read, name="notices_read"),
    path("thong-bao/gui-lai/<int:notice_id>/", notices.send_again, name="notice_resend"),
    path("danh-gia/", assessments.page, name="assessments"),
    path("quay/", counter.page, name="counter"),
    path("quay/lam/", counter.act, name="counter_act"),
    path("hang-cho/", counter.boards, name="boards"),
    path("hang-cho/<slug:code>/", counter.boards, name="board"),
    path("hang-cho/<slug:code>/dat-lai/", counter.set_up, name="board_set"),
    path("trinh-ky/", chains.page, name="chains"),
    path("nhap-don/", paper_intake.intake_form, name="intake"),
    path("ho-so/<uuid:case_id>/giay-xac-nhan.pdf", paper_intake.receipt_pdf, name="receipt"),
    path("ho-so/<uuid:case_id>/", casework.case, name="case"),
    path("ho-so/<uuid:case_id>/lam/", casework.act, name="act"),
    path("ho-so/<uuid:case_id>/co-mat/", casework.presence, name="presence"),
    path("ho-so/<uuid:case_id>/van-ban/<str:paper>.<str:ending>", casework.paper_file, name="paper"),
    path("ho-so/<uuid:case_id>/tep/<uuid:file_id>/", casework.file, name="file"),
    path("ho-so/<uuid:case_id>/kho-kin/", vault.opened, name="vault"),
    path("ho-so/<uuid:case_id>/kho-kin/che/", vault.cover, name="cover"),
    path("ho-so/<uuid:case_id>/muc-luc.zip", casework.whole_file, name="whole_file"),
]
