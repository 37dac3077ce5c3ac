"""How the parts of one world come together, each of them lived by a process of its own, perhaps on another computer.

Three calls and no others: sums over all, letters from each to each, and waiting for each other. Every process makes the same
calls in the same order. `Alone` is one process; `Threads` are several in one, for tests; `Mpi` are those that `mpirun` began.
"""

from __future__ import annotations

import os
import threading
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

STARTED_BY_MPI = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "MPI_LOCALNRANKS")  # set by Open MPI, MPICH, Intel MPI


class Exchange(Protocol):
    """One process among `size`, the `rank`-th from 0."""

    rank: int
    size: int
    sent: int  # bytes sent to others so far

    def all_reduce(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The sums over all processes; overflow wraps."""

    def all_to_all(self, parts: list[NDArray[Any]]) -> list[NDArray[Any]]:
        """Part n goes to process n; what each process sent here. All parts are one-dimensional and of one type."""

    def barrier(self) -> None:
        """Wait until every process is here."""


class Alone:
    """The only process."""

    rank, size, sent = 0, 1, 0

    def all_reduce(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return numbers

    def all_to_all(self, parts: list[NDArray[Any]]) -> list[NDArray[Any]]:
        return parts

    def barrier(self) -> None:
        return


class Threads:
    """One of several threads of this process; `together` makes all of them."""

    def __init__(self, rank: int, table: list[list[NDArray[Any]]], meeting: threading.Barrier) -> None:
        self.rank, self.size, self.sent = rank, len(table), 0
        self.table, self.meeting = table, meeting

    @classmethod
    def together(cls, size: int) -> list[Threads]:
        """So many of them."""
        table: list[list[NDArray[Any]]] = [[] for _ in range(size)]
        meeting = threading.Barrier(size)
        return [cls(rank, table, meeting) for rank in range(size)]

    def all_reduce(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.sum(self.all_to_all([numbers.ravel()] * self.size), axis=0).reshape(numbers.shape)

    def all_to_all(self, parts: list[NDArray[Any]]) -> list[NDArray[Any]]:
        self.sent += sum(part.nbytes for rank, part in enumerate(parts) if rank != self.rank)
        self.table[self.rank] = parts
        self.barrier()
        got = [self.table[rank][self.rank].copy() for rank in range(self.size)]
        self.barrier()
        return got

    def barrier(self) -> None:
        self.meeting.wait()


class Mpi:
    """One of the processes that `mpirun` began. Needs mpi4py (the extra `cluster`)."""

    def __init__(self) -> None:
        from mpi4py import MPI

        self.mpi, self.world = MPI, MPI.COMM_WORLD
        self.rank, self.size, self.sent = self.world.Get_rank(), self.world.Get_size(), 0

    def all_reduce(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        total = np.empty_like(numbers)
        self.world.Allreduce(np.ascontiguousarray(numbers), total, op=self.mpi.SUM)
        return total

    def all_to_all(self, parts: list[NDArray[Any]]) -> list[NDArray[Any]]:
        self.sent += sum(part.nbytes for rank, part in enumerate(parts) if rank != self.rank)
        lengths = np.array([part.nbytes for part in parts], np.int64)
        coming = np.empty_like(lengths)
        self.world.Alltoall(lengths, coming)
        out = np.concatenate([part.view(np.uint8) for part in parts])
        into = np.empty(int(coming.sum()), np.uint8)
        self.world.Alltoallv([out, lengths, self.mpi.BYTE], [into, coming, self.mpi.BYTE])
        return [part.view(parts[0].dtype) for part in np.split(into, np.cumsum(coming)[:-1])]

    def barrier(self) -> None:
        self.world.Barrier()


_here: Exchange | None = None


def here() -> Exchange:
    """This process among those that `mpirun` began, or alone."""
    global _here
    if _here is None:
        _here = Mpi() if any(name in os.environ for name in STARTED_BY_MPI) else Alone()
    return _here


def end_together(code: int) -> None:
    """End the processes that `mpirun` began, since this one cannot go on and the others would wait for it."""
    if isinstance(_here, Mpi) and _here.size > 1:
        _here.world.Abort(code)


def everything(exchange: Exchange, part: NDArray[Any]) -> NDArray[Any]:
    """The parts of all processes one after another, in the order of ranks; two-dimensional parts by rows."""
    if exchange.size == 1:
        return part
    columns = part.shape[1:]
    parts = exchange.all_to_all([np.ascontiguousarray(part).reshape(-1)] * exchange.size)
    return np.concatenate(parts).reshape(-1, *columns)
