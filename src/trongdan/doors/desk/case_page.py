"""What a case page shows: the matter, its clocks and trail, what may be done next and why the rest may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases.trail import Loaded, bodies, load, today
from trongdan.core.notices import selectors as notices
from trongdan.core.papers import files, signing
from trongdan.core.papers.render import titles
from trongdan.core.people.selectors import names_of
from trongdan.doors.portal.errors import Shown
from trongdan.kernel.authority import role_words
from trongdan.kernel.case import PaperState
from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.conflict import named
from trongdan.kernel.duty import Watch, late_shares, watches
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import KERNEL_TAGS, EdgeDef
from trongdan.kernel.reference import format_reference
from trongdan.kinds.letters.first_time import wants_first
from trongdan.kinds.letters.tracking import clock_view, holder_words, legal_effect, person_forms, waiting_clocks
from trongdan.kinds.procedures.national import last_told
from trongdan.law import load_law
from trongdan.platform.ui.templatetags.ui import vi_date

from . import issuing
from .actions import action_forms
from .advice import advice_for
from .proposed import Proposed, derived, fill_in, proposed
from .protected import asked, kept_out, vault_of
from .protected import why_routed as _why_routed
from .replies import look_over
from .same_matter import same_matter
from .who import Desk


def timeline(loaded: Loaded, texts: dict[str, str], agency: str) -> list[dict[str, Any]]:
    """Every event, with who did it, its words and what was written. What the person thought of it is for the superior
    and the Front first: the agency that is rated doesn't read it here (domain 21)."""
    rated = agency in loaded.state.agencies
    events = [e for e in loaded.events if not (rated and e.tag == "case:assessed")]
    people = names_of({str(e.actor.get("person") or "") for e in events})
    titles_of = post_titles([str(e.actor.get("post") or "") for e in events])
    out = []
    for event in events:
        edge = loaded.kind.edges.get(str(event.payload.get("edge", "")))
        notes = [texts.get(v["content"], "") for v in _sealed(event.payload)]
        words = edge.name if edge and not event.tag.startswith("paper:") else KERNEL_TAGS.get(event.tag, event.tag)
        paper = loaded.state.papers.get(str(event.payload.get("paper", "")))
        routed = event.payload.get("routed")
        if routed:
            notes = [_why_routed(loaded, routed, str(event.payload.get("agency", ""))), *notes]
        out.append({"seq": event.seq, "on": event.on, "at": event.at, "words": words, "notes": [n for n in notes if n][:4],
                    "paper": titles().get(paper.form, "") if paper and event.tag.startswith("paper:") else "",
                    "number": event.payload.get("number"), "late_entry": event.payload.get("late_entry"),
                    "who": people.get(str(event.actor.get("person") or "")) or _actor_words(event.actor, edge),
                    "post": titles_of.get(str(event.actor.get("post") or ""), "")})  # fmt: skip
    return out


def _actor_words(actor: Mapping[str, Any], edge: EdgeDef | None) -> str:
    """Who did it when no official did: the sender, or the system."""
    by_sender = edge is not None and "sender" in edge.by and actor.get("post") is None
    return _("người gửi") if by_sender else _("hệ thống")


def _sealed(payload: Any) -> list[dict[str, str]]:
    """The references to text in a payload, but not the letter's own text, which stands beside."""
    out = []
    for key, value in payload.items():
        if key in ("data", "draft", "verdict") and isinstance(value, dict):
            out += [v for k, v in value.items() if k != "text" and isinstance(v, dict) and "content" in v]
        elif isinstance(value, dict) and "content" in value:
            out.append(value)
    return out


def _papers(loaded: Loaded, texts: dict[str, str]) -> list[dict[str, Any]]:
    return [{"id": p.id, "title": titles().get(p.form, p.form), "number": p.number, "dated": p.dated, "dead": p.dead,
             "how": signing.WORDS.get(p.how or "", ""), "signed": _signed(p),
             "waits": STAGE_NAMES.get(p.waits or "", ""), "lacks": issuing.lacking(loaded, p.id) if p.waits == "sign" else [],
             "look": look_over(loaded, p, texts),
             "done": [s for s, _r in p.chain[: max(0, p.stage)]],
             "chain": [(STAGE_NAMES[s], i < p.stage, i == p.stage) for i, (s, _r) in enumerate(p.chain)]}
            for p in loaded.state.papers.values()]  # fmt: skip


def _signed(paper: PaperState) -> list[signing.Signature]:
    """The digital signatures of the kept copy; none when it is a scan."""
    copy = files.signed_copy(paper.file)
    try:
        return signing.signatures(copy) if copy else []
    except Refusal:
        return []


NOT_READ = ("text", "session")  # shown above the facts; the id of a session is nobody's to read: the page links to it


def _facts(loaded: Loaded, texts: dict[str, str]) -> list[tuple[str, str]]:
    """The facts of the case by their labels; text fields by what was written."""
    out = []
    plain = [v for v in loaded.state.fields.values() if isinstance(v, str)]
    posts = [f.id for f in loaded.kind.fields.values() if f.type in ("post", "posts")]
    titles_of = post_titles([p for f in posts for p in named(loaded.state.fields.get(f))]) if posts else {}
    known = names(plain) | post_titles(plain) | titles_of
    for key, value in loaded.state.fields.items():
        definition = loaded.kind.fields.get(key)
        if definition is None or key in NOT_READ or definition.type == "digests" or value in (None, "", False):
            continue
        if isinstance(value, dict):
            words: str = texts.get(value.get("content", ""), _("(đã xóa theo hạn lưu)"))
        elif definition.type in ("post", "posts"):
            words = "; ".join(titles_of.get(p, p) for p in named(value))
        elif isinstance(value, list):
            words = "; ".join(str(dict(definition.choices).get(v, v)) for v in value)
        elif value is True:
            words = _("có")
        else:
            words = dict(definition.choices).get(str(value)) or known.get(str(value), str(value))
            words = vi_date(words) if definition.type == "date" else words
        out.append((definition.name, words))
    return out


def _identity(case_id: UUID) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, phone, email FROM td_identity WHERE case_id = %s AND role = 'sender'", [case_id])
        row = cursor.fetchone()
    return {k: v for k, v in zip(("name", "address", "phone", "email"), row or (), strict=False) if v}


def page_of(desk: Desk, loaded: Loaded, errors: Shown, typed: dict[str, Any]) -> dict[str, Any]:
    """The context of a case page. Inside the desk's scope. `typed` brings back a refused form."""
    secret = loaded.state.secret
    # A stub when secret: the words are withdrawn from every page until the head decides (domain 12); or when they have left.
    hidden = bool(secret) or loaded.state.stub
    texts = {} if hidden else bodies([loaded.id])
    attached = [] if hidden else files.listed(loaded.id)
    sender = _identity(loaded.id)
    family = load([UUID(c) for c in loaded.state.children] + ([loaded.parent] if loaded.parent else []))
    context = _context(desk, loaded, texts, typed)
    text = texts.get(str(loaded.state.fields.get("text", {}).get("content", "")), "")
    advice = advice_for(loaded, text, sender)
    proposal = proposed(loaded, advice)
    fill_in(context["forms"], proposal or derived(loaded))
    return context | {"proposal": proposal, "proposal_title": titles().get(proposal.paper, "") if proposal else "",
                "proposal_label": loaded.kind.edges[proposal.action].name if proposal else "",
                "same": same_matter(loaded, desk.actor, advice), "errors": errors, "portal_told": last_told(loaded),
                "notices": notices.of_case(loaded.id, 20),
                "files": attached, "sender": sender, "text": text, "advice": advice, "secret": secret,
                "vault": vault_of(loaded, desk.actor), "asked": asked(loaded, texts), "kept_out": kept_out(loaded),
                "family": [(f, f.kind.steps[f.state.step].name, format_reference(f.reference)) for f in family.values()],
                "natures": dict(loaded.kind.fields["nature"].choices) if "nature" in loaded.kind.fields else {}}  # fmt: skip


def proposal_of(loaded: Loaded) -> Proposed | None:
    """What the law's answer makes of a letter that nobody has classified yet. Inside the desk's scope."""
    text = bodies([loaded.id]).get(str(loaded.state.fields.get("text", {}).get("content", "")), "")
    return proposed(loaded, advice_for(loaded, text, _identity(loaded.id)))


def _watches(loaded: Loaded) -> list[Watch]:
    """The signs of domain 22, with an agency by its name."""
    found = watches(loaded.kind, loaded.state, loaded.events, load_law().calendar)
    called = names([w.detail for w in found])
    return [replace(w, detail=called.get(w.detail, w.detail)) for w in found]


def _context(desk: Desk, loaded: Loaded, texts: dict[str, str], typed: dict[str, Any]) -> dict[str, Any]:
    state = loaded.state
    called = names([state.agency, state.hands])
    agency = called.get(state.agency, state.agency)
    elsewhere = called.get(state.hands) if state.hands != state.agency else None
    late = [(loaded.kind.clocks[c.id].name, share.days, role_words(share.holder))
            for c in state.clocks.values() if c.overdue_for
            for share in late_shares(state, c.id, today())]  # fmt: skip
    return {
        "desk": desk, "loaded": loaded, "shown": format_reference(loaded.reference), "state": state,
        "kind": loaded.kind, "tab": "list",
        "step": loaded.kind.steps[state.step], "agency": agency, "holder": holder_words(state, agency, elsewhere),
        "assigned": post_titles([state.assigned or ""]).get(state.assigned or "", ""),
        "outcome": dict(loaded.kind.steps[state.step].outcomes).get(state.outcome or "", ""),
        "clocks": [clock_view(loaded, c, today()) for c in state.clocks.values()], "late": late, "waiting": waiting_clocks(loaded),
        "wants_first": wants_first(loaded),
        "watches": _watches(loaded),
        "timeline": timeline(loaded, texts, desk.actor.post.agency if desk.actor.post else ""),
        "person_forms": person_forms(loaded, today()), "effect": legal_effect(loaded, today()),
        "papers": _papers(loaded, texts), "facts": _facts(loaded, texts),
        "forms": action_forms(loaded, desk.actor, typed), "seq": state.seq,
    }  # fmt: skip
