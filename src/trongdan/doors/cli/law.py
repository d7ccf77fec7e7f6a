"""`trongdan law due|rules|check`: the law's deadlines with their derivation. Needs no database."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import Any, TextIO

import click

from trongdan.kernel.clock import Due
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.law import Law, load_law

Day = click.DateTime(formats=["%Y-%m-%d"])


@click.group(short_help="Thời hạn theo luật, kèm cách tính.")
def command() -> None:
    """Thời hạn theo luật, kèm cách tính và điều luật."""


def answer(law: Law, rule: str, start: date, variant: str | None) -> dict[str, Any]:
    """{rule, version, version_from, due, basis, verified, steps} as design and issue name them."""
    result = law.due(rule, start, variant)
    if not isinstance(result, Due):
        return {"rule": rule, "version": result.version, "due": None, "basis": result.basis, "reason": result.reason,
                "steps": []}  # fmt: skip
    return {
        "rule": rule, "version": result.version, "version_from": result.version_from.isoformat(),
        "due": result.due.isoformat() if result.due else None,
        "caution_due": result.caution_due.isoformat() if result.caution_due else None,
        "basis": result.basis, "verified": result.verified, "local": result.local, "calendar": result.calendar_version,
        "steps": [{"day": s.day.isoformat() if s.day else None, "vi": s.vi, "en": s.en} for s in result.steps()],
    }  # fmt: skip


@command.command(short_help="Tính một thời hạn.")
@click.argument("rule", required=False)
@click.option("--from", "start", type=Day, help="Ngày bắt đầu, YYYY-MM-DD.")
@click.option("--variant", help="complex, remote, remote_complex …")
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", type=click.File("r", encoding="utf-8"), help="Mỗi dòng {rule, from, variant}; - là đầu vào chuẩn.")
def due(rule: str | None, start: datetime | None, variant: str | None, as_json: bool, jsonl: TextIO | None) -> None:
    """Ngày cuối của một thời hạn và cách tính từng bước."""
    law = load_law()
    if jsonl is not None:
        sys.exit(_lines(law, jsonl))
    if not rule or start is None:
        raise click.UsageError("Cần mã quy định và --from.")
    try:
        found = answer(law, rule, start.date(), variant)
    except CalendarMissing as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{found['rule']}: {found['due'] or 'không quy định số ngày'} ({found['basis']})")
    for step in found["steps"]:
        click.echo(f"  {step['day'] or '':10}  {step['vi']}")


def _lines(law: Law, lines: TextIO) -> int:
    failed = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found = answer(law, row["rule"], date.fromisoformat(row["from"]), row.get("variant"))
            click.echo(json.dumps(found, ensure_ascii=False))
        except (ValueError, KeyError, TypeError, AttributeError, Refusal, CalendarMissing) as problem:
            failed += 1
            click.echo(json.dumps({"line": number, "error": str(problem)}, ensure_ascii=False))
    return 1 if failed else 0


@command.command(short_help="Liệt kê các quy định.")
@click.option("--on", type=Day, help="Chỉ bản có hiệu lực ngày này.")
@click.option("--json", "as_json", is_flag=True)
def rules(on: datetime | None, as_json: bool) -> None:
    """Các quy định về thời hạn, theo bản có hiệu lực."""
    for rule in load_law().rules.values():
        for v in rule.versions:
            if on and not (v.effective_from <= on.date() and (v.effective_to is None or on.date() <= v.effective_to)):
                continue
            row = {"rule": rule.id, "version": v.id, "title": rule.title, "value": v.value, "unit": v.unit.value,
                   "from": v.effective_from.isoformat(), "to": v.effective_to.isoformat() if v.effective_to else None,
                   "basis": v.basis, "verified": v.source.verified, "local": v.local}  # fmt: skip
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else
                       f"{v.id:12} {v.value or '–'} {v.unit.value:14} {rule.title} ({v.basis})")  # fmt: skip


@command.command(short_help="Giá trị chưa đối chiếu văn bản gốc.")
def check() -> None:
    """Liệt kê mọi giá trị chưa đọc trong văn bản gốc."""
    for version, mark in load_law().unread():
        click.echo(f"{version:12} {mark}")
