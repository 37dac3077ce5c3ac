"""Hypothesis tries the same examples in every run, and never fails a test for being slow."""

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")
