"""Headers every page carries, and what every template knows. Nothing of the domain happens here."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

API = "/api/"
CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
       "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; media-src 'self'")  # fmt: skip


def behind_proxy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The sender's own connection as REMOTE_ADDR, where an own proxy stands before us (TRONGDAN_PROXY=1) and appends it
    last to X-Forwarded-For. What a client wrote there itself comes before that and is never read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if settings.BEHIND_PROXY and told:
            request.META["REMOTE_ADDR"] = told
        return get_response(request)

    return middleware


def straight_to_the_api(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Programs bring no session, no form and no language: what follows in the chain is for pages, and a letter that comes
    over the API would pay for it (bench/). An address that the API does not have goes the long way, to the page that says so."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return get_response(request)
        try:
            request.resolver_match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        translation.activate(settings.LANGUAGE_CODE)  # of the thread, which served somebody else before
        view, places, names = request.resolver_match
        response: HttpResponse = view(request, *places, **names)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    return middleware


def language_by_choice(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Vietnamese until somebody chooses English on the page: many phones here were sold set to English, and their owners
    read none. So the browser's own wish is not asked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return get_response(request)

    return middleware


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """No script or style but our own files; pages about a person are never kept by a shared computer's cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def desk_in_vietnamese(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Officials work in Vietnamese whatever their browser prefers: only the portal's words are translated."""
    desk = settings.LOGIN_REDIRECT_URL

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(desk):
            return get_response(request)
        with translation.override(settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            response = get_response(request)
        response.headers["Content-Language"] = settings.LANGUAGE_CODE
        return response

    return middleware


def page_context(request: HttpRequest) -> dict[str, object]:
    return {"demo": settings.DEMO, "province": "tỉnh Phú Thọ"}
