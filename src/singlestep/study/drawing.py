"""The picture of a life: own points and doors shut over time, beside the twin's, as SVG without a browser."""

from __future__ import annotations

from typing import Any

from singlestep.study.stories import Story
from singlestep.words import stories as words

WIDTH, POINTS_HEIGHT, DOOR_HEIGHT = 640, 180, 18
COLOURS = ("#0072b2", "#d55e00")  # told apart by the colour-blind too; dashes are the second sign
DASHES: list[list[int]] = [[1, 0], [5, 3]]


def svg(story: Story, days: int) -> bytes:
    """The picture of the two lives. Points are steps, doors are bars from the day they shut to the day they opened."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec(story, days))).encode()


def spec(story: Story, days: int) -> dict[str, Any]:
    """The same as a Vega-Lite specification. Days count from the beginning, points from where everyone starts: regimes start
    at points of their own."""
    worlds = list(story.points)
    points = [
        {"day": day, "points": value - steps[0][1], "world": world}
        for world, steps in story.points.items()
        for day, value in [*steps, [days, steps[-1][1]]]
    ]
    bars = [
        {"door": f"{door}, {world}", "from": first, "to": days if last is None else last, "world": world}
        for world, doors in story.doors.items()
        for door, first, last in doors
    ]
    scale = {"domain": worlds, "range": list(COLOURS[: len(worlds)])}
    colour = {"field": "world", "type": "nominal", "scale": scale, "title": None}
    dash = {"field": "world", "type": "nominal", "scale": {"domain": worlds, "range": DASHES[: len(worlds)]}, "title": None}
    axis = {"type": "quantitative", "title": words.DAYS_AXIS, "scale": {"domain": [0, days], "nice": False}}
    upper = {
        "width": WIDTH,
        "height": POINTS_HEIGHT,
        "data": {"values": points},
        "mark": {"type": "line", "interpolate": "step-after"},
        "encoding": {
            "x": {"field": "day", **axis},
            "y": {"field": "points", "type": "quantitative", "title": words.POINTS_AXIS, "scale": {"zero": False}},
            "color": colour,
            "strokeDash": dash,
        },
    }
    lower = {
        "width": WIDTH,
        "height": {"step": DOOR_HEIGHT},
        "data": {"values": bars},
        "mark": "bar",
        "encoding": {
            "x": {"field": "from", **axis},
            "x2": {"field": "to"},
            "y": {"field": "door", "type": "nominal", "title": words.DOORS_AXIS},
            "color": colour,
        },
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": story.title, "subtitle": words.CAPTION},
        "vconcat": [upper, lower] if bars else [upper],
    }
