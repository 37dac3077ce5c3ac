"""Long tables in CSV files beside a regime or a society, one rule or act a row; the ground for `indicators` and `more_acts`.

The first line names the columns. An empty cell leaves the default. Cells that recur are read once, and rows that are
alike but for their `id` share what they say, so that 200,000 rows take a few seconds.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args

from singlestep.quantities import Basis, Confidence
from singlestep.regime import respelling
from singlestep.regime.complaints import STRIDE, Complaint, Refused, complain, describe, nearest, show
from singlestep.regime.reading import HIDDEN, Document
from singlestep.regime.whole import KeyPath, Whole, joined
from singlestep.words import errors as words
from singlestep.words.errors import Sentence

OTHER_COMMAS = {";": words.SEMICOLONS, "\t": words.TABS}  # what spreadsheet programs put between cells as well
BARE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,12})?")
MOST_BYTES = 64 * 1024 * 1024
MOST_COMPLAINTS = 20
LONGEST_ID = 60
LONGEST_WORDS, LONGEST_CITE = 500, 2000

Made = TypeVar("Made")
Reader = Callable[[str], Any]


class CellError(ValueError):
    """A cell that cannot be read: what should stand there, an example, and the nearest right spelling if it is plain."""

    def __init__(self, expected: str, example: str, near: str | None = None) -> None:
        super().__init__(expected)
        self.expected, self.example, self.near = expected, example, near


@dataclass(frozen=True)
class Kind:
    """One kind of table: the key that names its file, what it holds, and its columns with how their cells are read."""

    key: str
    table: str  # in words: a table of ...
    each: str  # each ...
    one: str  # the ...
    owner: str  # the regime, the society
    several: str  # rules, acts
    most_rows: int
    needed: tuple[str, ...]
    readers: Mapping[str, Reader]


# The file ------------------------------------------------------------------------------------------------------------
def path_beside(name: str, whole: Whole, kind: Kind) -> Path:
    """The path of the table that the file names, links followed. Raises `Refused` if it leads elsewhere."""
    folder = whole.folders[whole.file_of((kind.key,))]
    file, line = whole.place((kind.key,))
    if not BARE_NAME.fullmatch(name) or ".." in name:
        raise Refused([complain(words.TABLE_NAME, file, line, found=describe(name), key=kind.key, owner=kind.owner)])
    try:
        home, path = folder.resolve(), (folder / name).resolve()
        if path.parent != home:
            raise Refused([complain(words.TABLE_OUTSIDE, file, line, name=show(name), owner=kind.owner)])
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused([complain(words.TABLE_NOT_PLAIN, file, line, name=show(name))])
    except FileNotFoundError:
        near = nearest(name, sorted(entry for entry in os.listdir(folder) if entry.endswith(".csv")))
        raise Refused(
            [complain(words.TABLE_MISSING, file, line, nearest=near, name=show(name), owner=kind.owner)]
        ) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(name, file, line, error) from None
    return path


def _unreadable(name: str, file: str, line: int, error: Exception) -> Refused:
    reason = show(getattr(error, "strerror", None) or type(error).__name__)
    return Refused([complain(words.TABLE_UNREADABLE, file, line, name=show(name), reason=reason)])


def _text(path: Path, whole: Whole, kind: Kind) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(path.name, *whole.place((kind.key,)), error) from None
    if len(raw) > MOST_BYTES:
        raise Refused([complain(words.TABLE_TOO_LARGE, path.name, 0, limit=MOST_BYTES, table=kind.table)])
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        at = raw.count(b"\n", 0, error.start) + 1
        raise Refused([complain(words.NOT_UTF8, path.name, at, byte=raw[error.start])]) from None
    hidden = HIDDEN.search(text)
    if hidden is not None:
        at = text.count("\n", 0, hidden.start()) + 1
        raise Refused([complain(words.HIDDEN_CHARACTER, path.name, at, code=ord(hidden.group()))])
    return text


def with_lines(whole: Whole, path: Path, lines: Mapping[KeyPath, int]) -> Whole:
    """The whole with one more file, and the lines of what stands there."""
    new = len(whole.files) * STRIDE
    where = {**whole.document.lines, **{place: new + line for place, line in lines.items()}}
    document = Document(whole.document.file, whole.data, MappingProxyType(where))
    return Whole(document, (*whole.files, path.name), (*whole.folders, path.parent))


# The rows ------------------------------------------------------------------------------------------------------------
class Table(Generic[Made]):
    """One table while it is read. `already` holds what the file itself says under the same names."""

    def __init__(self, kind: Kind, path: Path, already: Mapping[str, Any], place: KeyPath, whole: Whole) -> None:
        self.kind, self.file, self.text = kind, path.name, _text(path, whole, kind)
        self.already, self.place, self.whole = already, place, whole
        self.complaints: list[Complaint] = []
        self.columns: list[str] = []
        self.others: list[str] = []  # than the id
        self.id_place = 0
        self.cells: dict[str, dict[str, Any]] = {column: {} for column in kind.readers}  # what a cell reads as
        self.known_rows: dict[tuple[str, ...], Made] = {}  # by all cells but the id

    def make(self, name: str, cells: dict[str, Any], line: int) -> Made | None:
        """What a row's cells (all but the id) mean; complaints and None if they do not fit together."""
        raise NotImplementedError

    def take(self, row: list[str], line: int) -> None:
        """Look at a row that has been read, alike to an earlier one or not."""

    def read(self) -> tuple[dict[str, Made], dict[str, int]]:
        """What the rows say, by id, and their lines. Raises `Refused`."""
        made: dict[str, Made] = {}
        lines: dict[str, int] = {}
        for line, row in self._rows():
            if not self.columns:
                self._take_columns(row, line)
                continue
            if len(self.complaints) >= MOST_COMPLAINTS:
                break
            read = self._read_row(row, line)
            if read is None:
                continue
            name, what = read
            if name in lines or name in self.already:
                self.complain(line, words.ROW_TWICE, one=self.kind.one, name=name, where=self._earlier(name, lines))
            made[name], lines[name] = what, line
            if len(made) + len(self.already) > self.kind.most_rows:
                details = {"several": self.kind.several, "owner": self.kind.owner}
                self.complain(line, words.TABLE_TOO_LONG, limit=self.kind.most_rows, **details)
                break
        if not self.columns and not self.complaints:
            self.complain(1, words.TABLE_EMPTY, columns=",".join(self.kind.needed))
        if self.complaints:
            raise Refused(self.complaints)
        return made, lines

    def _earlier(self, name: str, lines: dict[str, int]) -> str:
        file, line = (self.file, lines[name]) if name in lines else self.whole.place((*self.place, name))
        return words.PLACE_LINE.format(file=file, line=line)

    def complain(self, line: int, sentence: Sentence, near: str | None = None, **details: object) -> None:
        """One complaint about a line; `near` is the nearest right spelling."""
        self.complaints.append(complain(sentence, self.file, line, nearest=near, **details))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows that are not empty, each with the line it begins in."""
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True)
        line = 1
        try:
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            self.complain(line, words.TABLE_BROKEN, reason=show(str(error)))

    def _take_columns(self, row: list[str], line: int) -> None:
        """The names in the first line. Raises `Refused`, since without them no row can be read."""
        known = list(self.kind.readers)
        apart = next((sign for sign in OTHER_COMMAS if len(row) == 1 and set(row[0].split(sign)) & set(known)), None)
        if apart is not None:
            raise Refused([complain(words.COLUMNS_APART, self.file, line, sign=OTHER_COMMAS[apart])])
        for number, name in enumerate(row):
            if name not in known:
                near = nearest(name, [column for column in known if column not in row])
                write = f"`{near}`" if near else words.ONE_OF_NAMES.format(choices=joined(known))
                self.complain(line, words.COLUMN_UNKNOWN, near, name=show(name), table=self.kind.table, write=write)
            elif name in row[:number]:
                self.complain(line, words.COLUMN_TWICE, name=name)
        for name in self.kind.needed if not self.complaints else ():
            if name not in row:
                self.complain(line, words.COLUMN_MISSING, name=name, each=self.kind.each)
        if self.complaints:
            raise Refused(self.complaints)
        self.columns, self.id_place = row, row.index("id")
        self.others = [column for column in row if column != "id"]

    def _read_row(self, row: list[str], line: int) -> tuple[str, Made] | None:
        """The id of a row and what it says; complaints and None if it cannot be read."""
        if len(row) != len(self.columns):
            self.complain(line, words.ROW_LENGTH, found=len(row), wanted=len(self.columns))
            return None
        before = len(self.complaints)
        name = self.cell("id", row[self.id_place], line)
        rest = (*row[: self.id_place], *row[self.id_place + 1 :])
        made = self.known_rows.get(rest)
        if made is None:
            cells = {column: self.cell(column, text, line) for column, text in zip(self.others, rest, strict=True)}
            made = self.make(row[self.id_place], cells, line) if len(self.complaints) == before else None
        if made is None or len(self.complaints) > before:
            return None
        self.known_rows[rest] = made
        self.take(row, line)
        return name, made

    def known(self, kind: str, name: str, names: Mapping[str, Any], owner: str, line: int) -> None:
        """A complaint if the name is not among the names; `kind` is a key of `words.NAMES`."""
        if name not in names:
            near = nearest(name, names)
            details: dict[str, Any] = {"kind": words.NAMES[kind], "name": show(name), "owner": owner}
            choices = words.WRITE_ONE_OF.format(choices=joined(list(names)))
            write = words.WRITE_NEAR.format(name=near) if near else choices if names else words.WRITE_NONE
            write = write.format(**details) if write is words.WRITE_NONE else write
            self.complain(line, words.NO_SUCH_NAME, near, write=write, **details)

    def cell(self, column: str, text: str, line: int) -> Any:
        """What a cell reads as; None when it is empty, or cannot be read, which is complained about."""
        read = self.cells[column]
        if text in read:
            return read[text]
        try:
            value = self.kind.readers[column](text) if text or column in self.kind.needed else None
        except CellError as error:
            near = error.near or self._respelt(column, text)
            write = words.CELL_WRITE.format(near=near) if near else words.CELL_EXAMPLE.format(example=error.example)
            self.complain(line, words.CELL, near, value=show(text), column=column, expected=error.expected, write=write)
            return None
        if column != "id":
            read[text] = value
        return value


    def _respelt(self, column: str, text: str) -> str | None:
        """The first of the other spellings of a cell that could stand in its column."""
        plain = text.strip()
        name = re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")
        numbers = (respelling.number(plain, of_hundred=True), respelling.number(plain))
        for candidate in (plain, respelling.duration(plain), *numbers, name):
            try:
                if candidate and candidate != text:
                    self.kind.readers[column](candidate)
                    return candidate
            except CellError:
                continue
        return None


# The cells -----------------------------------------------------------------------------------------------------------
def basis_in(cells: Mapping[str, Any]) -> Basis | None:
    """What a row rests on, if it says so."""
    said = {key: cells[key] for key in BASIS if cells.get(key)}
    return Basis(**said) if said else None


def identifier(example: str) -> Reader:
    """Reads a name."""

    def read(text: str) -> str:
        if len(text) > LONGEST_ID or not IDENTIFIER.fullmatch(text):
            raise CellError(words.CELL_IDENTIFIER, example)
        return text

    return read


def whole_number(low: int, high: int, expected: str) -> Reader:
    """Reads a whole number from `low` to `high`."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,5}", text) or not low <= int(text) <= high:
            raise CellError(expected, str(low))
        return int(text)

    return read


def number(high: float, expected: str, example: str) -> Reader:
    """Reads a number from 0 to `high`, with a point for decimals."""

    def read(text: str) -> float:
        if not NUMBER.fullmatch(text) or not 0 <= float(text) <= high:
            raise CellError(expected, example)
        return float(text)

    return read


def choice(choices: tuple[str, ...]) -> Reader:
    """Reads one of these words."""

    def read(text: str) -> str:
        if text not in choices:
            expected = words.CELL_CHOICE.format(choices=joined(choices))
            raise CellError(expected, choices[0], nearest(text, choices))
        return text

    return read


def text_of(limit: int) -> Reader:
    """Reads a text of at most so many signs."""

    def read(text: str) -> str:
        if len(text) > limit:
            raise CellError(words.CELL_TEXT.format(limit=limit), text[:20])
        return text

    return read


BASIS: dict[str, Reader] = {  # columns that every kind of table may have
    "behaviour": choice(get_args(Confidence)),
    "size": choice(get_args(Confidence)),
    "cite": text_of(LONGEST_CITE),
}
