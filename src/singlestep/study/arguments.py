"""The arguments of a run, checked: each refusal says what was found, why it cannot stand and what to write."""

from __future__ import annotations

import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

from singlestep.regime.complaints import Refused, complain, describe, show
from singlestep.words import commands as words

LEAST_PEOPLE, MOST_PEOPLE = 1_000, 2**31 - 1
MOST_MINUTES = 365 * 24 * 60
MOST_YEARS, MOST_SEEDS, MOST_THREADS = 100, 1_000, 256
HIGHEST_SEED = 2**64 - 1
SPARE = 0.1  # of the free memory, left to everything else


def whole(value: object, name: str, example: int) -> int:
    """The whole number that this is, or that this text writes. Raises `Refused`."""
    try:
        if isinstance(value, bool):
            raise TypeError
        return int(value) if isinstance(value, str) else operator.index(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Refused([complain(words.NOT_WHOLE, name, 0, what=describe(value), name=name, example=example)]) from None


def check_people(value: object) -> int:
    """How many people: 1,000 to 2^31 - 1."""
    people = whole(value, "people", 20_000)
    if people < LEAST_PEOPLE:
        raise Refused([complain(words.TOO_FEW_PEOPLE, "people", 0, value=people, least=LEAST_PEOPLE)])
    if people > MOST_PEOPLE:
        raise Refused([complain(words.TOO_MANY_PEOPLE, "people", 0, value=show(people), most=MOST_PEOPLE)])
    return people


def check_between(value: object, name: str, least: int, most: int) -> int:
    """A whole number within these bounds."""
    number = whole(value, name, least)
    if not least <= number <= most:
        details: dict[str, Any] = dict(value=show(number), name=name, least=least, most=most)
        raise Refused([complain(words.OUT_OF_RANGE, name, 0, **details)])
    return number


def check_seeds(first: object, count: object) -> list[int]:
    """The seeds first, first + 1, ..., all within 64 bits."""
    start, number = check_between(first, "seed", 0, HIGHEST_SEED), check_between(count, "seeds", 1, MOST_SEEDS)
    last = start + number - 1
    if last > HIGHEST_SEED:
        details: dict[str, Any] = dict(first=start, last=last, most=HIGHEST_SEED)
        raise Refused([complain(words.SEEDS_TOO_HIGH, "seeds", 0, **details)])
    return list(range(start, last + 1))


def check_name(value: object, name: str) -> str | Path:
    """A name or path, as text. Raises `Refused` for anything else."""
    if isinstance(value, str | Path) and str(value).strip():
        return value
    raise Refused([complain(words.NOT_A_NAME, name, 0, what=describe(value))])


def check_minutes(value: object) -> float:
    """Minutes between two kept states: nought, or up to a year of them. Raises `Refused`."""
    try:
        minutes = float(value)  # type: ignore[arg-type]
        if not 0 <= minutes <= MOST_MINUTES:
            raise ValueError
    except (TypeError, ValueError):
        raise Refused([complain(words.NO_MINUTES, "checkpoint_every", 0, what=describe(value), most=MOST_MINUTES)]) from None
    return minutes


def check_disk(path: Path, needed: int) -> None:
    """Refuse a folder on a disk that has not so many bytes free. Raises `Refused`."""
    import shutil

    free = shutil.disk_usage(path).free
    if needed > free:
        details: dict[str, Any] = dict(needed=in_bytes(needed), available=in_bytes(free))
        raise Refused([complain(words.NO_DISK, str(path), 0, **details)])


def check_memory(people: int, memory: Callable[[int], int]) -> None:
    """Refuse more people than the free memory holds, with the number that fits; `memory` gives bytes for people."""
    room = int(free_memory() * (1 - SPARE))
    needed = memory(people)
    if needed <= room:
        return
    details: dict[str, Any] = dict(value=people, needed=in_bytes(needed), available=in_bytes(room))
    fits = _most_that_fit(people, room, memory)
    if fits < LEAST_PEOPLE:
        raise Refused([complain(words.NO_MEMORY_AT_ALL, "people", 0, least=LEAST_PEOPLE, **details)])
    raise Refused([complain(words.NO_MEMORY, "people", 0, fits=f"{fits:,}", **details)])


def free_memory(group: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes this process may still take: what is free, or what its control group leaves."""
    import psutil

    free = int(psutil.virtual_memory().available)
    try:
        most, taken = (group / "memory.max").read_text().strip(), int((group / "memory.current").read_text())
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        taken -= int(stat.get("inactive_file", 0))  # read files, which make room when it is needed
        return free if most == "max" else max(0, min(free, int(most) - taken))
    except (OSError, ValueError):
        return free


def in_bytes(count: int) -> str:
    """A number of bytes in a unit that can be read."""
    if count >= 10**9:
        return f"{count / 10**9:,.1f} GB"
    return f"{count / 10**6:,.1f} MB"


def _most_that_fit(people: int, room: int, memory: Callable[[int], int]) -> int:
    low, high = 0, people  # memory(low) fits, memory(high) does not
    while high - low > max(1, low // 1000):
        middle = (low + high) // 2
        if memory(middle) <= room:
            low = middle
        else:
            high = middle
    return low
