"""The rulebook read aloud: every sentence in one place, so that it can be translated."""

from __future__ import annotations

# Checking ------------------------------------------------------------------------------------------------------------
REGIME_READ = "The regime {name} can be read and makes sense in the society {society}."
SOCIETY_READ = "The society {name} can be read and makes sense."
EXAMPLE_HOLDS = "Holds: {words}"
