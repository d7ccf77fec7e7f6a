"""Refusals as RFC 9457 problem documents: what to do, in Vietnamese, with the article when the law is the reason."""

from __future__ import annotations

import json

from django.http import HttpResponse

from trongdan.kernel.errors import Refusal

STATUS = {"track.not_found": 404, "case.unknown": 404, "matter.unknown": 404, "key.reused": 409, "case.changed": 409}


def problem(status: int, code: str, detail: str, citation: str | None = None) -> HttpResponse:
    body = {"type": f"urn:trongdan:{code}", "title": "Chưa thực hiện được", "status": status, "detail": detail,
            "code": code, "citation": citation}  # fmt: skip
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


def refused(refusal: Refusal) -> HttpResponse:
    status = STATUS.get(refusal.code, 422)
    return problem(status, refusal.code, refusal.message, refusal.citation)
