"""Keys and what they did, as tables to read."""

import sys
from collections.abc import Iterable

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.store.answers import Key, KeyUse

PIPED_COLUMNS = 200


def table_of_keys(keys: Iterable[Key]) -> Table:
    rows = (
        (
            held.name,
            held.role,
            _second(held.created_at),
            _second(held.last_used_at),
            _second(held.expires_at),
            _second(held.revoked_at),
        )
        for held in keys
    )
    return _table(("name", "role", "made", "last used", "expires", "revoked"), rows)


def table_of_uses(uses: Iterable[KeyUse]) -> Table:
    rows = (
        (
            _second(use.at),
            use.key or "(unknown)",
            use.method,
            use.route,
            use.incident or "",
            str(use.status),
            use.address,
            "" if use.times == 1 else str(use.times),
        )
        for use in uses
    )
    return _table(("when", "key", "method", "route", "incident", "answered", "from", "times"), rows)


def printed(table: Table) -> None:
    columns = None if sys.stdout.isatty() else PIPED_COLUMNS
    Console(width=columns).print(table)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(box=SIMPLE)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(part) for part in row))
    return table


def _second(moment: str | None) -> str:
    return "" if moment is None else f"{moment[:19].replace('T', ' ')} UTC"
