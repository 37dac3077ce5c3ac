"""Hypothesis tries the same examples in every run, and never fails a test for being slow. What is compiled is compiled once,
before several processes share the tests."""

import pytest
from hypothesis import settings

from singlestep.engine.warming import warm

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


def pytest_configure(config: pytest.Config) -> None:
    """Compile before the processes that run the tests begin."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        warm()
