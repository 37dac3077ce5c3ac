"""Compiled code of other versions, left in the cache folder: the newest few are kept and older ones removed.

Each version of the engine keeps its compiled code in a folder of its own (`engine/compiling.py`). Another process may be
using an old one, so a folder goes only when nothing has used it for a day, and under another name first, so that nobody
finds half of it. A process that still misses it compiles once more.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

KEPT = 3
IDLE_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{16}")
GOING = ".going"


def clear(current: Path, now: float | None = None) -> list[str]:
    """Mark `current` as used, and remove old folders beside it; returns their names. Never fails."""
    moment = time.time() if now is None else now
    with contextlib.suppress(OSError):
        os.utime(current, (moment, moment))
    try:
        beside = [path for path in current.parent.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
    for path in beside:
        if path.name.endswith(GOING) and NAME.fullmatch(path.name.removesuffix(GOING)):  # half removed by a stopped run
            shutil.rmtree(path, ignore_errors=True)
    used = sorted(((_last_use(path), path) for path in beside if NAME.fullmatch(path.name)), reverse=True)
    old = [path for last, path in used[KEPT:] if moment - last > IDLE_SECONDS and path != current]
    return [path.name for path in old if _removed(path)]


def _last_use(path: Path) -> float:
    """When a run last said that it uses this folder, or something was compiled into it."""
    try:
        return max([path.stat().st_mtime, *(inner.stat().st_mtime for inner in path.iterdir())])
    except OSError:
        return float("inf")


def _removed(path: Path) -> bool:
    going = path.with_name(path.name + GOING)
    try:
        path.rename(going)
    except OSError:
        return False
    shutil.rmtree(going, ignore_errors=True)
    return True
