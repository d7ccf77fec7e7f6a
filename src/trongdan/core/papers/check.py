"""Whether the files on disk are those that were kept, and whether every file a letter came with is there."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from django.db import connection

from trongdan.core.cases.check import Difference
from trongdan.core.cases.scope import JOB, scope

from .files import path_of


def check_files() -> Iterator[Difference]:
    """Every file that is missing or changed on disk, and cases with fewer files than their events commit to."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT f.id, c.reference, f.sheet, f.digest FROM td_file f JOIN td_case c ON c.id = f.case_id "
                       "ORDER BY 2, 3")  # fmt: skip
        rows = cursor.fetchall()
        cursor.execute("SELECT c.reference FROM (SELECT case_id, sum(coalesce(jsonb_array_length(payload #> '{data,files}'), 0) + "
                       "coalesce(jsonb_array_length(payload #> '{data,supplement_files}'), 0)) AS promised FROM td_event "
                       "WHERE payload -> 'data' ?| array['files', 'supplement_files'] "
                       "AND payload #>> '{data,channel}' IS DISTINCT FROM 'online' "  # files of the national portal stay there
                       "GROUP BY case_id) e JOIN td_case c ON c.id = e.case_id WHERE e.promised > (SELECT count(*) FROM td_file f "
                       "WHERE f.case_id = c.id AND f.salt IS NOT NULL AND f.paper IS NULL) "
                       "AND NOT EXISTS (SELECT 1 FROM td_event x JOIN td_case k ON k.id = x.case_id "
                       "WHERE (k.id = c.id AND x.tag = 'case:erased') OR (c.id IN (k.id, k.parent) AND x.payload ? 'stub')) "
                       "ORDER BY 1")  # fmt: skip
        short = [row[0] for row in cursor.fetchall()]
    for file_id, reference, sheet, digest in rows:
        path = path_of(file_id)
        if not path.exists():
            yield Difference(reference, f"bút lục {sheet}", "không còn trên đĩa")
        elif sha256(path.read_bytes()).digest() != bytes(digest):
            yield Difference(reference, f"bút lục {sheet}", "khác với lúc lưu")
    for reference in short:
        yield Difference(reference, "tệp gửi kèm", "ít hơn số tệp đã cam kết lúc nhận")
