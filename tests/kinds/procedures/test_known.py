"""Say it once: papers that the state has itself are found in the catalogue however they are named, and told apart by why they are asked."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth.models import User
from django.test import Client

from tests.kinds.procedures.rows import HEAD, row
from tests.kinds.procedures.test_catalogue import bring
from trongdan.kinds.procedures.known import findings, known, paper_of
from trongdan.kinds.procedures.read_row import read_row
from trongdan.kinds.procedures.selectors import asking_again
from trongdan.law import load_law

BIRTH = "Bản sao Giấy khai sinh của trẻ em1 bản chính"


def found(name: str, documents: str) -> list[tuple[str, str]]:
    return [(f.paper.id, f.verdict) for f in findings(name, read_row(row(name=name, documents=documents)).as_body())]


@pytest.mark.parametrize(("named", "paper"), [
    ("Bản sao Giấy khai sinh của trẻ em", "birth"), ("GIẤY KHAI SINH (bản sao)", "birth"), ("Bản chụp thẻ Căn cước công dân", "identity"),
    ("Sổ hộ khẩu của người đề nghị", "residence"), ("Giấy chứng nhận đăng ký doanh nghiệp, bản sao", "business"),
    ("Tờ khai đăng ký lại khai sinh, trong đó cam đoan không còn Giấy khai sinh", None), ("Đơn đề nghị cấp lại giấy phép lái xe", None),
    ("Ảnh 4x6", None), ("Giấy tờ tùy thân của người đi khai (xuất trình)", None), ("Phiếu lý lịch tư pháp số 1", "criminal_record"), ("Giấy chứng nhận kết hôn do nước ngoài cấp", None),
])  # fmt: skip
def test_a_paper_is_known_by_how_it_is_named_and_a_form_that_mentions_it_is_not_it(named: str, paper: str | None) -> None:
    got = paper_of(named)
    assert (got.id if got else None) == paper


def test_what_is_asked_outright_only_if_not_found_or_as_the_very_paper_to_be_changed_is_told_apart() -> None:
    assert found("Cấp giấy phép nuôi ong", HEAD + BIRTH) == [("birth", "asked")]
    assert found("Cấp giấy phép nuôi ong", HEAD + "Giấy khai sinh trong trường hợp không khai thác được thông tin1 bản chính") == [("birth", "if_not_found")]
    assert found("Cấp giấy phép nuôi ong", HEAD + "Giấy khai sinh, không phải nộp nếu đã có trong cơ sở dữ liệu1 bản chính") == [("birth", "if_not_found")]
    assert found("Cải chính Giấy khai sinh", HEAD + BIRTH) == [("birth", "own")]


def test_every_known_paper_says_who_has_it_and_the_rule_says_that_it_was_not_read() -> None:
    assert all(p.holder and p.says and p.name for p in known().papers)
    assert len({p.id for p in known().papers}) == len(known().papers)
    assert "chưa đối chiếu" in known().basis
    assert load_law()


@pytest.mark.django_db(transaction=True)
def test_the_list_names_the_procedure_the_paper_and_who_has_it_at_the_desk_and_at_the_counter() -> None:
    bring(row(documents=HEAD + BIRTH), row("1.900002", "Cải chính Giấy khai sinh", documents=HEAD + BIRTH), row("1.900003", "Ba"), on=date(2026, 1, 1))
    assert [(v.code, [f.paper.id for f in v.findings]) for v in asking_again(date(2026, 9, 1))] == [("1.900001", ["birth"])]
    clerk = Client()
    clerk.force_login(User.objects.get(username="motcua"))
    page = clerk.get("/ban-lam-viec/giay-to-da-co/", {"linh-vuc": "Nuôi ong"}).content.decode()
    assert "Cấp giấy phép nuôi ong trong rừng" in page
    assert "Cơ sở dữ liệu hộ tịch điện tử" in page
    assert "Cải chính Giấy khai sinh" not in page
    counter = clerk.get("/ban-lam-viec/mot-cua/", {"ma": "1.900001"}).content.decode()
    assert "Nhà nước đã có: tra trước khi hỏi" in counter
    assert "Nhà nước đã có" not in clerk.get("/ban-lam-viec/mot-cua/", {"ma": "1.900002"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_command_prints_a_line_of_json_a_procedure(monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    from trongdan.doors.cli.procedures import command

    bring(row(documents=HEAD + BIRTH), on=date(2026, 1, 1))
    monkeypatch.setattr("trongdan.doors.cli.procedures.database", lambda _role: nullcontext())
    printed = CliRunner().invoke(command, ["asks", "--json"])
    assert printed.exit_code == 0, printed.output
    told: dict[str, Any] = json.loads(printed.stdout.splitlines()[0])
    assert (told["code"], told["papers"][0]["paper"], told["papers"][0]["number"]) == ("1.900001", "birth", 1)


def test_over_the_published_catalogue_each_finding_holds_a_phrase_that_names_the_paper() -> None:
    file = Path(os.environ.get("TRONGDAN_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "procedures.jsonl"
    if not file.is_file():
        pytest.skip("THE CATALOGUE IS NOT HERE: TRONGDAN_SHARED must name the folder that has data/procedures.jsonl")
    counts = {"asked": 0, "if_not_found": 0, "own": 0}
    for line in file.read_text("utf-8").splitlines():
        one = read_row(json.loads(line))
        for f in findings(one.name, one.as_body()):
            counts[f.verdict] += 1
            assert paper_of(f.asked) is f.paper
    assert counts["asked"] > counts["own"] > 20
    assert counts["if_not_found"] > 100
