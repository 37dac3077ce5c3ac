"""What is kept of a run while it goes on, so that it can be resumed: what each finished world left, and every so often the
state of those under way.

The files lie in the folder `kept` of the run folder until the run is whole. Each is written under a temporary name, brought
to the disk and renamed, and ends in the SHA-256 of all before it; each names the run, the world and the program it belongs
to. Of a world under way the last two states are kept. What is read is plain data: numbers, text, arrays, and the few classes
named in `_classes`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from singlestep.regime.complaints import Refused, complain
from singlestep.study import folder
from singlestep.words import commands as words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from singlestep.engine.checkpoint import Part
    from singlestep.engine.exchange import Exchange
    from singlestep.study.run import Lived, SoFar

KEPT = "kept"
LIVED = ".lived"
FORMAT = b"singlestep-kept 1\n"
END = b"end\n"
DIGEST = 32  # bytes at the end
AT_ONCE = 1 << 22  # bytes written or read at a time
LONGEST_LINE = 1 << 30
NUMBERS = "iufb"  # kinds of arrays
STATES = 2  # kept of each world under way
# What reading raises when something else was written, though every hash is right.
UNLIKE = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, StopIteration, RuntimeError)


class Keeper:
    """Keeps what a run needs to go on. `run` names the run, `every` is in seconds, for the states of worlds under way.

    Where several processes live the worlds together, each has one: all read, the first writes, the others hand it what is
    theirs.
    """

    def __init__(self, path: Path, run: str, every: float, exchange: Exchange | None = None) -> None:
        from singlestep.engine.exchange import Alone

        self.path, self.run, self.every = path / KEPT, run, every
        self.exchange = exchange or Alone()

    def of(self, number: int) -> Kept:
        """What is kept of one world of the run, counted from 0."""
        return Kept(self, number)

    def finished(self) -> int:
        """How many worlds have come to their end."""
        return len(list(self.path.glob(f"*{LIVED}")))

    def clear(self) -> None:
        """Remove everything; the run is whole."""
        shutil.rmtree(self.path, ignore_errors=True)


def of_each(keeper: Keeper | None, worlds: int) -> list[Kept | None]:
    """What is kept of each world of a run; None for each where nothing is kept."""
    return [keeper.of(number) if keeper is not None else None for number in range(worlds)]


class Kept:
    """What is kept of one world. All raise `Refused` when the disk does not let it, or what was kept is not as it was."""

    def __init__(self, keeper: Keeper, number: int) -> None:
        from singlestep.engine.compiling import sources_hash

        self.keeper, self.name = keeper, f"world-{number:05d}"
        self.about = {"part": "about", "run": keeper.run, "world": number, "engine": sources_hash()}
        self.last = time.monotonic()

    @property
    def _whole(self) -> Path:
        return self.keeper.path / f"{self.name}{LIVED}"

    @property
    def _letters(self) -> Path:
        return self.keeper.path / f"{self.name}-letters-{self.keeper.exchange.rank}"

    def _states(self) -> list[Path]:
        """The states kept, the oldest first."""
        return sorted(self.keeper.path.glob(f"{self.name}-day-[0-9]*.state"))

    def lived(self) -> Lived | None:
        """What the world left, if it had come to its end."""
        if not self._whole.exists():
            return None
        found: Lived = self._value(self._whole, self._read(self._whole))
        return found

    def keep(self, lived: Lived) -> None:
        """Keep what the world left; its states are not needed any more."""
        if self.keeper.exchange.rank == 0:
            self._write(self._whole, as_bytes(self.about, _packed_parts(lived)))
            for path in self._states():
                path.unlink(missing_ok=True)
        shutil.rmtree(self._letters, ignore_errors=True)

    def day(self) -> int:
        """The day of the last state kept, 0 if there is none."""
        states = self._states()
        return int(states[-1].stem.rpartition("-")[2]) if states else 0

    def spool(self) -> Path:
        """Where letters of the world may lie while it lives. What a stopped run left there is of no use, and removed."""
        shutil.rmtree(self._letters, ignore_errors=True)
        return self._letters

    def bring_back(self, world: Any, branched: bool = False) -> SoFar | None:
        """Bring a new world to the last state kept, if there is one, and give what had been counted."""
        self.last = time.monotonic()
        states = self._states()
        if not states:
            return None
        from singlestep.engine import checkpoint
        from singlestep.engine.world import BrokenLaw

        path = states[-1]
        parts = self._read(path)
        found: SoFar = self._value(path, parts)
        try:
            checkpoint.restore(world, parts, branched)
        except BrokenLaw as law:
            raise _refused(words.KEPT_IMPOSSIBLE, path, law=str(law)) from law
        return found

    def look(self, world: Any, so_far: SoFar) -> None:
        """Keep the state of the world if it is time to, by the clock of the first process."""
        import numpy as np

        exchange = self.keeper.exchange
        due = exchange.rank == 0 and self.keeper.every > 0 and time.monotonic() - self.last >= self.keeper.every
        if exchange.all_reduce(np.array([due], np.int64))[0]:
            self.keep_state(world, so_far)
            self.last = time.monotonic()

    def keep_state(self, world: Any, so_far: SoFar) -> None:
        """Keep the state of the world as of today, and the one before."""
        from singlestep.engine import checkpoint

        exchange = self.keeper.exchange
        parts = checkpoint.parts(world)
        if exchange.rank > 0:
            for _ in gathered(exchange, _in_chunks(_lines(parts))):
                pass
            return
        for path in self._states()[: 1 - STATES]:
            path.unlink(missing_ok=True)
        whole = as_bytes(self.about, chain(_packed_parts(so_far), parts), exchange)
        self._write(self.keeper.path / f"{self.name}-day-{world.day:06d}.state", whole)

    def _write(self, path: Path, pieces: Iterable[Any]) -> None:
        folder.make_folder(self.keeper.path)
        try:
            folder.replace_file(path, pieces)
        except OSError as error:
            raise folder.refused(error, self.keeper.path.parent) from error

    def _read(self, path: Path) -> Iterator[Part]:
        """The parts of a file, once it has proved to be what this run wrote."""
        try:
            parts = read(path)
            about, _ = next(parts)
            for name, expected in self.about.items():
                if about.get(name) != expected:
                    raise _refused(words.KEPT_OTHER_PROGRAM if name == "engine" else words.KEPT_OTHER_RUN, path)
            yield from parts
        except OSError as error:
            raise _refused(words.KEPT_UNREADABLE, path, reason=error.strerror or type(error).__name__) from error
        except UNLIKE as error:
            raise _refused(words.KEPT_ALTERED, path) from error

    def _value(self, path: Path, parts: Iterator[Part]) -> Any:
        """The value that begins with the next of these parts."""
        try:
            info, _ = next(parts)
            return unpacked(info["of"], [next(parts)[1] for _ in range(info["arrays"])])
        except UNLIKE as error:
            raise _refused(words.KEPT_ALTERED, path) from error


def _refused(sentence: Any, path: Path, **details: Any) -> Refused:
    return Refused([complain(sentence, f"{KEPT}/{path.name}", 0, **details)])


# Files ---------------------------------------------------------------------------------------------------------------
def as_bytes(about: dict[str, Any], parts: Iterable[Part], exchange: Exchange | None = None) -> Iterator[Any]:
    """The bytes of a file of parts, in chunks: a line of JSON and the numbers of each, then the hash of it all.

    With an exchange, at its first process: what other processes hand over comes after its own parts.
    """
    import numpy as np

    body = _lines(parts)
    if exchange is not None:
        body = gathered(exchange, body)
    return _in_chunks(_hashed(chain([FORMAT], _lines([(about, np.zeros(0, np.int64))]), body, [END])))


def _hashed(pieces: Iterable[Any]) -> Iterator[Any]:
    """The same pieces, then their hash."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    yield digest.digest()


def gathered(exchange: Exchange, chunks: Iterator[Any]) -> Iterator[Any]:
    """At the first process its own chunks of bytes and then those of each other process; nothing at the others, who must ask
    for it too."""
    import numpy as np

    nothing = np.zeros(0, np.uint8)
    if exchange.rank == 0:
        yield from chunks
    for rank in range(1, exchange.size):
        mine = chunks if rank == exchange.rank else iter(())
        while True:
            chunk = np.frombuffer(next(mine, b""), np.uint8)
            if not exchange.all_reduce(np.array([chunk.size]))[0]:
                break
            got = exchange.all_to_all([chunk, *[nothing] * (exchange.size - 1)])
            if exchange.rank == 0:
                yield got[rank].data


def _lines(parts: Iterable[Part]) -> Iterator[Any]:
    """Of each part its description as a line, and its numbers."""
    import numpy as np

    for info, rows in parts:
        yield json.dumps({**info, **_layout(rows)}).encode() + b"\n"
        yield np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data


def _in_chunks(pieces: Iterable[Any]) -> Iterator[Any]:
    """The same bytes in chunks of up to `AT_ONCE`, none of them empty."""
    small = bytearray()
    for piece in pieces:
        if small and len(small) + len(piece) > AT_ONCE:
            yield small
            small = bytearray()
        for begin in range(0, len(piece), AT_ONCE):
            if len(piece) > AT_ONCE:
                yield piece[begin : begin + AT_ONCE]
            else:
                small += piece
    if small:
        yield small


def _layout(rows: NDArray[Any]) -> dict[str, Any]:
    return {"type": rows.dtype.str, "shape": list(rows.shape)}


def read(path: Path) -> Iterator[Part]:
    """The parts of a file. Raises ValueError for one that is not as it was written, and OSError."""
    with open(os.open(path, os.O_RDONLY | folder.NO_LINK), "rb") as file:
        size = _checked_size(file)
        file.seek(0)
        if file.readline(len(FORMAT)) != FORMAT:
            raise ValueError("another format")
        while (line := file.readline(LONGEST_LINE)) != END:
            yield _part(json.loads(line), file, size - file.tell())


def _checked_size(file: BinaryIO) -> int:
    """Where the parts of a file end, if its hash is right."""
    size = os.fstat(file.fileno()).st_size - DIGEST
    digest, left = hashlib.sha256(), size
    while left > 0:
        piece = file.read(min(left, AT_ONCE))
        if not piece:
            raise ValueError("cut off")
        digest.update(piece)
        left -= len(piece)
    if digest.digest() != file.read():
        raise ValueError("another hash")
    return size


def _part(info: dict[str, Any], file: BinaryIO, left: int) -> Part:
    import numpy as np

    kind, shape = np.dtype(info["type"]), tuple(info["shape"])
    if kind.kind not in NUMBERS or any(type(length) is not int or length < 0 for length in shape):
        raise ValueError("no array of numbers")
    rows: NDArray[Any] = np.empty(shape, kind) if kind.itemsize * int(np.prod(shape, dtype=object)) <= left else np.empty(0)
    if file.readinto(rows.reshape(-1).view(np.uint8).data) != rows.nbytes or rows.shape != shape:  # type: ignore[attr-defined]
        raise ValueError("cut off")
    return info, rows


# Plain data ----------------------------------------------------------------------------------------------------------
@functools.cache
def _classes() -> dict[str, type]:
    """The classes that are kept, by name."""
    from singlestep.measures.counts import Counted, Names, Ratio
    from singlestep.measures.effects import Befell
    from singlestep.measures.mobility import Transitions
    from singlestep.measures.parting import Followed
    from singlestep.study.run import Lived, SoFar
    from singlestep.study.tables import Month

    known = (Counted, Names, Ratio, Befell, Transitions, Followed, Lived, SoFar, Month)
    return {cls.__name__: cls for cls in known}


def _packed_parts(value: Any) -> Iterator[Part]:
    """One part that says how the arrays after it belong together."""
    import numpy as np

    arrays: list[NDArray[Any]] = []
    plain = packed(value, arrays)
    yield {"part": "value", "of": plain, "arrays": len(arrays)}, np.zeros(0, np.int64)
    for rows in arrays:
        yield {"part": "array"}, rows


def packed(value: Any, arrays: list[NDArray[Any]]) -> Any:
    """The value as plain JSON; its arrays of numbers are added to `arrays`. Raises TypeError for what cannot be kept."""
    import numpy as np

    def inner(one: Any) -> Any:
        return packed(one, arrays)

    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ma.MaskedArray):
        return {"masked": [inner(value.data), inner(np.ma.getmaskarray(value))]}
    if isinstance(value, np.ndarray) and value.dtype == object:
        return {"objects": [inner(one) for one in value.tolist()]}
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array": len(arrays) - 1} if isinstance(value, np.ndarray) else {"number": len(arrays) - 1}
    if isinstance(value, dict):
        return {"dict": [[inner(key), inner(one)] for key, one in value.items()]}
    if type(value) in (list, tuple):
        return {type(value).__name__: [inner(one) for one in value]}
    name = type(value).__name__
    if _classes().get(name) is not type(value):
        raise TypeError(f"a {name} cannot be kept")
    return {"class": name, "of": {key: inner(one) for key, one in _fields(value).items()}}


def _fields(value: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(value._asdict()) if isinstance(value, tuple) else vars(value)  # type: ignore[attr-defined]


def unpacked(plain: Any, arrays: list[NDArray[Any]]) -> Any:
    """The value again. Raises KeyError, TypeError or the like for what `packed` does not make."""
    import numpy as np

    if not isinstance(plain, dict):
        return plain
    if "class" in plain:
        cls, fields = _classes()[plain["class"]], {key: unpacked(one, arrays) for key, one in plain["of"].items()}
        if dataclasses.is_dataclass(cls) or issubclass(cls, tuple):
            return cls(**fields)
        made = cls.__new__(cls)
        vars(made).update(fields)
        return made
    (what, of), = plain.items()
    if what in ("array", "number"):
        return arrays[of] if what == "array" else arrays[of][()]
    if what == "dict":
        return {unpacked(key, arrays): unpacked(one, arrays) for key, one in of}
    values: Any = [unpacked(one, arrays) for one in of]
    if what == "masked":
        return np.ma.MaskedArray(values[0], values[1])
    if what == "objects":
        found: Any = np.empty(len(values), object)
        found[:] = values
        return found
    return {"list": list, "tuple": tuple}[what](values)
