"""A signer for stores whose log is to be signed in a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from service.proof.note import Signer
from service.settings import Settings
from service.store.signers import add_signer, write_key

SIGNER = Signer.new("log.example")


@contextmanager
def signed(*databases: str) -> Iterator[list[Settings]]:
    """How to open each of these migrated stores, which are signed from now on."""
    with TemporaryDirectory(prefix="sitrep-key-") as folder:
        key = Path(folder) / "signing-key"
        write_key(key, SIGNER)
        for database in databases:
            add_signer(database, SIGNER)
        yield [Settings(database_url=url, signing_key=str(key)) for url in databases]
