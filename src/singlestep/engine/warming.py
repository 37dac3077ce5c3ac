"""Compiling on a first run, in two processes: within one, numba compiles one kernel after another. What they compile, a run
finds in the cache; what one that fails leaves, the run compiles itself. They end before a world is made, so that the memory
that compiling takes (0.4 GB each) is free by then.
"""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from singlestep.engine import compiling

if TYPE_CHECKING:
    from singlestep.engine.world import World

SETTLED = 33  # days, of which the first of a month is one: by then every kernel of a run has been called
DONE = "whole"  # begins the name of a file in the cache folder which says that everything was compiled once


def is_cold() -> bool:
    """Whether the kernels are still to be compiled, into a cache that keeps them."""
    return compiling.KEPT and not _done().exists()


def warm() -> None:
    """Compile the kernels, unless that was done before or no cache can be kept."""
    if not is_cold():
        return
    quiet = subprocess.DEVNULL
    halves = [
        subprocess.Popen([sys.executable, "-m", __name__, half], stdin=quiet, stdout=quiet, stderr=quiet) for half in HALVES
    ]
    try:
        for half in halves:
            half.wait()
        world = _a_world()
        world.run(SETTLED)
        world.state_hash()
        _done().touch()
    finally:
        for half in halves:
            half.kill()


def _acting() -> None:
    """Compile what lives a day, and what only some worlds need."""
    from singlestep.engine.adding import add_up, wrong_at_most
    from singlestep.engine.blocks import NO_LETTERS, scratch_for
    from singlestep.engine.letters import NONE_AT_HOME, in_full, in_order, loosened, merged, pressed

    world = _a_world()
    (block,), (counts,) = world.blocks, world.counts
    scratch = scratch_for(block.end - block.first)
    block.table()
    block.act(scratch, counts, NO_LETTERS)
    _, R, X = world.given
    wrong_at_most(NO_LETTERS, NONE_AT_HOME, block.table(), 0)
    plain, wrong = scratch.plain, scratch.wrong
    add_up(R, X, counts.given, NO_LETTERS, NONE_AT_HOME, scratch.sent, plain, wrong, scratch.felt, scratch.feeling, 0)
    merged(in_full(NONE_AT_HOME, 0, 0), NO_LETTERS)
    in_order(NONE_AT_HOME)
    loosened(pressed(np.zeros((1, 3), np.int64)), 1)


def _settling() -> None:
    """Compile what settles and publishes, the post, examples and hashes."""
    world = _a_world()
    world.settle()
    world.post.put_away(np.zeros((1, 5), np.int64), 0)  # a letter
    world.post.begin_day(0)
    rows, _ = world.post.due(0, world.pages)
    if world.examples is not None:
        world.examples.letters(rows)
    world.state_hash()


HALVES = {"acting": _acting, "settling": _settling}  # they take as long


def _done() -> Path:
    """The file of these very sources: numba compiles anew what was installed again, or lies in another folder."""
    digest = hashlib.sha256()
    for path in compiling.sources():
        stat = path.stat()
        digest.update(f"{path} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return Path(os.environ["NUMBA_CACHE_DIR"]) / f"{DONE}-{digest.hexdigest()[:16]}"


def _a_world() -> World:
    from singlestep.engine.world import World
    from singlestep.regime.loader import load_regime, load_society

    return World(load_society("coast"), load_regime("none"), 1000, 0, trace=[0], follow=True, examples=True)


if __name__ == "__main__":
    gc.disable()  # a tenth of all compiling
    HALVES[sys.argv[1]]()
