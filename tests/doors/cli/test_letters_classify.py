"""`trongdan letters classify`: a line in, a line out, in order; bad lines are told and passed over."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner

from trongdan.doors.cli.main import cli

GOOD = {"id": "a", "text": "Cho tôi hỏi làm lại thẻ căn cước cần giấy tờ gì, nộp ở đâu, bao lâu có?"}


def run(lines: list[bytes], *options: str) -> tuple[int, list[str], str]:
    result = CliRunner().invoke(cli, ["letters", "classify", "-", *options], input=b"\n".join(lines))
    return result.exit_code, result.stdout.splitlines(), result.stderr


def test_each_letter_gives_one_line_in_the_order_they_came() -> None:
    code, out, err = run([json.dumps({**GOOD, "id": n}).encode() for n in (3, 1, 2)], "--json", "--on", "2026-07-06")
    rows = [json.loads(line) for line in out]
    assert (code, err, [row["id"] for row in rows]) == (0, "", [3, 1, 2])
    assert rows[0]["nature"] == "hoi_dap"
    assert rows[0]["field"] == "TTHC"
    assert list(rows[0]) == ["id", "nature", "nature_p", "field", "field_p", "parts", "named", "admissible", "competent", "urgent", "because"]


def test_bad_lines_are_told_with_their_number_and_the_others_are_read() -> None:
    code, out, err = run([b"{", b'{"id": 1}', b"\xff\xfe", b"[" * 5000, b"", json.dumps(GOOD).encode()], "--json")
    assert code == 1
    assert [json.loads(line)["id"] for line in out] == ["a"]
    for number, words in ((1, "không phải JSON"), (2, "trường text"), (3, "không phải UTF-8"), (4, "không phải JSON")):
        assert f"Dòng {number}: " in err and words in err


def test_people_get_a_table_that_says_when_a_person_must_classify() -> None:
    _code, out, _err = run([json.dumps(GOOD).encode(), json.dumps({"id": "b", "text": "alo alo 123"}).encode()])
    assert out[0].split("\t")[:2] == ["a", "hỏi đáp"]
    assert len(out) == 2


def test_it_needs_no_database_and_no_network() -> None:
    code = ("import sys; sys.argv = ['trongdan', 'letters', 'classify', '-', '--json']\n"
            "from trongdan.doors.cli.main import main\n"
            "try:\n    main()\nexcept SystemExit:\n    pass\n"
            "assert 'django.db' not in sys.modules and 'numpy' not in sys.modules")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(GOOD).encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
