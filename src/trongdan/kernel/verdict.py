"""What the person served says of it: three questions every kind has, and the factors that a kind asks about on demand."""

from __future__ import annotations

from collections.abc import Mapping

from .case import Actor, CaseState
from .errors import Refusal
from .kind import Json, Kind

VERDICT = ("answered", "acted", "solved")  # three different things (design 6)
VERDICT_WORDS = frozenset({"yes", "no", "partly", "unknown"})
LOW, HIGH = 1, 5  # a factor, from very dissatisfied to very satisfied (SIPAS)


def verdict_of(kind: Kind, state: CaseState, actor: Actor, data: Mapping[str, Json]) -> dict[str, Json]:
    """The verdict as it is recorded. Raises Refusal: not the person's to give, too early, nothing said, no such mark."""
    step = kind.steps.get(state.step)
    if not actor.is_sender:
        raise Refusal("assess.not_sender", "Chỉ người gửi mới đánh giá được.", None)
    if step is None or not step.assessable:
        raise Refusal("assess.too_early", "Chưa có kết quả để đánh giá.", None)
    verdict: dict[str, Json] = {k: data.get(k, "unknown") for k in VERDICT}
    factors = {k: data[k] for k in kind.factors if data.get(k) is not None}
    if any(not isinstance(v, int) or isinstance(v, bool) or not LOW <= v <= HIGH for v in factors.values()):
        raise Refusal("assess.mark", f"Mỗi mục chấm từ {LOW} đến {HIGH}.", None)
    said = set(map(str, verdict.values()))
    if not said <= VERDICT_WORDS or (said == {"unknown"} and not factors):
        raise Refusal("assess.empty", "Hãy chọn ít nhất một câu trả lời.", None)
    if factors:
        verdict["factors"] = factors
    if data.get("reason"):
        verdict["reason"] = data["reason"]
    return verdict
