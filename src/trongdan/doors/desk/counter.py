"""The counter of the one-stop centre: a procedure by a few letters, its papers ticked, a name, Enter; the slip is printed."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.places import find_place
from trongdan.core.agencies.selectors import answering, names, resolve
from trongdan.core.cases import drafts
from trongdan.core.cases.once import known_keys
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.core.papers import files
from trongdan.core.papers.render import render_pdf
from trongdan.core.store.owner import Owner
from trongdan.doors.portal import kept
from trongdan.doors.portal.errors import Shown, shown
from trongdan.doors.portal.slips import slip
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.paperwork import paper_data
from trongdan.kinds.procedures import intake, selectors
from trongdan.kinds.procedures.complete import asked_papers, lacking
from trongdan.kinds.procedures.in_words import duration_words, fee_words, fees_asked, level_words
from trongdan.kinds.procedures.known import findings
from trongdan.kinds.procedures.linked import part_lines, receive_together
from trongdan.kinds.procedures.route import route_words
from trongdan.kinds.procedures.twice import open_same

from . import counter_store, linked_form
from .legibility import doubted
from .paper_intake import REMEMBERED
from .who import Desk, at_desk

FIELDS = ("code", "agency", "place", "name", "address", "phone", "email", "channel", "representative", "waived", "text",
          "national_code", "fee_paid", "fee_receipt", "again", *counter_store.FIELDS)  # fmt: skip
OFFERED = 6
_AMOUNT = re.compile(r"[0-9]{1,11}|[0-9]{1,3}(?:[., ][0-9]{3}){1,3}")  # 25000, or in threes: "25,5" is not 255
COUNTER = "counter"


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One page for the whole intake. What was typed is kept before it is checked, and comes back after a refusal."""
    was, errors = kept.reopened(request), Shown()
    if was.typed:
        messages.info(request, _("Những gì ông/bà viết vẫn còn. Hãy xem lại rồi bấm gửi."))
    if request.method == "POST":
        was = kept.Kept(kept.draft_of(request) or was.draft, dict(request.POST.lists()))
        kept.keep(request, was.draft)
        try:
            taken = _turn(request, desk, was)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            if taken is None:
                return render(request, "desk/counter.html", _context(request, desk, was, errors))
            for words in (w for name, data in drafts.files(was.draft) for w in doubted(name, data)):
                messages.warning(request, words)
            drafts.drop(was.draft)
            request.session["recorded"] = [str(taken.case), *request.session.get("recorded", [])][:REMEMBERED]
            return redirect(f"{reverse('desk:counter')}?xong={taken.case}")
    return render(request, "desk/counter.html", _context(request, desk, was, errors), status=422 if errors else 200)


def _turn(request: HttpRequest, desk: Desk, was: kept.Kept) -> intake.Taken | None:
    """What the form asks for: to keep files, to look up who stands there (None for both), or to take the dossier in."""
    dropped = request.POST.getlist("drop")
    counter_store.after_drop(was, dropped)
    drafts.drop_files(was.draft, dropped)
    kept.keep_files(request, was.draft)
    do = request.POST.get("do", "")
    if do == "look":
        for words in counter_store.look_up(desk, was):
            messages.info(request, words)
    return None if do in ("look", "files") else _take_in(desk, was)


def _context(request: HttpRequest, desk: Desk, was: kept.Kept, errors: Shown) -> dict[str, Any]:
    question = request.GET.get("q", "").strip()
    offered = [e for e in selectors.search(question, today(), OFFERED * 3)[0]
               if {"commune", "province"} & set(e.levels)][:OFFERED] if question else []  # fmt: skip
    code = was.word("code") or request.GET.get("ma", "") or (offered[0].code if offered else "")
    found = selectors.procedure(code, today()) if code else None
    form = {k: was.word(k) for k in FIELDS} | {"code": code}
    context: dict[str, Any] = {
        "desk": desk, "tab": "counter", "errors": errors, "draft": was.draft, "form": form, "question": question,
        "others": [e for e in offered if e.code != code], "may": _may(desk), "done": _done(request, desk),
        "twice": bool(form["again"]) or any(field == "again" for field, _words, _basis in errors),
        "ticked": {int(n) for n in was.typed.get("paper", ()) if n.isdecimal()},
    }  # fmt: skip
    if found is not None:
        body, groups = found.body, dict[str, list[Any]]()
        papers = asked_papers(body)
        offers = counter_store.offered(desk, was, code, papers)
        for paper in papers:
            groups.setdefault(paper.group, []).append((paper, offers.get(paper.number, ())))
        context |= {"p": body, "groups": [(f"g{n}", g, papers) for n, (g, papers) in enumerate(groups.items())],
                    "duration": duration_words(body), "fee": fee_words(body), "level": level_words(body["levels"]),
                    "fees": fees_asked(body, form["channel"] or "counter"),
                    "agencies": [(a.code, a.short) for a in answering("tinh") if a.kind == "department"],
                    "held": {f.number for f in findings(body["name"], body) if f.verdict != "own"},
                    "at_commune": "commune" in body["levels"], "whole_groups": set(was.typed.get("whole", ())),
                    "kept_files": counter_store.marked(was), "asked": papers,
                    "along": linked_form.offered(was, code, papers), "offered": sum(map(len, offers.values()))}  # fmt: skip
    return context


def _may(desk: Desk) -> bool:
    return desk.actor.post is not None and desk.actor.post.role == COUNTER


def _done(request: HttpRequest, desk: Desk) -> dict[str, Any] | None:
    """The dossier just taken in: its number and its day."""
    wanted = request.GET.get("xong", "")
    if wanted not in request.session.get("recorded", []):
        return None
    with scope(desk.actor):
        loaded = load([UUID(wanted)]).get(UUID(wanted))
    if loaded is None:
        return None
    clock = loaded.state.clocks.get("settle")
    return {"id": loaded.id, "reference": intake.shown(loaded.reference), "due": clock.due if clock else None,
            "name": loaded.state.fields.get("procedure_name"), "along": part_lines(loaded)}  # fmt: skip


def _take_in(desk: Desk, was: kept.Kept) -> intake.Taken:
    if not _may(desk) or desk.actor.post is None:
        raise Refusal("post.not_yours", _("Chỉ cán bộ Một cửa mới tiếp nhận hồ sơ."))
    found = selectors.procedure(was.word("code"), today())
    if found is None:
        raise Refusal("procedure.unknown", _("Hãy tìm và chọn thủ tục."), None, {"field": "q"})
    papers = asked_papers(found.body)
    whole = set(was.typed.get("whole", ()))
    groups = {g: f"g{n}" for n, g in enumerate(dict.fromkeys(p.group for p in papers))}
    brought = {int(n) for n in was.typed.get("paper", ()) if n.isdecimal()} | {p.number for p in papers if groups[p.group] in whole}
    said = counter_store.chosen(desk, was, found.code, papers)
    brought |= set(said.items)
    parts, left = linked_form.chosen(was, found.code, papers)
    missing = [*lacking(papers, brought), *left]
    if missing and not was.word("waived").strip():
        listed = "; ".join(p.name[:90] for p in missing[:4]) + (" …" if len(missing) > 4 else "")
        words = _("Chưa đủ giấy tờ: %(listed)s. Có rồi thì đánh dấu; không cần trong trường hợp này thì ghi vì sao.")
        raise Refusal("dossier.incomplete", words % {"listed": listed}, None, {"field": "waived"})
    checked = tuple(files.check(name, data) for name, data in drafts.files(was.draft))
    abouts = counter_store.abouts(was, papers)
    dossier = intake.Dossier(
        found.code, _agency(desk, was, found.body), was.word("channel") or "counter",
        {k: was.word(k).strip() for k in ("name", "address", "phone", "email") if was.word(k).strip()},
        desk.actor.post.agency, sorted(brought), was.word("waived").strip(), was.word("representative").strip(), was.word("text"),
        was.word("national_code").strip(), files=checked + said.copies(), reason=was.word("again").strip() or None,
        fee_paid=_paid(was.word("fee_paid")),
        fee_receipt=was.word("fee_receipt").strip())  # fmt: skip
    _ask_twice(desk, was, dossier, said.owner)
    taken = receive_together(dossier, parts, str(was.draft), f"desk:{desk.person.id}", desk.actor)
    counter_store.keep_after(desk, taken, said, list(zip(checked, abouts, strict=True)))
    return taken


def _paid(typed: str) -> int | None:
    """Đồng taken, from "25.000" or "25 000 đ"; None when nothing is typed. Raises Refusal "fee.unread"."""
    plain = typed.lower().strip().removesuffix("đồng").removesuffix("đ").strip()
    if plain and not _AMOUNT.fullmatch(plain):
        raise Refusal("fee.unread", _("Không đọc được số tiền đã thu. Hãy ghi bằng số, ví dụ 25.000."), None, {"field": "fee_paid"})
    return int(re.sub(r"\D", "", plain)) if plain else None


def _ask_twice(desk: Desk, was: kept.Kept, dossier: intake.Dossier, owner: Owner | None) -> None:
    """Raises Refusal "dossier.twice" when the person has the same open already and nobody has said why another."""
    if was.word("again").strip() or known_keys(f"desk:{desk.person.id}", [str(was.draft)]):
        return
    with scope(desk.actor):
        found = open_same(dossier.code, dossier.agency, dossier.applicant, owner)
    if found:
        reference, agency, on = found[0]
        words = _("Người này đang có hồ sơ cùng thủ tục, mã %(code)s, nhận ngày %(on)s, ở %(agency)s. Nhận nhầm lần hai thì thôi; "
                  "cần hồ sơ riêng thì ghi vì sao.")  # fmt: skip
        told = {"code": intake.shown(reference), "on": f"{on:%d/%m/%Y}", "agency": names([agency]).get(agency, agency)}
        raise Refusal("dossier.twice", words % told, None, {"field": "again"})


def _agency(desk: Desk, was: kept.Kept, body: dict[str, Any]) -> str:
    """Who settles it: the department chosen; else the commune named, wherever in the province it was handed in; else the
    counter's own."""
    own = desk.actor.post.agency if desk.actor.post else ""
    if was.word("agency"):
        return was.word("agency")
    if was.word("place").strip():
        places = find_place(was.word("place"))
        if not places:
            raise Refusal("place.unknown", _("Chưa nhận ra xã, phường. Hãy ghi tên xã, phường; tên cũ cũng được."), None,
                          {"field": "place"})  # fmt: skip
        return resolve(places[0].commune.agency, today())
    if "commune" not in body["levels"]:
        raise Refusal("dossier.agency", _("Thủ tục này giải quyết ở cấp tỉnh: hãy chọn sở giải quyết."), None,
                      {"field": "agency"})  # fmt: skip
    return own


def _mine(request: HttpRequest, desk: Desk, case_id: UUID) -> Loaded:
    """The dossier, for whoever may see it. Runs inside the scope."""
    loaded = load([case_id]).get(case_id)
    if loaded is None or loaded.kind.id != intake.KIND or loaded.state.secret:
        raise Http404
    return loaded


def _pdf(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


@at_desk
@require_safe
def slip_pdf(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """The slip of a dossier that this sign-in took in: it holds the person's secret, so nobody prints it later."""
    if str(case_id) not in request.session.get("recorded", []):
        raise Http404
    with scope(desk.actor):
        loaded = _mine(request, desk, case_id)
        data = slip(loaded, intake.token_of(case_id, loaded.generation))
    return _pdf(data, loaded.reference)


@at_desk
@require_safe
def control_pdf(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Form 06, which fills itself from the trail: who had it, from when to when, how long each was given."""
    with scope(desk.actor):
        loaded = _mine(request, desk, case_id)
        form, words = paper_data(loaded, None, form="control_slip")
        words["route"] = "\n".join(route_words(loaded, today()))
    return _pdf(render_pdf(form, words), f"{loaded.reference}-06")
