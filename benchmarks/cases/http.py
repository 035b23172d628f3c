"""Cases 4 and 5: the situation, and one report, over HTTP (ARCHITECTURE.md §6)."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.grounds import SIGNER, Ground
from benchmarks.lines import Line, Yardstick
from benchmarks.load import HOST, Job, Seen, send
from benchmarks.material import REPORTER
from benchmarks.rehearsal import Rehearsal, Step
from benchmarks.rounds import alternate
from benchmarks.serving import PROJECT, YARDSTICK, serving
from benchmarks.yardsticks.bare import BareDriver, refuse_other_rows
from benchmarks.yardsticks.flask_app import ORDERS, Headers, Orders
from service.store.signers import write_key
from service.store.store import Store

FIXED = Yardstick(
    "Flask, fixed bytes",
    "a Flask route that returns one situation's bytes with the same headers (checked), on the same"
    " server with the same settings, without a database; the percentage is what the client, a"
    " process with kept-alive connections, took of one core at the most",
)
ROWS = Yardstick(
    "Flask, bare driver",
    "a Flask route on the same server that parses the JSON, writes the store's own rows for that"
    " update by the bare driver (one connection, one lock) and returns a receipt's bytes; it checks"
    " neither key nor body",
)

CONNECTIONS = 8
GET_GOAL = 0.85
POST_GOAL = 0.8
OWN_TO_THE_ANSWER = {"date", "server", "content-length"}


def get_now(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    paths = [f"/v1/incidents/{opening.posted.incident}" for opening in rehearsal.openings]
    shares = tuple(tuple(map(_get, paths[own::CONNECTIONS])) for own in range(CONNECTIONS))
    with ExitStack() as stack:
        database = stack.enter_context(ground.migrated())
        opened(database, rehearsal)
        project = stack.enter_context(serving(PROJECT, environment(ground, database)))
        answer = _ask(project, _get(paths[0]))
        orders = Orders(get=(answer.body, answer.headers))
        yardstick = stack.enter_context(_flask(orders))
        if _ask(yardstick, _get(paths[0])) != answer:
            raise RuntimeError("Flask does not answer alike")

        def round_at(port: int, seconds: float) -> Seen:
            return send(Job(port, shares, status=200, seconds=seconds))

        for port in (project, yardstick):
            round_at(port, rehearsal.effort.seconds / 2)
        yield _line(
            ground,
            rehearsal,
            case=4,
            what=f"GET now, {CONNECTIONS} connections",
            yardstick=FIXED,
            goal=GET_GOAL,
            project=lambda _: round_at(project, rehearsal.effort.seconds),
            other=lambda _: round_at(yardstick, rehearsal.effort.seconds),
        )


def post_one(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    for clients in (1, CONNECTIONS):
        yield _post(ground, rehearsal, clients)


def _post(ground: Ground, rehearsal: Rehearsal, clients: int) -> Line:
    warm_up = rehearsal.warm_up()
    with ExitStack() as stack:
        own, bare = (stack.enter_context(ground.migrated()) for _ in range(2))
        key = opened(own, rehearsal)
        _write_openings(bare, rehearsal)
        project = stack.enter_context(serving(PROJECT, environment(ground, own)))
        answer = _ask(project, _posted(warm_up[0], key))
        orders = Orders(
            post=(answer.body, answer.headers),
            database_url=bare,
            written={step.update.update_id: step.written for step in rehearsal.steps},
        )
        yardstick = stack.enter_context(_flask(orders))
        if _ask(yardstick, _posted(warm_up[0], key)) != answer:
            raise RuntimeError("Flask does not answer alike")

        def round_at(port: int, steps: Sequence[Step]) -> Seen:
            shares = tuple(
                tuple(_posted(step, key) for step in steps if step.place % clients == share)
                for share in range(clients)
            )
            return send(Job(port, shares, status=201))

        for port in (project, yardstick):
            round_at(port, warm_up[1:])
        line = _line(
            ground,
            rehearsal,
            case=5,
            what=f"POST one report, {clients} client{'s' * (clients > 1)}",
            yardstick=ROWS,
            goal=POST_GOAL,
            project=lambda number: round_at(project, rehearsal.of_round(number)),
            other=lambda number: round_at(yardstick, rehearsal.of_round(number)),
        )
        refuse_other_rows(own, bare)
    return line


def _line(
    ground: Ground,
    rehearsal: Rehearsal,
    *,
    case: int,
    what: str,
    yardstick: Yardstick,
    goal: float,
    project: Callable[[int], Seen],
    other: Callable[[int], Seen],
) -> Line:
    busiest = 0.0

    def rate_of(play: Callable[[int], Seen]) -> Callable[[int], float]:
        def rate(number: int) -> float:
            nonlocal busiest
            seen = play(number)
            busiest = max(busiest, seen.busy)
            return seen.rate

        return rate

    found = alternate(
        {"project": rate_of(project), "other": rate_of(other)}, rehearsal.effort.rounds
    )
    what = f"{what} ({busiest:.0%})"
    return Line(case, ground.engine, what, yardstick, found["project"], found["other"], goal=goal)


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


def _ask(port: int, request: bytes) -> Answer:
    """One request, and its answer without what every answer has of its own."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split()
    with closing(HTTPConnection(HOST, port)) as connection:
        connection.request(method, path, body or None, dict(line.split(": ") for line in lines))
        answer = connection.getresponse()
        headers = [pair for pair in answer.getheaders() if pair[0].lower() not in OWN_TO_THE_ANSWER]
        return Answer(answer.status, headers, answer.read())


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def _posted(step: Step, key: str) -> bytes:
    body = step.posted.body
    head = (
        f"POST /v1/incidents/{step.posted.incident}/updates HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        f'If-Match: "{step.expecting}"',
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def environment(ground: Ground, database: str) -> dict[str, str]:
    key = ground.folder / "signing-key"
    if not key.exists():
        write_key(key, SIGNER)
    return {"SITREP_DATABASE_URL": database, "SITREP_SIGNING_KEY": str(key)}


def opened(database: str, rehearsal: Rehearsal) -> str:
    """The incidents with their first reports, and a key of the rehearsal's writer."""
    with closing(Store.connect(database, signer=SIGNER)) as store:
        for opening in rehearsal.openings:
            store.open(opening.incident, REPORTER)
        return store.add_key(REPORTER.name, REPORTER.role)


def _write_openings(database: str, rehearsal: Rehearsal) -> None:
    with closing(BareDriver.connect(database)) as driver:
        for opening in rehearsal.openings:
            driver.write(opening.written)
    with closing(Store.connect(database)) as store:
        store.add_key(REPORTER.name, REPORTER.role)


@contextmanager
def _flask(orders: Orders) -> Iterator[int]:
    with TemporaryDirectory(prefix="sitrep-bench-") as home:
        file = Path(home) / "orders"
        file.write_bytes(pickle.dumps(orders))
        with serving(YARDSTICK, {ORDERS: str(file)}) as port:
            yield port
