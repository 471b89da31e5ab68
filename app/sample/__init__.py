"""An invented but lifelike city for demos and tests: deterministic, of any size, with nobody real in it."""

from __future__ import annotations

from app.sample.enterprises import DEMO_ROWS, SEED
from app.sample.world import ENTERPRISES_FILE, INSPECTORS_FILE, ITEMS_FILE, LISTINGS_FILE, write_world

__all__ = [
    "DEMO_ROWS",
    "ENTERPRISES_FILE",
    "INSPECTORS_FILE",
    "ITEMS_FILE",
    "LISTINGS_FILE",
    "SEED",
    "write_world",
]
