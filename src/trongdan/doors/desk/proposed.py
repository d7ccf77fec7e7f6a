"""What the law's answer makes of a new letter as work: the action that follows, its fields filled in, and its paper drafted
from them, to be read before anything is done.

A proposal writes nothing: the official changes it, does it or leaves it, and the paper is drafted anew from what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import Loaded
from trongdan.kinds.procedures import fees
from trongdan.kinds.procedures.intake import KIND as DOSSIER
from trongdan.law.competence import Competence
from trongdan.law.competence.naming import about_of

from .advice import Advice

PETITIONS = ("kien_nghi", "phan_anh")


@dataclass(frozen=True, slots=True)
class Proposed:
    """`action` an edge of the letter's kind, `paper` a form ("" when the action prints none), `fields` what to fill in."""

    action: str
    paper: str
    fields: Mapping[str, Any]


def proposed(loaded: Loaded, advice: Advice | None) -> Proposed | None:
    """For a letter that waits to be classified; None where a person must first say what it is."""
    if advice is None or advice.competence is None or not advice.reading.decided:
        return None
    found = advice.competence
    nature = found.nature
    fields: dict[str, Any] = {"nature": nature}
    match found.does:
        case "thu_ly":
            return _accepted(nature, {**fields, "topic": advice.reading.topic})
        case "huong_dan":
            return Proposed("guide", "guidance", {**fields, "guidance": guidance_words(found)})
        case "chuyen" if nature in (*PETITIONS, "to_cao") and not advice.sealed:
            return Proposed("transfer", "transfer_slip", fields)
        case "luu" | "tra_lai":
            return Proposed("file", "", {**fields, "filing_reason": f"{found.does_words} ({found.basis})."})
    return None


def _accepted(nature: str, fields: dict[str, Any]) -> Proposed | None:
    if nature == "khieu_nai":
        return Proposed("open_matter", "acceptance_notice", {**fields, "matter_kind": "letters.complaint.first"})
    if nature in PETITIONS:
        return Proposed("open_matter", "", {**fields, "matter_kind": "letters.petition"})
    return None  # a denunciation goes into the vault first, by an action of its own


def guidance_words(found: Competence) -> str:
    """The words of the guidance: who settles it, where that is, by which article, and what else may lawfully be done."""
    where = f" ({found.route.where})" if found.route and found.route.where else ""
    lines = [f"nội dung đơn thuộc thẩm quyền giải quyết của {found.settler}{where}, theo {found.basis}."]
    if found.choices:
        lines.append("Ông/bà cũng có thể: " + "; ".join(found.choices) + ".")
    lines.append("Đề nghị ông/bà gửi đơn và giấy tờ kèm theo đến nơi nêu trên.")
    return " ".join(lines)


def derived(loaded: Loaded) -> Proposed | None:
    """What the record itself says of an action's fields: who settles a second complaint follows from the agency it lies
    with (Luật Khiếu nại Đ18–21), and with it who holds the dialogue; a dossier's fee from the catalogue, where it names one."""
    if loaded.kind.id == DOSSIER:
        fee = fees.from_catalogue(loaded.state)
        return Proposed("ask_fee", "", fee) if fee else None
    if not loaded.kind.id.endswith(".second") or "settler" not in loaded.kind.fields:
        return None
    about = about_of(names([loaded.state.agency]).get(loaded.state.agency, ""))
    settler = {("tinh", "ubnd"): "chair", ("tinh", "so"): "head"}.get((about.level, about.kind))
    return Proposed("accept", "", {"settler": settler}) if settler else None


def fill_in(forms: Mapping[str, list[dict[str, Any]]], found: Proposed | None) -> None:
    """Put the proposal into the form of its action, where nothing stands yet; each such field says that it was put there."""
    if found is None:
        return
    form = next((f for group in ("open", "more") for f in forms[group] if f["action"] == found.action), None)
    if form is None or form["open"]:
        return
    for field in form["fields"]:
        if not field.get("value") and found.fields.get(field["id"]):
            field["value"], field["proposed"] = found.fields[field["id"]], True


def drafted(form: str, found: Proposed | None) -> dict[str, Any] | None:
    """The fields for a draft of `form`; None when that is not the paper proposed."""
    return dict(found.fields) if found is not None and found.paper == form else None
