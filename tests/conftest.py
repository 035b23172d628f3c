"""Real databases for every test: a file for SQLite, a server of our own for PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from service.proof.note import Signer
from service.roles import ROLES
from service.store.schema import migrate
from service.store.store import Store
from tests.postgres import fresh_database, running_postgres
from tests.process.taji import Served, served_taji


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--stories", help="a folder with stories to import; see `make stories`")
    parser.addoption("--pictures", action="store_true", help="take the tutorial's pictures anew")
    parser.addoption("--rounds", default=3, type=int, help="how many primaries fail in a row")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The stories are large and live elsewhere: their tests exist only where `--stories` says
    where.
    """
    told = config.getoption("--stories")
    return True if collection_path.name == "stories" and told is None else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    # Only Sitrep is killed here, never this server nor the machine.
    with running_postgres(durable=False) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nearly each test makes an application: together they compile each template once."""
    compiled = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", compiled)
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database(
    engine_name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The URL of a database without any table, on each engine in turn."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'sitrep.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """An SQLite store of so many lanes without any incident, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")

    @cache
    def migrated(lanes: int) -> Path:
        file = folder / f"{lanes}.db"
        migrate(f"sqlite:///{file}", lanes=lanes)
        return file

    return migrated


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> Iterator[Callable[[int], str]]:
    """The URL of a PostgreSQL store of so many lanes without any incident, to be copied."""
    with ExitStack() as stack:

        @cache
        def migrated(lanes: int) -> str:
            url = stack.enter_context(fresh_database(postgres_server))
            migrate(url, lanes=lanes)
            return url

        yield migrated


@pytest.fixture
def lanes() -> int:
    """How many lanes the store has; a test that asks for others says so by this name."""
    return 1


@pytest.fixture
def database(
    engine_name: str, lanes: int, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The URL of a migrated store: a copy of one that was migrated once in this run."""
    if engine_name == "sqlite":
        migrated_file = request.getfixturevalue("migrated_file")
        yield f"sqlite:///{shutil.copyfile(migrated_file(lanes), tmp_path / 'sitrep.db')}"
        return
    server, migrated = map(request.getfixturevalue, ("postgres_server", "migrated_database"))
    with fresh_database(server, like=migrated(lanes)) as url:
        yield url


@pytest.fixture(scope="session")
def new_keys() -> Callable[[str], dict[str, str]]:
    """Makes a key of each role in the store at an URL."""

    def made(url: str) -> dict[str, str]:
        store = Store.connect(url)
        try:
            return {role: store.add_key(role, role) for role in ROLES}
        finally:
            store.close()

    return made


@pytest.fixture
def another_database(
    engine_name: str, lanes: int, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A second store like `database`."""
    if engine_name == "sqlite":
        migrated_file = request.getfixturevalue("migrated_file")
        yield f"sqlite:///{shutil.copyfile(migrated_file(lanes), tmp_path / 'another.db')}"
        return
    server, migrated = map(request.getfixturevalue, ("postgres_server", "migrated_database"))
    with fresh_database(server, like=migrated(lanes)) as url:
        yield url


@pytest.fixture
def open_store() -> Iterator[Callable[..., Store]]:
    """Opens stores and closes them when the test ends."""
    with ExitStack() as stack:

        def opened(
            url: str,
            clock: Callable[[], int] | None = None,
            signer: Signer | None = None,
            replica: str = "",
        ) -> Store:
            store = Store.connect(url, clock=clock, signer=signer, replica=replica)
            stack.callback(store.close)
            return store

        yield opened


@pytest.fixture
def store(database: str, open_store: Callable[..., Store]) -> Store:
    return open_store(database)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def taji(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The served story, on each engine; to be added to, never counted."""
    folder = tmp_path_factory.mktemp("taji")
    with served_taji(request.param, folder, request.getfixturevalue) as served:
        yield served
