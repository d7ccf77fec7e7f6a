"""The actions of a case as forms, and a submitted form as a command. The kind says what is asked; nothing is decided here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trongdan.core.agencies.selectors import (
    answering,
    deputies_and_heads_below,
    find_posts,
    inspectorate_of,
    post_titles,
    posts_of,
    verifiers,
)
from trongdan.core.cases.trail import Loaded, bodies, today
from trongdan.core.papers import redaction
from trongdan.core.papers.chains import own_chains
from trongdan.kernel.authority import may
from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import FieldDef
from trongdan.kernel.lending import leads_elsewhere
from trongdan.kernel.offers import Allowed, allowed
from trongdan.kernel.vault import ASKERS
from trongdan.law import load_law

from . import issuing

ASSIGNABLE = ("officer", "unit_head", "deputy")
EXTRA = {"case.ask": ("question", "Câu hỏi; người gửi đọc và trả lời ở trang theo dõi, không cần nêu tên"),
         "paper.return": ("remark", "Phải sửa gì"), "case.note": ("note", "Ghi chú"),
         "clock.explain": ("explanation", "Vì sao chậm, đã khắc phục thế nào")}  # fmt: skip
SELDOM = ("clock.explain", "case.secret_flag", "paper.withdraw")
# What has a page of its own, because more than its fields belongs to it: edges of the kinds that name them.
OWN_PAGES = frozenset({"issue_result", "withdraw_result", "sign_on_screen"})
PLAIN = ("post", "remark", "note", "question", "explanation", "clock", "how")


def _choices(loaded: Loaded, definition: FieldDef, first: str = "") -> list[tuple[str, str]]:
    """`first`: the agency that settled first, as it stands in the same form."""
    if definition.type == "agency":
        return [(a.code, a.short) for a in answering()]
    if definition.type == "post":
        if definition.id == "verifier":
            return [(p.id, p.title) for p in verifiers(loaded.state.agency)]
        if definition.id in loaded.kind.named_posts:
            return [(p.id, p.title) for p in deputies_and_heads_below(loaded.state.agency)]
        roles = ("verifier",) if definition.id == "verifier" else ("officer", "unit_head", "office", "verifier")
        at = (loaded.state.agency, inspectorate_of(loaded.state.agency))
        if definition.id == "first_verifier" and (settled := first or str(loaded.state.fields.get("first_agency") or "")):
            at = (settled, None)
        return [(p.id, p.title) for agency in at if agency for p in posts_of(agency, roles)]
    if definition.type == "posts":
        return [(p.id, p.title) for a in _near(loaded) for p in posts_of(a)]
    return list(definition.choices)


def _near(loaded: Loaded) -> list[str]:
    """The agencies whose posts a field most likely means: where it happened, who settles it, its inspectorate."""
    state = loaded.state
    near = (state.fields.get("commune"), state.fields.get("matter_agency"), state.agency, inspectorate_of(state.agency))
    return list(dict.fromkeys(str(a) for a in near if a))


def _field(loaded: Loaded, definition: FieldDef, typed: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    value: Any = typed.get(definition.id)
    if definition.type == "posts":
        return _posts_field(loaded, definition, value)
    value = value if definition.type == "choices" else (value[0] if isinstance(value, list) else value)
    if value is None:
        stored = loaded.state.fields.get(definition.id)
        value = known.get(stored.get("content", ""), "") if isinstance(stored, dict) else stored
    return {"id": definition.id, "name": definition.name, "type": definition.type, "value": value if value is not None else "",
            "choices": _choices(loaded, definition, _typed_first(typed))}  # fmt: skip


def _typed_first(typed: dict[str, Any]) -> str:
    value = typed.get("first_agency") or ""
    return str(value[0] if isinstance(value, list) else value)


POSTS_ROWS = 3


def _posts_field(loaded: Loaded, definition: FieldDef, typed: list[str] | None) -> dict[str, Any]:
    """Several posts: a line each, with a list to choose from; what is typed may be a title or the holder's name."""
    stored = list(loaded.state.fields.get(definition.id) or ())
    titles = post_titles(stored)
    values = typed if typed is not None else [titles.get(p, p) for p in stored]
    rows = [*values, *[""] * (POSTS_ROWS - len(values))]
    return {"id": definition.id, "name": definition.name, "type": "posts", "value": rows, "choices": _choices(loaded, definition)}


def _posts(loaded: Loaded, definition: FieldDef, typed: list[str]) -> list[str]:
    """The posts that were meant. Raises Refusal when a line fits none, or several."""
    out: list[str] = []
    for words in (w.strip() for w in typed if w.strip()):
        found = find_posts(words, today(), _near(loaded))
        if len(found) != 1:
            listed = "; ".join(p.title for p in found[:6])
            problem = (_("có nhiều chức danh: %(listed)s. Hãy ghi rõ hơn.") % {"listed": listed} if found
                       else _("không có chức danh này trong danh bạ."))  # fmt: skip
            raise Refusal("post.unclear", f"“{words}”: {problem}", None, {"field": definition.id})
        out.append(found[0].id)
    return list(dict.fromkeys(out))


def action_forms(loaded: Loaded, actor: Actor, typed: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """{"open": forms of what the actor may do, "more": what is seldom needed, "shut": (label, why not)}.

    `typed` brings back a refused form."""
    now = datetime.now(VIETNAM)
    known = bodies([loaded.id])
    out: dict[str, list[dict[str, Any]]] = {"open": [], "more": [], "shut": []}
    for offer in allowed(loaded.kind, loaded.state, actor, now, load_law()):
        if offer.action in OWN_PAGES:
            continue
        if not offer.ok:
            why = offer.refusal.message if offer.refusal else ""
            out["shut"].append({"label": offer.label, "why": why, "basis": offer.refusal.citation if offer.refusal else ""})
            continue
        out["more" if offer.action in SELDOM else "open"].append(_form(loaded, offer, typed, known, actor))
        if offer.target and offer.action in ("paper.initial", "paper.check", "paper.sign", "paper.number"):
            back = Allowed("paper.return", _("Trả lại để sửa"), ok=True, target=offer.target)
            out["open"].append(_form(loaded, back, typed, known, actor))
    step = loaded.kind.steps.get(loaded.state.step)
    if loaded.kind.tracked and step and not step.final and not loaded.state.kept_out(actor) and may(loaded.state, actor, ASKERS):
        out["more"].append(_form(loaded, Allowed("case.ask", _("Hỏi người gửi qua trang theo dõi"), ok=True), typed, known, actor))
    out["more"].append(_form(loaded, Allowed("case.note", _("Ghi chú nội bộ"), ok=True), typed, known, actor))
    return out


def _form(loaded: Loaded, offer: Allowed, typed: dict[str, Any], known: dict[str, str], actor: Actor) -> dict[str, Any]:
    clock = (offer.target or "") if offer.action == "clock.explain" else ""
    paper = (offer.target or "") if not clock else ""
    this = (offer.action, paper, clock)
    said = (typed.get("action"), (typed.get("paper") or [""])[0], (typed.get("clock") or [""])[0])
    mine = typed if said == this or (offer.asks and said[0] == offer.action) else {}
    redraft = next((p.id for p in loaded.state.papers.values() if p.edge == offer.action and p.waits == "redraft"), "")
    return {"action": offer.action, "label": offer.label, "fields": _asked(loaded, offer, mine, known, actor),
            "reason": offer.reason, "clock": clock, "paper": paper or redraft,
            "drafts": "" if offer.target else offer.paper, "open": bool(mine),
            "typed_reason": (mine.get("reason") or [""])[0],
            "attach": offer.action in loaded.kind.edges and not offer.target,
            "key": f"{offer.action}-{offer.target or ''}".replace(".", "-")}  # fmt: skip


def _asked(loaded: Loaded, offer: Allowed, mine: dict[str, Any], known: dict[str, str], actor: Actor
           ) -> list[dict[str, Any]]:  # fmt: skip
    """The fields of an action's form, with what was typed before a refusal."""
    if offer.action == "case.assign":
        at = loaded.state.lent if leads_elsewhere(loaded.state, actor) else loaded.state.agency
        posts = [(p.id, p.title) for p in posts_of(at or "", ASSIGNABLE)]
        return [{"id": "post", "name": _("Giao cho"), "type": "post", "value": "", "choices": posts}]
    if offer.action in issuing.STAGES:
        return issuing.fields_of(offer.action, loaded.state.papers.get(offer.target or ""))
    if offer.action in EXTRA:
        key, name = EXTRA[offer.action]
        return [{"id": key, "name": name, "type": "text", "value": (mine.get(key) or [""])[0]}]
    edge = loaded.kind.edges.get(offer.action)
    filled = edge.fills if edge else ()
    typed = [f for f in offer.asks if f not in filled and loaded.kind.fields[f].type != "digests"]
    fields = [_field(loaded, loaded.kind.fields[f], mine, known) for f in typed]
    for to, own in edge.passes.items() if edge else ():
        _suggest_transcript(loaded, to, next((f for f in fields if f["id"] == own), None), known)
    for field in fields:
        if source := loaded.kind.fields[field["id"]].redacts:
            _suggest_transcript(loaded, source, field, known)
    return fields


def _suggest_transcript(loaded: Loaded, source: str, field: dict[str, Any] | None, known: dict[str, str]) -> None:
    """A field that stands outside in the place of the sender's own words begins with them, less what a first look finds to
    give the person away: each is listed with the reason, and somebody confirms the whole (domain 19)."""
    definition, stored = loaded.kind.fields.get(source), loaded.state.fields.get(source)
    if field is None or field["value"] or definition is None or not definition.sealed or not isinstance(stored, dict):
        return
    text = known.get(stored.get("content", ""), "")
    spans = redaction.suggest(text)
    field["value"] = redaction.without(text, spans)
    field["suggested"] = [(text[s.start : s.end].strip(), s.why) for s in spans]


def command_from(request: HttpRequest, loaded: Loaded, actor: Actor) -> Command:
    """The command of a submitted form; its typing errors are Refusals with what to do. Runs inside the scope."""
    action = request.POST.get("action", "")
    if action in OWN_PAGES:
        raise Refusal("action.own_page", _("Việc này làm ở trang riêng của nó. Hãy mở từ đầu trang hồ sơ."))
    edge = loaded.kind.edges.get(action)
    data: dict[str, Any] = {}
    if edge is not None:
        for field_id in (f for f in edge.asks if f not in edge.fills):
            definition = loaded.kind.fields[field_id]
            value = (_posts(loaded, definition, request.POST.getlist(field_id)) if definition.type == "posts"
                     else _value(request, loaded, definition))  # fmt: skip
            if value not in (None, "", []):
                data[field_id] = value
        _keep_text(loaded, data)
    else:
        data = {k: request.POST[k] for k in PLAIN if request.POST.get(k)}
    if request.POST.get("paper"):
        data["paper"] = request.POST["paper"]
    seen = request.POST.get("seen", "")
    own = own_chains(loaded.state.agency, today()) if edge and edge.paper else {}
    command = Command(loaded.kind.id, str(loaded.id), action, data, _day(request.POST.get("on", "")),
                      request.POST.get("reason") or None, seen_seq=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
                      chain=own.get(edge.paper or "") if edge else None)  # fmt: skip
    if action == "paper.number":
        return issuing.numbered(command, loaded, actor, request.POST.get("number", "").strip())
    return command


def commits_to(loaded: Loaded, action: str) -> str:
    """The field of an action that holds commitments to files, "" when there is none: such files come from the person."""
    edge = loaded.kind.edges.get(action)
    return next((f for f in edge.asks if loaded.kind.fields[f].type == "digests"), "") if edge else ""


def _keep_text(loaded: Loaded, data: dict[str, Any]) -> None:
    """A text left as it stood is not written again: its reference stays."""
    known = bodies([loaded.id])
    for key, value in list(data.items()):
        stored = loaded.state.fields.get(key)
        before = known.get(stored.get("content", "")) if isinstance(stored, dict) else None
        if isinstance(value, str) and before is not None and before == value.replace("\r\n", "\n"):
            data[key] = stored


def _value(request: HttpRequest, loaded: Loaded, definition: FieldDef) -> Any:
    raw = request.POST.get(definition.id, "").strip()
    match definition.type:
        case "bool":
            return definition.id in request.POST or None
        case "choices":
            return request.POST.getlist(definition.id)
        case "int":
            return int(raw) if raw.isdecimal() and len(raw) < 16 else None
        case "agency" | "post" if raw and raw not in dict(_choices(loaded, definition, request.POST.get("first_agency", ""))):
            raise Refusal("data.invalid", _("“%(name)s” không hợp lệ. Hãy chọn trong danh sách.") % {"name": definition.name}, None,
                          {"field": definition.id})  # fmt: skip
    return raw


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("day.invalid", _("Ngày chưa đúng. Hãy chọn lại ngày."), None, {"field": "on"}) from None
