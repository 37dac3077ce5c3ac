"""Names and texts that would do harm in a page if they were read as anything but text."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import polars as pl

from singlestep.study import folder

HIT = "window.hit=1"
STRINGS = (
    f"<script>{HIT}</script>",
    f"</script><script>{HIT}</script>",
    f"<!--<script>{HIT}</script>-->",
    f"</style><script>{HIT}</script>",
    f"</title><script>{HIT}</script>",
    f"<img src=x onerror={HIT}>",
    f"<svg onload={HIT}>",
    f"<svg><script>{HIT}</script></svg>",
    f'" onmouseover="{HIT}" x="',
    f"' autofocus onfocus='{HIT}'",
    f"<a href=javascript:{HIT}>click</a>",
    f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    f"<details open ontoggle={HIT}>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<base href=https://example.org/>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<form action=https://example.org><button>go</button></form>",
    "{{ 7 * 7 }}{% raw %}",
    "{n} {d} {0} {world.__class__}",
    "%s %(name)s %n",
    "datum['x']; toString.constructor('" + HIT + "')()",
    "\\u003cscript\\u003e" + HIT,
    "&lt;script&gt;&amp;#39;",
    "]]><![CDATA[",
    "a\u202eb\u2066c",
    "a\u200b\ufeff\u00adb",
    "line\u2028end\u2029\r\n\tend",
    "=HYPERLINK(\"https://example.org\")",
    "a.b[0]['c'] \"d\" `e` $f \\g",
    "x" * 900 + "\U0001f600\u0301",
)  # fmt: skip
assert len(STRINGS) >= 30

NAMES = ("act", "rule", "source", "body", "list", "door", "class", "item", "lists", "doors_shut")  # columns out of files


def poisoned(model: Any, content: dict[str, Any]) -> dict[str, Any]:
    """The content of a file with a hostile string in every text that the model takes as it comes."""
    strings = iter(STRINGS * 100)

    def holds(whole: Any) -> bool:
        try:
            model.model_validate(whole)
        except ValueError:
            return False
        return True

    whole = json.loads(json.dumps(content))

    def visit(part: Any) -> None:
        for key, value in list(part.items() if isinstance(part, dict) else enumerate(part)):
            if isinstance(value, dict | list):
                visit(value)
            elif isinstance(value, str):
                part[key] = next(strings)
                if not holds(whole):
                    part[key] = value

    visit(whole)
    assert whole != content and holds(whole)
    return dict(whole)


def poison(run: Path) -> None:
    """Put hostile strings into every text of a run folder that comes out of a file, names included, and seal it again."""
    manifest = json.loads((run / "manifest.json").read_text())
    told = json.loads((run / "summary.json").read_text())
    for place, about in enumerate((told["society"], *told["worlds"])):
        about["name"], about["words"] = f"{STRINGS[place + 1]} {place}", STRINGS[5]
    for about in manifest["inputs"].values():
        about["name"] = STRINGS[0]
    told["citations"] = list(STRINGS)
    told["cautions"] += STRINGS
    row = {"worlds": {"regime": {"numerator": 1, "denominator": 2, "value": 0.5}}, "differences": {}}
    told["measures"][STRINGS[0]] = {"unit": STRINGS[1], "rows": {STRINGS[2]: row}}
    manifest["command"] = " ".join(STRINGS)
    manifest["versions"][STRINGS[0]] = STRINGS[1]
    stories = [
        {
            "kind": STRINGS[0], "person": 1, "seed": 1, "title": title, "sentences": list(STRINGS),
            "twin_title": title, "twin": list(STRINGS),
            "points": {"regime": [[0, 100], [50, 80]], "twin": [[0, 100]], title: [[0, 1]]},
            "doors": {"regime": [[title, 3, 50]], "twin": []},
        }
        for title in STRINGS[:3]
    ]  # fmt: skip
    put(run, manifest, "stories.json", folder.as_json(stories))
    put(run, manifest, "summary.json", folder.as_json(told))
    for path in sorted(run.glob("*.parquet")):
        put(run, manifest, path.name, _poisoned_table(path))
    manifest["seal"] = folder.seal(manifest)
    (run / "manifest.json").write_bytes(folder.as_json(manifest))


def put(run: Path, manifest: dict[str, Any], name: str, data: bytes) -> None:
    """Write a file of a run folder, with its hash."""
    (run / name).write_bytes(data)
    manifest["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _poisoned_table(path: Path) -> bytes:
    table = pl.read_parquet(path)
    for column in set(NAMES) & set(table.columns):
        kept = ("", "all", "protected", "harmful")
        kinds = [kind for kind in table[column].unique(maintain_order=True).to_list() if kind not in kept]
        names = {kind: f"{STRINGS[place % len(STRINGS)]} {place}" for place, kind in enumerate(kinds)}
        table = table.with_columns(pl.col(column).replace(names))
    data = io.BytesIO()
    table.write_parquet(data)
    return data.getvalue()
