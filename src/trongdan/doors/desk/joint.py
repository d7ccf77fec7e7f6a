"""One answer to many letters on one matter: what the actor may do on several of them at once, the same words for all and a
reason for each, as one command a case with a key of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from trongdan.core.cases.perform import perform
from trongdan.core.cases.trail import Loaded, load
from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.offers import allowed
from trongdan.kernel.reference import format_reference
from trongdan.law import load_law

from .actions import _field, command_from

# What may be done on many at once: each by its kind's own edge, its guards and its paper. Signing stays one by one.
TOGETHER = {("letters.letter", "guide"), ("letters.letter", "file"), ("letters.petition", "accept"), ("letters.petition", "answer")}
OWN = "own_answer"  # a field for what is said to one sender alone
MOST = 100
CLIENT = "desk-group"  # of the keys of forms


def _families(cases: Collection[UUID]) -> list[Loaded]:
    """The letters and what was opened from them, those that the scope sees, outside the vault."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE (id = ANY(%s) OR parent = ANY(%s)) AND NOT final AND NOT vault "
                       "AND secret IS NULL ORDER BY id LIMIT %s", [list(cases), list(cases), MOST])  # fmt: skip
        ids = [row[0] for row in cursor.fetchall()]
    return sorted(load(ids).values(), key=lambda one: one.reference)


def offers(actor: Actor, cases: Collection[UUID], typed: dict[str, Any]) -> list[dict[str, Any]]:
    """The actions that are open on more than one case of a group, each as a form: its fields once, then the cases."""
    found: dict[tuple[str, str], list[Loaded]] = {}
    now = datetime.now(VIETNAM)
    for one in _families(cases):
        for offer in allowed(one.kind, one.state, actor, now, load_law()):
            if offer.ok and (one.kind.id, offer.action) in TOGETHER:
                found.setdefault((one.kind.id, offer.action), []).append(one)
    return [_form(kind, action, many, typed) for (kind, action), many in found.items() if len(many) > 1]


def _form(kind: str, action: str, many: Sequence[Loaded], typed: dict[str, Any]) -> dict[str, Any]:
    first = many[0]
    edge = first.kind.edges[action]
    mine = typed if typed.get("action") == [action] and typed.get("kind") == [kind] else {}
    chosen = mine.get("case", [str(one.id) for one in many])
    rows = [{"id": one.id, "shown": format_reference(one.reference), "on": one.state.opened_on, "chosen": str(one.id) in chosen,
             "reason": (mine.get(f"reason-{one.id}") or [""])[0]} for one in many]  # fmt: skip
    fields = [_field(first, first.kind.fields[f], mine, {}) for f in edge.asks if f != OWN]
    return {"kind": kind, "action": action, "label": f"{edge.name} ({first.kind.name.lower()})", "fields": fields, "rows": rows,
            "open": bool(mine), "paper": bool(edge.paper), "key": f"all-{kind}-{action}".replace(".", "-")}  # fmt: skip


def commands(request: HttpRequest, actor: Actor, inside: Collection[UUID]) -> list[tuple[str, Command]]:
    """(reference, command) of each chosen case. Raises Refusal before anything is done: nothing chosen, or one without its own
    reason. Runs inside the desk's scope."""
    kind, action, chosen = request.POST.get("kind", ""), request.POST.get("action", ""), set(request.POST.getlist("case"))
    if (kind, action) not in TOGETHER:
        raise Refusal("action.unknown", _("Việc này không làm chung cho nhiều đơn được."))
    todo = [one for one in _families(inside) if one.kind.id == kind and str(one.id) in chosen]
    if not todo:
        raise Refusal("joint.none", _("Hãy chọn ít nhất một đơn còn đang chờ."))
    out = []
    for one in todo:
        reason = request.POST.get(f"reason-{one.id}", "").strip()
        if not reason:
            raise Refusal("joint.reason", _("Hãy ghi lý do riêng cho từng đơn: còn thiếu ở đơn %(ref)s.")
                          % {"ref": format_reference(one.reference)}, None, {"field": f"reason-{one.id}"})  # fmt: skip
        made = command_from(request, one, actor)
        own = {OWN: reason} if OWN in one.kind.edges[action].asks else {}
        out.append((one.reference, replace(made, data={**made.data, **own}, reason=reason, seen_seq=None)))
    return out


def do_all(todo: Sequence[tuple[str, Command]], actor: Actor, key: str) -> tuple[int, list[tuple[str, str]]]:
    """Do the commands, each once for the form's key; (how many were done, (reference, why not) of the others)."""
    done, refused = 0, []
    for reference, command in todo:
        try:
            perform(command, actor, f"{key}-{command.case}" if key else None, client=CLIENT)
            done += 1
        except Refusal as refusal:
            refused.append((reference, refusal.message))
    return done, refused


def many_people(cases: Collection[UUID]) -> list[dict[str, Any]]:
    """The complaints of a group on which the people and who speaks for them are to be recorded (Luật Tiếp công dân Đ29)."""
    out = []
    for one in _families(cases):
        if "representatives" in one.kind.fields:
            out.append({"id": one.id, "shown": format_reference(one.reference), "name": one.kind.name,
                        "people": one.state.fields.get("people"), "speak": one.state.fields.get("representatives")})  # fmt: skip
    return out
