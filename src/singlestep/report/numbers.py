"""Numbers as the page and its figures say them."""

from __future__ import annotations

from singlestep.words import report as words

PERCENT = "\u00a0%"  # kept on one line with its number


def percent(value: float | None) -> str:
    """A share in per cent: one decimal from 1 % on, two digits below."""
    if value is None:
        return words.NO_VALUE
    share = 100 * value
    if share in (0, 100):
        return f"{share:.0f}{PERCENT}"
    return f"{share:.1f}{PERCENT}" if abs(share) >= 1 else f"{share:#.2g}{PERCENT}"


def number(value: float | None, digits: int = 4) -> str:
    """A number with thousands apart; whole numbers whole, others in so many digits."""
    if value is None:
        return words.NO_VALUE
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.{digits}g}"


def signed(value: float) -> str:
    """A difference with its sign, in three digits."""
    return f"{value:+.3g}".replace("-", "\u2212") if value else "0"
