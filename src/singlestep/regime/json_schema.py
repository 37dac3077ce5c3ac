"""JSON Schema of both languages, for editors that complete and check YAML while one writes.

`python -m singlestep.regime.json_schema` writes both into the library. They say less than the loader checks: what a
regime leaves out may stand in the one it extends, so nothing below the top is required.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from singlestep.regime.loader import LIBRARY
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society

DIALECT = "https://json-schema.org/draft/2020-12/schema"
QUANTITIES = ("#/$defs/Quantity", "#/$defs/Rate")
NUMBER = {"type": "number"}
NULL = {"type": "null"}


def regime_schema() -> dict[str, Any]:
    """The schema of regime files, before `extends` is followed."""
    schema = _with_bare_numbers(Regime.model_json_schema())
    definitions = {name: _partial(definition) for name, definition in schema["$defs"].items()}
    top = _partial({key: value for key, value in schema.items() if key != "$defs"})
    top["properties"]["extends"] = {"type": "string", "title": "Extends"}
    return {"$schema": DIALECT, **top, "required": ["format", "name"], "$defs": definitions}


def society_schema() -> dict[str, Any]:
    """The schema of society files."""
    return {"$schema": DIALECT, **_with_bare_numbers(Society.model_json_schema())}


def written() -> dict[str, str]:
    """File names and contents of both schemas."""
    schemas = {"regime.schema.json": regime_schema(), "society.schema.json": society_schema()}
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


def write(folder: Path = LIBRARY) -> None:
    """Write both files. Raises OSError when that fails."""
    for name, text in written().items():
        (folder / name).write_text(text, encoding="utf-8")


def _with_bare_numbers(part: Any) -> Any:
    """The same, where a number may stand alone wherever a quantity is described."""
    if isinstance(part, list):
        return [_with_bare_numbers(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("$ref") in QUANTITIES:
        rest = {key: value for key, value in part.items() if key != "$ref"}
        return {"anyOf": [NUMBER, {"$ref": part["$ref"]}], **rest}
    return {key: _with_bare_numbers(value) for key, value in part.items()}


def _partial(part: Any) -> Any:
    """The same, where everything may be left out, and null takes a named entry away."""
    if isinstance(part, list):
        return [_partial(item) for item in part]
    if not isinstance(part, dict):
        return part
    result = {key: _partial(value) for key, value in part.items() if not _is_required(key, value)}
    named = result.get("additionalProperties")
    if isinstance(named, dict):
        result["additionalProperties"] = {"anyOf": [named, NULL]}
    return result


def _is_required(key: str, value: Any) -> bool:
    return key == "required" and isinstance(value, list)


if __name__ == "__main__":
    write()
