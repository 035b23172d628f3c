"""The served OpenAPI document against the service on each engine: no 5xx, no undocumented answer,
whatever is sent.

Well-formed requests may be refused (412, 422): what a report points at is not in any schema.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from schemas.envelope import ENVELOPE
from service.app import create_app
from service.settings import Settings
from service.store.schema import migrate
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.postgres import fresh_database
from tests.signing import signed

UPDATE = str(uuid4())
KNOWN = {"incident": "taji", "update_id": UPDATE, "key": "afp"}
"""What there is to be found by the names in paths."""

OTHERS = [f"other-{n}" for n in range(40)]
"""Where most updates go, in turn: on one incident each would take longer than the one before."""

UNHURRIED = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def described(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application over a store that holds a story, with an admin's key, on each engine."""
    file = tmp_path_factory.mktemp("contract") / "sitrep.db"
    with fresh_database(postgres_server) as url:
        urls = f"sqlite:///{file}", url
        for one in urls:
            migrate(one)
        with signed(*urls) as opening:
            applications = list(map(_application, opening))
            yield applications
            for application in applications:
                application.extensions["sitrep"].close()


def _application(settings: Settings) -> Flask:
    app = create_app(settings)
    store = app.extensions["sitrep"]
    store.open(new_incident("taji", killed(2)), EDITOR)
    store.append("taji", new_update(told("afp", killed("at least 2")), UPDATE), EDITOR)
    for other in OTHERS:
        store.open(new_incident(other, killed(2)), EDITOR)
    app.config["key"] = store.add_key("contract", "admin")
    app.config["recorded"] = 0
    return app


@pytest.fixture(scope="module")
def turns() -> Iterator[str]:
    return cycle(["taji", *OTHERS])


@pytest.fixture(scope="module")
def served(described: Any) -> Any:
    """The document as it is, for requests at random."""
    return _loaded(described, _document(described), "fuzzing")


@pytest.fixture(scope="module")
def told_once(described: Any) -> Iterator[Any]:
    """Every key of every schema once, for requests that go through all their forms; many of them
    have to be recorded, or little was asked.

    Its own schema reads a report wherever it stands, and one schema every envelope: here only
    updates have reports of all types, and only casualties have an envelope, open an incident or
    replace others.
    """
    document = _document(described)
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        properties = schema.get("properties", {})
        if properties.keys() >= set(ENVELOPE) and name != "PostedCasualties":
            for key in ENVELOPE:
                del properties[key]
    opening = schemas["PostedIncident"]["properties"]["reports"]
    opening["items"] = {"$ref": "#/components/schemas/PostedCasualties"}
    correction = schemas["PostedCorrection"]["properties"]
    correction["replacement"] = {"$ref": "#/components/schemas/ReplacementCasualties"}
    # No value is made from the pattern but 0, with which nothing is appended.
    for parameter in document["paths"]["/v1/incidents/{incident}/updates"]["post"]["parameters"]:
        if parameter.get("name") == "If-Match":
            del parameter["schema"]["pattern"]
    yield _loaded(described, document, "examples", "coverage")
    assert all(app.config["recorded"] > 1_000 for app in described)


def _document(described: list[Flask]) -> Any:
    return described[0].test_client().get("/openapi.json").json


def _loaded(described: list[Flask], document: Any, *phases: str) -> Any:
    asked = {phase: {"enabled": phase in phases} for phase in ("examples", "coverage", "fuzzing")}
    config = SchemathesisConfig.from_dict({"phases": asked})
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = described[0]
    return schema


at_random = schemathesis.pytest.from_fixture("served")
in_all_forms = schemathesis.pytest.from_fixture("told_once")


@at_random.given(known=st.booleans())
@at_random.parametrize()
@UNHURRIED
def test_no_answer_to_chance_is_undocumented_or_a_server_error(
    case: Any, known: bool, described: Any
) -> None:
    if known:
        aim(case)
    send(case, described)


@in_all_forms.parametrize()
@UNHURRIED
def test_no_answer_to_any_form_is_undocumented_or_a_server_error(
    case: Any, described: Any, turns: Iterator[str]
) -> None:
    aim(case, next(turns) if case.method == "POST" else "taji")
    send(case, described, ignored_auth)


def aim(case: Any, incident: str = "taji") -> None:
    """Lets a request get as far as what it is about.

    Of themselves requests name no incident that there is, and give one id to all updates, so that
    none but the first would be recorded.
    """
    case.freeze_metadata()
    wrong = {
        place
        for place, part in case.meta.components.items()
        if part.mode is GenerationMode.NEGATIVE
    }
    if ParameterLocation.PATH not in wrong:
        known = {**KNOWN, "incident": incident}
        case.path_parameters.update(
            {name: known[name] for name in case.path_parameters if name in known}
        )
    if ParameterLocation.BODY not in wrong and isinstance(case.body, dict):
        case.headers.pop("Idempotency-Key", None)
        fresh = {"update_id": str(uuid4()), "incident": f"story-{uuid4()}"}
        case.body.update({name: fresh[name] for name in case.body if name in fresh})


def send(case: Any, described: Any, *unchecked: Any) -> None:
    """Whether a key was needed (`ignored_auth`) is asked without it, once more: chance does."""
    for app in described:
        answer = case.call_and_validate(
            app=app,
            headers={"Authorization": f"Bearer {app.config['key']}"},
            excluded_checks=[positive_data_acceptance, *unchecked],
        )
        app.config["recorded"] += answer.status_code == 201
