"""The panel: a few made-up persons who are traced in every world of a run while it lives, so that their lives can be told at
once. Two tables hold what is needed: `panel`, every row about them, and `panel_months`, how they stood month by month.

Who is in it hangs on the number of people alone, by a rule that is not to be changed: so the worlds of a run, all its seeds,
and runs of other regimes with as many people have the same panel, and nobody can pick it by what befell whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import rows as r
from singlestep.study.lives import Life, about, lives_of

if TYPE_CHECKING:
    from singlestep.regime.schema import Regime
    from singlestep.society.schema import Society

MEMBERS = 8
GOLDEN, WORD = 2_654_435_769, 1 << 32  # multiples of the golden ratio, read as shares of 2^32, are evenly spread

Looks = Sequence[NDArray[np.int64]]


def members(people: int) -> list[int]:
    """The persons of the panel, in order: evenly spread over everybody, and over the places of a household plot."""
    return sorted({(place * GOLDEN % WORD) * people >> 32 for place in range(1, MEMBERS + 1)})


def tables(world: dict[str, Any], persons: Sequence[int], rows: NDArray[np.int32], looks: Looks) -> dict[str, Any]:
    """Blocks of both tables, from the rows traced in a world (of the panel, or of everyone) and looks as of `lives.look`."""
    told = rows[about(rows, persons)]
    columns = {name: np.ascontiguousarray(told[:, place]) for place, name in enumerate(r.COLUMNS)}
    what = np.array(r.WHAT, object)[columns["what"]]
    days, needs, boards = np.stack(looks, axis=2).reshape(len(persons), 3, -1).transpose(1, 0, 2).reshape(3, -1)
    months = {"person": np.repeat(np.array(persons, np.int64), len(looks)), "day": days, "need": needs, "board": boards}
    return {"panel": {**world, **columns, "what": what}, "panel_months": {**world, **months}}


def life(panel: Any, months: Any, seed: int, label: str, person: int, society: Society, regime: Regime, days: int) -> Life:
    """One member's life in one world, from the two tables. Raises ValueError, KeyError, TypeError or an error of polars' for
    tables that no run has written."""
    import polars as pl

    here = (pl.col("seed") == seed) & (pl.col("world") == label)
    rows = panel.filter(here).select(r.COLUMNS).with_columns(pl.col("what").replace_strict(r.WHAT, range(len(r.WHAT))))
    levels = months.filter(here & (pl.col("person") == person)).select("day", "need", "board").to_numpy()
    return lives_of([person], society, regime, days, rows.to_numpy(), levels[:, None])[person]
