"""A second complaint that came on paper: its first, found by reference or by the number of the decision, and what that says of it.
What one lodged over the portal brings along by itself is proposed here and confirmed by a person (Luật Khiếu nại Đ33 k1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from trongdan.core.cases import selectors
from trongdan.core.cases.trail import Loaded, bodies, load
from trongdan.kernel.errors import Refusal
from trongdan.kernel.reference import format_reference
from trongdan.kernel.spawning import spawned

FIRSTS = {"letters.complaint.second": "letters.complaint.first",
          "letters.complaint.discipline.second": "letters.complaint.discipline"}  # fmt: skip
LODGE, RECORD = "lodge_second", "record_first"


def wants_first(second: Loaded) -> bool:
    """Whether a case is a second complaint of which nobody said yet what its first is."""
    return second.kind.id in FIRSTS and not second.state.fields.get("first_reference") and any(
        edge.id == RECORD for edge in second.kind.edges_from(second.state.step))  # fmt: skip


def find(second: Loaded, words: str) -> Loaded:
    """The first complaint that was meant. Runs inside a scope. Raises Refusal when there is none in it, or several."""
    if not words.strip():
        raise Refusal("first.empty", "Hãy ghi mã hồ sơ hoặc số quyết định giải quyết lần đầu.", None, {"field": "first"})
    words = words.strip()[:200]
    found = [line for line in selectors.search(words) if line.kind == FIRSTS[second.kind.id]]
    by_number = load([line.id for line in found])
    exact = [line for line in found if any(p.number == words for p in by_number[line.id].state.papers.values())]
    found = exact or found
    if not found:
        raise Refusal("first.none", "Không thấy khiếu nại lần đầu mang mã hay số ấy trong phạm vi của ông/bà. Cơ quan khác giữ thì "
                      "mở xem có lý do ở trang Tìm rồi thử lại, hoặc tự ghi việc giải quyết lần đầu.", None,
                      {"field": "first"})  # fmt: skip
    if len(found) > 1:
        listed = ", ".join(format_reference(line.reference) for line in found[:5])
        raise Refusal("first.several", f"Có {len(found)} khiếu nại lần đầu khớp: {listed}. Hãy ghi mã.", None, {"field": "first"})
    return load([found[0].id])[found[0].id]


def proposed(first: Loaded, second: Loaded, on: date) -> Mapping[str, str]:
    """What the form that records the first settlement is filled in with: as it would pass when lodged on that day, and the day on
    which the paper came. Runs inside a scope."""
    edge, texts = first.kind.edges[LODGE], bodies([first.id])
    (spawn,) = spawned(edge, first.state, {"second_text": "…"}, on)
    given: dict[str, Any] = {**spawn.data, "first_reference": first.reference, "first_verifier": first.state.fields.get("verifier"),
                             "lodged_on": (second.state.origin_on or on).isoformat()}  # fmt: skip
    out = {}
    for name in second.kind.edges[RECORD].asks:
        value = given.get(name)
        words = texts.get(value["content"], "") if isinstance(value, dict) and "content" in value else value
        if words not in (None, ""):
            out[name] = str(words)
    return out
