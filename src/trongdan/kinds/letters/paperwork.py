"""From a case to the words of a paper: what its text asks for, gathered in plain strings. Runs inside a scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from trongdan.core.agencies.letterhead import date_words, head_word, letterhead
from trongdan.core.agencies.selectors import names, post_titles, superior
from trongdan.core.cases.trail import Loaded, bodies
from trongdan.core.people.selectors import holder_name
from trongdan.kernel.conflict import named
from trongdan.kernel.reference import format_reference


def _vi(day: date | str | None) -> str:
    if not day:
        return ""
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{value:%d/%m/%Y}"


def _identity(loaded: Loaded) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, phone, email FROM td_identity WHERE case_id = %s AND role = 'sender'", [loaded.id])
        row = cursor.fetchone()
    return {k: v or "" for k, v in zip(("sender", "address", "phone", "email"), row or ("", "", "", ""), strict=True)}


def _office(code: str) -> dict[str, str]:
    words = letterhead(code)
    return {**words, "respondent": words["agency"]}


def _labels(loaded: Loaded, fields: Mapping[str, Any]) -> dict[str, str]:
    """Choices by their words: result_name, nature_name, refusal_ground."""
    out = {}
    for definition in loaded.kind.fields.values():
        value = fields.get(definition.id)
        if definition.choices and isinstance(value, str):
            out[f"{definition.id}_name"] = dict(definition.choices).get(value, value)
        elif definition.choices and isinstance(value, list):
            out[f"{definition.id}_name"] = "; ".join(dict(definition.choices).get(str(v), str(v)) for v in value)
        elif definition.type == "date" and isinstance(value, str):
            out[f"{definition.id}_words"] = _vi(value)
    if "refusal_ground_name" in out:
        out["refusal_ground"] = out["refusal_ground_name"]
    return out


PART_WORDS = {"khieu_nai": "KHIẾU NẠI", "kien_nghi": "KIẾN NGHỊ", "phan_anh": "PHẢN ÁNH"}


def _by_type(loaded: Loaded, fields: Mapping[str, Any]) -> dict[str, str]:
    """Fields that say what they are: an agency by its name, a post by its title, a day as people write it, several choices
    in a row."""
    kinds = {f.id: f for f in loaded.kind.fields.values()}
    agencies = names([str(v) for k, v in fields.items() if k in kinds and kinds[k].type == "agency"])
    posts = post_titles([str(v) for k, v in fields.items() if k in kinds and kinds[k].type == "post"])
    out = {}
    for key, value in fields.items():
        match kinds[key].type if key in kinds else "":
            case "agency":
                out[f"{key}_name"] = agencies.get(str(value), "")
            case "post":
                out[f"{key}_title"] = posts.get(str(value), "")
            case "date":
                out[f"{key}_vi"] = _vi(value)
            case "int":
                out[f"{key}_words"] = str(value)
            case "choices":
                words = dict(kinds[key].choices)
                out[f"{key}_names"] = "; ".join(words.get(v, v) for v in value or ())
    return out


def _of_second(loaded: Loaded, words: Mapping[str, Any]) -> dict[str, str]:
    """The form of a second complaint, filled from the first (to take away) or from the second itself (to sign)."""
    state = loaded.state
    if "first_agency" in loaded.kind.fields:
        return {"second_to": words["agency"], "first_name": words.get("first_agency_name", ""),
                "first_no": words.get("first_decision_no", ""), "first_on": words.get("first_decision_on_vi", ""),
                "second_words": words.get("text", "")}  # fmt: skip
    above = superior(state.agency)
    decision = next((p for p in state.papers.values() if p.effective and p.form.endswith("_decision") and p.dated
                     and p.edge in ("decide", "decide_at_once")), None)  # fmt: skip
    return {"second_to": names([above]).get(above, "") if above else "", "first_name": words["agency"],
            "first_no": (decision.number or "") if decision else "", "first_on": _vi(decision.dated) if decision else "",
            "second_words": words.get("second_text", "")}  # fmt: skip


def _texts(loaded: Loaded, fields: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    out = {}
    for key, value in fields.items():
        if isinstance(value, dict):
            out[key] = known.get(value.get("content", ""), "")
        elif isinstance(value, str):
            out[key] = value
    return out


def paper_data(loaded: Loaded, paper_id: str | None, form: str = "", draft: Mapping[str, Any] | None = None
               ) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """(form, words) of a paper of the case; of a form not yet drafted when `paper_id` is None."""
    state = loaded.state
    paper = state.papers.get(paper_id or "")
    fields = {**state.fields, **(paper.data if paper else {}), **(draft or {})}
    agency = paper.agency if paper and paper.agency else state.agency  # a case that went on leaves its papers their letterhead
    words: dict[str, Any] = {**_office(agency), **_identity(loaded), **_texts(loaded, fields, bodies([loaded.id])),
                             **_labels(loaded, fields)}  # fmt: skip
    text = words.get("text", "")
    words |= {
        "reference": format_reference(loaded.reference), "received": _vi(state.origin_on),
        "summary": text[:280] + ("…" if len(text) > 280 else ""), "attachments": str(state.fields.get("attachments", 0)),
        "differs_words": "Yêu cầu và kết quả xác minh còn khác nhau." if fields.get("differs") else "Không còn khác nhau.",
        "dialogue_words": words.get("dialogue_result") or "Không phải tổ chức đối thoại.",
        "sender_name": words.get("sender", ""), "sender": words.get("sender") or "người gửi đơn",
    }  # fmt: skip
    people = [str(fields.get("verifier") or ""), *named(fields.get("team"))]
    titles = post_titles(people)
    words["verifier_title"], words["team_titles"] = titles.get(people[0], ""), "; ".join(titles.get(p, p) for p in people[1:])
    if fields.get("dialogue_on"):
        words["dialogue_on_words"] = _vi(fields["dialogue_on"])
    words |= _by_type(loaded, fields)
    words |= _of_second(loaded, words)
    if words.get("first_agency_name"):
        words["respondent"] = words["first_agency_name"]  # who settled first is a party to the second
    words["to_name"] = words.get("to_agency_name") or words.get("to_outside", "")
    words["part_word"] = PART_WORDS.get(str(fields.get("nature")), "ĐỀ NGHỊ")
    words["people"] = str(fields["people"]) if isinstance(fields.get("people"), int) and fields["people"] > 1 else ""
    words["dialogue_content_words"] = (words.get("dialogue_content")
                                       or "kết quả xác minh, yêu cầu của người khiếu nại và hướng giải quyết.")  # fmt: skip
    words["differs"] = "1" if fields.get("differs") else ""
    words["to_agency_name"] = words.get("to_agency_name") or words.get("to_body", "")
    if state.vault:  # nobody's name; and no text of the letter itself where the denounced may come to read it
        words["sender"] = "người gửi (giữ kín)"
    settle = state.clocks.get("settle")
    if settle and settle.due:
        words |= {"settle_due": _vi(settle.due), "settle_basis": settle.basis}
    words |= _signature(agency, paper)
    return (paper.form if paper else form), words


def _signature(agency: str, paper: Any) -> dict[str, Any]:
    """The signer's authority (NĐ 30/2020 Đ13): the head, or a deputy signing for him."""
    head = head_word(agency)
    signer = paper.signed_by if paper else None
    deputy = bool(signer and "/deputy" in signer)
    capacity = f"KT. {head}\nPHÓ {head}" if deputy else head
    words: dict[str, Any] = {"signer_capacity": capacity, "signer_title": head}
    words["signer_name"] = holder_name(signer) if signer else ""
    if paper and paper.dated:
        words |= {"number": paper.number or "", "date_words": date_words(paper.dated), "dated": paper.dated.isoformat()}
    return words


def receipt_data(loaded: Loaded, url: str, token: str) -> dict[str, Any]:
    """The words of the receipt: what was received and by when the agency must act. Of a vault case a receipt found by
    others says neither who sent it nor what about."""
    _form, words = paper_data(loaded, None, form="letter_receipt")
    if loaded.state.vault:
        words["summary"] = "giữ kín, không in trên giấy này"
    due = [c for c in loaded.state.clocks.values() if c.whose == "agency" and c.due]
    lines = [f"{loaded.kind.clocks[c.id].name}: trước hết ngày {_vi(c.due)} ({c.basis})" for c in due]
    opened = loaded.state.opened_on
    return {**words, "deadlines": "\n".join(lines), "token": token, "url": url, "number": "tự động",
            "date_words": date_words(opened), "dated": opened.isoformat() if opened else None, "signer_name": ""}  # fmt: skip


def second_complaint_data(loaded: Loaded) -> dict[str, Any]:
    """The words of Mẫu 01 for a second complaint, drafted for its sender: to the superior of who settled first, about the
    first decision, or about the limit that passed without one (Luật Khiếu nại Đ7, Đ33)."""
    _form, words = paper_data(loaded, None, form="complaint_form")
    decided = next((p for p in loaded.state.papers.values() if p.form == "first_decision" and p.effective and not p.dead), None)
    settle = loaded.state.clocks.get("settle")
    if decided:
        dated = f"số {decided.number or '…'} ngày {_vi(decided.dated)}"
        about = f"Quyết định giải quyết khiếu nại lần đầu {dated} của {words['agency']}"
    else:
        about = f"Khiếu nại lần đầu đã hết thời hạn giải quyết ngày {_vi(settle.due if settle else None)} mà chưa có quyết định"
    return {**words, "agency": words["superior"] or words["agency"], "decision_no": about,
            "text": f"{words.get('text', '')}\n\nLý do không đồng ý với việc giải quyết lần đầu: {'.' * 120}"}  # fmt: skip
