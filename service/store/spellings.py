"""What SQLite and PostgreSQL spell differently."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class Lesser(GenericFunction[int]):
    """The lesser of two numbers. One bound, since SQLite walks an index from one."""

    name = "least"
    inherit_cache = True


@compiles(Lesser, "sqlite")
def _sqlite_lesser(element: Lesser, compiler: SQLCompiler, **how: Any) -> str:
    return f"min({compiler.process(element.clauses, **how)})"


class Outside(GenericFunction[bool]):
    """Whether a number is none of those that `listed` wrote: one parameter, however many."""

    name = "outside"
    type = Boolean()
    inherit_cache = True


@compiles(Outside, "sqlite")
def _sqlite_outside(element: Outside, compiler: SQLCompiler, **how: Any) -> str:
    number, numbers = (compiler.process(clause, **how) for clause in element.clauses)
    return f"({number} NOT IN (SELECT value FROM json_each({numbers})))"  # noqa: S608


@compiles(Outside, "postgresql")
def _postgresql_outside(element: Outside, compiler: SQLCompiler, **how: Any) -> str:
    number, numbers = (compiler.process(clause, **how) for clause in element.clauses)
    array = f"CAST(translate({numbers}, '[]', '{{}}') AS bigint[])"
    return f"({number} NOT IN (SELECT unnest({array})))"


def listed(numbers: Iterable[int]) -> str:
    return str(sorted(numbers))
