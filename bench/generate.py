"""A million cases in SQL: a few dozen are made through the product itself, at many stages and days, then multiplied.

A copy has ids, reference, agency, sender and words of its own; all else (events, clocks, access) is what the product
wrote. The hashes of copies do not chain: nothing that is measured here reads them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from trongdan.kernel.case import Actor, Command, Post
from trongdan.kernel.reference import new_reference
from trongdan.platform.text import fold

from . import words
from .figures import say, step

HOME_AGENCY, BIG_AGENCY = "c04978", "ban-tcd"
BIG_EVERY = 20  # every so many case goes to the province's reception board, the others to the communes in turn
TABLES = ("td_case", "td_event", "td_clock", "td_content", "td_identity", "td_case_access")
CHUNK = 100_000
# stage -> (share of all cases, how many days ago it came in): within the time that every rule of a letter was in force
STAGES: dict[str, tuple[float, tuple[int, ...]]] = {
    "received": (0.04, (0, 1, 3, 6, 9, 14, 20)),
    "registered": (0.03, (1, 2, 5, 8, 12, 18)),
    "opened": (0.03, (2, 4, 7, 11, 15)),
    "working": (0.05, (5, 10, 16, 24, 33, 40)),
    "complaint": (0.02, (3, 8, 13, 21)),
    "filed": (0.18, (45, 58, 72, 86, 99, 111, 125, 138)),
    "answered": (0.65, (50, 57, 65, 73, 81, 90, 98, 106, 115, 123, 131, 139)),
}


@dataclass(frozen=True, slots=True)
class Family:
    """A letter made through the product, with the matters opened from it."""

    stage: str
    cases: tuple[UUID, ...]
    reference: str


Spread = Callable[[list[Family], int], Iterator[tuple[int, str]]]


def _official(role: str, post: str | None = None) -> Actor:
    held = Post(post or f"{HOME_AGENCY}/{role}", role, HOME_AGENCY)
    return Actor(person=str(UUID(int=7)), posts=(held,), post=held)


def _family(stage: str, received: datetime) -> Family:
    """One letter, brought to a stage through `perform`, a few hours between its steps."""
    from trongdan.core.cases.perform import perform
    from trongdan.kinds.letters import intake

    step_no = count(1)

    def do(case: UUID, kind: str, action: str, actor: Actor, **data: object) -> Any:
        return perform(Command(kind, str(case), action, data), actor, now=received + timedelta(hours=3 * next(step_no)))

    sender = {"name": "Bùi Thị Mẫu", "phone": "0900000000", "address": "xóm Mẫu"}
    letter = intake.Letter(words.letter(0), HOME_AGENCY, "portal", sender, facts={"commune": HOME_AGENCY})
    done = perform(intake.letter_command(letter), intake.SENDER, identity=sender, now=received)
    root = done.case
    if stage == "registered":
        do(root, "letters.letter", "register", _official("reception"), arrival_no="128")
    elif stage == "filed":
        do(root, "letters.letter", "file", _official("reception"), filing_reason="Trùng với đơn đã được trả lời.")
    if stage in ("received", "registered", "filed"):
        return Family(stage, (root,), done.reference)
    complaint = stage == "complaint"
    kind = "letters.complaint.first" if complaint else "letters.petition"
    opened = do(root, "letters.letter", "open_matter", _official("reception"), nature="khieu_nai" if complaint else "kien_nghi",
                matter_kind=kind, topic="đất đai" if complaint else "giao thông")  # fmt: skip
    matter = opened.opened[0][0]
    if stage in ("working", "answered"):
        do(matter, kind, "accept", _official("head"))
        do(matter, kind, "case.assign", _official("head"), post=f"{HOME_AGENCY}-kt/officer/1")
    if stage == "answered":
        officer = _official("officer", f"{HOME_AGENCY}-kt/officer/1")
        do(matter, kind, "answer", officer, answer="Đã kiểm tra và sửa.", result="accepted", action_taken="Đã sửa xong.")
        for role, action in (("unit_head", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number")):
            do(matter, kind, f"paper.{action}", _official(role), paper="p1", **({"number": "12/CV"} if action == "number" else {}))
    return Family(stage, (root, matter), done.reference)


def families(now: datetime) -> list[Family]:
    return [_family(stage, now - timedelta(days=days, hours=2)) for stage, (_, ages) in STAGES.items() for days in ages]


def copies(made: list[Family], cases: int) -> Iterator[tuple[int, str]]:
    """(family, agency) of each copy until there are so many cases."""
    from trongdan.core.agencies.province import province

    communes = [c.agency for c in province().communes]
    number = 0
    for stage, (share, ages) in STAGES.items():
        own = [(i, f) for i, f in enumerate(made) if f.stage == stage]
        each = round(cases * share / len(ages) / len(own[0][1].cases))
        for i, _ in own:
            for _ in range(each):
                number += 1
                yield i, BIG_AGENCY if number % BIG_EVERY == 0 else communes[number % len(communes)]


def _unused(taken: set[str]) -> str:
    """A reference that no copy has yet: among millions two draws may be the same."""
    while (drawn := new_reference(os.urandom)) in taken:
        pass
    taken.add(drawn)
    return drawn


# --- SQL --------------------------------------------------------------------------------------------------------------

_V7 = "([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-)[0-9a-f]{12}"
_BY_TYPE = {
    "uuid": "CASE substr(t.{0}::text, 15, 1) WHEN '7' THEN overlay(t.{0}::text placing c.hex from 25)::uuid ELSE t.{0} END",
    "text": f"replace(t.{{0}}, '{HOME_AGENCY}', c.agency)",
    "jsonb": f"replace(regexp_replace(t.{{0}}::text, '{_V7.replace('{', '{{').replace('}', '}}')}', '\\1' || c.hex, 'g'), "
             f"'{HOME_AGENCY}', c.agency)::jsonb",
}  # fmt: skip
_SPECIAL = {
    ("td_case", "reference"): "c.ref || substr(t.reference, strpos(t.reference || '/', '/'))",
    ("td_content", "body"): "CASE t.field WHEN 'text' THEN c.words ELSE t.body END",
    ("td_identity", "name"): "c.name",
}


def _copy_rows(db: psycopg.Connection[tuple[object, ...]], table: str) -> str:
    """The INSERT that multiplies a table's rows by the copies of one chunk: columns as the table has them today."""
    columns = db.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO' "
        "AND column_name <> 'xid' ORDER BY ordinal_position", [table]).fetchall()  # fmt: skip
    names = [str(name) for name, _ in columns]
    values = [_SPECIAL.get((table, str(n)), _BY_TYPE.get(str(kind), "t.{0}").format(n)) for n, kind in columns]
    return (f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM bench_{table} t "
            "JOIN bench_copy c ON c.family = t.bench_family WHERE c.n > %s AND c.n <= %s")  # fmt: skip


def _array(texts: list[str]) -> str:
    quoted = ", ".join("'" + t.replace("'", "''") + "'" for t in texts)
    return f"(ARRAY[{quoted}])"


def hamlets() -> list[str]:
    """Two thousand invented names of places: words that are neither frequent nor unique."""
    first = ("Bãi", "Suối", "Đồi", "Gò", "Đầm", "Nà", "Mường", "Vực", "Khe", "Thác", "Đồng", "Rừng", "Bến", "Cầu", "Hang")
    second = [f"{a}{b}" for a in ("L", "M", "Ng", "Th", "Ch", "Kh", "Ph", "Tr", "R", "V", "X", "H")
              for b in ("ạng", "ềnh", "ót", "uông", "ẫm", "iếc", "ưởng", "oạn", "ụi", "ăn", "ồi")]  # fmt: skip
    return [f"{a} {b}" for a in first for b in second]


def _line(folded: bool) -> str:
    """SQL for the words of a copy, put together from the invented sentences by `h`, sixty bits of chance by its number."""
    plain = fold if folded else str
    rows = {"sentence": (*words.MATTERS, *words.DETAILS), "opening": words.OPENINGS, "ending": words.ENDINGS, "place": hamlets()}

    def pick(kind: str, shift: int) -> str:
        return f"{_array([plain(r) for r in rows[kind]])}[1 + ((h >> {shift}) % {len(rows[kind])})::int]"

    where, spot = plain("Sự việc xảy ra tại thửa đất số"), plain("xứ đồng")
    place = f"'{where} ' || n || ', {spot} ' || {pick('place', 44)} || '.'"
    parts = [pick("opening", 0), place, *(pick("sentence", shift) for shift in range(4, 40, 6)), pick("ending", 40)]
    return " || ' ' || ".join(parts)


# SQL for the pairs of neighbours of the names in a copy, as core/cases/projector.py makes them of a letter's.
PAIRS = (
    "ARRAY(SELECT w.one || '_' || w.other FROM (SELECT x AS one, lead(x) OVER (PARTITION BY g ORDER BY o) AS other "
    "FROM unnest(ARRAY[c.sender, c.place]) WITH ORDINALITY z (run, g) CROSS JOIN LATERAL "
    "regexp_split_to_table(run, ' ') WITH ORDINALITY y (x, o)) w WHERE w.other IS NOT NULL)"
)


def _texts(db: psycopg.Connection[tuple[object, ...]]) -> None:
    """bench_copy: number, family, agency and reference of each copy, with its sender, its words, and these folded for search."""
    names = [f"{a} {b} {c}" for a in words.SURNAMES for b in words.MIDDLES for c in words.GIVEN]
    name, folded = (f"{_array(many)}[1 + ((h >> 20) % {len(names)})::int]" for many in (names, [fold(n) for n in names]))
    places = [fold(h) for h in hamlets()]
    db.execute(
        f"CREATE UNLOGGED TABLE bench_copy AS SELECT n, family, agency, ref, lpad(to_hex(n), 12, '0') AS hex, {name} AS name, "
        f"{_line(False)} AS words, {folded} AS sender, {_array(places)}[1 + ((h >> 44) % {len(places)})::int] AS place, "  # noqa: FBT003
        f"lower(ref) || '  ' || {folded} || ' ' || {_line(True)} AS folded "  # noqa: FBT003
        "FROM (SELECT *, ('x' || substr(md5(n::text), 1, 15))::bit(60)::bigint AS h FROM bench_plan) p".encode())  # fmt: skip
    db.execute("CREATE UNIQUE INDEX ON bench_copy (n)")


def _indexes(db: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """Take the indexes away that no constraint needs; their definitions."""
    found = db.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [[*TABLES, "td_case_search", "td_case_near"]]).fetchall()  # fmt: skip
    for name, _ in found:
        db.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(str(name))))
    return [str(definition) for _, definition in found]


def generate(db: psycopg.Connection[tuple[object, ...]], cases: int, now: datetime,
             make: Callable[[datetime], list[Family]] | None = None, spread: Spread | None = None) -> int:  # fmt: skip
    """Fill the database of `db` (a superuser's connection, autocommit); how many cases there are then. `make` brings other
    templates than letters, `spread` says how often each is copied and to which agency."""
    with step("Tạo các hồ sơ mẫu qua chính sản phẩm"):
        made = (make or families)(now)
    prefixes = [str(c)[:24] for f in made for c in f.cases]
    if len(set(prefixes)) != len(prefixes):
        raise RuntimeError("two templates would give the same ids")
    db.execute("SET synchronous_commit = off")
    db.execute("SET maintenance_work_mem = '1GB'")
    db.execute("CREATE UNLOGGED TABLE bench_family (family int, id uuid)")
    with db.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_family VALUES (%s, %s)", [(i, c) for i, f in enumerate(made) for c in f.cases])
    for table in TABLES:
        key = "id" if table == "td_case" else "case_id"
        db.execute(f"CREATE UNLOGGED TABLE bench_{table} AS SELECT t.*, f.family AS bench_family FROM {table} t "
                   f"JOIN bench_family f ON f.id = t.{key}".encode())  # fmt: skip
    with step("Lập danh sách bản sao"):
        db.execute("CREATE UNLOGGED TABLE bench_plan (n int, family int, agency text, ref text)")
        total, taken = 0, set[str]()
        with db.cursor() as cursor, cursor.copy("COPY bench_plan FROM STDIN") as copy:
            for total, (family, agency) in enumerate((spread or copies)(made, cases), 1):
                copy.write_row((total, family, agency, _unused(taken)))
        _texts(db)
    definitions = _indexes(db)
    statements = {table: _copy_rows(db, table) for table in TABLES}
    statements["td_case_search"] = (
        "INSERT INTO td_case_search (case_id, folded, words, seers) SELECT i.id, c.folded, "
        "array_to_tsvector(array_remove(string_to_array(translate(c.folded, '.,', '  '), ' '), '') || " + PAIRS
        + "), ARRAY(SELECT DISTINCT "
        "replace(coalesce(a.agency, a.appointment), '" + HOME_AGENCY + "', c.agency) FROM bench_td_case_access a "
        "WHERE a.case_id = f.id AND NOT a.deny) "
        "FROM bench_family f JOIN bench_copy c ON c.family = f.family CROSS JOIN LATERAL "
        "(SELECT overlay(f.id::text placing c.hex from 25)::uuid AS id) i WHERE c.n > %s AND c.n <= %s")  # fmt: skip
    for table, statement in statements.items():
        with step(f"Nhân {table}"):
            for start in range(0, total, CHUNK):
                db.execute(statement.encode(), [start, start + CHUNK])
    with step("Nhân td_case_near"):
        db.execute("INSERT INTO td_case_near (seer, opened_on, case_id) SELECT DISTINCT x.seer, t.opened_on, t.id FROM td_case t "
                   "JOIN td_case_search s ON s.case_id = t.id CROSS JOIN LATERAL (SELECT unnest(s.seers || '*'::text)) x (seer)")
    for definition in definitions:
        with step(definition.split(" USING")[0]):
            db.execute(definition.encode())
    db.execute("DROP TABLE bench_plan, bench_family" + "".join(f", bench_{t}" for t in TABLES))
    with step("VACUUM ANALYZE, CHECKPOINT"):
        db.execute("VACUUM ANALYZE")
        db.execute("CHECKPOINT")
    found = db.execute("SELECT count(*) FROM td_case").fetchone()
    say(f"{found[0] if found else 0} hồ sơ")
    return int(str(found[0])) if found else 0

