"""Refusals as RFC 9457 problem documents: what to do, in Vietnamese, with the article when the law is the reason."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from trongdan.kernel.errors import Refusal

STATUS = {"track.not_found": 404, "case.unknown": 404, "matter.unknown": 404, "procedure.unknown": 404, "key.reused": 409,
          "case.changed": 409, "states.key": 401}  # fmt: skip


def problem(status: int, code: str, detail: str, citation: str | None = None) -> HttpResponse:
    body = {"type": f"urn:trongdan:{code}", "title": "Chưa thực hiện được", "status": status, "detail": detail,
            "code": code, "citation": citation}  # fmt: skip
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


def refused(refusal: Refusal) -> HttpResponse:
    status = STATUS.get(refusal.code, 422)
    return problem(status, refusal.code, refusal.message, refusal.citation)


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Whoever speaks to /api/ reads no HTML, at a wrong address either."""
    return problem(404, "address.unknown", "Địa chỉ này không có. Xem các địa chỉ ở /api/v1/openapi.json.")


def with_problems(urls: tuple[list[Any], str, str]) -> tuple[list[Any], str, str]:
    """The framework's addresses; its answer to a method that is not there becomes a problem document too."""
    for pattern in urls[0]:
        pattern.callback = _said(pattern.callback)
    return urls


def _said(view: Any) -> Any:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = view(request, *args, **kwargs)
        if not isinstance(answer, HttpResponseNotAllowed):
            return answer
        told = problem(405, "method.unknown", f"Địa chỉ này chỉ nhận {answer.headers['Allow']}.")
        told.headers["Allow"] = answer.headers["Allow"]
        return told

    return inner
