"""Loading: what is refused and how, what the shipped files hold, and reading them aloud."""

from __future__ import annotations

import json
import random
import time
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from singlestep.quantities import Basis, Quantity
from singlestep.regime import json_schema, loader
from singlestep.regime.check import check
from singlestep.regime.complaints import Refused
from singlestep.regime.loader import load_regime, load_society, load_whole_regime, resolved, shipped
from singlestep.regime.provenance import CONFIDENCES, confidence_counts
from singlestep.regime.read_aloud import read_aloud
from singlestep.regime.schema import Regime
from singlestep.regime.tables import compile_regime
from singlestep.society.schema import Society
from singlestep.society.tables import compile_society
from singlestep.study.provenance import citations
from singlestep.study.run import find_society
from singlestep.words import rulebook

BAD = Path(__file__).parent / "bad_files"
EXPECTED: dict[str, str] = tomllib.loads((BAD / "expected.toml").read_text(encoding="utf-8"))
REGIMES, SOCIETIES = shipped()["regimes"], shipped()["societies"]


@pytest.fixture(scope="module")
def village() -> Society:
    """The small society against which bad files are read."""
    return load_society(BAD / "good-society.yaml")


@pytest.fixture(scope="module")
def coast() -> Society:
    """The usual society."""
    return load_society("coast")


def refusal(path: Path, society: Society) -> str:
    """What the file is answered with: society files by their name, examples by running them."""
    with pytest.raises(Refused) as caught:
        if path.stem.startswith("society-") or path.stem == "regime-as-society":
            load_society(path)
        elif path.stem.startswith("fails-"):
            check(path, society)
        else:
            load_regime(path, society)
    return str(caught.value)


# Bad files -----------------------------------------------------------------------------------------------------------
def test_every_bad_file_is_pinned() -> None:
    files = {path.stem for path in BAD.glob("*.yaml") if not path.stem.startswith("good-")}
    assert files == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_bad_file(name: str, village: Society) -> None:
    begun = time.process_time()
    assert refusal(BAD / f"{name}.yaml", village) == EXPECTED[name]
    assert time.process_time() - begun < 5 or name.startswith("fails-")  # which may compile the model first


def test_good_files_pass(village: Society) -> None:
    assert load_regime(BAD / "good-regime.yaml", village).name == "litter"
    assert check(BAD / "good-society.yaml")


# Names and paths -----------------------------------------------------------------------------------------------------
def test_unknown_name_with_nearest() -> None:
    with pytest.raises(Refused) as caught:
        load_regime("rongchen")
    assert str(caught.value) == (
        "rongchen: found no regime of this name.\n"
        "  Why it cannot stand: it is not among those that come with singlestep, and does not look like a path.\n"
        "  Nearest right spelling: `rongcheng`.\n"
        "  Write: `rongcheng`, or the path of a YAML file"
    )


@pytest.mark.parametrize("name", ["", "Coast", "no\x00file", "x" * 5000, "-", "a b", "\ud800.yaml"])
def test_odd_names_are_refused(name: str) -> None:
    for load in (load_society, load_regime, check, resolved):
        with pytest.raises(Refused):
            load(name)


def test_missing_file() -> None:
    with pytest.raises(Refused, match=r"no file of this name"):
        load_regime(Path("nowhere") / "none.yaml")


def test_extends_what_is_no_name(tmp_path: Path) -> None:
    for written in ("5", "[none]", "{}", "null", "none.yaml", "../regimes/none", "None"):
        (tmp_path / "r.yaml").write_text(f"format: singlestep-regime 1\nname: r\nwords: w\nextends: {written}\n")
        with pytest.raises(Refused, match="by its bare name"):
            load_regime(tmp_path / "r.yaml")


# Extending -----------------------------------------------------------------------------------------------------------
def library(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    """A library of regimes with these files."""
    monkeypatch.setattr(loader, "REGIMES", folder)
    for name, text in files.items():
        head = f"format: singlestep-regime 1\nname: {name}\nwords: The scheme {name}\n"
        (folder / f"{name}.yaml").write_text(head + text)


SOURCES = "sources: {wardens: {words: wardens, body: police, sees: {litters: 0.5, speeds: 0.5}}}\n"


def test_merging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, village: Society) -> None:
    rules = "rules:\n  litter: {act: litters, points: -5, expires: 1 year}\n  speed: {act: speeds, points: -3}\n"
    library(tmp_path, monkeypatch, base=SOURCES + rules + "cite: [a, b]\n")
    library(tmp_path, monkeypatch, more="extends: base\ncite: [c]\nrules:\n  litter: {points: -7}\n  speed: null\n")
    regime = load_regime("more", village)
    assert regime.cite == ["c"] and list(regime.rules) == ["litter"]
    assert (regime.rules["litter"].points, regime.rules["litter"].expires) == (-7, "1 year")
    assert resolved("more")["rules"] == {"litter": {"act": "litters", "points": -7, "expires": "1 year"}}
    assert "extends" not in resolved("more")


def test_lines_point_into_the_right_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, village: Society) -> None:
    rules = "rules:\n  litter: {act: litters, points: -5}\n  speed: {act: sped, points: -3}\n"
    library(tmp_path, monkeypatch, base=SOURCES + rules)
    library(tmp_path, monkeypatch, more="extends: base\nrules:\n  litter: {act: liters}\n")
    with pytest.raises(Refused) as caught:
        load_regime("more", village)
    assert [(c.file, c.line) for c in caught.value.complaints] == [("base.yaml", 7), ("more.yaml", 6)]
    library(tmp_path, monkeypatch, base="points: {start: 5}\n", more="extends: base\npoints: {high: 0}\n")
    with pytest.raises(Refused) as caught:
        load_regime("more", village)
    assert [(c.file, c.line) for c in caught.value.complaints] == [("base.yaml", 4)]


def test_circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, village: Society) -> None:
    library(tmp_path, monkeypatch, one="extends: two\n", two="extends: one\n", self="extends: self\n")
    for name, way in (("one", "one -> two -> one"), ("self", "self -> self")):
        with pytest.raises(Refused, match=way):
            load_regime(name, village)


# Tables of indicators ------------------------------------------------------------------------------------------------
HEAD = (BAD / "good-regime.yaml").read_text(encoding="utf-8")


def with_table(folder: Path, csv: str, name: str = "table.csv") -> Path:
    """A regime in this folder with a table beside it."""
    (folder / "r.yaml").write_text(HEAD + f"indicators: {name}\n")
    (folder / name).write_text(csv, encoding="utf-8")
    return folder / "r.yaml"


def test_table(tmp_path: Path, village: Society) -> None:
    csv = (
        "id,source,act,points,expires,window,counts_from,fine,cap,known,words,behaviour,size,cite\n"
        "a,wardens,litters,-5,5 years,1 year,act,2,20,false,Litter,documented,guess,a law\n"
        "\n"
        'b,any,litters,-5 to -2,,,,,,,"Litter, again",,,\n'
    )
    regime, whole = load_whole_regime(with_table(tmp_path, "\ufeff" + csv), village)
    plain = (
        "{seen_by: [wardens], act: litters, points: -5, expires: 5 years, window: 1 year, counts_from: act, fine: 2, "
    )
    plain += "cap: {points: 20}, known: false, words: Litter, basis: {behaviour: documented, size: guess, cite: a law}}"
    more = "{act: litters, points: [-5, -2], words: 'Litter, again'}"
    (tmp_path / "same.yaml").write_text(HEAD + f"  a: {plain}\n  b: {more}\n")
    assert regime.rules == load_regime(tmp_path / "same.yaml", village).rules
    assert list(regime.rules) == ["litter", "a", "b"]
    assert [whole.place(("rules", name)) for name in "ab"] == [("table.csv", 2), ("table.csv", 4)]
    assert "(table.csv, line 4)" in read_aloud(regime, village, whole)
    assert len(compile_regime(regime, village).rule) == 3


def test_table_says_what_sources_see(tmp_path: Path, village: Society) -> None:
    csv = "id,source,act,points,sees\na,wardens,speeds,-5,0.25\nb,wardens,litters,-2,\n"
    regime, whole = load_whole_regime(with_table(tmp_path, csv), village)
    (tmp_path / "same.yaml").write_text(
        HEAD.replace("litters: 0.5", "litters: 0.5\n      speeds: 0.25")
        + "  a: {seen_by: [wardens], act: speeds, points: -5}\n  b: {seen_by: [wardens], act: litters, points: -2}\n"
    )
    same = load_regime(tmp_path / "same.yaml", village)
    assert regime.sources == same.sources and regime.rules == same.rules
    for mine, other in zip(compile_regime(regime, village), compile_regime(same, village), strict=True):
        assert np.array_equal(mine, other)
    assert whole.place(("sources", "wardens", "sees", "speeds")) == ("table.csv", 2)


def test_table_of_acts(tmp_path: Path, village: Society) -> None:
    head = (BAD / "good-society.yaml").read_text(encoding="utf-8").replace("rate: 1, traces", "rate: 2, headroom: 3, traces")
    (tmp_path / "acts.csv").write_text(
        "id,like,rate,words,domain,harm,protected,behaviour,cite\n"
        "spits,litters,0.5,,,,,,\n"
        'prays,petitions,12,"prays, aloud",faith,minor,religion,documented,a law\n'
    )
    (tmp_path / "town.yaml").write_text(head + "more_acts: acts.csv\n")
    prays = "words: 'prays, aloud', domain: faith, harm: minor, protected: religion"
    plain = "  spits: {words: drops litter, domain: civic, rate: 0.5, headroom: 3, traces: [register, camera]}\n"
    plain += f"  prays: {{{prays}, rate: 12, basis: {{behaviour: documented, cite: a law}}}}\n"
    (tmp_path / "same.yaml").write_text(head.replace("services:", plain + "services:"))
    town, same = load_society(tmp_path / "town.yaml"), load_society(tmp_path / "same.yaml")
    assert town.acts == same.acts and list(town.acts)[-2:] == ["spits", "prays"]
    for mine, other in zip(compile_society(town, 4096, 1), compile_society(same, 4096, 1), strict=True):
        assert np.array_equal(mine, other)
    assert find_society(tmp_path / "town.yaml")[1] == [tmp_path / "town.yaml", tmp_path / "acts.csv"]


@pytest.mark.slow
def test_forty_thousand_acts_and_as_many_indicators(tmp_path: Path) -> None:
    head = (BAD / "good-society.yaml").read_text(encoding="utf-8").replace("rate: 1", "rate: 0.001")
    (tmp_path / "town.yaml").write_text(head + "more_acts: acts.csv\n")
    (tmp_path / "acts.csv").write_text("id,like,rate\n" + "".join(f"a{n},jaywalks,0.001\n" for n in range(40_000)))
    rows = "".join(f"r{n},wardens,a{n},{-1 - n % 50},0.01\n" for n in range(40_000))
    begun = time.process_time()
    town = load_society(tmp_path / "town.yaml")
    regime = load_regime(with_table(tmp_path, "id,source,act,points,sees\n" + rows), town)
    tables = compile_regime(regime, town)
    assert compile_society(town, 4096, 1).kinds == 40_006 and tables.meet_from[-1] == 40_001
    assert time.process_time() - begun < 20  # six or so, on a machine with nothing else to do


def test_table_of_a_base_lies_beside_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, village: Society
) -> None:
    (tmp_path / "library").mkdir()
    library(tmp_path / "library", monkeypatch, base=SOURCES + "indicators: table.csv\n")
    (tmp_path / "library" / "table.csv").write_text("id,source,act,points\na,any,litters,-5\n")
    (tmp_path / "r.yaml").write_text("format: singlestep-regime 1\nname: r\nextends: base\n")
    assert list(load_regime(tmp_path / "r.yaml", village).rules) == ["a"]


def test_table_must_lie_beside_the_regime(tmp_path: Path, village: Society) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.csv").write_text("id,source,act,points\na,any,litters,-5\n")
    path = with_table(home, "")
    (home / "table.csv").unlink()
    (home / "table.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Refused, match="a link to another place"):
        load_regime(path, village)
    (home / "table.csv").unlink()
    (home / "table.csv").symlink_to("table.csv")
    with pytest.raises(Refused):
        load_regime(path, village)
    (home / "table.csv").unlink()
    (home / "table.csv").mkdir()
    with pytest.raises(Refused, match="not a plain file"):
        load_regime(path, village)
    (home / "table.csv").rmdir()
    (home / "inner.csv").write_text("id,source,act,points\na,any,litters,-5\n")
    (home / "table.csv").symlink_to("inner.csv")
    assert "a" in load_regime(path, village).rules


@pytest.mark.parametrize(
    "name", ["../t.csv", "/etc/passwd", "a/../t.csv", "..", ".", "a\\\\t.csv", "C:t.csv", "t\\0.csv"]
)
def test_table_names(name: str, tmp_path: Path, village: Society) -> None:
    (tmp_path / "r.yaml").write_text(HEAD + f'indicators: "{name}"\n')
    with pytest.raises(Refused):
        load_regime(tmp_path / "r.yaml", village)


def test_large_table_is_read_in_seconds(tmp_path: Path, village: Society) -> None:
    rows = "".join(f"rule-{n},{('any', 'wardens')[n % 2]},litters,{-1 - n % 50},5 years\n" for n in range(160_000))
    path = with_table(tmp_path, "id,source,act,points,expires\n" + rows)
    begun = time.process_time()
    regime = load_regime(path, village)
    assert len(regime.rules) == 160_001
    assert time.process_time() - begun < 20  # two or so, on a machine with nothing else to do
    assert confidence_counts(regime)["guess"] > 320_000


def test_too_long_and_all_wrong_tables(tmp_path: Path, village: Society) -> None:
    path = with_table(tmp_path, "id,source,act,points\n" + "".join(f"r{n},any,litters,-1\n" for n in range(200_000)))
    with pytest.raises(Refused, match="more than 200,000 rules"):
        load_regime(path, village)
    for row in ("r{n},warden,litters,-1", "r{n},wardens,act-{n},-1", "r{n},any,litters,x{n}", "r,any,litters,-1"):
        text = "".join(row.format(n=n) + "\n" for n in range(20_000))
        begun = time.process_time()
        with pytest.raises(Refused) as caught:
            load_regime(with_table(tmp_path, "id,source,act,points\n" + text), village)
        assert len(caught.value.complaints) == 20 and caught.value.complaints[-1].line < 30
        assert time.process_time() - begun < 10


# Shipped files -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SOCIETIES)
def test_shipped_society(name: str) -> None:
    society = load_society(name)
    assert society.name == name and compile_society(society, 4096, 1).people == 4096
    assert check(name) == [rulebook.SOCIETY_READ.format(name=name)]


@pytest.mark.parametrize("name", REGIMES)
def test_shipped_regime_and_its_examples(name: str, coast: Society) -> None:
    regime = load_regime(name, coast)
    assert regime.name == name and compile_regime(regime, coast).classes >= 1
    passed = check(name, coast)
    assert passed[1:] == [rulebook.EXAMPLE_HOLDS.format(words=example.words) for example in regime.examples]


PUBLISHED = (
    "Articles of 2018 to 2020", "Attachment 1", "Caixin", "Castillo-Manzano", "China Justice Observer",
    "China Law Translate", "Dorloff", "Garza", "Global Times", "Globe and Mail", "Hagger-Johnson",
    "Measures on Rewards and Punishments", "Mistreanu", "NISTIR 8280", "Nectar Gan", "National Physical Laboratory",
    "National Public Credit Information Centre", "People's Daily", "Regulation on the Credit Reporting Industry",
    "Supreme People's Court", "Trivium", "benefitsandwork", "changtsi.com", "civilhelp.co.uk", "penalty points, UK",
    "Penalty points, UK", "sixt.co.uk",
)  # fmt: skip


@pytest.mark.parametrize("name", [*REGIMES, "coast"])
def test_what_shipped_files_cite_are_sources(name: str, coast: Society) -> None:
    """Each citation names something published; what is a remark stands among the remarks, and is read aloud."""
    file = coast if name == "coast" else load_regime(name, coast)
    assert [cite for cite in citations(file) if not any(source in cite for source in PUBLISHED)] == []
    assert not set(file.remarks) & set(citations(file))
    if isinstance(file, Regime):
        assert all(remark in read_aloud(file, coast) for remark in file.remarks)
    assert file.remarks or name in ("none", "driver-points-uk")


@pytest.mark.parametrize("name", REGIMES)
def test_read_aloud_mentions_everything(name: str, coast: Society) -> None:
    regime, whole = load_whole_regime(name, coast)
    for text in (read_aloud(regime, coast, whole), read_aloud(regime)):
        for part in (regime.sources, regime.rules, regime.lists, regime.gates):
            assert all(f"- {entry}" in text for entry in part)
        for rule in regime.rules.values():
            assert rule.basis.cite.rstrip(".") in text and (rule.words or "").rstrip(".") in text
        for source in regime.sources.values():
            assert all(coast.acts[act].words in text for act in source.sees)
        assert "{" not in text and "None" not in text
    file, line = whole.place(("words",))
    assert (file, line) == (f"{name}.yaml", line) and line > 0


def test_confidences() -> None:
    model = Regime.model_validate(
        {
            "format": "singlestep-regime 1",
            "name": "r",
            "words": "w",
            "sources": {
                "s": {
                    "words": "s",
                    "body": "police",
                    "sees": {"a": 0.5, "b": {"value": 0.5, "confidence": "documented"}},
                    "basis": {"behaviour": "reported", "size": "imagined"},
                }
            },
            "rules": {"a": {"act": "a", "points": -1}},
        }
    )
    counts = confidence_counts(model)
    assert tuple(counts) == CONFIDENCES
    assert counts == {"documented": 1, "reported": 1, "derived": 0, "unverified": 0, "guess": 3, "imagined": 1}
    assert sum(confidence_counts(Basis()).values()) == 2 and sum(confidence_counts(Quantity(value=1)).values()) == 1


# Schemas for editors -------------------------------------------------------------------------------------------------
def skeleton(part: Any) -> Any:
    """What a schema says, without what versions of pydantic word differently."""
    if isinstance(part, list):
        return [skeleton(item) for item in part]
    if isinstance(part, dict):
        return {k: skeleton(v) for k, v in part.items() if k not in ("title", "description", "default")}
    return part


def test_json_schemas_are_up_to_date() -> None:
    for name, text in json_schema.written().items():
        shipped_text = (loader.LIBRARY / name).read_text(encoding="utf-8")
        hint = "write them again with: python -m singlestep.regime.json_schema"
        assert skeleton(json.loads(shipped_text)) == skeleton(json.loads(text)), hint


# Anything else: a model or a refusal ----------------------------------------------------------------------------------
def paths_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in plain data, the top itself left out."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in pairs for place in [(*path, key), *paths_in(item, (*path, key))]]


def put(data: Any, path: tuple[Any, ...], change: Any) -> None:
    """Change what stands at this place; `...` takes it away."""
    for key in path[:-1]:
        data = data[key]
    if change is ...:
        del data[path[-1]]
    else:
        data[path[-1]] = change


ODD: list[Any] = [
    ..., None, True, 0, -1, 1, 5, 1e-9, 0.5, 1.5, -0.0, 10_000, 30_001, 10**17, "", "x", "none", "age", "5 years",
    "0 days", "999999 years", "any", "nobody", [], {}, [1], [-5, 5], [5, -5], ["litters", "litters"], {"x": 1},
    {"value": 1}, {"value": 0.5, "range": [0, 1]}, {"value": 2, "per": "day"}, "D", "judgment-debtors", "flight",
]  # fmt: skip


@cache
def usual(name: str) -> Any:
    """The usual society, or the plain data of a shipped file."""
    return load_society("coast") if name == "the usual society" else resolved(name)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_mutated_files(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    luck = random.Random(seed)
    name = luck.choice([*REGIMES, *SOCIETIES])
    plain = copy(usual(name))
    for _ in range(luck.randint(1, 3)):
        places = paths_in(plain)
        change = luck.choice([*ODD, value_at(plain, luck.choice(places))])
        put(plain, luck.choice(places), change if change is ... else copy(change))
    file = tmp_path_factory.mktemp("mutated") / "file.yaml"
    file.write_text(json.dumps(plain, indent=1), encoding="utf-8")
    try:
        if name in SOCIETIES:
            compile_society(load_society(file), 64, 1)
        else:
            society = usual("the usual society")
            regime, whole = load_whole_regime(file, society)
            compile_regime(regime, society)
            assert regime.name in read_aloud(regime, society, whole)
    except Refused as refused:
        assert str(refused) and all(c.line > 0 for c in refused.complaints)


def copy(value: Any) -> Any:
    """Plain data once more, sharing nothing."""
    return json.loads(json.dumps(value))


def value_at(data: Any, path: tuple[Any, ...]) -> Any:
    """What stands at this place."""
    for key in path:
        data = data[key]
    return data


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet='a,"\n-5 ', max_size=60))
def test_any_table(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder, society = tmp_path_factory.mktemp("table"), load_society(BAD / "good-society.yaml")
    for csv in (text, "id,source,act,points\n" + text):
        try:
            load_regime(with_table(folder, csv.encode("utf-8", "replace").decode()), society)
        except Refused as refused:
            assert str(refused)


def test_every_rate_of_coast_has_unit_range_and_confidence(coast: Society) -> None:
    for name, kind in {**coast.acts, **coast.services}.items():
        assert kind.rate.model_fields_set >= {"value", "per", "range", "confidence"}, name
