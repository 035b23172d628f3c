"""Makes a store that tells a little of everything, to be kept as the work of a release:
`python -m tests.store.keeping tests/store/fixtures/release_NNNN` with the release's own code.

Beside the store stand the public key by which its log holds and what it answered then.
"""

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from service.commands.importing import import_taji
from service.domain.update import Writer
from service.proof.note import Signer
from service.store.answers import Question
from service.store.schema import migrate
from service.store.signers import add_signer
from service.store.store import Store
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.store.test_verifying import fill

ADMIN = Writer(name="admin", role="admin")
VERSIONS = (1, 2, 5, 8, 21)


def answers(store: Store) -> dict[str, object]:
    """The headlines of every incident, now and at some versions."""
    listed = store.incidents(cursor=None, limit=1000).incidents
    found: dict[str, object] = {}
    for name in sorted(brief.incident for brief in listed):
        found[name] = headline(store.now(name).body)
        last = len(store.events(name, after_version=0, types=(), limit=1000).events)
        for version in VERSIONS:
            if version <= last:
                answer = store.situation(name, Question(version=version))
                found[f"{name}?version={version}"] = headline(answer.body)
    return found


def headline(body: bytes) -> dict[str, object]:
    told = json.loads(body)
    tolls = {harm: told["casualties"][harm] for harm in ("killed", "injured")}
    return {
        **{name: told[name] for name in ("title", "status", "version", "recorded_at")},
        **{harm: [toll["low"], toll["high"], toll["status"]] for harm, toll in tolls.items()},
        "responsibility": told["attribution"]["responsibility"],
    }


def make(target: Path) -> None:
    signer = Signer.new("kept.example")
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sitrep.db"
        migrate(url)
        add_signer(url, signer)
        with closing(Store.connect(url, signer=signer)) as store:
            import_taji(store)
            fill(store)
            store.open(new_incident("many"), EDITOR)
            reports = [killed(n, origin={"key": f"o{n}", "kind": "official"}) for n in range(120)]
            store.append("many", new_update(told("afp", *reports)), EDITOR)
            kept = answers(store)
        with closing(sqlite3.connect(f"{folder}/sitrep.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("VACUUM")
        shutil.copyfile(f"{folder}/sitrep.db", target.with_suffix(".db"))
    target.with_suffix(".key").write_text(f"{signer.verifier}\n")
    target.with_suffix(".json").write_text(f"{json.dumps(kept, indent=1, sort_keys=True)}\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
