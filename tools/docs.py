"""Write the generated part of docs/: the law, the kinds, settings, commands, API, papers and refusals.

    python tools/docs.py            write what changed
    python tools/docs.py --check    write nothing; exit 1 and name the pages that are stale or left over

Everything on these pages comes from the data and the code that run; nothing is typed twice.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from docgen import api, commands, kinds, law, refusals, settings  # noqa: E402  after the path is set

MARK = "<!-- Sinh bởi tools/docs.py từ dữ liệu và mã đang chạy; không sửa tay. -->"
PARTS = (law, kinds, settings, commands, api, refusals)


def pages() -> dict[str, str]:
    """Path below docs/ -> text of every generated page, with its mark."""
    out: dict[str, str] = {}
    for part in PARTS:
        for path, text in part.pages(ROOT).items():
            if path in out:
                raise ValueError(f"two pages want {path}")
            out[path] = f"{MARK}\n{text.strip()}\n"
    return out


def stale(wanted: Mapping[str, str], folder: Path = DOCS) -> list[str]:
    """What differs between a docs folder and the pages wanted: changed, missing, or generated once and left over."""
    out = [path for path, text in wanted.items()
           if not (folder / path).is_file() or (folder / path).read_text("utf-8") != text]  # fmt: skip
    return sorted(out + [str(file.relative_to(folder)) for file in leftovers(wanted, folder)])


def leftovers(wanted: Mapping[str, str], folder: Path = DOCS) -> list[Path]:
    """Pages that carry the mark but are no longer made."""
    return [file for file in folder.rglob("*.md")
            if str(file.relative_to(folder)) not in wanted and file.read_text("utf-8").startswith(MARK)]  # fmt: skip


def main(arguments: list[str]) -> int:
    wanted = pages()
    differing = stale(wanted)
    if "--check" in arguments:
        for path in differing:
            print(f"docs/{path} cũ hoặc thừa; hãy chạy: python tools/docs.py", file=sys.stderr)
        return 1 if differing else 0
    for file in leftovers(wanted):
        file.unlink()
    for path, text in wanted.items():
        if path in differing:
            (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
            (DOCS / path).write_text(text, "utf-8")
    print(f"{len(wanted)} trang, {len(differing)} trang đổi.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
