"""The model's random words, in the orders in which the model can use them, for batteries of statistical tests.

    python benchmarks/streams.py AXIS | dieharder -a -g 200        one battery by hand
    python benchmarks/streams.py --battery [AXIS ...]              all of `BATTERY`, kept in results/

Each address of a draw gives four 32-bit words. Along an axis one part of the address runs fastest and the others follow:

- `person`: the same purpose and day for person after person.
- `step`: day after day (2^17 of them, the longest run) for the same person, then the next person.
- `purpose`: every purpose with ordinals 0 to 3 for the same person and day, then the next person.
- `seed`: the same address under seed after seed.

Each test takes the next words of the stream. `dieharder` is a Debian package of that name. It calls p-values below 0.005 and
above 0.995 weak, one in a hundred of a perfect generator's, and those below 0.000001 or above 0.999999 failed.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
from pathlib import Path
from typing import IO

import numba
import numpy as np
from numba import njit

from singlestep.engine import draws as d

AXES = ("person", "step", "purpose", "seed")
PURPOSES = d.EXAMPLE  # the highest number of a purpose
ORDINALS = 4
STEPS = 1 << 17
CHUNK = 1 << 16  # addresses
SEED = 2026
JUDGEMENTS = ("PASSED", "WEAK", "FAILED")
RESULTS = Path(__file__).parent / "results"

# Number of a test in dieharder, sizes (ntuple) at which it is run, and p-values that it gathers (dieharder's usual: 100).
BATTERY = (
    (0, (0,), 100), (1, (0,), 100), (2, (0,), 100), (3, (0,), 100), (4, (0,), 100), (8, (0,), 100), (9, (0,), 100),
    (10, (0,), 100), (11, (0,), 100), (12, (0,), 100), (13, (0,), 100), (15, (0,), 100), (16, (0,), 100),
    (100, (0,), 100), (101, (0,), 100), (102, (0,), 100), (200, (2, 4, 8), 20), (201, (2, 5), 100), (202, (3, 5), 100),
    (203, (0, 3, 31), 20), (205, (0,), 1), (206, (256,), 1), (207, (32,), 1), (208, (0,), 1), (209, (12,), 1),
)  # fmt: skip


@njit(cache=True)
def fill(axis, begin, words):  # type: ignore[no-untyped-def]
    """Words [addresses, 4] of the addresses from number `begin` on."""
    for at in range(words.shape[0]):
        number = begin + at
        person, step, purpose, k0, k1 = number, 0, d.OCCASION, SEED, 0
        if axis == 1:
            person, step = number // STEPS, number % STEPS
        elif axis == 2:
            person, place = number // (PURPOSES * ORDINALS), number % (PURPOSES * ORDINALS)
            purpose = 1 + place % PURPOSES + 256 * (place // PURPOSES)
        elif axis == 3:
            person, k0, k1 = 0, number & 0xFFFFFFFF, number >> 32
        a, b, e, f = d.philox(
            np.uint64(person & 0xFFFFFFFF), np.uint64(step), np.uint64(purpose), np.uint64(0), np.uint64(k0), np.uint64(k1)
        )
        words[at, 0], words[at, 1], words[at, 2], words[at, 3] = np.uint32(a), np.uint32(b), np.uint32(e), np.uint32(f)


def stream(axis: str) -> None:
    """Write words to standard output until nobody reads them."""
    words = np.empty((CHUNK, 4), np.uint32)
    begin = 0
    try:
        while True:
            fill(AXES.index(axis), begin, words)
            sys.stdout.buffer.write(words.tobytes())
            begin += CHUNK
    except BrokenPipeError:
        sys.stderr.close()  # Python would complain about the closed pipe once more


def run_test(words: IO[bytes], test: int, size: int, samples: int) -> str:
    """One test on what comes next of the words; dieharder's lines of result."""
    command = ["dieharder", "-g", "200", "-d", str(test), "-n", str(size), "-p", str(samples)]
    done = subprocess.run(command, stdin=words, capture_output=True, text=True, check=True)
    return "\n".join(line for line in done.stdout.splitlines() if any(word in line for word in JUDGEMENTS))


def battery(axis: str) -> None:
    """All tests along one axis, kept in `results/streams-AXIS.txt`."""
    version = subprocess.run(["dieharder", "-h"], capture_output=True, text=True, check=False).stdout
    named = next((word for word in version.replace("dieharder version", "").split() if word[:1].isdigit()), "?")
    head = f"Words of the model's draws along the axis `{axis}`, judged by dieharder {named}\n"
    head += f"{datetime.date.today()}, Python {sys.version.split()[0]}, numba {numba.__version__}, numpy {np.__version__}\n"
    head += "        test_name   |ntup| tsamples |psamples|  p-value |Assessment\n"
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"streams-{axis}.txt").open("w", encoding="utf-8") as kept:
        print(head, end="", file=kept, flush=True)
        with subprocess.Popen([sys.executable, __file__, axis], stdout=subprocess.PIPE) as source:
            assert source.stdout is not None
            for test, sizes, samples in BATTERY:
                for size in sizes:
                    print(run_test(source.stdout, test, size, samples), file=kept, flush=True)
            source.kill()


def main() -> None:
    """Write one stream, or run batteries."""
    asked = argparse.ArgumentParser(description="The model's random words for batteries of tests")
    asked.add_argument("axes", nargs="*", default=AXES)
    asked.add_argument("--battery", action="store_true")
    given = asked.parse_args()
    for axis in given.axes:
        battery(axis) if given.battery else stream(axis)


if __name__ == "__main__":
    main()
