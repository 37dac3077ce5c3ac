"""The kinds of figures, as Vega-Lite through altair. Rows come in as data; names in them are values, never expressions.

Each world has a colour, a dash and a shape, so that nobody needs to tell colours apart. Colours are written for a light
page; the page's style sheet exchanges them for those in `DARK` where the reader prefers a dark one.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt

from singlestep.report.numbers import number, percent

Row = dict[str, Any]

INK, SOFT, LINE, PAPER = "#20242b", "#575e69", "#d9dce1", "#fcfcfa"
WORLDS = ("#b8420f", "#1463a5", "#5d6470", "#1d7a57", "#8546a0", "#80650f")  # at least 4.5 to 1 on the light page
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [12, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
SOFT_FILL = "#9aa1ac"
# What lies on the fill of parts that are stacked, on a tile of 8 by 8, so that they are told apart without colours.
TEXTURES = (
    "",
    "M1 2h2M5 6h2",
    "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "M0 2h8M0 6h8",
    "M0 0l8 8M0 8l8-8",
    "M2 0v8M6 0v8",
)
TEXTURE = re.compile("url\\(#(texture-([0-5])-([0-9a-f]{6}))\\)")
DEPTHS = (1, 0.15, 0.6, 0.35, 0.8, 0.5)  # of a world's colour in its bars, which have an outline in full colour
LADDER = ("#ffd95a", "#c9c06a", "#93a57c", "#5f888c", "#3b6690", "#29447e")  # best class to worst, light to dark
_DARK_PAPER = "#16181b"
_DARK_WORLDS = ("#ff9a66", "#7cbcff", "#b9bfc9", "#5fd0a2", "#d7a5ef", "#dfc05c")


def textured(place: int, colour: str) -> str:
    """The fill of the part at this place of a stack: a reference to one of `textures`."""
    return f"url(#texture-{place % len(TEXTURES)}-{colour[1:]})"


def textures(text: str) -> str:
    """SVG of all the textures that a text refers to, in order; lines are in the paper's colour or, where that stays the same
    on light and on dark, in black or white."""
    found = []
    for name, kind, digits in sorted(set(TEXTURE.findall(text))):
        colour = f"#{digits}"
        line = PAPER if colour in DARK else "#000000" if sum(bytes.fromhex(digits)) > 3 * 128 else "#ffffff"
        drawn = f'<path d="{TEXTURES[int(kind)]}" stroke="{line}" stroke-opacity=".5" fill="none"/>' if int(kind) else ""
        tile = f'<rect width="8" height="8" fill="{colour}"/>{drawn}'
        found.append(f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse">{tile}</pattern>')
    return f"<defs>{''.join(found)}</defs>"


def mixed(one: str, other: str, share: float) -> str:
    """The colour that lies this share of the way from one to the other."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


FILLS = tuple(mixed(PAPER, colour, depth) for colour, depth in zip(WORLDS, DEPTHS, strict=True))
DARK = {
    INK: "#e8e9eb", SOFT: "#abb1bb", LINE: "#3a3f47", PAPER: _DARK_PAPER, SOFT_FILL: "#6f7782",
    **dict(zip(WORLDS, _DARK_WORLDS, strict=True)),
    **{
        fill: mixed(_DARK_PAPER, colour, depth)
        for fill, colour, depth in zip(FILLS, _DARK_WORLDS, DEPTHS, strict=True)
        if depth < 1
    },
}  # fmt: skip
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif"
STEP = 22  # pixels of height for each line of a figure
WIDTH = 640  # pixels of a picture outside the page
SIGNS_A_LINE = 112  # of its caption
CHANNELS = ("color", "strokeDash", "shape", "fill", "stroke")
SIGNS_A_LABEL = 18  # on one line beside a bar
LABEL_LINES = "split(datum.label, '\\n')"

CONFIG: dict[str, Any] = {
    "aria": False,  # the figure says in one sentence what it shows, and the table says the rest
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 400, "labelColor": SOFT, "titleColor": SOFT,
        "gridColor": LINE, "domainColor": LINE, "tickColor": LINE, "labelLimit": 220, "titlePadding": 8,
    },
    "axisX": {"titleAnchor": "end", "labelSeparation": 8},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
    "legend": {
        "orient": "top", "direction": "horizontal", "title": None, "labelFontSize": 12, "labelColor": INK, "symbolSize": 90,
        "labelLimit": 240, "columnPadding": 16, "offset": 6, "columns": 3,
        "layout": {"top": {"anchor": "start", "bounds": "full"}},
    },
    "title": {"fontSize": 13, "fontWeight": 600, "anchor": "start", "color": INK, "offset": 8},
    "text": {"fontSize": 12, "color": INK},
}  # fmt: skip


def lines(rows: Sequence[Row], worlds: Sequence[str], x: str, titles: tuple[str, str], shares: bool, **more: Any) -> Any:
    """One line for each world over `x`, with a band from low to high where there is one.

    `more`: `series`, `height`, `interpolate`, and `free` for an axis that need not hold nought.
    """
    series = more.get("series", "world")
    names = list(dict.fromkeys(row[series] for row in rows)) if series != "world" else list(worlds)
    colours = WORLDS if series == "world" else WORLDS[3:]  # what is no world has no world's colour
    data = _data(rows, (x, series, "value", "low", "high"))
    legend = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=500)
    colour = alt.Color(field=series, type="nominal", scale=_scale(names, colours), legend=legend)
    dash = alt.StrokeDash(field=series, type="nominal", scale=_scale(names, DASHES), legend=legend)
    across = alt.X(field=x, type="quantitative", title=titles[0], scale=_whole(rows, x), axis=_months_axis(rows, x))
    height = _anywhere() if more.get("free") else _from_nought(rows)
    up = alt.Y(field="value", type="quantitative", title=None, axis=_value_axis(shares), scale=height)
    chart = alt.Chart(data)
    layers = []
    if any(row.get("low") is not None for row in rows):
        fill = alt.Fill(field=series, type="nominal", scale=_scale(names, colours), legend=None)
        band = chart.mark_area(fillOpacity=0.16).encode(
            across, alt.Y(field="low", type="quantitative"), alt.Y2(field="high"), fill
        )
        layers.append(band.transform_filter(alt.FieldValidPredicate(field="low", valid=True)))
    interpolate = more.get("interpolate", "linear")
    layers.append(chart.mark_line(strokeWidth=2.2, interpolate=interpolate).encode(across, up, colour, dash))
    whole = alt.layer(*layers).resolve_scale(fill="independent").resolve_legend(fill="independent")
    return whole.properties(width="container", height=more.get("height", 240), title=_above(titles[1]))


def areas(rows: Sequence[Row], classes: Sequence[str], titles: tuple[str, str]) -> Any:
    """Shares stacked to one over months, best class on top; the legend is in the order of the stack."""
    fills = [textured(place, colour) for place, colour in enumerate(ladder_colours(len(classes)))]
    places = {name: place for place, name in enumerate(classes)}
    data = _data([{**row, "place": places[row["class"]]} for row in rows], ("month", "class", "value", "place"))
    legend = alt.Legend(symbolType="square", symbolStrokeWidth=1, symbolSize=260)
    return (
        alt.Chart(data)
        .mark_area(stroke=PAPER, strokeWidth=1)
        .encode(
            alt.X(
                field="month", type="quantitative", title=titles[0], scale=_whole(rows, "month"),
                axis=_months_axis(rows, "month"),
            ),
            alt.Y(
                field="value", type="quantitative", stack="zero", title=None, axis=_value_axis(True),
                scale=alt.Scale(domain=[0, 1]),
            ),
            alt.Color(field="class", type="nominal", scale=_scale(classes, fills), legend=legend),
            alt.Order(field="place", type="quantitative", sort="descending"),
        )
        .properties(width="container", height=240, title=_above(titles[1]))
    )  # fmt: skip


def dots(rows: Sequence[Row], worlds: Sequence[str], item: str, title: str, shares: bool, one: bool = False) -> Any:
    """One line of dots for each item, a dot for each world, with a rule from low to high where there is one.

    With `one` the axis is that of a ratio: it holds 1, which is marked.
    """
    rows = _wrapped(rows, item)
    items = list(dict.fromkeys(row[item] for row in rows))
    present = [world for world in worlds if any(row["world"] == world for row in rows)]
    data = _data(rows, (item, "world", "value", "low", "high"))
    across = alt.X(
        field="value", type="quantitative", title=title, axis=_value_axis(shares),
        scale=_around_one(rows) if one else _from_nought(rows),
    )  # fmt: skip
    down = alt.Y(field=item, type="nominal", sort=items, title=None, axis=_item_axis())
    apart = alt.YOffset(field="world", type="nominal", sort=present, scale=alt.Scale(paddingOuter=0.5))
    colour = alt.Color(field="world", type="nominal", scale=_scale(present, WORLDS), legend=alt.Legend())
    shape = alt.Shape(field="world", type="nominal", scale=_scale(present, SHAPES), legend=alt.Legend())
    chart = alt.Chart(data)
    layers = []
    if one:
        mark = alt.Chart(_data([{"one": 1}], ("one",))).mark_rule(color=SOFT)
        layers.append(mark.encode(alt.X(field="one", type="quantitative")))
    if any(row.get("low") is not None for row in rows):
        layers.append(
            chart.mark_rule(strokeWidth=1.6).encode(
                alt.X(field="low", type="quantitative"), alt.X2(field="high"), down, apart, colour
            )
        )
    layers.append(chart.mark_point(filled=True, size=70, opacity=1).encode(across, down, apart, colour, shape))
    step = max(STEP + _room(items), 13 * len(present) + 4)
    return alt.layer(*layers).properties(width="container", height=step * len(items))


def bars(rows: Sequence[Row], worlds: Sequence[str], item: str, title: str, shares: bool) -> Any:
    """One bar for each item and world, with its value written behind it."""
    rows, field = _wrapped(rows, item), "value"
    items = list(dict.fromkeys(row[item] for row in rows))
    present = [world for world in worlds if any(row["world"] == world for row in rows)]
    data = _data([{**row, "said": _said(row[field], shares)} for row in rows], (item, "world", field, "said"))
    most = max((row[field] or 0 for row in rows), default=0) or 1
    across = alt.X(
        field=field, type="quantitative", title=title, scale=alt.Scale(domain=[0, most * 1.3]),
        axis=alt.Axis(format="~%", values=[0, 0.25, 0.5, 0.75, 1]) if shares and 0.6 < most <= 1 else _value_axis(shares),
    )
    down = alt.Y(field=item, type="nominal", sort=items, title=None, axis=_item_axis())
    apart = alt.YOffset(field="world", type="nominal", sort=present)
    legend = alt.Legend(symbolType="square")
    fill = alt.Fill(field="world", type="nominal", scale=_scale(present, FILLS), legend=legend)
    outline = alt.Stroke(field="world", type="nominal", scale=_scale(present, WORLDS), legend=legend)
    chart = alt.Chart(data)
    layers = [
        chart.mark_bar(strokeWidth=1.2).encode(across, down, apart, fill, outline),
        chart.mark_text(align="left", dx=5).encode(across, down, apart, alt.Text(field="said", type="nominal")),
    ]
    step = max(STEP + _room(items), 19 * len(present) + 6)
    return alt.layer(*layers).properties(width="container", height=step * len(items))


def stacked(rows: Sequence[Row], item: str, part: str, parts: Sequence[str], title: str, shares: bool, **more: Any) -> Any:
    """One bar for each item, cut into parts with a texture each, from light to dark; two parts are grey and coloured.

    `more`: `colours` instead of these, `last` for the end of the axis.
    """
    rows = _wrapped(rows, item)
    items = list(dict.fromkeys(row[item] for row in rows))
    places = {name: place for place, name in enumerate(parts)}
    data = _data([{**row, "place": places[row[part]]} for row in rows], (item, part, "value", "place"))
    colours = more.get("colours") or (SOFT_FILL, WORLDS[0]) if len(parts) == 2 else ladder_colours(len(parts))
    fills = [textured(place, colour) for place, colour in enumerate(colours)]
    length = alt.Scale(domain=[0, more["last"]], nice=True) if more.get("last") else alt.Undefined
    legend = alt.Legend(symbolType="square", symbolSize=260)
    return (
        alt.Chart(data)
        .mark_bar(stroke=INK, strokeWidth=0.6)
        .encode(
            alt.X(field="value", type="quantitative", stack="zero", title=title, axis=_value_axis(shares), scale=length),
            alt.Y(field=item, type="nominal", sort=items, title=None, axis=_item_axis()),
            alt.Color(field=part, type="nominal", scale=_scale(parts, fills), legend=legend),
            alt.Order(field="place", type="quantitative"),
        )
        .properties(width="container", height=(STEP + _room(items)) * len(items))
    )


def spans(rows: Sequence[Row], worlds: Sequence[str], titles: tuple[str, str], last: int) -> Any:
    """Bars from first to last day, one line for each door, worlds beside each other."""
    doors = list(dict.fromkeys(row["door"] for row in rows))
    data = _data(rows, ("door", "world", "first_day", "last_day"))
    present = [world for world in worlds if any(row["world"] == world for row in rows)]
    legend = alt.Legend(symbolType="square")
    return (
        alt.Chart(data)
        .mark_bar(strokeWidth=1.2)
        .encode(
            alt.X(
                field="first_day", type="quantitative", title=titles[0], scale=alt.Scale(domain=[0, max(1, last)]),
                axis=alt.Axis(tickCount=6, format="d"),
            ),
            alt.X2(field="last_day"),
            alt.Y(field="door", type="nominal", sort=doors, title=None, axis=_item_axis()),
            alt.YOffset(field="world", type="nominal", sort=present),
            alt.Fill(field="world", type="nominal", scale=_scale(worlds, FILLS), legend=legend),
            alt.Stroke(field="world", type="nominal", scale=_scale(worlds, WORLDS), legend=legend),
        )
        .properties(width="container", height=max(STEP, 14 * len(present)) * len(doors), title=_above(titles[1]))
    )  # fmt: skip


def spec(chart: Any) -> dict[str, Any]:
    """The Vega-Lite of a chart for the page, which brings the configuration itself."""
    written: dict[str, Any] = chart.to_dict(validate=False)
    for key in ("$schema", "config"):
        written.pop(key, None)
    written["autosize"] = {"type": "fit-x", "contains": "padding"}
    return written


def picture(panels: Sequence[tuple[str, Any]], title: str, says: str) -> dict[str, Any]:
    """The Vega-Lite of a figure that stands alone: its parts one below the other, at a fixed width, with its words."""
    fixed = [chart.properties(width=WIDTH) for _, chart in panels]
    whole = alt.vconcat(*fixed).resolve_scale(**dict.fromkeys(CHANNELS, "independent"))  # type: ignore[arg-type]
    under = textwrap.wrap(says, SIGNS_A_LINE)
    named = alt.TitleParams(title, subtitle=under, fontSize=15, subtitleColor=SOFT, subtitleFontSize=12, offset=14)
    written: dict[str, Any] = whole.properties(title=named).to_dict()
    written["config"] = {**CONFIG, "background": PAPER, "font": "Liberation Sans, DejaVu Sans, Arial, sans-serif"}
    written["padding"] = 16
    return written


def ladder_colours(number: int) -> list[str]:
    """So many colours from the best class to the worst, from light to dark, told apart by lightness alone."""
    if number <= 1:
        return [LADDER[2]]
    found = []
    for place in range(number):
        at = place * (len(LADDER) - 1) / (number - 1)
        left = min(int(at), len(LADDER) - 2)
        found.append(mixed(LADDER[left], LADDER[left + 1], at - left))
    return found


# Parts ---------------------------------------------------------------------------------------------------------------
def _data(rows: Sequence[Row], fields: Sequence[str]) -> Any:
    return alt.Data(values=[{field: row.get(field) for field in fields} for row in rows])


def _wrapped(rows: Sequence[Row], item: str) -> list[Row]:
    """The rows with long labels broken into lines, which are wrapped the same way for the same label."""
    broken = {row[item]: "\n".join(textwrap.wrap(row[item], SIGNS_A_LABEL)[:3]) for row in rows}
    return [{**row, item: broken[row[item]]} for row in rows]


def _scale(names: Sequence[str], values: Sequence[Any]) -> Any:
    return alt.Scale(domain=list(names), range=[values[place % len(values)] for place in range(len(names))])


def _whole(rows: Sequence[Row], x: str) -> Any:
    found = [row[x] for row in rows] or [0]
    return alt.Scale(domain=[min(found), max(max(found), min(found) + 1)], nice=False)


def _months_axis(rows: Sequence[Row], x: str) -> Any:
    last = max((row[x] for row in rows), default=1)
    if x != "month":
        return alt.Axis(grid=False, tickCount=6, format="d")
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if last <= 8 * step), 240)
    return alt.Axis(grid=False, values=list(range(step, last + 1, step)), format="d")


def _from_nought(rows: Sequence[Row]) -> Any:
    highs = [bound for row in rows for bound in (row["value"], row.get("high")) if bound is not None]
    if not any(highs):
        return alt.Scale(domain=[0, 1])  # nothing happened: an axis without a height would show noughts anywhere
    lows = [bound for row in rows for bound in (row["value"], row.get("low")) if bound is not None]
    return alt.Scale(domain=[min(0, *lows), max(0, *highs)], nice=True)


def _anywhere() -> Any:
    return alt.Scale(zero=False, nice=True)


def _around_one(rows: Sequence[Row]) -> Any:
    found = [row["value"] for row in rows if row["value"] is not None]
    return alt.Scale(domain=[min(0.5, *found), max(1.5, *found)], nice=True)


def _value_axis(shares: bool) -> Any:
    return alt.Axis(format="~%" if shares else ",~r", tickCount=5)


def _item_axis() -> Any:
    higher = [{"test": f"length({LABEL_LINES}) == {lines}", "value": -6.5 * (lines - 1)} for lines in (2, 3)]
    middle = {"condition": higher, "value": 0}  # a label of several lines stands beside its bars as one of one line does
    return alt.Axis(
        labelColor=INK, grid=False, labelExpr=LABEL_LINES, labelLineHeight=13, labelPadding=9, labelOffset=middle
    )  # fmt: skip


def _room(items: Sequence[str]) -> int:
    """Pixels more for each line of a figure whose labels are broken."""
    return 2 + 12 * max((item.count("\n") for item in items), default=0)


def _above(text: str) -> Any:
    return alt.TitleParams(text, fontSize=12, fontWeight=400, color=SOFT)


def _said(value: float | None, shares: bool) -> str:
    """A value as it is written behind its bar."""
    if value is None:
        return ""
    return percent(value) if shares else number(round(value) if value >= 100 else value, 3)
