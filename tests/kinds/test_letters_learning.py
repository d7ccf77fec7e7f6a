"""What officials make of the machine's reading: drift, examples without names, and a model that a person must approve."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.core.cases.people import official, send, wait_until_readable
from trongdan.core.cases.perform import perform
from trongdan.doors.cli._shell import as_role
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters import model_in_use
from trongdan.kinds.letters.jobs import read_new
from trongdan.kinds.letters.learning import FEW, Month, drifted, examples, months, without_names
from trongdan.law.classify import model as shipped

RUBBISH = "Bãi rác đầu xóm mấy tháng nay không ai thu gom, ruồi bay khắp nhà, mùi hôi không chịu nổi."
RAW = (Path(shipped.__file__).parent / "model.bin").read_bytes()


def classified(text: str, nature: str, **data: Any) -> Any:
    letter = send(text)
    wait_until_readable()
    with as_role("td_job"):
        while read_new():
            pass
    answers = {"nature": nature, "filing_reason": "Theo quy định.", **data}
    perform(Command("letters.letter", str(letter.case), "file", answers), official("reception"))
    return letter.case


@pytest.mark.django_db(transaction=True)
def test_every_decision_is_counted_beside_what_the_machine_said() -> None:
    classified(RUBBISH, "phan_anh")
    classified(RUBBISH + " Đề nghị xử lý.", "kien_nghi")
    with as_role("td_job"):
        (month,) = months()
    assert (month.decided, month.agreed) == (2, 1)
    assert month.into == {("phan_anh", "kien_nghi"): 1}


@pytest.mark.django_db(transaction=True)
def test_examples_need_a_decision_and_hold_no_name_no_number_and_no_denunciation() -> None:
    classified(RUBBISH + " Tôi là Bùi Thị Canary, điện thoại 0912 345 678, theo Quyết định số 214/QĐ-UBND.", "phan_anh")
    classified("Tôi tố cáo ông Đinh Văn Canary nhận tiền. Đề nghị xử lý nghiêm.", "to_cao")
    with as_role("td_job"):
        with pytest.raises(ValueError, match="decision"):
            list(examples(" "))
        (one,) = examples("QĐ 12/QĐ-UBND")
    assert (one.nature, "ruồi bay khắp nhà" in one.text) == ("phan_anh", True)
    for word in ("Canary", "0912", "214"):
        assert word not in one.text


def test_names_and_numbers_go_and_the_words_stay() -> None:
    text = without_names("Ông Nguyễn Văn Canary, CCCD 025971004417, xóm 5, phản ánh đường hỏng 3 năm.")
    assert "Canary" not in text and "025971004417" not in text
    assert "phản ánh đường hỏng 3 năm" in text


def test_a_clear_fall_in_agreement_proposes_a_retraining_and_a_thin_month_does_not() -> None:
    steady = [Month(date(2026, n, 1), 100, 93, {}) for n in range(1, 6)]
    assert not drifted(steady)
    assert drifted([*steady, Month(date(2026, 6, 1), 100, 80, {})])
    assert not drifted([*steady, Month(date(2026, 6, 1), FEW - 1, 2, {})])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRONGDAN_HOME", str(tmp_path))
    model_in_use._kept.cache_clear()
    return tmp_path


LETTERS = [(RUBBISH, "phan_anh"), ("Cho tôi hỏi làm lại thẻ căn cước cần giấy tờ gì, nộp ở đâu?", "hoi_dap")]


def test_a_model_goes_live_by_a_persons_decision_alone_and_says_whose(home: Path) -> None:
    assert model_in_use.in_use() is None
    found = model_in_use.compare(RAW, LETTERS)
    assert (found.letters, found.before, found.after) == (2, 2, 2)
    for by, decision in (("", "QĐ 5"), ("Bà Hà Thị Mẫu", " ")):
        with pytest.raises(Refusal, match="người quyết định"):
            model_in_use.approve(RAW, by, decision, found)
    model_in_use.approve(RAW, "Bà Hà Thị Mẫu, Chánh Văn phòng", "QĐ 5/QĐ-UBND", found)
    statement = model_in_use.approved()
    assert statement is not None and statement["by"].startswith("Bà Hà Thị Mẫu")
    assert model_in_use.in_use() is not None
    assert model_in_use.withdraw() is True
    assert model_in_use.in_use() is None


def test_a_worse_model_and_a_foreign_file_are_refused(home: Path) -> None:
    with pytest.raises(Refusal, match="kém hơn"):
        model_in_use.approve(RAW, "Bà Mẫu", "QĐ 5", model_in_use.Comparison(10, 9, 8))
    for raw in (b"", b"\x00" * 500, RAW[:5000], b"PK\x03\x04" + RAW):
        with pytest.raises(Refusal, match="không phải mô hình"):
            model_in_use.compare(raw, LETTERS)


@pytest.mark.parametrize("spoil", ["model", "statement"])
def test_an_approved_model_that_was_changed_afterwards_is_not_used(home: Path, spoil: str) -> None:
    model_in_use.approve(RAW, "Bà Mẫu", "QĐ 5", model_in_use.compare(RAW, LETTERS))
    folder = home / "reader"
    if spoil == "model":
        (folder / "model.bin").write_bytes(RAW + b"x")
    else:
        statement = json.loads((folder / "approval.json").read_text("utf-8"))
        (folder / "approval.json").write_text(json.dumps(statement | {"by": "Ông khác"}), "utf-8")
    assert model_in_use.approved() is None
    assert model_in_use.in_use() is None
