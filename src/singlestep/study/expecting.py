"""What a run is expected to take, said before it begins: memory at its peak, room on the disk, and time.

The memory and pace of a world are the engine's to tell (`World.forecast`, `World.pace`). The constants here are what a run
keeps and loads besides, measured by `python benchmarks/memory.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from singlestep.study.arguments import in_bytes
from singlestep.study.keeping import STATES
from singlestep.words import commands as words

if TYPE_CHECKING:
    from singlestep.study.run import Plan

TABLED_BYTES = 100 << 20  # of the program once it makes tables, over what it took while worlds lived
SHARED_BYTES = 90 << 20  # of the program, which several processes have in common
FOLLOWED_BYTES = 26  # a person, of a world under way in which persons are followed; its changes included
LEFT_BYTES = 48  # a person, of what such a world leaves until the others of its seed have lived, in memory and on the disk
PEOPLE_BYTES = 160  # a person, for a world's table of people
EVENT_BYTES = 3_000  # a person and year, in each world
WORLD_BYTES = 200_000  # on the disk, of what a world leaves besides
SUMMARY_BYTES, SUMMARY_WORLD_BYTES = 40_000, 100_000  # on the disk, and for each regime
TABLES_BYTES, TABLES_WORLD_BYTES = 60_000, 32_000  # on the disk, and for each world told
PEOPLE_DISK_BYTES, EVENT_DISK_BYTES = 5, 46  # on the disk, as above
START_SECONDS = 3  # loading, and writing at the end
PERSON_SECONDS = 2e-6  # to measure a person of a world at its end


MOST_IN_TURN = 65_536  # people of a world that leaves most of its time to Python's own work, which one thread does at a time
UNITS = (
    (10, 1, words.EXPECTED_MOMENTS), (100, 1, words.EXPECTED_SECONDS), (6_000, 60, words.EXPECTED_MINUTES),
    (2 * 86_400, 3_600, words.EXPECTED_HOURS),
)  # fmt: skip


class Expected(NamedTuple):
    """What a run takes, in bytes and seconds."""

    memory: int  # at the peak, of all processes of this machine together, or of each of those that `mpirun` began
    results: int  # on the disk in the end
    kept: int  # on the disk besides, at most, while it goes on
    seconds: float
    shares: int = 1  # processes that `mpirun` began

    def told(self) -> str:
        """The sentence about it."""
        return words.EXPECTED.format(
            memory=in_bytes(self.memory),
            each=words.EXPECTED_EACH.format(count=self.shares) if self.shares > 1 else "",
            results=in_bytes(self.results),
            kept=words.EXPECTED_KEPT.format(kept=in_bytes(self.kept)) if self.kept else "",
            time=duration(self.seconds),
        )


def expected(plan: Plan, worlds: Any, manifest: int, processes: int = 0, done: int = 0) -> Expected:
    """What a run is expected to take whose worlds live in so many other processes, or in this one (0), and of which so many
    have been lived already; its manifest has `manifest` bytes."""
    return Expected(
        memory=memory(plan, worlds, plan.people, processes),
        results=manifest + results(plan),
        kept=kept_bytes(plan, worlds, processes) if plan.keeps else 0,
        seconds=seconds(plan, worlds, processes, done),
        shares=_shares(plan),
    )


def _shares(plan: Plan) -> int:
    return plan.exchange.size if plan.exchange is not None else 1


def memory(plan: Plan, worlds: Any, people: int, processes: int = 0) -> int:
    """Bytes at the peak with so many people: while worlds live, or once tables are made of them."""
    people = -(-people // _shares(plan))
    told = [worlds.forecast(plan.society, rules, people, plan.days) for rules in plan.regimes.values()]
    threads = plan.threads if plan.workers == 1 else 1
    program = max(parts.get("program", 0) for parts in told)
    spare = [(min(threads, parts.get("blocks", 1)) - 1) * parts.get("scratch", 0) for parts in told]
    away = [plan.keeps * parts.get("pressed", 0) for parts in told]  # letters that lie on the disk
    world = max(parts["memory"] - program + more - less for parts, more, less in zip(told, spare, away, strict=True))
    world = (2 if plan.at else 1) * (world + FOLLOWED_BYTES * people * plan.follows)  # at the branch there are both worlds
    left = LEFT_BYTES * people * plan.follows * len(plan.jobs()) // len(plan.seeds)
    left += len(plan.regimes) * len(plan.seeds) * _rows(plan, people, PEOPLE_BYTES, EVENT_BYTES)
    if processes:
        return processes * (program - SHARED_BYTES + world) + program + TABLED_BYTES + left
    return program + max(plan.workers * world, TABLED_BYTES) + left


def kept_bytes(plan: Plan, worlds: Any, processes: int = 0) -> int:
    """Bytes on the disk, at most, of what is kept while a run goes on: what finished worlds left, and the last states of
    those that live in this process, until what they left is written too."""
    states, left, most = 0 if processes else STATES * plan.workers, 0, 0
    for job in plan.jobs():
        told = worlds.forecast(plan.society, plan.regimes[job.label], plan.people, plan.days)
        state, pressed = told.get("checkpoint", 0), told.get("pressed", 0)
        left += WORLD_BYTES + LEFT_BYTES * plan.people * plan.follows
        left += _rows(plan, plan.people, PEOPLE_BYTES, EVENT_BYTES) if job.aside == "" else 0
        world = states * (state + FOLLOWED_BYTES * plan.people * plan.follows) + pressed * (processes or plan.workers)
        most = max(most, left + world)
    return most


def results(plan: Plan) -> int:
    """Bytes of a finished run folder: summary and tables."""
    worlds = len(plan.regimes) * len(plan.seeds)
    summary = SUMMARY_BYTES + SUMMARY_WORLD_BYTES * len(plan.regimes)
    tables = TABLES_BYTES + TABLES_WORLD_BYTES * worlds
    return summary + tables + worlds * _rows(plan, plan.people, PEOPLE_DISK_BYTES, EVENT_DISK_BYTES)


def _rows(plan: Plan, people: int, a_person: int, an_event: int) -> int:
    """Bytes of a world's tables that have rows for persons."""
    from singlestep.study.tables import MOST_PEOPLE

    return (a_person * people if people <= MOST_PEOPLE else 0) + plan.events * an_event * people * plan.years


def seconds(plan: Plan, worlds: Any, processes: int = 0, done: int = 0) -> float:
    """Seconds that everything takes, as fast as this machine is just now, once so many worlds have been lived."""
    day = {label: worlds.pace(plan.society, rules, plan.people, plan.follows) for label, rules in plan.regimes.items()}
    labels = [job.label for job in plan.jobs()[done:]]
    labels += list(plan.regimes)[:2] if plan.stories else []  # which are lived again
    lived = sum(plan.days * day[label] + PERSON_SECONDS * plan.people for label in labels)
    return START_SECONDS + (lived + _moved_seconds(plan, worlds)) / (processes or _shares(plan) * _at_once(plan))


def _at_once(plan: Plan) -> int:
    """How many cores the threads of this process keep busy: those of small worlds take turns."""
    return plan.threads if plan.people > MOST_IN_TURN else 1


def _moved_seconds(plan: Plan, worlds: Any) -> float:
    """Seconds for the small worlds that find out what the headlines rest on."""
    if not plan.rests:
        return 0.0
    from singlestep.study.rests import AGAIN, PEOPLE, SEEDS, all_guesses
    from singlestep.words.headlines import HEADLINES

    guesses = len(all_guesses(plan))
    again = min(guesses, AGAIN * len(HEADLINES)) * (min(SEEDS, len(plan.seeds)) - 1)
    few = min(PEOPLE, plan.people)
    days = sum(worlds.pace(plan.society, rules, few, True) for rules in plan.regimes.values())
    return 2 * (guesses + again) * plan.days * days  # each at both its ends


def duration(seconds: float) -> str:
    """A time in words, as exact as it is meant."""
    for most, unit, sentence in UNITS:
        if seconds < most:
            return sentence.format(count=max(1, round(seconds / unit)))
    return words.EXPECTED_DAYS.format(count=seconds / 86_400)
