"""Other spellings of numbers and durations, and what is suggested in their place. Each suggestion must itself be allowed."""

from __future__ import annotations

import pytest

from singlestep.quantities import days
from singlestep.regime import respelling

NUMBERS = {
    "minus 20": "-20", "−20": "-20", "–5": "-5", "0,5": "0.5", "1,000": "1000", "12'500": "12500", "0,125": "0.125",
    "€25": "25", "30 €": "30", "50 %": "50", " 7 ": "7", "+3": "3",
}  # fmt: skip
NO_NUMBERS = ("20 off", "", "-", "1,00,000", "twenty", "1e9", "9" * 50, "1.2.3")
PAIRS = {"5 to 50": "[5, 50]", "-50 to -5": "[-50, -5]", "-5 – -50": "[-50, -5]", "3-6": "[3, 6]", "3..6": "[3, 6]"}
DURATIONS = {
    "two years": "2 years", "5 yrs": "5 years", "1.5 years": "18 months", "2 yeers": "2 years", "a month": "1 month",
    "0,5 year": "6 months", "30d": "30 days", "90-days": "90 days", "2 weeks.": "2 weeks", "six months": "6 months",
}  # fmt: skip
NO_DURATIONS = ("2026-01-01", "soon", "0.3 months", "1 year 6 months", "forever", "", "days", True, -3, 0.5, None, [1])


@pytest.mark.parametrize(("written", "meant"), NUMBERS.items())
def test_a_number(written: str, meant: str) -> None:
    assert respelling.number(written) == meant
    assert float(meant) == float(str(respelling.number(meant)))  # a right spelling stays


def test_a_percentage_is_a_share_where_a_share_is_meant() -> None:
    assert respelling.number("2.5 %", of_hundred=True) == "0.025"
    assert respelling.number("0.5", of_hundred=True) == "0.5"


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_no_number(written: str) -> None:
    assert respelling.number(written) is None


@pytest.mark.parametrize(("written", "meant"), PAIRS.items())
def test_a_range(written: str, meant: str) -> None:
    assert respelling.pair(written) == meant


@pytest.mark.parametrize("written", ["5", "one to two", "to", "-5"])
def test_no_range(written: str) -> None:
    assert respelling.pair(written) is None


@pytest.mark.parametrize(("written", "meant"), DURATIONS.items())
def test_a_duration(written: str, meant: str) -> None:
    assert respelling.duration(written) == meant
    assert days(meant) >= 0
    assert respelling.duration(meant) == meant


@pytest.mark.parametrize("written", NO_DURATIONS)
def test_no_duration(written: object) -> None:
    assert respelling.duration(written) is None


def test_a_bare_number_is_taken_for_days() -> None:
    assert respelling.duration(730) == "730 days"
