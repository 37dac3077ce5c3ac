"""Tables of acts: a CSV file beside the society, one act a row, for catalogues too long to write out.

Columns: `id`, `like` (an act of the file itself, from which the row takes whatever it does not say), `rate` (times a year),
and of `words`, `domain`, `harm`, `protected`, `behaviour`, `size` and `cite` as many as are needed. With those of the
file at most 60,000 acts.
"""

from __future__ import annotations

from typing import Any, get_args

from singlestep.quantities import Rate
from singlestep.regime.csv_tables import (
    BASIS,
    LONGEST_WORDS,
    Kind,
    Table,
    basis_in,
    choice,
    identifier,
    number,
    path_beside,
    text_of,
    with_lines,
)
from singlestep.regime.whole import KeyPath, Whole
from singlestep.society.schema import GRADES, MOST_ACTS, Act, Society
from singlestep.words import errors as words

MOST_A_YEAR = 10_000
OWN = ("rate", "words", "domain", "harm", "protected")


def joined_to(society: Society, whole: Whole) -> tuple[Society, Whole]:
    """The society with the acts of its table, and the whole with their lines. Raises `Refused`."""
    if society.more_acts is None:
        return society, whole
    path = path_beside(society.more_acts, whole, ACTS)
    acts, lines = _Acts(ACTS, path, society.acts, ("acts",), whole).read()
    places: dict[KeyPath, int] = {("acts", name): line for name, line in lines.items()}
    return society.model_copy(update={"acts": {**society.acts, **acts}}), with_lines(whole, path, places)


class _Acts(Table[Act]):
    """One table of acts while it is read."""

    def make(self, name: str, cells: dict[str, Any], line: int) -> Act | None:
        """The act that the row is like, with what the cells say."""
        before = len(self.complaints)
        if cells["like"] is not None:
            self.known("act", cells["like"], self.already, words.THE_FILE, line)
        if len(self.complaints) > before:
            return None
        like: Act = self.already[cells["like"]]
        own = {key: cells[key] for key in OWN if cells.get(key) is not None}
        basis = basis_in(cells)
        if basis is not None:
            own["basis"] = basis
        return like.model_copy(update=own)


def _rate(text: str) -> Rate:
    return Rate(value=number(MOST_A_YEAR, words.CELL_RATE, "0.5")(text))


ACTS = Kind(
    key="more_acts",
    table=words.TABLE_OF_ACTS,
    each=words.EACH_ACT,
    one=words.ONE_ACT,
    owner=words.A_SOCIETY,
    several=words.ACTS,
    most_rows=MOST_ACTS,
    needed=("id", "like", "rate"),
    readers={
        "id": identifier("misses-payment"),
        "like": identifier("misses-payment"),
        "rate": _rate,
        "words": text_of(LONGEST_WORDS),
        "domain": identifier("finance"),
        "harm": choice(GRADES),
        "protected": choice(get_args(Act.model_fields["protected"].annotation)),
        **BASIS,
    },
)
