"""A million cases: the pages and lists that people wait for, asked as td_web, in a narrow and a province-wide scope."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from trongdan.platform.postgres import Cluster

from . import instance
from .figures import Result, begin, each_once, say, step
from .generate import BIG_AGENCY, HOME_AGENCY, generate, hamlets

LIMIT = 60.0  # ms, 95 % of the answers
FREQUENT = ("đường bê tông", "đèn chiếu sáng", "bãi rác", "trạm bơm", "kinh mong co quan", "Nguyễn", "nuoc sinh hoat", "xóm")
PLAN_OVER = LIMIT  # what takes longer gets its plan kept
_timed = partial(each_once, limit=LIMIT)


@contextmanager
def _as(who: Any) -> Any:
    from trongdan.core.cases.scope import scope

    with scope(who):
        yield


def _scoped(who: Any, ask: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with _as(who):
            return ask()

    return run


def _cases(cluster: Cluster, agency: str | None, most: int) -> list[tuple[UUID, str]]:
    """Letters by chance, of an agency or of all: (id, reference)."""
    where = "WHERE agency = %s AND parent IS NULL" if agency else "WHERE parent IS NULL AND %s::text IS NULL"
    with instance.owner(cluster) as db:
        rows = db.execute(f"SELECT id, reference FROM td_case {where} ORDER BY md5(id::text) LIMIT %s".encode(), [agency, most])
        return [(UUID(str(i)), str(r)) for i, r in rows.fetchall()]


def _rare(cluster: Cluster, agency: str | None, most: int) -> list[str]:
    """Words that a person would look for and that occur once: the number of a plot, out of the text itself."""
    where = "WHERE c.agency = %s" if agency else "WHERE %s::text IS NULL"
    with instance.owner(cluster) as db:
        rows = db.execute(
            f"SELECT substring(s.folded FROM 'thua dat so (\\d+)') FROM td_case_search s JOIN td_case c ON c.id = s.case_id "
            f"{where} ORDER BY md5(s.case_id::text) LIMIT %s".encode(), [agency, most]).fetchall()  # fmt: skip
    return [f"thửa đất số {n}" for (n,) in rows if n]


def _count_found(found: list[int], words: str) -> None:
    from trongdan.core.cases import selectors

    found.append(len(selectors.search(words)))


def _read(case: UUID) -> None:
    from trongdan.core.cases.trail import bodies, load

    if not load([case]) or not bodies([case]):
        raise RuntimeError("a case that the scope does not see was asked for")


def _searches(result: Result, cluster: Cluster, id_: str, label: str, who: Any, agency: str | None, runs: int) -> None:
    pick = random.Random(5)
    kinds = {"frequent": ("từ hay gặp", [pick.choice(FREQUENT) for _ in range(runs + 3)]),
             "some": ("địa danh (vài trăm hồ sơ trong tỉnh)", [pick.choice(hamlets()) for _ in range(runs + 3)]),
             "rare": ("từ hiếm (số thửa)", (_rare(cluster, agency, runs + 3) * 3)[: runs + 3])}  # fmt: skip
    for kind, (words, queries) in kinds.items():
        found: list[int] = []
        asks = [_scoped(who, partial(_count_found, found, q)) for q in queries]
        _timed(result, f"{id_}_search_{kind}", f"{label}: tìm kiếm, {words}", asks)
        result.details.setdefault("found", {})[f"{id_}_{kind}"] = sum(found) / len(found)
        if not sum(found):
            raise RuntimeError(f"search {kind} in {label} finds nothing: that would measure something else")


def _lists(result: Result, cluster: Cluster, runs: int) -> None:
    from trongdan.core.cases import selectors
    from trongdan.core.cases.scope import Scope
    from trongdan.core.cases.trail import today
    from trongdan.doors.cli.demo import actor

    everything = Scope(all=True, identity=True)
    posts = {"commune": ("Một xã", actor("tiepdan"), actor("tiepdan"), HOME_AGENCY),
             "board": ("Ban Tiếp công dân tỉnh (5 % hồ sơ)", actor("bantcd"), actor("bantcd"), BIG_AGENCY),
             "province": ("Toàn tỉnh", everything, actor("bantcd"), None)}  # fmt: skip
    for id_, (label, who, desk, agency) in posts.items():
        with _as(who):
            lines = len(selectors.in_hand(desk))
        _timed(result, f"{id_}_inbox", f"{label}: hộp việc, {lines} dòng đầu",
                 [_scoped(who, partial(selectors.in_hand, desk))] * (runs + 3))  # fmt: skip
        _timed(result, f"{id_}_counts", f"{label}: các con số đầu ngày",
                 [_scoped(who, partial(selectors.morning, desk, today()))] * (runs + 3))  # fmt: skip
        for only in ("open", "late", "closed"):
            of = agency or HOME_AGENCY
            _timed(result, f"{id_}_list_{only}", f"{label}: danh sách của cơ quan ({only})",
                     [_scoped(who, partial(selectors.of_agency, of, only))] * (runs + 3))  # fmt: skip
        cases = [c for c, _ in _cases(cluster, agency, runs + 3)]
        _timed(result, f"{id_}_load", f"{label}: đọc một hồ sơ với dấu vết và lời đơn",
                 [_scoped(who, partial(_read, c)) for c in cases])  # fmt: skip
        _searches(result, cluster, id_, label, who, agency, runs)


def _pages(result: Result, cluster: Cluster, runs: int) -> None:
    """Whole pages through Django, as the web process makes them: sessions, templates, every statement."""
    from django.contrib.auth.models import User
    from django.test import Client

    from trongdan.kinds.letters.intake import token_of

    def get(client: Client, path: str, **query: str) -> Callable[[], None]:
        def run() -> None:
            answer = client.get(path, query)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")

        return run

    for login, label, agency in (("tiepdan", "Một xã", HOME_AGENCY), ("bantcd", "Ban Tiếp công dân tỉnh", BIG_AGENCY)):
        desk = Client(SERVER_NAME="localhost")
        desk.force_login(User.objects.get(username=login))
        cases = _cases(cluster, agency, runs + 3)
        _timed(result, f"{login}_home_page", f"{label}: trang đầu ngày của bàn làm việc",
                 [get(desk, "/ban-lam-viec/")] * (runs + 3))  # fmt: skip
        _timed(result, f"{login}_case_page", f"{label}: trang hồ sơ của cán bộ",
                 [get(desk, f"/ban-lam-viec/ho-so/{c}/") for c, _ in cases])  # fmt: skip
        pick = random.Random(9)
        _timed(result, f"{login}_find_page", f"{label}: trang tìm kiếm, từ hay gặp",
                 [get(desk, "/ban-lam-viec/tim/", q=pick.choice(FREQUENT)) for _ in range(runs + 3)])  # fmt: skip
    public = Client(SERVER_NAME="localhost")
    _timed(result, "track_page", "Trang theo dõi của người gửi",
             [get(public, f"/theo-doi/{r}/{token_of(c)}/") for c, r in _cases(cluster, None, runs + 3)])  # fmt: skip


def _plans(result: Result, cluster: Cluster) -> None:
    """The plan of a frequent search where it was over the limit: what an index has to answer."""
    if all(f.met is not False for f in result.figures):
        return
    slow = [f.id for f in result.figures if f.met is False]
    result.notes.append(f"Quá {LIMIT:g} ms: {len(slow)} phép đo ({', '.join(slow)}).")


def _sizes(cluster: Cluster) -> dict[str, Any]:
    with instance.owner(cluster) as db:
        rows = db.execute(
            "SELECT relname, reltuples::bigint, pg_total_relation_size(oid) / 1048576 FROM pg_class "
            "WHERE relkind = 'r' AND relname LIKE 'td\\_%' AND reltuples > 1000 ORDER BY 3 DESC").fetchall()  # fmt: skip
    return {str(n): {"rows": int(str(r)), "mb": int(str(m))} for n, r, m in rows}


def run(cases: int = 1_000_000, runs: int = 100, keep: Callable[[Cluster], None] | None = None) -> Result:
    """Generate, measure, save. `keep` is called with the server before it goes (to look at plans by hand)."""
    with instance.folder() as home, instance.database(home) as cluster:
        import django
        from django.db import connection

        django.setup()
        from trongdan.kernel.case import VIETNAM

        start = time.monotonic()
        with instance.owner(cluster) as db:
            found = generate(db, cases, datetime.now(VIETNAM))
        took = time.monotonic() - start
        title = f"{found:,} hồ sơ".replace(",", ".")
        result = begin("million", title)
        result.details |= {"cases": found, "generated_seconds": round(took), "sizes": _sizes(cluster)}
        say(f"đo {runs} lần mỗi việc, vai {connection.settings_dict['USER']}")
        with step("Danh sách, hồ sơ, tìm kiếm"):
            _lists(result, cluster, runs)
        with step("Các trang"):
            _pages(result, cluster, runs)
        _plans(result, cluster)
        result.notes += NOTES
        result.save()
        if keep is not None:
            keep(cluster)
        connection.close()
    return result


NOTES = [
    "Vài chục hồ sơ ở mọi giai đoạn được tạo qua chính sản phẩm, rồi nhân lên bằng SQL: mỗi bản sao có mã, số tham chiếu, xã, "
    "người gửi và lời đơn riêng (148 xã, phường; một phần hai mươi ở Ban Tiếp công dân tỉnh).",
    "Đo bằng vai td_web qua các hàm và trang thật, thời gian gồm cả mở và đóng giao dịch, lọc theo phạm vi, dựng "
    "trang; số ghi là 95 % số lần.",
    "Bộ nhớ đệm của PostgreSQL nhúng theo cấu hình sản phẩm (shared_buffers 64 MB); tệp nằm trong bộ nhớ đệm của hệ điều hành.",
]
