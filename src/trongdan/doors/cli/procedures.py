"""`trongdan procedures …`: the catalogue of procedures: import with its difference, search, events of a life."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ._shell import database, say
from .law import DAY

if TYPE_CHECKING:
    from trongdan.kinds.procedures.services import Difference, Read

NOT_APPLIED = 4
SHOWN = 20
REPORT_HELP = "Ghi mỗi chỗ chưa hiểu một dòng JSON: {code, part, why, words}, cả dòng bị từ chối."


@click.group(short_help="Danh mục thủ tục hành chính: nhập, tìm.")
def command() -> None:
    """Danh mục thủ tục hành chính: nhập từ tệp công bố, xem khác gì trước khi áp dụng; tìm bằng lời thường."""


@command.command("import", short_help="Nhập danh mục từ JSONL.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--in-force", type=DAY, help="Ngày bắt đầu có hiệu lực của những gì đổi (mặc định: hôm nay).")
@click.option("--apply", "wanted", is_flag=True, help="Áp dụng ngay, không hỏi lại.")
@click.option("--partial", is_flag=True, help="Tệp chỉ là một phần: thủ tục không có trong tệp vẫn giữ nguyên.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=REPORT_HELP)
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
def import_(file: Path, in_force: date | None, *, wanted: bool, partial: bool, report: Path | None, as_json: bool) -> None:
    """Mỗi dòng một thủ tục. Đọc thành dữ liệu có kiểu, báo chỗ chưa hiểu và vì sao, so với danh mục đang dùng.

    Lần đầu (danh mục còn trống) thì áp dụng luôn. Những lần sau: in phần khác rồi hỏi, hoặc dừng nếu không có ai trả lời;
    thêm --apply để áp dụng. Mã kết thúc: 0 danh mục đã đúng như tệp; 1 có dòng bị từ chối; 4 có khác mà chưa áp dụng."""
    with database("td_job"):
        from trongdan.core.cases.trail import today
        from trongdan.kinds.procedures import services

        read = _read(file)
        difference = services.compare(read, in_force or today(), partial)
        if report is not None:
            report.write_text("".join(f"{line}\n" for line in _report(read)), "utf-8")
        if not as_json:
            _show(read, difference)
        applied = not difference.empty and (wanted or difference.first or _agreed(as_json=as_json))
        if applied:
            services.apply(read, difference, file.name, getpass.getuser())
        missing = services.missing_of_events(read) if difference.first and not partial else []
    _end(read, difference, missing, applied=applied, as_json=as_json)


@command.command(short_help="Thủ tục nào còn đòi giấy tờ mà Nhà nước đã có.")
@click.option("--field", default="", help="Chỉ lĩnh vực có chữ này trong tên.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi thủ tục một dòng JSON.")
def asks(field: str, *, as_json: bool) -> None:
    """So danh mục đang dùng với quy tắc không đòi lại giấy tờ cơ quan nhà nước đang có. Giấy chỉ đòi khi không tra được, và
    chính giấy được cấp, đổi thì không tính."""
    with database("td_job"):
        from trongdan.core.cases.trail import today
        from trongdan.kinds.procedures.known import known
        from trongdan.kinds.procedures.selectors import asking_again

        found = [v for v in asking_again(today()) if field.casefold() in v.field.casefold()]
    if as_json:
        for v in found:
            click.echo(json.dumps({"code": v.code, "name": v.name, "field": v.field, "level": v.level, "papers": [
                {"number": f.number, "asked": f.asked, "paper": f.paper.id, "holder": f.paper.holder} for f in v.findings]},
                ensure_ascii=False))  # fmt: skip
        return
    for v in found:
        click.echo(f"{v.code} {v.name} ({v.field})")
        for f in v.findings:
            click.echo(f"    giấy {f.number}: {f.paper.name} – có ở {f.paper.holder}")
    say(f"{len(found)} thủ tục đòi {sum(len(v.findings) for v in found)} giấy mà Nhà nước đã có. {known().rule}: {known().basis}.")


def _read(file: Path) -> Read:
    from trongdan.kinds.procedures.services import read_lines

    def lines(step: Callable[[int], Any]) -> Iterator[bytes]:
        with file.open("rb") as opened:
            for line in opened:
                step(len(line))
                yield line

    with click.progressbar(length=file.stat().st_size, label="Đọc danh mục", file=sys.stderr) as bar:
        return read_lines(lines(bar.update))


def _report(read: Read) -> Iterator[str]:
    for number, code, reason in read.refused:
        yield json.dumps({"line": number, "why": code, "words": reason}, ensure_ascii=False)
    for one in read.procedures.values():
        for note in one.notes:
            yield json.dumps({"code": one.code, "part": note.part, "why": note.why, "words": note.words}, ensure_ascii=False)


def _show(read: Read, difference: Difference) -> None:
    from trongdan.kinds.procedures.typed import WHY

    for number, _code, reason in read.refused:
        say(f"Dòng {number}: {reason}")
    say(f"Đọc được {len(read.procedures)} thủ tục. Chỗ chưa hiểu (số thủ tục):")
    for why, count in read.notes().items():
        say(f"  {count:>5}  {WHY[why]}")
    if difference.empty:
        return
    for title, codes in (("Thêm", difference.added), ("Thôi áp dụng", difference.gone)):
        if codes:
            say(f"{title} {len(codes)}: {', '.join(codes[:SHOWN])}{' …' if len(codes) > SHOWN else ''}")
    if difference.changed:
        say(f"Đổi {len(difference.changed)}:")
        for change in difference.changed[:SHOWN]:
            say(f"  {change.code} {change.name[:70]}: {', '.join(change.parts)}")
        if len(difference.changed) > SHOWN:
            say("  …")


def _agreed(*, as_json: bool) -> bool:
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm("Áp dụng?", err=True)


def _end(read: Read, difference: Difference, missing: list[str], *, applied: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({
            "in_force": difference.on.isoformat(), "applied": applied, "read": len(read.procedures),
            "refused": [{"line": n, "code": c, "reason": r} for n, c, r in read.refused], "added": difference.added,
            "changed": [{"code": c.code, "parts": c.parts} for c in difference.changed], "gone": difference.gone,
            "same": difference.same, "not_understood": read.notes(), "events_lack": missing}, ensure_ascii=False))  # fmt: skip
    else:
        if missing:
            say(f"Việc đời thường nhắc đến mã không có trong tệp: {', '.join(missing)}.")
        if difference.empty:
            click.echo(f"Danh mục đã đúng như tệp: {difference.same} thủ tục.")
        elif applied:
            click.echo(f"Đã áp dụng từ {difference.on:%d/%m/%Y}: thêm {len(difference.added)}, đổi {len(difference.changed)}, "
                       f"thôi {len(difference.gone)}, giữ {difference.same}.")  # fmt: skip
        else:
            click.echo("Chưa áp dụng. Chạy lại với --apply để áp dụng.")
    if not applied and not difference.empty:
        sys.exit(NOT_APPLIED)
    sys.exit(1 if read.refused else 0)


@command.command("search", short_help="Tìm thủ tục bằng lời thường.")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="In nhiều nhất bấy nhiêu.")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON.")
def search(words: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Không cần dấu: `trongdan procedures search lam lai so do`."""
    with database("td_web"):
        from trongdan.core.cases.trail import today
        from trongdan.kinds.procedures.in_words import level_words
        from trongdan.kinds.procedures.selectors import search as find

        found, total = find(" ".join(words), today(), limit)
        if as_json:
            items = [{"code": e.code, "name": e.name, "field": e.field, "level": level_words(e.levels), "duration": e.duration,
                      "fee": e.fee} for e in found]  # fmt: skip
            click.echo(json.dumps({"items": items, "total": total}, ensure_ascii=False))
            return
        for e in found:
            click.echo(f"{e.code}\t{e.name}\t{level_words(e.levels)}\t{e.duration}\t{e.fee}")
        say(f"{total} thủ tục.")
