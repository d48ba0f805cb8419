"""Stacked bars as SVG, drawn by pygal: what a whole is made of, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from kakehashi.indicators.adapters.charts import bare
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from kakehashi.indicators.adapters import drawing
else:
    drawing = later("kakehashi.indicators.adapters.drawing")


def draw_stacked(labels: Sequence[str], parts: Mapping[str, Sequence[float]], *, title: str, unit: str) -> SafeString:
    """Return horizontal bars of the parts' values on one scale, empty when there is nothing to draw.

    The place of a part decides its pattern (serie-0 …); its name belongs into a key beside the drawing and into a table.
    """
    totals = [sum(values) for values in zip(*parts.values(), strict=True)]
    if not totals or max(totals) <= 0:
        return SafeString()
    chart = drawing.pygal.HorizontalStackedBar(
        width=640,
        height=60 + 36 * len(labels),
        style=drawing.STYLE,
        show_legend=False,
        margin=8,
        # The library measures Latin letters; a Japanese one is nearly twice as wide.
        margin_left=8 + 7 * max(min(len(label), 18) for label in labels),
        margin_right=30,
        x_labels=list(labels)[::-1],
        range=(0.0, max(totals)),
        max_scale=6,
        truncate_label=18,
        value_formatter=lambda number: f"{number:g}{unit}",
        js=[],
        css=[],
        disable_xml_declaration=True,
    )
    for name, values in parts.items():
        chart.add(name, [round(value, 2) for value in values][::-1])
    said = "、".join(f"{label} {total:.1f}{unit}" for label, total in zip(labels, totals, strict=True))
    svg = bare(chart.render_tree(), f"{title}：{said}", "ind-plot ind-stack")
    return mark_safe(svg)  # noqa: S308 - drawn by the library, which escapes every label
