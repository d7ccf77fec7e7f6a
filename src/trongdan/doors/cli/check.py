"""`trongdan check [--rebuild]`: whether everything shown still follows from the trail. Exit 1 when something differs."""

from __future__ import annotations

import json
import sys
from itertools import chain

import click

from trongdan.platform import ocr

from ._shell import database, say


@click.command(short_help="Đối chiếu mọi thứ với dấu vết.")
@click.option("--rebuild", is_flag=True, help="Tính lại các cột đọc và thời hạn từ dấu vết.")
@click.option("--json", "as_json", is_flag=True, help="Mỗi khác biệt một dòng JSON.")
def command(rebuild: bool, as_json: bool) -> None:
    """Kiểm tra chuỗi sự kiện, cột đọc, thời hạn, cam kết nội dung và nhật ký chung."""
    with database("td_job"):
        from trongdan.board.tally import check_tally
        from trongdan.core.cases.check import check
        from trongdan.core.papers.check import check_files

        found = 0
        for difference in chain(check(rebuild), check_files(), check_tally(rebuild)):
            found += 1
            row = {"reference": difference.reference, "subject": difference.subject, "found": difference.words}
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else " · ".join(row.values()))
        say(f"· {ocr.tool().words}")
        say("Không có khác biệt nào." if not found else f"{found} khác biệt.")
    sys.exit(1 if found else 0)
