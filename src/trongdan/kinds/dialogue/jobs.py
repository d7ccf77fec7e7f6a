"""The worker's part for dialogues: marks of who supported a question go when its meeting is over."""

from __future__ import annotations

from django.db import connection

from trongdan.core.cases.scope import JOB, scope
from trongdan.platform.jobs import rounds

MOST = 500


def forget_marks() -> int:
    """Take away the marks of support of meetings that are over; of how many questions. The counts stay."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT td_meeting_marks_left(%s)", [MOST])
        over = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM td_dialogue_support WHERE question = ANY(%s)", [over])
    return len(over)


rounds.add("dialogue-marks", 600, forget_marks)
