"""What is counted: names and shapes of all tallies. Every count is an int64; adding them up needs no order.

A *cell* is income fifth x 2 + (1 for the minority). The engine and `reference.py` fill tables of exactly these shapes.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.handing import hand

CELLS = 10
CAUSES = (
    "true", "misidentified", "mislinked", "missed", "mistyped", "late",
    "false report", "planted", "erased", "bent discretion", "faked",
)  # fmt: skip
TRIGGERS = (*CAUSES, "none", "ties", "household")
LETTERS = ("record", "close", "decision", "list end", "household", "favour", "class end", "follow", "witness")
REFUSALS = ("old", "erased", "void", "stale", "not covered")
SIDES = ("recorded", "clean")

ACT = ("taken", "deterred", "silenced", "forgone", "shut", "saturated")
RULE = ("applied recorded", "applied clean", "points recorded", "points clean")
DOOR = (
    "asked", "unaffordable", "refused", "refused by a human", "price",
    "begun", "ended", "erroneous", "mistaken", "protected", "for another", "cross-context", "disproportionate",
    "closed days", "overlong days", "missed", "clean begun", "clean ended",
)  # fmt: skip
LISTING = ("entered", "left", "renewed")
LETTER = ("sent", "delivered", "refused")
FLOW = (
    "occasions", "cut off",
    "closed recorded", "closed clean",  # points taken off by expiry, appeal or oversight
    "wiped recorded", "wiped clean", "absorbed recorded", "absorbed clean",
    "clipped recorded", "clipped clean",  # wanted minus got
    "penal wrong", "told wrong", "knew wrong", "filed wrong", "decided wrong", "won wrong",
    "penal right", "told right", "knew right", "filed right", "decided right", "won right",
    "found by oversight", "ties cut", "ties mended", "perks",
    "gained", "gained bought", "gained faked",  # recorded points gained, and those of acts done for the points, or not done
    "not covered lost", "not covered gained",  # points that records of people not covered would have brought
)  # fmt: skip
LEVELS = ("need", "fear", "awareness")
LEFT = ("recorded", "reported")  # acts that left a record under their author's name, at once or by a witness's report
BROUGHT = (
    "spells", "erroneous", "mistaken", "protected", "for another", "cross-context", "disproportionate", "overlong days",
)  # fmt: skip
SHUT = ("closed days", "overlong days")  # of spells that have not ended

NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "source": (CAUSES,),
    "kept": (SIDES,),
    "act": (ACT,),
    "left": (LEFT,),
    "rule": (RULE,),
    "door": (DOOR, ("cell",) * CELLS),
    "listing": (SIDES, LISTING, ("cell",) * CELLS),
    "cause": (("lost", "gained"),),
    "trigger": (BROUGHT,),
    "brought": (BROUGHT,),
    "alive": (),
    "letter": (LETTER,),
    "refusal": (),
    "flow": (("cell",) * CELLS,),
    "stock_people": (("cell",) * CELLS,),
    "stock_class": (("cell",) * CELLS,),
    "stock_list": (SIDES, ("cell",) * CELLS),
    "stock_door": (SIDES, ("cell",) * CELLS),
    "stock_spell": (SHUT, ("cell",) * CELLS),
    "stock_level": (("cell",) * CELLS,),
}
STOCKS = tuple(name for name in NAMES if name.startswith("stock_"))


def shapes(acts: int, sources: int, rules: int, doors: int, lists: int, classes: int) -> dict[str, tuple[int, ...]]:
    """Shape of each table for a regime and society of these sizes (classes: at least 1).

    `cause` [cause, lost|gained] holds recorded rule points by the cause of their record (both as positive numbers; a
    bent rule counts under bent discretion). `alive` counts erroneous spells by each cause with a living record. `trigger`
    counts what spells brought by the cause of their trigger, `brought` by its source, the last row being for triggers without
    one. `kept` counts records applied by their source. `stock_*` are set anew at each settling and at the end of a run; the
    others only grow.
    """
    rows = {
        "source": sources,
        "kept": sources,
        "act": acts,
        "left": acts,
        "rule": rules,
        "door": doors,
        "listing": lists,
        "cause": len(CAUSES),
        "trigger": len(TRIGGERS),
        "brought": sources + 1,
        "alive": len(CAUSES),
        "letter": len(LETTERS),
        "refusal": len(REFUSALS),
        "flow": len(FLOW),
        "stock_people": 1,
        "stock_class": classes,
        "stock_list": lists,
        "stock_door": doors,
        "stock_spell": doors,
        "stock_level": len(LEVELS),
    }
    return {name: (rows[name], *(len(axis) for axis in axes)) for name, axes in NAMES.items()}


def empty(sizes: dict[str, tuple[int, ...]]) -> dict[str, NDArray[np.int64]]:
    """Tables of noughts of these shapes; of acts, column after column, since of very many most are taken or forgone."""
    return {name: np.zeros(shape, np.int64, order="F" if name == "act" else "C") for name, shape in sizes.items()}


Tables = namedtuple("Tables", list(NAMES))  # type: ignore[misc]


class Counts:
    """What one thread counts of a world, whichever blocks it works on: tallies of these shapes, and appeals filed since the
    last settling in each of so many cities."""

    def __init__(self, sizes: dict[str, tuple[int, ...]], cities: int) -> None:
        self.tallies: Any = Tables(**empty(sizes))
        self.given = hand(self.tallies)
        self.filed: NDArray[np.int64] = np.zeros(cities, np.int64)

    def forget_stocks(self) -> None:
        """Begin to count anew what is counted as it stands."""
        for name in STOCKS:
            getattr(self.tallies, name)[:] = 0


def column(names: Iterable[str]) -> dict[str, int]:
    """Place of each name in its axis."""
    return {name: place for place, name in enumerate(names)}
