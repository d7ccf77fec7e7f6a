"""Letters that were made public: redacted, read over by a person, by a decision of the chair. Nothing else of any letter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.after import published
from trongdan.core.cases.registry import kinds

from .english import say


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The newest of them. No scope: the function gives what is open to everybody and no more."""
    found = published("public")
    agencies = names([p.agency for p in found])
    lines = [(say(agencies.get(p.agency, p.agency)), say(kinds()[p.kind].name), p) for p in found]
    return render(request, "portal/published.html", {"lines": lines})
