"""`trongdan law …`: deadlines on the command line, for people and for machines. No database."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from trongdan.doors.cli.law import command
from trongdan.kernel.errors import Refusal
from trongdan.law import load_law


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, list(arguments), input=stdin)


def row(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


def test_an_answer_has_the_rule_its_version_the_day_the_article_the_mark_and_the_steps() -> None:
    found = row("due", "KN-02", "--from", "2026-07-06")
    assert {"rule", "version_from", "due", "basis", "verified", "steps"} <= set(found)
    assert (found["rule"], found["version_from"], found["due"], found["verified"]) == ("KN-02", "2026-07-01", "2026-07-15", "primary")
    assert "NĐ 155/2026" in found["basis"]
    assert {"day", "vi", "en"} == set(found["steps"][0])
    assert found["caution_due"] == "2026-07-16"
    assert found["forms"]


@pytest.mark.parametrize(("rule", "start", "variant", "due", "since"), [
    ("KN-02", "2026-06-30", None, "2026-07-10", "2012-07-01"), ("KN-02", "2026-07-01", None, "2026-07-10", "2026-07-01"),
    ("DD-06", "2025-12-31", None, "2026-01-30", "2024-08-01"), ("DD-06", "2026-01-01", None, "2026-01-12", "2026-01-01"),
    ("DD-07", "2025-12-31", None, "2026-03-02", "2024-08-01"), ("DD-07", "2026-03-02", None, "2026-04-01", "2026-01-01"),
    ("DD-01", "2025-12-31", "nong_nghiep", "2025-10-02", "2024-08-01"), ("DD-01", "2026-01-01", "nong_nghiep", "2025-11-02", "2026-01-01"),
    ("DD-01", "2025-12-31", "phi_nong_nghiep", "2025-07-04", "2024-08-01"), ("DD-01", "2026-06-20", "phi_nong_nghiep", "2026-02-20", "2026-01-01"),
    ("KN-03", "2026-07-13", "complex", "2026-08-27", "2012-07-01"), ("KN-03", "2026-07-13", "remote", "2026-08-27", "2012-07-01"),
    ("KN-03", "2026-07-13", "remote_complex", "2026-09-11", "2012-07-01"), ("KN-02b", "2026-07-06", None, "2026-07-15", "2026-07-01"),
])  # fmt: skip
def test_the_date_picks_the_version_and_the_variant_the_limit(rule: str, start: str, variant: str | None, due: str, since: str) -> None:
    found = row("due", rule, "--from", start, *(["--variant", variant] if variant else []))
    assert (found["due"], found["version_from"]) == (due, since)


def test_people_read_it_in_vietnamese_or_in_english() -> None:
    vietnamese = run("due", "KN-03", "--from", "2026-07-13").output
    english = run("due", "KN-03", "--from", "2026-07-13", "--lang", "en").output
    assert "Ngày cuối cùng của thời hạn: 12/08/2026" in vietnamese
    assert "Last day: 2026-08-12." in english
    assert "Ngày cuối" not in english


def test_a_pause_and_an_extension_can_be_given() -> None:
    assert row("due", "KN-03", "--from", "2026-07-13", "--pause", "2026-07-20..2026-07-30")["due"] == "2026-08-22"
    open_ = row("due", "KN-03", "--from", "2026-07-13", "--pause", "2026-07-20..")
    assert (open_["due"], open_["days_left"]) == (None, 24)
    assert row("due", "TC-05", "--from", "2026-07-06", "--extended", "1")["due"] == "2026-09-04"


@pytest.mark.parametrize(("rule", "words"), [("PAKN-02", "không quy định số ngày"), ("TCD-02", "ít nhất 2"), ("DD-11", "trước và sau")])
def test_a_rule_without_a_day_says_why_instead(rule: str, words: str) -> None:
    found = row("due", rule, "--from", "2026-08-05")
    assert found["due"] is None
    assert words in found["reason"]
    assert {"rule", "version_from", "basis", "verified", "steps"} <= set(found)


def test_lines_are_answered_in_order_and_a_bad_one_is_told_and_passed_over() -> None:
    lines = [{"rule": "KN-02", "from": "2026-07-06"}, {"rule": "KN-03", "from": "2026-07-13", "variant": "complex"}, {"rule": "NO-1", "from": "2026-07-06"},
             {"rule": "KN-02"}, {"rule": "KN-02", "from": "hôm qua"}, {"rule": "KN-01", "from": "2027-12-01"}, {"rule": "TC-02", "from": "2026-07-06"}]  # fmt: skip
    done = run("due", "--jsonl", "-", stdin="\n".join([json.dumps(x) for x in lines[:2]] + ["", "{not json"] + [json.dumps(x) for x in lines[2:]]))
    got = [json.loads(x) for x in done.output.splitlines()]
    assert [g.get("due") for g in got] == ["2026-07-15", "2026-08-27", None, None, None, None, None, "2026-07-13"]
    assert [g["line"] for g in got if "error" in g] == [4, 5, 6, 7, 8]
    assert all(g["error"] for g in got if "error" in g)
    assert done.exit_code == 1
    assert run("due", "--jsonl", "-", stdin=json.dumps(lines[0])).exit_code == 0


def test_what_is_wrong_with_a_line_is_said_in_vietnamese_and_every_other_line_is_answered() -> None:
    bad = {b"\xff\xfe{": "UTF-8", b"[1]": "đối tượng", b"{not json": "không phải JSON", b'{"from":"2026-07-06"}': "Thiếu “rule”",
           b'{"rule":"KN-02","from":20260706}': "“from” phải là chữ", b'{"rule":"KN-02","from":"2026-W28-1"}': "không phải ngày",
           b'{"rule":"KN-02","from":"2026-02-30"}': "không phải ngày có thật", b'{"rule":"KN-03","from":"2026-07-06","variant":7}': "“variant”",
           b'{"rule":"KN-03","from":"2026-07-06","pauses":["x"]}': "“pauses”", b'{"rule":"KN-03","from":"2026-07-06","extended":"1"}': "“extended”",
           b'{"rule":"DD-01","from":"2026-07-06"}': "đất nông nghiệp", b'{"rule":"KN-02a","from":"2026-07-06"}': "không còn hiệu lực",
           b'{"rule":"KN-01","from":"2027-12-01"}': "Chưa có lịch nghỉ năm 2028"}  # fmt: skip
    good = b'{"rule":"KN-02","from":"2026-07-06"}'
    done = CliRunner().invoke(command, ["due", "--jsonl", "-"], input=b"\n".join(x for line in bad for x in (line, good)) + b"\n")
    got = [json.loads(x) for x in done.output.splitlines()]
    assert [g.get("due") for g in got[1::2]] == ["2026-07-15"] * len(bad)
    for number, (answer, words) in enumerate(zip(got[::2], bad.values(), strict=True)):
        assert answer["line"] == 2 * number + 1
        assert words in answer["error"], answer
    assert done.exit_code == 1


def test_a_line_may_bring_an_id_pauses_and_extensions() -> None:
    lines = [{"id": 9, "rule": "KN-03", "from": "2026-07-13", "pauses": [["2026-07-20", "2026-07-30"]]},
             {"rule": "TC-05", "from": "2026-07-06", "extended": 1}, {"rule": "KN-03", "from": "2026-07-13", "pauses": [["2026-07-20", None]]}]  # fmt: skip
    got = [json.loads(x) for x in run("due", "--jsonl", "-", stdin="\n".join(map(json.dumps, lines))).output.splitlines()]
    assert (got[0]["id"], got[0]["due"], got[1]["due"], got[2]["due"], got[2]["days_left"]) == (9, "2026-08-22", "2026-09-04", None, 24)


def test_a_version_answers_only_for_its_own_days() -> None:
    assert row("due", "KN-02a", "--from", "2026-06-30")["due"] == "2026-07-10"
    for version, day in (("KN-02a", "2026-07-01"), ("KN-02b", "2026-06-30"), ("DD-06b", "2025-12-31")):
        refused = run("due", version, "--from", day).exception
        assert isinstance(refused, Refusal)
        assert version in refused.message


def test_hours_end_at_an_hour_when_the_hour_is_known() -> None:
    exact, day = row("due", "BV-04", "--from", "2026-07-06T08:30"), row("due", "BV-04", "--from", "2026-07-06")
    assert (exact["due"], exact["due_at"]) == ("2026-07-09", "2026-07-09T08:30+07:00")
    assert (day["due"], day["due_at"]) == ("2026-07-09", None)
    assert "Hết hạn lúc 8 giờ 30 ngày 09/07/2026." in [s["vi"] for s in exact["steps"]]


def test_the_deputies_summary_is_counted_back_from_the_opening_and_forward_from_the_closing() -> None:
    assert row("due", "CT-02", "--from", "2026-10-20")["due"] == "2026-10-05"
    after = row("due", "CT-02", "--from", "2026-12-10", "--variant", "after_closing")
    assert after["due"] == "2026-12-25"
    assert "đếm từ ngày hôm sau" in str(after["steps"])


def test_a_duty_of_a_period_names_the_period_and_the_span_around_tet_its_days() -> None:
    assert row("due", "TCD-02", "--from", "2026-08-05")["period"] == ["2026-08-01", "2026-08-31"]
    assert row("due", "DD-11", "--from", "2026-03-01")["span"] == ["2026-02-02", "2026-03-04"]
    assert "22/01/2027–21/02/2027" in row("due", "DD-11", "--from", "2026-03-05")["reason"]


def test_what_cannot_be_computed_is_a_sentence_and_an_exit_code() -> None:
    assert isinstance(run("due", "KN-99", "--from", "2026-07-06").exception, Refusal)
    missing = run("due", "KN-01", "--from", "2027-12-01")
    assert missing.exit_code == 1
    assert "Chưa có lịch nghỉ năm 2028" in missing.output
    assert run("due", "KN-02").exit_code == 2
    assert run("due", "KN-02", "--from", "6/7/2026").exit_code == 2
    assert run("due", "KN-03", "--from", "2026-07-06", "--pause", "tuần sau").exit_code == 2


def test_a_refusal_on_the_real_command_line_is_exit_three_and_no_traceback() -> None:
    done = subprocess.run([sys.executable, "-m", "trongdan", "law", "due", "DD-01", "--from", "2026-07-06"], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "cần nêu trường hợp" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_rules_are_one_array_and_on_a_day_only_those_in_force() -> None:
    everything = json.loads(run("rules", "--json").output)
    assert {r["rule"] for r in everything} == set(load_law().rules)
    assert len(everything) > 90
    july = {r["version"] for r in json.loads(run("rules", "--on", "2026-07-01", "--json").output)}
    assert {"KN-02b", "TCD-02"} <= july
    assert not {"KN-02a", "TCD-01", "DD-01a"} & july
    kn3 = next(r for r in everything if r["version"] == "KN-03")
    assert (kn3["value"], kn3["unit"], kn3["variants"]["remote_complex"]) == (30, "calendar_day", 60)
    words = run("rules", "--on", "2026-07-01").output
    assert "7 ngày làm việc" in words
    assert "vụ việc phức tạp 45" in words


def test_check_lists_what_was_not_read_and_where_the_rest_was() -> None:
    lines = [json.loads(x) for x in run("check", "--json").output.splitlines()]
    ids = {x["id"] for x in lines}
    assert {"DD-09", "MC-02", "2026-11-24", "thue.xa"} <= ids
    assert not {"KN-02b", "TC-05"} & ids
    assert "chưa đối chiếu" in run("check").output


def test_diff_tells_what_changed_between_two_days() -> None:
    rows = {x["rule"]: x for x in map(json.loads, run("diff", "2026-06-30", "2026-07-01", "--json").output.splitlines())}
    assert rows["KN-02"]["change"] == "changes"
    assert (rows["KN-02"]["before"]["value"], rows["KN-02"]["after"]["value"]) == (10, 7)
    assert rows["TCD-13"]["before"] is None
    assert "10 ngày" in run("diff", "2026-06-30", "2026-07-01").output


def test_met_answers_for_a_period() -> None:
    short = json.loads(run("met", "TCD-02", "--in", "2026-07-05", "2026-07-02", "--json").output)
    assert (short["met"], short["missing"], short["first"], short["last"]) == (False, 1, "2026-07-01", "2026-07-31")
    assert "2/2" in run("met", "TCD-02", "--in", "2026-07-05", "2026-07-02", "2026-07-16").output
    assert isinstance(run("met", "KN-03", "--in", "2026-07-05").exception, Refusal)


def test_who_answers_from_the_names_people_use() -> None:
    found = row("who", "to_cao", "--about", "Công an xã Mường Lạc", "--official", "Trưởng Công an xã", "--on", "2026-07-06")
    assert (found["settler"], found["does"], found["clock"]) == ("Giám đốc Công an tỉnh", "chuyen", "TC-02")
    assert found["about"] == {"level": "xa", "kind": "cong_an", "post": "head"}
    words = run("who", "khac", "--sign", "land_dispute", "--on", "2026-07-06").output
    assert "Hòa giải tranh chấp đất đai" in words
    accepted = run("who", "khieu_nai", "--about", "UBND xã", "--official", "Chủ tịch UBND xã").output
    assert "Thụ lý" in accepted
    assert "Cũng có quyền: Khởi kiện" in accepted
    assert run("who", "don_thu").exit_code == 2


def test_the_checklist_is_printed_with_its_articles() -> None:
    rows = [json.loads(x) for x in run("checklist", "khieu_nai", "--on", "2026-07-06", "--json").output.splitlines()]
    assert {"unsigned", "time_barred", "second_decision"} <= {r["id"] for r in rows}
    assert next(r["rule"] for r in rows if r["id"] == "time_barred") == "KN-01"
    assert "Luật Tố cáo Đ29 k1 đ.a" in run("checklist", "to_cao").output
