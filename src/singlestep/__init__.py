"""singlestep: a flight simulator for social scoring. Made-up people live under a rulebook you can read aloud.

    import singlestep as ss

    result = ss.run("rongcheng", people=20_000)
    result.doors

Importing the package loads nothing heavy; the engine and the tables load when they are first needed.
"""

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than all that stands here
if TYPE_CHECKING:
    from typing import Any

    from singlestep.study.branch import branch
    from singlestep.study.compare import compare
    from singlestep.study.resume import resume
    from singlestep.study.run import Run, run
    from singlestep.study.sweep import sweep

__version__ = "0.1.0"
__all__ = ["Run", "__version__", "branch", "compare", "resume", "run", "sweep"]


def __getattr__(name: str) -> "Any":
    if name in ("run", "Run", "compare", "resume", "branch", "sweep"):
        from importlib import import_module

        return getattr(import_module(f"singlestep.study.{name.lower()}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
