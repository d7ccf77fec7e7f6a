"""The signing chain of a paper (NĐ 30/2020 Đ12–19): drafted, initialled, checked, signed, then numbered and sent.

A paper takes effect when văn thư numbers and dates it (or at its last stage before sending when its chain has no
numbering): only then is the event of its edge written. A paper that hands the case to another agency takes effect as it
is sent: until then the sending agency's own văn thư still has it in hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .case import Actor, CaseState, Command, NewEvent, PaperState
from .errors import Refusal
from .kind import EdgeDef, Json, Kind

STAGE_TAGS = {
    "initial": "paper:initialled", "check": "paper:checked", "sign": "paper:signed", "number": "paper:numbered",
    "send": "paper:sent",
}  # fmt: skip
STAGE_NAMES = {
    "initial": "Ký nháy", "check": "Kiểm tra thể thức", "sign": "Ký ban hành", "number": "Cấp số, ngày",
    "send": "Phát hành", "redraft": "Soạn lại",
}  # fmt: skip

OUTSIDE = ("ink", "returned")  # ways of signing of which the file keeps the signed copy


def chain_for(kind: Kind, edge: EdgeDef, command: Command) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The agency's own chain when it set one, else the kind's."""
    if command.chain is not None:
        return command.chain
    return tuple((s.stage, s.roles) for s in kind.chains[edge.paper or ""])


def effective_stage(chain: tuple[tuple[str, tuple[str, ...]], ...], edge: EdgeDef | None = None) -> int:
    """The index of the stage at which the paper takes effect; -1 when drafting alone does it."""
    stages = [stage for stage, _ in chain]
    if edge is not None and edge.to_agency:
        return len(stages) - 1
    if "number" in stages:
        return stages.index("number")
    before_sending = [i for i, stage in enumerate(stages) if stage != "send"]
    return before_sending[-1] if before_sending else -1


def drafted(kind: Kind, edge: EdgeDef, state: CaseState, command: Command, answers: Mapping[str, Json], on: date
            ) -> NewEvent:  # fmt: skip
    """The event of a new or redrafted paper. The same edge has one open paper at a time."""
    paper_id = str(command.data.get("paper") or f"p{len(state.papers) + 1}")
    old = state.papers.get(paper_id)
    if old is not None and (old.form != edge.paper or old.waits != "redraft"):
        raise Refusal("paper.not_returned", "Văn bản này đang được trình; chỉ soạn lại được khi bị trả lại.", None)
    for other in state.papers.values():
        if other.id != paper_id and other.open and other.edge == edge.id:
            raise Refusal("paper.already_drafted", "Đã có dự thảo văn bản này đang trình. Hãy xử lý dự thảo đó trước.",
                          None, {"paper": other.id})  # fmt: skip
    chain = chain_for(kind, edge, command)
    return NewEvent("paper:drafted", on, {
        "paper": paper_id, "form": edge.paper, "edge": edge.id, "draft": dict(answers),
        "chain": [{"stage": stage, "roles": list(roles)} for stage, roles in chain],
    })  # fmt: skip


def paper_of(state: CaseState, command: Command) -> PaperState:
    paper = state.papers.get(str(command.data.get("paper", "")))
    if paper is None:
        raise Refusal("paper.unknown", "Không có văn bản này trong hồ sơ. Hãy tải lại trang.", None)
    return paper


def require_stage(state: CaseState, actor: Actor, paper: PaperState, stage: str) -> None:
    """Only the stage that the paper waits for, and only by a post of that stage; nobody signs what they drafted
    unless the chain says so by giving the stage to the drafter's own role and no one else's."""
    if paper.waits != stage:
        waits = STAGE_NAMES.get(paper.waits or "", "đã xong")
        raise Refusal("paper.wrong_stage", f"Văn bản đang ở bước “{waits}”, chưa đến bước này.", "NĐ 30/2020/NĐ-CP Đ13–19",
                      {"waits": paper.waits})  # fmt: skip


def advanced(paper: PaperState, stage: str, command: Command, on: date, edge: EdgeDef | None = None) -> tuple[NewEvent, bool]:
    """The event of one stage passed, and whether the paper takes effect by it."""
    payload: dict[str, Json] = {"paper": paper.id}
    if stage == "send" and paper.how in OUTSIDE and not (paper.file or command.data.get("file")):
        raise Refusal("paper.copy_missing", "Văn bản ký ngoài hệ thống: hãy đính kèm bản đã ký, đóng dấu trước khi phát hành.",
                      "NĐ 30/2020/NĐ-CP Đ18, Đ19")  # fmt: skip
    if stage == "number":
        number = command.data.get("number")
        if not number:
            raise Refusal("paper.number_missing", "Chưa có số văn bản. Hãy lấy số từ sổ hoặc nhập số đã cấp.",
                          "NĐ 30/2020/NĐ-CP Đ15")  # fmt: skip
        payload |= {"number": number, "book": command.data.get("book"), "dated": on.isoformat()}
    for key in ("capacity", "how", "file") if stage == "sign" else ("file",):
        if command.data.get(key) is not None:
            payload[key] = command.data[key]
    takes_effect = not paper.effective and paper.stage == effective_stage(paper.chain, edge)
    if takes_effect:
        payload["effective"] = True
        if paper.dated is None:
            payload.setdefault("dated", on.isoformat())
    return NewEvent(STAGE_TAGS[stage], on, payload), takes_effect
