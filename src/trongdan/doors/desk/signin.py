"""Sign-in by password, with a second factor for who has set one up (a one-time code app)."""

from __future__ import annotations

from base64 import b32encode
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from trongdan.doors.portal.qr import qr_data
from trongdan.platform.ceiling import Ceiling

GUESSES = Ceiling(window=600, most=10)


class SignIn(LoginView):
    """A user with a confirmed device also gives its current code, in the same form: one page, one refusal."""

    template_name = "desk/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who guesses waits: a name is tried so many times from a connection, then not looked at for a while."""
        who = f"{request.META.get('REMOTE_ADDR', '')} {request.POST.get('username', '')[:150].casefold()}"
        if GUESSES.full(who):
            blank = self.get_form_class()(request)  # the password isn't even tried
            return self.render_to_response(self.get_context_data(form=blank, wait=True), status=429)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if answer.status_code == 422:
            GUESSES.note(who)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
        if device is None:
            return super().form_valid(form)
        code = self.request.POST.get("otp_token", "").strip()
        if not (code.isdigit() and len(code) <= 8 and device.verify_is_allowed()[0] and device.verify_token(code)):
            form.add_error(None, _("Mã từ ứng dụng chưa đúng. Hãy nhập mã đang hiện trên điện thoại."))
            return self.form_invalid(form)
        answer = super().form_valid(form)
        otp_login(self.request, device)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up a one-time code: scan, type the code once, done."""
    device, _made = TOTPDevice.objects.get_or_create(user=request.user, name="default", defaults={"confirmed": False})
    wrong = False
    if request.method == "POST" and not device.confirmed:
        code = request.POST.get("code", "").strip()
        if code.isdigit() and len(code) <= 8 and device.verify_token(code):
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            messages.success(request, _("Đã bật yếu tố thứ hai. Lần sau đăng nhập cần mã trên điện thoại."))
            return redirect("desk:home")
        wrong = True
    key = b32encode(device.bin_key).decode()
    context = {"device": device, "key": key, "qr": "" if device.confirmed else qr_data(device.config_url), "wrong": wrong}
    return render(request, "desk/second_factor.html", context, status=422 if wrong else 200)


