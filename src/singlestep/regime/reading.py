"""Strict reading of one YAML file into plain data, with the line of every key and every list item.

Only the event stream of ruamel's parser is used, never a constructor, and the walk over it keeps its own stack, so that
no file can build objects, expand itself or exhaust Python's stack. What is refused: anything but UTF-8, hidden
characters, more than 256 KiB, 40,000 keys and values or 24 levels; anchors, aliases, tags, merge keys, directives,
second documents, duplicate keys, keys that are not text, numbers that are not finite or longer than 18 digits.

Values are read as in YAML 1.2 but more narrowly: `true` and `false` are the only truth values; `null`, `~` and nothing
are None; `NO`, `yes`, `12:30`, `1_000` and dates stay text, and so does everything between quotes.
"""

import codecs
import errno
import math
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML, __version__
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.scanner import Scanner

from singlestep.regime import kept
from singlestep.regime.complaints import MOST_COMPLAINTS, Complaint, Refused, complain, describe, nearest, show
from singlestep.words import errors as words
from singlestep.words.errors import Sentence

MOST_BYTES = 256 * 1024
MOST_LEVELS = 24
MOST_VALUES = 40_000
MOST_DIGITS = 18
MOST_FLOAT_SIGNS = 40
MOST_NEIGHBOURS = 1_000
_READER = Path(__file__).read_text("utf-8") + __version__  # whatever reads otherwise reads anew

_Path = tuple[str | int, ...]
_Scalar = str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_THOUSANDS = re.compile(r"[0-9]{3}")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, _Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
# What readers cannot see: control characters, line breaks that editors do not show as such, a byte order mark inside the
# text, spaces and joins of no width, marks that turn the direction of writing, and tags. The two joiners of letters,
# U+200C and U+200D, are allowed, since some scripts cannot be written without them.
HIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True)
class Document:
    """One file as plain data, and the 1-based line of each key path (for a list item, the line of the item)."""

    file: str
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int]


def read_yaml(path: Path) -> Document:
    """Read one YAML file; raises `Refused`, and nothing else, if there is no such file or it cannot stand."""
    file = path.name or str(path)
    raw = _read_bytes(path, file)
    return _read(_decoded(raw, file), file)


def read_yaml_text(text: str, file: str) -> Document:
    """Read YAML from a string, naming it `file` in complaints; raises `Refused`, and nothing else."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise _too_large(text.encode("utf-8", "surrogatepass"), file)
    return _read(text.removeprefix("\ufeff"), file)


# The bytes -----------------------------------------------------------------------------------------------------------
def _read_bytes(path: Path, file: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Refused([complain(words.A_FOLDER, file, 0)])
        if not stat.S_ISREG(mode):
            raise Refused([complain(words.NOT_A_PLAIN_FILE, file, 0)])
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused([_file_complaint(error, path, file)]) from None
    except ValueError:  # a NUL or a lone surrogate in the name
        raise Refused([complain(words.BAD_FILE_NAME, file, 0)]) from None


def _file_complaint(error: OSError, path: Path, file: str) -> Complaint:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return complain(words.NO_SUCH_FILE, file, 0, nearest=nearest(path.name, _neighbours(path)))
    known = {
        errno.EACCES: words.NO_PERMISSION,
        errno.EPERM: words.NO_PERMISSION,
        errno.ELOOP: words.LINK_LOOP,
        errno.ENAMETOOLONG: words.BAD_FILE_NAME,
        errno.EISDIR: words.A_FOLDER,
    }
    sentence = known.get(error.errno or 0, words.UNREADABLE)
    return complain(sentence, file, 0, reason=show(error.strerror or type(error).__name__))


def _neighbours(path: Path) -> list[str]:
    try:
        with os.scandir(path.parent) as entries:
            return sorted(entry.name for entry, _ in zip(entries, range(MOST_NEIGHBOURS), strict=False))
    except (OSError, ValueError):
        return []


def _too_large(raw: bytes, file: str) -> Refused:
    return Refused([complain(words.TOO_LARGE, file, _line_at(raw, MOST_BYTES), limit=MOST_BYTES)])


def _line_at(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1


def _decoded(raw: bytes, file: str) -> str:
    if len(raw) > MOST_BYTES:
        raise _too_large(raw, file)
    for mark, encoding in _ENCODINGS:
        if raw.startswith(mark):
            raise Refused([complain(words.OTHER_ENCODING, file, 1, encoding=encoding)])
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = _line_at(raw, error.start)
        raise Refused([complain(words.NOT_UTF8, file, line, byte=raw[error.start])]) from None


# The events ----------------------------------------------------------------------------------------------------------
class _ForbiddenError(Exception):
    """Something that ends the reading at once."""

    def __init__(self, sentence: Sentence, line: int, **details: object) -> None:
        super().__init__(sentence, line)
        self.sentence = sentence
        self.line = line
        self.details = details


class _StrictScanner(Scanner):
    """ruamel's scanner, which stops at what is refused before it has looked any further, and asks itself less often."""

    def reset_scanner(self) -> None:
        self._head: Any = None
        super().reset_scanner()

    # The next token stays the next token until it is taken, so it is settled once and not at every question.
    def peek_token(self) -> Any:
        if self._head is None:
            self._head = super().peek_token()
        return self._head

    def check_token(self, *choices: Any) -> bool:
        head = self.peek_token()
        return isinstance(head, choices) if choices else head is not None

    def get_token(self) -> Any:
        token = self.peek_token()
        if token is not None:
            self._head = None
            self.tokens_taken += 1
            del self.tokens[0]
        return token

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: Any) -> None:
        self._check_levels(1)
        super().fetch_flow_collection_start(TokenClass, to_push)

    def add_indent(self, column: int) -> bool:
        deeper = super().add_indent(column)
        self._check_levels(0)
        return deeper

    def fetch_tag(self) -> None:
        raise self._forbidden(words.TAG)

    def fetch_directive(self) -> None:
        raise self._forbidden(words.DIRECTIVE)

    def fetch_key(self) -> None:
        raise self._forbidden(words.COMPLEX_KEY)

    def _check_levels(self, more: int) -> None:
        if self.flow_level + len(self.indents) + more > MOST_LEVELS:
            raise self._forbidden(words.TOO_DEEP, limit=MOST_LEVELS)

    def _forbidden(self, sentence: Sentence, **details: object) -> _ForbiddenError:
        return _ForbiddenError(sentence, self.reader.line + 1, **details)


def _read(text: str, file: str) -> Document:
    found = kept.recall(text, _READER)
    if found is not None:
        return Document(file, found[0], MappingProxyType(found[1]))
    hidden = HIDDEN.search(text)
    if hidden is not None:
        line = len(re.findall("\r\n|\r|\n", text[: hidden.start()])) + 1
        raise Refused([complain(words.HIDDEN_CHARACTER, file, line, code=ord(hidden.group()))])
    builder = _Builder(file)
    try:
        _walk(text, builder)
    except _ForbiddenError as stop:
        builder.complain(stop.sentence, stop.line, **stop.details)
    if builder.complaints:
        raise Refused(builder.complaints)
    kept.keep(text, _READER, builder.root, builder.lines)
    return Document(file, builder.root, MappingProxyType(builder.lines))


def _walk(text: str, builder: "_Builder") -> None:
    parser = YAML(typ="safe", pure=True)
    parser.Scanner = _StrictScanner
    line = 1
    try:
        for event in parser.parse(text):
            line = event.start_mark.line + 1
            builder.take(event, line)
            if len(builder.complaints) >= MOST_COMPLAINTS:
                return
    except _ForbiddenError:
        raise
    except MarkedYAMLError as error:
        raise _grammar(error, line) from None
    except Exception:  # ruamel answers some broken files with ValueError, IndexError and the like
        raise _ForbiddenError(words.GRAMMAR, line) from None
    if builder.documents == 0 or not builder.seen_root:
        raise _ForbiddenError(words.EMPTY, 1)


@dataclass
class _Frame:
    """A list or mapping that is still open."""

    path: _Path
    items: list[Any] | dict[str, Any]
    key: str | None = None


@dataclass
class _Builder:
    """Plain data built from events, with what cannot stand in it."""

    file: str
    complaints: list[Complaint] = field(default_factory=list)
    root: dict[str, Any] = field(default_factory=dict)
    lines: dict[_Path, int] = field(default_factory=dict)
    frames: list[_Frame] = field(default_factory=list)
    documents: int = 0
    values: int = 0
    seen_root: bool = False

    def complain(self, sentence: Sentence, line: int, **details: Any) -> None:
        self.complaints.append(complain(sentence, self.file, line, **details))

    def take(self, event: Event, line: int) -> None:
        if isinstance(event, NodeEvent):
            self._take_node(event, line)
        elif isinstance(event, CollectionEndEvent):
            self.frames.pop()
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _ForbiddenError(words.SECOND_DOCUMENT, line)

    def _take_node(self, event: NodeEvent, line: int) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            raise _ForbiddenError(words.TOO_MANY_VALUES, line, limit=MOST_VALUES)
        if isinstance(event, AliasEvent):
            self._take_alias(str(event.anchor), line)
            return
        if event.anchor is not None:
            self.complain(words.ANCHOR, line, name=show(event.anchor))
        if isinstance(event, CollectionStartEvent):
            self._open([] if isinstance(event, SequenceStartEvent) else {}, line)
        elif isinstance(event, ScalarEvent):
            self._take_scalar(str(event.value), event.style is None, line)

    def _take_alias(self, name: str, line: int) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.key != "<<":  # the merge itself has been refused already
            self.complain(words.ALIAS, line, name=show(name))
        if frame is not None and self._wants_key(frame):
            frame.key = "*" + name
        else:
            self._put(None, line)

    def _open(self, items: list[Any] | dict[str, Any], line: int) -> None:
        if len(self.frames) >= MOST_LEVELS:
            raise _ForbiddenError(words.TOO_DEEP, line, limit=MOST_LEVELS)
        if self.frames and self._wants_key(self.frames[-1]):
            raise _ForbiddenError(words.COMPLEX_KEY, line)
        path = self._put(items, line)
        self.frames.append(_Frame(path, items))

    def _take_scalar(self, text: str, plain: bool, line: int) -> None:
        if self.frames and self._wants_key(self.frames[-1]):
            self._take_key(self.frames[-1], text, plain, line)
            return
        value: _Scalar = text
        try:
            value = _scalar(text, plain, line)
        except _ForbiddenError as stop:
            self.complain(stop.sentence, stop.line, **stop.details)
        self._put(value, line)

    def _take_key(self, frame: _Frame, key: str, plain: bool, line: int) -> None:
        path = (*frame.path, key)
        try:
            _check_key(key, plain, line)
            if key in frame.items:
                raise _ForbiddenError(words.DUPLICATE_KEY, line, key=show(key), first=self.lines[path])
        except _ForbiddenError as stop:
            last = next(reversed(frame.items.values()), None) if isinstance(frame.items, dict) else None
            if stop.sentence is words.KEY_NOT_TEXT and _THOUSANDS.fullmatch(key) and type(last) is int:
                stop = _ForbiddenError(words.COMMA_IN_NUMBER, line, number=last, key=key)
            self.complain(stop.sentence, stop.line, **stop.details)
        self.lines.setdefault(path, line)
        frame.key = key

    def _put(self, value: Any, line: int) -> _Path:
        """Put a value where it belongs and return its path."""
        if not self.frames:
            return self._put_root(value, line)
        frame = self.frames[-1]
        if isinstance(frame.items, list):
            path: _Path = (*frame.path, len(frame.items))
            self.lines[path] = line
            frame.items.append(value)
            return path
        key = frame.key or ""
        frame.items[key] = value
        frame.key = None
        return (*frame.path, key)

    def _put_root(self, value: Any, line: int) -> _Path:
        if value is None:
            raise _ForbiddenError(words.EMPTY, 1)
        if not isinstance(value, dict):
            raise _ForbiddenError(words.TOP_NOT_A_MAPPING, line, what=_at_top(value))
        self.seen_root = True
        self.root = value
        self.lines[()] = line
        return ()

    @staticmethod
    def _wants_key(frame: _Frame) -> bool:
        return isinstance(frame.items, dict) and frame.key is None


def _at_top(value: Any) -> str:
    return words.KINDS["list"] if isinstance(value, list) else describe(value)


# The scalars ---------------------------------------------------------------------------------------------------------
def _check_key(key: str, plain: bool, line: int) -> None:
    if plain and key == "<<":
        raise _ForbiddenError(words.MERGE_KEY, line)
    if key == "":
        raise _ForbiddenError(words.KEY_EMPTY, line)
    value = _scalar(key, plain, line)
    if not isinstance(value, str):
        raise _ForbiddenError(words.KEY_NOT_TEXT, line, what=describe(value), key=show(key))


def _scalar(text: str, plain: bool, line: int) -> _Scalar:
    if not plain:
        hidden = HIDDEN.search(text)
        if hidden is not None:
            raise _ForbiddenError(words.ESCAPED_CHARACTER, line, code=ord(hidden.group()))
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise _ForbiddenError(words.NOT_FINITE, line, value=show(text))
    if _FLOAT.fullmatch(text):
        return _number(text, line)
    return text


def _number(text: str, line: int) -> int | float:
    whole = _INTEGER.fullmatch(text) is not None
    if len(text.lstrip("+-")) > (MOST_DIGITS if whole else MOST_FLOAT_SIGNS):
        limit = MOST_DIGITS if whole else MOST_FLOAT_SIGNS
        raise _ForbiddenError(words.TOO_MANY_DIGITS, line, value=show(text), limit=limit)
    number = int(text) if whole else float(text)
    if not math.isfinite(number):
        raise _ForbiddenError(words.NOT_FINITE, line, value=show(text))
    return number


# The grammar ---------------------------------------------------------------------------------------------------------
_GRAMMAR: tuple[tuple[str, Sentence, bool], ...] = (
    # a piece of what ruamel says, our sentence, and whether the fault lies where the broken thing began
    ("mapping values are not allowed", words.SECOND_COLON, False),
    ("could not find expected ':'", words.NO_COLON, True),
    ("expected ',' or", words.UNCLOSED_BRACKET, True),
    ("unexpected end of stream", words.UNCLOSED_QUOTE, True),
    ("unexpected document separator", words.UNCLOSED_QUOTE, True),
    ("escape", words.BAD_ESCAPE, False),
    ("expected <block end>", words.BAD_INDENT, False),
    ("unexpected ':'", words.SECOND_COLON, False),
    ("block scalar", words.BAD_BLOCK_TEXT, False),
)
_ODD_START = re.compile(r"found character '(.+)' that cannot start")


def _grammar(error: MarkedYAMLError, line: int) -> _ForbiddenError:
    said = f"{error.problem} {error.context}"
    where = _mark_line(error.problem_mark) or _mark_line(error.context_mark) or line
    odd = _ODD_START.search(said)
    if odd is not None and odd.group(1) == "\\t":
        return _ForbiddenError(words.TAB, where)
    if odd is not None:
        return _ForbiddenError(words.ODD_START, where, character=show(odd.group(1)))
    if "scanning an alias" in said or "scanning an anchor" in said:
        return _ForbiddenError(words.ODD_START, where, character="*" if "alias" in said else "&")
    if "mapping values are not allowed" in said and _is_first_colon(error.problem_mark):
        return _ForbiddenError(words.DEEPER_THAN_A_TEXT, where)
    for piece, sentence, at_start in _GRAMMAR:
        if piece in said:
            return _ForbiddenError(sentence, (_mark_line(error.context_mark) or where) if at_start else where)
    return _ForbiddenError(words.GRAMMAR, where)


def _is_first_colon(mark: Any) -> bool:
    """Whether what stands before the mark in its line has no key yet."""
    buffer, at = getattr(mark, "buffer", None), getattr(mark, "pointer", 0)
    before = "" if buffer is None else re.split("[\r\n]", buffer[:at])[-1]
    return before.strip() != "" and ": " not in before and not before.lstrip().startswith(("-", "{", "[", "?"))


def _mark_line(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1
