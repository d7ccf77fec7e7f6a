"""The page before a visit at a million cases: "cần biết gì về xã Kim Bôi", asked as td_web by the province's chair."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from . import instance
from .figures import Result, begin, each_once, say, step
from .generate import HOME_AGENCY, generate

LIMIT = 100.0  # ms, 95 % of the answers
_timed = partial(each_once, limit=LIMIT)
TOPICS = ("giao thông", "đất đai", "môi trường", "thủy lợi", "điện", "nước sạch", "giáo dục", "y tế", "chế độ chính sách",
          "an ninh trật tự", "xây dựng", "hạ tầng", "thu gom rác", "chợ", "văn hóa", "hộ tịch", "thuế", "lao động", "nông nghiệp",
          "cán bộ công chức")  # fmt: skip
QUESTIONS = 200  # of the meeting that each measured commune has


def _spread(db: Any) -> None:
    """Letters of many subjects over a whole year: what the page looks back on."""
    db.execute("UPDATE td_case SET topic = (%s::text[])[1 + abs(hashtext(id::text)) %% 20], "
               "opened_on = opened_on - abs(hashtext(reference)) %% 230 WHERE parent IS NULL", [list(TOPICS)])  # fmt: skip
    db.execute("VACUUM ANALYZE td_case")


def _meeting(db: Any, agency: str) -> None:
    """A conference of a commune with questions, through the product; the questions in SQL."""
    from trongdan.core.cases.perform import perform
    from trongdan.kernel.case import VIETNAM, Actor, Command, Post

    def official(role: str) -> Actor:
        held = Post(f"{agency}/{role}", role, agency)
        return Actor(person=str(UUID(int=7)), posts=(held,), post=held)

    day = (datetime.now(VIETNAM).date() + timedelta(days=20)).isoformat()
    facts = {"occasion": "yearly", "front_agreed": True, "subject": "Tình hình của xã", "held_on": day, "place": "Nhà văn hóa"}
    case = perform(Command("dialogue.conference", None, "plan", facts, agency=agency), official("office")).case
    perform(Command("dialogue.conference", str(case), "notify"), official("office"))
    for role, stage in (("office", "check"), ("head", "sign"), ("registry", "number")):
        more = {"number": "1/TB"} if stage == "number" else {}
        perform(Command("", str(case), f"paper.{stage}", {"paper": "p1", **more}), official(role))
    db.execute("INSERT INTO td_dialogue_question (id, meeting, channel, body, status, public_text, topic, supports, at) "
               "SELECT gen_random_uuid(), %s, 'portal', 'Câu hỏi ' || n, 'released', 'Câu hỏi ' || n, (%s::text[])[1 + n %% 20], "
               "n %% 9, now() - make_interval(days => n) FROM generate_series(1, %s) n",
               [case, list(TOPICS), QUESTIONS])  # fmt: skip


def _plan(db: Any, agency: str) -> list[str]:
    """How the sums are read: the plan of the function's own query."""
    from trongdan.board.listening.heard import declared

    d = declared()
    rows = db.execute(
        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) SELECT c.kind, c.topic, (current_date - c.opened_on) / %s FROM td_case c "
        "WHERE coalesce(c.commune, c.agency) = %s AND c.opened_on > current_date - %s AND c.opened_on <= current_date "
        "AND c.parent IS NULL AND NOT c.vault AND c.secret IS NULL AND c.kind = ANY (%s)",
        [d.span, agency, d.span * d.spans, list(d.kinds)]).fetchall()  # fmt: skip
    return [str(line) for (line,) in rows]


def run(cases: int = 1_000_000, runs: int = 100) -> Result:
    """Generate, measure, save."""
    with instance.folder() as home, instance.database(home) as cluster:
        import django
        from django.db import connection

        django.setup()
        from trongdan.core.agencies.province import province
        from trongdan.kernel.case import VIETNAM

        pick = random.Random(6)
        places = [HOME_AGENCY, *pick.sample([c.agency for c in province().communes if c.agency != HOME_AGENCY], 7)]
        with instance.owner(cluster) as db:
            found = generate(db, cases, datetime.now(VIETNAM))
            with step("Trải đơn ra cả năm, hai mươi lĩnh vực; mỗi xã được đo có một hội nghị"):
                _spread(db)
                for agency in places:
                    _meeting(db, agency)
            db.execute("VACUUM ANALYZE td_dialogue_question")
        result = begin("visit", f"Trước khi về xã: {found:,} hồ sơ".replace(",", "."))
        say(f"đo {runs} lần mỗi việc, vai {connection.settings_dict['USER']}")
        _measured(result, [places[n % len(places)] for n in range(runs + 3)])
        with instance.owner(cluster) as db:
            counted = db.execute(b"SELECT count(*) FROM td_case WHERE coalesce(commune, agency) = %s AND parent IS NULL",
                                 [HOME_AGENCY]).fetchone()  # fmt: skip
            letters = int(str(counted[0])) if counted else 0
            result.details |= {"cases": found, "plan": _plan(db, HOME_AGENCY), "letters_of_the_place": letters}
        result.notes += NOTES
        result.save()
        connection.close()
    return result


def _measured(result: Result, turns: list[str]) -> None:
    """The page, its sums alone, and the list of places, asked for one commune after the other."""
    from django.contrib.auth.models import User
    from django.test import Client

    from trongdan.board.listening import heard
    from trongdan.core.cases.scope import scope
    from trongdan.core.cases.trail import today
    from trongdan.doors.cli.demo import actor

    chair = Client(SERVER_NAME="localhost")
    chair.force_login(User.objects.get(username="chutichtinh"))

    def opened(path: str) -> Callable[[], None]:
        def ask() -> None:
            answer = chair.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")

        return ask

    def summed(place: str) -> Callable[[], None]:
        def ask() -> None:
            with scope(who):
                page = heard.before_a_visit(place, today())
            if len(page.topics) < len(TOPICS) // 2 or not page.examples:
                raise RuntimeError("the page would be empty: that would measure something else")

        return ask

    def listed() -> None:
        with scope(who):
            heard.places(today())

    who = actor("chutichtinh")
    pages = [opened(f"/ban-lam-viec/lang-nghe/{place}/") for place in turns]
    _timed(result, "visit_page", "Trang “cần biết gì về xã …”, tám xã lần lượt", pages)
    _timed(result, "visit_sums", "Riêng phần đọc số liệu của trang ấy", [summed(place) for place in turns])
    each_once(result, "visit_places", "Danh sách 148 xã, phường với số đã nghe", [listed] * len(turns), limit=None)


NOTES = [
    "Hồ sơ tạo bằng SQL như phần một triệu hồ sơ, rồi trải ra cả năm và hai mươi lĩnh vực; mỗi xã được đo có một hội nghị với "
    f"{QUESTIONS} câu hỏi. Người xem là Chủ tịch UBND tỉnh, vai td_web, trang thật qua Django; số ghi là 95 % số lần.",
    "Số đếm đọc thẳng từ chỉ mục riêng (nơi, ngày) của td_case, không có bảng tổng hợp nào phải giữ cho đúng.",
]
