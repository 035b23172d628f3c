"""Our own stores, served by `sitrep serve`: both engines, with one lane and with sixteen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache

from tests.conformance.site import Site
from tests.process.serving import serving

STORES = [("sqlite", 1), ("sqlite", 16), ("postgresql", 1), ("postgresql", 16)]

Made = Callable[[str, int], tuple[str, Mapping[str, str]]]
"""From an engine and a number of lanes to the URL of a store without any incident, and its keys by
role.
"""


@contextmanager
def our_sites(made: Made) -> Iterator[Callable[[str, int], Site]]:
    """Starts each server when it is first asked for, and stops them all in the end."""
    with ExitStack() as stack:

        @cache
        def started(engine: str, lanes: int) -> Site:
            database, keys = made(engine, lanes)
            server = stack.enter_context(serving(database))
            return stack.enter_context(Site.at(server.url, keys, lanes=lanes))

        yield started
