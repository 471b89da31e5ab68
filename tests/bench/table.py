"""A bench as a table on the screen and as JSON in var/bench: what was measured, and the goals beside it."""

from __future__ import annotations

import json
import platform
from pathlib import Path

FOLDER = Path("var/bench")


class Bench:
    """Rows to show, goals to keep; `write` puts both into var/bench/NAME.json."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self.measured: dict[str, dict[str, float | int | str]] = {}
        self.goals: dict[str, dict[str, float | bool]] = {}
        self.notes: list[str] = []

    def row(self, what: str, **figures: float | int | str) -> None:
        """One line of the table: figures by unit, such as cpu_s, peak_mb, ratio, count."""
        self.measured[what] = {unit: _rounded(figure) for unit, figure in figures.items()}

    def goal(self, name: str, value: float, limit: float) -> None:
        """A goal of the project: `value` may be `limit` at most."""
        self.goals[name] = {"value": _rounded(value), "limit": limit, "ok": value <= limit}

    def note(self, sentence: str) -> None:
        """Something the reader must know, such as why a goal is missing."""
        self.notes.append(sentence)

    def write(self) -> Path:
        """Write the JSON file; gives back where it is."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.name}.json"
        whole = {"machine": machine(), "measured": self.measured, "goals": self.goals, "notes": self.notes}
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        return path

    def text(self) -> str:
        """The table as it is printed."""
        units = list(dict.fromkeys(unit for figures in self.measured.values() for unit in figures))
        wide = max(len(what) for what in [*self.measured, *self.goals])
        lines = [self.title, "", "  ".join(["".ljust(wide), *(unit.rjust(10) for unit in units)])]
        for what, figures in self.measured.items():
            cells = [_cell(figures[unit]) if unit in figures else "" for unit in units]
            lines.append("  ".join([what.ljust(wide), *(cell.rjust(10) for cell in cells)]))
        lines.append("")
        for name, goal in self.goals.items():
            verdict = "kept" if goal["ok"] else "MISSED"
            lines.append(
                f"{name.ljust(wide)}  {_cell(goal['value']):>10}  of {_cell(goal['limit']):>8}  {verdict}"
            )
        return "\n".join([*lines, *self.notes, ""])


def machine() -> dict[str, str | int]:
    """What was measured on: processor, cores, system and Python, no names and no paths."""
    import os

    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _rounded(figure):
    return round(figure, 3) if isinstance(figure, float) else figure


def _cell(figure) -> str:
    return (
        f"{figure:,.2f}"
        if isinstance(figure, float)
        else f"{figure:,}"
        if isinstance(figure, int)
        else figure
    )
