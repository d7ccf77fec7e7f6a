"""Letters on one matter among a million: what the worker asks for each new letter, and what the desk's page asks beside one."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from trongdan.platform.postgres import Cluster

from . import instance
from .figures import Result, begin, each_once, say, step, summary
from .generate import HOME_AGENCY, _indexes

LIMIT = 30.0  # ms, 95 % of the look-ups (issue: letters to their full legal depth)
PAGE_LIMIT = 60.0  # of the desk's pages, as in the part "million"
_timed = partial(each_once, limit=LIMIT)
BIG = 20_000  # letters of the biggest cause
CAUSES = 2_000  # causes of some tens of letters
COMMUNES = 148
CHUNK = 100_000

# Letter n: an id that begins with its time; a cause or none; a hamlet of its commune; numbers of its own for its words, and
# numbers that letters of one commune share by chance for its meaning.
_PLAN = f"""
CREATE UNLOGGED TABLE bench_letter AS
SELECT n, ('01900000-' || substr(lpad(to_hex(n), 8, '0'), 1, 4) || '-7' || substr(lpad(to_hex(n), 8, '0'), 5, 3) || '-8'
           || substr(lpad(to_hex(n), 8, '0'), 8, 1) || substr(md5('i' || n), 1, 2) || '-' || substr(md5(n::text), 1, 12))::uuid
       AS id,
       date '2024-01-01' + (n::bigint * 1000 / %(letters)s)::int AS opened_on, n %% {COMMUNES} AS commune,
       CASE WHEN n %% (%(letters)s / {BIG}) = 0 THEN 0 WHEN n %% 10 = 4 THEN 1 + (n / 10) %% {CAUSES} END AS cause,
       (n::bigint * 7919) %% 20000 AS hamlet
FROM generate_series(1, %(letters)s) n
"""
_HASH = "hashtextextended({}, 7)"
_TERMS = f"""
ARRAY[{_HASH.format("'all' || n")}]
  || ARRAY(SELECT {_HASH.format("'w' || b || n")} FROM generate_series(1, 6) b)
  || ARRAY(SELECT {_HASH.format("'s' || b || commune || '.' || (n::bigint * (b + 3) * 31 + b) %% 20000")}
           FROM generate_series(1, 8) b)
  || ARRAY[{_HASH.format("'place' || hamlet")}]
  || CASE WHEN cause IS NULL THEN '{{}}' ELSE ARRAY[{_HASH.format("'decision' || cause")}] END
"""
_AGENCY = "'c' || lpad(commune::text, 5, '0')"
_RANGE = "FROM bench_letter WHERE n > %(a)s AND n <= %(b)s"
_FILL = (
    f"INSERT INTO td_case (id, province_id, reference, kind, kind_version, seq, step, final, agency, opened_on) SELECT id, 25, "
    f"'B' || n, 'letters.letter', 1, 1, 'received', false, {_AGENCY}, opened_on {_RANGE}",
    f"INSERT INTO td_case_access (case_id, appointment, reason) SELECT id, CASE WHEN n %% {COMMUNES} = 0 THEN '{HOME_AGENCY}' "
    f"ELSE {_AGENCY} END || '/reception', 'bench' {_RANGE}",
    "INSERT INTO td_alike (case_id, opened_on, whole, files, length, sketch, sense, marks, commune) SELECT id, opened_on, n, 0, "
    "200, array_fill(n, ARRAY[48]), array_fill(n, ARRAY[32]), CASE WHEN cause IS NULL THEN '{}' ELSE ARRAY["
    + _HASH.format("'decision' || cause") + f"] END, commune::text {_RANGE}",
    f"INSERT INTO td_alike_term (term, case_id) SELECT t, id FROM (SELECT * {_RANGE}) l CROSS JOIN LATERAL "
    f"unnest({_TERMS}) t",
    "INSERT INTO td_group_member (case_id, group_id, since) SELECT id, md5('g' || cause)::uuid, opened_on "
    f"{_RANGE} AND cause IS NOT NULL",
)


def generate(db: Any, letters: int) -> None:
    """Fill the tables by SQL (a superuser's connection, autocommit); the big index is built at the end, as a restore does."""
    db.execute("SET synchronous_commit = off")
    db.execute("SET maintenance_work_mem = '1GB'")
    db.execute((_PLAN % {"letters": letters}).encode())
    db.execute("ALTER TABLE td_alike_term DROP CONSTRAINT td_alike_term_pkey")
    db.execute("DROP INDEX td_alike_term_case")
    definitions = _indexes(db)
    for first in range(0, letters, CHUNK):
        for statement in _FILL:
            db.execute((statement % {"a": first, "b": first + CHUNK}).encode())
    db.execute("ALTER TABLE td_alike_term ADD PRIMARY KEY (term, case_id)")
    db.execute("CREATE INDEX td_alike_term_case ON td_alike_term (case_id)")
    for definition in definitions:
        db.execute(definition.encode())
    db.execute("VACUUM ANALYZE")


def _terms_of(db: Any, number: int) -> list[int]:
    query = f"SELECT {_TERMS.replace('%%', '%')} FROM bench_letter WHERE n = {number}"
    return [int(t) for t in db.execute(query.encode()).fetchone()[0]]


def _look_up(terms: list[int]) -> Callable[[], Any]:
    """As the worker asks for one new letter, in a transaction of its own."""
    from trongdan.core.cases import alike
    from trongdan.core.cases.scope import JOB, scope
    from trongdan.core.cases.sealing import uuid7
    from trongdan.core.cases.trail import today

    new = alike.Sign(uuid7(), today(), 1, 0, 200, [1] * 48, [1] * 32, [], "", 1, terms)

    def run() -> None:
        with scope(JOB):
            alike.before([new])

    return run


def _desk(who: Any, ask: Callable[[], Any]) -> Callable[[], Any]:
    from trongdan.core.cases.scope import scope

    def run() -> None:
        with scope(who):
            ask()

    return run


def _worker(result: Result, db: Any, letters: int, runs: int) -> None:
    from trongdan.doors.cli._shell import as_role

    pick = random.Random(3)
    plain = [_terms_of(db, 2 + 10 * pick.randrange(letters // 10 - 1)) for _ in range(runs + 3)]
    some = [_terms_of(db, 4 + 10 * pick.randrange(letters // 10 - 1)) for _ in range(runs + 3)]
    big = [_terms_of(db, letters // BIG * (1 + pick.randrange(BIG - 1))) for _ in range(runs + 3)]
    never = [[pick.getrandbits(62) for _ in range(17)] for _ in range(runs + 3)]
    with as_role("td_job"):
        _timed(result, "never", "Đơn không giống đơn nào", [_look_up(t) for t in never])
        _timed(result, "plain", "Đơn giống vài đơn cùng xã, cùng xóm", [_look_up(t) for t in plain])
        _timed(result, "cause", "Đơn của một việc vài chục đơn", [_look_up(t) for t in some])
        _timed(result, "big", f"Đơn của một việc {BIG:,} đơn".replace(",", "."), [_look_up(t) for t in big])


def _pages(result: Result, db: Any, runs: int) -> None:
    from trongdan.core.cases import alike
    from trongdan.core.cases.scope import Scope
    from trongdan.core.cases.trail import today

    def beside(case: UUID) -> None:
        group = alike.group_of(case)
        if group is None or not alike.members(group, 13):
            raise RuntimeError("a group that the scope does not see was asked for")
        alike.elsewhere(group)
        alike.history(case)

    who = Scope((HOME_AGENCY,), (f"{HOME_AGENCY}/reception",), identity=True)
    for id_, label, where in (("page", "Bàn làm việc: mục “Đơn cùng nội dung”, việc vài chục đơn", "cause > 0"),
                              ("page_big", "Bàn làm việc: mục ấy, việc 20.000 đơn ở 148 xã", "cause = 0")):  # fmt: skip
        rows = db.execute(f"SELECT id FROM bench_letter WHERE n % {COMMUNES} = 0 AND {where} ORDER BY md5(n::text) "
                          f"LIMIT {runs + 3}".encode())  # fmt: skip
        ids = [UUID(str(i)) for (i,) in rows.fetchall()]
        each_once(result, id_, label, [_desk(who, lambda c=c: beside(c)) for c in (ids * 4)[: runs + 3]], limit=PAGE_LIMIT)
    grown: list[Callable[[], Any]] = [_desk(who, lambda: alike.growth(today(), 5))] * 13
    times = []
    for ask in grown:
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    result.details["growth_ms"] = summary(times)


def _plan(db: Any, terms: list[int]) -> Any:
    """The plan of the look-up, kept with the figures: walks of the primary key, newest first, a few steps each."""
    db.execute("SET ROLE td_job")
    db.execute("SELECT set_config('td.scope', '{\"all\": true}', false)")
    body = db.execute("SELECT prosrc FROM pg_proc WHERE proname = 'td_alike_before'").fetchone()[0]
    body = body.split("RETURN QUERY", 1)[1].rsplit(";", 2)[0]
    for name, value in (("cases", "ARRAY_FILL('ffffffff-ffff-7fff-bfff-ffffffffffff'::uuid, ARRAY[" + str(len(terms)) + "])"),
                        ("terms", f"ARRAY{terms}::bigint[]"), ("each_term", "12"), ("most", "24")):  # fmt: skip
        for before, after in (("(", ", "), (", ", ")"), ("LIMIT ", ""), ("<= ", "")):
            body = body.replace(f"{before}{name}{after}", f"{before}{value}{after}")
    row = db.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {body}".encode()).fetchone()[0]
    db.execute("RESET ROLE")
    found = row if isinstance(row, list) else json.loads(row)
    return found[0]


def run(letters: int = 1_000_000, runs: int = 100, keep: Callable[[Cluster], None] | None = None) -> Result:
    """Generate, measure, save."""
    with instance.folder() as home, instance.database(home) as cluster:
        import django
        from django.db import connection

        django.setup()
        with instance.owner(cluster) as db:
            with step(f"Tạo {letters:,} đơn".replace(",", ".")):
                generate(db, letters)
            result = begin("alike", f"Đơn cùng một việc, giữa {letters:,} đơn".replace(",", "."))
            sizes = db.execute("SELECT relname, reltuples::bigint, pg_total_relation_size(oid) / 1048576 FROM pg_class "
                               "WHERE relkind = 'r' AND relname IN ('td_alike', 'td_alike_term', "
                               "'td_group_member')").fetchall()  # fmt: skip
            result.details |= {"letters": letters, "sizes": {str(n): {"rows": int(r), "mb": int(m)} for n, r, m in sizes}}
            say(f"đo {runs} lần mỗi việc")
            with step("Việc của máy nền (vai td_job)"):
                _worker(result, db, letters, runs)
            with step("Trang của cán bộ (vai td_web)"):
                _pages(result, db, runs)
            plan = _plan(db, _terms_of(db, letters // BIG))
            result.details |= {"plan": _nodes(plan["Plan"]), "server_ms": [plan["Planning Time"], plan["Execution Time"]]}
        result.notes += NOTES
        result.save()
        if keep is not None:
            keep(cluster)
        connection.close()
    return result


def _nodes(plan: Any) -> list[str]:
    what = plan.get("Index Name") or plan.get("Relation Name") or ""
    own = f"{plan['Node Type']} {what} ×{plan['Actual Loops']} {plan['Actual Rows']} dòng"
    return [own, *(n for child in plan.get("Plans", ()) for n in _nodes(child))]


NOTES = [
    "Mỗi đơn có 16 đến 17 dấu để tìm (lời, nghĩa trong xã, xóm, văn bản nêu trong đơn), tạo bằng SQL; một việc có 20.000 đơn, "
    "2.000 việc vài chục đơn, còn lại là đơn lẻ.",
    "Việc của máy nền là đúng câu hỏi khi nhận một đơn mới (một câu lệnh, trong giao dịch riêng); trang của cán bộ gồm nhóm, các "
    "đơn trong phạm vi, số đơn nơi khác và lịch sử giải quyết.",
]
