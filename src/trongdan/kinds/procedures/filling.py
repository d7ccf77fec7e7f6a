"""What reference data answers for a dossier: the procedure in force, its whole time, the desk that has it next.

Called by `perform` before anything is decided, so every door gets the same and none can bring its own limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trongdan.core.agencies.selectors import resolve, resolve_post
from trongdan.kernel.errors import Refusal
from trongdan.law.given import desk_limit, procedure_limit

from . import processes, selectors
from .processes import Process
from .search import CODE

Answers = Mapping[str, Any]


def dossier(edge: str, facts: Answers, answers: Answers, agency: str, on: date) -> Answers:
    """The fields that an edge of a dossier fills. Raises Refusal."""
    known = {**facts, **answers}
    if edge in ("receive", "accept", "begin"):
        return _received(known, agency, on)
    if edge == "queue":  # refused here and now if it could not be begun later, while the person stands there
        whole = _received({k: v for k, v in known.items() if k != "procedure_version"}, agency, on)
        return {k: whole[k] for k in ("procedure_name", "procedure_version")}
    if edge == "submit":
        found = _in_force(str(known.get("topic", "")), on)
        return {"procedure_name": str(found.body["name"])[:300], "procedure_version": found.id}
    return _moved(facts, agency, 1 if edge == "pass_on" else -1, on)


def _in_force(code: str, on: date) -> selectors.Found:
    found = selectors.procedure(code, on)
    if found is None:
        last = selectors.ended(code, on) if CODE.fullmatch(code) else None
        words = f" (áp dụng đến hết ngày {last:%d/%m/%Y})" if last else ""
        raise Refusal("procedure.not_in_force", f"Thủ tục này không có trong danh mục đang áp dụng{words}. Hãy chọn thủ tục khác.",
                      None, {"field": "topic"})  # fmt: skip
    return found


def _received(known: Answers, agency: str, on: date) -> Answers:
    """By the catalogue in force; of a dossier handed in over the net, as it stood on that day: a procedure repealed since, or one
    whose time became longer, is settled as it was promised."""
    code, channel = str(known.get("topic", "")), str(known.get("channel", "counter"))
    kept = selectors.version(int(known["procedure_version"])) if known.get("procedure_version") else None
    found = kept or _in_force(code, on)
    published, own = processes.published_limit(found.body, channel), processes.written(code, agency, on)
    limit = processes.own_limit(own, published)
    if limit is None:
        raise Refusal("procedure.no_limit", "Danh mục không ghi thời hạn của thủ tục này. Hãy lập quy trình nội bộ có thời hạn "
                      "trước khi tiếp nhận.", None, {"field": "topic"})  # fmt: skip
    process = own or processes.derived(found.body, agency, limit)
    version = f"QT{process.id}" if own and own.days else found.since.isoformat()
    return {
        "procedure_name": str(found.body["name"])[:300], "procedure_version": found.id, "process_version": process.id,
        "limit": procedure_limit(code, version, limit.value, limit.unit), "limit_words": limit.words,
        "desks": len(process.desks), **_at(process, 1, agency, on),
    }  # fmt: skip


def _at(process: Process, number: int, agency: str, on: date) -> Answers:
    desk = process.desks[number - 1]
    return {"desk": number, "desk_agency": resolve(desk.agency, on) if desk.agency else agency,
            "desk_name": desk.name, "desk_post": resolve_post(desk.post, on),
            "desk_limit": desk_limit(process.code, process.id, number, processes.desk_days(desk.hours))}  # fmt: skip


def process_of(facts: Answers, agency: str) -> Process:
    """The process that a dossier began with: its own version, or the derived one made again from the same catalogue."""
    if facts.get("process_version"):
        found = processes.by_id(int(facts["process_version"]))
    else:
        version = selectors.version(int(facts["procedure_version"]))
        limit = processes.published_limit(version.body, str(facts.get("channel", "counter"))) if version else None
        found = processes.derived(version.body, agency, limit) if version and limit else None
    if found is None:
        raise Refusal("process.lost", "Không còn quy trình mà hồ sơ này bắt đầu. Hãy báo người quản trị.", None)
    return found


def _moved(facts: Answers, agency: str, step: int, on: date) -> Answers:
    process = process_of(facts, agency)
    number = int(facts.get("desk", 1)) + step
    if number > len(process.desks):
        raise Refusal("desk.last", "Đây là bước cuối của quy trình: hãy ghi kết quả.", None)
    if number < 1:
        raise Refusal("desk.first", "Đây là bước đầu của quy trình, không còn bước nào trước đó.", None)
    return _at(process, number, agency, on)


FILLERS = {"dossier": dossier}
