"""`trongdan letters drift|examples|model …`: whether the reader still agrees with officials, and which model reads here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from trongdan.kernel.errors import Refusal

from ._shell import database, say


@click.command("drift", short_help="Máy đọc còn hợp với cán bộ không, từng tháng.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def drift(as_json: bool) -> None:
    """Mỗi tháng: bao nhiêu đơn cán bộ phân loại đúng như máy đọc. Chỉ có số đếm. Giảm rõ thì đề nghị huấn luyện lại."""
    with database("td_job"):
        from trongdan.kinds.letters.learning import drifted, months

        found = months()
        proposed = drifted(found)
    if as_json:
        click.echo(json.dumps({"months": [{"month": f"{m.month:%Y-%m}", "decided": m.decided, "agreed": m.agreed,
                                           "into": [[a, b, n] for (a, b), n in sorted(m.into.items())]} for m in found],
                               "retraining_proposed": proposed}, ensure_ascii=False))  # fmt: skip
        return
    for m in found:
        into = ", ".join(f"{a} → {b}: {n}" for (a, b), n in sorted(m.into.items(), key=lambda i: -i[1])[:4])
        click.echo(f"{m.month:%m/%Y}  {m.agreed}/{m.decided} đơn như máy đọc ({m.share:.0%})  {into}")
    say("Đề nghị huấn luyện lại: tháng gần nhất kém rõ so với trước." if proposed else "Chưa thấy lệch rõ.")


@click.command("examples", short_help="Xuất đơn cán bộ đã phân loại làm dữ liệu huấn luyện.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--decision", required=True, help="Số quyết định của người đứng đầu cho phép dùng.")
def examples(file: Path, decision: str) -> None:
    """Bỏ tên người, số điện thoại, số giấy tờ; không bao giờ có đơn tố cáo hay đơn có dấu hiệu bí mật nhà nước."""
    with database("td_job"):
        from trongdan.kinds.letters.learning import examples as find

        rows = [{"text": one.text, "nature": one.nature, "field": one.field} for one in find(decision)]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    file.chmod(0o600)
    say(f"{len(rows)} đơn, theo quyết định {decision}. Hãy xem lại từng đơn trước khi đưa ra ngoài cơ quan.")


@click.group("model", short_help="Mô hình đọc đơn đang dùng; đề nghị, duyệt, thôi dùng.")
def model() -> None:
    """Mô hình mới chỉ được dùng khi có người duyệt sau khi xem nó và mô hình cũ đọc đúng bao nhiêu đơn."""


def _rows(file: Path) -> list[tuple[str, str]]:
    rows: list[Any] = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [(row["text"], row["nature"]) for row in rows]


@model.command("show", short_help="Mô hình nào đang đọc đơn.")
def show() -> None:
    """Mô hình kèm phần mềm, hay mô hình được duyệt: ai, theo quyết định nào, đọc đúng bao nhiêu."""
    from trongdan.kinds.letters.model_in_use import approved

    found = approved()
    click.echo(json.dumps(found, ensure_ascii=False) if found else "Mô hình kèm phần mềm (docs/classifier.md).")


@model.command("propose", short_help="So mô hình mới với mô hình đang dùng.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", "letters", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Đơn đã phân loại (trongdan letters examples), chưa dùng để huấn luyện.")  # fmt: skip
def propose(file: Path, letters: Path) -> None:
    """Chưa đưa gì vào dùng."""
    from trongdan.kinds.letters.model_in_use import compare

    try:
        found = compare(file.read_bytes(), _rows(letters))
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{found.letters} đơn: đang dùng đúng {found.before}, mô hình mới đúng {found.after}.")
    sys.exit(0 if found.after >= found.before else 1)


@model.command("approve", short_help="Đưa mô hình mới vào dùng, theo quyết định của một người.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", "letters", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Đơn để so.")
@click.option("--by", required=True, help="Họ tên, chức vụ người quyết định.")
@click.option("--decision", required=True, help="Số quyết định.")
def approve(file: Path, letters: Path, by: str, decision: str) -> None:
    """So lại ngay lúc duyệt; kém hơn thì từ chối. Ghi thành bản ký bằng khóa của hệ thống."""
    from trongdan.kinds.letters.model_in_use import approve as put
    from trongdan.kinds.letters.model_in_use import compare

    raw = file.read_bytes()
    try:
        statement = put(raw, by, decision, compare(raw, _rows(letters)))
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(json.dumps(statement, ensure_ascii=False))


@model.command("withdraw", short_help="Trở về mô hình kèm phần mềm.")
def withdraw() -> None:
    """Thôi dùng mô hình được duyệt."""
    from trongdan.kinds.letters.model_in_use import withdraw as back

    say("Đã trở về mô hình kèm phần mềm." if back() else "Đang dùng mô hình kèm phần mềm, không có gì để thôi.")
