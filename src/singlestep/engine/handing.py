"""How tables are handed to kernels: by one address, instead of field by field.

Given the NamedTuples of a world, numba passes every field of every array as an argument of its own, some nine hundred in all
(measured: 40 microseconds a call, a third of a day of 1,000 people; and ten of fifty seconds of compiling). So kernels are
given the address of a row of 64-bit words, laid out as the compiler lays out the fields, and look up there what they name
(`R.rule`, `S.seed0`). Arrays belong to whoever made the tables; nothing is counted or copied.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, unbox

from singlestep.engine.compiling import COMPILED

WORD = 8  # bytes


class TablesType(types.Type):  # type: ignore[misc]
    """Numba's type of handed tables: the type of each field, and the word where it begins."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.begin = dict(zip(fields, np.cumsum([0, *map(words_of, fields.values())]).tolist(), strict=False))
        named = repr([(name, str(of)) for name, of in fields.items()])  # short: it becomes part of every symbol's name
        super().__init__("Tables" + hashlib.sha256(named.encode()).hexdigest()[:12])


class Handed:
    """Tables (a NamedTuple of arrays and integers) as kernels take them. The tables stay alive as long as this does."""

    def __init__(self, tables: Any) -> None:
        self.tables = tables
        self._numba_type_ = TablesType({name: typeof(value) for name, value in tables._asdict().items()})
        self.words = np.array([word for value in tables for word in laid_out(value)], np.int64)
        self.address = self.words.ctypes.data

    def lay_anew(self, tables: Any) -> None:
        """Hand other tables of the same types in place of these; no kernel may be running. What both share is left alone."""
        for at, before, value in zip(self._numba_type_.begin.values(), self.tables, tables, strict=True):
            if value is not before:
                words = laid_out(value)
                self.words[at : at + len(words)] = words
        self.tables = tables

    def __deepcopy__(self, memo: dict[int, Any]) -> Handed:
        return Handed(deepcopy(self.tables, memo))


def hand(tables: Any) -> Any:
    """The tables as kernels take them: as they are where nothing is compiled."""
    return Handed(tables) if COMPILED else tables


def hand_again(handed: Any, tables: Any) -> Any:
    """The tables as kernels take them, in place of others of the same types that were `handed` (None: of none)."""
    if handed is None or not COMPILED:
        return hand(tables)
    handed.lay_anew(tables)
    return handed


def words_of(field: Any) -> int:
    """How many words a field takes."""
    if isinstance(field, types.Array):
        return 5 + 2 * int(field.ndim)
    if field in (types.int64, types.boolean):
        return 1
    raise TypeError(f"tables hold arrays, integers of 64 bits and truth values, not {field}")


def laid_out(value: Any) -> list[int]:
    """The words of a field: of an array as numba lays it out, its owner and parent left out."""
    if isinstance(value, np.ndarray):
        return [0, 0, value.size, value.itemsize, value.__array_interface__["data"][0], *value.shape, *value.strides]
    return [int(value)]


register_model(TablesType)(models.OpaqueModel)


@unbox(TablesType)  # type: ignore[untyped-decorator]
def address_of(_: TablesType, handed: Any, c: Any) -> Any:
    """The address, from a `Handed`."""
    number = c.pyapi.object_getattr_string(handed, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(address)


@infer_getattr
class FieldsOfTables(AttributeTemplate):  # type: ignore[misc]
    """The type of a field."""

    key = TablesType

    def generic_resolve(self, tables: TablesType, name: str) -> Any:  # type: ignore[override]
        """None where there is no such field."""
        return tables.fields.get(name)


@lower_getattr_generic(TablesType)  # type: ignore[untyped-decorator]
def look_up(context: Any, builder: Any, tables: TablesType, address: Any, name: str) -> Any:
    """The field, read from its words. These never change while a kernel runs, so that the compiler may read them once."""
    field = tables.fields[name]
    place = builder.gep(address, [ir.Constant(ir.IntType(64), WORD * tables.begin[name])])
    if isinstance(field, types.Array):
        kept = context.get_value_type(field)
    else:
        kept = ir.IntType(64)
    found = builder.load(builder.bitcast(place, kept.as_pointer()))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    if field == types.boolean:
        found = builder.icmp_unsigned("!=", found, ir.Constant(kept, 0))
    return impl_ret_borrowed(context, builder, field, found)
