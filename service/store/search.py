"""Full text on either engine, behind two functions: how words are kept, and where they are told.

Words come folded and cut by `service.domain.words`; SQLite's FTS5 and PostgreSQL's text search only
find them again, so both find the same. Nothing that a reader typed reaches either but words.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TableValuedAlias,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from service.domain.words import BREAK, Term
from service.store.engine import is_sqlite
from service.store.shelves import FULL_TEXT, texts

MOST_WORDS = 256
OVERLAP = 16
"""PostgreSQL keeps 256 places of a word in a text at most: longer ones are kept in pieces, each of
which begins with the last words of the one before, so that no phrase is lost.
"""
LANE_AT, PART_AT = 40, 50

_words = table(FULL_TEXT, column("rowid"))


def bodies_of(connection: Connection, words: Sequence[str]) -> Iterator[str]:
    """The pieces of a text as this engine keeps them."""
    written = _sqlite_body if is_sqlite(connection) else postgresql_body
    for begin in range(0, max(len(words) - OVERLAP, 1), MOST_WORDS - OVERLAP):
        yield written(words[begin : begin + MOST_WORDS])


def number_of(lane: int, position: int, part: int) -> int:
    """What a piece of text is known by: nobody else writes at this position of the lane."""
    return part << PART_AT | lane << LANE_AT | position


def telling(connection: Connection, name: str) -> tuple[Select[Any], Any]:
    """The texts in which the term that is bound to `name` is told, one row each (`lane`,
    `incident`), and the columns of their period.
    """
    if is_sqlite(connection):
        number = _words.c.rowid
        found = texts.alias(f"told_{name}")
        rows = (
            select(found.c.lane, found.c.incident)
            .select_from(_words)
            .join(
                found,
                (found.c.lane == number.op(">>")(LANE_AT).op("&")(1023))
                & (found.c.number == number),
            )
            .where(text(f"{FULL_TEXT} MATCH :{name}").bindparams(bindparam(name)))
        )
        return rows, found.c
    told: TableValuedAlias = func.texts_with(bindparam(name)).table_valued(
        "lane", "incident", "from_us", "until_us", name=f"told_{name}"
    )
    return select(told.c.lane, told.c.incident), told.c


def tells_in(connection: Connection, text: Any, name: str) -> ColumnElement[bool]:
    """Whether a text (`body`) tells the term that is bound to `name`, and `plainly` beside it."""
    if is_sqlite(connection):
        padded = literal(" ") + text.body + literal(" ")
        return func.instr(padded, bindparam(f"{name}_plainly")) > 0
    words, body = cast(bindparam(name), TSQUERY), cast(text.body, TSVECTOR)
    return body.op("@@", is_comparison=True)(words)


def plainly(term: Term) -> str:
    """A term as it stands among the words of a text."""
    return f" {' '.join(term.words)}{'' if term.prefix else ' '}"


def written(connection: Connection, term: Term) -> str:
    """A term in the engine's own language."""
    if is_sqlite(connection):
        return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'
    *most, last = (f"'{word}'" for word in term.words)
    return " <-> ".join([*most, f"{last}:*" if term.prefix else last])


def _sqlite_body(words: Sequence[str]) -> str:
    return " ".join(words)


def postgresql_body(words: Sequence[str]) -> str:
    """With the place of each word, as `tsvector` is written."""
    return " ".join(f"{word}:{place}" for place, word in enumerate(words, start=1) if word != BREAK)
