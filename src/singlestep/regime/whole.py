"""Plain data put together from several files, with the file and line of every key, and complaints about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from singlestep.regime.complaints import STRIDE, Complaint, Refused, complain, from_validation, nearest, show
from singlestep.regime.reading import Document
from singlestep.words import errors as words
from singlestep.words.errors import Sentence

MOST_GATHERED = 100
MOST_NAMES_SHOWN = 12

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Whole:
    """Data from one or more files. File 0 is the one that was asked for; `document.lines` tell file and line in one."""

    document: Document
    files: tuple[str, ...]
    folders: tuple[Path, ...]

    @property
    def data(self) -> dict[str, Any]:
        """The data itself."""
        return self.document.data

    def file_of(self, path: KeyPath) -> int:
        """The number of the file that says what stands at this path."""
        return self.line_at(path) // STRIDE

    def line_at(self, path: KeyPath) -> int:
        """File and line in one, of the path or of the nearest place around it."""
        return next(self.document.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.document.lines)

    def place(self, path: KeyPath) -> tuple[str, int]:
        """File and line of a path."""
        number, line = divmod(self.line_at(path), STRIDE)
        return self.files[number], line

    def placed(self, refused: Refused) -> Refused:
        """The same complaints with the file and line that each really means."""
        return Refused(_placed(complaint, self.files) for complaint in refused.complaints)


def _placed(complaint: Complaint, files: tuple[str, ...]) -> Complaint:
    number, line = divmod(complaint.line, STRIDE)
    return Complaint(files[number], line, complaint.found, complaint.why, complaint.nearest, complaint.write)


def alone(document: Document, folder: Path) -> Whole:
    """One file by itself."""
    return Whole(document, (document.file,), (folder,))


def merged(base: Whole, more: Document, folder: Path) -> Whole:
    """The base changed by `more`: mappings key by key, lists and scalars replaced, null taking a key away. The base's
    examples are left behind: they say what the base does, which the changes are there to change."""
    lines = {path: line + STRIDE for path, line in base.document.lines.items()}
    kept = {key: value for key, value in base.data.items() if key != "examples"}
    data = _merge(kept, more.data, (), lines, more)
    lines[()] = more.lines[()]
    document = Document(more.file, data, MappingProxyType(lines))
    return Whole(document, (more.file, *base.files), (folder, *base.folders))


def _merge(
    old: dict[str, Any], new: dict[str, Any], path: KeyPath, lines: dict[KeyPath, int], more: Document
) -> dict[str, Any]:
    result = dict(old)
    for key, value in new.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = _merge(result[key], value, here, lines, more)
            lines[here] = more.lines[here]
            continue
        for gone in list(_below(here, result.get(key))):
            lines.pop(gone, None)
        if value is None and key in old:
            del result[key]
            continue
        result[key] = value
        for place in _below(here, value):
            if place in more.lines:
                lines[place] = more.lines[place]
    return result


def _below(path: KeyPath, value: Any) -> Iterator[KeyPath]:
    """The path and all paths inside the value that stands there."""
    yield path
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, item in pairs:
        yield from _below((*path, key), item)


def translated(error: ValidationError, whole: Whole, model: type[BaseModel]) -> Refused:
    """What pydantic found, with the files and lines of the parts."""
    return whole.placed(from_validation(error, whole.document, model))


@dataclass
class Notes:
    """Complaints about one whole, gathered until there are enough."""

    whole: Whole
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether more complaints would help nobody."""
        return len(self.complaints) >= MOST_GATHERED

    def add(self, path: KeyPath, sentence: Sentence, *, near: str | None = None, **details: object) -> None:
        """One complaint about what stands at this path; `near` is the nearest right spelling."""
        if not self.full:
            file, line = self.whole.place(path)
            self.complaints.append(complain(sentence, file, line, nearest=near, **details))

    def known(self, path: KeyPath, kind: str, name: str, names: Iterable[str], owner: str) -> bool:
        """Whether the name is among the names; a complaint if not. `kind` is a key of `words.NAMES`."""
        if name in names:  # of a dict or a set, mostly
            return True
        if not self.full:
            near = nearest(name, names)
            kind = words.NAMES[kind]
            write = _write(near, list(names), kind, owner)
            self.add(path, words.NO_SUCH_NAME, near=near, kind=kind, name=show(name), owner=owner, write=write)
        return False

    def once(self, path: KeyPath, names: Sequence[str]) -> None:
        """A complaint for each item that an earlier one repeats."""
        seen: set[str] = set()
        for number, name in enumerate(names):
            if name in seen:
                self.add((*path, number), words.NAMED_TWICE, name=show(name))
            seen.add(name)

    def settle(self) -> None:
        """Raises `Refused` if there is any complaint."""
        if self.complaints:
            raise Refused(self.complaints)


def joined(names: Sequence[str]) -> str:
    """Names between back quotes; of many, the first dozen and how many more."""
    shown = ", ".join(f"`{show(name)}`" for name in names[:MOST_NAMES_SHOWN])
    more = len(names) - MOST_NAMES_SHOWN
    return words.AMONG_MORE.format(some=shown, count=more) if more > 0 else shown


def _write(near: str | None, names: list[str], kind: str, owner: str) -> str:
    if near is not None:
        return words.WRITE_NEAR.format(name=near)
    if names:
        return words.WRITE_ONE_OF.format(choices=joined(names))
    return words.WRITE_NONE.format(owner=owner, kind=kind)
