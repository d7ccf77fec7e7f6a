"""The province's centres with hours and counters to begin with: 148 of communes and the province's. Idempotent; as td_owner.

Hours and counters are only laid down where a centre has none: what it set itself stays."""

from __future__ import annotations

from datetime import date

from trongdan.core.agencies.province import province
from trongdan.platform.text import fold

from .models import Centre, Counter, Session
from .reference import rules

PROVINCE, PROVINCE_ABOVE = "hcc-tinh", "vp-ubnd"
ASSUMED = "giả định, chờ trung tâm xác nhận"


def load_centres() -> int:
    """How many centres there are."""
    data = province()
    name = next(b["name"] for b in data.bodies["body"] if b["code"] == PROVINCE)
    rows = [Centre(code=PROVINCE, name=name, commune="", above=PROVINCE_ABOVE, sort="")]
    rows += [Centre(code=f"{c.agency}-hcc", name=f"Trung tâm Phục vụ hành chính công {c.full}", commune=c.code, above=c.agency,
                    sort=fold(c.name)) for c in data.communes]  # fmt: skip
    Centre.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"],
                               update_fields=["name", "commune", "above", "sort"])  # fmt: skip
    _sessions(rows, date.fromisoformat(data.since))
    _counters(rows)
    return len(rows)


def _sessions(centres: list[Centre], since: date) -> None:
    have = set(Session.objects.values_list("centre_id", flat=True).distinct())
    Session.objects.bulk_create(
        Session(centre=c, since=since, starts=starts, ends=ends, decision=ASSUMED)
        for c in centres if c.code not in have for starts, ends in rules().sessions)  # fmt: skip


def _counters(centres: list[Centre]) -> None:
    have = set(Counter.objects.values_list("centre_id", flat=True).distinct())
    new = []
    for centre in centres:
        if centre.code not in have:
            serves = [groups for many, groups in rules().counters["xa" if centre.commune else "tinh"] for _ in range(many)]
            new += [Counter(centre=centre, number=n, serves=groups) for n, groups in enumerate(serves, 1)]
    Counter.objects.bulk_create(new)
