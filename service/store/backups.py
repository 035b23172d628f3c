"""Backups of a store that is served meanwhile, and what is made of them again.

SQLite copies itself in one read transaction; for PostgreSQL its own `pg_dump` and `pg_restore` do.
The signing key is no part of a backup: whoever has both could make another history.
"""

import os
import shutil
import subprocess
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import URL, make_url

from service.errors import Fault, Refused, Unavailable
from service.store.engine import connect, missing_file, reading
from service.store.statements import run


def back_up(url: str, file: Path, programs: str) -> None:
    """Everything in the database as of one moment, in a file that takes its name once it is whole.

    Raises Refused where there is such a file, Unavailable where it cannot be done. `programs` is
    the folder of PostgreSQL's, empty for those on the path.
    """
    if file.exists():
        raise Refused(Fault("", f"{file} is there already"))
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        _dump(url, unfinished, programs)
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(url: str, file: Path, programs: str) -> None:
    """Make a store of a backup, where there is none. Raises Refused where there is one."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        _refuse_store(url)
        _run(parsed, [_program("pg_restore", programs), *_RESTORING, str(file)])
        return
    there = Path(parsed.database or "")
    if there.exists():
        raise Refused(Fault("", f"there is a store at {there} already"))
    there.parent.mkdir(parents=True, exist_ok=True)
    unfinished = there.with_name(f"{there.name}.unfinished")
    try:
        shutil.copyfile(file, unfinished)
        _refuse_damaged(unfinished)
        unfinished.replace(there)
    finally:
        unfinished.unlink(missing_ok=True)


_DUMPING = ("--format=custom", "--no-password")
_RESTORING = ("--no-password", "--exit-on-error", "--single-transaction", "--no-owner")


def _dump(url: str, file: Path, programs: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        _run(parsed, [_program("pg_dump", programs), *_DUMPING, f"--file={file}"])
        return
    engine = connect(url)
    if (missing := missing_file(engine)) is not None:
        raise Unavailable(f"there is no store at {missing}")
    try:
        with reading(engine) as connection:
            run(connection, "VACUUM INTO ?", (str(file),))
    finally:
        engine.dispose()


def _refuse_store(url: str) -> None:
    engine = connect(url)
    try:
        with reading(engine) as connection:
            if MigrationContext.configure(connection).get_current_revision() is not None:
                raise Refused(Fault("", "there is a store in this database already"))
    finally:
        engine.dispose()


def _refuse_damaged(file: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    try:
        with reading(engine) as connection:
            (found,) = run(connection, "PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise Refused(Fault("", f"{file} is damaged: {found}"))
            run(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        engine.dispose()


def _program(name: str, programs: str) -> str:
    found = shutil.which(name, path=programs or None)
    if found is None:
        where = programs or "the path"
        raise Unavailable(f"{name} is not in {where}: SITREP_PG_PROGRAMS names its folder")
    return found


def _run(url: URL, command: list[str]) -> None:
    """Told the password by the environment: whoever lists processes sees no secret."""
    public = url.set(drivername="postgresql", password=None)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    address = f"--dbname={public.render_as_string(hide_password=False)}"
    done = subprocess.run(
        [*command, address],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
        raise Unavailable(f"{Path(command[0]).name}: {said[0]}")
