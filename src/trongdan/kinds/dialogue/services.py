"""Writing what is not a case at a meeting before everybody: questions read, released and grouped. What every dialogue shares
(taking down, answers, the minutes) is core/cases/talks.py. Each write with its audit row, in the scope of who sees the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.raised import checked
from trongdan.core.cases.talks import minutes as minutes_of
from trongdan.core.cases.talks import one, questions, require, write
from trongdan.core.cases.trail import Loaded
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

from .selectors import CONFERENCE, told


def release(loaded: Loaded, actor: Actor, question: UUID, public_text: str, topic: str = "") -> None:
    """Let a question be seen, in words that a person has read (domain 23). Raises Refusal."""
    require(loaded, actor)
    one(write(loaded, actor, question, "released", "UPDATE td_dialogue_question SET status = 'released', public_text = %s, "
                "topic = %s, held_reason = NULL WHERE id = %s AND meeting = %s",
                [checked(public_text), clean(topic).strip()[:80] or None, question, loaded.id]))  # fmt: skip


def group(loaded: Loaded, actor: Actor, speaks: UUID, same: Sequence[UUID]) -> None:
    """A person found that `same` ask what `speaks` asks: answered together, each still counted. Raises Refusal."""
    require(loaded, actor)
    known = {q.id: q for q in questions(loaded.id)}
    first = known.get(speaks)
    if first is None or first.status != "released" or first.same_as is not None:
        raise Refusal("question.speaks", "Hãy chọn câu hỏi đại diện trong các câu đã duyệt.", None, {"field": "speaks"})
    others = [q for q in same if q in known and q != speaks]
    if not others:
        raise Refusal("question.none", "Hãy chọn ít nhất một câu hỏi giống câu đại diện.", None, {"field": "same"})
    for other in others:
        write(loaded, actor, other, f"grouped:{speaks}", "UPDATE td_dialogue_question SET same_as = %s, status = 'released', "
               "public_text = coalesce(public_text, %s) WHERE (id = %s OR same_as = %s) AND meeting = %s",
               [speaks, first.public_text, other, other, loaded.id])  # fmt: skip


def ungroup(loaded: Loaded, actor: Actor, question: UUID) -> None:
    """Apart again: to be read once more before it is shown."""
    require(loaded, actor)
    one(write(loaded, actor, question, "ungrouped", "UPDATE td_dialogue_question SET same_as = NULL, status = 'new', "
                "public_text = NULL WHERE id = %s AND meeting = %s AND same_as IS NOT NULL", [question, loaded.id]))  # fmt: skip


def minutes(loaded: Loaded, actor: Actor, attended: int | None, more: str = "") -> Done:
    """The minutes drafted from the notes while the meeting is in session, with how many were put and answered. Raises Refusal."""
    put = told(questions(loaded.id))
    facts: dict[str, Any] = {"asked_count": len(put), "answered_count": sum(bool(q.answer) and q.answer_how == "now" for q in put)}
    if attended is not None:
        facts["attended"] = attended
    return minutes_of(loaded, actor, facts, more, ("in_session",))


def plan(facts: dict[str, Any], kind: str, agency: str, actor: Actor, key: str) -> Done:
    """A meeting planned, or (conference, edge `record_request`) a request of voters recorded. Raises Refusal."""
    edge = "record_request" if kind == CONFERENCE and facts.pop("request", None) else "plan"
    return perform(Command(kind, None, edge, facts, agency=agency), actor, key, client=f"dialogue:{actor.person}")
