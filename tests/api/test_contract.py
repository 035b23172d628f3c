"""The served OpenAPI document against the service: no 5xx, no undocumented answer, whatever is
sent.

Well-formed requests may be refused (412, 422): what a report points at is not in any schema.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.app import create_app
from service.settings import Settings
from service.store.schema import migrate
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.postgres import fresh_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def described(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The application over a store that holds a story, with an editor's key."""
    if request.param == "sqlite":
        yield from _app(f"sqlite:///{tmp_path_factory.mktemp('contract') / 'sitrep.db'}")
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield from _app(url)


def _app(url: str) -> Iterator[Any]:
    migrate(url)
    app = create_app(Settings(database_url=url))
    store = app.extensions["sitrep"]
    store.open(new_incident("taji", killed(2)), EDITOR)
    store.append("taji", new_update(told("afp", killed("at least 2"))), EDITOR)
    app.config["key"] = store.add_key("contract", "editor")
    yield app
    store.close()


@pytest.fixture(scope="module")
def document(described: Any) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", described)


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_answer_is_undocumented_or_a_server_error(case: Any, described: Any) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {described.config['key']}"},
        excluded_checks=[positive_data_acceptance],
    )
