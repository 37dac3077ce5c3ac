"""Days, months and years: 365 days a year, day 0 is 1 January."""

from __future__ import annotations

from singlestep.quantities import DAYS_A_YEAR

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRSTS = tuple(sum(MONTH_DAYS[:month]) for month in range(12))


def is_first_of_month(day: int) -> bool:
    """Whether a month begins on this day."""
    return day % DAYS_A_YEAR in FIRSTS


def month_of(day: int) -> int:
    """Months begun before this day's month: 0 for the first January."""
    year, rest = divmod(day, DAYS_A_YEAR)
    return 12 * year + sum(rest >= first for first in FIRSTS) - 1
