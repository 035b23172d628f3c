"""Case 12: the log read as a whole, to be verified and to be handed on. No goal is set for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import msgspec
from sqlalchemy import create_engine, text

from benchmarks.grounds import SIGNER, Ground
from benchmarks.lines import Line, Yardstick
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import alternate
from benchmarks.stories import recorded
from service.proof.bundle import check_export, read_heading
from service.store.store import Store

HASHING = Yardstick(
    "scanning and hashing",
    "all events with their payloads read in the log's order by the same connection settings, and"
    " three SHA-256 of each: salt and payload, a line of JSON as long as the envelope, and two"
    " hashes together; nothing is compared",
)
WRITING = Yardstick(
    "scanning and writing",
    "the same rows read, each written to a file as one line of JSON with its bytes in hexadecimal",
)
LINES = Yardstick(
    "reading and hashing",
    "the same file read line by line, the JSON of each decoded into plain values, and the same"
    " three hashes; nothing is compared",
)
INCIDENTS = 10

_LOG = text(
    "SELECT e.*, p.salt, p.body FROM events e JOIN payloads p ON p.lane = e.lane"
    " AND p.event_id = e.event_id ORDER BY e.lane, e.position"
)


def read_whole(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    history, rounds = rehearsal.effort.history, min(rehearsal.effort.rounds, 3)
    file = ground.folder / "export.ndjson"
    with (
        recorded(ground, history // INCIDENTS, INCIDENTS) as url,
        closing(Store.connect(url)) as store,
    ):
        pairs: list[tuple[str, Yardstick, Callable[[], object], Callable[[], object]]] = [
            ("verify", HASHING, lambda: _verify(store), lambda: _hash_rows(url)),
            ("export", WRITING, lambda: _export(store, file), lambda: _write_rows(url, file)),
            ("verify an export", LINES, lambda: _check(file), lambda: _hash_lines(file)),
        ]
        for what, yardstick, own, other in pairs:
            _export(store, file)
            contestants = {"sitrep": own, "other": other}
            found = alternate(
                {name: _rate(history, work) for name, work in contestants.items()}, rounds
            )
            told = f"{what}, {history:,} events"
            yield Line(12, ground.engine, told, yardstick, found["sitrep"], found["other"])


def _rate(events: int, work: Callable[[], object]) -> Callable[[int], float]:
    def rate(_: int) -> float:
        begun = time.perf_counter()
        work()
        return events / (time.perf_counter() - begun)

    return rate


def _verify(store: Store) -> None:
    store.custody.verify_log(SIGNER.verifier, {})


def _export(store: Store, file: Path) -> None:
    with store.custody.export() as lines, file.open("wb") as target:
        target.writelines(lines)


def _check(file: Path) -> None:
    with file.open("rb") as lines:
        check_export(read_heading(next(lines)), lines, [SIGNER.verifier])


def _rows(url: str) -> Iterator[dict[str, object]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        for row in connection.execution_options(stream_results=True).execute(_LOG):
            yield dict(row._mapping)
    engine.dispose()


def _hash_rows(url: str) -> None:
    envelope = b" " * 400
    for row in _rows(url):
        _hash(bytes(row["salt"]) + bytes(row["body"]), envelope)


def _hash(payload: bytes, envelope: bytes) -> None:
    commitment = sha256(payload).digest()
    leaf = sha256(envelope + commitment).digest()
    sha256(commitment + leaf).digest()


def _write_rows(url: str, file: Path) -> None:
    encode = msgspec.json.Encoder().encode
    with file.open("wb") as target:
        for row in _rows(url):
            target.write(
                encode(
                    {
                        name: value.hex() if isinstance(value, bytes) else value
                        for name, value in row.items()
                    }
                )
                + b"\n"
            )


def _hash_lines(file: Path) -> None:
    with file.open("rb") as lines:
        for line in lines:
            told = msgspec.json.decode(line)
            _hash(str(told.get("payload")).encode(), str(told.get("envelope")).encode())
