"""Random numbers and what is computed from them: published vectors, purposes, tables, the town of `docs/society.md`."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from singlestep.engine import draws
from singlestep.engine.tallies import FLOW
from singlestep.engine.world import World
from singlestep.regime.loader import load_regime, load_society
from singlestep.society import tables, ties, traits
from singlestep.society.alias import alias_tables

PEOPLE, DAYS = 12_288, 365
PAGE = Path(__file__).parent.parent / "docs" / "society.md"
ONES = 0xFFFFFFFF
PURPOSES = {
    "WAKE": 1, "HOUSEHOLD": 2, "TRAIT": 3, "NAMESAKE": 4, "NEAR": 5, "FAR_PAGE": 6, "FAR_MASK": 7, "OCCASION": 8,
    "SEEN": 9, "LINKED": 10, "TYPED": 11, "RULED": 12, "REMEDY": 13, "REPORT": 14, "TARGET": 15, "FOLLOW": 16,
    "FULFIL": 17, "FADE": 18, "CUT": 19, "OVERSIGHT": 20, "EXAMPLE": 21,
}  # fmt: skip


# Random numbers ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_meets_the_published_vectors(
    counter: tuple[int, ...], key: tuple[int, int], words: tuple[int, ...]
) -> None:
    """The vectors of Random123 (Salmon and others 2011), through the engine's own address."""
    person, step, purpose, sub = counter
    found = draws.draw(*key, person, step, purpose & 255, purpose >> 8, sub)
    assert tuple(int(word) for word in found) == words


def test_the_purposes_are_frozen() -> None:
    """A number once given is never used for anything else; new purposes go at the end, here too."""
    found = {name: value for name, value in vars(draws).items() if name.isupper() and isinstance(value, int)}
    assert found == PURPOSES


def test_words_are_even_and_unrelated() -> None:
    """Chi-square of 256 bins and the correlation of neighbours, at one in a million each; seeds are fixed."""
    words = np.array([draws.draw(7, 0, person, 3, draws.SEEN, 0, 11) for person in range(20_000)], dtype=np.float64)
    for word in words.T:
        counts = np.bincount((word / 2**24).astype(int), minlength=256)
        assert stats.chisquare(counts).pvalue > 1e-6
        assert abs(np.corrcoef(word[:-1], word[1:])[0, 1]) < 5 / np.sqrt(len(word))
    together = np.corrcoef(words.T) - np.eye(4)
    assert np.abs(together).max() < 5 / np.sqrt(len(words))


# Tables --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rate", [0.0, 1e-6, 0.013, 0.5, 1.0, 3.7])
def test_poisson_thresholds_meet_scipy(rate: float) -> None:
    mine = tables.poisson_thresholds(Decimal(rate), 15)
    assert np.allclose(mine, stats.poisson.cdf(np.arange(15), rate) * 2.0**32, rtol=0, atol=2)
    assert mine == sorted(mine)


@pytest.mark.parametrize("weights", [[1], [5, 0, 0], [1, 1, 1], [3, 9, 1, 7, 0, 2], [2**32, 1, 2**31, 12345]])
def test_alias_tables_give_back_the_weights(weights: list[int]) -> None:
    packed = alias_tables(np.array([weights]))[0]
    keep, alias = packed >> 16, packed & 0xFFFF
    kinds, got = len(weights), [0] * len(weights)
    for column in range(kinds):
        got[column] += keep[column]
        got[alias[column]] += 2**32 - keep[column]
    for weight, share in zip(weights, got, strict=True):
        assert abs(share - weight * kinds * 2**32 / sum(weights)) <= kinds


def test_families_are_of_equal_weights_where_kinds_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.array([[3, 5, 3, 0, 3, 5], [1, 2, 1, 0, 7, 2]])
    assert tables.families(weights) == [[kind] for kind in range(6)]
    monkeypatch.setattr(tables, "MANY_KINDS", 5)
    assert tables.families(weights) == [[0, 2], [1, 5], [3], [4]]


# The town ------------------------------------------------------------------------------------------------------------
@cache
def town() -> World:
    """Three pages of the shipped town, without a regime, before its first day."""
    return World(load_society("coast"), load_regime("none"), PEOPLE, seed=1)


@cache
def neighbours() -> np.ndarray:
    """Everybody's tie in each slot, -1 for none."""
    tables_ = town().society_tables
    rows = [
        [
            ties.tie_in_slot(
                tables_.seed0, tables_.seed1, person, slot, tables_.pattern, tables_.near,
                int(tables_.far_page[max(0, slot - tables_.near)]), tables_.pages, PEOPLE,
            )
            for slot in range(tables_.near + tables_.far)
        ]
        for person in range(PEOPLE)
    ]  # fmt: skip
    return np.array(rows)


@cache
def household_sizes() -> np.ndarray:
    """The size of everybody's household."""
    tables_ = town().society_tables
    sizes = []
    for plot in range(PEOPLE // traits.PLOT):
        template = traits.template_of(tables_.seed0, tables_.seed1, plot, len(tables_.template_house))
        houses = tables_.template_house[template]
        sizes.extend(np.bincount(houses)[houses])
    return np.array(sizes)


def clustering(near: np.ndarray) -> float:
    """Of all pairs of one's near ties, the share who are near ties of each other."""
    closed = pairs = 0
    for person in range(0, PEOPLE, 4):
        mine = [tie for tie in near[person] if tie >= 0]
        for n, tie in enumerate(mine):
            pairs += len(mine) - n - 1
            closed += np.isin(mine[n + 1 :], near[tie]).sum()
    return closed / pairs


def numbers() -> dict[str, float]:
    """Every number that `docs/society.md` states, measured."""
    world, all_ties = town(), neighbours()
    near, far = all_ties[:, : world.society.ties.near], all_ties[:, world.society.ties.near :]
    some = np.arange(PEOPLE)[:, None]
    lived = World(world.society, world.regime, PEOPLE, seed=1)
    lived.run(DAYS)
    flow = lived.tallies["flow"].sum(axis=1)
    done = lived.tallies["act"][:, 0].sum()
    age = world.trait("age")
    return {
        **{f"share of {name}": float((age == n).mean()) for n, name in enumerate(("child", "young", "middle", "old"))},
        "mean household": float(household_sizes().mean()),
        "living alone": float((household_sizes() == 1).mean()),
        "minority": float(world.minority.mean()),
        "near ties": float((near >= 0).sum(axis=1).mean()),
        "far ties": float((far >= 0).sum(axis=1).mean()),
        "fewest ties": float((all_ties >= 0).sum(axis=1).min()),
        "most ties": float((all_ties >= 0).sum(axis=1).max()),
        "clustering": clustering(near),
        "mean distance": float(np.abs(near - some)[near >= 0].mean()),
        "far on another page": float((far // 4096 != some // 4096)[far >= 0].mean()),
        "occasions": flow[FLOW.index("occasions")] / PEOPLE / DAYS,
        "acts": done / PEOPLE / DAYS,
        "cut off": float(flow[FLOW.index("cut off")] / flow[FLOW.index("occasions")]),
    }


def stated() -> dict[str, float]:
    """The numbers in the table of `docs/society.md`, by their names."""
    rows = re.findall(r"^\| ([a-z ]+?) \| ([0-9.]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: float(value) for name, value in rows}


def test_the_page_on_the_town_states_what_is_measured() -> None:
    measured, page = numbers(), stated()
    assert page.keys() == measured.keys()
    for name, value in measured.items():
        assert abs(page[name] - value) <= 0.0051 * max(1.0, value), (name, value)


def test_ties_are_mutual_and_cluster() -> None:
    all_ties = neighbours()
    for slot in range(all_ties.shape[1]):
        other = all_ties[:, slot]
        has = other >= 0
        assert (all_ties[other[has], slot] == np.flatnonzero(has)).all()
        assert (other != np.arange(PEOPLE)).all()
    assert clustering(all_ties[:, : town().society.ties.near]) >= 0.1
    rows = [[tie for tie in row if tie >= 0] for row in all_ties[:, : town().society.ties.near]]
    assert all(len(set(row)) == len(row) for row in rows)


def test_traits_come_in_the_shares_of_the_file() -> None:
    """Each level of each trait at each age, within five standard errors; seeds are fixed."""
    world = town()
    age = world.trait("age")
    for name, trait in world.society.traits.items():
        level = world.trait(name)
        for number, band in enumerate(("child", "young", "middle", "old")):
            here = level[age == number]
            for place, share in enumerate(trait.shares_at(band)):
                error = np.sqrt(max(share * (1 - share), 1e-9) / len(here))
                assert abs((here == place).mean() - share) <= 5 * error + 1e-5, (name, band, place)


def test_incomes_are_even_and_alike_in_a_household() -> None:
    world = town()
    assert np.abs(np.bincount(world.income) / PEOPLE - 0.2).max() < 0.02
    tables_ = world.society_tables
    for plot in range(200):
        template = traits.template_of(tables_.seed0, tables_.seed1, plot, len(tables_.template_house))
        houses, income = tables_.template_house[template], world.income[16 * plot : 16 * plot + 16]
        assert all(len(set(income[houses == house])) == 1 for house in set(houses))
