"""A world: one people under one regime, day after day."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import calendar, counters, hashing, letters, memory, tallies, telling
from singlestep.engine.blocks import Block
from singlestep.engine.compiling import Place, allocating, compiled, for_columns
from singlestep.engine.examples import Examples
from singlestep.engine.exchange import Alone, Exchange, everything
from singlestep.engine.following import DIGEST, DOORS
from singlestep.engine.handing import hand
from singlestep.engine.share import Share
from singlestep.engine.state import LIST_BITS, PAGE, PARENT_SHIFT, TIE_BITS, State, bytes_a_person, new_state
from singlestep.engine.step import standing_of
from singlestep.regime.schema import Regime
from singlestep.regime.tables import compile_regime
from singlestep.rooms import graded
from singlestep.society import traits
from singlestep.society.schema import Society
from singlestep.society.tables import compile_society

BLOCK_PAGES = 256  # of a block, where one thread lives all of them
SHARED_BLOCK, LEAST_BLOCK = 128, 16  # at most, and at least, where several threads do,
BLOCKS_A_THREAD = 4  # each of which is to have so many
REGION_PAGES, LEAST_REGION = 24_576, 1_024  # whose mail is sorted at once: at most, and at least where several threads do
SLICE = 1 << 20  # people
RULE_POINTS = [tallies.RULE.index(f"points {side}") for side in tallies.SIDES]


Task = Callable[[tallies.Counts], Any]  # of a thread, which counts in its own tallies
Mail = tuple[int, NDArray[np.int64], NDArray[np.int64]]  # a region's first page, its mail, where that of each page begins
T = TypeVar("T")
U = TypeVar("U")


def pages_of_a_block(pages: int, threads: int) -> int:
    """How many pages a block has, of so many that so many threads live: with several, all of them as many blocks."""
    if threads == 1:
        return BLOCK_PAGES
    most = max(LEAST_BLOCK, min(SHARED_BLOCK, pages // (BLOCKS_A_THREAD * threads)))
    turns = max(1, -(-pages // (threads * most)))
    return max(LEAST_BLOCK, -(-pages // (threads * turns)))


def blocks_of_a_region(pages: int, threads: int, block_pages: int) -> int:
    """How many blocks a region has: with several threads as many regions, unless they were small."""
    share = REGION_PAGES if threads == 1 else max(LEAST_REGION, min(REGION_PAGES, -(-pages // threads)))
    return -(-share // block_pages)


def taken_from(left: deque[T]) -> Iterator[T]:
    """Those that are left, one by one, while others take of them too."""
    while True:
        try:
            yield left.popleft()
        except IndexError:
            return


class BrokenLaw(RuntimeError):
    """A law that must hold does not: the program is wrong, or its state was altered."""


class World:
    """`people` persons of `society` under `regime`, from one seed (0 to 2^64-1).

    The result does not depend on `threads`, `block_pages`, `trace`, `examples` or `follow`. Per-person arrays have one entry
    a person. With `trace`, some persons or "everyone", `traced_rows` says what befell them; with `examples`, candidates for
    life stories are kept. With `follow` the world keeps what is needed to compare it with another (see `following`).
    `shielded` [people] is True for those whom no record reaches: what would be put on their file is refused as not covered.
    With an `exchange` of several processes each lives a share of the people; all make the same calls in the same order, and
    what one can look at is the same in all of them, but for what concerns a single person. Letters that many people wait
    for lie in files of the folder `spool`, if one is given, in which nothing else may lie; OSError is raised when they cannot
    be written or are not as they were written.
    """

    def __init__(
        self, society: Society, regime: Regime, people: int, seed: int, threads: int = 1, block_pages: int | None = None,
        trace: Iterable[int] | str | None = None, follow: bool = False, shielded: NDArray[np.bool_] | None = None,
        examples: bool = False, exchange: Exchange | None = None, spool: Path | None = None,
    ) -> None:  # fmt: skip
        if people >= memory.LARGE:
            memory.give_back_at_once()
        self.follow, self.shielded = follow, shielded
        self.society, self.regime, self.people, self.seed = society, regime, people, seed
        self.society_tables = compile_society(society, people, seed)
        self.regime_tables = compile_regime(regime, society)
        self.day = 0
        self.spread = self._spread()
        self.pages = -(-people // PAGE)
        self.spills = self.regime_tables.tie_share > 0
        self.state = new_state(people, self.spills)
        self.given = hand(self.society_tables), hand(self.regime_tables), hand(self.state)
        self.share = Share(exchange or Alone(), self.society_tables)
        mine = self.share.end - self.share.first
        block_pages = block_pages or pages_of_a_block(mine, threads)
        self.threads = min(threads, max(1, -(-mine // block_pages)))
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self._meet()
        self._start()
        self.sizes = tallies.shapes(
            len(society.acts), len(regime.sources), len(regime.rules), len(society.services), len(regime.lists),
            self.regime_tables.classes,
        )  # fmt: skip
        cities = -(-people // self.society_tables.city)
        self.filed_last = np.zeros(cities, np.int64)
        self.capacity = self._capacity(cities)
        many = blocks_of_a_region(mine, self.threads, block_pages)
        self.region_pages = many * block_pages
        first, end, span = (pages * PAGE for pages in (self.share.first, self.share.end, self.region_pages))
        self.post = letters.Post(first, end, span, spool, self.share.alone)
        self.traced = telling.whom(trace, people)
        self.blocks = [
            Block(self, first * PAGE, min(first + block_pages, self.share.end) * PAGE)
            for first in range(self.share.first, self.share.end, block_pages)
        ]
        self.regions = [self.blocks[at : at + many] for at in range(0, len(self.blocks), many)]
        self.examples = Examples(self) if examples else None
        self.counts = [tallies.Counts(self.sizes, cities) for _ in range(self.threads)]

    def _meet(self) -> None:
        """Work out who everybody is that is looked at here."""
        S, X = self.given[0], self.state

        def of_slice(first_and_end: tuple[int, int]) -> None:
            who_they_are(S, X.kind, X.known, X.cut, *first_and_end)

        slices = [
            (begin, min(begin + SLICE, end)) for first, end in self.share.seen() for begin in range(first, end, SLICE)
        ]
        for _ in self.by_threads(of_slice, slices):
            pass

    def by_threads(self, task: Callable[[T], U], things: Iterable[T]) -> Iterator[U]:
        """What a task gives of each of these, in their order, by as many threads as the world has."""
        return self.pool.map(task, things) if self.pool else map(task, things)

    def _start(self) -> None:
        S, R, X, mine = self.society_tables, self.regime_tables, self.state, self.share.persons
        X.points[mine] = X.clean[mine] = R.start
        self.opening = self.start_of_ledger()  # of the ledger of points, recorded and clean
        X.tie[mine] = R.tie_share * R.start >> 16
        shown = for_columns(graded.shown)  # as it is: for one call it would be compiled
        X.board[mine] = shown(R.start, R.tie_share * R.start >> 16, R.tie_share, R.low, R.high, R.hold)
        for first in range(mine.start, mine.stop, SLICE):  # looking up takes eight bytes a person
            here = slice(first, min(first + SLICE, mine.stop))
            X.moods[here] = (R.fear_rest << 4) + S.need_rest[X.known[here] >> 5]
        X.known[mine] += np.uint8(R.announced)

    def _spread(self) -> int:
        """How many entries one occasion may have in a block's flat lists, mostly of sources that may see its act."""
        return max(2, 1 + 2 * int(np.diff(self.regime_tables.meet_from).max()))

    def _capacity(self, cities: int) -> NDArray[np.int64]:
        a_month, city = self.regime.remedy.a_month, self.society_tables.city
        if a_month is None:
            return np.zeros(cities, np.int64)
        inhabitants = [min(self.people, (n + 1) * city) - n * city for n in range(cities)]
        return np.array([max(1, round(a_month.value * n / 1000)) for n in inhabitants], np.int64)

    def _each_block(self, task: Callable[[Block, tallies.Counts], Any]) -> None:
        """Do this with each block."""
        self._share_out([partial(task, block) for block in self.blocks])

    def _share_out(self, tasks: Iterable[Task]) -> None:
        """See to it that all this is done: each thread takes the next task that is left (measured: handing them out one by
        one took a tenth of what a second thread brings). What is done is let go, with the mail it held."""
        left = deque(tasks)

        def work(counts: tallies.Counts) -> None:
            try:
                for task in taken_from(left):
                    task(counts)
            finally:  # broken off, nobody takes another
                left.clear()

        try:
            deque(self.by_threads(work, self.counts), maxlen=0)
        finally:
            left.clear()

    def settles_today(self) -> bool:
        """Whether today begins with everyone settling."""
        every = self.society.settle_every
        return self.day > 0 and (self.day % every == 0 if every else calendar.is_first_of_month(self.day))

    def settle(self) -> None:
        """Everyone settles: pass A, then grading and publication, then totals."""
        self.share.look_around(self.state.board, self.state.lists)
        self._each_block(Block.settle)
        self._forget_stocks()
        self._each_block(Block.publish)
        self.filed_last[:] = self.filed_now
        for counts in self.counts:
            counts.filed[:] = 0
        if self.examples is not None:
            self.examples.look(self)
        self.check_laws()
        if self.people >= memory.LARGE:
            memory.give_back_what_lies_between()

    def step(self) -> bool:
        """Settle if today asks for it, then live one day; returns whether everyone settled."""
        settles = self.settles_today()
        if settles:
            self.settle()
        self.share.hand_over(self.post)
        self.post.begin_day(self.day)
        self._share_out(self._days_tasks())
        self.day += 1
        return settles

    def _days_tasks(self) -> list[Task]:
        """What is to be done today, in the order in which threads take it up: region by region its mail is sorted, then its
        blocks live. As many regions as threads are sorted first, so that nobody waits while another sorts."""
        mails: list[Future[Mail]] = [Future() for _ in self.regions]
        sorting = [partial(self._sort, number, mail) for number, mail in enumerate(mails)]
        tasks: list[Task] = [*sorting[: self.threads]]
        for number, blocks in enumerate(self.regions):
            tasks += [partial(self._live, block, mails[number]) for block in blocks]
            tasks += sorting[number + self.threads : number + self.threads + 1]
        return tasks

    def _sort(self, number: int, mail: Future[Mail], counts: tallies.Counts) -> None:
        """Sort a region's mail of today for its blocks, which wait for it."""
        first = self.share.first + number * self.region_pages
        try:
            rows, begin = self.post.due(number, min(self.region_pages, self.share.end - first))
            if self.examples is not None:
                self.examples.letters(rows)
        except BaseException as error:
            mail.set_exception(error)
            raise
        mail.set_result((first, rows, begin))

    def _live(self, block: Block, mail: Future[Mail], counts: tallies.Counts) -> None:
        """Let a block live the day, once its region's mail is there."""
        first, rows, begin = mail.result()
        start, stop = (int(begin[person // PAGE - first]) for person in (block.first, block.end))
        block.live(counts, rows, start, stop)

    def run(self, days: int) -> None:
        """Live so many days."""
        for _ in range(days):
            self.step()

    def finish(self) -> None:
        """Take stock as things stand, and check the laws a last time."""
        self.take_stock()
        self.check_laws()

    def take_stock(self) -> None:
        """Count anew who stands where, without changing anything."""
        self._forget_stocks()
        self._each_block(Block.take_stock)

    def _forget_stocks(self) -> None:
        for counts in self.counts:
            counts.forget_stocks()

    @property
    def tallies(self) -> dict[str, NDArray[np.int64]]:
        """All tallies so far, summed over threads."""
        return self.share.totals(self.counted_here())

    def counted_here(self) -> dict[str, NDArray[np.int64]]:
        """All tallies so far of the people who live here."""
        summed = tallies.empty(self.sizes)
        for name, table in summed.items():
            for counts in self.counts:
                table += getattr(counts.tallies, name)
        return summed

    @property
    def published(self) -> bool:
        """Whether everybody's standing has been published."""
        return self.share.total(sum(block.published for block in self.blocks)) > 0

    @property
    def filed_now(self) -> NDArray[np.int64]:
        """Appeals filed in each city since the last settling."""
        return self.share.exchange.all_reduce(self.filed_here())

    def filed_here(self) -> NDArray[np.int64]:
        """Appeals filed since the last settling by the people who live here, in each city."""
        return sum((counts.filed for counts in self.counts), np.zeros_like(self.filed_last))

    def traced_rows(self) -> NDArray[np.int32]:
        """What befell the traced persons so far: rows with the columns of `rows`, in the order of persons and of days."""
        rows = telling.in_order([part for block in self.blocks for part in block.trace.kept()])
        return everything(self.share.exchange, rows)

    @property
    def under_way(self) -> int:
        """Letters not yet due."""
        return self.share.total(self.post.under_way)

    def state_hash(self) -> str:
        """The hash of state and tallies (see `hashing`)."""
        return hashing.state_hash(self)

    def record(self, person: int, source: str, act: str, due: int, step: int) -> None:
        """Put a true record of an act of day `step` into a made-up person's mail (for a rulebook's own examples)."""
        event = letters.event_of(person, step, 0, letters.RECORD, letters.BOTH, 0)
        place = list(self.society.acts).index(act), list(self.regime.sources).index(source)
        row = [due, person, event, letters.info_of(*place, 0, 0, 0), 0]
        self.post.take_in(np.array([row], np.int64), 1)
        self.counts[0].tallies.letter[letters.RECORD, 0] += 1

    # --- what one can look at -----------------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name in ("points", "clean", "board"):
            return self.share.everybody(getattr(self.state, name))
        raise AttributeError(name)

    @property
    def acts_digest(self) -> NDArray[np.int64]:
        """Of each person a digest of the acts taken so far (with `follow`)."""
        digests = [block.following.acts for block in self.blocks if block.following]
        return everything(self.share.exchange, np.concatenate([np.empty(0, np.int64), *digests]))[: self.people]

    @property
    def days_digest(self) -> NDArray[np.int64]:
        """Of each day a digest of everybody's acts (with `follow`)."""
        days = [np.array(block.following.days, np.int64) for block in self.blocks if block.following]
        return self.share.exchange.all_reduce(sum(days, np.zeros(self.day, np.int64))) & DIGEST

    @property
    def changes(self) -> NDArray[np.int64]:
        """Changes of doors and lists by day and person, rows as in `following` (with `follow`)."""
        changes = [block.following.changes for block in self.blocks if block.following]
        rows = everything(self.share.exchange, np.concatenate([np.empty((0, 4), np.int64), *changes]))
        return rows[np.lexsort((rows[:, 1], rows[:, 0]))]

    @property
    def tie(self) -> NDArray[Any]:
        """What ties add to shown points."""
        return self.share.everybody(self.state.tie) if self.spills else np.zeros(self.people, np.int16)

    @property
    def cut(self) -> NDArray[Any]:
        """Bits of slots whose tie is cut."""
        return self.share.everybody(self.state.cut) & TIE_BITS

    @property
    def lists(self) -> NDArray[Any]:
        """Bits of lists one is on."""
        return self.share.everybody(self.state.lists) & LIST_BITS

    @property
    def clean_lists(self) -> NDArray[Any]:
        """Bits of lists the clean file would have one on."""
        return self.share.everybody(self.state.clean_lists) & LIST_BITS

    @property
    def need(self) -> NDArray[Any]:
        """Need, 0 to 15."""
        return self.share.everybody(self.state.moods) & 15

    @property
    def fear(self) -> NDArray[Any]:
        """Fear, 0 to 15."""
        return self.share.everybody(self.state.moods) >> 4

    @property
    def awareness(self) -> NDArray[Any]:
        """Awareness, 0 to 15."""
        return self.share.everybody(self.state.known) & 15

    @property
    def income(self) -> NDArray[Any]:
        """Income fifth, 0 the lowest."""
        return self.share.everybody(self.state.known) >> 5

    @property
    def minority(self) -> NDArray[Any]:
        """1 for the minority, 0 without groups."""
        return self.share.everybody(self.state.known) >> 4 & 1

    def need_and_board(self, persons: Sequence[int]) -> NDArray[np.int64]:
        """Need and published points of some persons, in their order; shape (persons, 2)."""
        whom, mine = np.array(persons, np.int64), self.share.living
        here = (whom >= mine.start) & (whom < mine.stop)
        found = np.zeros((len(whom), 2), np.int64)
        found[here, 0], found[here, 1] = self.state.moods[whom[here]] & 15, self.state.board[whom[here]]
        return self.share.exchange.all_reduce(found)

    def trait(self, name: str) -> NDArray[np.int64]:
        """Everybody's level of a trait, as its place among the levels."""
        from singlestep.society.tables import trait_code

        kinds, known = self.share.everybody(self.state.kind), self.share.everybody(self.state.known)
        return traits_of(self.given[0], kinds, known, trait_code(self.society, name))

    def counter(self, person: int, kind: int, index: int = 0) -> int:
        """One of a person's sparse counters (see `counters`)."""
        return self._block_of(person).counters.get(for_columns(counters.slot_of)(person, kind, index))

    def _block_of(self, person: int) -> Block:
        return next(block for block in self.blocks if block.first <= person < block.end)

    def standings(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Everybody's class today (0 the best), and bits of the services whose door is shut; shapes (people,)."""
        classes, doors = np.zeros(self.people, np.int64), np.zeros(self.people, np.int64)
        _, R, X = self.given
        for block in self.blocks:
            last = min(block.end, self.people)
            stand(X, R, block.table(), block.first, last, self.spills, classes, doors)
        return self.share.everybody(classes), self.share.everybody(doors)

    def class_of(self, person: int) -> int:
        """The class a person stands in today (0 the best)."""
        X, R = self.state, self.regime_tables
        tie = int(X.tie[person]) if self.spills else 0
        shown = for_columns(graded.shown)(int(X.points[person]), tie, R.tie_share, R.low, R.high, R.hold)
        points = int(X.board[person]) if R.monthly else shown
        return int(standing_of(person, points, int(X.lists[person]), self._block_of(person).table(), R.class_at))

    def doors_shut(self, person: int) -> list[str]:
        """The services whose door is shut to a person."""
        shut = self.counter(person, counters.DOORS)
        return [name for number, name in enumerate(self.society.services) if shut >> number & 1]

    @property
    def bytes_a_person(self) -> int:
        """Bytes of state for each person."""
        return bytes_a_person(self.spills)

    @staticmethod
    def forecast(society: Society, regime: Regime, people: int, days: int) -> dict[str, int]:
        """What a run is expected to need at its peak, in bytes: state, counters and letters under way."""
        from singlestep.engine.forecast import forecast

        return forecast(society, regime, people, days)

    @staticmethod
    def pace(society: Society, regime: Regime, people: int, follow: bool) -> float:
        """About how many seconds a day of so many people takes on one thread."""
        from singlestep.engine.forecast import pace

        return pace(society, regime, people, follow)

    def start_of_ledger(self) -> tuple[int, int]:
        """The points of all people on the first day, recorded and clean."""
        return self.people * self.regime_tables.start, self.people * self.regime_tables.start

    def begin_ledger(self) -> None:
        """Let the ledger of points begin with what everybody has, whatever was counted before."""
        self.opening = self._ledger(self._sums())

    def _sums(self) -> dict[str, NDArray[np.int64]]:
        """Tallies that laws are about, each summed over what its law does not tell apart."""
        here = [counts.tallies for counts in self.counts]
        over: dict[str, Any] = {"flow": 1, "door": (0, 2), "stock_door": (0, 2), "letter": ()}
        sums = {name: sum(getattr(tables, name).sum(axis=axes) for tables in here) for name, axes in over.items()}
        # one column after the other: of very many rules numpy takes ten times as long for all at once
        sums["points"] = sum(np.array([tables.rule[:, column].sum() for column in RULE_POINTS]) for tables in here)
        return self.share.totals(sums)

    def _ledger(self, now: dict[str, NDArray[np.int64]]) -> tuple[int, int]:
        """The points of all people without every change counted, recorded and clean."""
        flow, place = now["flow"], tallies.column(tallies.FLOW)
        recorded, clean = (
            int(
                self.share.total(int(sum_of(held, self.share.living.start, self.share.living.stop)))
                - points
                + flow[place[f"closed {side}"]]
                - flow[place[f"wiped {side}"]]
                - flow[place[f"absorbed {side}"]]
                + flow[place[f"clipped {side}"]]
            )
            for side, held, points in zip(tallies.SIDES, (self.state.points, self.state.clean), now["points"], strict=True)
        )
        return recorded, clean

    def check_laws(self) -> None:
        """The ledger of points, letters and spells adds up. Raises BrokenLaw."""
        now = self._sums()
        flow, place = now["flow"], tallies.column(tallies.FLOW)
        for side, began, held in zip(tallies.SIDES, self.opening, self._ledger(now), strict=True):
            if held != began:
                raise BrokenLaw(f"{side} points less all changes add up to {held}, the ledger began with {began}")
        sent, delivered, refused = now["letter"].sum(axis=0)
        under_way = self.under_way
        if sent != delivered + refused + under_way:
            raise BrokenLaw(f"{sent} letters sent, {delivered} delivered, {refused} refused, {under_way} under way")
        filed, decided = (flow[place[f"{row} wrong"]] + flow[place[f"{row} right"]] for row in ("filed", "decided"))
        letters_of_decision = now["letter"][letters.DECISION]
        if filed != letters_of_decision[0] or decided != letters_of_decision[1]:
            raise BrokenLaw(f"{filed} appeals filed and {decided} decided, with {letters_of_decision} letters about them")
        door = dict(zip(tallies.DOOR, now["door"], strict=True))
        spells = ("begun", "ended"), ("clean begun", "clean ended")
        for (begun, ended), still_shut in zip(spells, now["stock_door"], strict=True):
            if door[begun] != door[ended] + still_shut:
                raise BrokenLaw(f"{door[begun]} spells {begun}, {door[ended]} {ended}, {still_shut} still shut")


@allocating
def who_they_are(
    S: Any, kinds: NDArray[np.uint8], known: NDArray[np.uint8], cut: NDArray[np.uint8], first: int, end: int
) -> None:
    """Fill the caches of traits of persons first..end-1: archetype, the cell of income and group, and whether a parent."""
    k0, k1, group = S.seed0, S.seed1, S.group
    roles, houses, cuts, levels = S.template_role, S.template_house, S.trait_cut, S.archetype_level
    trait, sizes = S.archetype_trait, S.archetype_levels
    unknown = np.full((1, levels.shape[1]), -1, np.int8)
    for person in range(first, end):
        plot = person // traits.PLOT
        template = traits.template_of(k0, k1, plot, roles.shape[0])
        cell = traits.income_of(k0, k1, plot, houses[template, person % traits.PLOT]) << 1
        kind = 0
        for n in range(trait.shape[0]):
            level = traits.level_of(k0, k1, person, 0, cell, trait[n], unknown, cuts, roles)
            kind = kind * sizes[n] + level
        if group >= 0:
            cell += traits.level_of(k0, k1, person, kind, cell, group, levels, cuts, roles)
        kinds[person] = kind
        known[person] = cell << 4
        cut[person] = traits.parent_of_role(roles[template, person % traits.PLOT]) << PARENT_SHIFT


@compiled
def sum_of(held: NDArray[np.int16], first: int, end: int) -> np.int64:
    """The sum of what persons first..end-1 hold (numpy takes four times as long to add up narrow numbers in wide ones)."""
    total = np.int64(0)
    for person in range(Place(first), Place(end)):
        total += held[person]
    return total


@allocating
def stand(X, R, table, first, last, spills, classes, doors):  # type: ignore[no-untyped-def]
    """Classes and doors shut of persons first..last-1, as `World.class_of` and `World.doors_shut` say of one."""
    points, tie, board, lists, class_at = X.points, X.tie, X.board, X.lists, R.class_at
    for person in range(first, last):
        from_ties = np.int64(0)
        if spills:
            from_ties = np.int64(tie[person])
        shown = graded.shown(np.int64(points[person]), from_ties, R.tie_share, R.low, R.high, R.hold)
        if R.monthly:
            shown = np.int64(board[person])
        classes[person] = standing_of(person, shown, np.int64(lists[person]), table, class_at)
        doors[person] = counters.get(table, counters.slot_of(person, counters.DOORS, 0)) & DOORS


@allocating
def traits_of(S: Any, kinds: NDArray[np.uint8], known: NDArray[np.uint8], trait: int) -> NDArray[np.int64]:
    """Everybody's level of one trait, by its code."""
    found = np.zeros(S.people, np.int64)
    for person in range(S.people):
        found[person] = traits.level_of(
            S.seed0, S.seed1, person, kinds[person], known[person] >> 4, trait, S.archetype_level, S.trait_cut,
            S.template_role,
        )  # fmt: skip
    return found


__all__ = ["BrokenLaw", "State", "World"]
