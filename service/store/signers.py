"""Whom a store's checkpoints are signed by: the key, in a file outside the database, and the
verifier, which the database keeps so that no process signs with another key.
"""

import os
from pathlib import Path

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import make_url

from service.errors import Unavailable
from service.proof.note import Signer, Verifier
from service.store.engine import connect, database_clock, reading, writing
from service.store.growing import Trees, grow_all
from service.store.lanes import read_heads
from service.store.tables import signers

DEFAULT = "var/sitrep.signing-key"
OWNER_ONLY = 0o600

_latest = select(signers.c.number, signers.c.verifier).order_by(signers.c.number.desc()).limit(1)
_all = select(signers.c.verifier).order_by(signers.c.number.desc())


def key_file(url: str, told: str) -> Path:
    """Where the signing key of a store is: as told, else beside an SQLite file, else under var/."""
    if told:
        return Path(told)
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return Path(parsed.database).with_suffix(".signing-key")
    return Path(DEFAULT)


def read_key(file: Path) -> Signer | None:
    """The key in a file, None where there is none. Raises Unavailable for what is no key."""
    try:
        return Signer.read(file.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as wrong:
        raise Unavailable(f"the signing key in {file}: {wrong}") from wrong


def write_key(file: Path, signer: Signer) -> None:
    """For the owner's eyes only. Raises FileExistsError: a key is never overwritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w") as opened:
        opened.write(f"{signer.written()}\n")
        opened.flush()
        os.fsync(opened.fileno())


def known_verifiers(connection: Connection) -> list[Verifier]:
    """Of all signers that the store ever had, the latest first."""
    return [Verifier.read(text) for text in connection.execute(_all).scalars()]


def register(connection: Connection, verifier: Verifier, now_us: int) -> None:
    """From now on the store is signed by this signer."""
    last = connection.execute(_latest).first()
    number = 1 if last is None else last.number + 1
    row = {"number": number, "verifier": str(verifier), "since_us": now_us}
    connection.execute(insert(signers), row)


def add_signer(url: str, signer: Signer) -> None:
    """From now on the store at an address, which is migrated, is signed by this signer: all that it
    has recorded so far, and whatever comes.
    """
    engine = connect(url)
    try:
        with reading(engine) as connection:
            trees = Trees(signer, len(read_heads(connection)))
            with writing(connection):
                register(connection, signer.verifier, database_clock(connection))
            grow_all(connection, trees, None, anew=True)
    finally:
        engine.dispose()


def refuse_other_signer(connection: Connection, signer: Signer | None) -> Verifier | None:
    """Whom the store is signed by. Raises Unavailable where a signer is another one."""
    last = connection.execute(_latest).first()
    if last is None:
        return None
    known = Verifier.read(last.verifier)
    if signer is not None and signer.verifier != known:
        raise Unavailable(f"the store is signed by {known}, and the signing key at hand is another")
    return known
