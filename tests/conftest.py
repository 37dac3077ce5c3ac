"""Hypothesis tries the same examples in every run, and never fails a test for being slow. What is compiled is compiled once,
before several processes share the tests. The files that take longest come first, so that none is left over at the end."""

import pytest
from hypothesis import settings

from singlestep.engine.warming import warm

# A file is run by one process. In order of the time they take; those that are not named come after them.
LONGEST_FIRST = (
    "agreement", "report", "laws", "exchange", "compare", "reference", "pages", "events", "cli", "tutorial", "mechanisms",
    "sweep", "loader", "run", "old_code", "branch", "paths", "closed_forms",
)  # fmt: skip

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


def pytest_configure(config: pytest.Config) -> None:
    """Compile before the processes that run the tests begin."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        warm()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long first; within a file the order stays."""
    place = {f"test_{name}": number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))
