"""Writes the table of mechanisms into `docs/mechanisms.md`.

python -m tests.mechanisms.table
"""

from __future__ import annotations

import json
from math import floor, log10
from pathlib import Path
from typing import Any

from tests.mechanisms import rows
from tests.mechanisms.rows import Found, Row

PAGE = Path(__file__).parent.parent.parent / "docs" / "mechanisms.md"
BEGIN, END = "<!-- the table begins -->\n", "<!-- the table ends -->\n"
HEAD = "| step | mechanism | on | off | measure | moves | on minus off |\n|---|---|---|---|---|---|---|\n"
ABSENT = "not there"


def spoken(value: Any) -> str:
    """A value as one would write it in a file."""
    return f"`{json.dumps(value)}`".replace('"', "")


def before(row: Row, path: str) -> Any:
    """The value at a path when the mechanism is off, or `ABSENT`."""
    here: Any = {"society": rows.written("town"), "regime": rows.written("rules")}
    way = path.split(".")
    for known in (row.off, row.given):
        for deep in range(len(way), 1, -1):
            start = ".".join(way[:deep])
            if start in known:
                return inside(known[start], way[deep:])
    return inside(here, way)


def inside(data: Any, way: list[str]) -> Any:
    """What stands at the end of a way into nested data, or `ABSENT`."""
    for part in way:
        if isinstance(data, list):
            data = data[int(part)]
        elif isinstance(data, dict) and part in data:
            data = data[part]
        else:
            return ABSENT
    return ABSENT if data is None else data


def switch(row: Row) -> tuple[str, str]:
    """What is written when the mechanism is on, and what when it is off."""
    on, off = [], []
    for path, value in row.on.items():
        old = before(row, path)
        on.append(f"`{path}`: {ABSENT if value is None else spoken(value)}")
        off.append(ABSENT if old == ABSENT else spoken(old))
    return "; ".join(on), "; ".join(off)


def figure(found: Found) -> str:
    """A mean of about three digits, and the half-width of its interval as finely."""
    places = max(0, 2 - floor(log10(abs(found.mean)))) if found.mean else 0
    return f"{found.mean:+,.{places}f} ± {found.half:,.{places}f}".replace("-", "−")


def line(row: Row) -> str:
    """One line of the table."""
    on, off = switch(row)
    way = "up" if row.way == rows.UP else "down"
    cells = [row.step, row.name, on, off, row.measure.words, way, figure(rows.found(row))]
    return f"| {' | '.join(cells)} |\n"


def table() -> str:
    """The whole table, worked out."""
    return HEAD + "".join(line(row) for row in rows.ROWS)


def in_page() -> str:
    """The table as it stands in the page."""
    return PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]


def main() -> None:
    """Put the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(head + BEGIN + table() + END + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
