"""The report of a run: one HTML file that needs no network, and its figures as pictures.

Nothing heavy is loaded before a report is asked for.
"""

from __future__ import annotations

from pathlib import Path

PAGE = "report.html"
FIGURES = "figures"
KINDS = ("svg", "png")


def write_report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the page of a run folder, into the folder or as the file `out`; whole or not at all. Returns its path.

    The same folder gives the same bytes. Raises `singlestep.regime.complaints.Refused` when the folder is not as the run
    wrote it, or the page cannot be written.
    """
    from singlestep.report.data import Data
    from singlestep.report.page import render
    from singlestep.study.folder import open_folder, write_whole

    opened = open_folder(folder)
    page = render(Data(opened)).encode()
    path = opened.path / PAGE if out is None else Path(out)
    write_whole(path, page)
    return path


def write_figures(folder: str | Path, kind: str = "svg", out: str | Path | None = None) -> list[Path]:
    """Write each figure of a run as a picture (`kind` is svg or png) and its data as CSV, without a browser.

    They go into `out`, or into `figures` inside the run folder. Returns the paths. Raises
    `singlestep.regime.complaints.Refused` as `write_report` does, and for any other kind.
    """
    from singlestep.report.pictures import written

    return written(Path(folder), kind, out)
