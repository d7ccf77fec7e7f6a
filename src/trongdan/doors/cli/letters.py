"""`trongdan letters import|classify FILE`: letters from JSONL, streamed, in order, refused lines with their reasons."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import click

from trongdan.kernel.case import Actor, Command, Post
from trongdan.kernel.errors import Refusal

from ._letters_model import drift, examples, model
from ._shell import database, say

BATCH = 200
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]").search  # what no database and no letter holds
FALLBACK = "ban-tcd"  # a letter that names no known commune goes to the province's reception board


@click.group(short_help="Nhập đơn từ tệp, đọc thử đơn.")
def command() -> None:
    """Đơn: nhập từ tệp JSONL; đọc thử để xem đơn thuộc loại nào; mô hình đọc đơn đang dùng."""


for _part in (drift, examples, model):
    command.add_command(_part)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with open(file, "rb") as lines:
        yield from enumerate(lines, 1)


def _row(line: bytes) -> dict[str, Any]:
    """A line as an object with a text. Raises Refusal with what is wrong."""
    try:
        row: Any = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refusal("line.encoding", "Dòng không phải UTF-8.") from None
    except (ValueError, RecursionError):
        raise Refusal("line.json", "Dòng không phải JSON.") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise Refusal("line.text", "Dòng cần có trường text là chuỗi.")
    return row


def _item(line: bytes) -> tuple[Command, dict[str, str], str, str]:
    """(command, identity, key, fingerprint) of a line. Raises Refusal with what is wrong."""
    from trongdan.core.agencies.places import find_place, find_place_in
    from trongdan.kinds.letters.intake import Letter, letter_command

    row = _row(line)
    commune = row.get("commune") if isinstance(row.get("commune"), str) else ""
    places = find_place(commune) if commune else []
    found = places[0] if places else find_place_in(row["text"])
    agency = found.commune.agency if found else FALLBACK
    sender = {k: str(v)[:400] for k, v in (row.get("sender") or {}).items() if v} if isinstance(row.get("sender"), dict) else {}
    facts = {"commune": agency} if found else {}
    key = str(row.get("id") or sha256(line).hexdigest())[:150]
    if _UNSTORABLE("".join((row["text"], key, *sender.values()))):
        raise Refusal("line.characters", "Dòng có ký tự không thuộc văn bản (NUL hoặc nửa ký tự).")
    return letter_command(Letter(row["text"], agency, "import", sender, facts=facts)), sender, key, sha256(line).hexdigest()


@command.command("import", short_help="Nhập đơn từ JSONL.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Ghi các dòng bị từ chối (số dòng, lý do).")
def import_(file: Path, report: Path | None) -> None:
    """Mỗi dòng {id?, text, commune?, sender?}. Chạy lại không tạo đơn thứ hai; dòng hỏng được báo và bỏ qua."""
    total = sum(1 for _ in _lines(file))
    counts = {"new": 0, "known": 0, "refused": 0}
    refused: list[dict[str, Any]] = []
    with database("td_job"), click.progressbar(length=total, label="Nhập đơn", file=sys.stderr) as bar:
        batch: list[tuple[int, bytes]] = []
        for numbered in _lines(file):
            batch.append(numbered)
            if len(batch) == BATCH:
                _take(batch, file.name, counts, refused)
                bar.update(len(batch))
                batch = []
        _take(batch, file.name, counts, refused)
        bar.update(len(batch))
    for row in refused:
        click.echo(json.dumps(row, ensure_ascii=False), err=report is None)
    if report is not None:
        report.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in refused), "utf-8")
    say(f"Mới {counts['new']}, đã có {counts['known']}, bị từ chối {counts['refused']}.")
    click.echo(json.dumps(counts))
    sys.exit(1 if counts["refused"] else 0)


@command.command("classify", short_help="Đọc thử đơn từ JSONL, không ghi gì.")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Mỗi đơn một dòng JSON.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Xét theo luật ngày này (mặc định: hôm nay).")
def classify_(file: BinaryIO, as_json: bool, on: datetime | None) -> None:
    """Mỗi dòng {id, text} cho một dòng kết quả, đúng thứ tự: loại đơn, lĩnh vực, các việc, nơi giải quyết, vì sao.

    Dòng hỏng được báo ra ngoài luồng kết quả và bỏ qua; khi ấy mã kết thúc là 1. Máy chỉ gợi ý: cán bộ quyết định."""
    from trongdan.core.agencies.places import place_names
    from trongdan.law.classify import NAMES, UNDECIDED, as_row, classify
    from trongdan.law.classify.model import model
    from trongdan.platform.process import keep_what_is_read

    day, places, bad = (on or datetime.now(UTC)).date(), place_names(), 0
    model()
    keep_what_is_read()
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = _row(line)
        except Refusal as refusal:
            bad += 1
            say(f"Dòng {number}: {refusal.message}")
            continue
        found = classify(row["text"], day, places)
        if as_json:
            sys.stdout.write(json.dumps(as_row(found, row.get("id")), ensure_ascii=False) + "\n")
            continue
        words = NAMES[found.nature] if found.decided else f"{UNDECIDED} (giống {NAMES[found.nature]})"
        sys.stdout.write(f"{row.get('id')}\t{words}\t{found.nature_p:.2f}\t{found.field}\t{found.competent.settler}\n")
    sys.exit(1 if bad else 0)


def _take(batch: list[tuple[int, bytes]], name: str, counts: dict[str, int], refused: list[dict[str, Any]]) -> None:
    """One batch through perform_many; keys used before are passed over, so a restart doubles nothing."""
    from trongdan.core.cases.once import Done, known_keys
    from trongdan.core.cases.perform import perform_many

    client = f"import:{name}"
    items: dict[str, tuple[int, Command, dict[str, str]]] = {}
    for number, line in batch:
        if not line.strip():
            continue
        try:
            command_, sender, key, _print = _item(line)
        except Refusal as refusal:
            refused.append({"line": number, "code": refusal.code, "reason": refusal.message})
            continue
        if key in items:
            refused.append({"line": number, "code": "line.doubled", "reason": f"Trùng id với dòng {items[key][0]}."})
        else:
            items[key] = (number, command_, sender)
    before = known_keys(client, items)
    counts["known"] += len(before)
    fresh = [(key, *items[key]) for key in items if key not in before]
    post = Post("ban-tcd/reception", "reception", FALLBACK)
    actor = Actor(posts=(post, Post("system", "system", "")), post=Post("system", "system", ""), door="cli")
    results = perform_many([(c, sender, key) for key, _number, c, sender in fresh], actor, client=client)
    for (_key, number, _command, _sender), result in zip(fresh, results, strict=True):
        if isinstance(result, Done):
            counts["new"] += 1
        else:
            refused.append({"line": number, "code": result.code, "reason": result.message})
    counts["refused"] = len(refused)
