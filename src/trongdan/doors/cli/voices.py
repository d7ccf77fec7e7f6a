"""`trongdan voices`: the phrases to record, what is recorded, and taking in a recording."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

import click

from trongdan.kernel.errors import Refusal

from ._shell import say, setup


@click.group(short_help="Giọng đọc: câu cần thu, bản thu đã có, nhận bản thu.")
def command() -> None:
    """Câu đọc cho người không đọc được: mỗi ngôn ngữ một thư mục, mỗi câu một tệp."""
    setup("td_web")


@command.command("list")
@click.option("--language", default="vi", show_default=True, help="Mã ngôn ngữ: vi, mtq (Mường)…")
@click.option("--missing", is_flag=True, help="Chỉ câu chưa có bản thu.")
def list_(language: str, missing: bool) -> None:
    """Xuất các câu cần thu (CSV: mã câu, lời, đã có tệp nào) để đưa người đọc."""
    from trongdan.doors.portal import voices

    out = csv.writer(sys.stdout)
    out.writerow(["ma_cau", "loi", "tep"])
    count = 0
    for phrase, words in sorted(voices.phrases().items()):
        file = voices.recording(language, phrase)
        if file is None or not missing:
            out.writerow([phrase, words, file.name if file else ""])
        count += file is not None
    say(f"{count}/{len(voices.phrases())} câu đã có bản thu {voices.name_of(language)}.")


@command.command()
@click.argument("language")
@click.argument("phrase")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Tên ngôn ngữ hiện trên trang, ví dụ: tiếng Mường.")
def add(language: str, phrase: str, file: Path, name: str | None) -> None:
    """Nhận một bản thu: ngôn ngữ, mã câu, tệp .opus, .mp3 hoặc .m4a."""
    from trongdan.doors.portal import voices

    if not voices.LANGUAGE.fullmatch(language):
        raise Refusal("voice.language", "Mã ngôn ngữ gồm chữ thường không dấu, ví dụ vi, mtq.")
    if phrase not in voices.phrases():
        raise Refusal("voice.phrase", "Không có câu này. Xem các mã câu bằng: trongdan voices list")
    ending, data = file.suffix.lower(), file.read_bytes()
    sound = ending in voices.MEDIA and (data.startswith(voices.HEADS[ending]) if voices.HEADS[ending] else data[4:8] == b"ftyp")
    if not sound or len(data) > voices.MAX_BYTES:
        raise Refusal("voice.file", "Bản thu phải là tệp .opus, .mp3 hoặc .m4a, không quá 3 MB.")
    folder = voices.folder() / language
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    for other in voices.MEDIA:
        (folder / f"{phrase}{other}").unlink(missing_ok=True)  # one recording a phrase: the new one takes the old one's place
    shutil.copyfile(file, folder / f"{phrase}{ending}")
    if name:
        (folder / "ten.txt").write_text(name.strip() + "\n", "utf-8")
    say(f"Đã nhận bản thu “{phrase}”, {voices.name_of(language)}.")
