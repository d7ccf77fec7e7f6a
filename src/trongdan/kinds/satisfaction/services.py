"""The Front's sample, written: drawn once a period, each call recorded once. Run inside the scope of a post of the Front."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from trongdan.core.cases.registry import kinds
from trongdan.kernel.case import VIETNAM
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import Kind
from trongdan.platform.text import clean

from .sampling import Unit, digest, draw, seed_of

MOST = 2000  # persons that a Front can call for one period
QUESTIONS = ("answered", "acted", "solved")
SAID = ("yes", "partly", "no", "unknown")
REACHED = {"answered": "Đã trả lời", "no_answer": "Không nghe máy", "wrong_number": "Sai số", "refused": "Không muốn trả lời",
           "visit": "Đã hỏi tận nhà"}  # fmt: skip


def _drawable(kind: Kind) -> list[str]:
    """The steps after which somebody may be asked. A kind whose people lie in the vault is in no sample."""
    if kind.confidential or kind.vault.always or not kind.tracked:
        return []
    return [f"{kind.id}/{step.id}" for step in kind.steps.values() if step.final and step.assessable]


def _seed(since: date, until: date) -> tuple[str, int]:
    """(seed, size of the log): from the first head signed after the period's end. Raises Refusal while there is none."""
    end = datetime.combine(until + timedelta(days=1), time(), VIETNAM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, sealed ->> 'root' FROM td_checkpoint WHERE at >= %s ORDER BY size LIMIT 1", [end])
        row = cursor.fetchone()
    if row is None:
        raise Refusal("sample.too_early", "Chưa rút được mẫu: kỳ chưa hết, hoặc sổ cái chưa có điểm chốt nào sau ngày cuối kỳ. "
                      "Hạt giống lấy từ điểm chốt ấy để không ai biết trước ai được gọi.", None)  # fmt: skip
    return seed_of(str(row[1]), since.isoformat(), until.isoformat()), int(row[0])


def draw_sample(front: str, since: date, until: date, size: int, by: UUID) -> UUID:
    """Draw the sample of a period and keep it with what it was drawn from. Once for each period: there is no second try.
    Raises Refusal."""
    if until < since:
        raise Refusal("sample.period", "Ngày cuối kỳ phải sau ngày đầu kỳ.", None, {"field": "until"})
    if not 0 < size <= MOST:
        raise Refusal("sample.size", f"Số người cần hỏi từ 1 đến {MOST}.", None, {"field": "size"})
    seed, log_size = _seed(since, until)
    steps = [s for kind in kinds().values() for s in _drawable(kind)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, agency, outcome, id::text FROM td_front_frame(%s, %s, %s)", [since, until, steps])
        frame = [Unit(*row) for row in cursor.fetchall()]
        if not frame:
            raise Refusal("sample.empty", "Trong kỳ không có hồ sơ nào đã xong để rút mẫu.", None)
        sample, drawn = uuid4(), draw(frame, size, seed)
        rows = json.dumps([[u.kind, u.agency, u.outcome, u.id] for u in sorted(frame)])
        cursor.execute("INSERT INTO td_sample (id, province_id, front, since, until, size, seed, log_size, frame, frame_hash, "
                       "drawn_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s) "
                       "ON CONFLICT (front, since, until) DO NOTHING",
                       [sample, settings.PROVINCE_ID, front, since, until, size, seed, log_size, rows, digest(frame),
                        by])  # fmt: skip
        if not cursor.rowcount:
            raise Refusal("sample.once", "Kỳ này đã rút mẫu. Mỗi kỳ chỉ rút một lần, để không ai chọn lại.", None)
        cursor.executemany("INSERT INTO td_sample_case (sample, place, case_id, kind, agency, outcome) "
                           "VALUES (%s, %s, %s, %s, %s, %s)",
                           [[sample, n, u.id, u.kind, u.agency, u.outcome] for n, u in enumerate(drawn, 1)])  # fmt: skip
    return sample


def record_call(sample: UUID, case: UUID, key: UUID, answers: Mapping[str, str], by: UUID) -> None:
    """One attempt to reach a person of the sample: `answers` {reached, answered, acted, solved, words}. The same key again
    does nothing. Raises Refusal when nothing was answered though somebody was reached."""
    reached = answers.get("reached", "")
    if reached not in REACHED:
        raise Refusal("call.reached", "Hãy chọn đã gặp được người gửi hay chưa.", None, {"field": "reached"})
    verdict = {q: a if (a := answers.get(q, "")) in SAID else "unknown" for q in QUESTIONS}
    spoke = reached in ("answered", "visit")
    if spoke and set(verdict.values()) == {"unknown"}:
        raise Refusal("call.empty", "Đã gặp thì hãy ghi ít nhất một câu trả lời.", None, {"field": "answered"})
    words = clean(answers.get("words", ""))[:2000]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_sample_call (sample, case_id, key, reached, verdict, words, by) "
                       "VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s) ON CONFLICT (key) DO NOTHING",
                       [sample, case, key, reached, json.dumps(verdict) if spoke else None, words or None, by])  # fmt: skip
