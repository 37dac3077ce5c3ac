"""Tables of indicators: a CSV file beside the regime, one rule a row.

Columns: `id`, `source` (a source, or `any`), `act`, `points` (a number, or a range such as `-5 to -2`), and of
`sees`, `words`, `enters`, `fine`, `cap`, `window`, `expires`, `counts_from`, `known`, `behaviour`, `size` and `cite` as many
as are needed. `sees` is the chance that the act leaves a record with the source, as in the source's own `sees`; each
pair of source and act says it at most once. Up to 200,000 rules.
"""

from __future__ import annotations

import re
from typing import Any

from singlestep.quantities import Basis, Quantity, days
from singlestep.regime.complaints import show
from singlestep.regime.csv_tables import (
    BASIS,
    LONGEST_WORDS,
    CellError,
    Kind,
    Table,
    basis_in,
    choice,
    identifier,
    number,
    path_beside,
    text_of,
    whole_number,
    with_lines,
)
from singlestep.regime.schema import Cap, Regime, Rule
from singlestep.regime.whole import KeyPath, Whole
from singlestep.words import errors as words

POINTS = re.compile(r"([-+]?[0-9]{1,5})(?: to ([-+]?[0-9]{1,5}))?")
MOST_RULES = 200_000
MOST_POINTS = 10_000
WRITTEN = set(Rule.model_fields) - {"set_class", "repeat"}


def joined_to(regime: Regime, whole: Whole) -> tuple[Regime, Whole]:
    """The regime with what its table says, and the whole with the lines of that. Raises `Refused`."""
    if regime.indicators is None:
        return regime, whole
    path = path_beside(regime.indicators, whole, INDICATORS)
    table = _Indicators(INDICATORS, path, regime.rules, ("rules",), whole, regime)
    rules, lines = table.read()
    places: dict[KeyPath, int] = {("rules", name): line for name, line in lines.items()}
    places |= {("sources", source, "sees", act): line for (source, act), line in table.sees_line.items()}
    sources = {
        name: source.model_copy(update={"sees": {**source.sees, **table.sees[name]}}) if name in table.sees else source
        for name, source in regime.sources.items()
    }
    more = regime.model_copy(update={"rules": {**regime.rules, **rules}, "sources": sources})
    return more, with_lines(whole, path, places)


class _Indicators(Table[Rule]):
    """One table of indicators while it is read."""

    def __init__(self, *given: Any) -> None:
        *rest, self.regime = given
        super().__init__(*rest)
        self.sees: dict[str, dict[str, Quantity]] = {}
        self.sees_line: dict[tuple[str, str], int] = {}
        self.bases: dict[tuple[str | None, ...], Basis] = {}

    def make(self, name: str, cells: dict[str, Any], line: int) -> Rule | None:
        """The rule in the cells."""
        before = len(self.complaints)
        source, enters = cells["source"], cells.get("enters")
        if source is not None and source != "any":
            self.known("source", source, self.regime.sources, words.THE_REGIME, line)
        if enters is not None:
            self.known("list", enters, self.regime.lists, words.THE_REGIME, line)
        if source == "any" and cells.get("sees") is not None:
            self.complain(line, words.ANY_SEES, name=show(name))
        if not (cells["points"] or cells.get("fine") or enters) and len(self.complaints) == before:
            self.complain(line, words.ROW_CHANGES_NOTHING, name=show(name))
        return self._made(cells) if len(self.complaints) == before else None

    def _made(self, cells: dict[str, Any]) -> Rule:
        """The rule, not validated a second time: building 160,000 of them takes most of the loading."""
        source, basis = cells["source"], tuple(cells.get(key) for key in BASIS)
        if basis not in self.bases:
            self.bases[basis] = basis_in(cells) or Basis()
        return Rule.model_construct(
            WRITTEN,
            words=cells.get("words"),
            seen_by="any" if source == "any" else [source],
            act=cells["act"],
            points=cells["points"],
            set_class=None,
            enters=cells.get("enters"),
            fine=cells.get("fine") or 0,
            cap=cells.get("cap"),
            repeat=None,
            window=cells.get("window"),
            expires=cells.get("expires"),
            counts_from=cells.get("counts_from") or "record",
            known=cells.get("known") is not False,
            basis=self.bases[basis],
        )

    def take(self, row: list[str], line: int) -> None:
        """Note what the row's source sees."""
        if "sees" not in self.columns or not (text := row[self.columns.index("sees")]):
            return
        source, act = row[self.columns.index("source")], row[self.columns.index("act")]
        if act in self.regime.sources[source].sees or (source, act) in self.sees_line:
            file, where = self.file, self.sees_line.get((source, act), 0)
            if not where:
                file, where = self.whole.place(("sources", source, "sees", act))
            place = words.PLACE_LINE.format(file=file, line=where)
            self.complain(line, words.SEES_TWICE, source=source, act=act, where=place)
        self.sees.setdefault(source, {})[act] = self.cell("sees", text, line)
        self.sees_line[source, act] = line


# The cells -----------------------------------------------------------------------------------------------------------
def _points(text: str) -> int | tuple[int, int]:
    match = POINTS.fullmatch(text)
    if match is None:
        raise CellError(words.CELL_POINTS, "-5")
    low, high = int(match[1]), int(match[2] or match[1])
    if max(abs(low), abs(high)) > MOST_POINTS or low > high:
        raise CellError(words.CELL_POINTS, "-5", f"{high} to {low}" if low > high else None)
    return low if match[2] is None else (low, high)


def _duration(text: str) -> str:
    try:
        days(text)
    except ValueError:
        raise CellError(words.CELL_DURATION, "30 days") from None
    return text


def _cap(text: str) -> Cap:
    return Cap(points=whole_number(1, MOST_POINTS, words.CELL_COUNT)(text))


def _share(text: str) -> Quantity:
    return Quantity(value=number(1, words.CELL_SHARE, "0.5")(text))


INDICATORS = Kind(
    key="indicators",
    table=words.TABLE_OF_INDICATORS,
    each=words.EACH_INDICATOR,
    one=words.ONE_RULE,
    owner=words.A_REGIME,
    several=words.RULES,
    most_rows=MOST_RULES,
    needed=("id", "source", "act", "points"),
    readers={
        "id": identifier("late-payment"),
        "source": identifier("any"),
        "act": identifier("misses-payment"),
        "points": _points,
        "sees": _share,
        "words": text_of(LONGEST_WORDS),
        "enters": identifier("debtors"),
        "fine": whole_number(0, 15, words.CELL_LEVEL),
        "cap": _cap,
        "window": _duration,
        "expires": _duration,
        "counts_from": choice(("record", "act")),
        "known": lambda text: choice(("true", "false"))(text) == "true",
        **BASIS,
    },
)
