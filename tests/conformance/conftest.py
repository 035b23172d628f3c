import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conformance.ours import STORES, Ours, our_sites
from tests.conformance.site import Site, Story
from tests.postgres import fresh_database
from tests.signing import signed

GIVEN = ("given", 0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--url", help="the store to hold to the suite, instead of our own")
    parser.addoption("--key", help="with --url: the key of an editor")
    parser.addoption("--admin-key", help="with --url: the key of an admin")
    parser.addoption("--reporter-key", help="with --url: the key of a reporter")
    parser.addoption("--reader-key", help="with --url: the key of a reader")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "site" in metafunc.fixturenames:
        stores = [GIVEN] if metafunc.config.getoption("--url", None) else STORES
        names = [f"{engine}-{lanes}" if lanes else engine for engine, lanes in stores]
        metafunc.parametrize("site", stores, ids=names, indirect=True)


@pytest.fixture(scope="session")
def sites(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: str,
    migrated_file: Callable[[int], Path],
    migrated_database: Callable[[int], str],
    new_keys: Callable[[str], dict[str, str]],
) -> Iterator[Callable[[str, int], Site]]:
    with ExitStack() as stack:

        def made(engine: str, lanes: int) -> Ours:
            if engine == "sqlite":
                file = tmp_path_factory.mktemp("conformance") / "sitrep.db"
                url = f"sqlite:///{shutil.copyfile(migrated_file(lanes), file)}"
            else:
                like = migrated_database(lanes)
                url = stack.enter_context(fresh_database(postgres_server, like=like))
            keys = new_keys(url)
            (settings,) = stack.enter_context(signed(url))
            return Ours(url, settings.signing_key, keys)

        yield stack.enter_context(our_sites(made))


@pytest.fixture(scope="session")
def given(request: pytest.FixtureRequest) -> Iterator[Site]:
    options = {
        "admin": "--admin-key",
        "editor": "--key",
        "reporter": "--reporter-key",
        "reader": "--reader-key",
    }
    keys = {role: request.config.getoption(option) for role, option in options.items()}
    if missing := [options[role] for role, key in keys.items() if not key]:
        raise pytest.UsageError(f"--url needs {' and '.join(missing)} too")
    with Site.at(request.config.getoption("--url"), keys) as site:
        yield site


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Site:
    """The store under test."""
    if request.param == GIVEN:
        found: Site = request.getfixturevalue("given")
        return found
    started: Callable[[str, int], Site] = request.getfixturevalue("sites")
    return started(*request.param)


@pytest.fixture
def story(site: Site) -> Story:
    """An incident of one's own."""
    return site.open_story()
