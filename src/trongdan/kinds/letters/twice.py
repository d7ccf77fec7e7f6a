"""The same letter typed twice: a paper recorded when the line was still up, then again from the heap when it was down.

Asked before it goes in, of what the desk's own scope sees; the worker looks for repeats among all letters afterwards
(alike.py). A person says whether it is one letter or two."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db import connection

from trongdan.platform.text import fold

DAYS = 14  # as long as references are lent for
MOST = 300  # letters of the agency to look at: more than a commune gets in that time
FEW = 12  # words: a clerk's summary ("cống tắc, đề nghị nạo vét") says too little to be compared in part
RUN = 3  # words of a shingle
ALIKE = 0.7  # share of all shingles that both have: one word in ten typed otherwise still is the same sheet
_WORDS = re.compile(r"[^\W_]+")


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same but for slips of the fingers; short ones, only when they are the same."""
    words, others = _WORDS.findall(fold(one)), _WORDS.findall(fold(other))
    if words == others or min(len(words), len(others)) < FEW:
        return words == others
    a, b = (set(zip(*(w[i:] for i in range(RUN)), strict=False)) for w in (words, others))
    return len(a & b) >= ALIKE * len(a | b)


def same_before(text: str, name: str, agency: str, on: date) -> str | None:
    """The reference of a letter recorded at this agency within two weeks that reads the same, from the same person as far as
    both say. Inside the desk's scope: letters in the vault aren't looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.reference, t.body, i.name FROM td_case c "
                       "JOIN td_content t ON t.case_id = c.id AND t.field = 'text' "
                       "LEFT JOIN td_identity i ON i.case_id = c.id AND i.role = 'sender' "
                       "WHERE c.agency = %s AND c.opened_on >= %s AND c.parent IS NULL AND c.kind = 'letters.letter' "
                       "AND NOT c.vault AND t.body IS NOT NULL ORDER BY c.opened_on DESC, c.id LIMIT %s",
                       [agency, on - timedelta(days=DAYS), MOST])  # fmt: skip
        for reference, body, sender in cursor.fetchall():
            if (not name or not sender or fold(name) == fold(sender)) and alike(text, body):
                return str(reference)
    return None
