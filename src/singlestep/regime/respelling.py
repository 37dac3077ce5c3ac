"""What people write for numbers and durations in other spellings than the language has, put into its own.

Only used to suggest: nothing is read this way. All functions give None where it is not plain what was meant.
"""

from __future__ import annotations

import difflib
import re

LONGEST = 40  # signs; nobody spells a number in more
UNITS = ("day", "week", "month", "year")
SHORT = {"d": "day", "w": "week", "wk": "week", "m": "month", "mo": "month", "mth": "month", "y": "year", "yr": "year"}
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PARTS = {"year": (12, "month"), "week": (7, "day")}  # of which a fraction is a whole number
MINUS = re.compile(r"^(?:minus\s+|[−–]\s*)")  # a word, or one of the dashes that editors put in
MONEY = re.compile(r"^[€$£¥]\s*|\s*[€$£¥]$")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[,'  ][0-9]{3})+")
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")
PAIR = re.compile(r"(.+?)\s*(?:\bto\b|\band\b|\.\.+|…|[–—]|(?<=[0-9])\s*-)\s*(.+)")
DURATION = re.compile(r"(?:([0-9]+(?:[.,][0-9]+)?)|([a-z]+))[\s-]*([a-z]+)\.?")


def number(text: str, of_hundred: bool = False) -> str | None:
    """A number such as "minus 20", "0,5" or "1,000" as the language writes it; "50 %" as 0.5 where `of_hundred`."""
    if len(text) > LONGEST:
        return None
    plain = MONEY.sub("", MINUS.sub("-", text.strip().lower()))
    share = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    if THOUSANDS.fullmatch(plain.lstrip("-")):
        plain = re.sub(r"[,'  ]", "", plain)
    if not NUMBER.fullmatch(plain):
        return None
    value = float(plain.replace(",", "."))
    return f"{value / 100 if share and of_hundred else value:.12g}"


def pair(text: str) -> str | None:
    """A range such as "5 to 50" or "-5 – -50" as a list of two numbers, the lower one first."""
    match = PAIR.fullmatch(text.strip()) if len(text) <= LONGEST else None
    ends = [number(end) for end in match.groups()] if match else []
    if len(ends) != 2 or None in ends:
        return None
    low, high = sorted((end for end in ends if end is not None), key=float)
    return f"[{low}, {high}]"


def duration(value: object) -> str | None:
    """A duration such as "two years", "18 mths" or 730 as a whole number and a unit."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value} days" if 0 <= value <= 999_999 else None
    match = DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) and len(value) <= LONGEST else None
    unit = _unit(match[3]) if match else None
    if match is None or unit is None:
        return None
    if match[2]:
        count = 1.0 if match[2] in ("a", "an") else float(COUNTED.index(match[2])) if match[2] in COUNTED else None
    else:
        count = float(match[1].replace(",", "."))
    if count is not None and count != int(count) and unit in PARTS:
        times, unit = PARTS[unit]
        count *= times
    if count is None or count != int(count) or count > 999_999:
        return None
    return f"{int(count)} {unit}{'' if count == 1 else 's'}"


def _unit(word: str) -> str | None:
    single = word.removesuffix("s") if len(word) > 1 else word
    if single in SHORT:
        return SHORT[single]
    near = difflib.get_close_matches(single, UNITS, n=1, cutoff=0.6)
    return near[0] if near else None
