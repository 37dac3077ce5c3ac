"""Errors for people: file and line, what was found, why it cannot stand, the nearest right spelling, what to write.

The sentences themselves are in `singlestep.words.errors`.
"""

import difflib
import enum
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, Tag, ValidationError
from pydantic.fields import FieldInfo

from singlestep.regime import respelling
from singlestep.words import errors as words
from singlestep.words.errors import Sentence

if TYPE_CHECKING:
    from singlestep.regime.reading import Document

STRIDE = 1 << 32  # of data put together from several files, lines of file number n are kept as n x STRIDE + line
MOST_COMPLAINTS = 20
MOST_SHOWN = 60
MOST_CHOICES_SHOWN = 12
MOST_WHY = 500
MOST_ERRORS = 5_000  # of pydantic, looked at in search of the first complaints: for time
LONGEST_COMPARED = 80

_Path = tuple[str | int, ...]


# Complaints ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Complaint:
    """One thing that cannot stand. Line 0 means the file as a whole."""

    file: str
    line: int
    found: str
    why: str
    nearest: str | None
    write: str

    def __str__(self) -> str:
        place = (words.PLACE if self.line else words.PLACE_WHOLE_FILE).format(file=show(self.file), line=self.line)
        text = words.LAYOUT.format(place=place, found=_printable(self.found), why=_printable(self.why.rstrip(".")))
        if self.nearest is not None:
            text += words.LAYOUT_NEAREST.format(nearest=show(self.nearest))
        write = "\n    ".join(map(_printable, self.write.split("\n")))
        return text + words.LAYOUT_WRITE.format(write=write)


class Refused(Exception):
    """A file that cannot stand, with what was found in it: at least one complaint, at most 20, by file and line."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        """Keep the first 20 of the complaints, each once; raises ValueError when there is none."""
        ordered = sorted(dict.fromkeys(complaints), key=lambda complaint: (complaint.file, complaint.line))
        if not ordered:
            raise ValueError("Refused needs at least one complaint")
        self.complaints: tuple[Complaint, ...] = tuple(ordered[:MOST_COMPLAINTS])
        super().__init__(self.complaints)

    def __str__(self) -> str:
        return "\n".join(map(str, self.complaints))


class Objection(ValueError):
    """What a validator of a schema raises to say more than a plain ValueError can.

    `at` is the path, from the place the validator stands at, of the key or item that is to blame; the other arguments
    are the parts of the complaint. What is left out is filled in from the file.
    """

    def __init__(
        self,
        why: str,
        *,
        found: str | None = None,
        nearest: str | None = None,
        write: str | None = None,
        at: Sequence[str | int] = (),
    ) -> None:
        super().__init__(why)
        self.why = why
        self.found = found
        self.nearest = nearest
        self.write = write
        self.at = tuple(at)


def complain(sentence: Sentence, file: str, line: int, *, nearest: str | None = None, **details: object) -> Complaint:
    """Fill a sentence in; raises KeyError if a detail that the sentence names is missing.

    Details go into the text as they are: pass what comes out of a file through `show` first.
    """
    parts = (part.format(**details) for part in sentence)
    found, why, write = parts
    return Complaint(file, line, found, why, nearest, write)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was most likely meant to be, or None if none is near; case does not matter."""
    folded = {choice.casefold(): choice for choice in reversed(list(choices)) if len(choice) <= LONGEST_COMPARED}
    if len(word) > LONGEST_COMPARED:
        return None
    found = difflib.get_close_matches(word.casefold().strip(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


# Values in words -----------------------------------------------------------------------------------------------------
def show(value: object) -> str:
    """A value on one line: what cannot be printed is escaped, and what is longer than 60 signs is shortened."""
    text = value if isinstance(value, str) else _as_written(value)
    escaped = _printable(text[: MOST_SHOWN + 1])
    return escaped if len(escaped) <= MOST_SHOWN else escaped[: MOST_SHOWN - 3] + "..."


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def describe(value: object) -> str:
    """A value from a file in words, such as "the text `abc`"; safe to show."""
    if value is None:
        return words.FOUND_NOTHING
    if isinstance(value, bool):
        return words.FOUND_TRUTH.format(value=_as_written(value))
    if isinstance(value, int | float):
        return words.FOUND_NUMBER.format(value=show(value))
    if isinstance(value, str):
        return words.FOUND_TEXT.format(value=show(value)) if value else words.FOUND_EMPTY_TEXT
    if isinstance(value, Mapping):
        first = next(iter(value), None)
        return words.FOUND_EMPTY_MAPPING if first is None else words.FOUND_MAPPING.format(key=show(str(first)))
    if isinstance(value, list | tuple):
        return words.FOUND_LIST.format(count=len(value)) if value else words.FOUND_EMPTY_LIST
    return words.FOUND_OTHER


def _as_written(value: object) -> str:
    """A scalar as one would write it in YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 1000:
        return hex(value)
    return str(value)


def _joined(choices: Sequence[str]) -> str:
    shown = [f"`{show(choice)}`" for choice in choices[:MOST_CHOICES_SHOWN]]
    if len(choices) > MOST_CHOICES_SHOWN:
        return words.AMONG_MORE.format(some=", ".join(shown), count=len(choices) - MOST_CHOICES_SHOWN)
    return ", ".join(shown)


def _one_of(choices: Sequence[Any]) -> str:
    shown = _joined([_as_written(choice) for choice in choices])
    return words.ONE_OF.format(choices=shown) if len(choices) > 1 else shown or words.A_RIGHT_VALUE


def _any_of(phrases: Iterable[str]) -> str:
    unique = list(dict.fromkeys(phrases))
    if len(unique) < 2:
        return unique[0] if unique else words.A_RIGHT_VALUE
    return words.OR.format(first=", ".join(unique[:-1]), last=unique[-1])


# From pydantic -------------------------------------------------------------------------------------------------------
def from_validation(error: ValidationError, document: "Document", model: type[BaseModel]) -> Refused:
    """Translate what pydantic found when `model` was validated with `document.data`; returns and does not raise.

    One mistake gives one complaint: of a union, the branch that best fits what was written is reported, and a key that
    is missing because it was misspelt is not reported twice.
    """
    mistakes = [_located(dict(item), document, model) for item in error.errors(include_url=False)[:MOST_ERRORS]]
    settled = sorted(_settled(mistakes, 0), key=lambda mistake: _line(document, mistake.path))
    settled = settled[: 3 * MOST_COMPLAINTS]  # some are echoes of others
    complaints = [_translated(mistake, document) for mistake in settled]
    return Refused(
        complaint
        for mistake, complaint in zip(settled, complaints, strict=True)
        if not _is_echo(mistake, settled, complaints)
    )


@dataclass(frozen=True)
class _Branch:
    """A step of the way into one branch of a union: where the union stands, and which branch."""

    path: _Path
    label: str
    annotation: Any


@dataclass(frozen=True)
class _Mistake:
    """One error of pydantic with its place in the document and in the model."""

    kind: str
    path: _Path
    value: Any
    context: Mapping[str, Any]
    annotation: Any = None
    metadata: tuple[Any, ...] = ()
    owner: type[BaseModel] | None = None
    is_key: bool = False
    branches: tuple[_Branch, ...] = ()
    expected: str | None = None
    choices: tuple[Any, ...] = dataclass_field(default=())


# Where it is: the error's `loc` walked through model and document at once ---------------------------------------------
_LISTS = (list, tuple, set, frozenset, Sequence, typing.Iterable)
_UNIONS = (Union, types.UnionType)


def _located(error: dict[str, Any], document: "Document", model: type[BaseModel]) -> _Mistake:
    annotation: Any = model
    metadata: tuple[Any, ...] = ()
    owner: type[BaseModel] | None = None
    path: _Path = ()
    branches: list[_Branch] = []
    is_key = False
    for item in error["loc"]:
        annotation, more = _bare(annotation)
        metadata += more
        kinds = _branch_kinds(annotation)
        if item == "[key]":
            is_key = True
        elif kinds and isinstance(item, str):
            annotation = _branch_named(kinds, item)
            branches.append(_Branch(path, item, annotation))
        elif annotation is None and not _holds(_at(document.data, path), item) and error["type"] != "missing":
            continue  # the name of a validator or a branch, not a place in the file
        else:
            owner = annotation if _is_model(annotation) else None
            annotation, metadata = _inside(annotation, item)
            path = (*path, item)
    annotation, more = _bare(annotation)
    while path and not isinstance(_at(document.data, path[:-1]), dict | list):
        path = path[:-1]  # a validator has put the value deeper than the writer did
    value = path[-1] if is_key else _at(document.data, path, error.get("input"))
    return _Mistake(
        kind=error["type"],
        path=path,
        value=value,
        context=error.get("ctx", {}),
        annotation=annotation,
        metadata=metadata + more,
        owner=owner,
        is_key=is_key,
        branches=tuple(branches),
    )


def _bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """The annotation without Annotated, Optional, aliases, new types and root models, and the metadata found there."""
    metadata: tuple[Any, ...] = ()
    for _ in range(20):
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            metadata += tuple(more)
        elif origin in _UNIONS and len(_without_none(annotation)) == 1:
            annotation = _without_none(annotation)[0]
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif _is_model(annotation) and issubclass(annotation, RootModel):
            annotation = annotation.model_fields["root"].annotation
        else:
            break
    return annotation, metadata


def _without_none(union: Any) -> tuple[Any, ...]:
    return tuple(kind for kind in get_args(union) if kind is not type(None))


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _branch_kinds(annotation: Any) -> tuple[Any, ...]:
    return _without_none(annotation) if get_origin(annotation) in _UNIONS else ()


def _branch_named(kinds: tuple[Any, ...], label: str) -> Any:
    """The branch of a union that pydantic calls `label`: a tag, a class name, a discriminator's value or a type."""
    tests: tuple[Callable[[Any], bool], ...] = (
        lambda kind: any(isinstance(note, Tag) and note.tag == label for note in _bare(kind)[1]),
        lambda kind: _name(kind) == label,
        lambda kind: label in _literal_words(_bare(kind)[0]),
        lambda kind: _name(kind) != "" and re.search(rf"\b{re.escape(_name(kind))}\b", label) is not None,
        lambda kind: get_origin(_bare(kind)[0]) is Literal and "literal" in label,
    )
    for test in tests:
        for kind in kinds:
            if test(kind):
                return kind
    return None


def _name(kind: Any) -> str:
    bare, _ = _bare(kind)
    return str(getattr(get_origin(bare) or bare, "__name__", ""))


def _literal_words(annotation: Any) -> set[str]:
    """The values of all literal fields of a model: one of them is its discriminator."""
    if not _is_model(annotation):
        return set()
    kinds = (_bare(field.annotation)[0] for field in annotation.model_fields.values())
    return {str(choice) for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind)}


def _inside(annotation: Any, item: str | int) -> tuple[Any, tuple[Any, ...]]:
    """The annotation of a field, an item or a dict's value, with its metadata; None where it is not known."""
    if _is_model(annotation):
        field = _field(annotation, item)
        return (None, ()) if field is None else (field.annotation, tuple(field.metadata))
    origin, arguments = get_origin(annotation), get_args(annotation)
    if not isinstance(origin, type) or not arguments:
        return None, ()
    if issubclass(origin, Mapping):
        return arguments[-1], ()
    if isinstance(item, int) and issubclass(origin, _LISTS):
        fixed = origin is tuple and Ellipsis not in arguments
        return (arguments[item] if fixed and item < len(arguments) else arguments[0]), ()
    return None, ()


def _field(model: type[BaseModel], item: str | int) -> FieldInfo | None:
    for name, field in model.model_fields.items():
        if item in (field.alias, field.validation_alias, name):
            return field
    return None


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _holds(value: Any, item: str | int) -> bool:
    if isinstance(value, dict):
        return item in value
    return isinstance(value, list) and isinstance(item, int) and 0 <= item < len(value)


def _at(value: Any, path: _Path, otherwise: Any = None) -> Any:
    for item in path:
        if not _holds(value, item):
            return otherwise
        value = value[item]
    return value


def _line(document: "Document", path: _Path) -> int:
    """The line of the path, or of the nearest place around it that has one."""
    for length in range(len(path), -1, -1):
        line = document.lines.get(path[:length])
        if line is not None:
            return line
    return 1


# Unions: one branch for each -----------------------------------------------------------------------------------------
_KIND_FAULTS = ("_type", "_parsing", "_from_float", "_required", "_instance_of", "_subclass_of", "_inexact")
_CHOICE_FAULTS = ("literal_error", "enum")


def _settled(mistakes: list[_Mistake], level: int) -> list[_Mistake]:
    """The mistakes without those of union branches that the writer did not mean."""
    result = [mistake for mistake in mistakes if len(mistake.branches) <= level]
    unions: dict[tuple[_Path, tuple[str, ...]], dict[str, list[_Mistake]]] = {}
    for mistake in mistakes:
        if len(mistake.branches) > level:
            way = tuple(branch.label for branch in mistake.branches[:level])
            labels = unions.setdefault((mistake.branches[level].path, way), {})
            labels.setdefault(mistake.branches[level].label, []).append(mistake)
    for (path, _), labels in unions.items():
        result += _settled(_best_branch(path, list(labels.values())), level + 1)
    return result


def _best_branch(path: _Path, groups: list[list[_Mistake]]) -> list[_Mistake]:
    if len(groups) == 1:
        return groups[0]
    best = min(groups, key=lambda group: _distance(group, path))
    if _distance(best, path)[0]:
        return [_of_no_branch(path, groups)]
    fitting = [group for group in groups if not _distance(group, path)[0]]
    merged = [_with_all_choices(mistake, fitting) for mistake in best]
    own = [mistake for mistake in merged if mistake.path == path and mistake.kind in _CHOICE_FAULTS]
    if own and _near_choice(own[0]) is None:
        return [_of_no_branch(path, groups)]
    # No branch takes what stands in the key that tells them apart: what else is wrong depends on that.
    telling = [mistake for mistake in merged if len(mistake.path) == len(path) + 1 and len(mistake.choices) > 1]
    return telling or merged


def _with_all_choices(mistake: _Mistake, groups: list[list[_Mistake]]) -> _Mistake:
    """The mistake with the choices of all branches, if each branch objects to the value at this place."""
    if mistake.kind not in _CHOICE_FAULTS:
        return mistake
    path = mistake.path
    same = [[other for other in group if other.path == path and other.kind in _CHOICE_FAULTS] for group in groups]
    if not all(same) and len(path) > len(mistake.branches[0].path):
        return mistake
    return _changed(mistake, choices=_all_choices(other for group in same for other in group))


def _all_choices(mistakes: Iterable[_Mistake]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(choice for mistake in mistakes for choice in _choices(mistake)))


def _distance(group: list[_Mistake], path: _Path) -> tuple[bool, int, int]:
    """How far a branch is from what was written: another kind of value, other literals inside, other mistakes."""
    inside = sum(mistake.kind in _CHOICE_FAULTS and len(mistake.path) == len(path) + 1 for mistake in group)
    return any(_is_kind_fault(mistake) for mistake in group if mistake.path == path), inside, len(group)


def _is_kind_fault(mistake: _Mistake) -> bool:
    if mistake.kind in _CHOICE_FAULTS:
        return not any(type(choice) is type(mistake.value) for choice in _choices(mistake))
    return mistake.kind.endswith(_KIND_FAULTS)


def _of_no_branch(path: _Path, groups: list[list[_Mistake]]) -> _Mistake:
    own = [mistake for group in groups for mistake in group if mistake.path == path]
    choices = _all_choices(mistake for mistake in own if mistake.kind in _CHOICE_FAULTS)
    return _changed(own[0], kind="union", expected=_any_of(map(_expected_by, own)), choices=choices, branches=())


def _changed(mistake: _Mistake, **changes: Any) -> _Mistake:
    return _Mistake(**{**mistake.__dict__, **changes})


def _is_echo(mistake: _Mistake, mistakes: list[_Mistake], complaints: list[Complaint]) -> bool:
    """Whether a key is missing only because it was misspelt, which has been said already."""
    return mistake.kind == "missing" and any(
        other.kind == "extra_forbidden" and (*other.path[:-1], complaint.nearest) == mistake.path
        for other, complaint in zip(mistakes, complaints, strict=True)
    )


# What is expected ----------------------------------------------------------------------------------------------------
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|([^\s,']+)")


def _choices(mistake: _Mistake) -> tuple[Any, ...]:
    """The values that may stand there, from the model, or else from what the error says."""
    if mistake.choices:
        return mistake.choices
    annotation = mistake.annotation
    if get_origin(annotation) is Literal:
        return tuple(choice.value if isinstance(choice, enum.Enum) else choice for choice in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return tuple(member.value for member in annotation)
    said = str(mistake.context.get("expected_tags") or mistake.context.get("expected") or "")
    return tuple(quoted or bare for quoted, bare in _QUOTED.findall(said) if quoted or bare != "or")


def _expected_by(mistake: _Mistake) -> str:
    """What should stand in the place of the mistake, by the error itself."""
    if mistake.expected is not None:
        return mistake.expected
    if mistake.kind in _CHOICE_FAULTS:
        return _one_of(_choices(mistake))
    if mistake.kind == "model_type":
        return _expected(mistake.annotation) if _is_model(mistake.annotation) else words.KINDS["model"]
    named = [kind for kind in words.KINDS if mistake.kind == kind or mistake.kind.startswith(kind + "_")]
    return words.KINDS[max(named, key=len)] if named else _expected(mistake.annotation)


def _value_alone(kind: Any) -> Any:
    """A model with a field `value`, such as a quantity, may be written as that value alone: the kind of the value."""
    return kind.model_fields["value"].annotation if _is_model(kind) and "value" in kind.model_fields else None


def _expected(annotation: Any, depth: int = 0) -> str:
    """What should stand where the model says `annotation`."""
    annotation, _ = _bare(annotation)
    kinds = _branch_kinds(annotation)
    if kinds and depth < 3:
        return _any_of(_expected(kind, depth + 1) for kind in kinds)
    if get_origin(annotation) is Literal or (isinstance(annotation, type) and issubclass(annotation, enum.Enum)):
        return _one_of(_choices(_Mistake("literal_error", (), None, {}, annotation)))
    kind = get_origin(annotation) or annotation
    if not isinstance(kind, type):
        return words.A_RIGHT_VALUE
    if issubclass(kind, BaseModel | Mapping):
        alone = _value_alone(kind)
        return words.KINDS["mapping"] if alone is None else _any_of([_expected(alone, 3), words.KINDS["mapping"]])
    if not issubclass(kind, str | bytes) and issubclass(kind, _LISTS):
        return words.KINDS["list"]
    return words.KINDS.get(kind.__name__.lower(), words.A_RIGHT_VALUE)


def _owner(model: type[BaseModel] | None) -> str:
    """The model in words: its title, or its class name, as in "a rule"."""
    title = model.model_config.get("title") if model is not None else None
    own = model.__name__.strip("_") if model is not None else words.ENTRY
    name = title or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", own).lower()
    article = words.ARTICLES[1] if name[:1].lower() in "aeiou" else words.ARTICLES[0]
    return words.OWNER.format(article=article, name=name)


# What it says --------------------------------------------------------------------------------------------------------
def _translated(mistake: _Mistake, document: "Document") -> Complaint:
    special = _TRANSLATORS.get(mistake.kind)
    if special is not None:
        return special(mistake, document)
    if mistake.kind == "union" or mistake.kind.endswith(_KIND_FAULTS):
        return _wrong_kind(mistake, document)
    return _unfit(mistake, document)


def _complaint(
    sentence: Sentence, mistake: _Mistake, document: "Document", *, nearest: str | None = None, **details: object
) -> Complaint:
    """A complaint about the value at the mistake's place; `found` and `write` are filled in unless they are given."""
    details.setdefault("found", _found(mistake))
    if "write" not in details:
        expected = str(details.get("expected", words.A_RIGHT_VALUE))
        details["write"] = _write(mistake.path, expected) if nearest is None else _write_value(mistake.path, nearest)
    return complain(sentence, document.file, _line(document, mistake.path), nearest=nearest, **details)


def _found(mistake: _Mistake) -> str:
    path = mistake.path
    if mistake.is_key:
        return words.AS_KEY.format(key=show(str(mistake.value)))
    if not path:
        return words.WHOLE_FILE
    what = describe(mistake.value)
    if isinstance(path[-1], str):
        return words.FOR_KEY.format(what=what, key=show(path[-1]))
    key = next((item for item in reversed(path) if isinstance(item, str)), None)
    if key is None:
        return words.FOR_ITEM_OF_ALL.format(what=what, number=path[-1] + 1)
    return words.FOR_ITEM.format(what=what, number=path[-1] + 1, key=show(key))


def _write(path: _Path, expected: str) -> str:
    if not path:
        return words.WRITE_KIND_WHOLE.format(expected=expected)
    if isinstance(path[-1], int):
        return words.WRITE_KIND_ITEM.format(expected=expected)
    return words.WRITE_KIND.format(key=show(path[-1]), expected=expected)


def _write_value(path: _Path, value: str) -> str:
    if path and isinstance(path[-1], str):
        return words.WRITE_PAIR.format(key=show(path[-1]), value=show(value))
    return words.WRITE_ITEM.format(value=show(value))


def _unknown_key(mistake: _Mistake, document: "Document") -> Complaint:
    key = str(mistake.path[-1]) if mistake.path else ""
    present = _at(document.data, mistake.path[:-1]) or {}
    here = _line(document, mistake.path) // STRIDE  # what another file has written may be written here once more
    written = {name for name in present if _line(document, (*mistake.path[:-1], name)) // STRIDE == here}
    free = [name for name in _keys(mistake.owner) if name not in written] if mistake.owner else []
    near = nearest(key, free)
    if near is None:
        write = words.WRITE_KEYS.format(choices=_joined(free)) if free else words.WRITE_NOTHING
    elif isinstance(mistake.value, dict | list):
        write = words.WRITE_RENAMED.format(key=near)
    else:
        write = words.WRITE_PAIR.format(key=near, value=show(mistake.value))
    owner = _owner(mistake.owner)
    return _complaint(words.UNKNOWN_KEY, mistake, document, nearest=near, key=show(key), owner=owner, write=write)


def _missing_key(mistake: _Mistake, document: "Document") -> Complaint:
    key = show(str(mistake.path[-1])) if mistake.path else ""
    expected = _expected(mistake.annotation)
    return _complaint(words.MISSING_KEY, mistake, document, key=key, owner=_owner(mistake.owner), expected=expected)


def _wrong_kind(mistake: _Mistake, document: "Document") -> Complaint:
    if _is_duration(mistake):
        near = respelling.duration(mistake.value)
        return _complaint(words.WRONG_KIND, mistake, document, nearest=near, expected=words.KINDS["duration"])
    expected = _expected_by(mistake)
    near = _near_choice(mistake) if mistake.choices else None
    near = near or _respelt(mistake.value, expected)
    return _complaint(words.WRONG_KIND, mistake, document, nearest=near, expected=expected)


def _is_duration(mistake: _Mistake) -> bool:
    """Whether a duration must stand there, which is a text to pydantic."""
    from singlestep.quantities import Duration  # which imports this module

    return get_args(Duration)[-1] in mistake.metadata


_TRUE = ("true", "yes", "on", "y", "t", "1")
_FALSE = ("false", "no", "off", "n", "f", "0")


def _respelt(value: Any, expected: str) -> str | None:
    """The same value as the kind that is expected, where that is plain."""
    if isinstance(value, dict | list | None):
        return None
    text = _as_written(value)
    if words.KINDS["bool"] in expected and text.lower() in _TRUE + _FALSE:
        return "true" if text.lower() in _TRUE else "false"
    number = respelling.number(text, of_hundred=words.KINDS["float"] in expected)
    if number is not None and words.KINDS["int"] in expected and float(number).is_integer():
        return str(int(float(number)))
    if number is not None and words.KINDS["float"] in expected and isinstance(value, str):
        return number
    if isinstance(value, str) and words.KINDS["list"] in expected and respelling.pair(text) is not None:
        return respelling.pair(text)
    if words.KINDS["str"] in expected and not isinstance(value, str):
        return f'"{text}"'
    alone = words.KINDS["int"] not in expected and words.KINDS["float"] not in expected
    return f"[{text}]" if alone and words.KINDS["list"] in expected else None


def _near_choice(mistake: _Mistake) -> str | None:
    return nearest(_as_written(mistake.value), [_as_written(choice) for choice in _choices(mistake)])


def _wrong_choice(mistake: _Mistake, document: "Document") -> Complaint:
    if isinstance(mistake.value, dict | list):
        return _wrong_kind(mistake, document)
    near = _near_choice(mistake)
    write = _write(mistake.path, _one_of(_choices(mistake)))
    if near is not None:
        write = _write_value(mistake.path, near)
    return _complaint(words.NO_SUCH_CHOICE, mistake, document, nearest=near, write=write)


def _wrong_tag(mistake: _Mistake, document: "Document") -> Complaint:
    """The key that says which kind of entry this is has a value that no kind has."""
    key = str(mistake.context.get("discriminator", "")).strip("'")
    if not _holds(mistake.value, key):
        return _unfit(mistake, document)
    inner = _changed(
        mistake, path=(*mistake.path, key), value=mistake.value[key], choices=_choices(mistake), kind="literal_error"
    )
    return _wrong_choice(inner, document)


def _missing_tag(mistake: _Mistake, document: "Document") -> Complaint:
    key = str(mistake.context.get("discriminator", "")).strip("'")
    if not isinstance(mistake.value, dict) or not key.isidentifier():
        return _unfit(mistake, document)
    kinds = [_bare(kind)[0] for kind in _branch_kinds(mistake.annotation)]
    models = [kind for kind in kinds if _is_model(kind)]
    fields = [field for field in (_field(model, key) for model in models) if field is not None]
    choices = tuple(choice for field in fields for choice in get_args(_bare(field.annotation)[0]))
    expected = _one_of(choices) if choices else words.A_RIGHT_VALUE
    unknown = [name for name in mistake.value if not any(_field(model, name) for model in models)]
    wrong = nearest(key, unknown)
    inner = _changed(mistake, path=(*mistake.path, key if wrong is None else wrong))
    owner = _owner(None)
    if wrong is not None:
        write = words.WRITE_PAIR.format(key=show(key), value=show(mistake.value[wrong]))
        return _complaint(words.UNKNOWN_KEY, inner, document, nearest=key, key=show(wrong), owner=owner, write=write)
    return _complaint(words.MISSING_KEY, inner, document, key=show(key), owner=owner, expected=expected)


_BOUNDS = {
    "greater_than": ("gt", words.MORE_THAN),
    "greater_than_equal": ("ge", words.AT_LEAST),
    "less_than": ("lt", words.LESS_THAN),
    "less_than_equal": ("le", words.AT_MOST),
    "multiple_of": ("multiple_of", words.MULTIPLE_OF),
}


def _out_of_range(mistake: _Mistake, document: "Document") -> Complaint:
    name, phrase = _BOUNDS[mistake.kind]
    bound = show(mistake.context.get(name))
    expected = phrase.format(bound=bound)
    if mistake.kind == "less_than_equal" and float(bound) == 1 and 2 <= mistake.value <= 100:
        share = f"{mistake.value / 100:g}"  # written as so many in a hundred
        return _complaint(words.OUT_OF_RANGE, mistake, document, nearest=share, expected=expected)
    near = bound if mistake.kind.endswith("_equal") else None
    write = _write(mistake.path, words.A_VALUE_THAT_IS.format(expected=expected))
    return _complaint(words.OUT_OF_RANGE, mistake, document, nearest=near, expected=expected, write=write)


def _not_finite(mistake: _Mistake, document: "Document") -> Complaint:
    return _complaint(words.WRONG_KIND, mistake, document, expected=words.KINDS["finite_number"])


_LENGTHS = {
    "string_too_short": ("min_length", words.TEXT_AT_LEAST),
    "string_too_long": ("max_length", words.TEXT_AT_MOST),
    "too_short": ("min_length", words.ITEMS_AT_LEAST),
    "too_long": ("max_length", words.ITEMS_AT_MOST),
}


def _wrong_length(mistake: _Mistake, document: "Document") -> Complaint:
    name, phrase = _LENGTHS[mistake.kind]
    expected = phrase.format(bound=show(mistake.context.get(name)))
    return _complaint(words.WRONG_LENGTH, mistake, document, expected=expected)


def _wrong_pattern(mistake: _Mistake, document: "Document") -> Complaint:
    pattern = str(mistake.context.get("pattern", ""))
    near = _fitted(str(mistake.value), pattern)
    expected = words.TEXT_OF_PATTERN.format(pattern=show(pattern))
    if mistake.is_key and near is not None:
        write = words.WRITE_RENAMED.format(key=show(near))
        return _complaint(words.WRONG_PATTERN, mistake, document, nearest=near, pattern=show(pattern), write=write)
    return _complaint(words.WRONG_PATTERN, mistake, document, nearest=near, pattern=show(pattern), expected=expected)


def _fitted(text: str, pattern: str) -> str | None:
    """The text with small changes (spaces, case, signs) such that it fits the pattern, if they suffice."""
    text = text[:LONGEST_COMPARED].strip()
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    for candidate in (text, text.lower(), plain, plain.replace("_", "-"), text.upper()):
        try:
            if candidate and re.search(pattern, candidate):
                return candidate
        except re.error:
            return None
    return None


def _objection(mistake: _Mistake, document: "Document") -> Complaint:
    """What a validator of ours has raised, in its own words."""
    raised = mistake.context.get("error")
    why = str(raised)[:MOST_WHY].strip().rstrip(".") or words.UNFIT.why
    if not isinstance(raised, Objection):
        return _complaint(words.OBJECTION, mistake, document, why=why, write=_write(mistake.path, words.WRITE_MEETS))
    path = (*mistake.path, *raised.at)
    inner = _changed(mistake, path=path, value=_at(document.data, path, mistake.value))
    details: dict[str, object] = {"why": why}
    if raised.found is not None:
        details["found"] = raised.found
    if raised.write is not None:
        details["write"] = raised.write
    elif raised.nearest is None:
        details["write"] = _write(path, words.WRITE_MEETS)
    return _complaint(words.OBJECTION, inner, document, nearest=raised.nearest, **details)


def _unfit(mistake: _Mistake, document: "Document") -> Complaint:
    return _complaint(words.UNFIT, mistake, document, expected=_expected_by(mistake))


_TRANSLATORS: dict[str, Callable[[_Mistake, "Document"], Complaint]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "literal_error": _wrong_choice,
    "enum": _wrong_choice,
    "union_tag_invalid": _wrong_tag,
    "union_tag_not_found": _missing_tag,
    "finite_number": _not_finite,
    "string_pattern_mismatch": _wrong_pattern,
    "value_error": _objection,
    "assertion_error": _objection,
    **dict.fromkeys(_BOUNDS, _out_of_range),
    **dict.fromkeys(_LENGTHS, _wrong_length),
}
