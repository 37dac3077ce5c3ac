"""How memory that is not needed any more goes back to the system, for worlds that fill most of it."""

from __future__ import annotations

import ctypes
import sys

LARGE = 1 << 24  # people
MMAP_THRESHOLD, ARENA_MAX = -3, -8  # of glibc's malloc.h
LEAST = 1 << 17  # bytes of an array that has memory of its own


def give_back_at_once() -> None:
    """Let glibc give freed arrays back to the system at once, and let threads share what is kept of smaller ones.

    Left alone it keeps them for later ones, which come in other sizes: with 20 million people and two threads 580 MB after a
    month instead of 500. Elsewhere nothing is done.
    """
    if sys.platform != "linux":
        return
    try:
        choose = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    choose(MMAP_THRESHOLD, LEAST)
    choose(ARENA_MAX, 2)
