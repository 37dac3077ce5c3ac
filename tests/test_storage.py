"""How letters and counters lie in memory shows nowhere: each is beside a plain reading of the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from singlestep.engine import checkpoint, counters, letters
from singlestep.engine.compiling import for_columns
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

FIRST, PEOPLE = 8192, 500
RECORDED = Path(__file__).parent.parent / "benchmarks" / "workload"  # where everything that anybody does is recorded


def some_letters(dice: np.random.Generator, count: int, first_day: int) -> NDArray[np.int64]:
    """Letters of which every field is anything from its least to its most."""
    most = np.int64(1) << np.array([letters.EVENT_BITS, letters.INFO_BITS, 32])
    rows = np.empty((count, 5), np.int64)
    rows[:, letters.DUE] = first_day + dice.integers(0, 1200, count)
    rows[:, letters.WHO] = dice.choice([0, 1, 2**31 - 1, *dice.integers(0, 2**31 - 1, 50)], count)
    for column, end in zip((letters.EVENT, letters.INFO, letters.AMOUNT), most, strict=True):
        rows[:, column] = dice.choice([0, end - 1, *dice.integers(0, end, 200)], count)
    return rows


def in_order(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows by all of their columns."""
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize("period", [0, 3, (1 << 17) // letters.PERIOD - 1])
def test_a_packed_letter_comes_out_as_it_went_in(period: int) -> None:
    rows = some_letters(np.random.default_rng(period), 2000, 0)
    rows[:, letters.DUE] = period * letters.PERIOD + rows[:, letters.DUE] % letters.PERIOD
    packed = letters.packed(rows)
    assert packed.nbytes == 24 * len(rows)
    assert (letters.unpacked(packed, period) == rows).all()


LAYOUTS = {
    "as usual": {}, "piled at once": {"MANY": 1}, "piled by some": {"MANY": 300}, "pressed": {"LOOSE": 0, "PRESSED": 5},
    "partly pressed": {"LOOSE": 200, "PRESSED": 12, "MANY": 50}, "joined by few": {"MANY": 50, "JOINED": 3},
}  # fmt: skip


@pytest.mark.parametrize("regions", [1, 3])
@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_letter_comes_on_its_day(
    layout: str, on_disk: bool, regions: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is piled, joined or pressed at once, and wherever it lies."""
    for name, value in LAYOUTS[layout].items():
        monkeypatch.setattr(letters, name, value)
    page, files = letters.PAGE, 0
    dice, posted = np.random.default_rng(7), []
    post = letters.Post(page, (1 + regions) * page, page, tmp_path / "kept" / "letters" if on_disk else None)
    for day in range(100):
        if day:
            rows = some_letters(dice, 20, day)
            rows[:, letters.WHO] = page + rows[:, letters.WHO] % (regions * page)
            post.take_in(rows, len(rows))
            posted.append(rows)
        sent = np.concatenate([np.empty((0, 5), np.int64), *posted])
        assert (in_order(post.everything()) == in_order(sent[sent[:, letters.DUE] >= day])).all()
        tight = [letters.unpacked(letters.loosened(kept, count), period) for period, count, kept in post.pressed_pieces()]
        assert not tight or (in_order(np.concatenate(tight)) == in_order(post.everything())).all()
        files += len(list(tmp_path.glob("kept/letters/*")))
        post.begin_day(day)
        for region in range(regions):
            here = (sent[:, letters.DUE] == day) & (sent[:, letters.WHO] // page - 1 == region)
            due = sent[here]
            mail, begin = post.due(region, 1)
            order = np.lexsort(due[:, : letters.DUE : -1].T)
            assert (mail == due[order][:, letters.WHO :]).all() and begin.tolist() == [0, len(due)]
        assert post.under_way == (sent[:, letters.DUE] > day).sum()
        assert post.loose == sum(pile.count for _, pile in post._piles())
    assert (files > 0) == (on_disk and "pressed" in layout)


def where_all_is_recorded(people: int = 30_000, **how: Any) -> World:
    """People of whom each act is recorded, a third of the acts being such as a state of mind may stop, and another third
    being fined."""
    written = load_society(RECORDED / "society.yaml").model_dump(by_alias=True, exclude_unset=True)
    for act in list(written["acts"].values())[::3]:
        act["deterred"], act["need"] = 1, 0.5
    society = Society.model_validate(written)
    ruled = load_regime(RECORDED / "regime.yaml", society).model_dump(by_alias=True, exclude_unset=True)
    for rule in list(ruled["rules"].values())[1::3]:
        rule["fine"] = 3
    return World(society, Regime.model_validate(ruled), people, 1, **how)


@pytest.mark.parametrize("shielded", [None, np.arange(30_000) % 5 == 0])
def test_records_that_stay_at_home_show_nowhere(shielded: NDArray[np.bool_] | None) -> None:
    """Many of a block's records of the day stay there until tomorrow; those of small blocks go with the post. They are read
    as they lie, or (where somebody is shielded) among all letters."""
    large, small = (where_all_is_recorded(block_pages=pages, shielded=shielded) for pages in (8, 1))
    for _ in range(32):  # with settling
        large.step()
        small.step()
        stayed = list(large.post.at_home.values())
        assert len(stayed) == 1 and len(stayed[0]) > 4000 and not small.post.at_home
        assert (np.diff(stayed[0]) >= 0).all()
        assert (in_order(large.post.everything()) == in_order(small.post.everything())).all()
    assert large.post.under_way == small.post.under_way == len(small.post.everything())
    tight = [letters.unpacked(letters.loosened(kept, count), period) for period, count, kept in large.post.pressed_pieces()]
    assert (in_order(np.concatenate(tight)) == in_order(small.post.everything())).all()
    other = where_all_is_recorded(block_pages=3, shielded=shielded)
    checkpoint.restore(other, checkpoint.parts(large))
    for world in (large, small, other):
        world.run(9)
        world.finish()
    assert np.unique(large.state.moods).size > 10  # fines were felt
    assert large.state_hash() == small.state_hash() == other.state_hash()
    for name, counts in small.tallies.items():
        assert (large.tallies[name] == counts).all() and (other.tallies[name] == counts).all(), name


@pytest.mark.parametrize("threads", [1, 2])
def test_records_at_home_lie_where_those_lay_that_were_read(threads: int) -> None:
    """Blocks of different length, whose threads take over what was read and hand over what was written: no array has two
    holders."""
    large, small = (where_all_is_recorded(60_000, block_pages=pages, threads=threads) for pages in (8, 1))
    for _ in range(10):
        large.step()
        small.step()
        first, second = large.post.at_home.values()
        assert first.base is not None and second.base is not None and not np.shares_memory(first.base, second.base)
        assert (in_order(large.post.everything()) == in_order(small.post.everything())).all()
    assert large.state_hash() == small.state_hash()


def some_briefs(dice: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Records in brief of which every field is anything from its least to its most."""
    most = (60, 4, 4, 16, 1 << 16, 1 << 9, 4)
    return for_columns(letters.brief_of)(*(dice.choice([0, end - 1, *dice.integers(0, end, 20)], count) for end in most))


def test_records_in_brief_are_those_in_full() -> None:
    day = 1 << 16
    briefs = some_briefs(np.random.default_rng(3), 2000)
    places, occasions, sides, causes, acts, sources, reasons = for_columns(letters.in_brief)(briefs)
    who = FIRST + places
    event = for_columns(letters.event_of)(who, day - 1, occasions, letters.RECORD, sides, causes)
    info = for_columns(letters.info_of)(acts, sources, 0, 0, reasons)
    assert (letters.in_full(briefs, day, FIRST) == np.stack([who, event, info, 0 * who], axis=1)).all()
    assert (for_columns(letters.brief_of)(places, occasions, sides, causes, acts, sources, reasons) == briefs).all()


def test_letters_that_stay_at_home_and_others_come_in_one_order() -> None:
    dice = np.random.default_rng(11)
    brought, briefs = some_letters(dice, 900, 0)[:, letters.WHO :], some_briefs(dice, 900)
    brought[:, 0] = FIRST + dice.integers(0, 60, len(brought))
    brought = brought[np.lexsort(brought.T[::-1])]
    for stay in (1, 200, 900):
        post = letters.Post()
        post.begin_day(4)
        post.keep_at_home(FIRST, briefs[:stay])
        assert post.under_way == stay and set(post.everything()[:, letters.DUE]) == {5}
        assert not len(post.from_home(FIRST))  # today
        post.begin_day(5)
        at_home = post.from_home(FIRST)
        every = np.concatenate([brought, letters.in_full(briefs[:stay], 5, FIRST)])
        assert (post.with_those_from_home(brought, at_home, FIRST) == every[np.lexsort(every.T[::-1])]).all()
        assert post.under_way == 0


def test_pressed_letters_are_small(tmp_path: Path) -> None:
    """Those of a day to people here and there, most about what their addressees did: a quarter of 24 bytes."""
    dice, count = np.random.default_rng(2), letters.PRESSED
    who = np.sort(dice.integers(0, 1 << 22, count))
    event = for_columns(letters.event_of)(who, dice.integers(300, 330, count), 0, letters.CLOSE, letters.BOTH, 0)
    info = for_columns(letters.info_of)(dice.integers(0, 30, count), 3, dice.integers(0, 20, count), 335, 0)
    amount = for_columns(letters.amount_of)(dice.integers(0, 3, count), 2)
    rows = np.stack([np.full(count, 700), who, event, info, amount], axis=1)
    assert len(letters.pressed(letters.packed(rows))) < 6 * count


def test_letters_damaged_on_the_disk_are_noticed(tmp_path: Path) -> None:
    pile = letters.Pile(tmp_path / "letters")
    rows = letters.packed(some_letters(np.random.default_rng(1), 500, 0))
    pile.keep(len(rows), letters.pressed(rows))
    assert (in_order(next(pile.pieces())) == in_order(rows)).all()
    kept = bytearray((tmp_path / "letters").read_bytes())
    for place in (0, len(kept) // 2, len(kept) - 1):
        other = kept.copy()
        other[place] ^= 1
        (tmp_path / "letters").write_bytes(other)
        with pytest.raises(OSError, match="not as they were written"):
            next(pile.pieces())
    (tmp_path / "letters").write_bytes(kept[:-1])
    with pytest.raises(OSError, match="not as they were written"):
        next(pile.pieces())


@pytest.mark.parametrize("seed", range(20))
def test_bytes_that_are_no_counters_are_refused(seed: int) -> None:
    """Whatever they are, nothing is read or written beyond its end."""
    dice = np.random.default_rng(seed)
    begin = np.sort(dice.integers(0, 200, 9)).astype(np.uint32)
    begin[0], begin[-1] = 0, 200
    tight = np.concatenate([begin.view(np.uint8), dice.integers(0, 256, 200).astype(np.uint8)])
    with pytest.raises(ValueError, match="no packed counters"):
        counters.loosened(tight, 0, 8, 4)
    with pytest.raises(ValueError, match="no counters"):
        counters.loosened(tight[:-1], 0, 8, 4)
    with pytest.raises(ValueError, match=r"letters|shape"):
        letters.loosened(tight.tobytes(), 5)


VALUES = [0, 1, 2, 5, 127, 128, 255, 256, 0x10002, 0x1F00FF, 0x200001, 1 << 16, (1 << 48) - 1, 1 << 48, (1 << 63) - 1, -1, -5]


def some_counters(dice: np.random.Generator, count: int) -> dict[int, int]:
    """Counters of all kinds; persons at both ends, one with very many, and indices from the least to the most."""
    found = dict[int, int]()
    for _ in range(count):
        person = FIRST + int(dice.choice([0, 77, PEOPLE - 1, dice.integers(0, PEOPLE)]))
        index = int(dice.choice([0, 62, 63, 64, (1 << counters.INDEX_BITS) - 1, dice.integers(0, 40)]))
        kind, value = int(dice.integers(0, counters.KINDS)), int(dice.choice(VALUES))
        key = int(counters.slot_of(person, kind, index))
        assert (counters.person_of(key), counters.kind_of(key), counters.index_of(key)) == (person, kind, index)
        found[key] = value
        if dice.random() < 0.6:  # as high on the other side
            found[int(counters.slot_of(person, kind ^ 1, index))] = value
    return found


@pytest.mark.parametrize("most", [0, 1, 40, 10**6])
def test_counters_are_a_dictionary(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often they are packed, while they grow, change and are forgotten."""
    monkeypatch.setattr(counters, "LATELY", most)
    monkeypatch.setattr(counters, "LATELY_SHARE", 1 << 30)
    monkeypatch.setattr(counters, "ROWS", 64)
    dice, plain = np.random.default_rng(3), dict[int, int]()
    kept, benches = counters.Counters(FIRST, PEOPLE), (counters.Bench(), counters.Bench())  # of two threads
    for day in range(60):
        bench = benches[day % 2] if day % 5 else benches[0]
        bench.hold(kept)
        for key, value in some_counters(dice, 60).items():
            bench.room(2)
            counters.put(bench.table, key, value)
            plain[key] = value
            if dice.random() < 0.3 and abs(value) < 1 << 60:
                counters.add(bench.table, key, 2)
                plain[key] += 2
            assert counters.get(bench.table, key) == plain[key]
        assert all(counters.get(bench.table, key) == value for key, value in plain.items())
        assert counters.get(bench.table, counters.slot_of(FIRST + 1, 0, 99)) == 0
        if day % 13 == 5:
            kept.forget(counters.GRAVEST)
            plain = {key: 0 if counters.kind_of(key) == counters.GRAVEST else value for key, value in plain.items()}
        assert all(kept.get(key) == value for key, value in list(plain.items())[:20])
        living = {key: value for key, value in plain.items() if value}
        if day % 7 == 0:
            assert dict(kept.living().tolist()) == living
        spells = {key: value for key, value in living.items() if counters.kind_of(key) == counters.SPELL}
        if day % 11 == 0:
            assert dict(kept.living(counters.SPELL).tolist()) == spells
    assert kept.bits == 0  # so many counters that each person's are looked for by themselves
    kept.fetch()
    assert not any(bench.rows[: counters.rows_of(bench.rows), 0].any() for bench in benches)


@pytest.mark.parametrize("most", [0, 40, 4000])
def test_counters_raised_by_one_are_added_up(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However seldom they are packed, and whatever else happens to them meanwhile on a bench."""
    monkeypatch.setattr(counters, "LATELY", most)
    monkeypatch.setattr(counters, "LATELY_SHARE", 1 << 30)
    dice, plain = np.random.default_rng(4), dict[int, int]()
    kept, bench = counters.Counters(FIRST, PEOPLE), counters.Bench()
    for day in range(40):
        keys = [counters.slot_of(FIRST + int(n), counters.CAUSE, int(n) % 3) for n in dice.integers(0, PEOPLE, 30) // 2]
        kept.raise_by_one(np.array(keys, np.int64))
        bench.hold(kept)
        bench.room(len(keys))
        for key in keys:
            plain[key] = plain.get(key, 0) + 1
        for key in keys[: day % 4]:
            counters.add(bench.table, key, 5)
            plain[key] += 5
        if day % 9 == 7:
            kept.forget(counters.GRAVEST)
        if day % 6 == 0:
            assert dict(kept.living().tolist()) == plain
        if day % 10 == 3:
            assert all(kept.get(key) == value for key, value in plain.items())
    assert dict(kept.living().tolist()) == plain and max(plain.values()) > 5
    bench.hold(kept)
    assert counters.any_of(bench.table, counters.CAUSE)


def test_packed_counters_are_small() -> None:
    """A counter that is as high on both sides takes three bytes, one that says how much of a yearly cap is used four."""
    kept = counters.Counters(FIRST, 4096)
    rows = [[counters.slot_of(FIRST + n, counters.ALIVE + side, n % 31), 1 + n % 5] for n in range(1000) for side in (0, 1)]
    kept.take_in(np.array(rows, np.int64))
    assert kept.packed.nbytes == 3 * 1000
    caps = [[counters.slot_of(FIRST + n, counters.USED + side, n % 31), 0x10002] for n in range(1000) for side in (0, 1)]
    kept.take_in(np.array(caps, np.int64))
    assert kept.packed.nbytes == 7 * 1000
    assert len(kept.living()) == 4000


def test_room_is_made_before_it_is_needed() -> None:
    kept, bench = counters.Counters(FIRST, PEOPLE), counters.Bench()
    bench.hold(kept)
    for wanted in (1, 10, 1000, 20_000):
        bench.room(wanted)
        for n in range(wanted):
            counters.put(bench.table, counters.slot_of(FIRST + n % PEOPLE, counters.ALIVE, n), 1)
        assert bench.rows[counters.IN_USE] < counters.rows_of(bench.rows)  # a free row ends every search
