"""The run folder, written so that what is not whole never looks whole.

`manifest.json` is there from the beginning and says `"state": "incomplete"`. Every file is written under a temporary
name, brought to the disk and renamed. Only then does a new manifest, with the SHA-256 of every file and
`"complete": true`, take the place of the old one, in a single step. Nothing that was there before is written over.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from singlestep.regime.complaints import Refused, complain, show
from singlestep.words import commands as words
from singlestep.words.errors import Sentence

FORMAT = "singlestep-run 1"
MANIFEST = "manifest.json"
TEMPORARY = ".partial"
MOST_NUMBERS = 100_000
FULL = (errno.ENOSPC, errno.EDQUOT)


class Folder:
    """One run folder under way: `write` its files, then `finish`. Raises `Refused` when the disk does not let it."""

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        """Take the folder `path`, which must exist and be empty, and say in it that the run is incomplete."""
        self.path = path
        self.files: dict[str, dict[str, Any]] = {}
        begun = {"format": FORMAT, "state": "incomplete", "complete": False, "note": words.INCOMPLETE, **manifest}
        try:
            self._put(MANIFEST, as_json(begun))
        except BaseException:
            _remove_if_empty(path)
            raise

    def write(self, name: str, data: bytes) -> None:
        """Write one file of the folder, whole or not at all."""
        self._put(name, data)
        self.files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """Make the folder whole: replace the manifest by this one, with every file's hash. Returns what it says."""
        ended = {"format": FORMAT, "state": "complete", "complete": True, **manifest, "files": self.files}
        self._put(MANIFEST, as_json(ended), sync=False)
        with contextlib.suppress(OSError):  # after a power cut there is either manifest, and each tells the truth
            _sync_folder(self.path)
        return ended

    def _put(self, name: str, data: bytes, sync: bool = True) -> None:
        temporary = self.path / (name + TEMPORARY)
        try:
            try:
                _write_through(temporary, data)
                os.replace(temporary, self.path / name)
                if sync:
                    _sync_folder(self.path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise refused(error, self.path) from error


def new_folder(out: str | Path | None, default: str) -> Path:
    """Make the folder of a run: `out`, which must be new or empty, or a free name under `runs`. Raises `Refused`."""
    try:
        if out is None:
            return _numbered(Path("runs") / default)
        path = Path(out)
        if path.exists():
            _check_free(path)
        path.mkdir(parents=True, exist_ok=True)
        return path
    except OSError as error:
        raise refused(error, Path(out if out is not None else "runs")) from error
    except ValueError:  # a NUL in the name
        raise Refused([complain(words.CANNOT_WRITE, show(str(out)), 0, reason="bad name")]) from None


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a run folder; empty if there is none or it cannot be read."""
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def is_whole(path: Path) -> bool:
    """Whether the folder says it is complete and every file has the hash that its manifest gives."""
    manifest = read_manifest(path)
    if manifest.get("complete") is not True:
        return False
    try:
        return all(
            hashlib.sha256((path / name).read_bytes()).hexdigest() == entry["sha256"]
            for name, entry in manifest["files"].items()
        )
    except (OSError, KeyError, TypeError, AttributeError):
        return False


def as_json(content: Any) -> bytes:
    """JSON as it is written into files: indented, keys in the order given, a line break at the end."""
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def refused(error: OSError, path: Path) -> Refused:
    """The complaint about a folder that could not be written."""
    sentence: Sentence = words.DISK_FULL if error.errno in FULL else words.CANNOT_WRITE
    reason = show(error.strerror or type(error).__name__)
    return Refused([complain(sentence, str(path), 0, reason=reason)])


def _printable(path: Path) -> str:
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in str(path))


def _check_free(path: Path) -> None:
    if not path.is_dir():
        raise Refused([complain(words.OUT_IS_A_FILE, str(path), 0)])
    if any(path.iterdir()):
        free = next(name for name in _names(path) if not name.exists())
        raise Refused([complain(words.OUT_IN_USE, str(path), 0, free=_printable(free))])


def _names(path: Path) -> Any:
    yield path
    for number in range(2, MOST_NUMBERS):
        yield path.with_name(f"{path.name}-{number}")


def _numbered(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in _names(path):
        try:
            name.mkdir()
        except FileExistsError:
            continue
        return name  # type: ignore[no-any-return]
    raise Refused([complain(words.OUT_IN_USE, str(path), 0, free="--out DIR")])


def _write_through(path: Path, data: bytes) -> None:
    """Write the bytes and wait until they are on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(path: Path) -> None:
    """Bring the folder's names to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_if_empty(path: Path) -> None:
    try:
        path.rmdir()
    except OSError:
        return
