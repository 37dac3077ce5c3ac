"""A mechanism is built when switching it on in the public file moves its measure, the way that is said, beyond luck.

`tests/mechanisms/rows.py` lists them; `docs/mechanisms.md` shows what was found.
"""

from __future__ import annotations

import pytest
from tests.mechanisms import rows, table


@pytest.mark.parametrize("row", rows.ROWS, ids=lambda row: f"{row.step}: {row.name}")
def test_a_mechanism_moves_its_measure(row: rows.Row) -> None:
    found = rows.found(row)
    ends = f"{row.measure.words}: {found.low:.4g} to {found.high:.4g}"
    assert found.low > 0 if row.way == rows.UP else found.high < 0, ends


def test_a_switch_that_does_nothing_moves_nothing() -> None:
    idle = rows.Row("none", "a label", {"society.acts.steals.topic": "work"}, rows.POINTS, rows.UP)
    assert rows.measured(idle, idle.on, 1) == rows.measured(idle, idle.off, 1)


def test_every_mechanism_has_a_name_of_its_own() -> None:
    names = [row.name for row in rows.ROWS]
    assert len(set(names)) == len(names)


def test_the_page_shows_exactly_what_is_found() -> None:
    assert table.in_page().splitlines() == table.table().splitlines(), "write: python -m tests.mechanisms.table"
