"""`python -m tests.bench [NAME…]`: measure, print the table, write var/bench/NAME.json."""

from __future__ import annotations

import argparse
import importlib

NAMES = ("draw", "match", "roster", "page", "joint", "risk", "sheet", "dashboard", "report")


def main() -> int:
    """Run the named benches, all by default; a missed goal is said in the last line and in the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="|".join(NAMES))
    parser.add_argument("--rows", type=int, help="the size of the city, where a bench lets one choose")
    asked = parser.parse_args()
    chosen = asked.names or NAMES
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        parser.error(f"{', '.join(unknown)}: not among {', '.join(NAMES)}")
    missed: list[str] = []
    for name in chosen:
        measure = importlib.import_module(f"tests.bench.{name}").run
        bench = measure(asked.rows) if asked.rows else measure()
        print(bench.text())
        print(bench.write())
        missed += [goal for goal, found in bench.goals.items() if not found["ok"]]
    print(f"goals missed: {'; '.join(missed) or 'none'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
