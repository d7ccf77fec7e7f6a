"""`trongdan verify FILE`: what a receipt proves, checked without network or database. Exit 1 when something fails."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import click

from trongdan.kernel.checkpoint import BadCheckpoint, open_checkpoint
from trongdan.kernel.errors import Refusal
from trongdan.kernel.receipt import check_receipt, receipt_in_log, receipt_opens, receipt_opens_file
from trongdan.platform import keys


@click.command(short_help="Kiểm tra giấy xác nhận khi không có mạng.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="Khóa công khai (base64) đã công bố; không ghi thì dùng khóa trong tệp và nói rõ điều đó.")
@click.option("--text", "text_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Bản đơn người gửi giữ.")
@click.option("--file", "sent", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Tệp gửi kèm mà người gửi giữ; ghi được nhiều lần.")  # fmt: skip
def command(file: Path, key: str | None, text_file: Path | None, sent: tuple[Path, ...]) -> None:
    """Kiểm tra chữ ký, nội dung và chỗ của sự kiện trong nhật ký chung."""
    document = _read(file)
    raw = _key(key or str(document.get("key", "")))
    good = True

    def verify(signature: bytes, message: bytes) -> bool:
        return keys.verify(raw, signature, message)

    stated = check_receipt(document, verify)
    click.echo(f"✓ Chữ ký đúng: hồ sơ {stated['reference']}, ghi nhận ngày {stated['on']} ({stated['at']}).")
    if not key:
        click.echo("! Khóa lấy từ chính tệp này. Hãy so với khóa đã công bố (--key) để chắc tệp do hệ thống cấp.")
    if text_file is not None:
        words = text_file.read_text("utf-8")  # an editor ends a file with a line end that the letter didn't have
        same = receipt_opens(document, words) or receipt_opens(document, words.removesuffix("\n"))
        good &= same
        click.echo("✓ Nội dung đơn đúng như lúc nhận." if same else "✗ Nội dung đơn KHÔNG khớp với lúc nhận.")
    for one in sent:
        same = receipt_opens_file(document, one.read_bytes())
        good &= same
        click.echo(f"✓ {one.name}: đúng tệp đã gửi." if same else f"✗ {one.name}: KHÔNG phải tệp đã gửi.")
    good &= _log(document, stated, raw, verify)
    click.echo("Không chứng minh được bằng tệp này: nhật ký bị lùi về một thời điểm mà không ai giữ bản chụp.")
    sys.exit(0 if good else 1)


def _read(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError):
        document = None
    if not isinstance(document, dict):
        raise Refusal("receipt.unreadable", "Tệp này không phải giấy xác nhận đã nhận đơn. Hãy dùng đúng tệp đã tải về.")
    return document


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refusal("key.invalid", "Khóa công khai không đúng dạng base64.") from None


def _log(document: dict[str, Any], stated: dict[str, Any], raw: bytes, verify: Any) -> bool:
    proof, note = document.get("proof"), document.get("checkpoint")
    if not proof or not note:
        click.echo("– Chưa kèm bằng chứng nhật ký; tải lại tệp từ trang theo dõi sau vài phút.")
        return True
    try:
        later = open_checkpoint(note, stated["log"]["origin"], raw, verify)
        path = [base64.b64decode(p) for p in proof["path"]]
        good = later.size == proof["size"] and receipt_in_log(stated, proof["index"], path, later)
    except (BadCheckpoint, KeyError, TypeError, ValueError):
        good = False
    click.echo("✓ Sự kiện tiếp nhận nằm trong nhật ký chung đã ký." if good else "✗ Bằng chứng nhật ký KHÔNG khớp.")
    return good
