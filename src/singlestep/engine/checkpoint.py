"""A world's whole state in parts, and a world brought back to it, under any layout of blocks, any threads and processes.

`parts` takes a world apart at the beginning of a day: each part is a description (plain JSON) and an array. `restore` puts
them into a new world of the same society, regime, people and seed, and then asks whether that can be: the state hash must be
the one noted, everything must lie in its range, and the ledger of points, letters, lists and spells must add up. What is a
pure function of seed and person is not taken over but worked out again.

Where several processes live shares of a world, each has parts of its own. `restore` is given the parts of all, and each
process takes what is about its own people; counts that are nobody's name a person, `at`, whose block counts on from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import counters, letters, tallies, telling
from singlestep.engine import rows as told_rows
from singlestep.engine.blocks import Block
from singlestep.engine.compiling import for_columns
from singlestep.engine.examples import KEPT, KINDS, first_of
from singlestep.engine.state import CELL_BITS, DOOR_BITS, LIST_BITS, TIE_BITS
from singlestep.engine.world import BrokenLaw
from singlestep.quantities import MOST_SHOWN

if TYPE_CHECKING:
    from singlestep.engine.world import World

Info = dict[str, Any]
Part = tuple[Info, NDArray[Any]]

SLICE = 1 << 24  # people in one part of a column, so that no column is ever there twice
MOST_DAYS = 1 << 17  # as many as a letter can name
WIDEST = 30_000  # points without bounds of their own
COLUMNS = {"known": CELL_BITS, "cut": 255 ^ TIE_BITS}  # bits of a column that are a cache of traits; the others have none
NOTHING = np.zeros(0, np.int64)


# Taking apart --------------------------------------------------------------------------------------------------------
def parts(world: World) -> Iterator[Part]:
    """The state of a world between two days, part by part; the world must not go on meanwhile."""
    about = {"part": "world", "day": world.day, "published": world.published, "opening": list(world.opening)}
    return chain([({**about, "hash": world.state_hash()}, NOTHING)], _of_people(world), _of_share(world))


def loosened(taken: Iterable[Part]) -> Iterator[Part]:
    """The same parts, with counters as rows of key and value, and letters as rows of five. Raises ValueError for parts that
    are neither."""
    for info, rows in taken:
        if info["part"] == "tight counters":
            if not 0 <= info["first"] < letters.EVERYBODY or not 0 <= info["bits"] <= counters.GROUP_BITS:
                raise ValueError("there is no such person")
            yield {"part": "counters"}, counters.loosened(rows, info["first"], info["groups"], info["bits"])
        elif info["part"] == "tight letters":
            loose, period = letters.loosened(rows.tobytes(), info["count"]), info["period"]
            if type(period) is not int or not 0 <= period < MOST_DAYS:
                raise ValueError("there is no such day")
            yield {"part": "letters"}, letters.unpacked(loose, period)
        else:
            yield info, rows


def _of_people(world: World) -> Iterator[Part]:
    """Parts that are about persons."""
    mine = world.share.living
    for name in _columns(world):
        yield from _sliced({"part": "column", "of": name}, mine.start, getattr(world.state, name)[mine])
    for block in world.blocks:
        tight = block.counters.tight()
        about = {"first": block.first, "groups": block.counters.groups, "bits": block.counters.bits}
        yield {"part": "tight counters", **about}, tight
    for period, count, pressed in world.post.pressed_pieces():
        yield {"part": "tight letters", "period": period, "count": count}, np.frombuffer(pressed, np.uint8)
    for followed in (block.following for block in world.blocks if block.following):
        for name in ("acts", "status"):
            column = getattr(followed, name)[: world.people - followed.first]
            yield from _sliced({"part": "followed", "of": name}, followed.first, column)
        yield {"part": "followed", "of": "changes"}, followed.changes
    if world.traced.size > 0:
        yield {"part": "told"}, telling.in_order([rows for block in world.blocks for rows in block.trace.kept()])


def _of_share(world: World) -> Iterator[Part]:
    """Parts of what is counted here."""
    at = world.share.living.start
    for name, counted in world.counted_here().items() if world.blocks else ():
        yield {"part": "tally", "of": name, "at": at}, counted
    yield {"part": "filed", "at": at}, np.stack([world.filed_last, world.filed_here()])
    days = [block.following.days for block in world.blocks if block.following]
    if days:
        yield {"part": "followed", "of": "days", "at": at}, np.array(days, np.int64).sum(axis=0)
    if world.examples is not None:
        yield {"part": "examples", "at": at}, world.examples.found


def _columns(world: World) -> list[str]:
    """Names of the arrays that are kept."""
    return [name for name in world.state._fields if name != "kind" and getattr(world.state, name).size > 0]


def _sliced(info: Info, first: int, column: NDArray[Any]) -> Iterator[Part]:
    """A column of persons from `first` on, in slices."""
    for begin in range(0, len(column), SLICE):
        yield {**info, "first": first + begin}, column[begin : begin + SLICE]


# Putting together ----------------------------------------------------------------------------------------------------
def restore(world: World, taken: Iterable[Part], branched: bool = False) -> None:
    """Bring a new world to the state in these parts. Raises `BrokenLaw` if that is no state such a world can be in.

    Only a world that was `branched` may have begun its ledger with other points than everybody's start.
    """
    noted = put(world, taken)
    _need(branched or world.opening == world.start_of_ledger(), "the ledger begins with other points than everybody's start")
    check(world)
    _need(noted == world.state_hash(), "the state has another hash than the one noted when it was kept")


def put(world: World, taken: Iterable[Part]) -> str | None:
    """Put the parts into a new world; the hash noted. Raises `BrokenLaw` for a part that cannot be of such a world."""
    noted = None
    try:
        for info, rows in loosened(taken):
            if info["part"] == "world":
                noted = info["hash"]
            TAKERS[info["part"]](world, info, rows)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise BrokenLaw("a part of the state does not fit this world") from error
    return noted


def check(world: World) -> None:
    """Everything lies in its range, and the ledger adds up. Raises `BrokenLaw`."""
    _check_columns(world)
    _check_stocks(world)
    _check_letters(world)


def _need(holds: Any, law: str) -> None:
    if not holds:
        raise BrokenLaw(law)


def _take_world(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(type(info["day"]) is int and info["day"] >= 0, "there is no such day")
    world.day = info["day"]
    world.opening = (int(info["opening"][0]), int(info["opening"][1]))
    for block in world.blocks:
        block.published = bool(info["published"])


def _take_column(world: World, info: Info, rows: NDArray[Any]) -> None:
    name, first = info["of"], info["first"]
    column = getattr(world.state, name)
    _need(name in _columns(world) and rows.dtype == column.dtype and rows.ndim == 1, "there is no such column")
    _need(0 <= first <= first + len(rows) <= world.people, "there are other people in the state")
    here, rows = _mine(world, first, rows)
    cache = COLUMNS.get(name, 0)
    _need(not ((column[here] ^ rows) & cache).any() if cache else True, "somebody's traits are not those of this person")
    column[here] = rows


def _mine(world: World, first: int, rows: NDArray[Any]) -> tuple[slice, NDArray[Any]]:
    """Of rows of persons from `first` on, those of the people who live here, and their places."""
    mine = world.share.living
    here = slice(min(max(first, mine.start), mine.stop), max(mine.start, min(first + len(rows), mine.stop)))
    return here, rows[max(0, here.start - first) : max(0, here.stop - first)]


def _take_counters(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(rows.dtype == np.int64 and rows.ndim == 2 and rows.shape[1] == 2, "counters are rows of key and value")
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    keys = rows[:, 0]
    _need((np.diff(keys) > 0).all(), "a counter is there twice")
    persons, kinds = for_columns(counters.person_of)(keys), for_columns(counters.kind_of)(keys)
    _need((keys > 0).all() and (persons < world.people).all(), "a counter belongs to nobody")
    _need((kinds < counters.KINDS).all(), "there is no such kind of counter")
    most = _indices(world)[kinds]
    _need((for_columns(counters.index_of)(keys) < most).all(), "a counter is of a rule, list or door that is not there")
    _check_days(world, kinds, rows[:, 1])
    for block in _blocks_of(world, persons[0], persons[-1]) if len(rows) else ():
        begin, end = np.searchsorted(persons, (block.first, block.end))
        if begin < end:
            block.counters.take_in(rows[begin:end])


def _indices(world: World) -> NDArray[np.int64]:
    """How many counters of each kind a person can have, [kind]."""
    most = np.ones(counters.KINDS, np.int64)
    for kind in (counters.REPEAT, counters.USED):
        most[kind : kind + 2] = len(world.regime.rules)
    for kind in (counters.ALIVE, counters.LISTED, counters.TIMES, counters.HOUSE):
        most[kind : kind + 2] = len(world.regime.lists)
    most[counters.CAUSE] = len(tallies.CAUSES)
    most[[counters.SPELL, counters.CLEAN_END]] = len(world.society.services)
    return most


def _check_days(world: World, kinds: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    """No counter may note a day that has not been, or a door that is not there."""
    for kind, noted in (
        (counters.LISTED, values - 1), (counters.LISTED + 1, values - 1), (counters.WIPED, values - 1),
        (counters.WIPED + 1, values - 1), (counters.SPELL, for_columns(counters.spell_in)(values)[0]),
        (counters.CLEAN_END, values),
    ):  # fmt: skip
        days = noted[kinds == kind]
        _need(((days >= 0) & (days <= world.day)).all(), "a counter notes a day that has not been")
    doors = (1 << len(world.society.services)) - 1
    shut = values[kinds == counters.DOORS]
    _need(not (shut & ~(doors | doors << DOOR_BITS)).any(), "a door is shut that is not there")


def _take_letters(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(rows.dtype == np.int64 and rows.ndim == 2 and rows.shape[1] == 5, "letters have five columns")
    if not len(rows):
        return
    due, who, event, told, amount = rows.T
    _need(due.min() >= world.day, "a letter was due on a day that has been")
    kinds = for_columns(letters.kind_of)(event)
    act, source, rule = (for_columns(of)(told) for of in (letters.act_of, letters.source_of, letters.rule_of))
    _need((who.min() >= 0) and (who.max() < world.people), "a letter goes to nobody")
    _need((amount.min() >= 0) and (amount.max() < 1 << 32), "there is no such amount")
    _need((for_columns(letters.author_of)(event) < world.people).all() and (event >= 0).all(), "a letter comes from nobody")
    _need((for_columns(letters.step_of)(event) <= world.day).all(), "a letter is about a day that has not been")
    _need((kinds < len(tallies.LETTERS)).all(), "there is no such kind of letter")
    _need((told >= 0).all() and (act < len(world.society.acts)).all(), "there is no such act")
    _need((source < max(1, len(world.regime.sources))).all(), "there is no such source")
    _need((rule[kinds == letters.CLOSE] < len(world.regime.rules)).all(), "there is no such rule")
    mine = world.share.persons
    world.post.day = world.day
    world.post.put_away(rows[(who >= mine.start) & (who < mine.stop)], world.day // letters.PERIOD)


def _take_tally(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(rows.dtype == np.int64 and rows.shape == world.sizes[info["of"]], "a tally is of another regime or society")
    if _blocks_of(world, info["at"]):
        getattr(world.counts[0].tallies, info["of"])[...] += rows


def _take_filed(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(rows.dtype == np.int64 and rows.shape == (2, len(world.filed_last)) and (rows >= 0).all(), "appeals of no city")
    world.filed_last[:] = rows[0]
    if _blocks_of(world, info["at"]):
        world.counts[0].filed += rows[1]


def _take_followed(world: World, info: Info, rows: NDArray[Any]) -> None:
    name, first = info["of"], info.get("first", 0)
    _need(world.follow and rows.dtype == np.int64, "this world is not followed")
    for block in world.blocks:
        kept = block.following
        assert kept is not None
        if name == "days":
            counts_on = block in _blocks_of(world, info["at"])
            kept.days = (np.array(kept.days or [0], np.int64) + rows * counts_on).tolist()
        elif name == "changes":
            kept.log = np.concatenate([kept.changes, _of_block(block, rows[:, 1], rows)])
            kept.noted = len(kept.log)
        else:
            begin, end = max(block.first, first), min(block.end, first + len(rows))
            if begin < end:
                getattr(kept, name)[begin - block.first : end - block.first] = rows[begin - first : end - first]


def _take_examples(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(world.examples is not None and rows.dtype == np.int64 and rows.shape == (len(KINDS), KEPT, 2), "no such examples")
    assert world.examples is not None
    if _blocks_of(world, info["at"]):
        world.examples.found[...] = first_of(np.stack([world.examples.found, rows]))


def _blocks_of(world: World, person: int, last: int | None = None) -> list[Block]:
    """The block that a person is in, or all of those up to the last person; none where they live elsewhere."""
    if not world.blocks:
        return []
    begin, size = world.blocks[0].first, world.blocks[0].end - world.blocks[0].first
    last = person if last is None else last
    near = world.blocks[max(0, (person - begin) // size) : max(0, (last - begin) // size + 1)]
    return [block for block in near if block.first <= last and person < block.end]


def _take_told(world: World, info: Info, rows: NDArray[Any]) -> None:
    _need(rows.dtype == np.int32 and rows.ndim == 2 and rows.shape[1] == len(told_rows.COLUMNS), "no such rows are told")
    for block in world.blocks:
        block.trace.kept().append(_of_block(block, rows[:, 0], rows))


def _of_block(block: Block, persons: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """The rows of a block's people, in their order."""
    return np.ascontiguousarray(rows[(persons >= block.first) & (persons < block.end)])


TAKERS: dict[str, Callable[[Any, Info, NDArray[Any]], None]] = {
    "world": _take_world, "column": _take_column, "counters": _take_counters, "letters": _take_letters,
    "tally": _take_tally, "filed": _take_filed, "followed": _take_followed, "examples": _take_examples, "told": _take_told,
}  # fmt: skip


# Whether it can be ---------------------------------------------------------------------------------------------------
def _check_columns(world: World) -> None:
    """Every field lies in its range."""
    R, X, mine = world.regime_tables, world.state, world.share.living
    low, high = (R.low, R.high) if R.hold else (-WIDEST, WIDEST)
    for column, least, most in (
        (X.points, low, high), (X.clean, low, high), (X.board, -MOST_SHOWN, MOST_SHOWN), (X.tie, -MOST_SHOWN, MOST_SHOWN)
    ):  # fmt: skip
        held = column[mine]
        _need(not held.size or (least <= held.min() and held.max() <= most), "points lie outside their bounds")
    slots = world.society_tables.near + world.society_tables.far
    for first in range(mine.start, mine.stop, SLICE):
        here = slice(first, min(first + SLICE, mine.stop))
        for bits in (X.lists, X.clean_lists):
            _need(((bits[here] & LIST_BITS) < 1 << R.lists).all(), "somebody is on a list that is not there")
        _need(((X.cut[here] & TIE_BITS) < 1 << slots).all(), "a tie is cut that is not there")


def _check_stocks(world: World) -> None:
    """The ledger adds up, and who is on a list or before a shut door is who came and has not gone."""
    noted = {name: [getattr(counts.tallies, name).copy() for counts in world.counts] for name in tallies.STOCKS}
    world.take_stock()
    now = world.tallies
    try:
        world.check_laws()
        moved = now["listing"].sum(axis=3)
        on_list = moved[:, :, tallies.LISTING.index("entered")] - moved[:, :, tallies.LISTING.index("left")]
        _need((on_list == now["stock_list"].sum(axis=2)).all(), "others are on a list than entered and have not left")
        for side, name in enumerate(("", "clean ")):
            begun, ended = (now["door"][:, tallies.DOOR.index(name + what)].sum(axis=1) for what in ("begun", "ended"))
            _need((begun - ended == now["stock_door"][:, side].sum(axis=1)).all(), "other doors are shut than were shut")
    finally:
        for name, tables in noted.items():
            for counts, table in zip(world.counts, tables, strict=True):
                getattr(counts.tallies, name)[...] = table


def _check_letters(world: World) -> None:
    """Of each kind as many letters are under way as were sent and have not come."""
    under_way = np.zeros(len(tallies.LETTERS), np.int64)
    for rows in world.post.pieces():
        under_way += np.bincount(for_columns(letters.kind_of)(rows[:, letters.EVENT]), minlength=len(under_way))
    sent, delivered, refused = world.tallies["letter"].T
    under_way = world.share.exchange.all_reduce(under_way)
    _need((sent - delivered - refused == under_way).all(), "other letters are under way than were sent and have not come")
