"""Runs in a peer's own environment: makes its world, then lives so many days whenever asked to, and answers what
processor time it took.

    python turns.py MODULE PEOPLE     a line "DAYS" in gives a line {"seconds": ..., "mean": ...} out
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]


def main(module: str, people: int) -> None:
    """Compile on a small world, then answer until there is nothing more to read."""
    answers, sys.stdout = sys.stdout, sys.stderr  # some frameworks greet
    world = importlib.import_module(module).World
    world(200).run(31)
    mine = world(people)
    for line in sys.stdin:
        begun = time.process_time()
        mine.run(int(line))
        print(json.dumps({"seconds": time.process_time() - begun, "mean": mine.mean()}), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
