"""Charts as SVG, drawn on the server by pygal: no script, no style inside, so they print and pass the content policy.

What each line means is said by its dashes and its label, never by colour alone; the look is the room's style sheet, so that dark
mode, high contrast and print follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree

    from kakehashi.indicators.adapters import drawing
else:
    etree, drawing = later("lxml.etree"), later("kakehashi.indicators.adapters.drawing")

Number = Decimal | None

# The place of a line decides its class (serie-0 …) and so its look: keep in step with indicators.css.
PLACES = ("actual", "target", "forecast", "former", "low", "high", "none")
_NAMES = ("実績", "目標", "見込み", "前の定義", "見込みの下", "見込みの上", "値なし")
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Plot:
    """What is drawn: labels of the periods, lines by place (see PLACES), and the words of periods without a number."""

    labels: Sequence[str]
    lines: Mapping[str, Sequence[Number]]
    words: Sequence[str] = ()
    title: str = ""
    unit: str = ""
    ceiling: Decimal | None = None
    write: Callable[[Decimal], str] = field(default=lambda number: f"{number.normalize():f}")
    width: int = 480
    height: int = 260


def draw(plot: Plot) -> str:
    """Return the SVG of a plot, empty when there is nothing to draw."""
    known = [float(value) for line in plot.lines.values() for value in line if value is not None]
    if not known and not any(plot.words):
        return ""
    lowest, highest = min([0.0, *known]), max(known, default=1.0)
    if plot.ceiling is not None and highest <= float(plot.ceiling):
        highest = float(plot.ceiling)
    if highest == lowest:
        highest = lowest + 1.0
    chart = _chart(plot, (lowest, highest))
    last = _last(plot.lines.get("actual", ()))
    for place, name in zip(PLACES, _NAMES, strict=True):
        if place == "none":
            words = [*plot.words, *[""] * (len(plot.labels) - len(plot.words))]
            values: list[Any] = [{"value": lowest, "label": word} if word else None for word in words]
        else:
            values = [
                _point(value, plot, labelled=place == "actual" and at == last)
                for at, value in enumerate(plot.lines.get(place, ()))
            ]
        # A line of which nothing is known costs the library as much as one that is drawn.
        if any(value is not None for value in values):
            chart.add(name, values)
    return bare(chart.render_tree(), plot.title)


def _chart(plot: Plot, ends: tuple[float, float]) -> Any:
    return drawing.PlacedLine(
        names=_NAMES,
        width=plot.width,
        height=plot.height,
        style=drawing.STYLE,
        show_legend=False,
        print_labels=True,
        allow_interruptions=True,
        dots_size=4,
        margin=8,
        margin_top=22,
        margin_right=28,
        x_labels=list(_thinned(plot.labels)),
        range=ends,
        max_scale=5,
        min_scale=3,
        truncate_label=-1,
        value_formatter=lambda number: f"{plot.write(Decimal(str(number)))}{plot.unit}",
        js=[],
        css=[],
        disable_xml_declaration=True,
    )


def _point(value: Number, plot: Plot, *, labelled: bool) -> Any:
    if value is None:
        return None
    if labelled:
        return {"value": float(value), "label": f"{plot.write(value)}{plot.unit}"}
    return float(value)


def _last(values: Sequence[Number]) -> int:
    return max((place for place, value in enumerate(values) if value is not None), default=-1)


def _thinned(labels: Sequence[str]) -> Sequence[str]:
    """At most seven labels, the last one always among them: on a phone more would run into each other."""
    step = max(1, -(-len(labels) // 7))
    return [label if (len(labels) - 1 - place) % step == 0 else "" for place, label in enumerate(labels)]


def bare(tree: Any, title: str, css: str = "ind-plot") -> str:
    """The drawing without its styles, scripts, comments and ids, with its words for people who do not see it."""
    for element in list(tree.iter()):
        parent = element.getparent()
        name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
        is_empty_part = element.get("class") in {"graph tooltip", "tooltip", "titles", "tooltip-overlay"}
        if parent is not None and (not name or name in {"defs", "script", "style", "desc", "title"} or is_empty_part):
            parent.remove(element)
            continue
        for attribute in ("style", "id", "onclick"):
            element.attrib.pop(attribute, None)
    tree.set("role", "img")
    tree.set("aria-label", title)
    tree.set("class", css)
    etree.cleanup_namespaces(tree)
    return str(etree.tostring(tree, encoding="unicode"))


def draw_bars(
    labels: Sequence[str],
    values: Sequence[Number],
    title: str,
    unit: str = "%",
    ceiling: float | None = 100.0,
    longest: float | None = None,
) -> str:
    """Return horizontal bars with their numbers beside them, empty when no value is known; what is unknown has no bar.

    The scale reaches at least `ceiling`; None lets it end with the longest bar. A bar over `longest` ends there, and its number
    is still its own.
    """
    known = [float(value) for value in values if value is not None]
    if not known:
        return ""
    chart = drawing.pygal.HorizontalBar(
        width=480,
        height=60 + 34 * len(labels),
        style=drawing.STYLE,
        show_legend=False,
        print_values=True,
        print_values_position="top",
        margin=8,
        margin_right=60,
        # The library takes every letter for a narrow one; Japanese ones need the rest of their width as well.
        margin_left=8 + 6 * max(min(len(label), 13) for label in labels),
        x_labels=list(labels)[::-1],
        range=(min([0.0, *known]), min(longest or float("inf"), max([ceiling or 1.0, *known]))),
        max_scale=6,
        truncate_label=12,
        value_formatter=lambda number: f"{number:g}{unit}",
        js=[],
        css=[],
        disable_xml_declaration=True,
    )
    chart.add("", [None if value is None else _bar(float(value), longest, unit) for value in values][::-1])
    return bare(chart.render_tree(), title)


def _bar(value: float, longest: float | None, unit: str) -> Any:
    if longest is None or value <= longest:
        return value
    return {"value": longest, "formatter": lambda _: f"{value:g}{unit}"}


@lru_cache(maxsize=2048)
def draw_spark(values: tuple[Number, ...], title: str) -> str:
    """Return a word-sized line between its lowest and highest value, its last point marked; empty when no value is known.

    The library's sparkline. The same months stand on many pages, so drawings are remembered.
    """
    known = [float(value) for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    room = (high - low) or 1.0
    chart = drawing.pygal.Line(
        drawing.pygal.config.Config(
            width=96, height=28, style=drawing.STYLE, show_legend=False, show_dots=False, show_x_labels=False, show_y_labels=False,
            show_minor_x_labels=False, show_minor_y_labels=False, show_x_guides=False, show_y_guides=False, spacing=0, margin=3,
            margin_right=4, allow_interruptions=True, explicit_size=False, js=[], css=[], disable_xml_declaration=True,
            range=(low - room * 0.1, high + room * 0.1), no_prefix=True,
        )
    )  # fmt: skip
    last = _last(values)
    chart.add("", [None if value is None else float(value) for value in values])
    chart.add("", [{"value": float(value), "node": {"r": 2.5}} if at == last and value is not None else None for at, value in enumerate(values)], show_dots=True)  # fmt: skip
    return bare(chart.render_tree(), title, "ind-spark")


@dataclass(frozen=True)
class SmallChart:
    """A drawn series as SVG for `indicators/_chart.html`; empty when there is nothing to draw."""

    svg: str


def draw_series(
    labels: Sequence[str],
    values: Sequence[Decimal | int | None],
    texts: Sequence[str],
    *,
    ceiling: Decimal | None = None,
    title: str = "",
) -> SmallChart:
    """Draw one line of values with the words of its periods; `texts` are the values as people read them."""
    known = [text for text, value in zip(texts, values, strict=True) if value is not None]
    words = ["" if value is not None else text for text, value in zip(texts, values, strict=True)]
    said = f"{title} {known[0]} から {known[-1]} まで" if len(known) > 1 else f"{title} {''.join(known)}"
    unit = "".join(character for character in (known[-1] if known else "") if character not in "0123456789.,-−")
    plot = Plot(
        labels=labels,
        lines={"actual": [None if one is None else Decimal(one) for one in values]},
        words=words,
        title=said.strip(),
        unit=unit,
        ceiling=ceiling,
    )
    return SmallChart(draw(plot))
