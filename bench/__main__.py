"""`python -m bench [part …]`: measure, print, keep; then write docs/bench.md anew. `--report` only writes."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module

MODULES = {"answers": "replies"}  # parts whose module is named otherwise
PARTS = ("law", "reader", "answers", "grouping", "papers", "start", "procedures", "intake", "dossiers", "million", "year", "alike",
         "waiting", "visit", "meetings", "scans")  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", choices=[*PARTS, []], help=", ".join(PARTS))
    parser.add_argument("--report", action="store_true", help="write docs/bench.md from the results on hand, measure nothing")
    parser.add_argument("--cases", type=int, default=1_000_000,
                        help="dossiers, million, alike, visit: how many cases (default 1,000,000)")  # fmt: skip
    parser.add_argument("--runs", type=int, default=100, help="million, alike, visit, papers: how often asked (default 100)")
    parser.add_argument("--seconds", type=float, default=20.0, help="intake: how long the API is under load (default 20)")
    parser.add_argument("--senders", type=int, default=1500, help="intake: letters by the portal's form (default 1500)")
    parser.add_argument("--scale", type=float, default=0.2, help="year: how much of a province's year is played (default 0.2)")
    parser.add_argument("--rate", type=float, default=600.0, help="intake: letters a second while the worker follows")
    return parser.parse_args()


def _one(part: str, options: argparse.Namespace) -> None:
    run = import_module(f".{MODULES.get(part, part)}", __package__).run
    match part:
        case "intake":
            run(options.seconds, senders=options.senders, follow_rate=options.rate)
        case "dossiers" | "million" | "alike" | "visit":
            run(options.cases, options.runs)
        case "papers":
            run(options.runs)
        case "year":
            run(options.scale, options.runs)
        case _:
            run()


def main() -> int:
    options = _arguments()
    parts = options.parts or ([] if options.report else list(PARTS))
    if len(parts) == 1:
        print(f"— {parts[0]}")
        _one(parts[0], options)
    elif parts:  # each in a process of its own: settings are read once a process, and each has its own folder
        more = [a for a in sys.argv[1:] if a not in PARTS]
        for part in parts:
            if subprocess.run([sys.executable, "-m", "bench", part, *more], check=False).returncode:
                print(f"  {part}: không đo được (xem thông báo ở trên)", file=sys.stderr)
    from . import report

    print(f"Đã ghi {report.write()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
