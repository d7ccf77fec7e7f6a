"""The bench's own tools at tiny size: what it reports is what happened."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from bench.figures import Figure, begin, percentile, read
from bench.generate import HOME_AGENCY, copies, generate
from bench.http import Request, build, flood
from bench.portal import address

from bench import reference, report, words
from tests.core.cases.people import official
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.selectors import in_hand, search
from trongdan.core.cases.trail import bodies, load
from trongdan.kernel.case import VIETNAM
from trongdan.kinds.letters.intake import token_of
from trongdan.kinds.letters.tracking import open_by_token


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent and from where; every tenth is an error."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Echo.seen[self.client_address[0]] += 1
        answer = json.dumps({"sent": body.decode(), "from": self.client_address[0]}).encode()
        self.send_response(500 if body.endswith(b"9") else 201)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        """Nothing to the terminal."""


@pytest.fixture
def echo() -> Iterator[int]:
    Echo.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_request_is_sent_once_and_every_answer_is_counted_by_its_status(echo: int) -> None:
    got: list[str] = []
    wanted = (Request(build("POST", "/", echo, str(n).encode()), tag=n) for n in range(50))
    run = flood(echo, wanted, 4, seen=lambda request, status, head, body: got.append(json.loads(body)["sent"]))
    assert run.statuses == {201: 45, 500: 5}
    assert sorted(map(int, got)) == list(range(50))
    assert len(run.latencies) == 50
    assert run.rate == pytest.approx(50 / run.seconds)


def test_senders_come_from_addresses_of_their_own(echo: int) -> None:
    flood(echo, (Request(build("POST", "/", echo, b"1"), address(n)) for n in range(6)), 2)
    assert Echo.seen == {address(n): 1 for n in range(6)}


def test_a_rate_is_kept_and_waiting_for_a_late_start_counts(echo: int) -> None:
    run = flood(echo, (Request(build("POST", "/", echo, b"1")) for _ in range(20)), 2, rate=100)
    assert 0.17 <= run.seconds < 2


def test_a_server_that_hangs_up_is_an_error_and_not_a_fast_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def hang_up() -> None:
            listener.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        port = listener.getsockname()[1]
        with pytest.raises(OSError, match=r"closed|reset|Broken pipe"):
            flood(port, iter([Request(build("POST", "/", port, b"1"))]), 1)


def test_letters_are_the_same_for_a_number_differ_between_numbers_and_are_as_long_as_asked() -> None:
    made = [words.letter(n) for n in range(300)]
    assert made == [words.letter(n) for n in range(300)]
    assert len(set(made)) == 300
    assert all(600 <= len(text) <= words.WANTED + 20 for text in made)


def test_a_percentile_is_one_of_the_values_and_a_missed_target_is_said() -> None:
    assert percentile([5.0, 1.0, 4.0, 2.0, 3.0], 0.95) == 5.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.0
    assert Figure("a", "a", 9, "ms", 10).met
    assert Figure("a", "a", 9, "1/s", 10, more=True).met is False


def test_the_page_is_made_of_the_results_alone(tmp_path: Any) -> None:
    result = begin("law", "Luật")
    result.add("due", "Tính", 1234.5, "µs", 1000)
    file = result.save(tmp_path)
    assert read(file).figures == result.figures
    page = report.page(tmp_path)
    assert "| Tính | 1.234 µs | ≤ 1.000 | **chưa đạt** |" in page or "| Tính | 1.235 µs | ≤ 1.000 | **chưa đạt** |" in page


def test_the_page_in_the_repository_is_the_one_of_the_results_in_the_repository() -> None:
    """Figures are never typed: after measuring, `python -m bench --report` writes the page."""
    assert report.PAGE.read_text("utf-8") == report.page()


@pytest.mark.django_db(transaction=True)
def test_the_script_for_pgbench_is_what_the_product_sends_with_only_the_ids_replaced() -> None:
    script = reference.script()
    assert script.index("set_config") < script.index("INSERT INTO td_case ") < script.index("COMMIT")
    for table in ("td_event", "td_clock", "td_content", "td_identity", "td_command_key", "td_grant"):
        assert table in script
    assert script.count("replace(") == script.count("jsonb_to_recordset(")


@pytest.mark.django_db(transaction=True)
def test_generated_cases_are_read_searched_and_tracked_like_real_ones(owner_db: Any) -> None:
    found = generate(owner_db, 600, datetime.now(VIETNAM))
    assert 500 <= found <= 800
    rows = owner_db.execute("SELECT id, reference, agency FROM td_case WHERE parent IS NULL AND agency <> %s "
                            "ORDER BY md5(id::text) LIMIT 20", [HOME_AGENCY]).fetchall()  # fmt: skip
    for case_id, ref, agency in rows:
        assert open_by_token(ref, token_of(case_id)) == case_id
        with scope(official("reception", agency)):
            loaded = load([case_id])[case_id]
            assert loaded.state.agency == agency
            assert any("thửa đất số" in text for text in bodies([case_id]).values())
            assert bodies([case_id]).keys() >= {loaded.state.fields["text"]["content"]}
    with scope(Scope(all=True)):
        assert search("duong be tong")
    with scope(official("reception", rows[0][2])):
        assert {line.agency for line in in_hand(official("reception", rows[0][2]))} <= {rows[0][2]}
    assert owner_db.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'bench%' AND tablename <> 'bench_copy'").fetchone()[0] == 0


def test_copies_go_to_every_commune_and_to_the_province() -> None:
    from bench.generate import BIG_AGENCY, STAGES, Family

    made = [Family(stage, (None,), "x") for stage, (_, ages) in STAGES.items() for _ in ages]  # type: ignore[arg-type]
    agencies = Counter(agency for _, agency in copies(made, 8000))
    assert len(agencies) == 149
    assert agencies[BIG_AGENCY] == pytest.approx(400, abs=3)
