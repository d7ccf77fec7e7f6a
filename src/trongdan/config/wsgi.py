"""The WSGI application that granian serves."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

from trongdan.platform.process import die_with_parent, keep_what_is_read

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trongdan.config.settings")
log = logging.getLogger(__name__)
SORRY = "Hệ thống đang gặp lỗi. Ông/bà vui lòng thử lại sau ít phút; điều đã gửi và có mã tra cứu thì không mất.\n"


def last_resort(inner: WSGIApplication) -> WSGIApplication:
    """When even the page for errors fails: a plain sentence, and a log line by our own rules (the server's has values)."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return inner(environ, start_response)
        except Exception:
            log.exception("trang lỗi cũng bị lỗi")
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [SORRY.encode()]

    return application


def settle() -> None:
    """Read what every request needs before the first one comes."""
    from django.urls import get_resolver

    from trongdan.core.cases.registry import kinds

    kinds()
    _ = get_resolver().url_patterns
    keep_what_is_read()


application = last_resort(get_wsgi_application())
if os.environ.get("TRONGDAN_SERVED") == "1":  # a worker of `trongdan serve`: it goes when its master is killed
    die_with_parent(follow=True)()
    settle()
