"""How the engine is compiled: serial functions, free of the GIL, kept in a cache named by a hash of the sources.

Numba does not notice an edit in another file (numba issue 1833), so the cache folder carries a hash of every source that
is compiled. `SINGLESTEP_COMPILE=0` runs the same functions as plain Python: slow, and equal bit for bit.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from singlestep.regime.kept import cache_home

COMPILED = os.environ.get("SINGLESTEP_COMPILE", "1") != "0"
PACKAGE = Path(__file__).resolve().parent.parent
SOURCES = ("engine/*.py", "rooms/*.py", "society/*.py", "regime/tables.py", "quantities.py")


def sources() -> list[Path]:
    """The sources of what is compiled, and those whose constants are compiled in."""
    return [path for pattern in SOURCES for path in sorted(PACKAGE.glob(pattern))]


def sources_hash() -> str:
    """Hash over the sources."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled code is kept between runs."""
    return cache_home() / sources_hash()


def can_keep(folder: Path) -> bool:
    """Whether compiled code can be kept in this folder; made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


if COMPILED:
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))
KEPT = COMPILED and can_keep(Path(os.environ["NUMBA_CACHE_DIR"]))  # if not, each run compiles anew

# Numba looks for BLAS in scipy, for the sake of a faster `np.convolve` in kernels: a sixth of a start, and no kernel uses it.
BLAS = "scipy.linalg.cython_blas"
if BLAS not in sys.modules:
    sys.modules[BLAS] = None  # type: ignore[assignment]
    import numba.np.arraymath

    del sys.modules[BLAS]
import numba  # noqa: E402  (the cache folder must be named first)
import numba.extending  # noqa: E402
import numpy as np  # noqa: E402
from llvmlite import ir  # noqa: E402

if COMPILED and os.environ["NUMBA_CACHE_DIR"] == str(cache_folder()):
    setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010  (numba's own annotations do not know it)


def _kernel(function: Callable[..., Any], *signature: str, **options: Any) -> Any:
    if not COMPILED:
        return function
    njit: Any = numba.njit  # whose annotations leave some options out
    kernel = njit(*signature, nogil=True, cache=KEPT, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    usual = kernel.get_call_template
    # numba would compile it once more for each constant that another kernel calls it with
    kernel.get_call_template = lambda args, kws: usual(tuple(map(numba.types.unliteral, args)), kws)
    return kernel


def compiled(function: Callable[..., Any]) -> Any:
    """A kernel: serial, without the GIL, cached on disk. It allocates nothing, so arrays need no reference counts: without
    `_nrt` an occasion costs a third and compiling half."""
    return _kernel(function, _nrt=False)


def a_pass(function: Callable[..., Any]) -> Any:
    """A kernel that only other kernels call: no way in from Python is compiled for it."""
    return _kernel(function, _nrt=False, no_cpython_wrapper=True)


def allocating(function: Callable[..., Any]) -> Any:
    """A kernel that makes arrays of its own."""
    return _kernel(function)


def inlined(function: Callable[..., Any]) -> Any:
    """A small function, mostly about one person (scalars in, scalars out), written into its caller."""
    return numba.njit(nogil=True, inline="always")(function) if COMPILED else function


small = compiled  # a small function that the compiler may or may not write into its caller


Place = np.uint64  # in a list, where speed tells: asked for a signed one, the compiler also looks whether it counts from the
# end (measured: a third of `wake`, `gather` and `pick`). It is never mixed with signed numbers, which would make floats.


def fetch_ahead(array: Any, row: Any) -> None:
    """Have the memory of an array's row brought near, without waiting for it. Uncompiled, nothing is done."""


@numba.extending.intrinsic
def _fetch_ahead(typing: Any, array: Any, row: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kept = context.make_array(array)(context, builder, arguments[0])
        number_of_row = context.cast(builder, arguments[1], row, numba.types.int64)
        place = builder.mul(number_of_row, builder.extract_value(kept.strides, 0))
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        at = builder.gep(builder.bitcast(kept.data, byte), [place])
        fetch = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        to_read, near, data = (ir.Constant(number, word) for word in (0, 3, 1))
        builder.call(builder.module.declare_intrinsic("llvm.prefetch", [byte], fetch), [at, to_read, near, data])
        return context.get_dummy_value()

    return numba.types.void(array, row), build


@numba.extending.overload(fetch_ahead)  # never inlined by numba: a caller with a `row` of its own would then get this one's
def _fetch_ahead_compiled(array, row):  # type: ignore[no-untyped-def]
    return lambda array, row: _fetch_ahead(array, row)  # type: ignore[call-arg]


def for_integers(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """A small function compiled once, for arguments of these types, which its callers' are turned into: compiled anew for
    each width and sign of integer that callers happen to hold, it would take a tenth of all compiling."""
    return lambda function: _kernel(function, signature, _nrt=False)


def for_columns(function: Any) -> Callable[..., Any]:
    """A small function for whole columns, as plain Python: compiled it takes one number."""
    plain: Callable[..., Any] = getattr(function, "py_func", function)
    return plain
