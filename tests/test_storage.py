"""How letters and counters lie in memory shows nowhere: each is beside a plain reading of the same."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from singlestep.engine import counters, letters

FIRST, PEOPLE = 8192, 500


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


@pytest.mark.parametrize("many", [1, 300, letters.MANY])
def test_every_letter_comes_on_its_day(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is piled or joined at once."""
    monkeypatch.setattr(letters, "MANY", many)
    dice, post, posted = np.random.default_rng(7), letters.Post(), []
    for day in range(100):
        if day:
            rows = some_letters(dice, 20, day)
            rows[:, letters.WHO] %= letters.PAGE
            post.take_in(rows, len(rows))
            posted.append(rows)
        sent = np.concatenate([np.empty((0, 5), np.int64), *posted])
        due = sent[sent[:, letters.DUE] == day]
        assert (in_order(post.everything()) == in_order(sent[sent[:, letters.DUE] >= day])).all()
        mail, begin = post.due(day, 1)
        order = np.lexsort((due[:, letters.AMOUNT], due[:, letters.INFO], due[:, letters.EVENT], due[:, letters.WHO]))
        assert (mail == due[order][:, letters.WHO :]).all() and begin.tolist() == [0, len(due)]
        assert post.under_way == (sent[:, letters.DUE] > day).sum()


def test_a_table_of_counters_is_a_dictionary() -> None:
    """While it grows, forgets and wraps round; persons at both ends and one with very many counters among them."""
    dice, plain = np.random.default_rng(3), dict[int, int]()
    table = counters.new_table(8, FIRST, PEOPLE)
    for _ in range(4000):
        person = FIRST + int(dice.choice([0, PEOPLE - 1, dice.integers(0, PEOPLE)]))
        key = int(counters.slot_of(person, int(dice.integers(0, counters.KINDS)), int(dice.integers(0, 40))))
        table = counters.room(table, 1, FIRST, PEOPLE)
        value = int(dice.choice([0, 1, -5, 1 << 50]))
        counters.put(table, key, value)
        plain[key] = value
        counters.add(table, key, 2)
        plain[key] += 2
        if dice.random() < 0.001:
            counters.forget(table, counters.GRAVEST)
            plain = {k: 0 if counters.kind_of(k) == counters.GRAVEST else v for k, v in plain.items()}
    assert all(counters.get(table, key) == value for key, value in plain.items())
    assert counters.get(table, counters.slot_of(FIRST + 1, 0, 99)) == 0
    assert dict(counters.living(table).tolist()) == {key: value for key, value in plain.items() if value}
    assert counters.rows_of(table) < 4 * counters.in_use(table)


def test_room_is_made_before_it_is_needed() -> None:
    table = counters.new_table(4, FIRST, PEOPLE)
    for wanted in (1, 10, 1000):
        table = counters.room(table, wanted, FIRST, PEOPLE)
        for n in range(wanted):
            counters.put(table, counters.slot_of(FIRST + n % PEOPLE, counters.ALIVE, n), 1)
        assert counters.in_use(table) < counters.rows_of(table)  # a free row ends every search
