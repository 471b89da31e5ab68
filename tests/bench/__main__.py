"""`python -m tests.bench [NAME…]`: measure, print the table, write var/bench/NAME.json."""

from __future__ import annotations

import argparse
import importlib

NAMES = ("draw", "match")


def main() -> int:
    """Run the named benches, all by default; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="|".join(NAMES))
    chosen = parser.parse_args().names or NAMES
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        parser.error(f"{', '.join(unknown)}: not among {', '.join(NAMES)}")
    missed = False
    for name in chosen:
        bench = importlib.import_module(f"tests.bench.{name}").run()
        print(bench.text())
        print(bench.write())
        missed |= not all(goal["ok"] for goal in bench.goals.values())
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
