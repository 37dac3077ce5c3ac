"""Tables of indicators: a CSV file beside the regime, one rule a row.

Columns: `id`, `source` (a source, or `any`), `act`, `points` (a number, or a range such as `-5 to -2`), and of
`words`, `enters`, `fine`, `cap`, `window`, `expires`, `counts_from`, `known`, `behaviour`, `size` and `cite` as many as
are needed. An empty cell leaves the default. Up to 200,000 rules in a few seconds: cells that recur are read once.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from singlestep.quantities import Basis, Confidence, days
from singlestep.regime.complaints import Complaint, Refused, complain, describe, nearest, show
from singlestep.regime.reading import HIDDEN, Document
from singlestep.regime.schema import Cap, Regime, Rule
from singlestep.regime.whole import STRIDE, Whole, joined
from singlestep.words import errors as words
from singlestep.words.errors import Sentence

BARE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
POINTS = re.compile(r"([-+]?[0-9]{1,5})(?: to ([-+]?[0-9]{1,5}))?")
MOST_BYTES = 64 * 1024 * 1024
MOST_RULES = 200_000
MOST_COMPLAINTS = 20
MOST_POINTS = 10_000
LONGEST_ID, LONGEST_WORDS, LONGEST_CITE = 60, 500, 2000
NEEDED = ("id", "source", "act", "points")
OPTIONAL = (
    "words", "enters", "fine", "cap", "window", "expires", "counts_from", "known", "behaviour", "size", "cite",
)  # fmt: skip
COLUMNS = (*NEEDED, *OPTIONAL)


class _CellError(ValueError):
    """A cell that cannot be read: what should stand there, and an example."""

    def __init__(self, expected: str, example: str) -> None:
        super().__init__(expected)
        self.expected, self.example = expected, example


def joined_to(regime: Regime, whole: Whole) -> tuple[Regime, Whole]:
    """The regime with the rules of its table, and the whole with their lines. Raises `Refused`."""
    if regime.indicators is None:
        return regime, whole
    number = whole.file_of(("indicators",))
    file, line = whole.place(("indicators",))
    path = _beside(regime.indicators, whole.folders[number], file, line)
    text = _text(path, file, line)
    rules, lines = _Table(path.name, text, regime, whole).read()
    where = dict(whole.document.lines)
    new = len(whole.files) * STRIDE
    where |= {("rules", name): new + line for name, line in lines.items()}
    document = Document(whole.document.file, whole.data, MappingProxyType(where))
    more = Whole(document, (*whole.files, path.name), (*whole.folders, path.parent))
    return regime.model_copy(update={"rules": {**regime.rules, **rules}}), more


# The file ------------------------------------------------------------------------------------------------------------
def _beside(name: str, folder: Path, file: str, line: int) -> Path:
    """The path of a bare file name in this folder, links followed. Raises `Refused` if it leads elsewhere."""
    if not BARE_NAME.fullmatch(name) or ".." in name:
        raise Refused([complain(words.TABLE_NAME, file, line, found=describe(name))])
    try:
        home, path = folder.resolve(), (folder / name).resolve()
        if path.parent != home:
            raise Refused([complain(words.TABLE_OUTSIDE, file, line, name=show(name))])
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused([complain(words.TABLE_NOT_PLAIN, file, line, name=show(name))])
    except FileNotFoundError:
        near = nearest(name, sorted(entry for entry in os.listdir(folder) if entry.endswith(".csv")))
        raise Refused([complain(words.TABLE_MISSING, file, line, nearest=near, name=show(name))]) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(name, file, line, error) from None
    return path


def _unreadable(name: str, file: str, line: int, error: Exception) -> Refused:
    reason = show(getattr(error, "strerror", None) or type(error).__name__)
    return Refused([complain(words.TABLE_UNREADABLE, file, line, name=show(name), reason=reason)])


def _text(path: Path, file: str, line: int) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(path.name, file, line, error) from None
    if len(raw) > MOST_BYTES:
        raise Refused([complain(words.TABLE_TOO_LARGE, path.name, 0, limit=MOST_BYTES)])
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


# The rows ------------------------------------------------------------------------------------------------------------
class _Table:
    """One table while it is read."""

    def __init__(self, file: str, text: str, regime: Regime, whole: Whole) -> None:
        self.file, self.text, self.regime, self.whole = file, text, regime, whole
        self.complaints: list[Complaint] = []
        self.columns: list[str] = []
        self.id_place = 0
        self.cells: dict[tuple[str, str], Any] = {}  # what a cell of a column reads as
        self.rules: dict[tuple[str, ...], Rule] = {}  # by all cells but the id: rows that are alike share one rule

    def read(self) -> tuple[dict[str, Rule], dict[str, int]]:
        """The rules and their lines. Raises `Refused`."""
        rules: dict[str, Rule] = {}
        lines: dict[str, int] = {}
        for line, row in self._rows():
            if not self.columns:
                self._take_columns(row, line)
                continue
            if len(self.complaints) >= MOST_COMPLAINTS:
                break
            made = self._rule(row, line)
            if made is None:
                continue
            name, rule = made
            if name in lines or name in self.regime.rules:
                self._complain(line, words.ROW_TWICE, name=name, where=self._earlier(name, lines))
            rules[name], lines[name] = rule, line
            if len(rules) + len(self.regime.rules) > MOST_RULES:
                self._complain(line, words.TABLE_TOO_LONG, limit=MOST_RULES)
                break
        if not self.columns and not self.complaints:
            self._complain(1, words.TABLE_EMPTY, columns=",".join(NEEDED))
        if self.complaints:
            raise Refused(self.complaints)
        return rules, lines

    def _earlier(self, name: str, lines: dict[str, int]) -> str:
        file, line = (self.file, lines[name]) if name in lines else self.whole.place(("rules", name))
        return words.PLACE_LINE.format(file=file, line=line)

    def _complain(self, line: int, sentence: Sentence, near: str | None = None, **details: object) -> None:
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
            self._complain(line, words.TABLE_BROKEN, reason=show(str(error)))

    def _take_columns(self, row: list[str], line: int) -> None:
        """The names in the first line. Raises `Refused`, since without them no row can be read."""
        for number, name in enumerate(row):
            if name not in COLUMNS:
                near = nearest(name, [column for column in COLUMNS if column not in row])
                write = f"`{near}`" if near else words.ONE_OF_NAMES.format(choices=joined(COLUMNS))
                self._complain(line, words.COLUMN_UNKNOWN, near, name=show(name), write=write)
            elif name in row[:number]:
                self._complain(line, words.COLUMN_TWICE, name=name)
        for name in NEEDED if not self.complaints else ():
            if name not in row:
                self._complain(line, words.COLUMN_MISSING, name=name)
        if self.complaints:
            raise Refused(self.complaints)
        self.columns, self.id_place = row, row.index("id")

    def _rule(self, row: list[str], line: int) -> tuple[str, Rule] | None:
        """The rule of a row and its name; complaints and None if it cannot be read."""
        if len(row) != len(self.columns):
            self._complain(line, words.ROW_LENGTH, found=len(row), wanted=len(self.columns))
            return None
        before = len(self.complaints)
        name = self._cell("id", row[self.id_place], line)
        rest = (*row[: self.id_place], *row[self.id_place + 1 :])
        rule = self.rules.get(rest) or self._read_rule(row[self.id_place], rest, line)
        if rule is None or len(self.complaints) > before:
            return None
        self.rules[rest] = rule
        return name, rule

    def _read_rule(self, name: str, rest: tuple[str, ...], line: int) -> Rule | None:
        """The rule in the cells but the id; complaints and None if there is something amiss."""
        before = len(self.complaints)
        columns = (column for column in self.columns if column != "id")
        cells = {column: self._cell(column, text, line) for column, text in zip(columns, rest, strict=True)}
        source = cells["source"]
        if source is not None and source != "any":
            self._known("source", source, self.regime.sources, line)
        enters = cells.get("enters")
        if enters is not None:
            self._known("list", enters, self.regime.lists, line)
        if not (cells["points"] or cells.get("fine") or enters) and len(self.complaints) == before:
            self._complain(line, words.ROW_CHANGES_NOTHING, name=show(name))
        return _made(cells) if len(self.complaints) == before else None

    def _known(self, kind: str, name: str, names: dict[str, Any], line: int) -> None:
        if name not in names:
            near = nearest(name, names)
            details: dict[str, Any] = {"kind": words.NAMES[kind], "name": show(name), "owner": words.THE_REGIME}
            choices = words.WRITE_ONE_OF.format(choices=joined(list(names)))
            write = words.WRITE_NEAR.format(name=near) if near else choices if names else words.WRITE_NONE
            write = write.format(**details) if write is words.WRITE_NONE else write
            self._complain(line, words.NO_SUCH_NAME, near, write=write, **details)

    def _cell(self, column: str, text: str, line: int) -> Any:
        key = (column, text)
        if key in self.cells:
            return self.cells[key]
        try:
            value = _READERS[column](text) if text or column in NEEDED else None
        except _CellError as error:
            example = words.CELL_EXAMPLE.format(example=error.example)
            details = {"value": show(text), "column": column, "expected": error.expected, "example": example}
            self._complain(line, words.CELL, **details)
            return None
        if column != "id":
            self.cells[key] = value
        return value


def _made(cells: dict[str, Any]) -> Rule:
    source = cells["source"]
    basis = {key: cells[key] for key in ("behaviour", "size", "cite") if cells.get(key)}
    return Rule.model_construct(
        words=cells.get("words"),
        seen_by="any" if source == "any" else [source],
        act=cells["act"],
        points=cells["points"],
        set_class=None,
        enters=cells.get("enters"),
        fine=cells.get("fine") or 0,
        cap=cells.get("cap"),
        repeat=None,
        window=cells.get("window"),
        expires=cells.get("expires"),
        counts_from=cells.get("counts_from") or "record",
        known=cells.get("known") is not False,
        basis=Basis(**basis),
    )


# The cells -----------------------------------------------------------------------------------------------------------
def _identifier(example: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > LONGEST_ID or not IDENTIFIER.fullmatch(text):
            raise _CellError(words.CELL_IDENTIFIER, example)
        return text

    return read


def _points(text: str) -> int | tuple[int, int]:
    match = POINTS.fullmatch(text)
    if match is None:
        raise _CellError(words.CELL_POINTS, "-5")
    low, high = int(match[1]), int(match[2] or match[1])
    if max(abs(low), abs(high)) > MOST_POINTS or low > high:
        raise _CellError(words.CELL_POINTS, "-5" if low <= high else f"{high} to {low}")
    return low if match[2] is None else (low, high)


def _whole(low: int, high: int, expected: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,5}", text) or not low <= int(text) <= high:
            raise _CellError(expected, str(low))
        return int(text)

    return read


def _duration(text: str) -> str:
    try:
        days(text)
    except ValueError:
        raise _CellError(words.CELL_DURATION, "30 days") from None
    return text


def _choice(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            expected = words.CELL_CHOICE.format(choices=joined(choices))
            raise _CellError(expected, nearest(text, choices) or choices[0])
        return text

    return read


def _text_of(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > limit:
            raise _CellError(words.CELL_TEXT.format(limit=limit), text[:20])
        return text

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    "id": _identifier("late-payment"),
    "source": _identifier("any"),
    "act": _identifier("misses-payment"),
    "points": _points,
    "words": _text_of(LONGEST_WORDS),
    "enters": _identifier("debtors"),
    "fine": _whole(0, 15, words.CELL_LEVEL),
    "cap": lambda text: Cap(points=_whole(1, MOST_POINTS, words.CELL_COUNT)(text)),
    "window": _duration,
    "expires": _duration,
    "counts_from": _choice(("record", "act")),
    "known": lambda text: _choice(("true", "false"))(text) == "true",
    "behaviour": _choice(get_args(Confidence)),
    "size": _choice(get_args(Confidence)),
    "cite": _text_of(LONGEST_CITE),
}
