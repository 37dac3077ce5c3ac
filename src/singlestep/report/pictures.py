"""Figures as files: SVG or PNG pictures with their data beside them, drawn by vl-convert without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from singlestep.regime.complaints import Refused, complain, show
from singlestep.report import FIGURES, KINDS, charts, figures
from singlestep.report.data import Data
from singlestep.report.figures import Figure
from singlestep.report.page import csv_text, stories_of
from singlestep.study.folder import make_folder, open_folder, write_whole
from singlestep.study.stories import Story
from singlestep.words import commands as words
from singlestep.words import report as report_words
from singlestep.words import stories as story_words

SCALE = 2  # dots for each pixel of a PNG


def written(folder: Path, kind: str, out: str | Path | None) -> list[Path]:
    """Write all figures of a run folder; see `singlestep.report.write_figures`."""
    if kind not in KINDS:
        raise Refused([complain(words.OTHER_PICTURES, show(kind), 0, kinds=" or ".join(KINDS))])
    opened = open_folder(folder)
    data = Data(opened)
    place = opened.path / FIGURES if out is None else Path(out)
    make_folder(place)
    paths = []
    for number, figure in enumerate(all_figures(data), 1):
        stem = f"{number:02d}-{figure.key}"
        write_whole(place / f"{stem}.{kind}", drawn(figure, kind, data))
        write_whole(place / f"{stem}.csv", csv_text(figure.columns, figure.rows).encode())
        paths += [place / f"{stem}.{kind}", place / f"{stem}.csv"]
    return paths


def all_figures(data: Data) -> Iterator[Figure]:
    """Every figure of the page, in its order."""
    for builders in figures.SECTIONS.values():
        yield from (figure for figure in (builder(data) for builder in builders) if figure is not None)
    for place, story in enumerate(stories_of(data), 1):
        figure = figures.life(data, place, story)
        if figure is not None:
            yield figure
    known = figures.confidence(data)
    if known is not None:
        yield known


def drawn(figure: Figure, kind: str, data: Data) -> bytes:
    """A figure as a picture, with its title and caption inside, and what must be said on every output."""
    import vl_convert

    told = figure.words
    about = {"society": data.summary["society"]["name"], "version": data.summary["singlestep"]}
    says = report_words.UNDER_PICTURES.format(says=told.says, notes=" ".join(figure.notes), **about)
    picture = _svg(figure, told.title, says)
    return bytes(vl_convert.svg_to_png(picture, scale=SCALE)) if kind == "png" else picture.encode()


def write_life(story: Story, days: int, file: str | Path) -> None:
    """Draw the two lives of a story into an SVG file. Raises `Refused`."""
    path = Path(file)
    if path.suffix != ".svg":
        raise Refused([complain(story_words.PICTURE_NAME, show(str(file)), 0, value=show(path.name))])
    write_whole(path, life_drawn(story, days))


def life_drawn(story: Story, days: int) -> bytes:
    """The two lives of a story as an SVG picture: points and doors over time."""
    figure = figures.lived(story.points, story.doors, list(story.points), days)
    assert figure is not None  # points are drawn in any case
    says = report_words.UNDER_LIVES.format(says=figure.words.says, notes=" ".join(figure.notes))
    return _svg(figure, story.title, says).encode()


def _svg(figure: Figure, title: str, says: str) -> str:
    import vl_convert

    picture = str(vl_convert.vegalite_to_svg(charts.picture(figure.panels, title, says)))
    start = picture.index(">") + 1  # of what is inside the svg element
    return picture[:start] + charts.textures(picture) + picture[start:]
