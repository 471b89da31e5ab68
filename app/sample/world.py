"""The whole sample world as the files that a clerk would load: targets, listings, inspectors, checklist."""

from __future__ import annotations

from pathlib import Path

from app.sample import enterprises, inspectors, items, listings

ENTERPRISES_FILE = "检查对象.csv"
LISTINGS_FILE = "名单.csv"
INSPECTORS_FILE = "检查人员.csv"
ITEMS_FILE = "事项清单.csv"


def write_world(folder: Path, n: int = enterprises.DEMO_ROWS, seed: int = enterprises.SEED) -> dict[str, int]:
    """Writes the four files into `folder`, made when it is missing; file name → rows without the heading."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        ENTERPRISES_FILE: enterprises.write_csv(folder / ENTERPRISES_FILE, n, seed),
        LISTINGS_FILE: listings.write_csv(folder / LISTINGS_FILE, n, seed),
        INSPECTORS_FILE: inspectors.write_csv(folder / INSPECTORS_FILE, n, seed),
        ITEMS_FILE: items.write_csv(folder / ITEMS_FILE),
    }
