"""Timing two pieces of work side by side, so that a busy machine slows both alike.

On a busy machine the speed of one and the same program moves by a factor of two from minute to minute. A figure such
as "persons a second" from one run therefore says little, and two such figures from two sessions say nothing about each
other. What can be compared is a *ratio* of two pieces of work that took turns, round by round, in one process. Counted are
seconds of processor time, in which waiting for a core that others use does not show; work of one thread is meant.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

__all__ = ["Pairing", "alternate", "seconds", "show", "worked"]


@dataclass(frozen=True)
class Pairing:
    """The times of two callables that took turns.

    `seconds_a` and `seconds_b` hold one time of processor in seconds for each round; `ratios[k]` is
    `seconds_a[k] / seconds_b[k]`: above 1, the first was slower in round `k`. A ratio has no unit.
    """

    seconds_a: tuple[float, ...]
    seconds_b: tuple[float, ...]
    ratios: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """Smallest ratio of all rounds."""
        return min(self.ratios)

    @property
    def median(self) -> float:
        """Middle ratio of all rounds; the figure to quote."""
        return statistics.median(self.ratios)

    @property
    def maximum(self) -> float:
        """Largest ratio of all rounds."""
        return max(self.ratios)


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def worked(work: Callable[[], object]) -> float:
    """Processor time of one call, in seconds, of all threads of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def alternate(
    a: Callable[[], object],
    b: Callable[[], object],
    rounds: int,
    *,
    names: tuple[str, str] = ("a", "b"),
    warm_up: bool = True,
    quiet: bool = False,
) -> Pairing:
    """Time `a` and `b` in turn, `rounds` times, and print a table of the rounds.

    Each round calls both once; even rounds begin with `a`, odd ones with `b`, so that neither always comes second. Both
    must do the same amount of work in every call. With `warm_up`, each is called once beforehand, unmeasured, so that
    compiling and first touches of memory do not count. Python's garbage collector rests while a round is timed.
    `names` are the words for the two in the table; `quiet` prints nothing.
    """
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}; at least 1 is needed, for instance alternate(a, b, 5)")
    if warm_up:
        a()
        b()
    seconds_a: list[float] = []
    seconds_b: list[float] = []
    was_collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            if number % 2 == 0:
                seconds_a.append(worked(a))
                seconds_b.append(worked(b))
            else:
                seconds_b.append(worked(b))
                seconds_a.append(worked(a))
    finally:
        if was_collecting:
            gc.enable()
    ratios = tuple(x / y if y > 0 else math.inf for x, y in zip(seconds_a, seconds_b, strict=True))
    pairing = Pairing(tuple(seconds_a), tuple(seconds_b), ratios)
    if not quiet:
        show(pairing, names)
    return pairing


def show(pairing: Pairing, names: tuple[str, str] = ("a", "b")) -> None:
    """Print one line for each round, then the smallest, middle and largest ratio."""
    first, second = names
    table = Table(title=f"{first} against {second}, taking turns")
    for heading in ("round", f"{first}, s", f"{second}, s", f"{first} / {second}"):
        table.add_column(heading, justify="right")
    for number, (x, y, ratio) in enumerate(
        zip(pairing.seconds_a, pairing.seconds_b, pairing.ratios, strict=True), start=1
    ):
        table.add_row(str(number), f"{x:.4f}", f"{y:.4f}", f"{ratio:.3f}")
    console = Console()
    console.print(table)
    console.print(
        f"ratio: min {pairing.minimum:.3f}, median {pairing.median:.3f}, max {pairing.maximum:.3f}"
        f" over {len(pairing.ratios)} rounds (above 1: {first} is slower)"
    )
