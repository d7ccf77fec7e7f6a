"""The internal process of a procedure: its desks with hours each, versioned, or derived from the catalogue's time."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from math import ceil
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.selectors import agencies_of_posts, posts_of
from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

from .typed import UNIT_WORDS

MOST_DESKS, MOST_HOURS = 20, 4000
PREFERRED = ("counter", "online", "post")


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk: what is done, by which post, in how many working hours. `agency`: the post's, when it is another than the
    one whose process this is."""

    name: str
    post: str
    hours: int
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A whole time: a number of `working_day`, `calendar_day` or `month`, and how a person says it."""

    value: int
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Process:
    """`id` 0: derived. `days`: the agency's own whole time in working days, when it set one."""

    id: int
    code: str
    agency: str
    desks: tuple[Desk, ...]
    days: int | None = None
    since: date | None = None
    decision: str = ""

    @property
    def hours(self) -> int:
        return sum(d.hours for d in self.desks)


@lru_cache(maxsize=1)
def habits() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "data" / "process.toml").read_text("utf-8"))


def published_limit(body: Mapping[str, Any], channel: str) -> Limit | None:
    """The time that the catalogue gives for a way to file; of another way when that one has none. Hours become whole
    working days, for clocks count days. A number whose unit nobody published counts as working days, and says so."""
    by_channel = {d["channel"]: d for d in reversed(body["durations"])}
    found = next((by_channel[c] for c in (channel, *PREFERRED) if c in by_channel), None)
    if found is None:
        return None
    value, unit = int(found["value"]), found["unit"]
    if unit == "hour":
        return Limit(max(1, ceil(value / habits()["hours_a_day"])), "working_day", f"{value} giờ")
    if unit is None:
        return Limit(max(1, value), "working_day", f"{value} ngày làm việc (danh mục không ghi đơn vị)")
    return Limit(max(1, value), unit, f"{value} {UNIT_WORDS[unit]}")


def hours_in(limit: Limit) -> int:
    """The working hours that a whole time holds, at most."""
    h = habits()
    days = {"working_day": limit.value, "calendar_day": max(1, limit.value * h["days_a_week"] // 7),
            "month": limit.value * h["days_a_month"]}[limit.unit]  # fmt: skip
    return int(days * h["hours_a_day"])


def desk_days(hours: int) -> int:
    return max(1, ceil(hours / int(habits()["hours_a_day"])))


def derived(body: Mapping[str, Any], agency: str, limit: Limit) -> Process:
    """The process until the agency writes its own. Desks whose post the agency lacks are left out. Raises Refusal when none
    is left."""
    roles = habits()["desks"]
    posts = {p.role: p.id for p in reversed(posts_of(agency, [d["role"] for d in roles]))}
    second = any(words in str(body["field"]) for words in habits()["second_officer"])
    if second:
        posts["officer"] = next((p.id for p in posts_of(agency, ("officer",)) if p.id.endswith("/2")), posts.get("officer", ""))
    kept = [d for d in roles if posts.get(d["role"])]
    if not kept:
        raise Refusal("process.nobody", "Cơ quan này chưa có chức danh nào để giải quyết hồ sơ. Hãy nhập chức danh, hoặc chọn "
                      "cơ quan khác.", None, {"field": "agency"})  # fmt: skip
    whole = hours_in(limit)
    hours = [max(1, whole * d["share"] // 100) for d in kept]
    hours[0] = max(1, hours[0] + whole - sum(hours))
    desks = tuple(Desk(d["name"], posts[d["role"]], h) for d, h in zip(kept, hours, strict=True))
    return Process(0, str(body["code"]), agency, desks)


_SELECT = "SELECT id, procedure, agency, desks, days, since, decision FROM td_process "


def _process(row: Sequence[Any]) -> Process:
    desks = json.loads(row[3]) if isinstance(row[3], str) else row[3]
    kept = tuple(Desk(d["name"], d["post"], int(d["hours"]), d.get("agency", "")) for d in desks)
    return Process(row[0], row[1], row[2], kept, row[4], row[5], row[6])


def written(code: str, agency: str, on: date) -> Process | None:
    """The agency's own process in force on a day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + "WHERE procedure = %s AND agency = %s AND since <= %s "
                       "ORDER BY since DESC, id DESC LIMIT 1", [code, agency, on])  # fmt: skip
        row = cursor.fetchone()
    return _process(row) if row else None


def by_id(process_id: int) -> Process | None:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + "WHERE id = %s", [process_id])
        row = cursor.fetchone()
    return _process(row) if row else None


def own_limit(process: Process | None, published: Limit | None) -> Limit | None:
    """The whole time that applies: the agency's own where it set one (never longer than the published), else the published."""
    if process is not None and process.days:
        return Limit(process.days, "working_day", f"{process.days} ngày làm việc (quy trình của cơ quan)")
    return published


def check(process: Process, published: Limit | None) -> None:
    """Raises Refusal, naming the field: a desk without a name or a post, the first or last at another agency, hours that exceed
    the whole time, a whole time longer than the published one, no decision."""
    if not process.desks or len(process.desks) > MOST_DESKS:
        raise Refusal("process.desks", f"Quy trình phải có từ 1 đến {MOST_DESKS} bước.", None, {"field": "desk-1"})
    for number, desk in enumerate(process.desks, 1):
        _check_desk(number, desk, number in (1, len(process.desks)))
    if published is None and not process.days:
        raise Refusal("process.no_limit", "Danh mục không ghi thời hạn của thủ tục này: hãy ghi số ngày làm việc của cả quy trình.",
                      None, {"field": "days"})  # fmt: skip
    whole = own_limit(process, published)
    assert whole is not None
    if published is not None and hours_in(whole) > hours_in(published):
        raise Refusal("process.longer", f"Thời hạn của cơ quan không được dài hơn thời hạn công bố ({published.words}).", None,
                      {"field": "days"})  # fmt: skip
    if process.hours > hours_in(whole):
        raise Refusal("process.sum", f"Tổng các bước là {process.hours} giờ, vượt {hours_in(whole)} giờ của cả thời hạn "
                      f"({whole.words}).", None, {"field": "desk-1"})  # fmt: skip
    if not process.decision.strip():
        raise Refusal("process.decision", "Hãy ghi số quyết định phê duyệt quy trình nội bộ.", None, {"field": "decision"})


def _check_desk(number: int, desk: Desk, at_an_end: bool) -> None:
    """`at_an_end`: the first desk and the last, which are the settling agency's own: it begins its time and gives the result."""
    where = {"field": f"desk-{number}"}
    if not desk.name.strip() or len(desk.name) > 120:
        raise Refusal("process.name", f"Bước {number} chưa có tên việc (tối đa 120 chữ).", None, where)
    if not desk.post:
        raise Refusal("process.post", f"Bước {number}: hãy chọn người làm.", None, where)
    if desk.agency and at_an_end:
        raise Refusal("process.ends", f"Bước {number}: bước đầu và bước cuối phải do cơ quan giải quyết làm; cơ quan khác chỉ làm "
                      "bước ở giữa.", None, where)  # fmt: skip
    if not 1 <= desk.hours <= MOST_HOURS:
        raise Refusal("process.hours", f"Bước {number}: số giờ phải từ 1 đến {MOST_HOURS}.", None, where)


def _placed(process: Process, on: date) -> Process:
    """With each desk's agency as the directory has it on a day; a post that is not there any more is none."""
    agencies = agencies_of_posts([d.post for d in process.desks], on)
    desks = tuple(Desk(d.name, d.post if d.post in agencies else "", d.hours,
                       agencies[d.post] if agencies.get(d.post, process.agency) != process.agency else "")
                  for d in process.desks)  # fmt: skip
    return replace(process, desks=desks)


def write(process: Process, since: date, published: Limit | None, set_by: UUID) -> int:
    """A new version of an agency's own process, in force from a day; its id. Earlier versions stay: open dossiers go on by
    the one they began with. Raises Refusal."""
    process = _placed(process, since)
    check(process, published)
    desks = [{k: v for k, v in {**asdict(d), "name": clean(d.name.strip())}.items() if v} for d in process.desks]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_process (procedure, agency, since, days, desks, decision, set_by) "
                       "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
                       [process.code, process.agency, since, process.days, json.dumps(desks),
                        clean(process.decision.strip())[:120], set_by])  # fmt: skip
        return int(cursor.fetchone()[0])
