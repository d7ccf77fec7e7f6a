"""The public's pages. Thin: read the form, keep it, ask the kind, show."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from trongdan.core.agencies.places import find_place, find_place_in
from trongdan.core.agencies.province import province
from trongdan.core.agencies.selectors import names, resolve
from trongdan.core.cases import drafts
from trongdan.core.cases.once import known_keys
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import today
from trongdan.core.links.own import link
from trongdan.core.papers import files
from trongdan.core.papers.render import titles
from trongdan.core.store import issued
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import parse_reference
from trongdan.kinds.letters import intake
from trongdan.kinds.letters.reading import read
from trongdan.kinds.letters.sealing import seal
from trongdan.kinds.letters.tracking import joined_to, open_by_token, view_for_sender
from trongdan.kinds.procedures.intake import KIND as DOSSIER

from .advice import NATURE_NAMES, Advice, advice_for
from .documents import receipt_file
from .english import in_words, say
from .errors import Shown, shown
from .fees import of_views
from .kept import Kept, keep, keep_files, not_too_many, reopened
from .person import may_own, person_of
from .qr import qr_data
from .robots import check_stamp, new_stamp
from .voices import ASSESS, RECEIPT, spoken, voices

FIELDS = ("text", "commune", "to", "name", "phone", "email", "address", "own_word", "secret")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


@require_safe
def denounce(request: HttpRequest) -> HttpResponse:
    """Before anything is typed: how a denouncer is kept, and whether the letter goes past the commune (domain 19)."""
    return render(request, "portal/denounce.html")


def _contact() -> list[tuple[str, str, str, str]]:
    return [("name", _("Họ và tên"), "text", "name"), ("address", _("Địa chỉ"), "text", "street-address"),
            ("phone", _("Số điện thoại"), "tel", "tel"), ("email", _("Thư điện tử"), "email", "email")]  # fmt: skip


def _agency(form: dict[str, str]) -> tuple[str, str, str | None]:
    """(agency code, its name, the old name it was found by). Raises Refusal naming the field."""
    matches = find_place(form["commune"]) if form["commune"].strip() else []
    if not matches and (found := find_place_in(form["text"])):
        matches = [found]
    if form["to"] == "province":
        return intake.PROVINCE_DESK, "Ban Tiếp công dân tỉnh", None
    if not matches:
        words = _("Chưa nhận ra xã, phường. Hãy ghi tên xã, phường; tên cũ cũng được.")
        raise Refusal("place.unknown", words, None, {"field": "commune"})
    best = matches[0]
    at = resolve(best.commune.agency, today())
    return at, names([at]).get(at) or f"UBND {best.commune.full}", best.via


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Write a letter; what is typed is kept as a sealed draft before anything is checked."""
    draft = drafts.parse_id(request.POST.get("draft") or request.GET.get("nhap") or "")
    helping = bool(request.POST.get("helped") or request.GET.get("giup"))
    if request.method != "POST":
        kept = (drafts.open_(draft) if draft else None) or {}
        form = {k: str(kept.get(k, "")) for k in FIELDS}
        if not kept and request.GET.get("kin"):
            form |= {"secret": "1", "own_word": "to_cao", "to": "commune" if request.GET.get("toi") == "xa" else "province"}
        elif not kept and not helping and (person := person_of(request)):
            form["name"] = person.name
        return _form(request, form, draft, helping or bool(kept.get("helped")))
    form = {k: request.POST.get(k, "") for k in FIELDS}
    draft = draft or UUID(drafts.new_id())
    drafts.save(draft, {**form, "helped": "1" if helping else ""})
    try:
        drafts.drop_files(draft, request.POST.getlist("drop"))
        keep_files(request, draft)
        reading = read(form["text"], today(), named=bool(form["name"] and (form["address"] or form["phone"])))
        if request.POST.get("do") == "review":
            if not form["text"].strip():
                raise Refusal("letter.empty", _("Đơn chưa có nội dung. Hãy viết điều ông/bà muốn cơ quan giải quyết."), None,
                              {"field": "text"})  # fmt: skip
            _code, place, via = _agency(form)
            return _form(request, form, draft, helping, advice=advice_for(reading, place, via))
        check_stamp(request)
        receipt = _receive(form, draft, helping)
        _keep_own(request, form, receipt, helping)
    except Refusal as refusal:
        return _form(request, form, draft, helping, errors=shown(refusal))
    request.session["received"] = [receipt.reference, receipt.token, list(reading.missing), helping]
    drafts.drop(draft)
    return redirect("portal:received")


def _keep_own(request: HttpRequest, form: dict[str, str], receipt: intake.Receipt, helping: bool) -> None:
    """A letter of somebody signed in is found again under "Việc của tôi"; never one written for another, kept secret, called a
    denunciation, or sent without a name: those are followed by their code alone."""
    person = person_of(request)
    hidden = form["secret"] or form["own_word"] == "to_cao" or not form["name"].strip()
    if person is None or not may_own(person) or helping or hidden:
        return
    with scope(Scope(case=receipt.case)):
        link(person.number, receipt.case, timezone.now())


def _receive(form: dict[str, str], draft: UUID, helping: bool) -> intake.Receipt:
    agency, _name, _via = _agency(form)
    checked = [files.check(name, data) for name, data in drafts.files(draft)]
    facts: dict[str, Any] = {"helped_by": helping, "signed": False, "keep_secret": bool(form["secret"])}
    place = find_place(form["commune"]) if form["commune"].strip() else []
    if place:
        facts["commune"] = resolve(place[0].commune.agency, today())
    if form["own_word"] in NATURE_NAMES:
        facts["own_word"] = form["own_word"]
    sender = {k: form[k].strip()[:400] for k in ("name", "phone", "email", "address") if form[k].strip()}
    letter = intake.Letter(form["text"], agency, "portal", sender, facts=facts, files=tuple(checked))
    return intake.receive(letter, str(draft), "portal")


def _form(request: HttpRequest, form: dict[str, str], draft: UUID | None, helping: bool, *, errors: Shown | None = None,
          advice: Advice | None = None) -> HttpResponse:  # fmt: skip
    draft, person = draft or UUID(drafts.new_id()), person_of(request)
    context = {
        "form": form, "draft": draft, "helping": helping, "errors": errors, "advice": advice, "contact": _contact(),
        "communes": [c.full.capitalize() for c in province().communes], "own_words": [(k, _(v)) for k, v in NATURE_NAMES.items()],
        "kept_files": [name for name, _data in drafts.files(draft)], "stamp": new_stamp(),
        "owner": person if may_own(person) and not helping and not form["secret"] else None,
    }  # fmt: skip
    return render(request, "portal/send.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest) -> HttpResponse:
    """The receipt page, for the browser that sent the letter. Who typed for another sees it once, to hand it over: the code
    is forgotten here with it, and no address with the code in it is ever opened on the helper's device (domain 25)."""
    if request.method == "POST":
        return receipt_file(request.POST.get("reference", ""), request.POST.get("token", "").strip())
    kept = request.session.get("received")
    if not kept:
        return redirect("portal:track")
    reference, token, missing, helped = [*kept, False][:4]
    if helped:
        del request.session["received"]
    views = in_words(view_for_sender(open_by_token(reference, token), today()))
    url = reverse("portal:case", args=[reference, token])
    return render(request, "portal/receipt.html", {
        "view": views[0], "track_url": url, "track_absolute": f"{settings.SITE_URL}{url}",
        "missing": [say(m) for m in missing],
        "qr": qr_data(f"{settings.SITE_URL}{url}"), "helped": helped, "reference": reference, "token": token,
        "recorded": voices(RECEIPT),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """From a reference and its secret to the case."""
    errors: Shown = []
    if request.method == "POST":
        reference, token = request.POST.get("reference", ""), request.POST.get("token", "").strip()
        try:
            open_by_token(reference, token)
        except Refusal as refusal:
            errors = shown(refusal)
        else:
            return redirect("portal:case", parse_reference(reference).partition("/")[0], token)
    context = {"errors": errors, "reference": request.POST.get("reference", "")}
    return render(request, "portal/find.html", context, status=422 if errors else 200)


ACTION_WORDS = {
    "give_supplement": gettext_noop("Bổ sung thông tin, giấy tờ"), "withdraw": gettext_noop("Rút lại"),
    "reopen": gettext_noop("Việc chưa xong, đề nghị xem lại"), "ask_withdrawal": gettext_noop("Xin rút tố cáo"),
    "ask_protection": gettext_noop("Đề nghị bảo vệ tôi và gia đình"), "denounce_again": gettext_noop("Tố cáo tiếp lên cấp trên"),
    "confirm_note": gettext_noop("Lời ghi đúng, tôi xác nhận"), "correct_note": gettext_noop("Lời ghi chưa đúng, tôi sửa"),
    "denounce_overdue": gettext_noop("Báo cấp trên vì quá hạn chưa giải quyết"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Where a letter and its matters stand; and what its sender may do."""
    errors: Shown = []
    try:
        case_id = open_by_token(reference, token)
        kept = reopened(request)
        if request.method == "POST":
            kept = Kept(drafts.parse_id(request.POST.get("draft", "")) or uuid4(), dict(request.POST.lists()))
            keep(request, kept.draft)
            try:
                _act(request, case_id, str(kept.draft))
                drafts.drop(kept.draft)
                messages.success(request, _("Đã ghi nhận."))
                return redirect("portal:case", reference, token)
            except Refusal as refusal:
                errors = shown(refusal)
                if refusal.code == "key.reused":  # an older page was sent again with other words: they are a new sending
                    kept = Kept(uuid4(), kept.typed)
        views = in_words(view_for_sender(case_id, today()))
        joined = joined_to(views[0])
    except Refusal as refusal:
        return render(request, "portal/problem.html", {"title": _("Không mở được hồ sơ"), "words": say(refusal.message)},
                      status=404)  # fmt: skip
    context = {
        "joined": joined, "results": _results(case_id, views[0].kind), "views": views, "fees": of_views(case_id, views),
        "letter": views[0], "errors": errors, "reference": reference, "token": token,
        "draft": kept.draft, "typed": {k: kept.word(k) for k in ("case", "do", "words", "reason", "answered", "acted", "solved")},
        "forms": {id_: say(title) for id_, title in titles().items()},
        "questions": [("answered", _("Cơ quan đã trả lời ông/bà chưa?")), ("acted", _("Cơ quan đã làm việc cần làm chưa?")),
                      ("solved", _("Việc của ông/bà đã xong chưa?"))],
        "verdicts": [("yes", _("Rồi")), ("partly", _("Một phần")), ("no", _("Chưa"))],
        "spoken_assess": voices(ASSESS), "spoken": spoken((v.kind, v.step) for v in views),
        "action_words": {k: _(v) for k, v in ACTION_WORDS.items()},
    }  # fmt: skip
    return render(request, "portal/track.html", context, status=422 if errors else 200)


def _results(case_id: UUID, kind: str) -> list[tuple[issued.Issued, str]]:
    """The electronic results of a dossier, each with its code as printed."""
    if kind != DOSSIER:
        return []
    with scope(Scope(case=case_id)):
        return [(r, issued.grouped(r.code)) for r in issued.of_case(case_id)]


def _act(request: HttpRequest, letter: UUID, key: str) -> None:
    """One of the sender's own actions, on the letter or a matter of it; pressed twice, it is done once."""
    wanted = request.POST.get("case", "")
    view = next((v for v in view_for_sender(letter, today()) if str(v.id) == wanted), None)
    if view is None:
        raise Refusal("case.unknown", _("Không có hồ sơ này. Hãy tải lại trang."), None)
    action, words = request.POST.get("do", ""), request.POST.get("words", "")
    if action in ("assess", "assess_reopen"):
        reason = request.POST.get("reason", "")
        again = Command(view.kind, wanted, "reopen", {"reopen_reason": reason}) if action == "assess_reopen" else None
        if again and "reopen" not in kinds()[view.kind].edges:
            words = _("Việc này đã có quyết định nên không mở lại được. Hãy làm bước tiếp theo nêu ở trên.")
            raise Refusal("reopen.settled", words, None)
        if again and not reason.strip():
            raise Refusal("reopen.reason", _("Hãy cho biết điều gì chưa được giải quyết."), None, {"field": "reason"})
        if again and known_keys("portal", [f"{key}-reopen"]):
            return  # pressed twice
        data: dict[str, Any] = {k: request.POST[k] for k in ("answered", "acted", "solved") if request.POST.get(k)}
        perform(Command(view.kind, wanted, "case.assess", {**data, "reason": reason}), intake.SENDER, key, client="portal")
        if again:
            perform(again, intake.SENDER, f"{key}-reopen", client="portal")
        return
    if action == "give_supplement":
        uploads = request.FILES.getlist("files")
        not_too_many(len(uploads))
        checked = tuple(files.check(u.name or "", u.read(files.MAX_BYTES + 1)) for u in uploads)
        intake.supplement(view.kind, view.id, words, checked, key)
        return
    elif action == "reply":
        command = Command(view.kind, wanted, "case.reply", {"reply": words})
    elif action == "seal":
        seal(letter)
        return
    else:
        asks = next((a.asks for a in view.actions if a.id == action), "reason")
        data = {} if asks in ("", "reason") else {asks: words}
        command = Command(view.kind, wanted, action, data, reason=None if data else words or None)
    perform(command, intake.SENDER, key, client="portal")
