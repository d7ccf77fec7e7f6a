"""What the files on a matter say of a new letter on it: the level below was skipped, the matter was settled, nobody is named.

Findings with their reasons and what may be done; an official decides. Pure but for the names it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trongdan.core.cases.alike import Past
from trongdan.kernel.case import CaseState

from .reading import Reading

SECOND = ("letters.complaint.second", "letters.complaint.discipline.second")
SETTLING = ("letters.complaint.first", "letters.complaint.second", "letters.complaint.discipline",
            "letters.complaint.discipline.second", "letters.petition")  # fmt: skip
BASE = "NĐ 154/2026/NĐ-CP Đ15 k3"
SETTLED = "Luật Khiếu nại Đ11; TT 07/2014/TT-TTCP Đ28 k1 (TT 05/2021/TT-TTCP: chưa đối chiếu)"
GUIDED = "TT 07/2014/TT-TTCP Đ6 k2 đ.b, Đ8 k1 (TT 05/2021/TT-TTCP: chưa đối chiếu)"
NAMELESS = "Luật Tố cáo Đ25"
TELL_BASE = ("Xem xét, giải quyết đơn theo thẩm quyền; trả lời người gửi bằng văn bản; báo cáo kết quả và nguyên nhân chậm "
             "(nếu có).")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` say what was found, `basis` the article; `action` an edge that would follow with `answers` filled in, of which
    `typed` is shown to be changed (field, label)."""

    kind: str  # base | settled | guided | inspect | keep
    words: str
    basis: str
    action: str = ""
    label: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, str] = ("", "")


def _vi(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…"


def base_finding(state: CaseState, past: Sequence[Past], base: str, base_name: str, nature: str) -> Finding | None:
    """What the agency below, which is competent, has done about the matter of a letter that came to the one above. `past` are
    the files on the matter, whoever's. None for a denunciation: it has a way of its own (Luật Tố cáo Đ38)."""
    if state.vault or not base or base == state.agency or nature not in ("khieu_nai", "kien_nghi", "phan_anh"):
        return None
    there = [p for p in past if p.agency == base and p.kind != "letters.instruction"]
    going = [p for p in there if not p.final]
    if any(p.kind == "letters.instruction" and p.agency == base and not p.final for p in past):
        return Finding("base", f"{base_name} đang thực hiện yêu cầu của cấp trên về việc này.", BASE)
    if going and not any(p.late for p in going):
        due = min((p.due_on for p in going if p.due_on), default=None)
        words = f"{base_name} đang giải quyết việc này từ ngày {_vi(going[0].opened_on)}, còn trong hạn đến ngày {_vi(due)}."
        return Finding("base", words + " Hướng dẫn người gửi chờ kết quả.", BASE, "guide", "Hướng dẫn chờ kết quả",
                       {"nature": nature, "guidance": words + " Đề nghị ông/bà chờ kết quả của cơ quan này."},
                       ("guidance", "Nội dung hướng dẫn"))  # fmt: skip
    if going:
        which, words = "unanswered", f"có hồ sơ từ ngày {_vi(going[0].opened_on)} nhưng đã quá hạn mà chưa trả lời."
    elif there:
        which, words = "answered", f"đã xong hồ sơ về việc này ngày {_vi(there[-1].closed_on)}; người gửi vẫn gửi lên cấp trên."
    else:
        which, words = "none", "chưa có hồ sơ nào về việc này: đơn gửi vượt cấp."
    words = f"{base_name} {words}"
    answers = {"nature": nature, "base_agency": base, "base_finding": which, "instruction": TELL_BASE}
    return Finding("base", words, BASE, "instruct", f"Yêu cầu {base_name} giải quyết", answers,
                   ("instruction", "Yêu cầu đối với cơ quan cấp dưới"))  # fmt: skip


def settled_finding(past: Sequence[Past], names: Mapping[str, str], nature: str) -> Finding | None:
    """The same person's matter was settled, as far as it goes, or guided before: then the letter may be kept, and the person
    is told so once. Where new facts stand in it, it goes on: that is for the reader to see."""
    own = [p for p in past if p.same_sender]
    told = [p for p in own if p.kind == "letters.letter" and p.outcome == "filed"]
    once = (f" Đã thông báo lưu đơn ngày {_vi(told[-1].closed_on)}: không phải thông báo lại." if told
            else " Thông báo cho người gửi một lần.")  # fmt: skip
    decided = [p for p in own if p.kind in SETTLING and p.final and p.outcome not in (None, "withdrawn", "refused")]
    last = next((p for p in reversed(decided) if p.kind in SECOND), None)
    if last is not None:
        words = f"{names.get(last.agency, last.agency)} đã giải quyết khiếu nại lần hai ngày {_vi(last.closed_on)}."
        filing = _filing(nature, "settled", words + " Đơn không có tình tiết mới.")
        return Finding("settled", words + " Nếu không có tình tiết mới thì lưu." + once, SETTLED, *filing)
    if decided:
        last = decided[-1]
        words = f"{names.get(last.agency, last.agency)} đã giải quyết việc này ngày {_vi(last.closed_on)}."
        return Finding("settled", words + " Xem người gửi còn bước nào theo luật, hoặc có tình tiết mới.", SETTLED)
    guided = [p for p in own if p.kind == "letters.letter" and p.outcome == "guided"]
    if guided:
        by, on = guided[-1].agency, _vi(guided[-1].closed_on)
        words = f"{names.get(by, by)} đã hướng dẫn người gửi về cùng nội dung ngày {on}."
        return Finding("guided", words + once, GUIDED, *_filing(nature, "guided", words))
    return None


def _filing(nature: str, ground: str, reason: str) -> tuple[str, str, dict[str, str], tuple[str, str]]:
    """(action, label, answers, typed) of keeping a letter with its reason."""
    answers = {"nature": nature, "filing_ground": ground, "filing_reason": reason}
    return "file", "Lưu đơn, ghi lý do", answers, ("filing_reason", "Lý do lưu đơn")


def nameless_finding(state: CaseState, reading: Reading, inspectorate: str | None) -> Finding | None:
    """Information with the content of a denunciation from nobody named (Luật Tố cáo Đ25): with clear content and evidence it
    goes to inspection, without it is kept with the reason."""
    denounces = reading.nature == "to_cao" or state.fields.get("own_word") == "to_cao"
    named = bool(state.fields.get("named_sender")) and not reading.whole.senders.anonymous
    if not denounces or named:
        return None
    known: dict[str, Any] = {a.item.id: a.answer for a in reading.whole.admissible}
    clear, proof = known.get("denounced_named") == "yes", known.get("grounds") == "yes"
    why = "Đơn có nội dung tố cáo nhưng không rõ họ tên, địa chỉ người gửi: không xử lý theo trình tự tố cáo."
    if clear and proof:
        words = why + " Đơn nêu rõ người, việc và có nói đến tài liệu, chứng cứ: xem kỹ rồi chuyển thanh tra, kiểm tra."
        answers = {"why_information": "no_name", "evidence": "1", "inspect_agency": inspectorate or ""}
        return Finding("inspect", words, NAMELESS + " k2", "inspect", "Soạn văn bản chuyển thanh tra, kiểm tra",
                       answers, ("accused_words", "Người, cơ quan bị tố cáo (ghi như trong đơn)"))  # fmt: skip
    wanted = (("chưa rõ người có hành vi vi phạm", clear), ("chưa có tài liệu, chứng cứ cụ thể", proof))
    lacks = " và ".join(words for words, good in wanted if not good)
    words = f"{why} Máy thấy {lacks}: xem kỹ; nếu đúng thì lưu và ghi lý do."
    answers = {"why_information": "no_name", "kept_reason": f"Không rõ họ tên, địa chỉ người gửi; {lacks}."}
    return Finding("keep", words, NAMELESS, "keep_information", "Lưu thông tin, ghi lý do", answers, ("kept_reason", "Lý do lưu"))
