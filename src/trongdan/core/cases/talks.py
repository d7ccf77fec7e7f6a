"""The one record of what is said at a dialogue, whatever kind of case the dialogue belongs to: what was raised, what was answered
by whom, and the minutes made of it with a commitment to each answer. A kind says by `[talk]` when it is open, who keeps it,
which edge makes the minutes. Notes are drafts until then; they lie under the row security of their case. Runs inside a scope
that sees it.

The tables were made by kinds/dialogue (sql/0001_questions.sql), where the first of these dialogues is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.kernel.authority import may
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.journal import SALT_SIZE, commit
from trongdan.kernel.kind import TalkDef
from trongdan.platform.text import clean

from .once import Done
from .perform import perform
from .raised import checked
from .trail import Loaded

CHANNELS = {"paper": "Viết trên giấy", "phone": "Qua điện thoại", "floor": "Hỏi tại buổi họp", "portal": "Qua cổng"}
HOW = {"now": "Trả lời tại chỗ", "later": "Trả lời bằng văn bản sau", "elsewhere": "Thuộc cơ quan khác"}


@dataclass(frozen=True, slots=True)
class Question:
    """What was raised, as the desk has it. `topic`: the subject, or (inside a file) who raised it."""

    id: UUID
    channel: str
    body: str
    topic: str | None
    status: str
    public_text: str | None
    held_reason: str | None
    same_as: UUID | None
    place_no: int | None
    supports: int
    answer: str | None
    answer_how: str | None
    answered_by: str | None

    @property
    def words(self) -> str:
        return self.public_text or self.body


# --- reading -----------------------------------------------------------------------------------------------------------------


def questions(case: UUID) -> list[Question]:
    """All that was raised, in the order of the day, then as it came; nothing of a case with signs of a state secret."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q.id, channel, body, q.topic, status, public_text, held_reason, same_as, place_no, supports, answer, "
            "answer_how, answered_by FROM td_dialogue_question q JOIN td_case c ON c.id = q.meeting AND c.secret IS NULL "
            "WHERE meeting = %s ORDER BY place_no NULLS LAST, at, q.id", [case])  # fmt: skip
        return [Question(*row) for row in cursor.fetchall()]


def voices(asked: Sequence[Question]) -> dict[UUID, tuple[int, int]]:
    """question that speaks -> (how many asked it, how many support it)."""
    out = {q.id: [1, q.supports] for q in asked if q.same_as is None}
    for q in asked:
        if q.same_as in out:
            out[q.same_as][0] += 1
            out[q.same_as][1] += q.supports
    return {k: (people, supports) for k, (people, supports) in out.items()}


def put(talk: TalkDef, asked: Sequence[Question]) -> list[Question]:
    """What was put, one for each group, in the order of the day: before everybody only what somebody released."""
    return [q for q in asked if q.same_as is None and (q.status == "released" or (not talk.public and q.status != "held"))]


def record_words(talk: TalkDef, asked: Sequence[Question]) -> str:
    """The part of the minutes with what was raised and what was answered, from the notes."""
    counted, lines = voices(asked), []
    for number, q in enumerate(put(talk, asked), 1):
        people, supports = counted[q.id]
        raised = f"{q.topic}: " if q.topic and not talk.public else ""
        many = f" ({people} người hỏi)" if people > 1 else ""
        more = f" ({supports} lượt ủng hộ)" if supports else ""
        by = f"{q.answered_by}: " if q.answered_by else ""
        how = f"[{HOW[q.answer_how]}] " if q.answer_how in ("later", "elsewhere") else ""
        lines.append(f"{number}. {raised}{q.words}{many}{more}\nTrả lời: {by}{how}{q.answer or 'chưa trả lời.'}")
    return "\n\n".join(lines)


# --- writing -----------------------------------------------------------------------------------------------------------------


def talk_of(loaded: Loaded) -> TalkDef:
    """Raises Refusal for a kind of case in which nobody talks."""
    if loaded.kind.talk is None:
        raise Refusal("talk.none", "Loại hồ sơ này không có đối thoại.", None)
    return loaded.kind.talk


def is_open(loaded: Loaded, actor: Actor) -> bool:
    """Whether the actor may write in the record now."""
    try:
        require(loaded, actor)
    except Refusal:
        return False
    return True


def require(loaded: Loaded, actor: Actor, steps: Sequence[str] = ()) -> TalkDef:
    """The kind's talk, when the actor may write in its record now. Raises Refusal."""
    talk, state = talk_of(loaded), loaded.state
    if actor.excluded or state.kept_out(actor) or not may(state, actor, talk.by):
        raise Refusal("post.not_yours", "Chỉ người chủ trì, người được giao việc ở cơ quan tổ chức đối thoại mới làm được.")
    if state.step not in (steps or talk.steps) or state.secret is not None:
        raise Refusal("meeting.closed", "Buổi đối thoại đã qua bước này: câu hỏi và lời trả lời không sửa được nữa.")
    form = loaded.kind.edges[talk.minutes].paper
    if any(p.form == form and p.open and p.waits != "redraft" for p in state.papers.values()):
        raise Refusal("meeting.signing", "Biên bản đang trình ký. Muốn sửa, hãy trả lại biên bản trước.")
    return talk


def write(loaded: Loaded, actor: Actor, question: UUID, what: str, query: str, values: Sequence[Any]) -> int:
    """One statement on what was raised, with its audit row; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        changed = int(cursor.rowcount)
        if changed:
            cursor.execute("INSERT INTO td_dialogue_change (meeting, question, post, person, what) VALUES (%s, %s, %s, %s, %s)",
                           [loaded.id, question, actor.post.id if actor.post else None, actor.person, what])  # fmt: skip
    return changed


def one(changed: int) -> None:
    """Raise Refusal unless exactly one was changed."""
    if changed != 1:
        raise Refusal("question.unknown", "Không có câu hỏi này trong buổi đối thoại. Hãy tải lại trang.")


def take_down(loaded: Loaded, actor: Actor, key: UUID, words: str, channel: str, topic: str = "") -> None:
    """What was raised on paper, by phone or on the floor, typed by whoever keeps the record; once per key. Raises Refusal."""
    require(loaded, actor)
    if channel not in CHANNELS or channel == "portal":
        raise Refusal("question.channel", "Hãy chọn câu hỏi đến bằng cách nào.", None, {"field": "channel"})
    write(loaded, actor, key, "typed", "INSERT INTO td_dialogue_question (id, meeting, channel, body, topic) "
          "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
          [key, loaded.id, channel, checked(words), clean(topic).strip()[:80] or None])  # fmt: skip


def hold(loaded: Loaded, actor: Actor, question: UUID, reason: str) -> None:
    """Left out of the record, with the reason. Raises Refusal."""
    require(loaded, actor)
    if not reason.strip():
        raise Refusal("question.reason", "Không đưa câu hỏi ra thì phải ghi lý do.", None, {"field": "reason"})
    one(write(loaded, actor, question, "held", "UPDATE td_dialogue_question SET status = 'held', held_reason = %s, "
              "same_as = NULL WHERE id = %s AND meeting = %s", [clean(reason).strip()[:300], question, loaded.id]))  # fmt: skip


def place(loaded: Loaded, actor: Actor, question: UUID, number: int | None) -> None:
    """Its place in the order of the day."""
    require(loaded, actor)
    one(write(loaded, actor, question, "placed", "UPDATE td_dialogue_question SET place_no = %s WHERE id = %s AND meeting = %s",
              [number, question, loaded.id]))  # fmt: skip


def note_answer(loaded: Loaded, actor: Actor, question: UUID, answer: str, how: str, by: str) -> None:
    """What is being answered: a draft until the minutes are signed. Raises Refusal."""
    require(loaded, actor)
    if how and how not in HOW:
        raise Refusal("answer.how", "Hãy chọn trả lời thế nào.", None, {"field": "how"})
    one(write(loaded, actor, question, "answer", "UPDATE td_dialogue_question SET answer = %s, answer_how = %s, answered_by = %s "
              "WHERE id = %s AND meeting = %s AND same_as IS NULL",
              [clean(answer).strip()[:8000] or None, how or None, clean(by).strip()[:120] or None, question,
               loaded.id]))  # fmt: skip


def minutes(loaded: Loaded, actor: Actor, facts: Mapping[str, Any], more: str = "", steps: Sequence[str] = ()) -> Done:
    """The minutes drafted from the notes, with a commitment to each answer, on their way to who chaired. `facts` are the other
    answers of the edge; `more` what is added to the words of the record. Raises Refusal."""
    talk = require(loaded, actor, steps)
    asked, digests = questions(loaded.id), []
    for q in put(talk, asked):
        salt = os.urandom(SALT_SIZE)
        digests.append(commit(salt, f"{q.words}\n{q.answer or ''}").hex())
        write(loaded, actor, q.id, "committed", "UPDATE td_dialogue_question SET salt = %s WHERE id = %s", [salt, q.id])
    text = "\n\n".join(part for part in (record_words(talk, asked), clean(more).strip()) if part)
    edge = loaded.kind.edges[talk.minutes]
    data: dict[str, Any] = {**facts, talk.text: text, talk.answers: digests}
    back = next((p.id for p in loaded.state.papers.values() if p.form == edge.paper and p.waits == "redraft"), None)
    if back:
        data["paper"] = back
    return perform(Command(loaded.kind.id, str(loaded.id), talk.minutes, data), actor)


def forget(case: UUID) -> int:
    """Take away all that was raised and answered, with its salts and supports: the file is destroyed. How many. Job scope."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_dialogue_support WHERE question IN (SELECT id FROM td_dialogue_question WHERE meeting = %s)",
                       [case])  # fmt: skip
        cursor.execute("DELETE FROM td_dialogue_question WHERE meeting = %s", [case])
        return int(cursor.rowcount)
