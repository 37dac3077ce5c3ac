"""The command line: demo, run, compare, sweep, resume, branch, report, story, read, check, list. Its words:
`singlestep.words.commands`.

Exit codes: 0 done, 1 output not taken, 2 something was refused, 70 a fault of the program, 130 Ctrl-C.
"""

from __future__ import annotations

import functools
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from singlestep.words import commands as words
from singlestep.words import stories as story_words

if TYPE_CHECKING:
    from singlestep.study.run import Progress, Run

TRACEBACK = "SINGLESTEP_TRACEBACK"
NOT_TAKEN, REFUSED, FAULT, INTERRUPTED = 1, 2, 70, 130
SECONDS_BETWEEN_LINES = 60  # about the progress, where no terminal shows it all the time

app = typer.Typer(
    help=words.HELP,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(heard: Any = None) -> None:
    """Run the command line and leave with its exit code; a traceback is shown only when asked for. `heard` is what answers
    Ctrl-C from here on; left out, it stays what it is."""
    try:
        if heard is not None:
            signal.signal(signal.SIGINT, heard)
        _open_closed_streams()
        _say_what_is_logged()
        _stop_on_termination()
        app(prog_name="singlestep")
    except SystemExit as leaving:
        code = _flushed(leaving.code)
    except KeyboardInterrupt:
        _say(words.STOPPED)
        code = INTERRUPTED
    except BrokenPipeError:
        code = _flushed(NOT_TAKEN)
    except BaseException as error:  # a library's panic is no Exception
        code = _explained(error)
    exchange = sys.modules.get("singlestep.engine.exchange")
    if code and exchange is not None:
        exchange.end_together(code)
    raise SystemExit(code)


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    """The command, ending in plain words and an exit code whatever happens in it."""

    @functools.wraps(command)
    def plain(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except (typer.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt as stop:
            _say(_left_behind(getattr(stop, "folder", None)))
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            raise typer.Exit(_explained(error)) from None

    return plain


# Commands ------------------------------------------------------------------------------------------------------------
@app.callback(invoke_without_command=True)
def _start(
    version: Annotated[bool, typer.Option("--version", help=words.HELP_VERSION)] = False,
) -> None:
    if version:
        import singlestep

        typer.echo(singlestep.__version__)
        raise typer.Exit


@app.command("demo", help=words.HELP_DEMO)
@_plainly
def _demo(
    out: Annotated[str | None, typer.Option(help=words.HELP_OUT, metavar="DIR", show_default=False)] = None,
) -> None:
    from singlestep.study.demo import demo

    with _progress() as progress:
        result, report = demo(out=out, progress=progress)
    _show(result, report)


@app.command("run", help=words.HELP_RUN)
@_plainly
def _run(
    regime: Annotated[str, typer.Argument(help=words.HELP_REGIME, metavar="REGIME")],
    society: Annotated[str, typer.Option(help=words.HELP_SOCIETY, metavar="S")] = "coast",
    people: Annotated[str, typer.Option(help=words.HELP_PEOPLE, metavar="N")] = "20000",
    years: Annotated[str, typer.Option(help=words.HELP_YEARS, metavar="Y")] = "3",
    seed: Annotated[str, typer.Option(help=words.HELP_SEED, metavar="K")] = "1",
    seeds: Annotated[str, typer.Option(help=words.HELP_SEEDS, metavar="N")] = "1",
    threads: Annotated[str, typer.Option(help=words.HELP_THREADS, metavar="T")] = "1",
    checkpoint_every: Annotated[str, typer.Option(help=words.HELP_CHECKPOINT, metavar="M")] = "10",
    no_twin: Annotated[bool, typer.Option("--no-twin", help=words.HELP_NO_TWIN)] = False,
    events: Annotated[bool, typer.Option("--events", help=words.HELP_EVENTS)] = False,
    stories: Annotated[bool, typer.Option("--stories", help=words.HELP_STORIES)] = False,
    out: Annotated[str | None, typer.Option(help=words.HELP_OUT, metavar="DIR", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    from singlestep.study.run import run

    numbers = {**_numbers(people, years, seed, seeds), **_ways(threads, checkpoint_every)}
    with _progress() as progress:
        told: dict[str, Any] = {"events": events, "stories": stories}
        result = run(regime, society=society, twin=not no_twin, out=out, progress=progress, **told, **numbers)
    _give(result, as_json)


@app.command("compare", help=words.HELP_COMPARE)
@_plainly
def _compare(
    regimes: Annotated[list[str], typer.Argument(help=words.HELP_REGIMES, metavar="A B ...")],
    same_seeing: Annotated[bool, typer.Option("--same-seeing", help=words.HELP_SAME_SEEING)] = False,
    rests_on: Annotated[bool, typer.Option("--rests-on", help=words.HELP_RESTS_ON)] = False,
    society: Annotated[str, typer.Option(help=words.HELP_SOCIETY, metavar="S")] = "coast",
    people: Annotated[str, typer.Option(help=words.HELP_PEOPLE, metavar="N")] = "20000",
    years: Annotated[str, typer.Option(help=words.HELP_YEARS, metavar="Y")] = "3",
    seed: Annotated[str, typer.Option(help=words.HELP_SEED, metavar="K")] = "1",
    seeds: Annotated[str, typer.Option(help=words.HELP_SEEDS, metavar="N")] = "5",
    threads: Annotated[str, typer.Option(help=words.HELP_THREADS, metavar="T")] = "1",
    events: Annotated[bool, typer.Option("--events", help=words.HELP_EVENTS)] = False,
    stories: Annotated[bool, typer.Option("--stories", help=words.HELP_STORIES)] = False,
    checkpoint_every: Annotated[str, typer.Option(help=words.HELP_CHECKPOINT, metavar="M")] = "10",
    out: Annotated[str | None, typer.Option(help=words.HELP_OUT, metavar="DIR", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    from singlestep.study.compare import compare

    numbers = {**_numbers(people, years, seed, seeds), **_ways(threads, checkpoint_every)}
    options: dict[str, Any] = {"same_seeing": same_seeing, "rests_on": rests_on, "events": events, "stories": stories}
    with _progress() as progress:
        result = compare(*regimes, society=society, out=out, progress=progress, **options, **numbers)
    _give(result, as_json)


@app.command("resume", help=words.HELP_RESUME)
@_plainly
def _resume(
    run: Annotated[str, typer.Argument(help=words.HELP_RESUME_RUN, metavar="RUN")],
    threads: Annotated[str | None, typer.Option(help=words.HELP_THREADS, metavar="T", show_default=False)] = None,
    checkpoint_every: Annotated[
        str | None, typer.Option(help=words.HELP_CHECKPOINT, metavar="M", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    from singlestep.study.resume import resume

    with _progress() as progress:
        result = resume(run, progress=progress, **_ways(threads, checkpoint_every))
    _give(result, as_json)


@app.command("sweep", help=words.HELP_SWEEP)
@_plainly
def _sweep(
    regimes: Annotated[list[str], typer.Argument(help=words.HELP_SWEPT, metavar="A B ...")],
    society: Annotated[str, typer.Option(help=words.HELP_SOCIETY, metavar="S")] = "coast",
    people: Annotated[str, typer.Option(help=words.HELP_PEOPLE, metavar="N")] = "20000",
    years: Annotated[str, typer.Option(help=words.HELP_YEARS, metavar="Y")] = "3",
    seed: Annotated[str, typer.Option(help=words.HELP_SEED, metavar="K")] = "1",
    seeds: Annotated[str, typer.Option(help=words.HELP_SEEDS, metavar="N")] = "5",
    processes: Annotated[str, typer.Option(help=words.HELP_PROCESSES, metavar="P")] = "1",
    out: Annotated[str | None, typer.Option(help=words.HELP_OUT, metavar="DIR", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    from singlestep.study.arguments import MOST_THREADS, check_between
    from singlestep.study.processes import processes as living_in
    from singlestep.study.sweep import sweep

    numbers = _numbers(people, years, seed, seeds)
    workers = check_between(processes, "processes", 1, MOST_THREADS)
    with living_in(workers) as executor, _progress() as progress:
        result = sweep(*regimes, society=society, executor=executor, out=out, progress=progress, **numbers)
    _give(result, as_json)


@app.command("branch", help=words.HELP_BRANCH)
@_plainly
def _branch(
    run: Annotated[str, typer.Argument(help=words.HELP_BRANCH_RUN, metavar="RUN")],
    at: Annotated[str, typer.Option(help=words.HELP_AT, metavar="DAY")],
    regime: Annotated[str, typer.Option(help=words.HELP_BRANCH_REGIME, metavar="REGIME")],
    world: Annotated[str | None, typer.Option(help=words.HELP_BRANCH_WORLD, metavar="W", show_default=False)] = None,
    threads: Annotated[str | None, typer.Option(help=words.HELP_THREADS, metavar="T", show_default=False)] = None,
    out: Annotated[str | None, typer.Option(help=words.HELP_OUT, metavar="DIR", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.HELP_JSON)] = False,
) -> None:
    from singlestep.study.arguments import whole
    from singlestep.study.branch import branch

    options: dict[str, Any] = {"world": world, "out": out, **_ways(threads, None)}
    with _progress() as progress:
        result = branch(run, at=whole(at, "--at", 365), regime=regime, progress=progress, **options)
    _give(result, as_json)


@app.command("report", help=words.HELP_REPORT)
@_plainly
def _report(
    run: Annotated[str, typer.Argument(help=words.HELP_REPORT_RUN, metavar="RUN")],
    out: Annotated[str | None, typer.Option(help=words.HELP_REPORT_OUT, metavar="PATH", show_default=False)] = None,
    figures: Annotated[str | None, typer.Option(help=words.HELP_FIGURES, metavar="KIND", show_default=False)] = None,
) -> None:
    from singlestep import report

    if figures is None:
        typer.echo(words.REPORT_WRITTEN.format(report=report.write_report(run, out)))
    else:
        paths = report.write_figures(run, figures, out)
        typer.echo(words.WRITTEN_FIGURES.format(count=len(paths) // 2, path=paths[0].parent))


@app.command("story", help=story_words.HELP)
@_plainly
def _story(
    run: Annotated[str, typer.Argument(help=story_words.HELP_RUN, metavar="RUN")],
    person: Annotated[str | None, typer.Option(help=story_words.HELP_PERSON, metavar="I", show_default=False)] = None,
    pick: Annotated[str | None, typer.Option(help=story_words.HELP_PICK, metavar="KIND", show_default=False)] = None,
    seed: Annotated[str | None, typer.Option(help=story_words.HELP_SEED, metavar="K", show_default=False)] = None,
    world: Annotated[str | None, typer.Option(help=story_words.HELP_WORLD, metavar="W", show_default=False)] = None,
    picture: Annotated[str | None, typer.Option(help=story_words.HELP_PICTURE, metavar="FILE", show_default=False)] = None,
) -> None:
    from singlestep.study.arguments import whole
    from singlestep.study.telling import Telling

    telling = Telling.of_folder(run)
    number = None if person is None else whole(person, "--person", 1234)
    chosen = None if seed is None else whole(seed, "--seed", 1)
    takes = telling.takes(number, pick=pick, seed=chosen, world=world)
    if takes:
        _say(takes)
    with _progress() as progress:
        told = telling.story(number, pick=pick, seed=chosen, world=world, tick=telling.ticking(progress))
    typer.echo(str(told))
    typer.echo(telling.caution())
    if picture is not None:
        from singlestep.report.pictures import write_life

        write_life(told, telling.days, picture)
        typer.echo(story_words.PICTURE_WRITTEN.format(file=picture))


@app.command("read", help=words.HELP_READ)
@_plainly
def _read(
    regime: Annotated[str, typer.Argument(help=words.HELP_REGIME, metavar="REGIME")],
    society: Annotated[str, typer.Option(help=words.HELP_WHOSE_ACTS, metavar="S")] = "coast",
) -> None:
    from singlestep.regime.loader import load_society, load_whole_regime
    from singlestep.regime.read_aloud import read_aloud

    town = load_society(society)
    rules, whole = load_whole_regime(regime, town)
    typer.echo(read_aloud(rules, town, whole))


@app.command("check", help=words.HELP_CHECK)
@_plainly
def _check(
    file: Annotated[str, typer.Argument(help=words.HELP_FILE, metavar="FILE")],
    society: Annotated[str | None, typer.Option(help=words.HELP_WHOSE_ACTS, metavar="S", show_default="coast")] = None,
) -> None:
    from singlestep.regime.check import check
    from singlestep.regime.loader import load_society

    for passed in check(file, None if society is None else load_society(society)):
        typer.echo(passed)


@app.command("list", help=words.HELP_LIST)
@_plainly
def _list() -> None:
    from singlestep.regime.loader import USUAL_SOCIETY, load_regime, load_society, shipped

    names, society = shipped(), load_society(USUAL_SOCIETY)
    _list_part(words.REGIMES, names["regimes"], lambda name: load_regime(name, society))
    typer.echo("")
    _list_part(words.SOCIETIES, names["societies"], load_society)


def _numbers(people: str, years: str, seed: str, seeds: str) -> dict[str, Any]:
    """Who lives and for how long, from the command line. Raises `Refused`."""
    from singlestep.study.arguments import whole

    return {
        "people": whole(people, "--people", 20_000),
        "years": whole(years, "--years", 3),
        "seed": whole(seed, "--seed", 1),
        "seeds": whole(seeds, "--seeds", 5),
    }


def _ways(threads: str | None, checkpoint_every: str | None) -> dict[str, Any]:
    """How it is lived, which changes no number; None for what is not given. Raises `Refused`."""
    from singlestep.study.arguments import check_minutes, whole

    return {
        "threads": None if threads is None else whole(threads, "--threads", 2),
        "checkpoint_every": None if checkpoint_every is None else check_minutes(checkpoint_every),
    }


# What they print -----------------------------------------------------------------------------------------------------
def _give(result: Run, as_json: bool) -> None:
    """The summary as JSON, or the findings."""
    if not as_json:
        _show(result)
        return
    from singlestep.study.folder import as_json as written

    sys.stdout.write(written(result.summary).decode())


def _show(result: Run, report: Path | None = None) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(result.heading(), style="bold", markup=False)
    for sentence in result.findings():
        console.print(f"- {sentence}", markup=False)
    console.print(words.STATE_HASH.format(hash=result.state_hash()), markup=False)
    console.print(words.WRITTEN.format(folder=result.folder), markup=False)
    if report is not None:
        console.print(words.REPORT_WRITTEN.format(report=report), markup=False)
    console.print(" ".join(result.cautions()), style="dim", markup=False)


def _list_part(title: str, names: list[str], load: Callable[[str], Any]) -> None:
    typer.echo(title)
    for name in names:
        file = load(name)
        typer.echo("  " + words.LISTED.format(name=name, words=file.words, confidences=_confidences(file)))
    if not names:
        typer.echo("  " + words.NONE_SHIPPED)


def _confidences(file: Any) -> str:
    from singlestep.regime.provenance import confidence_counts

    counts = confidence_counts(file)
    parts = [
        words.CONFIDENCE_COUNT.format(count=count, confidence=confidence)
        for confidence, count in counts.items()
        if count
    ]
    total = sum(counts.values())
    return words.ENTRIES.format(total=total, parts=", ".join(parts)) if parts else words.NO_ENTRIES


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """A bar with an estimate of the time left, on standard error; where that is no terminal, a line now and then."""
    if not sys.stderr.isatty():
        yield _now_and_then()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words.PROGRESS, total=None)
        yield lambda done, total, text: bar.update(task, completed=done, total=total, description=text)


def _now_and_then() -> Progress:
    """Say at once that the model is compiled; else once in a while how much is done, and how long the rest will take at the
    pace so far."""
    from time import monotonic

    from singlestep.study.expecting import duration

    told_at, begun = monotonic(), None

    def tell(done: int, total: int, text: str) -> None:
        nonlocal told_at, begun
        now = monotonic()
        if begun is None and done > 0:
            begun = now, done  # what was done before a resumed run went on says nothing about the pace
        if text == words.PROGRESS_COMPILES:
            _say(f"{text}.")
            return
        if now - told_at < SECONDS_BETWEEN_LINES:
            return
        told_at, share = now, 100 * done // max(1, total)
        if begun is None or done == begun[1]:
            _say(words.PROGRESS_LINE.format(text=text, share=share))
        else:
            left = duration((total - done) * (now - begun[0]) / (done - begun[1]))
            _say(words.PROGRESS_LINE_LEFT.format(text=text, share=share, left=left))

    return tell


# When it cannot go on ------------------------------------------------------------------------------------------------
def _explained(error: BaseException) -> int:
    """Say in words what went wrong, and give the exit code."""
    from singlestep.regime.complaints import Refused

    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, Refused):
        _say(str(error))
        return REFUSED
    text = " ".join(str(error).split())[:200]
    if isinstance(error, MemoryError | OSError):
        _say(words.NO_MEMORY_LEFT if isinstance(error, MemoryError) else words.SYSTEM_ERROR.format(text=text))
        return REFUSED
    _say(words.UNEXPECTED.format(kind=type(error).__name__, text=text, variable=TRACEBACK))
    return FAULT


def _left_behind(folder: Path | None) -> str:
    """What a stopped run leaves on the disk, in words."""
    from singlestep.study.folder import is_whole

    if folder is None or not folder.exists():
        return words.STOPPED
    return (words.STOPPED_WHOLE if is_whole(folder) else words.STOPPED_IN_FOLDER).format(folder=folder)


def _open_closed_streams() -> None:
    """Where standard output or error was closed by the caller, write to nobody."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  (stays open to the end)


def _say_what_is_logged() -> None:
    """What the program says of its own accord goes to standard error, as it is."""
    log = logging.getLogger("singlestep")
    handler = logging.Handler()
    handler.emit = lambda record: _say(record.getMessage())  # type: ignore[method-assign]
    log.handlers = [handler]
    log.setLevel(logging.INFO)


def _stop_on_termination() -> None:
    """A polite request to end, as systems send it, is taken like Ctrl-C."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def _say(text: str) -> None:
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:  # nobody listens any more
        return


def _flushed(code: Any) -> Any:
    """The exit code, once standard output has taken everything; quiet when nobody reads it any more."""
    try:
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            _say(words.SYSTEM_ERROR.format(text=error.strerror))
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return code or NOT_TAKEN
    return code
