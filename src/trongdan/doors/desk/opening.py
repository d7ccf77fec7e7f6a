"""A new case at the desk, by the form that its kind's opening edge asks: nothing of the kind is written down again here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trongdan.core.agencies.selectors import answering
from trongdan.core.cases.registry import kind as kind_of
from trongdan.doors.portal.kept import Kept
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import FieldDef, Kind


def _asked(kind: Kind, edge: str, leave: tuple[str, ...]) -> list[FieldDef]:
    return [kind.fields[f] for f in kind.edges[edge].asks if f not in leave]


def _choices(definition: FieldDef) -> list[tuple[str, str]]:
    return [(a.code, a.short) for a in answering()] if definition.type == "agency" else list(definition.choices)


def fields(kind_id: str, edge: str, was: Kept, leave: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The fields of the opening edge as desk/case/_field.html takes them, with what was typed before a refusal."""
    return [{"id": d.id, "name": d.name, "type": d.type, "choices": _choices(d),
             "value": was.typed.get(d.id, []) if d.type == "choices" else was.word(d.id)}
            for d in _asked(kind_of(kind_id), edge, leave)]  # fmt: skip


def data_from(request: HttpRequest, kind_id: str, edge: str) -> dict[str, Any]:
    """The answers of the submitted form, typed. Raises Refusal naming the field."""
    out: dict[str, Any] = {}
    for definition in _asked(kind_of(kind_id), edge, ()):
        value = _value(request, definition)
        if value not in (None, "", []):
            out[definition.id] = value
    return out


def _value(request: HttpRequest, definition: FieldDef) -> Any:
    raw = request.POST.get(definition.id, "").strip()
    match definition.type:
        case "bool":
            return definition.id in request.POST or None
        case "choices":
            return request.POST.getlist(definition.id)
        case "int":
            if raw and not (raw.isdecimal() and len(raw) < 16):
                raise _wrong(definition, _("Hãy ghi một con số."))
            return int(raw) if raw else None
        case "date" if raw:
            return day(raw, definition.id, definition.name).isoformat()
        case "code" if len(raw) > 300:
            raise _wrong(definition, _("Hãy ghi ngắn hơn 300 ký tự."))
        case "agency" if raw and raw not in dict(_choices(definition)):
            raise _wrong(definition, _("Hãy chọn trong danh sách."))
    return raw


def _wrong(definition: FieldDef, what: str) -> Refusal:
    return Refusal("data.invalid", f"“{definition.name}”: {what}", None, {"field": definition.id})


def day(text: str, field: str, name: str = "") -> date:
    """A day as a browser sends it. Raises Refusal."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("day.invalid", f"“{name}”: " + _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": field}) from None
