"""Shielding one person changes only lives that mail and the board reach, and the way there can be named."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from singlestep.engine import letters
from singlestep.quantities import Quantity
from singlestep.regime.loader import load_regime, load_society
from singlestep.regime.schema import Household, Regime, Remedy, SpillOver
from singlestep.study import paths

PEOPLE, DAYS, SEED = 1_000, 100, 5
WANTED = 20  # people who do change someone
Found = dict[int, paths.Change]


def regime() -> Regime:
    """`rongcheng` with more to carry between people. Board: ties share in each other's points. Mail: a missed payment puts
    one on the list of debtors, which reaches all of the household; and cameras take every second driver for another."""
    law = load_regime("rongcheng")
    weights = {"weight": 0.3, "household": 1, "near": 1, "far": 1}
    debtors = law.lists["judgment-debtors"].model_copy(update={"household": Household(who="all", onto="debtors-children")})
    payment = law.rules["payment-missed"].model_copy(update={"enters": "judgment-debtors"})
    cameras = law.sources["road-cameras"].model_copy(update={"misidentified": Quantity(value=0.5)})
    changed = {
        "spill_over": SpillOver.model_validate(weights),
        "lists": {**law.lists, "judgment-debtors": debtors},
        "rules": {**law.rules, "payment-missed": payment},
        "sources": {**law.sources, "road-cameras": cameras},
        "examples": [],
    }
    return law.model_copy(update=changed)


@cache
def town() -> paths.Town:
    return paths.Town(load_society("coast"), regime(), PEOPLE, SEED)


@cache
def plain() -> list[paths.Day]:
    return list(town().live(DAYS))


@cache
def shielded(person: int) -> Found:
    return paths.changes(town(), plain(), person)


def letters_to_others() -> np.ndarray:
    """How many letters of each person's acts went to somebody else; shape (people,)."""
    rows = np.concatenate([day.mail for day in plain()])
    authors = np.array([letters.author_of(event) for event in rows[:, paths.EVENT].tolist()])
    return np.bincount(authors[authors != rows[:, paths.WHO]], minlength=PEOPLE)


@cache
def who_change_someone(how: str) -> list[int]:
    """The first people to whose shielding somebody else owes another life, changed in this way: in order of the letters
    that went from them to others, or of the points they lost."""
    found: list[int] = []
    lost = plain()[-1].state[paths.ARRAYS.index("points")]
    for person in np.argsort(-letters_to_others() if how == paths.MAIL else lost, kind="stable").tolist():
        if any(change.how == how for change in shielded(person).values()):
            found.append(person)
        if len(found) == WANTED:
            break
    return found


@pytest.mark.parametrize("how", [paths.MAIL, paths.BOARD])
def test_twenty_people_change_someone_along_mail_and_board_only(how: str) -> None:
    """Twenty whose shielding changes somebody by mail, and twenty by the board; every way there is walked."""
    people = who_change_someone(how)
    assert len(people) == WANTED
    for person in people:
        found = shielded(person)
        ways = set()
        for other in found:
            way = paths.path(found, other)  # raises where there is none
            assert way[0][0] == person and way[-1][0] == other
            days = [change.day for _, change in way]
            assert days == sorted(set(days))  # each later than the one that it came from
            ways |= {change.how for _, change in way}
        assert {paths.SHIELDED, how} <= ways <= {paths.SHIELDED, paths.MAIL, paths.BOARD}


def with_a_letter(author: int, to: int, day: int) -> list[paths.Day]:
    """The days without shielding, with one letter more on one of them."""
    event = letters.event_of(author, day - 1, 0, letters.RECORD, letters.BOTH, 0)
    letter = np.array([[to, event, 0, 0]], np.int64)
    days = plain()
    return [*days[:day], days[day]._replace(mail=np.concatenate((days[day].mail, letter))), *days[day + 1 :]]


def test_a_change_by_mail_is_named_with_its_author() -> None:
    """A letter that only one world has, about an act of the shielded person, reaches a stranger on day 20."""
    found = paths.changes(town(), with_a_letter(author=0, to=700, day=20), 0)
    assert found[700] == paths.Change(20, paths.MAIL, 0)
    assert [person for person, _ in paths.path(found, 700)] == [0, 700]


def test_a_letter_from_someone_whose_life_has_not_changed_is_no_way() -> None:
    found = paths.changes(town(), with_a_letter(author=900, to=700, day=20), 0)
    with pytest.raises(ValueError, match="along no known way"):
        paths.path(found, 700)


def test_without_shielding_nothing_changes() -> None:
    days = town().live(DAYS)
    assert all(np.array_equal(here.state, there.state) for here, there in zip(plain(), days, strict=True))


def test_a_change_along_no_known_way_is_noticed() -> None:
    """A day that is not the first of a month, on which somebody without mail is suddenly poorer."""
    days = plain()
    day, stranger = 20, 700
    state = days[day].state.copy()
    state[0, stranger] -= 1
    forged = [*days[:day], days[day]._replace(state=state), *days[day + 1 :]]
    assert not days[day].settled
    found = paths.changes(town(), forged, 0)
    with pytest.raises(ValueError, match="along no known way"):
        paths.path(found, stranger)


def test_a_backlog_of_appeals_is_a_third_way_and_refused() -> None:
    remedy = Remedy.model_validate({"appeals": True, "a_month": 2})
    with pytest.raises(ValueError, match="backlog"):
        paths.Town(load_society("coast"), regime().model_copy(update={"remedy": remedy}), PEOPLE, SEED)
