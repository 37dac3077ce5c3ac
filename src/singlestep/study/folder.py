"""The run folder, written so that what is not whole never looks whole.

`manifest.json` is there from the beginning and says `"state": "incomplete"`. Every file is written under a temporary
name, brought to the disk and renamed. Only then does a new manifest, with the SHA-256 of every file and
`"complete": true`, take the place of the old one, in a single step. Nothing that was there before is written over.

`open_folder` reads one again, and refuses whatever is not as it was written: the hashes find damage and hasty edits. They
are no signature; someone who wants to deceive can compute them anew.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shlex
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from singlestep.regime.complaints import Refused, complain, show
from singlestep.words import commands as words
from singlestep.words.errors import Sentence

fcntl: Any
try:
    import fcntl
except ImportError:  # a system that has no such locks
    fcntl = None

if TYPE_CHECKING:
    import polars

FORMAT = "singlestep-run 1"
MANIFEST = "manifest.json"
TEMPORARY = ".partial"
MOST_NUMBERS = 100_000
MOST_COMMAND = 2_000  # signs of a command shown
FULL = (errno.ENOSPC, errno.EDQUOT)
SEAL = "seal"  # of the manifest: SHA-256 of the rest of it
SUMMARY = "summary.json"
TABLE = ".parquet"
MOST_BYTES = 2**30  # of one file: more is not read
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.(json|parquet)")
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Folder:
    """One run folder under way: `write` its files, then `finish`. Raises `Refused` when the disk does not let it."""

    def __init__(self, path: Path, manifest: dict[str, Any], resumed: bool = False) -> None:
        """Take the folder `path`, which must exist and be empty, and say in it that the run is incomplete.

        A resumed run takes the folder as it is, with the manifest that it began with.
        """
        self.path = path
        self.files: dict[str, dict[str, Any]] = {}
        begun = {"format": FORMAT, "state": "incomplete", "complete": False, "note": words.INCOMPLETE, **manifest}
        begun[SEAL] = self.run = seal(begun)  # which names the run
        if resumed:
            return
        try:
            self._put(MANIFEST, as_json(begun))
        except BaseException:
            remove_if_empty(path)
            raise

    def write(self, name: str, data: bytes) -> None:
        """Write one file of the folder, whole or not at all."""
        self._put(name, data)
        self.files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> dict[str, Any]:
        """Make the folder whole: replace the manifest by this one, with every file's hash. Returns what it says."""
        ended = {"format": FORMAT, "state": "complete", "complete": True, **manifest, "files": self.files}
        ended[SEAL] = seal(ended)
        self._put(MANIFEST, as_json(ended), sync=False)
        with contextlib.suppress(OSError):  # after a power cut there is either manifest, and each tells the truth
            _sync_folder(self.path)
        return ended

    def _put(self, name: str, data: bytes, sync: bool = True) -> None:
        try:
            replace_file(self.path / name, [data], sync)
        except OSError as error:
            raise refused(error, self.path) from error


class Tables(Mapping[str, "polars.DataFrame"]):
    """The tables of an opened folder by name, each read and checked when it is first asked for. Raises `Refused`."""

    def __init__(self, path: Path, files: dict[str, dict[str, Any]], again: str) -> None:
        self._path, self._again = path, again
        self._files = {name.removesuffix(TABLE): entry for name, entry in files.items() if name.endswith(TABLE)}
        self._read: dict[str, polars.DataFrame] = {}

    def __getitem__(self, name: str) -> polars.DataFrame:
        if name not in self._read:
            self._read[name] = self._frame(name, self._files[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def _frame(self, name: str, entry: dict[str, Any]) -> polars.DataFrame:
        import io

        import polars as pl

        data = _checked(self._path, name + TABLE, entry, self._again)
        try:
            return pl.read_parquet(io.BytesIO(data))
        except Exception as error:  # whatever the bytes make of the reader
            raise _damaged(words.TABLE_UNREADABLE, self._path / (name + TABLE), self._again) from error


@dataclass(frozen=True)
class Opened:
    """A whole run folder, read again: what its manifest and summary say, and its tables."""

    path: Path
    manifest: dict[str, Any]
    summary: dict[str, Any]
    tables: Tables

    def other(self, name: str) -> Any:
        """What another JSON file of the folder says; None when the run wrote no such file. Raises `Refused`."""
        entry = self.manifest["files"].get(name)
        return None if entry is None else _json_file(self.path, name, entry, again(self.manifest))


def unfinished(path: Path) -> dict[str, Any]:
    """What a run that was stopped began with: its manifest without what the folder itself adds.

    Raises `Refused` for anything but the folder of a run of this format that is not whole, with its manifest as written.
    """
    manifest = _manifest_of(path)
    how = again(manifest)
    if manifest.get("complete") is True:
        raise _damaged(words.IS_WHOLE, path, how)
    if not _is_sealed(manifest):
        raise _damaged(words.EDITED, path / MANIFEST, how)
    return {key: value for key, value in manifest.items() if key not in ("format", "state", "complete", "note", SEAL)}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the folder for this process, where the system can; let go of by the end of the process, however that comes.

    Raises `Refused` when another process holds it: the run is still going on.
    """
    if fcntl is None:
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused([complain(words.STILL_GOING_ON, str(path), 0)]) from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)


def open_folder(path: str | Path) -> Opened:
    """Read a run folder again, once every file has proved to be what the run wrote.

    Raises `Refused` for anything else (not there, not a run, unfinished, of another format, with files that are missing,
    truncated, edited, swapped or links), with what is wrong and how to get a good one.
    """
    folder = Path(path)
    manifest = _whole_manifest(folder)
    how = again(manifest)
    files = manifest["files"]
    for name, entry in files.items():
        _checked(folder, name, entry, how)
    told = _json_file(folder, SUMMARY, files[SUMMARY], how)
    if not isinstance(told, dict) or not isinstance(told.get("measures"), dict):
        raise _damaged(words.NOT_JSON, folder / SUMMARY, how)
    return Opened(folder, manifest, told, Tables(folder, files, how))


def seal(manifest: dict[str, Any]) -> str:
    """SHA-256 of a manifest without its own seal."""
    return hashlib.sha256(as_json({key: value for key, value in manifest.items() if key != SEAL})).hexdigest()


def again(manifest: dict[str, Any]) -> str:
    """How to get a good folder instead of a bad one: the command in its manifest, if there is one.

    The folder may be anybody's, so the command is quoted anew: a shell finds arguments in it and nothing else.
    """
    try:
        parts = shlex.split(str(manifest["command"]))
    except (KeyError, ValueError):
        parts = []
    command = shlex.join(parts)
    if parts[:1] != ["singlestep"] or len(command) > MOST_COMMAND or not command.isprintable():
        return words.RUN_NEW
    return words.RUN_AGAIN.format(command=command)


def make_folder(path: Path) -> None:
    """Make a folder for files that belong to a run, unless it is there. Raises `Refused`."""
    try:
        if path.exists() and not path.is_dir():
            raise Refused([complain(words.NOT_A_PLACE, str(path), 0)])
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused([complain(words.CANNOT_WRITE_FILE, str(path), 0, reason=_reason(error))]) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write one file under a temporary name, bring it to the disk and rename it. Raises `Refused`."""
    try:
        if path.is_dir():
            raise Refused([complain(words.IS_A_FOLDER, str(path), 0)])
        replace_file(path, [data], sync=False)
    except OSError as error:
        sentence: Sentence = words.DISK_FULL_FILE if error.errno in FULL else words.CANNOT_WRITE_FILE
        raise Refused([complain(sentence, str(path), 0, reason=_reason(error))]) from error


def replace_file(path: Path, pieces: Iterable[Any], sync: bool = True) -> None:
    """Write a file of these pieces of bytes under a temporary name, bring it to the disk and rename it; whatever fails leaves
    no temporary file. Without `sync` the new name may not have come to the disk yet. Raises OSError."""
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        temporary.unlink(missing_ok=True)
        _write_through(temporary, pieces)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if sync:
        _sync_folder(path.parent)


def check_new(out: str | Path | None) -> None:
    """Refuse beforehand, without making anything, what `new_folder` would find in the way. Raises `Refused`."""
    if out is None:
        return
    path = Path(out).absolute()
    try:
        if path.exists():
            _check_free(Path(out))
        there = next(one for one in (path, *path.parents) if one.exists())
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(there, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise refused(error, Path(out)) from error


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
    """Whether the folder holds a finished run as it was written."""
    try:
        open_folder(path)
    except Refused:
        return False
    return True


def as_json(content: Any) -> bytes:
    """JSON as it is written into files: indented, keys in the order given, a line break at the end."""
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def refused(error: OSError, path: Path) -> Refused:
    """The complaint about a folder that could not be written."""
    sentence: Sentence = words.DISK_FULL if error.errno in FULL else words.CANNOT_WRITE
    return Refused([complain(sentence, str(path), 0, reason=_reason(error))])


# Reading again -------------------------------------------------------------------------------------------------------
def _manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a run of this format, finished or not."""
    try:
        if not folder.exists():
            raise _damaged(words.NO_SUCH_RUN, folder, words.RUN_NEW)
        if not folder.is_dir():
            raise _damaged(words.NOT_A_FOLDER, folder, words.RUN_NEW)
        if not (folder / MANIFEST).exists() and not (folder / MANIFEST).is_symlink():
            raise _damaged(words.NOT_A_RUN, folder, words.RUN_NEW)
    except (OSError, ValueError):  # a name that cannot be, or a folder that may not be looked into
        raise _damaged(words.NO_SUCH_RUN, folder, words.RUN_NEW) from None
    manifest = _from_json(_bytes(folder, MANIFEST, words.RUN_NEW), folder / MANIFEST, words.RUN_NEW)
    if not isinstance(manifest, dict):
        raise _damaged(words.NOT_A_RUN, folder, words.RUN_NEW)
    found, how = manifest.get("format"), again(manifest)
    if found != FORMAT:
        raise _damaged(words.OTHER_FORMAT, folder / MANIFEST, how, found=show(found), known=FORMAT)
    return manifest


def _whole_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a finished run of this format."""
    manifest = _manifest_of(folder)
    how = again(manifest)
    if manifest.get("complete") is not True:
        raise _damaged(words.UNFINISHED, folder, how)
    if not _is_sealed(manifest):
        raise _damaged(words.EDITED, folder / MANIFEST, how)
    files = manifest.get("files")
    if not isinstance(files, dict) or SUMMARY not in files or not all(map(_is_entry, files.items())):
        raise _damaged(words.NOT_A_RUN, folder, how)
    return manifest


def _is_sealed(manifest: dict[str, Any]) -> bool:
    try:
        return bool(manifest.get(SEAL) == seal(manifest))
    except ValueError:  # half a character, or a number beyond all bounds
        return False


def _is_entry(item: tuple[Any, Any]) -> bool:
    """Whether a name and what the manifest says of it are those of a file inside the folder."""
    name, entry = item
    if not isinstance(name, str) or PLAIN_NAME.fullmatch(name) is None or name == MANIFEST or not isinstance(entry, dict):
        return False
    return isinstance(entry.get("sha256"), str) and isinstance(entry.get("bytes"), int)


def _checked(folder: Path, name: str, entry: dict[str, Any], how: str) -> bytes:
    """The bytes of a file that are what the manifest says."""
    data = _bytes(folder, name, how)
    if len(data) < entry["bytes"]:
        raise _damaged(words.TRUNCATED, folder / name, how, found=len(data), told=entry["bytes"])
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise _damaged(words.EDITED, folder / name, how)
    return data


def _bytes(folder: Path, name: str, how: str) -> bytes:
    """The bytes of a plain file of the folder itself: no link, no pipe, nothing without an end."""
    path = folder / name
    try:
        if path.is_symlink():  # where the system cannot refuse links when opening
            raise _damaged(words.A_LINK, path, how)
        handle = os.open(path, os.O_RDONLY | NO_LINK)
        with os.fdopen(handle, "rb") as file:
            known = os.fstat(handle)
            if not stat.S_ISREG(known.st_mode) or known.st_size > MOST_BYTES:
                raise _damaged(words.NOT_PLAIN, path, how)
            return file.read(MOST_BYTES)
    except FileNotFoundError:
        raise _damaged(words.FILE_MISSING, path, how) from None
    except IsADirectoryError:
        raise _damaged(words.NOT_PLAIN, path, how) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _damaged(words.A_LINK, path, how) from None
        raise _damaged(words.FILE_UNREADABLE, path, how, reason=_reason(error)) from error


def _json_file(folder: Path, name: str, entry: dict[str, Any], how: str) -> Any:
    return _from_json(_checked(folder, name, entry, how), folder / name, how)


def _from_json(data: bytes, path: Path, how: str) -> Any:
    try:
        return json.loads(data.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _damaged(words.NOT_JSON, path, how) from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _damaged(sentence: Sentence, path: Path, how: str, **details: Any) -> Refused:
    return Refused([complain(sentence, str(path), 0, again=how, **details)])


# Writing -------------------------------------------------------------------------------------------------------------
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


def _reason(error: OSError) -> str:
    return show(error.strerror or type(error).__name__)


def _write_through(path: Path, pieces: Iterable[Any]) -> None:
    """Write the bytes, piece by piece, and wait until they are on the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        for piece in pieces:
            view = memoryview(piece)
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


def remove_if_empty(path: Path) -> None:
    """Remove a folder that holds nothing."""
    try:
        path.rmdir()
    except OSError:
        return
