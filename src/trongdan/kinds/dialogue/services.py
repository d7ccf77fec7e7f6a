"""Writing what is not a case: questions read, grouped and put in order, notes while listening. Each write with its audit row,
inside the scope of who sees the meeting."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.trail import Loaded
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.journal import SALT_SIZE, commit
from trongdan.platform.text import clean

from .asking import checked
from .selectors import CONFERENCE, Question, questions, voices

CHANNELS = {"paper": "Viết trên giấy", "phone": "Qua điện thoại", "floor": "Hỏi tại buổi họp", "portal": "Qua cổng"}
HOW = {"now": "Trả lời tại chỗ", "later": "Trả lời bằng văn bản sau", "elsewhere": "Thuộc cơ quan khác"}


EDITORS = ("office", "reception", "head", "deputy")
LISTENING = ("planned", "noticed", "in_session")


def _may(loaded: Loaded, actor: Actor, steps: Sequence[str] = LISTENING) -> None:
    post = actor.post
    if post is None or post.agency != loaded.state.agency or post.role not in EDITORS:
        raise Refusal("post.not_yours", "Chỉ văn phòng, tiếp công dân và lãnh đạo của cơ quan tổ chức mới làm được việc này.")
    if loaded.state.step not in steps:
        raise Refusal("meeting.closed", "Buổi đối thoại đã qua bước này: câu hỏi và lời trả lời không sửa được nữa.")
    if any(p.form == "meeting_minutes" and p.open and p.waits != "redraft" for p in loaded.state.papers.values()):
        raise Refusal("meeting.signing", "Biên bản đang trình ký. Muốn sửa, hãy trả lại biên bản trước.")


def _write(loaded: Loaded, actor: Actor, question: UUID, what: str, query: str, values: Sequence[Any]) -> int:
    """One statement on questions of this meeting, with its audit row; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        changed = int(cursor.rowcount)
        if changed:
            cursor.execute("INSERT INTO td_dialogue_change (meeting, question, post, person, what) VALUES (%s, %s, %s, %s, %s)",
                           [loaded.id, question, actor.post.id if actor.post else None, actor.person, what])  # fmt: skip
    return changed


def take_down(loaded: Loaded, actor: Actor, key: UUID, words: str, channel: str) -> None:
    """A question that came on paper, by phone or from the floor, typed by a clerk; once per key. Raises Refusal."""
    _may(loaded, actor)
    if channel not in CHANNELS or channel == "portal":
        raise Refusal("question.channel", "Hãy chọn câu hỏi đến bằng cách nào.", None, {"field": "channel"})
    _write(loaded, actor, key, "typed", "INSERT INTO td_dialogue_question (id, meeting, channel, body) VALUES (%s, %s, %s, %s) "
           "ON CONFLICT DO NOTHING", [key, loaded.id, channel, checked(words)])  # fmt: skip


def release(loaded: Loaded, actor: Actor, question: UUID, public_text: str, topic: str = "") -> None:
    """Let a question be seen, in words that a person has read (domain 23). Raises Refusal."""
    _may(loaded, actor)
    _one(_write(loaded, actor, question, "released", "UPDATE td_dialogue_question SET status = 'released', public_text = %s, "
                "topic = %s, held_reason = NULL WHERE id = %s AND meeting = %s",
                [checked(public_text), clean(topic).strip()[:80] or None, question, loaded.id]))  # fmt: skip


def hold(loaded: Loaded, actor: Actor, question: UUID, reason: str) -> None:
    """Not to be shown, with the reason: it names a private person, or belongs into a letter. Raises Refusal."""
    _may(loaded, actor)
    if not reason.strip():
        raise Refusal("question.reason", "Không đưa câu hỏi ra thì phải ghi lý do.", None, {"field": "reason"})
    _one(_write(loaded, actor, question, "held", "UPDATE td_dialogue_question SET status = 'held', held_reason = %s, "
                "same_as = NULL WHERE id = %s AND meeting = %s", [clean(reason).strip()[:300], question, loaded.id]))  # fmt: skip


def group(loaded: Loaded, actor: Actor, speaks: UUID, same: Sequence[UUID]) -> None:
    """A person found that `same` ask what `speaks` asks: answered together, each still counted. Raises Refusal."""
    _may(loaded, actor)
    known = {q.id: q for q in questions(loaded.id)}
    first = known.get(speaks)
    if first is None or first.status != "released" or first.same_as is not None:
        raise Refusal("question.speaks", "Hãy chọn câu hỏi đại diện trong các câu đã duyệt.", None, {"field": "speaks"})
    others = [q for q in same if q in known and q != speaks]
    if not others:
        raise Refusal("question.none", "Hãy chọn ít nhất một câu hỏi giống câu đại diện.", None, {"field": "same"})
    for one in others:
        _write(loaded, actor, one, f"grouped:{speaks}", "UPDATE td_dialogue_question SET same_as = %s, status = 'released', "
               "public_text = coalesce(public_text, %s) WHERE (id = %s OR same_as = %s) AND meeting = %s",
               [speaks, first.public_text, one, one, loaded.id])  # fmt: skip


def ungroup(loaded: Loaded, actor: Actor, question: UUID) -> None:
    """Apart again: to be read once more before it is shown."""
    _may(loaded, actor)
    _one(_write(loaded, actor, question, "ungrouped", "UPDATE td_dialogue_question SET same_as = NULL, status = 'new', "
                "public_text = NULL WHERE id = %s AND meeting = %s AND same_as IS NOT NULL", [question, loaded.id]))  # fmt: skip


def place(loaded: Loaded, actor: Actor, question: UUID, number: int | None) -> None:
    """Its place in the order of the day."""
    _may(loaded, actor)
    _one(_write(loaded, actor, question, "placed", "UPDATE td_dialogue_question SET place_no = %s WHERE id = %s AND meeting = %s",
                [number, question, loaded.id]))  # fmt: skip


def note_answer(loaded: Loaded, actor: Actor, question: UUID, answer: str, how: str, by: str) -> None:
    """What is being answered: a draft until the minutes are signed. Raises Refusal."""
    _may(loaded, actor)
    if how and how not in HOW:
        raise Refusal("answer.how", "Hãy chọn trả lời thế nào.", None, {"field": "how"})
    _one(_write(loaded, actor, question, "answer", "UPDATE td_dialogue_question SET answer = %s, answer_how = %s, answered_by = %s "
                "WHERE id = %s AND meeting = %s AND same_as IS NULL",
                [clean(answer).strip()[:8000] or None, how or None, clean(by).strip()[:120] or None, question,
                 loaded.id]))  # fmt: skip


def _one(changed: int) -> None:
    if changed != 1:
        raise Refusal("question.unknown", "Không có câu hỏi này trong buổi đối thoại. Hãy tải lại trang.")


def told(asked: Sequence[Question]) -> list[Question]:
    """The questions that were put: released, one for each group, in the order of the day."""
    return [q for q in asked if q.status == "released" and q.same_as is None]


def record_words(asked: Sequence[Question]) -> str:
    """The part of the minutes with each question and its answer, from the notes."""
    counted, lines = voices(asked), []
    for number, q in enumerate(told(asked), 1):
        people, supports = counted[q.id]
        many = f" ({people} người hỏi)" if people > 1 else ""
        more = f" ({supports} lượt ủng hộ)" if supports else ""
        by = f"{q.answered_by}: " if q.answered_by else ""
        how = f"[{HOW[q.answer_how]}] " if q.answer_how in ("later", "elsewhere") else ""
        lines.append(f"{number}. {q.words}{many}{more}\nTrả lời: {by}{how}{q.answer or 'chưa trả lời.'}")
    return "\n\n".join(lines)


def minutes(loaded: Loaded, actor: Actor, attended: int | None, more: str = "") -> Done:
    """The minutes drafted from the notes, with a commitment to each answer, on their way to who chaired. Raises Refusal."""
    _may(loaded, actor, ("in_session",))
    asked = questions(loaded.id)
    put = told(asked)
    digests = []
    for q in put:
        salt = os.urandom(SALT_SIZE)
        digests.append(commit(salt, f"{q.words}\n{q.answer or ''}").hex())
        _write(loaded, actor, q.id, "committed", "UPDATE td_dialogue_question SET salt = %s WHERE id = %s", [salt, q.id])
    text = "\n\n".join(part for part in (record_words(asked), clean(more).strip()) if part)
    data: dict[str, Any] = {"record": text, "asked_count": len(put), "answers": digests,
                               "answered_count": sum(bool(q.answer) and q.answer_how == "now" for q in put)}  # fmt: skip
    if attended is not None:
        data["attended"] = attended
    back = next((p.id for p in loaded.state.papers.values() if p.form == "meeting_minutes" and p.waits == "redraft"), None)
    if back:
        data["paper"] = back
    return perform(Command(loaded.kind.id, str(loaded.id), "minutes", data), actor)


def plan(facts: dict[str, Any], kind: str, agency: str, actor: Actor, key: str) -> Done:
    """A meeting planned, or (conference, edge `record_request`) a request of voters recorded. Raises Refusal."""
    edge = "record_request" if kind == CONFERENCE and facts.pop("request", None) else "plan"
    return perform(Command(kind, None, edge, facts, agency=agency), actor, key, client=f"dialogue:{actor.person}")
