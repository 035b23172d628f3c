"""Our own stores, served by `sitrep serve`: both engines, with one lane and with sixteen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import NamedTuple

from tests.conformance.site import Site
from tests.process.serving import serving

STORES = [("sqlite", 1), ("sqlite", 16), ("postgresql", 1), ("postgresql", 16)]


class Ours(NamedTuple):
    """A store without any incident: its URL, the file of its signing key, its keys by role."""

    url: str
    signing_key: str
    keys: Mapping[str, str]


Made = Callable[[str, int], Ours]
"""From an engine and a number of lanes."""


@contextmanager
def our_sites(made: Made) -> Iterator[Callable[[str, int], Site]]:
    """Starts each server when it is first asked for, and stops them all in the end."""
    with ExitStack() as stack:

        @cache
        def started(engine: str, lanes: int) -> Site:
            store = made(engine, lanes)
            server = stack.enter_context(serving(store.url, signing_key=store.signing_key))
            return stack.enter_context(Site.at(server.url, store.keys, lanes=lanes))

        yield started
