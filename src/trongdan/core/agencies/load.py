"""Put the shipped province into the database: idempotent, in a few bulk statements. Run as td_owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from trongdan.platform.text import fold

from .merge import end_abolished
from .models import Agency, PostRow, Succession
from .province import Commune, Province, province

ANSWERS_KINDS = ("committee", "department", "inspectorate", "reception_board", "office", "one_stop")
BESIDE_KINDS = ("party", "council")


def _agency(code: str, name: str, level: str, kind: str, **more: Any) -> Agency:
    return Agency(code=code, name=name, short=more.pop("short", name), level=level, kind=kind, sort=fold(name),
                  under_id=more.pop("under", None), line_id=more.pop("line", None), answers_id=more.pop("answers", None),
                  **more)  # fmt: skip


def _province_bodies(data: Province) -> Iterable[Agency]:
    for b in data.bodies["body"]:
        yield _agency(b["code"], b["name"], "tinh", b["kind"], short=b["short"], under=b.get("under"))
    for d in data.bodies["department"]:
        yield _agency(d["code"], d["name"], "tinh", "department", under="ubnd-tinh")
    for v in data.bodies["line"]:
        yield _agency(v["code"], v["name"], "tinh", "line_body", assumed=True)


def _commune_bodies(data: Province, commune: Commune, since: date) -> Iterable[Agency]:
    unit = commune.full
    yield _agency(commune.agency, f"Ủy ban nhân dân {unit}", "xa", "committee", short=f"UBND {unit}", place=commune.code,
                  under="ubnd-tinh", valid_from=since)  # fmt: skip
    for room in data.bodies["room"]:
        yield _agency(f"{commune.agency}-{room['suffix']}", room["name"].format(unit=unit), "xa", "room", assumed=True,
                      place=commune.code, under=commune.agency, answers=commune.agency, valid_from=since)  # fmt: skip
    for b in data.bodies["beside"]:
        name = b["name"].format(unit=unit)
        yield _agency(f"{commune.agency}-{b['suffix']}", name, "xa", b["kind"], short=b.get("short", b["name"]).format(unit=unit),
                      place=commune.code, under=b["under"], valid_from=since)  # fmt: skip
    for v in data.bodies["line"]:
        if "commune" in v:
            yield _agency(f"{commune.agency}-{v['commune']}", v["commune_name"].format(unit=unit), "xa", "line_body",
                          place=commune.code, line=v["code"], valid_from=since, assumed=True)  # fmt: skip


def _abolished(data: Province, until: date) -> Iterable[Agency]:
    districts = sorted({(p.district, p.province) for p in data.predecessors})
    codes = {}
    for n, (name, of) in enumerate(districts, 1):
        codes[name, of] = f"huyen-{n:02d}"
        yield _agency(codes[name, of], f"Ủy ban nhân dân {name} ({of})", "huyen", "committee", valid_to=until)
    for old in {p.code: p for p in data.predecessors}.values():
        yield _agency(f"cu-{old.code}", f"Ủy ban nhân dân {old.name} ({old.district}, {old.province})", "xa", "committee",
                      place=old.code, under=codes[old.district, old.province], valid_to=until)  # fmt: skip


def _posts(data: Province, agency: Agency, commune: Commune | None) -> Iterable[PostRow]:
    unit = commune.full if commune else (agency.short or agency.name)
    for p in data.bodies["post"]:
        room = f"{agency.code}-{p['room']}" if commune and p.get("room") else None
        n = f"/{p['n']}" if "n" in p else ""
        title = p["title"] if commune or "title_department" not in p else p["title_department"]
        if agency.code == "ubnd-tinh":
            title = p["title"] if p["role"] in ("head", "deputy") else title
        named = unit.removeprefix("UBND ") if title.startswith(("Chủ tịch", "Phó Chủ")) else unit
        yield PostRow(id=f"{room or agency.code}/{p['role']}{n}", role=p["role"], agency_id=agency.code, room_id=room,
                      title=title.format(unit=named))  # fmt: skip


def _posts_beside(data: Province, agency: Agency) -> Iterable[PostRow]:
    """The posts of a Party body or a People's Council."""
    for p in data.bodies["beside_post"]:
        yield PostRow(id=f"{agency.code}/{p['role']}", role=p["role"], agency_id=agency.code,
                      title=p[agency.kind].format(unit=agency.short))  # fmt: skip


def _one_stop_posts(data: Province, centre: str, unit: str) -> Iterable[PostRow]:
    for p in data.bodies["one_stop_post"]:
        n = f"/{p['n']}" if "n" in p else ""
        yield PostRow(id=f"{centre}/{p['role']}{n}", role=p["role"], agency_id=centre, title=p["title"].format(unit=unit))


def load_province() -> dict[str, int]:
    """Load or bring up to date agencies, successions and posts; how many of each."""
    data = province()
    since = date.fromisoformat(data.since)
    until = since - timedelta(days=1)
    top = list(_province_bodies(data))
    communes = [(c, list(_commune_bodies(data, c, since))) for c in data.communes]
    agencies = [*top, *_abolished(data, until), *(a for _, many in communes for a in many)]
    fields = ["name", "short", "level", "kind", "place", "under", "line", "answers", "valid_from", "valid_to", "assumed",
              "sort"]  # fmt: skip
    Agency.objects.bulk_create(agencies, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    old = [Succession(old_id=f"cu-{p.code}", new_id=f"c{p.new}", on=since, whole=p.whole, main=p.main)
           for p in data.predecessors]  # fmt: skip
    Succession.objects.bulk_create(old, update_conflicts=True, unique_fields=["old", "new"],
                                   update_fields=["on", "whole", "main"])  # fmt: skip
    posts = [p for a in top if a.kind in ANSWERS_KINDS for p in _posts(data, a, None)]
    posts += [PostRow(id=f"{a.code}/{p['role']}" + (f"/{p['n']}" if "n" in p else ""), role=p["role"], agency_id=a.code,
                      title=p["title"].format(unit=a.short)) for a in top if a.kind == "front" for p in data.bodies["front_post"]]
    posts += [p for c, many in communes for p in _posts(data, many[0], c)]
    beside = [a for a in (*top, *(a for _, many in communes for a in many)) if a.kind in BESIDE_KINDS]
    posts += [p for a in beside for p in _posts_beside(data, a)]
    posts += [p for c, _many in communes for p in _one_stop_posts(data, f"{c.agency}-hcc", c.full)]
    PostRow.objects.bulk_create(posts, update_conflicts=True, unique_fields=["id"],
                                update_fields=["role", "agency", "room", "title"])  # fmt: skip
    end_abolished()  # mergers noted since hold against the shipped directory
    return {"agencies": len(agencies), "successions": len(old), "posts": len(posts)}
