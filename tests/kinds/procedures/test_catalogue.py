"""The catalogue in the database: versions by date in force, the difference before it applies, and what each page costs."""

from __future__ import annotations

import json
import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.kinds.procedures.rows import lines, row
from tests.roles import worker
from trongdan.core.cases.trail import today
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures import selectors, services
from trongdan.kinds.procedures.models import CatalogueImport, ProcedureVersion
from trongdan.kinds.procedures.took import took

pytestmark = pytest.mark.django_db(transaction=True)
DATA = Path(os.environ.get("TRONGDAN_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "procedures.jsonl"


def bring(*rows: dict[str, Any], on: date | None = None, **how: Any) -> services.Difference:
    with worker():
        read = services.read_lines(lines(*rows))
        difference = services.compare(read, on or today(), **how)
        services.apply(read, difference, "t.jsonl", "kiểm thử")
    return difference


def test_a_second_import_shows_what_is_added_changed_gone_and_the_same() -> None:
    bring(row(), row("1.900002", "Hai"), row("1.900003", "Ba"))
    with worker():
        read = services.read_lines(lines(row(duration="3 Ngày làm việc"), row("1.900002", "Hai"), row("1.900004", "Bốn")))
        found = services.compare(read, today())
    assert (found.added, found.gone, found.same) == (["1.900004"], ["1.900003"], 1)
    assert [(c.code, c.parts) for c in found.changed] == [("1.900001", ("thời hạn",))]
    assert selectors.procedure("1.900001", today()).body["durations"][0]["value"] == 5, "shown, not applied"  # type: ignore[union-attr]


def test_versions_follow_the_day_they_come_into_force() -> None:
    first, later = today() - timedelta(days=30), today()
    bring(row(), row("1.900002", "Hai"), on=first)
    bring(row(duration="3 Ngày làm việc"), on=later)
    values = [selectors.procedure("1.900001", day).body["durations"][0]["value"] for day in (first, later - timedelta(days=1), later)]  # type: ignore[union-attr]
    assert values == [5, 5, 3]
    assert selectors.procedure("1.900001", first - timedelta(days=1)) is None
    assert selectors.procedure("1.900002", later) is None
    assert selectors.ended("1.900002", later) == later - timedelta(days=1)


def test_a_part_of_the_catalogue_ends_nothing_and_history_is_not_written_underneath() -> None:
    bring(row(), row("1.900002", "Hai"))
    assert bring(row("1.900003", "Ba"), partial=True).gone == []
    assert selectors.procedure("1.900002", today()) is not None
    with pytest.raises(Refusal) as refusal:
        bring(row(duration="9 Ngày"), on=today() - timedelta(days=5), partial=True)
    assert refusal.value.code == "catalogue.later"


def test_a_correction_of_the_same_day_takes_the_place_of_what_it_corrects() -> None:
    bring(row())
    bring(row(duration="4 Ngày làm việc"))
    assert ProcedureVersion.objects.filter(code="1.900001").count() == 1
    assert selectors.procedure("1.900001", today()).body["durations"][0]["value"] == 4  # type: ignore[union-attr]


def test_bad_lines_are_refused_with_their_number_and_the_others_come_in() -> None:
    read = services.read_lines([b"{", *lines(row(), row()), b"\xff\xfe\n", b"\n", *lines(row("kein", "X"))])
    assert [(n, c) for n, c, _ in read.refused] == [(1, "line.json"), (3, "procedure.doubled"), (4, "line.encoding"), (6, "procedure.code")]
    assert list(read.procedures) == ["1.900001"]


def test_the_web_can_read_the_catalogue_and_not_write_it() -> None:
    bring(row())
    with pytest.raises(Exception, match="permission denied"):
        CatalogueImport.objects.create(in_force=today(), file="x", sha256="x", by="x")


def test_search_and_pages_ask_the_database_little_and_see_a_new_import_at_once(client: Client) -> None:
    bring(row(), row("1.900002", "Cấp giấy phép nuôi dê"))
    client.get("/api/v1/procedures", {"q": "nuoi ong"})
    with CaptureQueriesContext(connection, ) as asked:
        found = client.get("/api/v1/procedures", {"q": "giay phep nuoi ong", "limit": 1}).json()
    assert len(asked) == 1, "only whether another import came"
    assert (found["total"], found["items"][0]["code"]) == (2, "1.900001")
    assert {k: found["items"][0][k] for k in ("level", "duration", "fee")} == {"level": "Cấp xã", "duration": "5 ngày làm việc", "fee": "Miễn phí"}
    for path, statements in (("/thu-tuc/?q=nuoi+ong", 1), ("/thu-tuc/1.900001/", 2), ("/api/v1/procedures/1.900001", 2)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, path
        assert len(asked) == statements, path
    bring(row("1.900009", "Cấp giấy phép nuôi hươu"), partial=True)
    assert client.get("/api/v1/procedures", {"q": "nuoi huou"}).json()["total"] == 1


def test_a_page_says_who_what_how_long_how_much_and_where(client: Client) -> None:
    bring(row(fee="25,000 Việt Nam Đồng(/tờ)", note="05 ngày làm việc; trường hợp xa thì 15 ngày"))
    page = client.get("/thu-tuc/1.900001/").content.decode()
    for words in ("5 ngày làm việc", "25.000 đồng", "Đơn đề nghị", "(1 bản chính)", "Công dân Việt Nam", "bất kỳ Trung tâm", "15 ngày", "118/2025/NĐ-CP",
                  "chưa có đủ năm người"):  # fmt: skip
        assert words in page, words
    english = client.get("/thu-tuc/1.900001/", headers={"cookie": "django_language=en"}).content.decode()
    assert "What to bring" in english


def test_a_repealed_procedure_says_so_and_an_unknown_one_is_not_found(client: Client) -> None:
    bring(row(), row("1.900002", "Hai"), on=today() - timedelta(days=9))
    bring(row())
    gone = client.get("/thu-tuc/1.900002/")
    assert gone.status_code == 410
    assert "không còn áp dụng" in gone.content.decode()
    for unknown in ("9.999999", "x", "1.900001%00"):
        assert client.get(f"/thu-tuc/{unknown}/").status_code == 404
        answer = client.get(f"/api/v1/procedures/{unknown}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_life_events_and_fields_lead_to_procedures(client: Client) -> None:
    bring(row("1.001193", "Thủ tục đăng ký khai sinh", field="Hộ tịch"), row())
    page = client.get("/thu-tuc/viec/sinh-con/").content.decode()
    assert "Thủ tục đăng ký khai sinh" in page
    assert "2.000986" not in page, "what the catalogue lacks is left out"
    assert client.get("/thu-tuc/viec/bay/").status_code == 404
    assert "Nuôi ong" in client.get("/thu-tuc/").content.decode()
    assert "nuôi ong trong rừng" in client.get("/thu-tuc/", {"linh-vuc": "Nuôi ong"}).content.decode()
    assert "Sinh con" in client.get("/thu-tuc/", {"q": "moi sinh con"}).content.decode()


def test_an_empty_catalogue_says_that_nothing_was_imported(client: Client) -> None:
    assert "chưa được nhập" in client.get("/thu-tuc/").content.decode()
    assert client.get("/api/v1/procedures?q=khai+sinh").json() == {"items": [], "total": 0}


def test_how_long_it_took_is_not_said_of_fewer_than_five() -> None:
    assert took("1.900001") is None


def test_the_demonstration_has_a_few_and_the_first_real_import_takes_their_place() -> None:
    with worker():
        assert services.apply_demo(date(2025, 7, 1))
        assert not services.apply_demo(date(2025, 7, 1))
        read = services.read_lines(lines(row("1.001193", "Thủ tục đăng ký khai sinh")))
        difference = services.compare(read, today())
    assert difference.first
    assert "1.001612" in difference.gone
    assert [c.code for c in difference.changed] == ["1.001193"]


@pytest.mark.skipif(not DATA.exists(), reason=f"CHƯA THỬ NHẬP DANH MỤC THẬT: không có {DATA} (đặt TRONGDAN_SHARED)")
def test_the_real_catalogue_comes_in_whole_and_a_second_time_changes_nothing() -> None:
    start = time.monotonic()
    with worker(), DATA.open("rb") as opened:
        read = services.read_lines(opened)
        assert (len(read.procedures), read.refused) == (2849, [])
        services.apply(read, services.compare(read, today()), DATA.name, "kiểm thử")
        again = services.compare(read, today())
    assert (again.empty, again.same) == (True, 2849)
    assert time.monotonic() - start < 90, "bench/ says how fast; this only says that it ends"
    understood = [p for p in read.procedures.values() if any(d.unit for d in p.durations)]
    assert len(understood) > 2400
    assert json.dumps(read.notes())
    assert selectors.search("lam lai so do", today(), 1)[0][0].code == "1.012786"
