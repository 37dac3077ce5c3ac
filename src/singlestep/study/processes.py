"""Processes in which small worlds live side by side. In threads of one process they hardly overlap: a third of each of their
days is Python's own, which one thread at a time does (measured: 20,000 people, two threads, 1.0 cores used)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context


@contextmanager
def processes(count: int) -> Iterator[Executor | None]:
    """So many of them, which leave Ctrl-C to this one; none where this one is enough.

    They start at once, beside what this one has to do first: loading the model takes each of them a second or two.
    """
    if count == 1:
        yield None
        return
    quiet = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=signal.signal, initargs=quiet) as pool:
        for _ in range(count):
            pool.submit(_begin)
        yield pool


def how_many(executor: Executor | None) -> int:
    """How many processes of this machine an executor lets work: one, where it does not say."""
    if executor is None:
        return 0
    count: int = getattr(executor, "_max_workers", 1) if isinstance(executor, ProcessPoolExecutor) else 1
    return count


def _begin() -> None:
    """Load the model, if it is compiled: compiling is left to the process that began the others."""
    from singlestep.engine import warming

    if not warming.is_cold():
        import_module("singlestep.engine.world")
