"""A durable primary and two standbys, of which one has to have what is acknowledged."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, make_url

from tests.postgres import STOP_SECONDS, _children, _Cluster, _cluster, _free_port, _stop
from tests.process.serving import eventually

NAMES = ("s0", "s1", "s2")
SETTINGS = {
    "synchronous_standby_names": "ANY 1 (s0, s1, s2)",
    "wal_keep_size": "256MB",
    "wal_receiver_timeout": "5s",
    "wal_retrieve_retry_interval": "200ms",
}


class Node:
    """One server. `kill` is kill -9 of it and of every process that it has."""

    def __init__(self, name: str, cluster: _Cluster, port: int) -> None:
        self.name, self.port, self._cluster = name, port, cluster
        self._server: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []

    @property
    def url(self) -> str:
        """Of a superuser."""
        password = self._cluster.superuser_password
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._server = self._cluster.started(self.port, durable=True)

    def kill(self) -> None:
        for process in self._family():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._ended()

    def freeze(self) -> None:
        """It stands still, wherever it is, and its connections stay."""
        self._frozen = self._family()
        for process in self._frozen:
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)
        self._frozen = []

    def command(self, *statements: str) -> None:
        with self._cluster.superuser(self.port) as connection:
            for statement in statements:
                connection.execute(statement)

    def ask(self, query: str) -> object:
        with self._cluster.superuser(self.port) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    def clone(self, primary: "Node") -> None:
        """A standby of that primary, in place of whatever was here."""
        shutil.rmtree(self._cluster.data, ignore_errors=True)
        self._run(
            "pg_basebackup",
            f"--dbname={self._to(primary)}",
            "--checkpoint=fast",
            "--no-sync",
            "--write-recovery-conf",
            f"--pgdata={self._cluster.data}",
        )
        self.start()

    def rewind(self, primary: "Node") -> None:
        """What only this one had recorded is given up, and it follows that primary."""
        self._run(
            "pg_rewind",
            "--no-sync",
            f"--source-server={self._to(primary)} dbname=postgres",
            "--write-recovery-conf",
            f"--target-pgdata={self._cluster.data}",
        )
        # It answers once it has replayed what the primary records after this, whoever writes.
        primary.command("CHECKPOINT")
        self.start()

    def role(self) -> URL:
        return self._cluster.add_role("sitrep", self.port)

    def close(self) -> None:
        self.thaw()
        if self._server is not None and self._server.poll() is None:
            _stop(self._server)

    def _to(self, primary: "Node") -> str:
        password = primary._cluster.superuser_password
        return (
            f"host=127.0.0.1 port={primary.port} user=postgres password={password}"
            f" application_name={self.name}"
        )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._cluster.programs / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            **self._cluster.account,
        )
        assert done.returncode == 0, done.stderr

    def _family(self) -> list[int]:
        assert self._server is not None
        return [self._server.pid, *_children(self._server.pid)]

    def _ended(self) -> None:
        assert self._server is not None
        self._server.wait(STOP_SECONDS)


class Trio:
    """Three nodes, the first of them the primary, and the URL of a store that any may serve."""

    def __init__(self, nodes: Sequence[Node], role: URL) -> None:
        self.nodes, self._role = list(nodes), role
        self.primary, self.standbys = nodes[0], list(nodes[1:])

    @property
    def url(self) -> str:
        return self.url_of(*self.nodes)

    def url_of(self, *nodes: Node, **query: str) -> str:
        hosts = ",".join("127.0.0.1" for _ in nodes)
        ports = ",".join(str(node.port) for node in nodes)
        if len(nodes) > 1:
            query = {"host": hosts, "port": ports, **query}
            named = self._role.set(host=None, port=None, query=query)
        else:
            named = self._role.set(port=nodes[0].port, query=query)
        return named.render_as_string(hide_password=False)

    def with_database(self, name: str) -> "Trio":
        """The same three, and another, empty database."""
        self.primary.command(f"CREATE DATABASE {name} OWNER {self._role.username}")
        return Trio(self.nodes, self._role.set(database=name))

    def promoted(self, address: str) -> None:
        """From now on the node at that address is the primary, and another gone."""
        port = int(address.rpartition(":")[2])
        chosen = next(node for node in self.standbys if node.port == port)
        self.standbys = [node for node in self.standbys if node is not chosen]
        self.primary = chosen

    def join(self, node: Node) -> None:
        """Counted as a standby once the primary sends to it."""
        self.standbys.append(node)
        self.wait_for_standbys()

    def wait_for_standbys(self) -> None:
        eventually(self._all_stream)

    def _all_stream(self) -> bool:
        count = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        return self.primary.ask(count) == len(self.standbys)


@contextmanager
def trio() -> Iterator[Trio]:
    with ExitStack() as stack:
        password = secrets.token_urlsafe()
        nodes = [_node(stack, name, password) for name in NAMES]
        first, *others = nodes
        first._cluster.initialise()
        first.start()
        role = first.role()
        first.command(*(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in SETTINGS.items()))
        for node in others:
            node.clone(first)
        first.command("SELECT pg_reload_conf()")
        three = Trio(nodes, make_url(role))
        three.wait_for_standbys()
        yield three


def _node(stack: ExitStack, name: str, password: str) -> Node:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix=f"sitrep-{name}-")))
    # Clones have their primary's passwords.
    node = Node(name, replace(_cluster(folder), superuser_password=password), _free_port())
    stack.callback(node.close)
    return node
