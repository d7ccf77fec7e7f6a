"""Find a Chromium for the browser tests, install it where that is possible, else say what to install.

    python tools/chromium.py            print its path; install it when missing and possible
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = (
    "Không tìm thấy Chromium cho kiểm thử trình duyệt. Hãy cài một trong các cách:\n"
    "  Debian, Ubuntu:  sudo apt-get install chromium      Fedora:  sudo dnf install chromium\n"
    "  macOS:           brew install --cask chromium       khác:    đặt TRONGDAN_CHROMIUM=/đường/dẫn/chromium\n"
)


def find() -> Path | None:
    """The program, by TRONGDAN_CHROMIUM or by its usual names."""
    named = os.environ.get("TRONGDAN_CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return Path(path)
    return next((Path(path) for path in MAC if Path(path).is_file()), None)


def install() -> None:
    """With apt as root; elsewhere nothing is tried."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print("Cài Chromium bằng apt-get (chỉ lần đầu, vài phút)…", file=sys.stderr, flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)


def main() -> int:
    found = find()
    if found is None and "TRONGDAN_CHROMIUM" not in os.environ:
        install()
        found = find()
    if found is None:
        print(ADVICE, file=sys.stderr)
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
