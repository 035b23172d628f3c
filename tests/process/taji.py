"""The story of Taji, served by a real server, once for all tests of a module."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from service.commands.importing import import_taji
from service.store.store import Store
from tests.postgres import fresh_database
from tests.process.serving import Server, serving
from tests.signing import signed

TAJI = "taji-rocket-attack-2020-03-11"


class Served(NamedTuple):
    server: Server
    store: Store
    database: str
    keys: dict[str, str]
    signing_key: str

    @property
    def url(self) -> str:
        return self.server.url


@contextmanager
def served_taji(
    engine: str, folder: Path, ask: Callable[[str], Any], **settings: object
) -> Iterator[Served]:
    """`ask` is a request's `getfixturevalue`, for the stores that are copied."""
    with ExitStack() as stack:
        if engine == "sqlite":
            file = shutil.copyfile(ask("migrated_file")(1), folder / "sitrep.db")
            database = f"sqlite:///{file}"
        else:
            like = ask("migrated_database")(1)
            database = stack.enter_context(fresh_database(ask("postgres_server"), like=like))
        store = Store.connect(database)
        stack.callback(store.close)
        import_taji(store)
        keys = ask("new_keys")(database)
        (signing,) = stack.enter_context(signed(database))
        key = signing.signing_key
        server = stack.enter_context(serving(database, signing_key=key, **settings))
        yield Served(server, store, database, keys, key)
