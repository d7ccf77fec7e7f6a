"""What PostgreSQL alone reaches with the very statements of an intake: by pgbench, on the same server.

The script is not written by hand: one letter is recorded through the product, the statements it sent are taken down, and
only what must differ from row to row (ids, reference, key) is put in by pgbench.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

from trongdan.platform.postgres import NAME, Cluster
from trongdan.platform.postgres.binaries import binaries

from .words import letter, name_of

# Ids stay in order of time, as the product's are (UUID version 7): a client's counter above the client's number.
COPY = "bench_copy"
STEP = r"\set n :n + 1" + "\n" + r"\set d 100000000000 + :n * 100 + :client_id"
MARK = "@d@"
ID = "01930000-0000-7000-{}-" + MARK
_LITERAL = re.compile(r"jsonb_to_recordset\(( *E?'(?:[^'\\]|''|\\.)*')\)")


def program() -> str:
    """pgbench of the server's own programs, else of the machine."""
    own = binaries() / "pgbench"
    found = str(own) if own.exists() else shutil.which("pgbench")
    if not found:
        raise FileNotFoundError("pgbench")
    return found


def statements(number: int = 1) -> tuple[list[str], dict[str, str]]:
    """The statements of one intake between BEGIN and COMMIT, and what in them must differ: text -> variable."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from trongdan.core.cases.perform import perform
    from trongdan.kinds.letters import intake

    def record(n: int) -> tuple[str, Any]:
        key = str(uuid4())
        sent = intake.Letter(letter(n), "c04978", "api", {"name": name_of(n), "phone": "0900000000"}, facts={"commune": "c04978"})
        return key, perform(intake.letter_command(sent), intake.SENDER, key, client="bench", identity=sent.sender)

    record(number)  # connects and loads the kinds
    with CaptureQueriesContext(connection) as queries:
        key, done = record(number + 1)
    changing = {str(done.case): ID.format("8000"), done.reference: MARK, key: MARK}
    changing |= {str(row["id"]): ID.format(f"{0x8001 + i:x}") for i, row in enumerate(done.contents)}
    connection.close()
    return [str(q["sql"]) for q in queries if q["sql"] not in ("BEGIN", "COMMIT")], changing


def script() -> str:
    """A pgbench script of one intake. Raises ValueError if something would not differ from row to row."""
    sent, changing = statements()
    text = ";\n".join(sent)
    for old, new in changing.items():
        if old not in text:
            raise ValueError(f"{old} is not in what was sent")
        text = text.replace(old, new)
    if MARK in _LITERAL.sub("", text):
        raise ValueError("a value that must differ lies outside the rows")
    return f"{STEP}\nBEGIN;\n{_LITERAL.sub(_varied, text)};\nCOMMIT;\n"


def _varied(found: re.Match[str]) -> str:
    """A literal of rows whose marks become the number of the run. pgbench takes `:word` for a variable even in a literal."""
    escape = r"\\u003a" if found[1].lstrip().startswith("E") else r"\u003a"
    spaced = re.sub(r'(?<!\\)":(?=[a-z])', '": ', found[1])  # after a key; the others are inside of words
    literal = re.sub(r":(?=[A-Za-z_])", lambda _: escape, spaced)
    return f"jsonb_to_recordset(replace({literal}, '{MARK}', :d)::jsonb)"


def measure(cluster: Cluster, file: Path, seconds: int, clients: int = 16) -> dict[str, float]:
    """{tps, latency_ms} of the script under td_web, in a copy of the database, so that nobody reads on what it wrote."""
    cluster.create_database(COPY, template=NAME)
    try:
        return _run(cluster, file, seconds, clients)
    finally:
        cluster.drop_database(COPY)


def _run(cluster: Cluster, file: Path, seconds: int, clients: int) -> dict[str, float]:
    done = subprocess.run(
        [program(), "-n", "-f", str(file), "-c", str(clients), "-j", "2", "-T", str(seconds), "-M", "prepared", "-D", "n=0",
         "-h", str(cluster.socket), "-U", "td_web", COPY],
        capture_output=True, text=True, check=False)  # fmt: skip
    tps = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    if done.returncode != 0 or tps is None or (failed and failed.group(1) != "0"):
        raise RuntimeError(f"pgbench: {done.stdout[-800:]} {done.stderr[-800:]}")
    latency = re.search(r"latency average = ([\d.]+) ms", done.stdout)
    return {"tps": float(tps.group(1)), "latency_ms": float(latency.group(1)) if latency else 0.0}
