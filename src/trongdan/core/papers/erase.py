"""After its retention, and by a decision with a number: the words, names and files of a case go, its trail stays.

The salts go with the contents, so that the commitments left in the trail confirm nothing any more (design 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from trongdan.core.cases import talks
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import JOB, scope
from trongdan.kernel.case import SYSTEM, Command
from trongdan.law.retention import retentions

from .files import forget


@dataclass(frozen=True, slots=True)
class Erasable:
    """A closed case whose retention is over. `kept_until` is the last day of the longest of its family."""

    case: UUID
    reference: str
    kind: str
    kept_until: date
    unread: bool  # the period was read in no primary text


def erasable(today: date) -> list[Erasable]:
    """Cases whose words may go, oldest first. A letter and its matters are one file: kept until the last may go."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT c.id, c.reference, c.kind, c.closed_on, coalesce(c.parent, c.id), c.final FROM td_case c "
                       "WHERE EXISTS (SELECT 1 FROM td_content t WHERE t.case_id = c.id AND t.erased_at IS NULL) "
                       "ORDER BY c.closed_on, c.reference")  # fmt: skip
        rows = cursor.fetchall()
    families: dict[UUID, date] = {}
    for _id, _reference, kind, closed, family, final in rows:
        kept = retentions()[kinds()[kind].retention].until(closed) if final and closed else date.max
        families[family] = max(families.get(family, date.min), kept)
    return [Erasable(case, reference, kind, families[family], retentions()[kinds()[kind].retention].verified == "unread")
            for case, reference, kind, _closed, family, _final in rows if families[family] < today]  # fmt: skip


def erase(due: Erasable, decision: str) -> int:
    """Take the contents, names and files of a case away; how many files went. Raises Refusal without a decision."""
    with scope(JOB):
        command = Command(due.kind, str(due.case), "case.erase", {"decision": decision, "kept_until": due.kept_until.isoformat()})
        perform(command, SYSTEM)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE td_content SET body = NULL, salt = NULL, erased_at = now() WHERE case_id = %s", [due.case])
            cursor.execute("DELETE FROM td_identity WHERE case_id = %s", [due.case])
            talks.forget(due.case)
            for table in ("td_vault", "td_vault_term", "td_vault_key"):  # a matter has none of its own: its letter's goes last
                cursor.execute(f"DELETE FROM {table} WHERE case_id = %s", [due.case])
            for table in ("td_own_case", "td_store_use", "td_store_case", "td_issued"):
                cursor.execute(f"DELETE FROM {table} WHERE case_id = %s", [due.case])
            cursor.execute("UPDATE td_store_item SET case_id = NULL WHERE case_id = %s", [due.case])  # its owner's paper stays
            cursor.execute("DELETE FROM td_case_search WHERE case_id = %s", [due.case])
            cursor.execute("DELETE FROM td_case_near WHERE case_id = %s", [due.case])
            cursor.execute("DELETE FROM td_file WHERE case_id = %s RETURNING id", [due.case])
            gone = [row[0] for row in cursor.fetchall()]
    for file_id in gone:  # after the commit: a file without its row is lost space, a row without its file is a lie
        forget(file_id)
    return len(gone)
