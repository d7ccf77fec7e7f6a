"""The same dossier handed in twice: told and asked about before it is taken in, never refused by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from trongdan.core.links.own import own_open
from trongdan.core.store.owner import Owner
from trongdan.platform.text import fold

KIND = "procedures.dossier"
Same = tuple[str, str, date]  # (reference, agency, received on)


def open_same(code: str, agency: str, applicant: Mapping[str, str], owner: Owner | None) -> Sequence[Same]:
    """Open dossiers of one procedure that are this applicant's: by the number anywhere in the province; else, at the agency that
    settles it, by name and telephone. Runs inside a scope, which bounds the second."""
    if owner is not None and owner.kind == "person" and (found := own_open(owner.number, KIND, code)):
        return found
    name, phone = fold(applicant.get("name", "")).split(), _digits(applicant.get("phone", ""))
    if not name or not phone:
        return []  # a name alone is many people's
    with connection.cursor() as cursor:
        cursor.execute("SELECT c.reference, c.agency, c.opened_on, i.name, i.phone FROM td_case c JOIN td_identity i "
                       "ON i.case_id = c.id AND i.role = 'sender' WHERE c.agency = %s AND NOT c.final AND c.kind = %s "
                       "AND c.topic = %s ORDER BY c.opened_on DESC, c.id DESC LIMIT 500", [agency, KIND, code])  # fmt: skip
        rows = cursor.fetchall()
    return [(reference, at, on) for reference, at, on, other, number in rows
            if fold(other or "").split() == name and _digits(number or "") == phone]  # fmt: skip


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
