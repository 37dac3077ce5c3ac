"""Runs: the folder they leave, their summary and tables. The world is a stand-in that counts what is not lived."""

from __future__ import annotations

import ast
import copy
import errno
import json
import os
import time
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from singlestep.engine import rows, tallies
from singlestep.engine.calendar import is_first_of_month
from singlestep.measures.counts import Counted, Names, Ratio, compared, measured
from singlestep.regime.complaints import Refused
from singlestep.regime.schema import Regime
from singlestep.society.schema import Society
from singlestep.study import arguments, expecting, folder, run, summary, tables
from singlestep.study.provenance import citations
from singlestep.study.resume import resume
from singlestep.words import findings as finding_words
from singlestep.words import measures as measure_words

SOCIETY = {
    "format": "singlestep-society 1",
    "name": "hamlet",
    "words": "A made-up hamlet",
    "households": {"templates": ["PPCC MM EE YYYY MMMM"]},
    "acts": {
        "litters": {"words": "drops litter", "domain": "street", "rate": 3, "harm": "minor"},
        "speaks": {"words": "speaks up", "domain": "speech", "rate": 2, "protected": "speech", "topic": "work"},
        "walks": {"words": "goes for a walk", "domain": "leisure", "rate": 9},
    },
    "services": {
        "loan": {"words": "asks for a loan", "domain": "finance", "rate": 1},
        "flight": {"words": "books a flight", "domain": "travel", "rate": 2},
    },
}
REGIME: dict[str, Any] = {
    "format": "singlestep-regime 1",
    "name": "sternness",
    "words": "A stern regime",
    "cite": ["A source"],
    "sources": {
        "wardens": {"words": "wardens", "body": "police", "sees": {"litters": {"value": 0.5, "range": [0.1, 0.9]}}}
    },
    "points": {"start": 100, "low": 0, "high": 200},
    "rules": {"litter": {"act": "litters", "points": -10}},
    "ladder": {"classes": [{"name": "Good", "floor": 80}, {"name": "Poor"}]},
    "lists": {"blacklist": {"words": "the blacklist", "entry": {"at_or_below": "Poor"}}},
    "gates": {"loan": {"classes": ["Poor"], "lists": ["blacklist"]}},
}
LAW = {"format": "singlestep-regime 1", "name": "ordinary-law", "words": "Fines and courts"}
NONE = {"format": "singlestep-regime 1", "name": "none", "words": "No regime at all"}
FILES = {"sternness": REGIME, "ordinary-law": LAW, "none": NONE}


REAL_WORLD = run.world_class


class FakeWorld:
    """A world whose tallies grow by fixed random steps; it has the shape of the real one and none of its meaning."""

    pause = 0.0
    blocks: list[Any]

    def __init__(
        self, society: Society, regime: Regime, people: int, seed: int, threads: int = 1, follow: bool = False,
        trace: Any = None, examples: bool = False, spool: Any = None,
    ) -> None:  # fmt: skip
        self.day, self.society, self.blocks = 0, society, []
        self.examples = SimpleNamespace(candidates=lambda: {"silenced": [3, 1]})
        self.draws = np.random.default_rng([seed, len(regime.rules)])
        sizes = (len(society.acts), len(regime.sources), len(regime.rules), len(society.services), len(regime.lists))
        rungs = len(regime.ladder.classes) if regime.ladder else 1
        self.tallies = tallies.empty(tallies.shapes(*sizes, rungs))
        self.steps = {name: self.draws.integers(0, 5, table.shape) for name, table in self.tallies.items()}
        self.points = self.draws.integers(0, 200, people)
        self.clean = self.points + 1
        self.tie, self.board = np.zeros(people, np.int32), self.points.astype(np.int16)
        self.lists = self.clean_lists = (self.points < 80) * min(1, len(regime.lists))
        self.need = self.fear = self.awareness = np.ones(people, np.uint8)
        self.income, self.minority = np.arange(people) % 5, np.arange(people) % 2 == 1
        self.people = people

    def trait(self, name: str) -> Any:
        return np.arange(self.people) % 2

    def settles_today(self) -> bool:
        return is_first_of_month(self.day)

    def need_and_board(self, persons: Any) -> Any:
        return np.stack([self.need[persons], self.board[persons]], axis=1).astype(np.int64)

    def traced_rows(self) -> Any:
        return np.zeros((0, len(rows.COLUMNS)), np.int32)

    def standings(self) -> tuple[Any, Any]:
        return np.zeros(self.people, np.int64), np.where(self.points < 80, 3, 0)

    @property
    def acts_digest(self) -> Any:
        return self.points

    @property
    def days_digest(self) -> Any:
        return np.arange(self.day) * self.steps["flow"].sum()

    @property
    def changes(self) -> Any:
        return np.array([[5, 7, 1, 0]])

    def step(self) -> bool:
        time.sleep(self.pause)
        self.day += 1
        for name, table in self.tallies.items():
            if not name.startswith("stock"):
                table += self.steps[name]
        return False

    def finish(self) -> None:
        for name, table in self.tallies.items():
            if name.startswith("stock"):
                table += self.steps[name]
        self.tallies["stock_people"][:] = self.people // 10

    def state_hash(self) -> str:
        return f"{int(self.points.sum()) + self.day:032x}"

    @staticmethod
    def forecast(society: Society, regime: Regime, people: int, days: int) -> dict[str, int]:
        return {"memory": 14 * people}

    @staticmethod
    def pace(society: Society, regime: Regime, people: int, follow: bool) -> float:
        return 1e-6 * people


def use_fake_world(put: Any = setattr) -> None:
    """Let runs use the stand-in and the files above."""
    put(run, "world_class", lambda progress=None: FakeWorld)
    put(run, "_load_regime", lambda name, society: (Regime.model_validate(FILES[str(name)]), []))
    put(run, "_load_society", lambda name: (Society.model_validate(SOCIETY), []))


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_fake_world(monkeypatch.setattr)
    monkeypatch.chdir(tmp_path)


def small(**changes: Any) -> run.Run:
    return run.run("sternness", **{"people": 1000, "years": 1, **changes})


# The whole -----------------------------------------------------------------------------------------------------------
def test_a_run_leaves_a_whole_folder_that_says_what_was_run() -> None:
    result = small()
    assert result.folder == Path("runs/sternness-coast-1000-seed1".replace("coast", "hamlet"))
    assert folder.is_whole(result.folder)
    manifest = folder.read_manifest(result.folder)
    assert manifest == result.manifest and manifest["state"] == "complete"
    assert manifest["command"].startswith("singlestep run sternness --society coast --people 1000")
    assert set(manifest["versions"]) == {"singlestep", "python", "numpy", "numba", "polars"}
    assert json.loads(manifest["inputs"]["regime"]["resolved"])["name"] == "sternness"
    assert set(manifest["files"]) == {path.name for path in result.folder.iterdir()} - {"manifest.json"}
    for name, table in result.tables.items():
        assert pl.read_parquet(result.folder / f"{name}.parquet").equals(table)


def test_a_changed_file_makes_the_folder_not_whole() -> None:
    result = small()
    (result.folder / "summary.json").write_text("{}")
    assert not folder.is_whole(result.folder)


def test_the_summary_is_the_same_bytes_each_time() -> None:
    first, second = small(seeds=2, threads=1), small(seeds=2, threads=2)
    assert (first.folder / "summary.json").read_bytes() == (second.folder / "summary.json").read_bytes()
    assert first.folder != second.folder
    states = first.summary["states"]
    assert [(state["seed"], state["world"]) for state in states] == [(s, w) for s in (1, 2) for w in ("regime", "twin")]
    assert first.manifest["states"] == states and first.state_hash() == second.state_hash()


def test_every_table_has_seed_and_world_first() -> None:
    result = small(seeds=2)
    for table in result.tables.values():
        assert table.columns[:2] == ["seed", "world"]
        if len(table):
            assert set(table["seed"]) == {1, 2} and set(table["world"]) <= {"regime", "twin"}
    assert result.people.height == 4 * 1000
    assert set(result.classes["month"]) == set(range(1, 13))


def test_months_add_up_to_the_whole() -> None:
    result = small(years=2)
    door = result.monthly.filter(pl.col("part") == "door", pl.col("world") == "regime")
    for measure in ("asked", "begun", "erroneous"):
        months = door.filter(pl.col("measure") == measure)
        whole = result.doors.filter(pl.col("measure") == measure, pl.col("world") == "regime")
        assert months["value"].sum() == whole["value"].sum()
        assert set(months["month"]) == set(range(1, 25))


def test_no_table_of_people_above_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_PEOPLE", 999)
    assert "people" not in small().tables


@pytest.mark.parametrize(("regime", "twin", "expected"), [
    ("sternness", True, "ordinary-law"), ("ordinary-law", True, "none"), ("sternness", False, None),
    ("none", "sternness", "sternness"),
])  # fmt: skip
def test_the_twin(regime: str, twin: bool | str, expected: str | None) -> None:
    result = run.run(regime, people=1000, years=1, twin=twin)
    assert [world["name"] for world in result.summary["worlds"]] == [regime, *([expected] if expected else [])]
    assert result.summary["base"] == ("twin" if expected else None)
    assert result.findings() and result.heading()


def test_findings_show_counts_and_are_few() -> None:
    for seeds in (1, 3):
        result = small(seeds=seeds)
        sentences = result.findings()
        assert 8 <= len(sentences) <= 15
        assert all(" of " in sentence for sentence in sentences)
        assert any("interval" in sentence for sentence in sentences) == (seeds > 1)
        assert "synthetic" in " ".join(result.cautions()) and "legal finding" in " ".join(result.cautions())


def test_one_seed_has_no_interval_and_three_have() -> None:
    for seeds in (1, 3):
        row = small(seeds=seeds).summary["measures"]["erroneous"]["rows"]["all"]["differences"]["regime"]
        assert row["seeds"] == seeds
        assert (row["interval"] is None) == (seeds == 1)


def test_two_seeds_show_no_interval_in_words() -> None:
    result = small(seeds=2)
    text = " ".join(result.findings())
    assert "percentage points." in text and "interval" not in text
    assert finding_words.TWO_SEEDS in " ".join(result.cautions())


def with_one_row(told: dict[str, Any], measure: str, **row: Any) -> str:
    """The sentence of this measure when its row over everyone is changed."""
    told = copy.deepcopy(told)
    told["measures"][measure]["rows"][measure_words.ALL].update(row)
    return summary.findings(told)[list(finding_words.FINDINGS).index(measure)]


def test_nothing_to_count_and_no_difference_are_said_in_words() -> None:
    told = small(seeds=3).summary
    nothing = {"numerator": 0, "denominator": 0, "value": None}
    for measure in finding_words.FINDINGS:
        worlds = {"regime": nothing, "twin": nothing}
        sentence = with_one_row(told, measure, worlds=worlds, differences={"regime": None})
        assert sentence.endswith(" Under ordinary-law: nothing to count.") and "0 of 0" not in sentence
    same = {"mean": 0.0, "interval": [0.0, 0.0], "seeds": 3}
    assert with_one_row(told, "erroneous", differences={"regime": same}).endswith(" No difference in any of 3 seeds.")


def test_a_run_in_a_notebook() -> None:
    result = small()
    assert "<ul>" in result._repr_html_() and "made-up town" in result._repr_html_()
    assert result.citations() == ["A source"]
    assert "doors" in dir(result) and "sternness" in repr(result)
    with pytest.raises(AttributeError, match="its tables are"):
        _ = result.windows


def test_every_table_becomes_a_pandas_frame() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    result = small()
    for name, table in result.tables.items():
        frame = table.to_pandas()
        assert list(frame.columns) == table.columns and len(frame) == table.height, name


def test_no_world_is_left_when_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: weakref.WeakSet[FakeWorld] = weakref.WeakSet()

    class Heavy(FakeWorld):
        def __init__(self, *given: Any, **named: Any) -> None:
            assert not alive
            super().__init__(*given, **named)
            self.blocks = [self]  # as the blocks of the real one know their world
            alive.add(self)

    monkeypatch.setattr(run, "world_class", lambda progress=None: Heavy)
    small(seeds=2)


def test_progress_counts_all_days() -> None:
    seen: list[tuple[int, int]] = []
    small(seeds=2, progress=lambda done, total, text: seen.append((done, total)))
    assert seen[-1] == (6 * 365, 6 * 365)  # regime, twin, and the regime without errors
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_run_of_the_real_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "world_class", REAL_WORLD)
    first, second = small(), small(threads=2)
    assert folder.is_whole(first.folder) and first.summary == second.summary
    assert first.people.height == 2000 and first.people["points"].dtype == pl.Int64
    begun = first.summary["measures"]["erroneous"]["rows"]["all"]["worlds"]["regime"]
    assert begun["denominator"] > 0
    doors = first.people.filter(pl.col("world") == "regime", pl.col("doors_shut") == "loan").height
    shut = first.summary["measures"]["shut at the end"]["rows"]["door loan"]["worlds"]["regime"]
    assert shut["numerator"] == doors and shut["denominator"] == 1000
    published = first.people.filter(pl.col("world") == "regime", pl.col("board") < 80).height
    assert first.summary["measures"]["class at the end"]["rows"]["class Poor"]["worlds"]["regime"]["numerator"] == published
    today = first.people.filter(pl.col("world") == "regime", pl.col("shown") < 80)
    assert set(today["class"]) == {"Poor"}


# Arguments -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("changes", "text"), [
    ({"people": 999}, "1000 or more"), ({"people": 2**31}, "2147483647 or fewer"), ({"people": "many"}, "whole number"),
    ({"people": 1e3}, "whole number"), ({"people": True}, "whole number"), ({"years": 0}, "between 1 and 100"),
    ({"seed": -1}, "between 0"), ({"seeds": 0}, "between 1"), ({"seed": 2**64 - 1, "seeds": 2}, "lower first seed"),
    ({"threads": 0}, "between 1 and 256"), ({"society": 5}, "a name or the path"),
    ({"society": " "}, "a name or the path"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_what_to_write(changes: dict[str, Any], text: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        small(**changes)
    assert text in str(refused.value) and "Write:" in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_more_people_than_memory_holds_are_refused_with_the_number_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expecting, "memory", lambda plan, worlds, people, processes: 80 * people)
    monkeypatch.setattr(arguments, "free_memory", lambda: 1_000_000)
    with pytest.raises(Refused, match=r"at most 11,\d\d\d people"):
        small(people=70_000)
    small(people=11_000)
    monkeypatch.setattr(arguments, "free_memory", lambda: 1_000)
    with pytest.raises(Refused, match="too little"):
        small()


def test_free_memory_heeds_the_control_group(tmp_path: Path) -> None:
    for name, text in (
        ("memory.max", "5000"),
        ("memory.current", "3000"),
        ("memory.stat", "anon 1\ninactive_file 500"),
    ):
        (tmp_path / name).write_text(text)
    assert arguments.free_memory(tmp_path) == 2500
    (tmp_path / "memory.max").write_text("max")
    assert arguments.free_memory(tmp_path) > 2500


# The folder ----------------------------------------------------------------------------------------------------------
def test_what_stands_in_the_way_of_a_folder_is_told_before_anything_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "world_class", lambda progress=None: pytest.fail("it began to compile"))
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path, tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Refused):
            small(out=out)
    assert (tmp_path / "file").read_text() == "mine" and not (tmp_path / "below").exists()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "note.txt").write_text("mine")
    with pytest.raises(Refused, match="taken-2"):
        small(out=taken)
    with pytest.raises(Refused, match="a file of this name"):
        small(out=taken / "note.txt")
    assert [path.name for path in taken.iterdir()] == ["note.txt"]
    (tmp_path / "empty").mkdir()
    assert folder.is_whole(small(out=tmp_path / "empty").folder)


def assert_not_whole(path: Path) -> None:
    assert not folder.is_whole(path)
    manifest = path / "manifest.json"
    if manifest.exists():
        assert json.loads(manifest.read_text())["state"] == "incomplete"


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_never_leaves_a_folder_that_looks_whole(
    call: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    honest, failures = getattr(os, call), 0
    while True:
        left = [failures]

        def failing(*given: Any, left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(errno.ENOSPC, "No space left on device")
            return honest(*given)

        with monkeypatch.context() as patch:
            patch.setattr(folder.os, call, failing)
            try:
                done = small(out=tmp_path / f"out{failures}", twin=False)
            except Refused as refused:
                assert "no room left on the disk" in str(refused)
                assert_not_whole(tmp_path / f"out{failures}")
                assert not list((tmp_path / f"out{failures}").glob("*.partial"))
                failures += 1
                continue
        break
    assert folder.is_whole(done.folder)
    assert failures >= len(done.manifest["files"]) + 2


def test_being_stopped_while_writing_leaves_an_incomplete_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    honest, calls = os.replace, [0]

    def stopping(*given: Any) -> None:
        calls[0] += 1
        if calls[0] == 5:
            raise KeyboardInterrupt
        honest(*given)

    monkeypatch.setattr(folder.os, "replace", stopping)
    with pytest.raises(run.Stopped) as stopped:
        small(out=tmp_path / "out")
    assert stopped.value.folder == tmp_path / "out"
    assert_not_whole(tmp_path / "out")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="could not be written"):
        small(out=tmp_path / "file" / "below")
    with pytest.raises(Refused):
        small(out="a\0b")


# Measures ------------------------------------------------------------------------------------------------------------
def counted(years: int = 1) -> Counted:
    society, regime = Society.model_validate(SOCIETY), Regime.model_validate(REGIME)
    world = FakeWorld(society, regime, 1000, 1)
    for _ in range(3):
        world.step()
    world.finish()
    return Counted(Names.of(society, regime), world.tallies, 1000, years)


def test_every_measure_is_named_and_explained() -> None:
    world = counted()
    for name in [*measured(world), *compared(world, world)]:
        assert summary._about(name)["words"] and summary._about(name)["formula"]


def test_findings_name_measures_that_exist() -> None:
    rows = measured(counted())
    for measure in finding_words.FINDINGS:
        assert measure_words.ALL in rows[measure]


def test_parts_add_up_to_all() -> None:
    rows = measured(counted())
    for name in ("erroneous", "missed", "refused", "for another, a year"):
        for prefix, parts in (("income", 5), ("group", 2)):
            of = [ratio for label, ratio in rows[name].items() if label.startswith(prefix)]
            assert len(of) == parts
            assert sum(ratio.numerator for ratio in of) == rows[name][measure_words.ALL].numerator
            assert sum(ratio.denominator for ratio in of) == rows[name][measure_words.ALL].denominator


def test_measures_by_hand() -> None:
    world = counted(years=2)
    for table in world.tallies.values():
        table[:] = 0
    world.tallies["stock_people"][:] = 100
    door, act = tallies.column(tallies.DOOR), tallies.column(tallies.ACT)
    world.tallies["door"][0, door["begun"], 3] = 8
    world.tallies["door"][0, door["erroneous"], 3] = 2
    world.tallies["act"][1, [act["taken"], act["silenced"]]] = 30, 10
    world.tallies["cause"][:2, 0] = 90, 10
    world.tallies["source"][0, :4] = 5, 1, 0, 4
    rows = measured(world)
    assert rows["erroneous"]["all"] == Ratio(2, 8) and rows["erroneous"]["all"].value == 0.25
    assert rows["erroneous"]["income lower"] == Ratio(2, 8) and rows["erroneous"]["group minority"] == Ratio(2, 8)
    assert rows["erroneous"]["income lowest"].value is None
    assert rows["erroneous, a year"]["all"] == Ratio(2, 2000, 1000) and rows["erroneous, a year"]["all"].value == 1.0
    assert rows["silence"]["all"] == rows["silence"]["speech"] == rows["silence"]["topic work"] == Ratio(10, 40)
    assert rows["false points"]["all"] == Ratio(10, 100)
    assert rows["records made"]["all"] == Ratio(6, 2000)
    assert rows["cause of records"]["cause missed"] == Ratio(4, 10)
    twin = counted(years=2)
    twin.tallies["act"][:] = 0
    twin.tallies["act"][1, act["taken"]] = 50
    assert compared(world, twin)["fewer protected acts"]["all"] == Ratio(20, 50)
    assert compared(world, twin)["fewer harmful acts"]["all"].value is None


def test_the_interval_is_students() -> None:
    low, high = summary.interval([1.0, 2.0, 3.0]) or (0, 0)
    assert low == pytest.approx(2 - 2.4841377, abs=1e-6) and high == pytest.approx(2 + 2.4841377, abs=1e-6)
    assert summary.interval([1.0]) is None


def test_nothing_below_looks_up_to_the_report_or_the_command() -> None:
    """They know `study`, and it knows neither, but for a result that writes its own report when asked."""
    package = Path(run.__file__).parent.parent
    found = []
    for part in ("engine", "measures", "regime", "rooms", "society", "study", "words"):
        for path in sorted((package / part).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                looks = [name for name in names if name.startswith(("singlestep.report", "singlestep.cli"))]
                found += [(path.relative_to(package).as_posix(), name) for name in looks]
    assert found == [("study/run.py", "singlestep.report")]


def test_sources_are_cited_once_and_guesses_not() -> None:
    sources = {"wardens": {**REGIME["sources"]["wardens"], "basis": {"behaviour": "documented", "cite": "A law"}}}
    more = {"sources": sources, "points": {"basis": {"cite": "a hunch"}}, "remarks": ["All else is guessed"]}
    regime = Regime.model_validate({**REGIME, **more})
    assert citations(regime) == ["A source", "A law"]


def test_points_shown() -> None:
    regime = Regime.model_validate({**REGIME, "spill_over": {"weight": 0.25}})
    shown = tables.shown(regime, np.array([100, 80, 3]), np.array([25, 10, 0]))
    assert shown.tolist() == [100, 70, 2]


# Writes that fail in other ways --------------------------------------------------------------------------------------
def failing_nth(how: str, number: int) -> Any:
    """`os.write` whose n-th call gives an I/O error, takes only a part, or flips a bit without saying so."""
    honest, left = os.write, [number]

    def write(handle: int, data: Any) -> int:
        left[0] -= 1
        if left[0] != -1:
            return honest(handle, data)
        if how == "error":
            raise OSError(errno.EIO, "Input/output error")
        if how == "short":
            return honest(handle, bytes(data)[: len(data) // 2 + 1])
        flipped = bytearray(data)
        flipped[len(flipped) * 2 // 3] ^= 4
        return honest(handle, bytes(flipped))

    return write, left


@pytest.mark.slow
@pytest.mark.parametrize("how", ["error", "short", "flipped"])
def test_a_write_that_fails_ends_in_an_error_or_in_the_right_result(
    how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The n-th write of a run fails, for every n; the run is stopped half way and resumed, so that what it kept is read."""
    right = small(out=tmp_path / "right", twin=False)
    outcomes = {"error": 0, "refused when read": 0, "right": 0}
    for number in range(1_000):
        out, (write, left) = tmp_path / str(number), failing_nth(how, number)
        looks = iter(range(500))

        def stop(done: int, total: int, text: str, looks: Any = looks) -> None:
            if next(looks, None) is None:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(folder.os, "write", write)
            try:
                small(out=out, twin=False, progress=stop)
            except run.Stopped:
                pass
            except Refused as refused:
                assert "could not be written" in str(refused)
                assert_not_whole(out)
                outcomes["error"] += 1
                continue
            try:
                done = resume(out)
            except Refused as refused:
                assert_not_whole(out)
                outcomes["error" if "could not be written" in str(refused) else "refused when read"] += 1
                continue
        try:
            opened = folder.open_folder(out)
            same = all(opened.tables[name].equals(table) for name, table in right.tables.items())
            assert same and opened.summary == right.summary == done.summary
            outcomes["right"] += 1
        except Refused:
            outcomes["refused when read"] += 1
        if left[0] >= 0:  # all writes went by
            break
    assert number > len(right.manifest["files"])
    if how == "error":
        assert outcomes == {"error": number, "refused when read": 0, "right": 1}
    elif how == "short":
        assert outcomes["right"] == number + 1
    else:
        assert outcomes["error"] == 0 and outcomes["refused when read"] >= number - 1 and outcomes["right"] >= 1
