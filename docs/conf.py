"""Settings of the documentation: Sphinx, MyST and furo."""

from __future__ import annotations

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "singlestep"
author = "The singlestep contributors"
copyright = author
version = release = str(_PROJECT["version"])

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4

exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = "singlestep"
