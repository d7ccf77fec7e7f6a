"""`trongdan law …`: the law's deadlines with their derivation. Only `recompute` needs a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from trongdan.kernel.clock import VIETNAM, Pause
from trongdan.kernel.errors import CalendarMissing, LawError, Refusal
from trongdan.law import Law, load_law
from trongdan.law.loader import local_file

from . import _law, _lines

if TYPE_CHECKING:
    from trongdan.core.cases.recompute import Summary

ENCODE = json.JSONEncoder(ensure_ascii=False).encode
KEPT = 20_000  # answers kept while reading lines: some 40 MB
MARKS = {"primary": "đã đối chiếu", "secondary": "nguồn thứ cấp", "unread": "chưa đối chiếu"}


class _Day(click.ParamType[date]):
    """A day as YYYY-MM-DD; anything else is told in Vietnamese."""

    name = "NĂM-THÁNG-NGÀY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            found = _lines.instant(str(value))
        except _lines.BadLine as problem:
            raise click.UsageError(str(problem), ctx) from None
        return found.date() if isinstance(found, datetime) else found


DAY = _Day()


def _start(ctx: click.Context, param: click.Parameter, value: str | None) -> date | datetime | None:
    try:
        return _lines.instant(value) if value else None
    except _lines.BadLine as problem:
        raise click.UsageError(str(problem), ctx) from None


def _pauses(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[Pause, ...]:
    """FIRST..RESUMED each, or FIRST.. while it lasts."""
    out = []
    for text in value:
        first, _, end = text.partition("..")
        try:
            out.append(Pause(date.fromisoformat(first), date.fromisoformat(end) if end else None))
        except ValueError:
            raise click.UsageError(f"“{text}” không phải khoảng NĂM-THÁNG-NGÀY..NĂM-THÁNG-NGÀY.", ctx) from None
    return tuple(out)


@click.group(short_help="Thời hạn theo luật, kèm cách tính.")
def command() -> None:
    """Thời hạn theo luật, kèm cách tính và điều luật."""


@command.command(short_help="Tính một thời hạn.")
@click.argument("rule", required=False)
@click.option("--from", "start", callback=_start, help="Ngày bắt đầu, NĂM-THÁNG-NGÀY (có giờ: 2026-07-06T08:30).")
@click.option("--variant", help="complex, remote, remote_complex, nong_nghiep …")
@click.option("--pause", "pauses", callback=_pauses, multiple=True, help="Tạm dừng, TỪ..NGÀY_TIẾP_TỤC; lặp lại được.")
@click.option("--extended", type=click.IntRange(0), default=0, help="Số lần đã gia hạn.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", help="Tiếng của cách tính.")
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", type=click.File("rb"), help="Mỗi dòng {rule, from, variant}; - là đầu vào chuẩn.")
def due(rule: str | None, start: date | datetime | None, variant: str | None, pauses: tuple[Pause, ...], extended: int,
        lang: str, as_json: bool, jsonl: BinaryIO | None) -> None:  # fmt: skip
    """Ngày cuối của một thời hạn và cách tính từng bước.

    Mã thoát: 0 tính được; 1 thiếu lịch nghỉ, hoặc có dòng sai (--jsonl); 2 gọi sai cách; 3 luật không có câu trả lời.
    """
    law = load_law()
    if jsonl is not None:
        sys.exit(_read(law, jsonl))
    if not rule or start is None:
        raise click.UsageError("Cần mã quy định và --from.")
    try:
        found = _law.answer(law, rule, start, variant, pauses, extended)
    except CalendarMissing as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        _print(found)
        return
    click.echo(f"{found['rule']}: {found['due'] or found.get('reason') or 'đang tạm dừng'} ({found['basis']})")
    for step in found["steps"]:
        click.echo(f"  {step['day'] or '':10}  {step[lang]}")


def _print(row: _law.Row) -> None:
    click.echo(ENCODE(row))


def _read(law: Law, lines: Iterable[bytes]) -> int:
    """One answer a line, order kept; a bad line is answered with its number and what is wrong, and passed over.

    Lines that ask the same are computed once: a register asks for few rules and few days."""
    known: dict[bytes, str] = {}
    failed = 0
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line:
            continue
        said = known.get(line)
        if said is None:
            try:
                said = ENCODE(_lines.line_answer(law, line.decode("utf-8")))
            except (UnicodeDecodeError, _lines.BadLine, Refusal, CalendarMissing) as problem:
                failed += 1
                words = "Dòng này không phải chữ UTF-8." if isinstance(problem, UnicodeDecodeError) else str(problem)
                print(ENCODE({"line": number, "error": words}), flush=True)
                continue
            if len(known) < KEPT:
                known[line] = said
        print(said, flush=True)
    return 1 if failed else 0


@command.command(short_help="Liệt kê các quy định.")
@click.option("--on", type=DAY, help="Chỉ bản có hiệu lực ngày này.")
@click.option("--json", "as_json", is_flag=True, help="Một mảng JSON.")
def rules(on: date | None, as_json: bool) -> None:
    """Các quy định về thời hạn, theo bản có hiệu lực."""
    found = list(_law.rules_rows(load_law(), on))
    if as_json:
        rows = ",\n".join(ENCODE(_law.rule_row(r, v)) for r, v in found)
        click.echo(f"[\n{rows}\n]")
        return
    for rule, v in found:
        click.echo(f"{v.id:12} {_law.limit_words(v)} · {rule.title} ({v.basis}; {MARKS[v.source.verified]})")


@command.command(short_help="Giá trị chưa đối chiếu văn bản gốc.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi giá trị một dòng JSON.")
def check(as_json: bool) -> None:
    """Liệt kê mọi giá trị chưa đọc trong văn bản gốc, của thời hạn, lịch nghỉ, thẩm quyền, điều kiện thụ lý."""
    from trongdan.law.checked import unchecked

    for row in unchecked(load_law()):
        if as_json:
            _print({"kind": row.kind, "id": row.id, "verified": row.verified, "says": row.says, "where": row.where})
        else:
            click.echo(f"{row.id:18} {MARKS[row.verified]:14} {row.says}" + (f" · {row.where}" if row.where else ""))


@command.command(short_help="Khác nhau giữa hai ngày.")
@click.argument("before", type=DAY)
@click.argument("after", type=DAY)
@click.option("--json", "as_json", is_flag=True, help="Mỗi quy định một dòng JSON.")
def diff(before: date, after: date, as_json: bool) -> None:
    """Quy định bắt đầu, hết hiệu lực, hoặc đổi giữa hai ngày."""
    from trongdan.law.compare import changes

    words = {"begins": "bắt đầu", "ends": "hết hiệu lực", "changes": "thay đổi", "cites": "đổi căn cứ"}
    for c in changes(load_law(), before, after):
        if as_json:
            _print({"rule": c.rule.id, "change": c.kind, "before": _law.rule_row(c.rule, c.before) if c.before else None,
                    "after": _law.rule_row(c.rule, c.after) if c.after else None})  # fmt: skip
            continue
        was = f"{_law.limit_words(c.before)} ({c.before.basis})" if c.before else "–"
        now = f"{_law.limit_words(c.after)} ({c.after.basis})" if c.after else "–"
        click.echo(f"{c.rule.id:10} {words[c.kind]}: {c.rule.title}\n{'':11}{was} → {now}")


@command.command(short_help="Nghĩa vụ theo kỳ đã làm đủ chưa.")
@click.argument("rule")
@click.option("--in", "day", type=DAY, required=True, help="Một ngày trong kỳ.")
@click.argument("days", nargs=-1, type=DAY)
@click.option("--json", "as_json", is_flag=True)
def met(rule: str, day: date, days: tuple[date, ...], as_json: bool) -> None:
    """Các ngày đã làm (DAYS) có đủ nghĩa vụ theo kỳ RULE trong kỳ chứa ngày --in không."""
    from trongdan.law import periods

    found = load_law().rule(rule)
    period = periods.period_of(periods.per_of(found.version_on(day)), day)
    result = periods.met(found, period, days)
    if as_json:
        _print({"rule": rule, "first": period.first.isoformat(), "last": period.last.isoformat(), "met": result.met,
                "needed": result.needed, "counted": [d.isoformat() for d in result.counted], "missing": result.missing,
                "basis": result.version.basis if result.version else None})  # fmt: skip
        return
    click.echo(f"{period.first:%d/%m/%Y}–{period.last:%d/%m/%Y}: {len(result.counted)}/{result.needed}"
               + ("" if result.met else f", còn thiếu {result.missing}"))  # fmt: skip


@command.command(short_help="Ai giải quyết, cơ quan nhận làm gì.")
@click.argument("nature", type=click.Choice(["khieu_nai", "to_cao", "kien_nghi", "phan_anh", "hoi_dap", "khac"]))
@click.option("--about", "agency", default="", help="Cơ quan bị khiếu nại, tố cáo: “Công an xã”.")
@click.option("--official", default="", help="Người: “Trưởng Công an xã”, “công chức địa chính”.")
@click.option("--at", default="UBND xã", show_default=True, help="Cơ quan nhận đơn.")
@click.option("--field", default="", help="Lĩnh vực: “đất đai”.")
@click.option("--history", type=click.Choice(["first", "second", "decided", "in_court", "overdue_below"]), default="first")
@click.option("--sign", "signs", multiple=True, help="Dấu hiệu: crime, anonymous, land_dispute …; lặp lại được.")
@click.option("--on", type=DAY, help="Ngày xét, YYYY-MM-DD; mặc định hôm nay.")
@click.option("--json", "as_json", is_flag=True)
def who(nature: str, agency: str, official: str, at: str, field: str, history: str, signs: tuple[str, ...],
        on: date | None, as_json: bool) -> None:  # fmt: skip
    """Thẩm quyền: ai giải quyết, cơ quan nhận phải làm gì, văn bản nào, thời hạn nào, theo điều nào."""
    from trongdan.law.competence import DOES, Question, about_of, who_settles

    day = on or datetime.now(VIETNAM).date()
    asked = Question(nature, about_of(agency, official), day, about_of(at), field, history, frozenset(signs))
    found = _law.competence_row(asked, who_settles(asked))
    if as_json:
        _print(found)
        return
    click.echo(f"{found['settler']} · {DOES[found['does']]}: {found['does_words']}")
    click.echo(f"  văn bản: {found['paper']} · thời hạn: {found['clock'] or '–'} · {MARKS[found['verified']]}")
    for sentence in found["why"]:
        click.echo(f"  {sentence}")
    if found["route"]:
        click.echo(f"  Đường khác: {found['route']['name']} – {found['route']['where']} ({found['route']['basis']})")
    for choice in found["choices"]:
        click.echo(f"  Cũng có quyền: {choice}")


@command.command(short_help="Điều kiện xử lý, thụ lý một loại đơn.")
@click.argument("nature", type=click.Choice(["khieu_nai", "to_cao", "kien_nghi", "phan_anh"]))
@click.option("--on", type=DAY, help="Ngày xét, YYYY-MM-DD; mặc định hôm nay.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi mục một dòng JSON.")
def checklist(nature: str, on: date | None, as_json: bool) -> None:
    """Các mục kiểm tra, mỗi mục một điều luật; người có thẩm quyền quyết định, không phải máy."""
    from trongdan.law.admissibility import checklist as items

    day = on or datetime.now(VIETNAM).date()
    for i in items(nature, day):
        if as_json:
            _print({"id": i.id, "group": i.group, "question": i.question, "good": i.good, "prefill": i.prefill, "when": i.when,
                    "rule": i.rule, "basis": i.basis, "verified": i.verified, "missing": i.missing, "cure": i.cure})  # fmt: skip
        else:
            click.echo(f"{i.group:9} {i.question} ({i.basis}; {MARKS[i.verified]})")


@command.command(short_help="Tính lại thời hạn đang chạy.")
@click.option("--local", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Tệp quy định và ngày nghỉ của tỉnh.")
@click.option("--dry-run", is_flag=True, help="Chỉ xem ai bị ảnh hưởng, không ghi.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi thời hạn đổi một dòng JSON, dòng cuối là tổng hợp.")
def recompute(local: Path | None, dry_run: bool, as_json: bool) -> None:
    """Áp dụng ngày nghỉ hoặc quy định mới cho thời hạn đang chạy: mỗi hồ sơ đổi một sự kiện, rồi tổng hợp ai bị ảnh hưởng."""
    from ._shell import database, say

    try:
        law = load_law(local)
    except LawError as problem:
        raise click.ClickException(str(problem)) from None
    with database("td_job"):
        from trongdan.core.cases.recompute import recompute as run

        found = run(law, datetime.now(UTC), dry_run, seen=lambda n: say(f"Đã xem {n} hồ sơ …"))
    if local is not None and not dry_run and local.resolve() != local_file().resolve():
        say(f"Các hồ sơ sau này chỉ tính theo tệp này khi đặt TRONGDAN_LAW_LOCAL={local} và khởi động lại.")
    for m in found.moved:
        was, now = (d.isoformat() if d else None for d in (m.was, m.now))
        if as_json:
            _print({"reference": m.reference, "agency": m.agency, "clock": m.clock, "rule": m.rule, "was": was, "now": now})
        else:
            click.echo(f"{m.reference}  {m.agency:12} {m.rule:10} {was or 'tạm dừng'} → {now or 'tạm dừng'}")
    _summary(found, dry_run, as_json)


def _summary(found: Summary, dry_run: bool, as_json: bool) -> None:
    agencies, rules_ = found.by(lambda m: m.agency), found.by(lambda m: m.rule)
    later = sum(1 for m in found.moved if m.was and m.now and m.now > m.was)
    sooner = sum(1 for m in found.moved if m.was and m.now and m.now < m.was)
    senders = len({m.reference for m in found.moved if m.whose == "sender"})
    if as_json:
        _print({"cases": found.cases, "affected": found.affected, "clocks": len(found.moved), "later": later,
                "sooner": sooner, "senders": senders, "by_agency": dict(agencies), "by_rule": dict(rules_),
                "written": not dry_run})  # fmt: skip
        return
    verb = "sẽ đổi" if dry_run else "đã đổi"
    click.echo(f"Đã xem {found.cases} hồ sơ đang mở: {len(found.moved)} thời hạn của {found.affected} hồ sơ {verb} "
               f"({later} lùi lại, {sooner} sớm hơn).")  # fmt: skip
    if senders:
        click.echo(f"Hạn của chính người gửi đổi ở {senders} hồ sơ.")
    for title, pairs in (("Theo cơ quan", agencies), ("Theo quy định", rules_)):
        if pairs:
            click.echo(f"{title}: " + ", ".join(f"{name} {n}" for name, n in pairs))
