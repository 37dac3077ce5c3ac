"""From a name or a path to a checked society or regime.

The way of a file: read strictly (`reading`), put upon what it extends (`whole`), validated against the schema, joined
by its table of indicators or acts (`indicators`, `act_tables`), and checked for what only shows when the parts are seen
together (`society_sense`, `sense`). Whatever cannot stand is refused with file and line; nothing else is raised.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from singlestep.regime import act_tables, indicators, sense, society_sense
from singlestep.regime.complaints import Refused, complain, describe, nearest, show
from singlestep.regime.reading import Document, read_yaml
from singlestep.regime.schema import Regime
from singlestep.regime.whole import Whole, alone, joined, merged, translated
from singlestep.society.schema import Society
from singlestep.words import errors as words

LIBRARY = Path(__file__).parent.parent / "library"
REGIMES, SOCIETIES = LIBRARY / "regimes", LIBRARY / "societies"
USUAL_SOCIETY = "coast"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Model = TypeVar("Model", Regime, Society)


def shipped() -> dict[str, list[str]]:
    """Names of the regimes and societies that come with singlestep."""
    return {"regimes": _names(REGIMES), "societies": _names(SOCIETIES)}


def load_society(name_or_path: str | Path) -> Society:
    """A society, by the name of a shipped one or by path. Raises `Refused`."""
    return load_whole_society(name_or_path)[0]


def load_whole_society(name_or_path: str | Path) -> tuple[Society, Whole]:
    """The same, with the file and line of every key. Raises `Refused`."""
    whole = _society(name_or_path)
    society, whole = act_tables.joined_to(_validated(whole, Society), whole)
    society_sense.check(society, whole)
    return society, whole


def load_regime(name_or_path: str | Path, society: Society | None = None) -> Regime:
    """A regime, by name or path, checked against the society (`coast` if none is given). Raises `Refused`."""
    return load_whole_regime(name_or_path, society)[0]


def load_whole_regime(name_or_path: str | Path, society: Society | None = None) -> tuple[Regime, Whole]:
    """The same, with the file and line of every key. Raises `Refused`."""
    people = society if society is not None else load_society(USUAL_SOCIETY)
    whole = _regime(name_or_path)
    regime, whole = indicators.joined_to(_validated(whole, Regime), whole)
    sense.check(regime, people, whole)
    return regime, whole


def is_society(name_or_path: str | Path) -> bool:
    """Whether this is a society, by the `format` it writes; what is no name at all is taken for a regime.

    Raises `Refused` if there is no such file or it cannot be read.
    """
    text = str(name_or_path)
    if not isinstance(name_or_path, Path) and NAME.fullmatch(text):
        return text in _names(SOCIETIES) and text not in _names(REGIMES)
    return _language(read_yaml(_path(name_or_path, REGIMES, words.A_REGIME))) == words.A_SOCIETY


def resolved(name_or_path: str | Path) -> dict[str, Any]:
    """The plain data of a regime or society, after `extends` has been followed. Raises `Refused`."""
    return (_society(name_or_path) if is_society(name_or_path) else _regime(name_or_path)).data


# Finding -------------------------------------------------------------------------------------------------------------
def _names(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.yaml"))


def _path(name_or_path: str | Path, folder: Path, kind: str) -> Path:
    """The file that is meant: of the library for a shipped name, else what looks like a path."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or not NAME.fullmatch(text):
        if isinstance(name_or_path, Path) or any(sign in text for sign in "/\\."):
            return Path(name_or_path)
    elif text in _names(folder):
        return folder / f"{text}.yaml"
    near = nearest(text, _names(folder))
    names = joined([near] if near else _names(folder))
    write = words.OR_A_PATH.format(choices=names)
    raise Refused([complain(words.UNKNOWN_SHIPPED, text, 0, nearest=near, kind=kind, write=write)])


def _language(document: Document) -> str | None:
    """Which of the two languages the file says it is written in."""
    written = document.data.get("format")
    named = [kind for kind in (words.A_REGIME, words.A_SOCIETY) if str(written).startswith(f"singlestep-{kind} ")]
    return named[0] if named else None


def _read(path: Path, wanted: str) -> Document:
    document = read_yaml(path)
    found = _language(document)
    if found is not None and found != wanted:
        line = document.lines[("format",)]
        raise Refused([complain(words.OTHER_LANGUAGE, document.file, line, found=found, wanted=wanted)])
    return document


def _society(name_or_path: str | Path) -> Whole:
    path = _path(name_or_path, SOCIETIES, words.A_SOCIETY)
    document = _read(path, words.A_SOCIETY)
    if "extends" in document.data:
        raise Refused([complain(words.NO_EXTENDS, document.file, document.lines[("extends",)])])
    return alone(document, path.parent)


# Extending -----------------------------------------------------------------------------------------------------------
def _regime(name_or_path: str | Path) -> Whole:
    return _extended(_path(name_or_path, REGIMES, words.A_REGIME), ())


def _extended(path: Path, way: tuple[str, ...]) -> Whole:
    document = _read(path, words.A_REGIME)
    if "extends" not in document.data:
        return alone(document, path.parent)
    line = document.lines[("extends",)]
    base = _base(document, line)
    shipped_here = path.parent == REGIMES
    way = (*way, path.stem) if shipped_here else way
    if base in way:
        details = {"name": base, "way": " -> ".join([*way[way.index(base) :], base])}
        raise Refused([complain(words.BASE_CIRCLE, document.file, line, **details)])
    own = {key: value for key, value in document.data.items() if key != "extends"}
    lines = {place: number for place, number in document.lines.items() if place[:1] != ("extends",)}
    return merged(_extended(REGIMES / f"{base}.yaml", way), Document(document.file, own, lines), path.parent)


def _base(document: Document, line: int) -> str:
    """The name after `extends`. Raises `Refused` unless it is the bare name of a shipped regime."""
    base, names = document.data["extends"], _names(REGIMES)
    if not isinstance(base, str) or not NAME.fullmatch(base):
        near = nearest(Path(base).stem, names) if isinstance(base, str) else None
        write = f"`extends: {near}`" if near else words.ONE_OF_NAMES.format(choices=joined(names))
        details = {"found": describe(base), "write": write}
        raise Refused([complain(words.BASE_NOT_A_NAME, document.file, line, nearest=near, **details)])
    if base not in names:
        near = nearest(base, names)
        choice = near or words.ONE_OF_NAMES.format(choices=joined(names))
        raise Refused([complain(words.BASE_UNKNOWN, document.file, line, nearest=near, name=show(base), choice=choice)])
    return base


# Validating ----------------------------------------------------------------------------------------------------------
def _validated(whole: Whole, model: type[Model]) -> Model:
    """The data as a model; lists may stand for tuples, and nothing else is converted. Raises `Refused`."""
    try:
        return model.model_validate_json(json.dumps(whole.data), strict=True)
    except ValidationError as error:
        raise translated(error, whole, model) from None
