"""What happened, one row an event, with both truths: what stands on file, and what a right file would say.

From the rows traced of everyone (`singlestep.engine.rows`) come two tables: `records` (everything a source wrote down) and
`decisions` (lists entered, doors shut, requests answered). Beside each stands what became of the same thing in the world
compared with: the same person on the same day at the same occasion. Only a simulator knows these; they are here so that
ways of estimating wrongs can be tried where the truth is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from singlestep.engine import draws, letters, tallies
from singlestep.engine import rows as r
from singlestep.engine.telling import MADE_UP, REPORTED
from singlestep.regime.complaints import Refused, complain
from singlestep.regime.schema import Regime
from singlestep.rooms import linked, observed
from singlestep.society.schema import Society
from singlestep.words import commands as words

if TYPE_CHECKING:
    import polars as pl

MOST = 400_000  # person-years over all worlds and seeds: about 1 GB

EVENT = ["author", "act_day", "occasion"]
OCCASION = ["person", *EVENT, "act"]
LETTER = ["person", *EVENT, "act", "source", "cause"]
NOT_MADE = "no rule"  # outcome of a record that no rule of the regime takes


class Events(NamedTuple):
    """What happened in all worlds of a run: see docs/reference.md for the columns."""

    records: pl.DataFrame
    decisions: pl.DataFrame


def of_run(tables: Mapping[str, pl.DataFrame], manifest: dict[str, Any]) -> Events:
    """The events of a run. Raises `Refused` if it kept none."""
    if "records" not in tables or "decisions" not in tables:
        command = str(manifest.get("command", "singlestep run REGIME"))
        raise Refused([complain(words.NO_EVENTS, "events", 0, command=command)])
    return Events(tables["records"], tables["decisions"])


def check_size(people: int, years: int, worlds: int) -> None:
    """Refuse events of more people than a table holds, with the number that fits."""
    if people * years * worlds > MOST:
        fits = MOST // (years * worlds)
        details: dict[str, Any] = {"value": people, "years": years * worlds, "most": MOST, "fits": f"{fits:,}"}
        raise Refused([complain(words.TOO_MANY_EVENTS, "events", 0, **details)])


def raw(rows: NDArray[np.int32]) -> pl.DataFrame:
    """The traced rows as a table of integers."""
    import polars as pl

    return pl.DataFrame({name: np.ascontiguousarray(rows[:, place]) for place, name in enumerate(r.COLUMNS)})


def tables(
    society: Society, regimes: dict[str, Regime], rows: dict[str, NDArray[np.int32]], base: str | None, seed: int
) -> dict[str, pl.DataFrame]:
    """`records` and `decisions` of all worlds of one seed; columns and their meaning stand in docs/reference.md."""
    import polars as pl

    told = {label: raw(of) for label, of in rows.items()}
    found: dict[str, list[pl.DataFrame]] = {"records": [], "decisions": []}
    for label, regime in regimes.items():
        other = told[base] if base is not None and base != label else None
        lists = list(regimes[base].lists) if base is not None else []
        of = _Told(society, regime, told[label], other, lists)
        for name, table in (("records", of.records()), ("decisions", of.decisions())):
            seeds = pl.lit(seed, pl.UInt64).alias("seed")
            found[name].append(table.select(seeds, pl.lit(label).alias("world"), pl.all()))
    return {name: pl.concat(parts) for name, parts in found.items()}


class _Told:
    """One world's rows, and those of the world it is compared with."""

    def __init__(self, society: Society, regime: Regime, rows: Any, base: Any, base_lists: list[str]) -> None:
        self.society, self.regime, self.rows, self.base, self.base_lists = society, regime, rows, base, base_lists
        self.acts, self.doors, self.lists = list(society.acts), list(society.services), list(regime.lists)

    def of(self, what: int, rows: Any = None) -> Any:
        import polars as pl

        return (self.rows if rows is None else rows).filter(pl.col("what") == what)

    # --- records ---
    def records(self) -> pl.DataFrame:
        """Everything that a source wrote down, whether or not it arrived."""
        import polars as pl

        how, cause = pl.col("reason"), pl.col("cause")
        made_up = (how == MADE_UP) | (how == observed.FAKED)
        reported = how == REPORTED
        lost = cause == linked.MISSED
        seen = self.of(r.SEEN).with_columns(
            actor=pl.when(made_up).then(None).when(reported).then(pl.col("author")).otherwise(pl.col("person")),
            informer=pl.when(reported).then(pl.col("person")),
            named=pl.when(lost).then(None).otherwise(pl.col("x")),
            number=pl.int_range(pl.len()),
        )
        seen = self._delivered(seen)
        seen = self._in_base(seen)
        return seen.sort("day", "number").select(
            pl.col("day"),
            pl.col("act_day").alias("done"),
            pl.col("actor"),
            pl.when(made_up).then(None).otherwise(self._name("act", self.acts)).alias("act"),
            pl.when(made_up).then(pl.col("author")).alias("made_up_by"),
            pl.col("informer"),
            self._name("source", list(self.regime.sources)).alias("source"),
            self._name("source", [source.body for source in self.regime.sources.values()]).alias("body"),
            pl.col("named"),
            pl.when(lost).then(None).otherwise(self._name("y", self.acts)).alias("recorded_as"),
            self._name("cause", list(tallies.CAUSES)).alias("cause"),
            pl.col("outcome"),
            pl.col("arrived"),
            pl.col("points"),
            pl.col("clean_points"),
            pl.col("bent"),
            *(((pl.col("bits") & bit) != 0).alias(name) for name, bit in _FUNNEL.items()),
            pl.col("in_base"),
        )

    def _delivered(self, seen: Any) -> Any:
        """What came of the record in the file of whom it names, and of the right one in the file of who did it."""
        import polars as pl

        recorded = (pl.col("sides") & letters.RECORDED) != 0
        by_letter = pl.when(pl.col("cause") == linked.BENT).then(linked.TRUE).otherwise(pl.col("cause")).cast(pl.Int32)
        applied = self.of(r.APPLIED).with_columns((pl.col("cause") == linked.BENT).alias("bent"), by_letter.alias("cause"))
        mine = applied.filter(recorded).group_by(LETTER).agg(
            pl.col("day").first().alias("arrived"), pl.col("x").sum().alias("points"), pl.col("bent").any()
        )
        rightly = applied.filter((pl.col("sides") & letters.CLEAN) != 0).group_by(*EVENT, "act", "source", "person").agg(
            pl.col("y").sum().alias("clean_points")
        )
        remedy = self.of(r.REMEDY).group_by(LETTER).agg(pl.col("x").first().alias("bits"))
        away = self.of(r.TURNED_AWAY).filter(recorded & (pl.col("x") == letters.RECORD))
        away = away.group_by(LETTER).agg(pl.col("reason").first().alias("refusal"))
        erased = self.of(r.ERASED).group_by(LETTER).agg(pl.lit(True).alias("erased"))
        key = ["named", *EVENT, "y", "source", "cause"]
        for more in (mine, remedy, away, erased):
            seen = seen.join(more, left_on=key, right_on=LETTER, how="left")
        seen = seen.join(
            rightly, left_on=[*EVENT, "act", "source", "actor"], right_on=[*EVENT, "act", "source", "person"], how="left"
        )
        refusals = dict(enumerate(tallies.REFUSALS))
        return seen.with_columns(
            pl.when(pl.col("cause") == linked.MISSED).then(pl.lit("lost"))
            .when(pl.col("arrived").is_not_null()).then(pl.lit("applied"))
            .when(pl.col("erased")).then(pl.lit("erased"))
            .when(pl.col("refusal").is_not_null())
            .then(pl.col("refusal").replace_strict(refusals, default=None, return_dtype=pl.String))
            .when(self._ruled()).then(pl.lit("under way")).otherwise(pl.lit(NOT_MADE))
            .alias("outcome"),
        )  # fmt: skip

    def _ruled(self) -> Any:
        """Whether some rule takes records of this act from this source."""
        import polars as pl

        from singlestep.regime.tables import meant

        sources = list(self.regime.sources)
        pairs = {
            self.acts.index(rule.act) * 1000 + place
            for rule in self.regime.rules.values()
            for place, source in enumerate(sources)
            if meant(rule, source)
        }
        return (pl.col("y").cast(pl.Int64) * 1000 + pl.col("source")).is_in(sorted(pairs))

    def _in_base(self, seen: Any) -> Any:
        """What became of the same act, or of the same making up, in the world compared with."""
        import polars as pl

        if self.base is None:
            return seen.with_columns(pl.lit(None, pl.String).alias("in_base"))
        here = self.of(r.ACT).unique(OCCASION, keep="first", maintain_order=True)
        here = here.select(*OCCASION, pl.col("arrival").alias("kind"))
        there = self.of(r.ACT, self.base).unique(OCCASION, keep="first", maintain_order=True)
        there = there.select(*OCCASION, self._name("reason", list(tallies.ACT)).alias("became"))
        made = self.of(r.SEEN, self.base).filter(pl.col("reason") == MADE_UP).select(EVENT).unique()
        key = ["actor", *EVENT, "act"]
        seen = seen.join(here, left_on=key, right_on=OCCASION, how="left").join(
            there, left_on=key, right_on=OCCASION, how="left"
        )
        seen = seen.join(made.with_columns(pl.lit(True).alias("made")), on=EVENT, how="left")
        by_clock = pl.col("kind") == draws.OCCASION
        did = pl.coalesce(pl.col("became"), pl.when(by_clock).then(pl.lit("forgone")).otherwise(pl.lit("did not arise")))
        forged = pl.when(pl.col("made")).then(pl.lit("made up")).otherwise(pl.lit("not made up"))
        return seen.with_columns(
            pl.when(pl.col("reason") == MADE_UP).then(forged).when(pl.col("actor").is_not_null()).then(did).alias("in_base")
        )

    # --- decisions ---
    def decisions(self) -> pl.DataFrame:
        """Lists entered, doors shut and requests answered."""
        import polars as pl

        return pl.concat([self._listings(), self._shut(), self._requests()]).sort("day", "person", "kind", "what")

    def _listings(self) -> Any:
        import polars as pl

        rows = self.of(r.LIST)
        entered = rows.filter((pl.col("sides") == letters.RECORDED) & (pl.col("reason") == 0))
        entered = self._until(entered, rows.filter((pl.col("sides") == letters.RECORDED) & (pl.col("reason") == 1)))
        clean = rows.filter(pl.col("sides") == letters.CLEAN)
        entered = _as_of(entered, clean.with_columns((pl.col("reason") != 1).alias("cleanly")), "cleanly")
        in_base = pl.lit(None, pl.String)
        if self.base is not None:
            known = {place: self.base_lists.index(name) for place, name in enumerate(self.lists) if name in self.base_lists}
            there = self.of(r.LIST, self.base).filter(pl.col("sides") == letters.RECORDED)
            there = there.with_columns((pl.col("reason") != 1).alias("there"))
            number = pl.col("rule").replace_strict(known, default=-1, return_dtype=pl.Int32)
            entered = entered.with_columns(number.alias("own"), pl.col("rule").alias("kept")).with_columns(rule="own")
            entered = _as_of(entered, there, "there").with_columns(rule="kept")
            stood = _word("there", "listed", "not listed")
            in_base = pl.when(pl.col("own") < 0).then(pl.lit("no such list")).otherwise(stood)
        wrong = ~pl.col("cleanly").fill_null(False)
        return entered.select(
            *self._decided("listing", self.lists), pl.lit("listed").alias("answer"),
            _word("cleanly", "listed", "not listed").alias("clean_answer"), wrong.alias("erroneous"),
            pl.lit(None, pl.Boolean).alias("mistaken"), *self._trigger(), in_base.alias("in_base"),
        )  # fmt: skip

    def _shut(self) -> Any:
        import polars as pl

        rows = self.of(r.DOOR).filter(pl.col("sides") == letters.RECORDED)
        shut = self._until(rows.filter(pl.col("reason") == 1), rows.filter(pl.col("reason") == 0))
        in_base = pl.lit(None, pl.String)
        if self.base is not None:
            there = self.of(r.DOOR, self.base).filter(pl.col("sides") == letters.RECORDED)
            shut = _as_of(shut, there.with_columns((pl.col("reason") == 1).alias("there")), "there")
            in_base = _word("there", "shut", "open")
        wrong = (pl.col("x") & 1) != 0
        return shut.select(
            *self._decided("door", self.doors), pl.lit("shut").alias("answer"),
            pl.when(wrong).then(pl.lit("open")).otherwise(pl.lit("shut")).alias("clean_answer"), wrong.alias("erroneous"),
            ((pl.col("x") & 2) != 0).alias("mistaken"), *self._trigger(), in_base.alias("in_base"),
        )  # fmt: skip

    def _requests(self) -> Any:
        import polars as pl

        asked = self.of(r.ASKED).with_columns(pl.lit(None, pl.Int32).alias("until"))
        in_base = pl.lit(None, pl.String)
        if self.base is not None:
            there = self.of(r.ASKED, self.base).select(*OCCASION, self._name("reason", list(r.ANSWERS)).alias("there"))
            asked = asked.join(there, on=OCCASION, how="left")
            in_base = pl.col("there").fill_null("not asked")
        refused = r.ANSWERS.index("refused")
        return asked.select(
            *self._decided("request", self.doors), self._name("reason", list(r.ANSWERS)).alias("answer"),
            self._name("y", list(r.ANSWERS)).alias("clean_answer"),
            ((pl.col("reason") == refused) & (pl.col("y") != refused)).alias("erroneous"),
            pl.lit(None, pl.Boolean).alias("mistaken"), pl.lit(None, pl.String).alias("act"),
            pl.lit(None, pl.String).alias("cause"), in_base.alias("in_base"),
        )  # fmt: skip

    def _decided(self, kind: str, names: list[str]) -> list[Any]:
        import polars as pl

        what = self._name("rule", names).alias("what")
        return [pl.lit(kind).alias("kind"), what, pl.col("person"), pl.col("day"), pl.col("until")]

    def _trigger(self) -> list[Any]:
        return [
            self._name("act", self.acts).alias("act"),
            self._name("cause", list(tallies.TRIGGERS)).alias("cause"),
        ]

    @staticmethod
    def _name(column: str, names: list[str]) -> Any:
        """The name that a number stands for; null where it stands for none."""
        import polars as pl

        return pl.col(column).replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)

    @staticmethod
    def _until(begun: Any, ended: Any) -> Any:
        """The day on which what began came to an end; null if it never did."""
        import polars as pl

        ends = ended.select("person", "rule", "day", pl.col("day").alias("until")).sort("day")
        return begun.sort("day").join_asof(
            ends, on="day", by=["person", "rule"], strategy="forward", allow_exact_matches=False, check_sortedness=False
        )


_FUNNEL = {
    "told": r.TOLD_BIT, "knew": r.KNEW_BIT, "appealed": r.FILED_BIT, "won": r.WON_BIT, "wrong": r.WRONG_BIT,
}  # fmt: skip


def _as_of(left: Any, right: Any, column: str) -> Any:
    """How `right` stood for the same person and thing at the end of the day."""
    last = right.select("person", "rule", "day", column).sort("day", maintain_order=True)
    last = last.group_by("person", "rule", "day", maintain_order=True).last().sort("day")
    return left.sort("day").join_asof(last, on="day", by=["person", "rule"], strategy="backward", check_sortedness=False)


def _word(column: str, yes: str, no: str) -> Any:
    import polars as pl

    return pl.when(pl.col(column).fill_null(False)).then(pl.lit(yes)).otherwise(pl.lit(no))
