"""A schematic map of Changchun's districts: tiles that lie as the districts do, not as large as they are.

Drawn for this system on a grid of 12 × 9; counties and county-level cities around, the districts and the
development zones of the built-up area as nine equal tiles in the middle. No borders are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS, ROWS = 12, 9


@dataclass(frozen=True, slots=True)
class Tile:
    """A district on the map: its code, short name, and place and size in cells of the grid."""

    code: str
    name: str
    column: int
    row: int
    width: int
    height: int


TILES: tuple[Tile, ...] = (
    Tile("220122", "农安县", 0, 0, 4, 3),
    Tile("220183", "德惠市", 4, 0, 4, 3),
    Tile("220182", "榆树市", 8, 0, 4, 3),
    Tile("220184", "公主岭市", 0, 3, 3, 6),
    Tile("220106", "绿园区", 3, 3, 2, 2),
    Tile("220103", "宽城区", 5, 3, 2, 2),
    Tile("220105", "二道区", 7, 3, 2, 2),
    Tile("220174", "汽开区", 3, 5, 2, 2),
    Tile("220104", "朝阳区", 5, 5, 2, 2),
    Tile("220171", "经开区", 7, 5, 2, 2),
    Tile("220173", "高新区", 3, 7, 2, 2),
    Tile("220102", "南关区", 5, 7, 2, 2),
    Tile("220172", "净月区", 7, 7, 2, 2),
    Tile("220113", "九台区", 9, 3, 3, 3),
    Tile("220112", "双阳区", 9, 6, 3, 3),
)
