"""The share of a world that one process lives: whole cities. Its arrays have everybody's length, but of others it touches
only what far ties let it look at, so that an operating system gives it memory for little more than its own people.

What passes between shares: letters to others' people; before settling, the boards and lists of the pages that ties lead to;
sums. Who somebody is (`State.kind`, the high bits of `State.known`) is computed where it is looked at, not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine.exchange import Exchange, everything
from singlestep.engine.letters import WHO, Post
from singlestep.engine.state import PAGE
from singlestep.society import ties

if TYPE_CHECKING:
    from singlestep.society.tables import SocietyTables


class Share:
    """Pages `first` to `end` - 1, of process `exchange.rank`."""

    def __init__(self, exchange: Exchange, S: SocietyTables) -> None:
        self.exchange, self.people = exchange, S.people
        cities, city_pages = -(-S.people // S.city), S.city // PAGE
        self.ends = np.array([cities * (rank + 1) // exchange.size * city_pages for rank in range(exchange.size)])
        self.ends[-1] = S.pages
        self.first = int(self.ends[exchange.rank - 1]) if exchange.rank else 0
        self.end = int(self.ends[exchange.rank])
        self.lent, self.borrowed = self._pages_tied(S)

    def _pages_tied(self, S: SocietyTables) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
        """Of each process: the pages here that its people's ties lead to, and its pages that ties from here lead to."""
        mine = np.arange(self.first, self.end)
        here, there = [mine[:0]], [mine[:0]]
        if self.exchange.size > 1:
            to = [constant - mine for constant in S.far_page] if S.pattern == ties.TOWN else [mine - 1, mine + 1]
            for others in to:  # the same way back: a far page's far page, a neighbour's neighbour
                here.append(mine)
                there.append(others % S.pages)
        pages, others = np.concatenate(here), np.concatenate(there)
        owner = self._owner(others)
        ranks = range(self.exchange.size)
        apart = owner != self.exchange.rank
        return (
            [np.unique(pages[apart & (owner == rank)]) for rank in ranks],
            [np.unique(others[apart & (owner == rank)]) for rank in ranks],
        )

    def _owner(self, pages: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self.ends, pages, side="right")

    @property
    def alone(self) -> bool:
        """Whether everybody lives here."""
        return self.exchange.size == 1

    @property
    def persons(self) -> slice:
        """The places of this share, those of its last page that nobody has included."""
        return slice(self.first * PAGE, self.end * PAGE)

    @property
    def living(self) -> slice:
        """Everybody of this share."""
        return slice(self.first * PAGE, min(self.end * PAGE, self.people))

    def seen(self) -> list[tuple[int, int]]:
        """The ranges of persons that are looked at here: the share's own, and the pages that ties lead to."""
        pages = [(int(page), int(page) + 1) for part in self.borrowed for page in part]
        return [(first * PAGE, min(end * PAGE, self.people)) for first, end in [(self.first, self.end), *pages]]

    def hand_over(self, post: Post) -> None:
        """Letters posted since the last time go to where their addressees live."""
        if self.alone:
            return
        posted = np.concatenate([np.empty((0, 5), np.int64), *post.posted])
        owner = self._owner(posted[:, WHO] // PAGE)
        parts = [posted[owner == rank].reshape(-1) for rank in range(self.exchange.size)]
        post.posted = [part.reshape(-1, 5) for part in self.exchange.all_to_all(parts) if part.size]

    def look_around(self, *arrays: NDArray[Any]) -> None:
        """Bring these arrays of everybody up to date on the pages that ties lead to."""
        if self.alone:
            return
        for array in arrays:
            pages = array.reshape(-1, PAGE)
            got = self.exchange.all_to_all([pages[part].reshape(-1) for part in self.lent])
            for part, values in zip(self.borrowed, got, strict=True):
                pages[part] = values.reshape(-1, PAGE)

    def everybody(self, array: NDArray[Any]) -> NDArray[Any]:
        """An array of everybody, whole."""
        return everything(self.exchange, array[self.living])

    def total(self, number: int) -> int:
        """The sum of a number over all shares."""
        return int(self.exchange.all_reduce(np.array([number], np.int64))[0])

    def totals(self, tables: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
        """The sums of tables over all shares."""
        if self.alone:
            return tables
        summed = self.exchange.all_reduce(np.concatenate([table.ravel() for table in tables.values()]))
        parts = np.split(summed, np.cumsum([table.size for table in tables.values()])[:-1])
        return {name: part.reshape(tables[name].shape) for name, part in zip(tables, parts, strict=True)}
