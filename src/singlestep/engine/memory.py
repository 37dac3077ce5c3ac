"""How memory that is not needed any more goes back to the system: of worlds that fill most of it, and of any at its end."""

from __future__ import annotations

import ctypes
import sys

LARGE = 1 << 24  # people
MMAP_THRESHOLD, ARENA_MAX = -3, -8  # of glibc's malloc.h
LEAST = 1 << 15  # bytes of an array that has memory of its own: what lies of a block, which grows and shrinks, among them


def give_back_at_once() -> None:
    """Let glibc give freed arrays back to the system at once, and let threads share what is kept of smaller ones.

    Left alone it keeps them for later ones, which come in other sizes: with 20 million people and two threads 580 MB after a
    month instead of 500. Elsewhere nothing is done.
    """
    libc = _glibc()
    if libc is not None:
        libc.mallopt(MMAP_THRESHOLD, LEAST)
        libc.mallopt(ARENA_MAX, 2)


def give_back_what_lies_between() -> None:
    """Let glibc give back whole free pages between smaller arrays that are in use (measured with 30 million people: what it
    keeps for itself then stays as it was in the first month; else it grows by one and a half byte a person in a year)."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library, if it is glibc."""
    if sys.platform != "linux":
        return None
    try:
        libc = ctypes.CDLL(None)
        libc.malloc_trim, libc.mallopt  # noqa: B018  (another C library has none)
    except (OSError, AttributeError):
        return None
    return libc
