"""What a run folder says, ready for figures: worlds and their names, and counts pooled over seeds with their intervals.

Every text that comes out of the folder passes through `plain`: it may be anybody's folder.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from singlestep.study import summary
from singlestep.words import measures as about
from singlestep.words import report as words

if TYPE_CHECKING:
    import polars

    from singlestep.study.folder import Opened

Row = dict[str, Any]
EVERYONE = about.ALL
LONGEST_TEXT = 1_000
MOST_MONTHS = 60  # shown in one figure; longer runs are thinned out
MOST_MONTHS_SHORT = 12  # where the page would grow too large
INCOMES = tuple(words.INCOME)
GROUPS = tuple(words.GROUP)
NEEDED = {  # columns that a table of this name must have
    "acts": ("act", "harm", "protected", "measure", "value"),
    "causes": ("cause", "measure", "value"),
    "classes": ("month", "class", "people"),
    "doors": ("door", "measure", "income", "group", "value"),
    "flow": ("measure", "income", "group", "value"),
    "measures": ("measure", "of", "numerator", "denominator", "value"),
    "monthly": ("part", "month", "item", "measure", "value"),
    "people": ("person", "doors_shut"),
    "waiting": ("event", "day", "events"),
    "spells": ("person", "door", "from", "until"),
    "rules": ("rule", "act", "measure", "value"),
    "sources": ("source", "body", "cause", "value"),
}


class Data:
    """A run folder's tables, read for a page. `worlds` are labels in order; `base` is the one compared with, or None."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.short = False  # whether to leave out what can be looked up in the folder, for the sake of the page's size
        self.summary: dict[str, Any] = cleaned(opened.summary)
        self.manifest: dict[str, Any] = cleaned(opened.manifest)
        self._tables: dict[str, polars.DataFrame | None] = {}
        self.people, self.years = int(self.summary["people"]), int(self.summary["years"])
        self.seeds = [int(seed) for seed in self.summary["seeds"]]
        self.names = {str(world["label"]): str(world["name"]) for world in self.summary["worlds"]}
        self.worlds = list(self.names)
        self.base = self.summary.get("base") if self.summary.get("base") in self.names else None
        if len(set(self.names.values())) < len(self.names):  # worlds of one name are told apart by their labels
            self.names = {world: f"{name} ({world})" for world, name in self.names.items()}

    # Worlds ----------------------------------------------------------------------------------------------------------
    def about(self, role: str) -> dict[str, Any] | None:
        """What the summary says of a file: of the society, or of a world's regime."""
        if role == "society":
            return dict(self.summary["society"])
        return next((world for world in self.summary["worlds"] if world["label"] == role), None)

    @property
    def subjects(self) -> list[str]:
        """The worlds that are looked at: all but the one compared with, if there are several."""
        return [world for world in self.worlds if world != self.base] or self.worlds

    @property
    def ordered(self) -> list[str]:
        """The worlds as figures show them: the ones looked at, then the one compared with."""
        return [*self.subjects, *([self.base] if self.base is not None else [])]

    @property
    def labels(self) -> list[str]:
        """Names of the worlds, in the order of figures."""
        return [self.names[world] for world in self.ordered]

    @property
    def has_intervals(self) -> bool:
        """Whether there are seeds enough for intervals."""
        return len(self.seeds) >= summary.FEWEST_FOR_INTERVALS

    # Tables ----------------------------------------------------------------------------------------------------------
    def table(self, name: str) -> polars.DataFrame | None:
        """A table with its texts made plain; None when the folder has none of this name with the columns it needs."""
        if name not in self._tables:
            self._tables[name] = self._cleaned(name) if name in self.opened.tables else None
        return self._tables[name]

    def _cleaned(self, name: str) -> polars.DataFrame | None:
        import polars as pl

        table = self.opened.tables[name]
        if not {"seed", "world", *NEEDED.get(name, ())} <= set(table.columns):
            return None
        for column in table.columns:
            if table[column].dtype == pl.String:
                kinds = table[column].unique()
                table = table.with_columns(pl.col(column).replace({text: plain(text) for text in kinds if text is not None}))
        return table

    def wide(
        self, name: str, by: Sequence[str], column: str | None = "measure", value: str = "value", part: str | None = None
    ) -> list[Row]:
        """Sums of a long table: one row for each seed, world and `by`, with the measures as columns (None: just "value").

        With `part` only the rows of the table whose "part" is this.
        """
        import polars as pl

        table = self.table(name)
        if table is None:
            return []
        if part is not None:
            table = table.filter(table["part"] == part)
        found: dict[tuple[Any, ...], Row] = {}
        keys = ["seed", "world", *by]
        if column is None:
            sums = table.group_by(keys, maintain_order=True).agg(pl.col(value).sum())
            return [{**row, "value": int(row[value])} for row in sums.iter_rows(named=True)]
        sums = table.group_by([*keys, column], maintain_order=True).agg(pl.col(value).sum())
        for row in sums.select([*keys, column, value]).iter_rows():
            key = row[: len(keys)]
            found.setdefault(key, dict(zip(keys, key, strict=True)))[row[-2]] = int(row[-1])
        return list(found.values())

    def pooled(
        self, rows: Iterable[Row], by: Sequence[str], n: Any, d: Any, times: float = 1, most: float | None = None
    ) -> list[Row]:
        """Counts pooled over seeds, for each world and `by`: n, d, value = times x n / d and its bounds, if any.

        `n` and `d` are functions of a row, `most` is what bounds are cut at. Worlds come in the order of figures, the rest in
        order of appearance.
        """
        groups: dict[tuple[Any, ...], list[tuple[float, float]]] = {}
        for row in rows:
            groups.setdefault((row["world"], *(row[key] for key in by)), []).append((n(row), d(row)))
        ordered = sorted(groups, key=lambda key: self.ordered.index(key[0]) if key[0] in self.ordered else len(self.ordered))
        return [
            {
                "world": self.names.get(world, world),
                **dict(zip(by, rest, strict=True)),
                **ratio(groups[world, *rest], times, most),
            }
            for world, *rest in ordered
        ]

    def measure(self, name: str, keep: Any = None, less: bool = False, times: float | None = None) -> list[Row]:
        """Rows of a measure, pooled, with `item` for what each is about; `keep` says which.

        With `less` what was not counted is counted; `times` takes the place of the measure's own factor.
        """
        table = self.table("measures")
        if table is None:
            return []
        rows = []
        columns = ("seed", "world", "of", "numerator", "denominator", "value")
        for seed, world, of, n, d, value in table.filter(table["measure"] == name).select(columns).iter_rows():
            if keep is None or keep(of):
                rows.append({"seed": seed, "world": world, "item": of, "n": n, "d": d, "value": value})

        def counted(row: Row) -> int:
            return int(row["d"] - row["n"] if less else row["n"])

        is_share = times is None and self.summary["measures"].get(name, {}).get("unit") == about.SHARE
        factor = times_of(rows) if times is None else times
        return self.pooled(rows, ["item"], counted, lambda row: row["d"], factor, 1 if is_share else None)

    def whole(self, name: str) -> dict[str, Row]:
        """The measure over everyone, by world's name."""
        return {row["world"]: row for row in self.measure(name, lambda of: of == about.ALL)}

    def told(self, name: str, of: str = EVERYONE) -> list[Row]:
        """Pooled counts of a measure that only the summary holds, since it takes more than one world."""
        row = self.summary["measures"].get(name, {}).get("rows", {}).get(of, {}).get("worlds", {})
        return [
            {"world": self.names[world], "item": of, "n": row[world]["numerator"], "d": row[world]["denominator"],
             "value": row[world]["value"], "low": None, "high": None}
            for world in self.ordered
            if row.get(world) is not None
        ]  # fmt: skip

    # Months ----------------------------------------------------------------------------------------------------------
    @property
    def month_step(self) -> int:
        """Every how many months a point is shown."""
        months, most = 12 * self.years, MOST_MONTHS_SHORT if self.short else MOST_MONTHS
        return next((step for step in (1, 3, 6, 12, 60, 120) if months // step <= most), 120)

    def is_shown(self, month: int) -> bool:
        """Whether figures show this month."""
        return month % self.month_step == 0


def ratio(pairs: Sequence[tuple[float, float]], times: float = 1, most: float | None = None) -> Row:
    """The ratio of the sums of n and d over the seeds; from three on, bounds of the mean of their ratios, cut at nought where
    none lies below, and at `most`."""
    n, d = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    values = [times * one / whole for one, whole in pairs if whole]
    bounds = summary.interval(values) if len(values) >= summary.FEWEST_FOR_INTERVALS else None
    if bounds is not None and all(value >= 0 for value in values):
        bounds = max(0.0, bounds[0]), bounds[1]
    if bounds is not None and most is not None:
        bounds = bounds[0], min(most, bounds[1])
    return {
        "n": n,
        "d": d,
        "value": significant(times * n / d) if d else None,
        "low": None if bounds is None else significant(bounds[0]),
        "high": None if bounds is None else significant(bounds[1]),
    }


def times_of(rows: Iterable[Row]) -> int:
    """What a measure's ratio is multiplied by, read off its values."""
    for row in rows:
        if row["n"] and row["d"] and row["value"] is not None and math.isfinite(row["value"]):
            return max(1, round(row["value"] * row["d"] / row["n"]))
    return 1


def significant(value: float) -> float:
    """Six significant digits: more would make the page long, and show nothing."""
    return float(f"{value:.6g}")


def cleaned(content: Any) -> Any:
    """JSON content with every text made plain, keys included."""
    if isinstance(content, dict):
        return {plain(str(key)): cleaned(value) for key, value in content.items()}
    if isinstance(content, list):
        return [cleaned(value) for value in content]
    return plain(content) if isinstance(content, str) else content


def plain(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text on one line in which every sign can be seen, shortened if it is very long.

    What cannot be printed is escaped: signs that turn the direction of writing, hide, or are half a character.
    """
    short = text if len(text) <= longest else text[: longest - 3] + "..."
    if short.isprintable():
        return short
    return "".join(sign if sign.isprintable() else " " if sign in "\n\t" else ascii(sign)[1:-1] for sign in short)
