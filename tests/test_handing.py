"""Tables handed to kernels by address are the tables: whatever is looked up there is what they hold, in a copy too."""

from __future__ import annotations

from copy import deepcopy
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from singlestep.engine import compiling
from singlestep.engine.compiling import COMPILED, compiled
from singlestep.engine.handing import Handed, hand

pytestmark = pytest.mark.skipif(not COMPILED, reason="without compiling, tables are handed as they are")


class Small(NamedTuple):
    """One field of each sort."""

    first: int
    bytes_: NDArray[np.uint8]
    yes: bool
    cube: NDArray[np.int64]
    no: bool
    last: int


@compiled
def looked_up(tables, row):  # type: ignore[no-untyped-def]
    """Something of each field."""
    total = np.int64(tables.bytes_[row]) + tables.cube[row, 1, 2] * 1000 + tables.cube.shape[2] * 10**7
    return total, tables.first, tables.yes, tables.no, tables.last


@compiled
def changed(tables, row, to):  # type: ignore[no-untyped-def]
    """Write into an array."""
    tables.bytes_[row] = to


def small() -> Small:
    """Tables of which every number differs."""
    return Small(-(1 << 40), np.arange(5, 9, dtype=np.uint8), True, np.arange(24).reshape(4, 2, 3), False, (1 << 62) + 1)


def test_each_field_is_found_where_it_is() -> None:
    tables = small()
    for row in range(4):
        expected = int(tables.bytes_[row]) + int(tables.cube[row, 1, 2]) * 1000 + 3 * 10**7
        assert looked_up(hand(tables), row) == (expected, tables.first, True, False, tables.last)


def test_what_a_kernel_writes_the_tables_hold() -> None:
    tables = small()
    changed(hand(tables), 2, 77)
    assert tables.bytes_.tolist() == [5, 6, 77, 8]


def test_a_copy_has_its_own_arrays() -> None:
    given = hand(small())
    other = deepcopy(given)
    changed(other, 1, 99)
    assert other.tables.bytes_[1] == 99
    assert given.tables.bytes_[1] == 6
    assert looked_up(other, 1)[0] - looked_up(given, 1)[0] == 93


def test_tables_of_the_same_fields_share_one_kernel_and_others_do_not() -> None:
    kinds = {Handed(tables)._numba_type_ for tables in (small(), small(), small()._replace(bytes_=np.arange(4)))}
    assert len(kinds) == 2


@pytest.mark.parametrize("value", [1.5, np.float32(2), "word", np.uint8(3)])
def test_fields_that_are_no_words_are_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError), match=r"tables hold arrays|annot determine"):
        hand(small()._replace(last=value))  # type: ignore[arg-type]


def test_a_kernel_is_not_compiled_anew_for_each_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "KEPT", False)  # a caller found on the disk is not compiled, nor what it calls

    @compiled
    def plus(a, b):  # type: ignore[no-untyped-def]
        return a + b

    @compiled
    def with_constants(n):  # type: ignore[no-untyped-def]
        return plus(n, 0) + plus(1, n) + plus(n, n)

    assert with_constants(4) == 4 + 5 + 8
    assert len(plus.overloads) == 1
