"""Charts as SVG pictures.

They are served as files of their own (`image/svg+xml`) and shown with `<img>`: the library styles a chart
with a `<style>` element, which a page's nonce policy would refuse inside the page, while a picture has no
script, loads nothing and is drawn with its own style, also under the strictest policy of the page. Opened by
itself under the page's own policy it would be drawn without colours; its route may answer with
`style-src 'unsafe-inline'` for this one response. A page puts the table of the figures beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from pygal.style import Style

# pygal hooks itself into every import, for map plugins not used here, in a way that Python 3.11 warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

MIME_TYPE = "image/svg+xml"
FONT = "'Noto Sans CJK SC', 'Microsoft YaHei', SimHei, sans-serif"
COLOURS = ("#1f5fa8", "#c8742b", "#3f8f5f", "#8a5aa8", "#9a9a9a")

Values = Sequence[float | int | None]


def bars(
    title: str, labels: Sequence[str], series: Mapping[str, Values], *, unit: str = "", percent: bool = False
) -> bytes:
    """Horizontal bars, one group a label; a missing value leaves its place empty."""
    chart = pygal.HorizontalBar(height=90 + 26 * max(4, len(labels)) * len(series), **_options(title, unit))
    return _render(chart, list(reversed(labels)), _reversed(series), percent)


def lines(
    title: str, labels: Sequence[str], series: Mapping[str, Values], *, unit: str = "", percent: bool = False
) -> bytes:
    """A line per series over the labels, which are points of time; the last series is what the reader came for."""
    options = _options(title, unit) | {
        "print_values": False,
        "y_labels_major_count": 3,
        "max_scale": 6,
        "stroke_style": {"width": 2},
    }
    options["style"].colors = (*COLOURS[: -len(series) : -1], COLOURS[0])
    return _render(pygal.Line(height=320, **options), labels, series, percent)


def _options(title: str, unit: str) -> dict[str, Any]:
    style = Style(
        background="transparent",
        plot_background="transparent",
        font_family=FONT,
        title_font_size=16,
        label_font_size=12,
        major_label_font_size=12,
        legend_font_size=12,
        value_font_size=11,
        colors=COLOURS,
        foreground="#333333",
        foreground_strong="#222222",
        foreground_subtle="#555555",
        guide_stroke_color="#e2e2e2",
        guide_stroke_dasharray="1,0",
        major_guide_stroke_color="#c8c8c8",
        major_guide_stroke_dasharray="1,0",
    )
    return {
        "title": f"{title}（{unit}）" if unit else title,
        "style": style,
        "js": [],
        "width": 720,
        "explicit_size": False,
        "show_legend": True,
        "legend_at_bottom": True,
        "print_values": True,
        "include_x_axis": True,
        "min_scale": 2,
        "no_prefix": True,
        "no_data_text": "暂无数据",
    }


def _render(chart: Any, labels: Sequence[str], series: Mapping[str, Values], percent: bool) -> bytes:
    chart.x_labels = list(labels)
    chart.value_formatter = _percent if percent else _whole
    if len(series) < 2:
        chart.show_legend = False
    for name, values in series.items():
        chart.add(name, list(values))
    chart.add_xml_filter(_plain)
    return bytes(chart.render())


def _reversed(series: Mapping[str, Values]) -> dict[str, Values]:
    """Horizontal bars grow upwards; the first label belongs at the top."""
    return {name: list(reversed(values)) for name, values in series.items()}


def _plain(root: Any) -> Any:
    """Without scripts, and without the comment that carries the library's version and today's date."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.endswith("script"):
                parent.remove(child)
    return root


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
