"""Stores that are served over HTTP, each with the one thing that goes wrong with it.

`strike` lets it happen and pass, once, while the crowd goes on.
"""

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
from sqlalchemy import make_url

from service.store.schema import migrate
from service.store.store import Store
from tests.faults.crowd import Crowd
from tests.faults.disk import Disk, small_disk
from tests.faults.proxy import How, Proxy, proxy_before
from tests.postgres import Breakable, fresh_database
from tests.process.serving import Server, free_port

DISK_MIB = 256
STOP_SECONDS = 10
MANY_CUTS = 6
"""More COMMITs than a round is tried."""


class Service:
    """Servers of one store, each on a port of its own which it keeps."""

    def __init__(self, database: str, *, servers: int = 1, within: tuple[str, ...] = ()) -> None:
        self.database, self._within = database, within
        self._ports = [free_port() for _ in range(servers)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self._ports]
        self._servers: dict[int, Server] = {}
        for number in range(servers):
            self.start(number)

    def start(self, number: int = 0) -> None:
        server = Server(self.database, self._ports[number], within=self._within)
        self._servers[number] = server
        server.wait_until_ready()

    def kill(self, number: int = 0) -> None:
        self._servers.pop(number).kill()

    def stop(self, number: int = 0) -> None:
        """SIGTERM; it ends by itself, in time and well."""
        began = time.monotonic()
        assert self._servers.pop(number).stop() == 0
        assert time.monotonic() - began < STOP_SECONDS

    def tell_to_stop(self, number: int = 0) -> None:
        self._servers[number].tell_to_stop()

    def close(self) -> None:
        for server in self._servers.values():
            server.kill()


@dataclass
class Site:
    service: Service
    strike: Callable[[Crowd], None]
    key: str


@dataclass
class Grounds:
    """Where stores are made. `postgres` is started when it is first needed."""

    folder: Path
    postgres: Callable[[], Breakable]

    @contextmanager
    def store(self, engine: str) -> Iterator[tuple[str, str]]:
        """The URL of a store of one lane, and the key of a reporter."""
        if engine == "sqlite":
            folder = self.folder / uuid4().hex
            folder.mkdir()
            yield made(f"sqlite:///{folder / 'sitrep.db'}")
            return
        with fresh_database(self.postgres().url) as url:
            yield made(url)


def made(url: str) -> tuple[str, str]:
    """The store's URL, and the key of a reporter in it."""
    migrate(url)
    store = Store.connect(url)
    key = store.add_key("crowd", "reporter")
    store.close()
    return url, key


@contextmanager
def served(url: str, *, servers: int = 1, within: tuple[str, ...] = ()) -> Iterator[Service]:
    service = Service(url, servers=servers, within=within)
    try:
        yield service
    finally:
        service.close()


@contextmanager
def service_killed(grounds: Grounds, engine: str) -> Iterator[Site]:
    with grounds.store(engine) as (url, key), served(url) as service:

        def strike(people: Crowd) -> None:
            service.kill()
            service.start()

        yield Site(service, strike, key)


@contextmanager
def service_stopped(grounds: Grounds, engine: str) -> Iterator[Site]:
    with grounds.store(engine) as (url, key), served(url) as service:

        def strike(people: Crowd) -> None:
            service.stop()
            service.start()

        yield Site(service, strike, key)


@contextmanager
def one_of_two_killed(grounds: Grounds, engine: str) -> Iterator[Site]:
    with grounds.store(engine) as (url, key), served(url, servers=2) as service:

        def strike(people: Crowd) -> None:
            """The other one goes on by itself."""
            chosen = random.randrange(2)
            service.kill(chosen)
            people.wait_for(acknowledged=10)
            service.start(chosen)

        yield Site(service, strike, key)


@contextmanager
def database_killed(grounds: Grounds, engine: str) -> Iterator[Site]:
    with grounds.store(engine) as (url, key), served(url) as service:

        def strike(people: Crowd) -> None:
            random.choice([grounds.postgres().kill, grounds.postgres().stop_at_once])()
            people.wait_for_outage()
            grounds.postgres().start()

        yield Site(service, strike, key)


@contextmanager
def connections_cut(grounds: Grounds, engine: str) -> Iterator[Site]:
    with (
        grounds.store(engine) as (url, key),
        behind_proxy(url) as (through, proxy),
        served(through) as service,
    ):

        def strike(people: Crowd) -> None:
            cuts = random.randint(1, MANY_CUTS)
            total = proxy.cuts + cuts
            proxy.cut(random.choice([How.BEFORE, How.AT_ONCE, How.AFTER]), cuts)
            proxy.wait_for_cuts(total)

        yield Site(service, strike, key)


@contextmanager
def behind_proxy(url: str, *, options: str = "") -> Iterator[tuple[str, Proxy]]:
    """The address of a PostgreSQL store through a proxy, unencrypted so that it can read along."""
    direct = make_url(url)
    with proxy_before(direct.host or "", direct.port or 0) as proxy:
        query = {"sslmode": "disable", "gssencmode": "disable", "options": options}
        through = direct.set(port=proxy.port, query=query)
        yield through.render_as_string(hide_password=False), proxy


@contextmanager
def disk_full(grounds: Grounds, engine: str) -> Iterator[Site]:
    with (
        small_disk(DISK_MIB) as disk,
        _on_disk(grounds, engine, disk) as (url, key),
        served(url, within=disk.within) as service,
    ):

        def strike(people: Crowd) -> None:
            disk.fill()
            people.wait_for_outage(3)
            _reads_go_on(service)
            disk.free()

        yield Site(service, strike, key)


@contextmanager
def _on_disk(grounds: Grounds, engine: str, disk: Disk) -> Iterator[tuple[str, str]]:
    """A store whose tables are on that disk; what PostgreSQL needs for itself is elsewhere, for
    without a disk for its log it ends.
    """
    if engine == "sqlite":
        file = grounds.folder / "sitrep.db"
        _, key = made(f"sqlite:///{file}")
        shutil.move(file, disk.folder / file.name)
        yield f"sqlite:///{disk.inside / file.name}", key
        return
    postgres = grounds.postgres()
    place, name = disk.folder / "tables", f"small_{uuid4().hex}"
    place.mkdir()
    postgres.own(place)
    postgres.command(
        f"CREATE TABLESPACE {name} LOCATION '{place}'",
        f"CREATE DATABASE {name} OWNER sitrep TABLESPACE {name}",
    )
    try:
        yield made(make_url(postgres.url).set(database=name).render_as_string(hide_password=False))
    finally:
        postgres.command(f"DROP DATABASE {name} WITH (FORCE)", f"DROP TABLESPACE {name}")


@contextmanager
def read_only(grounds: Grounds, engine: str) -> Iterator[Site]:
    with grounds.store(engine) as (url, key), served(url, within=MINDING_MODES) as service:

        def strike(people: Crowd) -> None:
            with _read_only(grounds, service):
                people.wait_for_outage(3)
                _reads_go_on(service)

        yield Site(service, strike, key)


# Root writes whatever a file's mode says, unless it gives that up.
MINDING_MODES = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()


@contextmanager
def _read_only(grounds: Grounds, service: Service) -> Iterator[None]:
    """SQLite's file keeps the mode that it was opened with: the service is started on it anew."""
    url = make_url(service.database)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        service.stop()
        with without_writing(file.parent, *file.parent.iterdir()):
            service.start()
            yield
        return
    name = url.database
    grounds.postgres().command(
        f"ALTER DATABASE {name} SET default_transaction_read_only = on",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608
    )
    yield
    grounds.postgres().command(f"ALTER DATABASE {name} RESET default_transaction_read_only")


@contextmanager
def without_writing(*paths: Path) -> Iterator[None]:
    modes = [(path, path.stat().st_mode) for path in paths]
    for path, mode in modes:
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes:
            path.chmod(mode)


def _reads_go_on(service: Service) -> None:
    for path in ("/v1/incidents", "/v1/incidents/quake", "/v1/events", "/readyz"):
        answer = httpx.get(f"{service.urls[0]}{path}", timeout=30)
        assert answer.status_code == 200, answer.text


Fault = Callable[[Grounds, str], AbstractContextManager[Site]]

FAULTS: dict[tuple[str, str], Fault] = {
    ("sqlite", "service killed (-9)"): service_killed,
    ("sqlite", "service stopped (SIGTERM)"): service_stopped,
    ("sqlite", "one of two services killed"): one_of_two_killed,
    ("sqlite", "disk full"): disk_full,
    ("sqlite", "read-only"): read_only,
    ("postgresql", "service killed (-9)"): service_killed,
    ("postgresql", "service stopped (SIGTERM)"): service_stopped,
    ("postgresql", "one of two services killed"): one_of_two_killed,
    ("postgresql", "database killed (-9 or at once)"): database_killed,
    ("postgresql", "connections cut at COMMIT"): connections_cut,
    ("postgresql", "disk full"): disk_full,
    ("postgresql", "read-only"): read_only,
}
