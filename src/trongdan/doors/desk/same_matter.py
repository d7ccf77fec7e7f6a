"""Beside a letter: the letters on the same matter, why they are thought so, what became of them, and what may be done at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from trongdan.core.agencies.models import Agency
from trongdan.core.agencies.selectors import inspectorate_of, names, superior
from trongdan.core.cases import alike
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.trail import Loaded
from trongdan.kernel.alike import GROUPERS
from trongdan.kernel.authority import may
from trongdan.kernel.case import Actor
from trongdan.kernel.kind import Kind
from trongdan.kernel.reference import format_reference
from trongdan.kinds.letters.findings import Finding, base_finding, nameless_finding, settled_finding

from .advice import Advice

LETTER = "letters.letter"
REASONS = {"words": "Giống lời văn {percent} %", "sense": "Giống nội dung {percent} %", "decision": "Cùng nêu {words}",
           "parcel": "Cùng {words}", "project": "Cùng {words}", "place": "Cùng nơi: {words}", "person": "Cùng nêu một người",
           "chosen": "Cán bộ ghép", "first": "Đơn đầu tiên của nhóm"}  # fmt: skip
SHOWN_AGENCIES = 5
SHOWN = 12  # of a group on a case page; the group's own page has them all


def reason_words(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why a letter is in its group, in words: what is shared, and of likeness some of the words as folded."""
    out = []
    for reason in reasons:
        words = REASONS.get(str(reason["kind"]), "").format(percent=reason.get("percent", 0), words=reason.get("words", ""))
        example = reason.get("words", "") if reason["kind"] in ("words", "sense") else ""
        out.append(f"{words}: {example}" if example else words)
    return [w for w in out if w]


def lines(members: Sequence[alike.Member], agencies: Mapping[str, str]) -> list[dict[str, Any]]:
    """Members of a group for a list."""
    out = []
    for m in members:
        kind = kinds()[m.kind]
        step = kind.steps[m.step]
        out.append({"id": m.case, "shown": format_reference(m.reference), "on": m.opened_on, "step": step.name, "final": m.final,
                    "outcome": dict(step.outcomes).get(m.outcome or "", ""), "agency": agencies.get(m.agency, m.agency),
                    "why": reason_words(m.reasons), "by_person": m.by_person})  # fmt: skip
    return out


def same_matter(loaded: Loaded, actor: Actor, advice: Advice | None) -> dict[str, Any] | None:
    """What the case page says of other letters on the matter; None for a case that is in no group by its nature. Inside the
    desk's scope."""
    state = loaded.state
    if loaded.kind.id != LETTER or state.secret or state.stub:
        return None
    nameless = nameless_finding(state, advice.reading, _inspectorate(state.agency)) if advice else None
    if state.vault:
        return {"findings": _forms([nameless])} if nameless else None
    group = alike.group_of(loaded.id)
    members = alike.members(group, SHOWN + 1) if group else []
    others = [m for m in members if m.case != loaded.id]
    elsewhere = alike.elsewhere(group) if group else []
    past = alike.history(loaded.id) if group else []
    first, repeats = alike.repeated(loaded.id), alike.repeats(loaded.id)
    agencies = names([*(m.agency for m in others), *(e.agency for e in elsewhere), *(p.agency for p in past)])
    own = next((m for m in members if m.case == loaded.id), None)
    found = [nameless, *_findings(loaded, advice, past, agencies)]
    return {
        "group": group, "why": reason_words(own.reasons) if own else [], "others": lines(others[:SHOWN], agencies),
        "more": len(others) > SHOWN, "elsewhere": outside(elsewhere, agencies),
        "first": (first[0], format_reference(first[1])) if first else None, "opens": state.step in ("received", "supplementing"),
        "repeats": [(i, format_reference(r), on) for i, r, on in repeats], "past": _past(past, agencies),
        "findings": _forms(found), "may": may(state, actor, GROUPERS), "key": uuid4(),
    }  # fmt: skip


def outside(found: list[alike.Elsewhere], agencies: dict[str, str]) -> dict[str, Any]:
    """Letters of the group at other agencies as the page shows them: the first few, the rest behind a summary, and among how many
    they were counted when the group is larger than what was walked."""
    rows = [(agencies.get(e.agency, e.agency), e.letters) for e in found]
    newest = 0 if all(e.whole for e in found) else alike.NEWEST
    return {"first": rows[:SHOWN_AGENCIES], "rest": rows[SHOWN_AGENCIES:], "newest": newest}


def _inspectorate(agency: str) -> str | None:
    """Of the agency's own level or the one above; else the province's."""
    near = inspectorate_of(agency) or inspectorate_of(superior(agency) or "")
    return near or Agency.objects.filter(kind="inspectorate", valid_to=None).values_list("code", flat=True).first()


def _findings(loaded: Loaded, advice: Advice | None, past: Sequence[alike.Past], agencies: Mapping[str, str]
              ) -> list[Finding | None]:  # fmt: skip
    """Only while the letter waits to be handled; by the reader's nature, or the one a person chose."""
    if advice is None:
        return []
    nature = str(loaded.state.fields.get("nature") or advice.reading.nature)
    base = _base(loaded, advice)
    known = names([base]) if base else {}
    return [settled_finding(past, agencies, nature), base_finding(loaded.state, past, base, known.get(base, base), nature)]


def _base(loaded: Loaded, advice: Advice) -> str:
    """The commune's committee where the matter lies, when the letter came to an agency of the level above and is not about
    that level's own acts."""
    base = str(loaded.state.fields.get("commune") or "")
    if not base or base == loaded.state.agency or advice.reading.whole.target.about.level not in ("xa", ""):
        return ""
    levels = dict(Agency.objects.filter(code__in=[base, loaded.state.agency]).values_list("code", "level"))
    return base if levels.get(base) == "xa" and levels.get(loaded.state.agency) == "tinh" else ""


def _forms(found: Sequence[Finding | None]) -> list[dict[str, Any]]:
    """Findings for the page: what is sent as it is, and the one answer to look at first."""
    out = []
    for one in found:
        if one is not None:
            field, label = one.typed
            hidden = [(k, v) for k, v in one.answers.items() if k != field]
            out.append({"kind": one.kind, "words": one.words, "basis": one.basis, "action": one.action, "label": one.label,
                        "hidden": hidden, "field": field, "name": label, "value": one.answers.get(field, "")})  # fmt: skip
    return out


def _past(past: Sequence[alike.Past], agencies: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was opened on the matter and where it stands, matters before letters."""
    out = []
    for p in past:
        kind: Kind = kinds()[p.kind]
        step = kind.steps[p.step]
        if p.kind != LETTER:
            out.append({"id": p.case, "kind": kind.name, "agency": agencies.get(p.agency, p.agency), "step": step.name,
                        "late": p.late, "outcome": dict(step.outcomes).get(p.outcome or "", ""), "on": p.opened_on,
                        "closed": p.closed_on, "own": p.same_sender})  # fmt: skip
    return out
