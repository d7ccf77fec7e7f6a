"""`trongdan officials import FILE.csv`: officials with their sign-ins and posts, by decisions. Connects as td_owner."""

from __future__ import annotations

import csv
import secrets
import sys
from datetime import date
from pathlib import Path

import click

from trongdan.kernel.errors import Refusal

from ._shell import database, say

COLUMNS = ("login", "name", "post", "since", "until", "decision")


@click.group(short_help="Cán bộ: tài khoản, chức danh.")
def command() -> None:
    """Nạp tỉnh, cán bộ và chức danh cho một bản chạy thật."""


@command.command("province", short_help="Nạp cơ quan, xã phường, chức danh của tỉnh.")
def province() -> None:
    """Cơ quan, đơn vị hành chính, tên cũ và chức danh; không có cán bộ hay đơn nào. Chạy lại được."""
    with database("td_owner"):
        from trongdan.core.agencies.load import load_province
        from trongdan.kinds.waiting.load import load_centres

        counts = load_province()
        load_centres()
    say(f"{counts['agencies']} cơ quan, {counts['successions']} quan hệ kế thừa, {counts['posts']} chức danh.")


@command.command("import", short_help="Nạp cán bộ từ tệp CSV.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Mỗi dòng CSV: login,name,post,since,until,decision (ngày dạng 2026-11-24; until có thể trống).

    Tài khoản mới được in ra cùng mật khẩu dùng lần đầu, một dòng một tài khoản. Dòng sai được nêu số dòng và lý do, các
    dòng khác vẫn nạp; chạy lại tệp đã sửa không tạo đôi."""
    refused = 0
    with database("td_owner"), file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise Refusal("officials.columns", "Tệp phải có dòng đầu: " + ",".join(COLUMNS))
        for row in reader:
            try:
                made = _one({k: (row.get(k) or "").strip() for k in COLUMNS})
            except Refusal as refusal:
                refused += 1
                say(f"Dòng {reader.line_num}: {refusal.message}")
            else:
                if made:
                    click.echo(f"{row['login'].strip()}\t{made}")
    sys.exit(1 if refused else 0)


def _day(text: str, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("officials.day", f"Cột {column}: ngày phải có dạng 2026-11-24.") from None


def _one(row: dict[str, str]) -> str | None:
    """One official in one post; the first password of a new sign-in. Raises Refusal."""
    from django.contrib.auth.models import User
    from django.db import transaction

    from trongdan.core.agencies.models import Appointment, PostRow
    from trongdan.core.people.models import Person

    if not (row["login"].isascii() and row["login"].replace(".", "").isalnum()):
        raise Refusal("officials.login", "Tên đăng nhập chỉ gồm chữ không dấu, số và dấu chấm.")
    if not row["name"] or not row["decision"]:
        raise Refusal("officials.missing", "Còn thiếu họ tên hoặc số quyết định.")
    if not PostRow.objects.filter(id=row["post"]).exists():
        raise Refusal("officials.post", f"Không có chức danh {row['post']!r}. Xem các mã ở docs/data hoặc nạp tỉnh trước.")
    since = _day(row["since"], "since")
    until = _day(row["until"], "until") if row["until"] else None
    if until and until < since:
        raise Refusal("officials.day", "Ngày thôi giữ chức danh trước ngày bắt đầu.")
    password = None
    with transaction.atomic():
        user = User.objects.filter(username=row["login"]).first()
        if user is None:
            password = secrets.token_urlsafe(12)
            user = User.objects.create_user(row["login"], password=password)
        person, _new = Person.objects.get_or_create(user=user, defaults={"name": row["name"]})
        Appointment.objects.update_or_create(person=person.id, post_id=row["post"], since=since,
                                             defaults={"until": until, "decision": row["decision"][:80]})  # fmt: skip
    return password


@command.command("merge", short_help="Sáp nhập một cơ quan vào cơ quan khác, chuyển mọi việc.")
@click.argument("old")
@click.argument("new")
@click.option("--on", "day", required=True, help="Ngày có hiệu lực (2026-11-24).")
@click.option("--decision", required=True, help="Số quyết định, nghị quyết.")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem những gì sẽ chuyển.")
def merge(old: str, new: str, day: str, decision: str, dry_run: bool) -> None:
    """OLD, NEW là mã cơ quan (ví dụ c04978 c04990). Việc đang mở và đã xong của OLD sang NEW nguyên trạng: bước, hạn, người giữ
    tương ứng; người dân thấy ở trang theo dõi. Chức danh của OLD hết hiệu lực hôm trước; nhập chức danh mới bằng
    `officials import`. Bị cắt ngang thì chạy lại."""
    from datetime import datetime

    from trongdan.kernel.case import VIETNAM

    on, now = _day(day, "--on"), datetime.now(VIETNAM)
    with database("td_owner"):
        from trongdan.core.agencies import merge as units

        found = units.look(old, new, on, now.date())
        if not dry_run:
            units.merge(found, on, decision)
    with database("td_job"):
        from trongdan.core.cases import succession

        summary = (succession.held_by(found.follow) if dry_run else
                   succession.move(found.follow, decision, now, lambda done: say(f"{done} việc…")))  # fmt: skip
    for kind, count in sorted(summary.kinds.items()):
        click.echo(f"{kind}\t{count}")
    say(f"{sum(summary.kinds.values())} việc ({summary.still_open} đang mở), {found.appointments} chức danh hết hiệu lực."
        + (" Chưa đổi gì." if dry_run else ""))  # fmt: skip
    for reference, why in summary.stayed:
        say(f"{reference}: {why}")
    sys.exit(1 if summary.stayed else 0)
