"""Numbers as societies and regimes write them: a value with its range, confidence and source.

A bare number is allowed and counts as a guess without a range. Durations are written in words
("5 years"), rates with their period. Both are turned into whole days and into yearly rates here and nowhere else.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from singlestep.regime.complaints import Objection
from singlestep.regime.respelling import duration
from singlestep.words import errors as words

Confidence = Literal["documented", "reported", "derived", "unverified", "guess", "imagined"]

DAYS_A_YEAR = 365
DAYS_OF = {"day": 1.0, "week": 7.0, "month": DAYS_A_YEAR / 12, "year": float(DAYS_A_YEAR)}
WORD = 1 << 32
MOST_SHOWN = 32_000  # points, and as many below nought: what others see of a file fits into 16 bits
DURATION = re.compile(r"([0-9]{1,6}) (day|week|month|year)s?")


class Strict(BaseModel):
    """A part of a file: no unknown keys, no silent conversions, no change after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True, validate_default=True
    )


class Basis(Strict):
    """Where something comes from. `behaviour` is about what is judged, `size` about how much."""

    behaviour: Confidence = "guess"
    size: Confidence = "guess"
    cite: str = Field(default="", max_length=2000)


def days(text: str) -> int:
    """Days in a duration such as "6 months" (months are 365/12 days, rounded).

    Raises ValueError when the text is not a number and one of day, week, month, year.
    """
    match = DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a duration: {text!r}; write a whole number and a unit, for example '30 days' or '5 years'")
    return round(int(match[1]) * DAYS_OF[match[2]])


def _duration(text: str) -> str:
    if DURATION.fullmatch(text) is None:
        near = duration(text)
        raise Objection(words.NO_DURATION, nearest=near, write=None if near else words.WRITE_DURATION)
    return text


def _spelled_out(value: Any) -> Any:
    return {"value": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


def _pair(value: Any) -> Any:
    """A JSON list as a tuple: behind another BeforeValidator pydantic no longer makes one of it."""
    return tuple(value) if isinstance(value, list) else value


class Quantity(Strict):
    """One number with the range it may lie in, its confidence and its source."""

    value: float
    range: Annotated[tuple[float, float], BeforeValidator(_pair)] | None = None
    confidence: Confidence = "guess"
    cite: str = Field(default="", max_length=2000)

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if self.range is not None and not self.range[0] <= self.value <= self.range[1]:
            low, high = (f"{end:g}" for end in self.range)
            why = words.OUTSIDE_OWN_RANGE.format(value=f"{self.value:g}", low=low, high=high)
            raise Objection(why, write=words.WRITE_IN_RANGE.format(low=low, high=high))
        return self


class Rate(Quantity):
    """How often, for each person it applies to."""

    per: Literal["day", "week", "month", "year"] = "year"

    @property
    def a_year(self) -> float:
        """Events a year of 365 days."""
        return self.value if self.per == "year" else self.value * (DAYS_A_YEAR / DAYS_OF[self.per])


def _between(low: float, high: float) -> Any:
    def check(quantity: Quantity) -> Quantity:
        if not low <= quantity.value <= high:
            why = words.NOT_BETWEEN.format(value=f"{quantity.value:g}", low=f"{low:g}", high=f"{high:g}")
            hundredth = f"{quantity.value / 100:g}" if (low, high) == (0, 1) and 2 <= quantity.value <= 100 else None
            write = words.WRITE_NUMBER_BETWEEN.format(low=f"{low:g}", high=f"{high:g}")
            raise Objection(why, nearest=hundredth, write=None if hundredth else write)
        return quantity

    return AfterValidator(check)


Number = Annotated[Quantity, BeforeValidator(_spelled_out)]
Share = Annotated[Quantity, BeforeValidator(_spelled_out), _between(0, 1)]
Factor = Annotated[Quantity, BeforeValidator(_spelled_out), _between(0, 1000)]
Level = Annotated[int, Field(ge=0, le=15)]
Frequency = Annotated[Rate, BeforeValidator(_spelled_out), _between(0, 10_000)]
Duration = Annotated[str, AfterValidator(_duration)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=500)]


def threshold(share: float) -> int:
    """The share as a 32-bit threshold, 0 to 2^32: a drawn word below it means yes."""
    return round(share * WORD)


def given(value: float) -> Any:
    """A field's default, set by the language itself and so neither guessed nor documented."""
    return Field(default_factory=lambda: Quantity(value=value, confidence="derived"))


def zero() -> Any:
    """A default of nought."""
    return given(0.0)
