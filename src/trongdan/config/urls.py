"""The addresses of all doors. Each door owns its own part; a door that is not installed has none."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from .health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("khoe/", health, name="health"),
    path("ngon-ngu/", set_language, name="set_language"),
]

for prefix, module in (
    ("api/", "trongdan.doors.api"),
    ("ban-lam-viec/", "trongdan.doors.desk"),
    ("", "trongdan.doors.portal"),
):
    if module in settings.INSTALLED_APPS and find_spec(f"{module}.urls") is not None:
        urlpatterns.append(path(prefix, include(f"{module}.urls")))

if "trongdan.doors.portal" in settings.INSTALLED_APPS:
    handler400 = "trongdan.doors.portal.errors.too_much"
    handler404 = "trongdan.doors.portal.errors.not_found"
    handler500 = "trongdan.doors.portal.errors.failure"
