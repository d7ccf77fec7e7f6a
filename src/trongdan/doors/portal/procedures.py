"""Thủ tục hành chính: find one by plain words or by what happened in one's life; a page each, in plain language."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trongdan.core.cases.trail import today
from trongdan.kinds.procedures import selectors
from trongdan.kinds.procedures.in_words import copies_words, fee_words, level_words, money, time_words
from trongdan.kinds.procedures.search import CODE, Entry
from trongdan.kinds.procedures.took import took
from trongdan.kinds.procedures.typed import CHANNELS
from trongdan.kinds.procedures.words import LifeEvent, event_said, events

from .english import is_english

PAGE = 20
FIELDS = 24
DOUBTS = {"no_unit", "glued", "contradiction", "fee_disagrees", "fee_unit", "fee_mended"}  # notes that a reader should hear of


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The search, what happens in a life, and the fields. The address holds the question, so it can be sent on."""
    on, question, field = today(), request.GET.get("q", "").strip()[:200], request.GET.get("linh-vuc", "")[:300]
    context: dict[str, Any] = {"question": question, "field": field, "events": [_event(e) for e in events()]}
    if question:
        found, total = selectors.search(question, on, PAGE)
        said = event_said(question)
        context |= {"found": [_line(e) for e in found], "total": total, "event": _event(said) if said else None}
    elif field:
        named = selectors.of_field(field, on)
        context |= {"found": [_line(e) for e in named], "total": len(named)}
    else:
        context |= {"fields": selectors.fields(on, "commune")[:FIELDS], "empty": not selectors.index(on).by_code}
    return render(request, "portal/procedures.html", context)


@require_safe
def life(request: HttpRequest, event_id: str) -> HttpResponse:
    """What happens in a life, with its procedures in the order one does them."""
    event = next((e for e in events() if e.id == event_id), None)
    if event is None:
        raise Http404
    steps = [{"when": s.when_en if is_english() else s.when, **_line(e)} for s, e in selectors.of_event(event, today())]
    return render(request, "portal/life.html", {"event": _event(event), "steps": steps})


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """A procedure: who, what to bring, how long, how much, where, and how long it really took."""
    on = today()
    found = selectors.procedure(code, on)
    if found is None:
        last = selectors.ended(code, on) if CODE.fullmatch(code) else None
        if last is None:
            raise Http404
        return render(request, "portal/procedure_ended.html", {"code": code, "last": last}, status=410)
    body = found.body
    context = {
        "p": body, "since": found.since, "level": level_words(body["levels"]), "fee": fee_words(body), "took": took(code),
        "times": _times(body), "fees": _fees(body), "papers": _papers(body),
        "remarks": [d["name"] for d in body["documents"] if d["remark"]],
        "cases": [(time_words(c["value"], c["unit"]), c["words"]) for c in body["cases"]],
        "ways": [_way(c) for c in body["channels"]], "here": {"commune", "province"} & set(body["levels"]),
        "doubts": DOUBTS & {n["why"] for n in body["notes"]},
    }  # fmt: skip
    return render(request, "portal/procedure.html", context)


def _event(event: LifeEvent) -> dict[str, str]:
    english = is_english()
    return {"id": event.id, "name": event.name_en if english else event.name, "hint": event.hint_en if english else event.hint}


def _line(entry: Entry) -> dict[str, str]:
    return {"code": entry.code, "name": entry.name, "field": entry.field, "level": level_words(entry.levels),
            "duration": entry.duration, "fee": entry.fee}  # fmt: skip


def _way(channel: str) -> str:
    return {"counter": _("đến nộp trực tiếp"), "online": _("nộp trên Cổng Dịch vụ công quốc gia"),
            "post": _("gửi qua bưu chính")}[channel]  # fmt: skip


def _times(body: dict[str, Any]) -> list[tuple[str, str]]:
    """(time, the ways to file it holds for; empty when it holds for all)."""
    by_time: dict[str, list[str]] = {}
    for d in body["durations"]:
        by_time.setdefault(time_words(d["value"], d["unit"]), []).append(CHANNELS[d["channel"]].lower())
    if len(by_time) == 1:
        return [(time, "") for time in by_time]
    return [(time, ", ".join(dict.fromkeys(ways))) for time, ways in by_time.items()]


def _fees(body: dict[str, Any]) -> list[tuple[str, str]]:
    """(amount, what it is for), each once."""
    out: dict[tuple[str, str], None] = {}
    for fee in body["fees"]:
        amount = "" if fee["amount"] is None else (_("Miễn phí") if fee["amount"] == 0 else money(fee["amount"], fee["currency"]))
        out[amount, fee["words"].strip("/- ")] = None
    return list(out)


def _papers(body: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(for which case, the papers) in the order published."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for document in body["documents"]:
        if not document["remark"]:
            groups.setdefault(document["group"], []).append({**document, "copies_words": copies_words(document)})
    return list(groups.items())
