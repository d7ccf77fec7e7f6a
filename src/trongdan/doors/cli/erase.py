"""`trongdan erase --decision SỐ`: destroy what has outlived its retention. Without the option it only lists."""

from __future__ import annotations

import click

from ._shell import database, say


@click.command(short_help="Hủy nội dung hồ sơ đã hết thời hạn lưu (theo quyết định).")
@click.option("--decision", help="Số quyết định hủy tài liệu. Không ghi thì chỉ liệt kê.")
@click.option("--case", "references", multiple=True, help="Chỉ hồ sơ mang mã này; ghi được nhiều lần.")
def command(decision: str | None, references: tuple[str, ...]) -> None:
    """Nội dung, họ tên, tệp của hồ sơ đã hết thời hạn lưu bị hủy; dấu vết và số liệu còn lại."""
    with database("td_job"):
        from trongdan.core.cases.trail import today
        from trongdan.core.papers.erase import erasable, erase

        due = [e for e in erasable(today()) if not references or e.reference in references]
        for one in due:
            mark = " (thời hạn lưu chưa đối chiếu văn bản gốc)" if one.unread else ""
            click.echo(f"{one.reference} · lưu đến {one.kept_until:%d/%m/%Y}{mark}")
            if decision:
                erase(one, decision)
        if not due:
            say("Không có hồ sơ nào hết thời hạn lưu.")
        elif decision:
            say(f"Đã hủy nội dung {len(due)} hồ sơ theo quyết định {decision}.")
        else:
            say(f"{len(due)} hồ sơ. Ghi --decision để hủy; nhóm hồ sơ lưu vĩnh viễn phải loại ra trước bằng --case.")
