"""The report: what it says is what the summary says, and it is one file that asks nothing of anybody.

The world is the stand-in of `test_run`: every count is there, and none means anything.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import shutil
import subprocess
import sys
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from tests import hostile
from tests.test_run import FILES, REGIME, SOCIETY, small, use_fake_world

from singlestep.regime.complaints import Refused
from singlestep.regime.schema import Regime
from singlestep.report import FIGURES, charts, data, figures, write_figures, write_report
from singlestep.report.data import Data, plain, ratio
from singlestep.report.numbers import percent
from singlestep.report.page import cleaned_stories, csv_text, script_json
from singlestep.society.schema import Society
from singlestep.study import folder, run
from singlestep.study.folder import open_folder
from singlestep.words import report as words

MOST_BYTES = 2_000_000


class Page(HTMLParser):
    """What is in a page: elements with their attributes, texts, scripts, and rows of tables by their id."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._table: list[list[str]] | None = None
        self._script = self._cell = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._script = tag in ("script", "style")
        if tag == "table":
            self._table = self.tables.setdefault(str(dict(attrs).get("id")), [])
        elif tag == "tr" and self._table is not None:
            self._table.append([])
        elif tag in ("td", "th") and self._table is not None:
            self._table[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._script = False
        if tag in ("td", "th"):
            self._cell = False
        if tag == "table":
            self._table = None

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts.append(data)
        else:
            self.texts.append(data)
            if self._cell and self._table is not None:
                self._table[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run folders: of three seeds, of one, and without a twin."""
    place = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        use_fake_world(patch.setattr)
        return {
            "three": small(out=place / "three", seeds=3).folder,
            "one": small(out=place / "one").folder,
            "alone": small(out=place / "alone", twin=False).folder,
        }


@pytest.fixture(scope="module")
def page(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(write_report(folders["three"], tmp_path_factory.mktemp("page") / "page.html").read_text())


@pytest.fixture
def copy(folders: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(folders["three"], tmp_path / "copy"))


def number(text: str) -> float:
    return float(text.replace(",", "").replace("\u00a0", "").rstrip("% ")) if text != words.NO_VALUE else float("nan")


# Numbers -------------------------------------------------------------------------------------------------------------
def test_every_measure_of_the_summary_is_in_the_page(folders: dict[str, Path], page: Page) -> None:
    told = json.loads((folders["three"] / "summary.json").read_text())
    names = {world["label"]: world["name"] for world in told["worlds"]}
    rows = iter(page.tables["table-measures"][1:])
    count = 0
    for name, measure in told["measures"].items():
        for of, row in measure["rows"].items():
            for world, shown in names.items():
                cell = row["worlds"][world]
                if cell is not None:
                    found, value = next(rows), cell["value"]
                    assert found[:3] == [name, of, shown]
                    assert number(found[3]) == cell["numerator"] and number(found[4]) == cell["denominator"]
                    assert found[5] == words.NO_VALUE if value is None else number(found[5]) == pytest.approx(value, rel=1e-3)
                    count += 1
    assert next(rows, None) is None and count > 300


def test_the_headlines_say_what_the_summary_says(folders: dict[str, Path], page: Page) -> None:
    told = json.loads((folders["three"] / "summary.json").read_text())
    shown = [attributes["data-finding"] for attributes in page.all("li") if "data-finding" in attributes]
    assert len(shown) >= 8 and set(shown) <= set(words.HEADLINES)
    for measure in set(shown) & set(told["measures"]):
        row = told["measures"][measure]["rows"]["all"]
        here = row["worlds"]["regime"]
        counted = words.COUNT_OF.format(n=f"{here['numerator']:,}", d=f"{here['denominator']:,}")
        assert f"{counted} {words.HEADLINES[measure].format(base='ordinary-law')}" in page.text
        low, high = (100 * bound for bound in row["differences"]["regime"]["interval"])
        if measure == "differ":  # the persons who differ are a difference themselves
            rows = told["measures"]["differ"]["rows"]
            parts = [f"{rows[of]['worlds']['regime']['numerator']:,}" for of in ("acts taken", "doors shut")]
            assert f"{low:.1f} % to {high:.1f} %. {parts[0]} differ in what they did, {parts[1]} in the doors" in page.text
            continue
        assert f"{low:+.3g} to {high:+.3g}".replace("-", "\u2212") in page.text


def test_people_shut_out_are_counted_as_persons(folders: dict[str, Path], page: Page) -> None:
    people = pl.read_parquet(folders["three"] / "people.parquet").filter(pl.col("world") == "regime")
    shut = people.filter(pl.col("doors_shut") != "").height
    assert 0 < shut < people.height
    assert f"{shut:,} of {people.height:,} {words.HEADLINES['people shut out']}" in page.text


def test_figures_agree_with_the_summary(folders: dict[str, Path]) -> None:
    found = Data(open_folder(folders["three"]))
    told = found.summary["measures"]
    harms = figures.harms(found)
    assert harms is not None
    for row in harms.rows:
        name = next(name for name, label in words.HARM_LABELS.items() if label == row["measure"])
        world = {"sternness": "regime", "ordinary-law": "twin"}[row["world"]]
        whole = told[name]["rows"]["all"]["worlds"][world]
        assert (row["n"], row["d"]) == (whole["numerator"], whole["denominator"])
    appeals = figures.appeals(found)
    assert appeals is not None
    won = next(row for row in appeals.rows if (row["reached"], row["side"]) == ("appeal won", "wrong records"))
    whole = told["won if wrong"]["rows"]["all"]["worlds"]["regime"]
    assert (won["n"], won["d"]) == (whole["numerator"], whole["denominator"])


def test_doors_shut_at_the_end_of_the_last_month_are_those_begun_and_not_ended(folders: dict[str, Path]) -> None:
    figure = figures.doors_time(Data(open_folder(folders["one"])))
    doors = pl.read_parquet(folders["one"] / "doors.parquet").filter(pl.col("world") == "regime")
    of = {name: doors.filter(pl.col("measure") == name)["value"].sum() for name in ("begun", "ended")}
    assert figure is not None
    last = [row for row in figure.rows if row["world"] == "sternness"][-1]
    assert last["month"] == 12 and last["n"] == of["begun"] - of["ended"]
    assert last["value"] == pytest.approx(1000 * last["n"] / 1000)


def test_a_ratio_over_seeds_has_the_interval_of_their_mean() -> None:
    found = ratio([(1, 10), (2, 10), (6, 10)])
    spread = 4.3027 * (0.07 / 3) ** 0.5  # t of 2 degrees; the variance of .1, .2 and .6 is .07
    assert (found["n"], found["d"], found["value"]) == (9, 30, 0.3)
    assert found["low"] == 0 and found["high"] == pytest.approx(0.3 + spread, rel=1e-4)
    assert ratio([(1, 10), (3, 10)])["low"] is None  # two seeds are too few
    assert ratio([(1, 10)]) == {"n": 1, "d": 10, "value": 0.1, "low": None, "high": None}
    assert ratio([(0, 0)])["value"] is None
    assert ratio([(1, 10), (2, 10), (6, 10)], most=0.5)["high"] == 0.5


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.385, "38.5 %"), (0.00296, "0.30 %"), (-0.0129, "-1.3 %"), (0.0000321, "0.0032 %"),
     (None, words.NO_VALUE)],
)  # fmt: skip
def test_shares_are_said_with_digits_enough_to_be_told_apart(value: float | None, said: str) -> None:
    assert percent(value).replace("\u00a0", " ") == said


def test_the_page_says_what_each_world_is(folders: dict[str, Path], page: Page) -> None:
    told = json.loads((folders["three"] / "summary.json").read_text())
    for world in (*told["worlds"], told["society"]):
        assert f"{world['name']}: {world['words']}." in page.text


def test_nothing_is_compared_on_fewer_than_twenty_events() -> None:
    a, b = {"n": 20, "d": 100, "value": 0.2}, {"n": 40, "d": 100, "value": 0.4}
    assert figures._apart(a, b)["ratio"] == 0.5 and figures._apart(a, b)["difference"] == -0.2
    few = figures._apart({**a, "n": 19}, b)
    assert few["events_a"] == 19 and few["ratio"] is few["difference"] is few["rate_a"] is few["rate_b"] is None


# The page ------------------------------------------------------------------------------------------------------------
def test_every_figure_has_its_table_and_its_csv(folders: dict[str, Path], page: Page) -> None:
    found = Data(open_folder(folders["three"]))
    downloads = {str(link["download"]): str(link["href"]) for link in page.all("a") if "download" in link}
    names = [str(figure["id"]).removeprefix("figure-") for figure in page.all("figure")]
    assert len(names) >= 17 and len(set(names)) == len(names)
    for name in names:
        rows = page.tables[f"table-{name}"]
        address = urllib.parse.unquote(downloads[f"{name}.csv"].partition(",")[2])
        assert len(list(csv.reader(io.StringIO(address)))) == len(rows) > 1, name
    classes = figures.classes(found)
    assert classes is not None and len(page.tables["table-classes"]) == 1 + len(classes.rows)
    drawn = [place for place in page.all("div") if "data-figure" in place]
    said = [place["aria-label"] for place in page.all("div") if place.get("role") == "img"]
    assert len(drawn) == len(said) >= len(names) and all(said)
    specs = {script["id"] for script in page.all("script") if script.get("type") == "application/json"}
    assert {place["data-figure"] for place in drawn} < specs


def test_the_page_asks_nothing_of_anybody(folders: dict[str, Path], page: Page, tmp_path: Path) -> None:
    size = write_report(folders["three"], tmp_path / "page.html").stat().st_size
    assert size < MOST_BYTES
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on") and name != "style", (tag, name)
            if name in ("src", "href", "action", "srcset", "data", "poster"):
                assert str(value).startswith(("#", "data:")), (tag, name, value)
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in str(policy)
    unwanted = {"img", "iframe", "object", "embed", "form", "video", "audio", "base"}
    assert not unwanted & {tag for tag, _ in page.elements}


def test_the_page_says_what_it_must(page: Page) -> None:
    for sentence in (*words.NOT, words.FED_IN, words.NOT_TESTED):
        assert sentence in page.text
    assert page.text.count("synthetic") > 3 and "of the" in page.text and "entries in the files are guesses" in page.text
    assert "singlestep run sternness --society coast --people 1000" in page.text
    assert {"singlestep", "python", "polars"} <= {row[0] for row in page.tables["versions"]}
    assert {row[0] for row in page.tables["outputs-hashes"]} >= {"summary.json", "doors.parquet"}
    assert [tag for tag, _ in page.elements].count("h1") == 1
    assert all(page.all(tag) for tag in ("main", "header", "nav", "footer")) and page.all("html")[0]["lang"] == "en"


def test_the_same_folder_gives_the_same_page(copy: Path, folders: dict[str, Path], tmp_path: Path) -> None:
    first = write_report(folders["three"], tmp_path / "first.html").read_bytes()
    assert first == write_report(copy).read_bytes() == write_report(copy).read_bytes()
    assert sorted(path.name for path in copy.glob("*.partial")) == []


def test_one_seed_and_no_twin_can_be_reported(folders: dict[str, Path], tmp_path: Path) -> None:
    one = Page(write_report(folders["one"], tmp_path / "one.html").read_text())
    assert words.ONE_SEED in one.text and words.INTERVALS.format(seeds=1) not in one.text
    assert "too few seeds to tell it from luck" in one.text
    alone = Page(write_report(folders["alone"], tmp_path / "alone.html").read_text())
    assert "ordinary-law" not in alone.text and "table-fewer" not in alone.tables


def test_more_than_two_worlds_can_be_reported(copy: Path) -> None:
    """As a comparison writes them: worlds under their names, listed in the manifest."""
    manifest = json.loads((copy / "manifest.json").read_text())
    names = {"regime": "first", "twin": "second"}
    for path in copy.glob("*.parquet"):
        table = pl.read_parquet(path)
        third = table.filter(pl.col("world") == "regime").with_columns(world=pl.lit("third"))
        buffer = io.BytesIO()
        pl.concat([table.with_columns(pl.col("world").replace(names)), third]).write_parquet(buffer)
        hostile.put(copy, manifest, path.name, buffer.getvalue())
    told = json.loads((copy / "summary.json").read_text())
    about = dict(told["worlds"][0])
    worlds = [{**about, "label": label, "name": label} for label in ("first", "second", "third")]
    hostile.put(copy, manifest, "summary.json", folder.as_json({**told, "worlds": worlds, "base": "second", "measures": {}}))
    (copy / "manifest.json").write_bytes(folder.as_json({**manifest, "seal": folder.seal(manifest)}))
    found = Data(open_folder(copy))
    assert (found.base, found.ordered) == ("second", ["first", "third", "second"])
    page = Page(write_report(copy).read_text())
    assert {row[1] for row in page.tables["table-harms"][1:]} == {"first", "second", "third"}
    shown = [li["data-world"] for li in page.all("li") if "data-world" in li]
    assert set(shown) == {"first", "third"} and shown.count("first") == shown.count("third") >= 8


def test_told_lives_are_shown_three_at_a_time(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    stories = [
        {
            "kind": kind, "person": number, "seed": 1, "title": f"Story {number}",
            "sentences": [f"On day 3 this came: {kind}."],
            "twin_title": "The other life", "twin": [f"On day 3 there was no {kind}."],
            "points": {"regime": [[0, 100], [3, 80]], "twin": [[0, 100]]},
            "doors": {"regime": [["loan", 3, None]], "twin": []},
        }
        for number, kind in enumerate(("silenced", "silenced", "locked-in", "gained"))
    ]  # fmt: skip
    hostile.put(copy, manifest, "stories.json", folder.as_json([{"kind": "broken"}, 5, *stories]))
    (copy / "manifest.json").write_bytes(folder.as_json({**manifest, "seal": folder.seal(manifest)}))
    page = Page(write_report(copy).read_text())
    assert [f"Story {number}" in page.text for number in range(4)] == [True, False, True, True]
    assert words.NO_STORIES not in page.text and "On day 3 this came: locked-in." in page.text
    assert page.text.count("The other life") == 3 and "On day 3 there was no locked-in." in page.text
    hostile.put(copy, manifest, "stories.json", folder.as_json([]))
    (copy / "manifest.json").write_bytes(folder.as_json({**manifest, "seal": folder.seal(manifest)}))
    assert words.NO_STORIES in Page(write_report(copy).read_text()).text
    assert words.NO_DOORS.format(world="ordinary-law") in page.text
    assert page.tables["table-life-1"][-1][:2] == ["sternness", "3"] and len(page.tables["table-life-1"]) == 7


def test_what_a_headline_rests_on_is_said(copy: Path) -> None:
    manifest, told = (json.loads((copy / f"{name}.json").read_text()) for name in ("manifest", "summary"))
    moves = [{"input": f"society.acts.{name}.rate", "low": 0.5, "high": 4, "at_low": -0.1, "at_high": 0.2} for name in "ab"]
    answer = {"value": 0.1, "answer": "undecided", "turns": True, "rests_on": moves}
    told["rests_on"] = {
        "people": 5000, "seeds": [1, 2], "guesses": 41, "again": 7, "headlines": {"regime": {"silence": answer}},
    }  # fmt: skip
    hostile.put(copy, manifest, "summary.json", folder.as_json(told))
    (copy / "manifest.json").write_bytes(folder.as_json({**manifest, "seal": folder.seal(manifest)}))
    page = Page(write_report(copy).read_text())
    question, value = "Do people forgo more protected acts out of fear than under ordinary-law?", "+10 percentage points"
    moved = "how often “{}” happens (0.5 to 4 times a year{})"
    rests = f"{moved.format('a', ': −10 to +20')} and {moved.format('b', ': −10 to +20')}"
    assert page.tables["questions"][1] == [question, "undecided", value, rests]
    undecided = words.ANSWERED["undecided"].format(value=value)
    rests = f"It rests most on {moved.format('a', '')} and {moved.format('b', '')}."
    assert f"{question} {undecided} {rests}" in page.text and words.NOT_TESTED not in page.text
    assert words.QUESTIONS_SAY.format(count=41, people="5,000", seed=1, again=7, seeds=2) in page.text


def test_a_page_that_would_grow_too_large_says_less(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = write_report(copy).read_text()
    monkeypatch.setattr("singlestep.report.page.MOST_BYTES", len(long.encode()) - 1)
    short = Page(write_report(copy).read_text())
    assert {row[1] for row in short.tables["table-measures"][1:]} == {"all"} and words.ONLY_OVERALL in short.text
    assert words.ONLY_OVERALL not in Page(long).text and len(Page(long).tables["table-measures"]) > 300


def test_months_of_long_runs_are_thinned_out(folders: dict[str, Path]) -> None:
    found = Data(open_folder(folders["one"]))
    for years, step in ((1, 1), (5, 1), (6, 3), (100, 60)):
        found.years = years
        assert found.month_step == step and 12 * years // step <= data.MOST_MONTHS


# Text stays text -----------------------------------------------------------------------------------------------------
def shapes(page: Page) -> dict[str, int]:
    """How many of each element there are that a name could have made."""
    tags = [tag for tag, _ in page.elements]
    harmless = {"tr", "td", "th", "li", "p", "strong", "figure", "div", "h3", "h4"}
    return {tag: tags.count(tag) for tag in set(tags) - harmless}


def test_hostile_texts_of_a_regime_and_a_society_stay_text(tmp_path: Path) -> None:
    society, regime = hostile.poisoned(Society, SOCIETY), hostile.poisoned(Regime, REGIME)
    assert sum(json.dumps(society).count(json.dumps(string)[1:-1]) > 0 for string in hostile.STRINGS) >= 4
    with pytest.MonkeyPatch.context() as patch:
        use_fake_world(patch.setattr)
        patch.setattr(run, "_load_society", lambda name: (Society.model_validate(society), []))
        patch.setitem(FILES, "sternness", regime)
        result = small(out=tmp_path / "hostile")
        calm = small(out=tmp_path / "calm")
    page, other = (Page(result.report(tmp_path / f"{result.folder.name}.html").read_text()) for result in (result, calm))
    assert shapes(page) == shapes(other)
    assert plain(regime["cite"][0]) in page.text


def test_hostile_names_in_a_folder_stay_text(copy: Path, page: Page) -> None:
    hostile.poison(copy)
    text = write_report(copy).read_text()
    found = Page(text)
    here, there = shapes(found), shapes(page)
    grown = {"a", "article", "ol", "details", "summary", "thead", "tbody", "table", "figcaption", "script"}  # the told lives
    assert {tag: here[tag] for tag in here if tag not in grown} == {tag: there[tag] for tag in here if tag not in grown}
    assert here["script"] == len([s for s in found.all("script") if s.get("type") == "application/json"]) + 2
    for string in hostile.STRINGS:
        assert " ".join(plain(string).split()) in found.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u2028\u2029]", text)
    for attributes in found.all("script"):
        if attributes.get("type") == "application/json":
            assert re.search(rf'id="{attributes["id"]}">[^<]*</script>', text)


def test_json_in_the_page_cannot_end_its_script() -> None:
    for string in hostile.STRINGS:
        written = str(script_json({string: [string]}))
        assert not set("<>&'\u2028\u2029") & set(written) and json.loads(written) == {string: [string]}


def test_a_spreadsheet_finds_no_formula() -> None:
    written = csv_text(("world", "n"), [{"world": sign + "1+1", "n": -1} for sign in "=+-@\t"])
    assert all(row[0].startswith("'") and row[1] == "-1" for row in list(csv.reader(io.StringIO(written)))[1:])


def test_stories_without_the_right_form_are_left_out() -> None:
    for told in (None, {}, "x", [None], [{}], [{"kind": "a", "person": "x"}], [[1]], [{"person": 1, "points": 5}]):
        assert cleaned_stories(told) == []


# Refusals and pictures -----------------------------------------------------------------------------------------------
def test_a_damaged_folder_leaves_the_old_page_as_it_is(copy: Path) -> None:
    before = write_report(copy).read_bytes()
    with (copy / "acts.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(Refused, match="other content than the run wrote"):
        write_report(copy)
    with pytest.raises(Refused, match="other content than the run wrote"):
        write_figures(copy)
    assert (copy / "report.html").read_bytes() == before and not (copy / FIGURES).exists()


def test_a_page_is_not_written_through_a_link_nor_over_a_folder(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (copy / "report.html").symlink_to(tmp_path / "mine.txt")
    (copy / "report.html.partial").symlink_to(tmp_path / "mine.txt")
    write_report(copy)
    assert (tmp_path / "mine.txt").read_text() == "mine" and not (copy / "report.html").is_symlink()
    for out in (tmp_path, tmp_path / "nowhere" / "page.html"):
        with pytest.raises(Refused):
            write_report(copy, out)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_figures_are_drawn_without_a_browser(copy: Path, kind: str) -> None:
    paths = write_figures(copy, kind)
    pictures = [path for path in paths if path.suffix == f".{kind}"]
    assert len(pictures) >= 17 and {path.stem for path in paths if path.suffix == ".csv"} == {path.stem for path in pictures}
    start = b"<svg" if kind == "svg" else b"\x89PNG"
    assert all(path.read_bytes().startswith(start) for path in pictures)
    if kind == "svg":
        texts = [path.read_text() for path in pictures]
        assert all("Synthetic people" in text for text in texts)
        for text in texts:
            assert all(f'id="{name}"' in text for name, _, _ in charts.TEXTURE.findall(text))
    with pytest.raises(Refused, match="--figures svg or png"):
        write_figures(copy, "gif")


def test_the_command_writes_the_page_and_refuses_in_words(copy: Path) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "singlestep", "report", *arguments], capture_output=True, text=True)

    done = command(str(copy))
    assert done.returncode == 0 and done.stdout == f"Report: {copy / 'report.html'}\n" and not done.stderr
    (copy / "summary.json").write_text("{}")
    bad = command(str(copy))
    assert bad.returncode == 2 and not bad.stdout
    assert "singlestep run sternness" in bad.stderr and "Traceback" not in bad.stderr


# Colours -------------------------------------------------------------------------------------------------------------
def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_on_light_and_on_dark() -> None:
    for colour in (charts.INK, charts.SOFT, *charts.WORLDS):
        assert contrast(colour, charts.PAPER) >= 4.5
        assert contrast(charts.DARK[colour], charts.DARK[charts.PAPER]) >= 4.5
    assert set(charts.FILLS) <= set(charts.DARK)


def test_each_world_has_a_dash_and_a_shape_of_its_own() -> None:
    assert len({str(dash) for dash in charts.DASHES}) == len(set(charts.SHAPES)) == len(set(charts.WORLDS)) == 6


def test_parts_that_are_stacked_have_a_texture_each() -> None:
    """Six textures, each a drawing of its own, on the colours of the ladder; and the page has all that its figures name."""
    fills = [charts.textured(place, colour) for place, colour in enumerate(charts.ladder_colours(6))]
    drawn = charts.textures(" ".join(fills))
    tiles = re.findall(r'<pattern id="([^"]+)".*?(?:<path d="([^"]*)".*?)?</pattern>', drawn)
    assert [f"url(#{name})" for name, _ in tiles] == sorted(fills) and len({lines for _, lines in tiles}) == 6
    assert charts.textures("url(#texture-9-000000) <script>") == "<defs></defs>"


def test_the_page_holds_every_texture_that_it_names(page: Page) -> None:
    named = {name for script in page.scripts for name, _, _ in charts.TEXTURE.findall(script)}
    assert named == {pattern["id"] for pattern in page.all("pattern")} and len(named) >= 3


def test_classes_can_be_told_apart_by_lightness_alone() -> None:
    steps = [contrast(colour, "#000000") for colour in charts.ladder_colours(6)]
    assert steps == sorted(steps, reverse=True) and all(a / b > 1.15 for a, b in itertools.pairwise(steps))
